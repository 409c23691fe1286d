/* SPDX-License-Identifier: ISC */
/* The daemon's log: one line for each event, on standard error. Under systemd each line
 * begins with its priority (sd-daemon(3)), so that the journal and syslog's mail
 * facility record the right priority. */
#ifndef SMS_MILTER_BASE_LOG_H
#define SMS_MILTER_BASE_LOG_H

/* Chooses the form of the lines. Call it once, before any thread is started. */
void log_open(const char *program);

/* Control characters and bytes that are not UTF-8 are written as '?', whatever the
 * arguments contain, so nobody can forge a line. Never pass the text of a message or a
 * request body. */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Like log_error(), with ": " and the meaning of errno appended. */
void log_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
