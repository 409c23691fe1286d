/* SPDX-License-Identifier: ISC */
/* The subcommands of sms-milterctl. Each gets its own name as argv[0], and returns the
 * exit status of the program (sysexits.h). config_path is NULL where none is named. */
#ifndef SMS_MILTER_CTL_CTL_H
#define SMS_MILTER_CTL_CTL_H

/* What the journal knows of each SMS, oldest first: EX_OK also where nothing fits,
 * EX_NOINPUT if there is no journal. */
int ctl_history(const char *config_path, int argc, char **argv);

/* Prints "5.x.x reason", as pipe(8) of Postfix wants it, and returns EX_UNAVAILABLE:
 * the mail server bounces the recipient with that reason. Prints nothing and returns
 * EX_OK where the SMS was sent after all. */
int ctl_bounce_reason(const char *config_path, int argc, char **argv);

/* Shows what would become of the mail on standard input, and sends nothing: EX_OK if it
 * would be accepted, EX_UNAVAILABLE if refused, EX_TEMPFAIL if deferred. */
int ctl_preview(const char *config_path, int argc, char **argv);

/* Counts the parts of the text on standard input: "gsm7 161 2". */
int ctl_parts(const char *config_path, int argc, char **argv);

#endif
