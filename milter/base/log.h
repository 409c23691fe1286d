/* SPDX-License-Identifier: ISC */
/* The daemon's log: one line an event, to standard error. Under systemd a line carries
 * its priority (sd-daemon(3)), so the journal and syslog's mail facility get it right.
 */
#ifndef SMS_MILTER_BASE_LOG_H
#define SMS_MILTER_BASE_LOG_H

/* Chooses the form of the lines; call it once, before any thread runs. */
void log_open(const char *program);

/* Control characters and what is not UTF-8 come out as '?', whatever the arguments
 * hold: nobody forges a line. Never pass the text of a message or a request body. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Like log_error(), with ": " and what errno means at the end. */
void log_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
