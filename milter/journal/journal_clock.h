/* SPDX-License-Identifier: ISC */
/* The known time, by which the journal deletes old records. The system's clock may be
 * wrong by years for a while: on a machine without a battery, in a virtual machine, or
 * after a mistake. Records deleted during that time would be lost, and retries of their
 * mails would send SMS again.
 *
 * So the known time advances no faster than time really passes, and the journal keeps
 * it for the next start. If the system's clock shows another time, that time is
 * believed at once if it differs by at most an hour, or if the daemon was off for less
 * than a day. Otherwise it is believed after the daemon has run with it for a week. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_CLOCK_H
#define SMS_MILTER_JOURNAL_JOURNAL_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* What the journal keeps for the next start. Unix time. */
struct journal_clock_record {
    int64_t known_s;   /* 0: none is kept */
    int64_t shown_s;   /* what the system's clock showed at that moment */
    int64_t doubted_s; /* how long the daemon has run with the difference between the
                          two; 0: there is no difference */
};

struct journal_clock {
    int64_t known_ms, shown_ms; /* Unix time at the latest look */
    int64_t passed_ms;          /* clock_passed_ms() at the latest look */
    int64_t doubted_ms;
    bool is_doubted;
};

enum journal_clock_news {
    JOURNAL_CLOCK_AS_BEFORE,
    JOURNAL_CLOCK_DOUBTED, /* the system's clock shows a time that is not believed */
    JOURNAL_CLOCK_BELIEVED /* it was not believed before, and is now */
};

/* shown_s is what the system's clock shows, passed_ms is clock_passed_ms(). */
enum journal_clock_news journal_clock_begin(struct journal_clock *clock,
                                            const struct journal_clock_record *record,
                                            int64_t shown_s, int64_t passed_ms);

/* Looks at the system's clock. Call it at least before anything is deleted, so that a
 * jump of the clock is noticed. */
enum journal_clock_news journal_clock_look(struct journal_clock *clock, int64_t shown_s,
                                           int64_t passed_ms);

struct journal_clock_record journal_clock_record(const struct journal_clock *clock);

/* The time by which records count as old, as of the latest look: the earlier one of the
 * known time and what the clock shows. */
int64_t journal_clock_purge_s(const struct journal_clock *clock);

/* The time that is written into records, as of the latest look. It is what the clock
 * shows, unless that is certainly wrong, as on a machine that starts with the year
 * 1970: such a record would be deleted as soon as the clock is right. */
int64_t journal_clock_now_s(const struct journal_clock *clock);

#endif
