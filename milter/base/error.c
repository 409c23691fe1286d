/* SPDX-License-Identifier: ISC */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void fill(struct error *err, enum error_kind kind, const char *status,
                 const char *format, va_list args)
{
    err->kind = kind;
    snprintf(err->status, sizeof err->status, "%s", status ? status : "");
    vsnprintf(err->text, sizeof err->text, format, args);
}

bool error_set(struct error *err, enum error_kind kind, const char *status,
               const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fill(err, kind, status, format, args);
    va_end(args);
    return false;
}

bool error_set_errno(struct error *err, enum error_kind kind, const char *status,
                     const char *format, ...)
{
    int saved = errno;
    char reason[128];
    va_list args;
    size_t used;

    va_start(args, format);
    fill(err, kind, status, format, args);
    va_end(args);
    used = strlen(err->text);
    snprintf(err->text + used, sizeof err->text - used, ": %s",
             strerror_r(saved, reason, sizeof reason));
    return false;
}
