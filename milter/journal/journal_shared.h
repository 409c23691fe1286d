/* SPDX-License-Identifier: ISC */
/* What the sessions (journal.c) and the journal's thread (journal_thread.c) share. Only
 * these two files include it. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SHARED_H
#define SMS_MILTER_JOURNAL_JOURNAL_SHARED_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/journal_backlog.h"
#include "journal/journal_hands.h"
#include "journal/journal_job.h"
#include "journal/journal_writer.h"

/* What the sender of a mail is told if its SMS is not sent. */
#define JOURNAL_CANNOT_WRITE \
    "the SMS gateway cannot write its journal now; nothing was sent"
#define JOURNAL_TOO_SLOW "the SMS gateway's journal does not answer; nothing was sent"

struct journal {
    pthread_t thread;
    char *place;
    pthread_mutex_t lock; /* guards all members below, except the thread's own */
    pthread_cond_t has_work, has_done, has_released;
    struct journal_job *queue, **queue_end;
    unsigned queued;
    struct journal_hands hands;     /* SMS that sessions claim or send now */
    struct journal_backlog backlog; /* outcomes that could not be written yet */
    uint64_t jobs, commits;         /* done since it was opened */
    unsigned retention_days;
    bool wants_purge; /* at once, because retention_days has changed */
    bool takes_no_claims, is_stopping, has_ended;
    bool is_hanging; /* a session gave up waiting for the thread's present work */
    bool was_tried;  /* the thread has tried to open the store, at start */
    char first_trouble[ERROR_TEXT_SIZE]; /* why that failed, or "" */

    /* The thread's own, without the lock. */
    struct journal_writer writer;
    unsigned latest_batch; /* how many jobs were in it */
};

#endif
