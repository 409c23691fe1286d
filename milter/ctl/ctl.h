/* SPDX-License-Identifier: ISC */
/* The subcommands of sms-milterctl, the program for administrators and the mail server.
 * Each subcommand gets its own name as argv[0] and returns the exit status of the
 * program (sysexits.h). config_path is NULL if none was given. */
#ifndef SMS_MILTER_CTL_CTL_H
#define SMS_MILTER_CTL_CTL_H

/* Shows what the journal knows about each SMS, oldest first. Returns EX_OK even if
 * nothing matches, and EX_NOINPUT if there is no journal. */
int ctl_history(const char *config_path, int argc, char **argv);

/* Prints "5.x.x reason", as pipe(8) of Postfix expects, and returns EX_UNAVAILABLE, so
 * that the mail server bounces the recipient with that reason. If the SMS was sent
 * after all, prints nothing and returns EX_OK. */
int ctl_bounce_reason(const char *config_path, int argc, char **argv);

/* Shows what would happen to the mail on standard input, and sends nothing. Returns
 * EX_OK if the mail would be accepted, EX_UNAVAILABLE if refused, EX_TEMPFAIL if
 * deferred. */
int ctl_preview(const char *config_path, int argc, char **argv);

/* Counts the parts of the text on standard input: "gsm7 161 2". */
int ctl_parts(const char *config_path, int argc, char **argv);

#endif
