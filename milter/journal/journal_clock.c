/* SPDX-License-Identifier: ISC */
#include "journal/journal_clock.h"

#include <stdlib.h>

enum { HOUR_MS = 3600 * 1000, DAY_MS = 24 * HOUR_MS, WEEK_MS = 7 * DAY_MS };

/* 2026-12-01, when this program was written: a clock that shows an earlier time is
 * wrong.
 */
enum { WRITTEN_S = 1796083200 };

static void believe(struct journal_clock *clock)
{
    clock->known_ms = clock->shown_ms;
    clock->doubted_ms = 0;
    clock->is_doubted = false;
}

static void doubt(struct journal_clock *clock)
{
    clock->doubted_ms = 0;
    clock->is_doubted = true;
}

static bool is_near(int64_t a_ms, int64_t b_ms)
{
    return llabs(a_ms - b_ms) <= HOUR_MS;
}

enum journal_clock_news journal_clock_look(struct journal_clock *clock, int64_t shown_s,
                                           int64_t passed_ms)
{
    int64_t elapsed_ms = passed_ms - clock->passed_ms;
    int64_t expected_ms = clock->shown_ms + elapsed_ms;
    bool was_doubted = clock->is_doubted;

    clock->known_ms += elapsed_ms;
    clock->shown_ms = shown_s * 1000;
    clock->passed_ms = passed_ms;
    if (is_near(clock->shown_ms, clock->known_ms)) {
        believe(clock);
        return was_doubted ? JOURNAL_CLOCK_BELIEVED : JOURNAL_CLOCK_AS_BEFORE;
    }
    if (!was_doubted || !is_near(clock->shown_ms, expected_ms)) {
        doubt(clock);
        return JOURNAL_CLOCK_DOUBTED;
    }
    clock->doubted_ms += elapsed_ms;
    if (clock->doubted_ms < WEEK_MS)
        return JOURNAL_CLOCK_AS_BEFORE;
    believe(clock);
    return JOURNAL_CLOCK_BELIEVED;
}

/* If the daemon was off for less than a day, that is no reason for doubt: the
 * difference between the clocks stays as it was, apart from that time. */
enum journal_clock_news journal_clock_begin(struct journal_clock *clock,
                                            const struct journal_clock_record *record,
                                            int64_t shown_s, int64_t passed_ms)
{
    int64_t off_ms = (shown_s - record->shown_s) * 1000;
    bool was_short = off_ms >= 0 && off_ms < DAY_MS;

    *clock = (struct journal_clock){.shown_ms = shown_s * 1000, .passed_ms = passed_ms};
    clock->known_ms = record->known_s * 1000 + (was_short ? off_ms : 0);
    if (record->known_s == 0 || is_near(clock->shown_ms, clock->known_ms)) {
        believe(clock);
        return JOURNAL_CLOCK_AS_BEFORE;
    }
    doubt(clock);
    if (was_short)
        clock->doubted_ms = record->doubted_s * 1000;
    return JOURNAL_CLOCK_DOUBTED;
}

struct journal_clock_record journal_clock_record(const struct journal_clock *clock)
{
    return (struct journal_clock_record){clock->known_ms / 1000, clock->shown_ms / 1000,
                                         clock->doubted_ms / 1000};
}

int64_t journal_clock_purge_s(const struct journal_clock *clock)
{
    return (clock->known_ms < clock->shown_ms ? clock->known_ms : clock->shown_ms) /
           1000;
}

int64_t journal_clock_now_s(const struct journal_clock *clock)
{
    int64_t shown_s = clock->shown_ms / 1000;

    return shown_s < WRITTEN_S && clock->is_doubted && clock->known_ms > clock->shown_ms
               ? clock->known_ms / 1000
               : shown_s;
}
