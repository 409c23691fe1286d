/* SPDX-License-Identifier: ISC */
#include "libmilter_signals.h"

#include <stddef.h>
#include <unistd.h>

static void (*tell_held)(void);

void libmilter_signals_on_held(void (*tell)(void))
{
    tell_held = tell;
}

/* Blocking the signals is not enough. While a thread waits in the C library's sigwait()
 * they are open to it, and the kernel gives it one when the main thread has another
 * signal pending, as with a stop right after a reload. */
int sigwait(const sigset_t *set, int *number_out)
{
    (void)set;
    (void)number_out;
    if (tell_held)
        tell_held();
    for (;;)
        pause();
}
