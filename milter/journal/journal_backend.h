/* SPDX-License-Identifier: ISC */
/* What a backend of the journal does: a table of functions. Each backend has files of
 * its own; journal_place.c lists them all.
 *
 * One thread of the daemon calls all functions that take a store, so a backend needs no
 * lock for it. check() and read() may be called by any thread of any process.
 *
 * A claim marks its records as in hand until they are settled, so that identical alarms
 * do not take each other's records. When a daemon is known to be dead, its records are
 * not in hand any more. A SQLite file belongs to one daemon, so the next start of it
 * proves that the last one is dead; a backend that several hosts share must find out
 * which of them are alive. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_BACKEND_H
#define SMS_MILTER_JOURNAL_JOURNAL_BACKEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/journal_clock.h"
#include "journal/journal_job.h"
#include "journal/journal_record.h"

/* An open journal. The structure of each backend begins with this one. */
struct journal_store {
    const struct journal_backend *backend;
};

/* What was in a journal when it was opened. */
struct journal_found {
    unsigned long under_way;           /* SMS whose state was "sending" */
    int64_t updated_s;                 /* of the latest record, Unix time; 0: none */
    struct journal_clock_record clock; /* as kept; known_s is 0 if none was kept */
};

struct journal_backend {
    const char *scheme;  /* what stands before ":" in a place, such as "sqlite" */
    const char *example; /* a whole place, as an error message shows it */

    /* Whether the part of a place after "SCHEME:" has the right form, whatever may be
     * there. */
    bool (*is_place)(const char *rest);

    /* Whether a daemon could use this place, as far as can be told without making,
     * locking or changing anything. is_thorough: it reads the content as well, which
     * takes some seconds for a million records. *err says what is wrong, and how to
     * repair it. */
    bool (*check)(const char *place, bool is_thorough, struct error *err);

    /* Opens a journal, makes or migrates it, and checks that it is whole. is_first: the
     * daemon has just started. Then each SMS found "sending" becomes "unknown" and
     * nothing is in hand any more, since the process that sent it is dead. Also fails
     * if another process has it open for writing. On failure *store_out is NULL. */
    bool (*open)(const char *place, bool is_first, struct journal_store **store_out,
                 struct error *err);

    /* Closes and frees the store. */
    void (*close)(struct journal_store *store);

    struct journal_found (*found)(const struct journal_store *store);

    /* Does these jobs in their order, in one transaction. When it returns true they are
     * on the disk, with what they have charged and given back. It fails as a whole; the
     * results of claims are then undefined. */
    bool (*run)(struct journal_store *store, struct journal_job *first, int64_t now_s,
                struct error *err);

    /* Deletes up to limit records (of SMS, rates and quotas) that were last changed
     * before a time. *count_out is how many there were. */
    bool (*purge)(struct journal_store *store, int64_t before_s, unsigned limit,
                  unsigned *count_out, struct error *err);

    /* Keeps the known time for the next opening. */
    bool (*keep_clock)(struct journal_store *store,
                       const struct journal_clock_record *record, struct error *err);

    /* After a failure: whether the store must be closed and opened again. It need not
     * if it is only full or busy. */
    bool (*is_broken)(const struct journal_store *store);

    /* Reads the records that match, oldest first, while a daemon goes on writing. See
     * journal_place_read(). */
    bool (*read)(const char *place, const struct journal_filter *filter,
                 bool (*on_record)(const struct journal_record *record, void *data),
                 void *data, struct error *err);
};

/* Closes *store and sets it to NULL; does nothing when it is NULL already. */
static inline void journal_store_close(struct journal_store **store)
{
    if (*store)
        (*store)->backend->close(*store);
    *store = NULL;
}

#endif
