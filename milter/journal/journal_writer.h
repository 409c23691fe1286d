/* SPDX-License-Identifier: ISC */
/* The store as the journal's thread uses it: opens it, and opens it again when it is
 * broken; writes jobs; deletes old records by the known time; and tells the
 * administrator of trouble. Only that thread calls it, so it needs no lock. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_WRITER_H
#define SMS_MILTER_JOURNAL_JOURNAL_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/journal_backend.h"
#include "journal/journal_clock.h"
#include "journal/journal_job.h"
#include "journal/journal_purge.h"

/* How often a broken store is opened again, and outcomes that could not be written are
 * tried again. */
enum { JOURNAL_RECOVER_MS = 1000 };

struct journal_writer {
    const char *place;             /* borrowed */
    struct journal_store *store;   /* NULL: it is not open */
    bool was_open;                 /* at least once */
    int64_t open_next_ms;          /* after a failure: it is not opened before this */
    char trouble[ERROR_TEXT_SIZE]; /* why it cannot be written now, or "" */
    struct journal_clock clock;    /* since it was first open */
    struct journal_purge purge;
};

/* The place must live as long as the writer. Opens nothing yet. */
void journal_writer_begin(struct journal_writer *writer, const char *place);

/* Call it before each journal_writer_run(): opens the store if it is not open, and
 * looks at the clock. False if the store cannot be used now. */
bool journal_writer_prepare(struct journal_writer *writer);

/* Writes the jobs in one transaction. Where that fails they may be on the disk all the
 * same: *is_in_doubt_out. */
bool journal_writer_run(struct journal_writer *writer, struct journal_job *jobs,
                        bool *is_in_doubt_out);

/* Begins another run of purging, at once. */
void journal_writer_begin_purge(struct journal_writer *writer);

/* Takes one step of a run of purging. */
void journal_writer_purge(struct journal_writer *writer, unsigned retention_days);

/* Keeps the known time, and closes the store. */
void journal_writer_close(struct journal_writer *writer);

#endif
