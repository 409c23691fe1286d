/* SPDX-License-Identifier: ISC */
/* Where the journal is kept: what a backend has to do. journal.c calls all of it from
 * its one thread, so nothing here needs a lock.
 *
 * A claim takes its records in hand until they are settled, so that identical alarms do
 * not find each other's. What a daemon has in hand is released when the daemon is known
 * to be dead. A file belongs to one daemon, so its next start shows that; a backend
 * that several hosts share must know which of them are alive. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_STORE_H
#define SMS_MILTER_JOURNAL_JOURNAL_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/journal.h"
#include "journal/journal_clock.h"

enum journal_job_kind {
    JOB_CLAIM,
    JOB_SETTLE,
    JOB_UNDO, /* settles what there is of a claim that has failed, if anything */
    JOB_NOTE
};

/* A session's wish. */
struct journal_job {
    enum journal_job_kind kind;
    const struct journal_mail *mail;
    struct journal_sms *sms;
    size_t count;
    enum mail_verdict verdict; /* but for JOB_CLAIM */
    struct journal_job *next;
    /* journal.c's, guarded by its lock. is_left: its session waits for it no more. */
    bool is_done, is_good, is_left;
};

struct journal_store;

/* Opens the store, makes or migrates it, and checks that it is whole. With is_first,
 * what is found "sending" becomes "unknown", and nothing is in hand any more: whoever
 * sent it is dead. Fails also where
 * another process has it open for writing. On failure *store_out is NULL and *err says
 * why. */
bool journal_store_open(const char *place, bool is_first,
                        struct journal_store **store_out, struct error *err);

/* What was in it when it was opened. */
struct journal_found {
    unsigned long under_way;           /* SMS that were "sending" */
    int64_t updated_s;                 /* of the latest record, Unix time; 0: none */
    struct journal_clock_record clock; /* as kept; known_s is 0 where it was not */
};
struct journal_found journal_store_found(const struct journal_store *store);

/* Closes and clears *store; does nothing when it is NULL already. */
void journal_store_close(struct journal_store **store);

/* Does these jobs, in their order, in one transaction: when it returns true they are on
 * the disk, with what they have charged and given back. Fails as a whole, and the
 * result of claims is then undefined. */
bool journal_store_run(struct journal_store *store, struct journal_job *first,
                       int64_t now_s, struct error *err);

/* Forgets up to limit records that were last changed before a time, of SMS and of who
 * spent what. *count_out is how many there were. */
bool journal_store_purge(struct journal_store *store, int64_t before_s, unsigned limit,
                         unsigned *count_out, struct error *err);

/* Keeps the time for the next opening. */
bool journal_store_keep_clock(struct journal_store *store,
                              const struct journal_clock_record *record,
                              struct error *err);

/* After a failure: whether it must be closed and opened again, as it is not only full
 * or busy. */
bool journal_store_is_broken(const struct journal_store *store);

#endif
