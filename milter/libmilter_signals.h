/* SPDX-License-Identifier: ISC */
/* Keeps the signals that stop the daemon from libmilter.
 *
 * libmilter starts a thread of its own (mi_signal_thread() in its signal.c) that waits
 * for SIGTERM, SIGINT and SIGHUP with sigwait(). When one comes it stops at once, with
 * mails under way. The main thread of this daemon takes these signals instead, and
 * lets the mails finish.
 *
 * This file therefore replaces the C library's sigwait(): the dynamic linker looks in
 * the program first, and nothing else in the program calls it. libmilter's thread waits
 * here for ever. A libmilter that waits in another way would still take the signals, so
 * service_start() fails unless that thread comes here. */
#ifndef SMS_MILTER_LIBMILTER_SIGNALS_H
#define SMS_MILTER_LIBMILTER_SIGNALS_H

#include <signal.h>

/* Chooses what is called, on libmilter's thread, when that thread comes to wait for its
 * signals. Call it before libmilter starts. */
void libmilter_signals_on_held(void (*tell)(void));

/* Never returns. The thread that calls it must have all signals blocked. */
int sigwait(const sigset_t *set, int *number_out);

#endif
