/* SPDX-License-Identifier: ISC */
/* The journal's thread: takes the jobs of all sessions that wait at a moment, and
 * commits them together. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_THREAD_H
#define SMS_MILTER_JOURNAL_JOURNAL_THREAD_H

/* Runs until the journal is stopped; for pthread_create(). data is a struct journal. */
void *journal_thread_run(void *data);

#endif
