/* SPDX-License-Identifier: ISC */
/* What a session asks the journal to write. The journal's thread collects the jobs of
 * several sessions, and a backend writes them in one transaction. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_JOB_H
#define SMS_MILTER_JOURNAL_JOURNAL_JOB_H

#include <stdbool.h>
#include <stddef.h>

#include "journal/journal_mail.h"

enum journal_job_kind {
    JOB_CLAIM,  /* may these SMS be sent, and write that they are */
    JOB_SETTLE, /* write what became of claimed SMS */
    JOB_UNDO,   /* settle what a failed claim may have left on the disk, if anything */
    JOB_NOTE    /* write SMS that were refused before they were claimed */
};

struct journal_job {
    enum journal_job_kind kind;
    const struct journal_mail *mail;
    struct journal_sms *sms;
    size_t count;
    enum mail_verdict verdict; /* of all kinds but JOB_CLAIM */
    struct journal_job *next;
    /* These belong to journal.c and journal_thread.c, under their lock. */
    bool is_done, is_good;
    bool is_left; /* its session has stopped waiting for it */
};

#endif
