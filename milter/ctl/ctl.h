/* SPDX-License-Identifier: ISC */
/* The subcommands of sms-milterctl. Each gets its own name as argv[0], and returns the
 * exit status of the program (sysexits.h). */
#ifndef SMS_MILTER_CTL_CTL_H
#define SMS_MILTER_CTL_CTL_H

/* Prints "5.x.x reason", as pipe(8) of Postfix wants it, and returns EX_UNAVAILABLE:
 * the mail server bounces the recipient with that reason. */
int ctl_bounce_reason(const char *config_path, int argc, char **argv);

#endif
