/* SPDX-License-Identifier: ISC */
/* The time as the journal knows it, for what it deletes. The system's clock may be
 * wrong by years and come back: on a machine without a battery, after a mistake, in a
 * virtual machine. Records that were deleted meanwhile do not come back, and a mail
 * that is tried again would be sent again.
 *
 * So the known time advances no faster than time really passes, and is kept in the
 * journal for the next start. Where the system's clock shows another time, that is
 * believed at once if it differs by an hour at most, or if the daemon was off for less
 * than a day; otherwise once it has been shown for a week of running. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_CLOCK_H
#define SMS_MILTER_JOURNAL_JOURNAL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* What the journal keeps of it. Unix time. */
struct journal_clock_record {
    int64_t known_s;   /* 0: there is none */
    int64_t shown_s;   /* by the system's clock at that moment */
    int64_t doubted_s; /* how long the daemon has run with that difference; 0: there is
                          no difference */
};

struct journal_clock {
    int64_t known_ms, shown_ms; /* Unix time at the latest look */
    int64_t passed_ms;          /* of clock_passed_ms() then */
    int64_t doubted_ms;
    bool is_doubted;
};

enum journal_clock_news {
    JOURNAL_CLOCK_AS_BEFORE,
    JOURNAL_CLOCK_DOUBTED, /* the system's clock shows a time that is not believed */
    JOURNAL_CLOCK_BELIEVED /* it is now */
};

/* shown_s is what the system's clock shows, passed_ms is clock_passed_ms(). */
enum journal_clock_news journal_clock_begin(struct journal_clock *clock,
                                            const struct journal_clock_record *record,
                                            int64_t shown_s, int64_t passed_ms);

/* Looks at the system's clock. Call it often enough that a jump is not part of the time
 * that passed: before anything is deleted, at least. */
enum journal_clock_news journal_clock_look(struct journal_clock *clock, int64_t shown_s,
                                           int64_t passed_ms);

struct journal_clock_record journal_clock_record(const struct journal_clock *clock);

/* The time by which a record counts as old, as of the latest look: the known time or
 * what the clock shows, whichever is earlier. */
int64_t journal_clock_purge_s(const struct journal_clock *clock);

/* The time that is written into records, of the latest look: what the clock shows,
 * unless it is certainly wrong, as on a machine that has just started at 1970. Such a
 * record would be deleted as soon as the clock is right. */
int64_t journal_clock_now_s(const struct journal_clock *clock);

#endif
