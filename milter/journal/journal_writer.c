/* SPDX-License-Identifier: ISC */
#include "journal/journal_writer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal_place.h"

/* ---- trouble ---- */

/* The administrator is told once, and once more when it is over. */
static void note_trouble(struct journal_writer *writer, const struct error *err)
{
    if (strcmp(writer->trouble, err->text) == 0)
        return;
    memcpy(writer->trouble, err->text, sizeof writer->trouble);
    log_error("journal: %s: %s. SMS are deferred until this is repaired.",
              writer->place, err->text);
}

static void note_success(struct journal_writer *writer)
{
    if (*writer->trouble != '\0')
        log_info("journal: %s: it can be written again", writer->place);
    *writer->trouble = '\0';
}

static bool is_broken(const struct journal_writer *writer)
{
    return writer->store->backend->is_broken(writer->store);
}

static void fail_store(struct journal_writer *writer, const struct error *err)
{
    note_trouble(writer, err);
    if (writer->store && !is_broken(writer))
        return;
    journal_store_close(&writer->store);
    writer->open_next_ms = clock_now_ms() + JOURNAL_RECOVER_MS;
}

/* ---- the clock ---- */

enum { TIME_SIZE = sizeof "2026-11-25T07:00:00Z" };

static const char *format_time(int64_t time_s, char text[TIME_SIZE])
{
    const time_t seconds = (time_t)time_s;
    struct tm tm;

    if (!gmtime_r(&seconds, &tm) || strftime(text, TIME_SIZE, "%FT%TZ", &tm) == 0)
        *text = '\0';
    return text;
}

static void warn_of_clock(const struct journal_clock_record *record)
{
    enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };
    long long ahead_s = record->shown_s - record->known_s;
    bool is_in_days = llabs(ahead_s) >= 2 * DAY_S;
    long long amount = llabs(ahead_s) / (is_in_days ? DAY_S : HOUR_S);
    char shown[TIME_SIZE];

    log_warning(
        "journal: the system's clock shows %s, at least %lld %s %s than "
        "expected. If it is wrong, correct it. If it is right, nothing needs to "
        "be done: old records are deleted by the expected time until the daemon "
        "has run with this clock for 7 days.",
        format_time(record->shown_s, shown), amount, is_in_days ? "days" : "hours",
        ahead_s > 0 ? "later" : "earlier");
}

static void tell_of_clock(const struct journal_clock *clock,
                          enum journal_clock_news news)
{
    const struct journal_clock_record record = journal_clock_record(clock);
    char shown[TIME_SIZE];

    if (news == JOURNAL_CLOCK_DOUBTED)
        warn_of_clock(&record);
    if (news == JOURNAL_CLOCK_BELIEVED)
        log_info("journal: the system's clock shows %s, and old records are deleted by "
                 "it again",
                 format_time(record.shown_s, shown));
}

static void look_at_clock(struct journal_writer *writer)
{
    enum journal_clock_news news =
        journal_clock_look(&writer->clock, time(NULL), clock_passed_ms());

    tell_of_clock(&writer->clock, news);
}

/* A journal that has kept no time yet was last used when its latest record was written.
 * The clock may have been ahead then. */
static void begin_clock(struct journal_writer *writer,
                        const struct journal_found *found)
{
    struct journal_clock_record record = found->clock;
    int64_t now_s = time(NULL);
    enum journal_clock_news news;

    if (record.known_s == 0) {
        record.known_s = found->updated_s < now_s ? found->updated_s : now_s;
        record.shown_s = record.known_s;
    }
    news = journal_clock_begin(&writer->clock, &record, now_s, clock_passed_ms());
    tell_of_clock(&writer->clock, news);
}

static bool keep_clock(struct journal_writer *writer, struct error *err)
{
    const struct journal_clock_record record = journal_clock_record(&writer->clock);

    return writer->store->backend->keep_clock(writer->store, &record, err);
}

/* ---- opening ---- */

static void tell_of_dead_daemon(const struct journal_found *found)
{
    if (found->under_way > 0)
        log_warning(
            "journal: %lu SMS %s being sent when the last daemon ended. Whether "
            "%s sent is unknown: see sms-milterctl history --state unknown",
            found->under_way, found->under_way == 1 ? "was" : "were",
            found->under_way == 1 ? "it was" : "they were");
}

static void note_first_opening(struct journal_writer *writer)
{
    const struct journal_found found = writer->store->backend->found(writer->store);

    writer->was_open = true;
    tell_of_dead_daemon(&found);
    begin_clock(writer, &found);
}

static bool try_to_open(struct journal_writer *writer, struct error *err)
{
    const struct journal_backend *backend = journal_place_backend(writer->place, err);

    return backend &&
           backend->open(writer->place, !writer->was_open, &writer->store, err);
}

static bool open_store(struct journal_writer *writer)
{
    struct error err;

    if (writer->store)
        return true;
    if (clock_now_ms() < writer->open_next_ms)
        return false;
    if (!try_to_open(writer, &err)) {
        fail_store(writer, &err);
        return false;
    }
    if (!writer->was_open)
        note_first_opening(writer);
    return true;
}

bool journal_writer_prepare(struct journal_writer *writer)
{
    if (!open_store(writer))
        return false;
    look_at_clock(writer);
    return true;
}

bool journal_writer_run(struct journal_writer *writer, struct journal_job *jobs,
                        bool *is_in_doubt_out)
{
    struct error err;

    *is_in_doubt_out = false;
    if (writer->store->backend->run(writer->store, jobs,
                                    journal_clock_now_s(&writer->clock), &err)) {
        note_success(writer);
        return true;
    }
    *is_in_doubt_out = is_broken(writer);
    fail_store(writer, &err);
    return false;
}

/* ---- purging ---- */

/* Logs how many records a run of purging has deleted, even if it has not ended yet. */
static void tell_of_purge(struct journal_purge *purge)
{
    char before[TIME_SIZE];

    if (purge->count > 0)
        log_info(
            "journal: deleted %llu records last changed before %s (retention-days)",
            (unsigned long long)purge->count, format_time(purge->before_s, before));
    purge->count = 0;
}

void journal_writer_begin_purge(struct journal_writer *writer)
{
    tell_of_purge(&writer->purge);
    journal_purge_begin(&writer->purge, clock_now_ms());
}

/* The time by which records are deleted is kept when the run ends. */
void journal_writer_purge(struct journal_writer *writer, unsigned retention_days)
{
    int64_t before_s;
    struct error err;
    bool is_good;

    if (!journal_writer_prepare(writer))
        return;
    before_s =
        journal_clock_purge_s(&writer->clock) - (int64_t)retention_days * 24 * 3600;
    is_good = journal_purge_step(&writer->purge, writer->store, before_s, &err);
    if (writer->purge.has_ended)
        tell_of_purge(&writer->purge);
    if (!is_good || (writer->purge.has_ended && !keep_clock(writer, &err)))
        fail_store(writer, &err);
}

/* If the time cannot be kept any more, the next start is as after a kill. */
void journal_writer_close(struct journal_writer *writer)
{
    struct error ignored;

    tell_of_purge(&writer->purge);
    if (writer->store) {
        look_at_clock(writer);
        keep_clock(writer, &ignored);
    }
    journal_store_close(&writer->store);
}

void journal_writer_begin(struct journal_writer *writer, const char *place)
{
    *writer = (struct journal_writer){.place = place};
    journal_purge_begin(&writer->purge, clock_now_ms());
}
