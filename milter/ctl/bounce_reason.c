/* SPDX-License-Identifier: ISC */
#include "ctl/ctl.h"

#include <stdio.h>
#include <sysexits.h>

/* A recipient that is still there when the mail is in the queue was refused by the API,
 * or the mail never met the filter. Which of them is in the filter's log, under the
 * queue id that the bounce shows. */
int ctl_bounce_reason(const char *config_path, int argc, char **argv)
{
    (void)config_path;
    (void)argv;
    if (argc != 3) {
        fputs("usage: sms-milterctl bounce-reason QUEUE_ID RECIPIENT\n", stderr);
        return EX_USAGE;
    }
    puts(
        "5.3.0 no SMS was sent to this number: the SMS service refused it, or the mail "
        "did not pass through sms-milter; the postmaster finds the reason in the log");
    return EX_UNAVAILABLE;
}
