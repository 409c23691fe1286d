/* SPDX-License-Identifier: ISC */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "base/utf8.h"

/* Longer than any line of ours. (journald cuts a line at 48 KiB, LineMax=.) */
enum { LINE_SIZE = 8192 };

static const char *program_name = "sms-milter";
static bool has_priority_prefix;

void log_open(const char *program)
{
    program_name = program;
    has_priority_prefix = getenv("JOURNAL_STREAM") != NULL;
}

/* Writes each line with one write(2), so that lines of several threads never mix. */
static void write_line(int priority, const char *text)
{
    char line[LINE_SIZE + 64];
    int length;
    size_t sent = 0;

    if (has_priority_prefix)
        length = snprintf(line, sizeof line, "<%d>%s\n", priority, text);
    else
        length = snprintf(line, sizeof line, "%.32s: %s\n", program_name, text);
    while (length > 0 && sent < (size_t)length) {
        ssize_t n = write(STDERR_FILENO, line + sent, (size_t)length - sent);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return; /* this failure cannot be reported anywhere */
        sent += (size_t)n;
    }
}

static void log_text(int priority, const char *suffix, const char *format, va_list args)
{
    char text[LINE_SIZE];
    size_t used;

    vsnprintf(text, sizeof text, format, args);
    used = strlen(text);
    if (suffix)
        snprintf(text + used, sizeof text - used, ": %s", suffix);
    utf8_make_printable(text);
    write_line(priority, text);
}

void log_error(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_text(LOG_ERR, NULL, format, args);
    va_end(args);
}

void log_errno(const char *format, ...)
{
    char reason[128];
    const char *suffix = strerror_r(errno, reason, sizeof reason);
    va_list args;

    va_start(args, format);
    log_text(LOG_ERR, suffix, format, args);
    va_end(args);
}

void log_warning(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_text(LOG_WARNING, NULL, format, args);
    va_end(args);
}

void log_info(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    log_text(LOG_INFO, NULL, format, args);
    va_end(args);
}
