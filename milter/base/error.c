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
    err->detail[0] = '\0';
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

bool error_set_detail(struct error *err, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(err->detail, sizeof err->detail, format, args);
    va_end(args);
    return false;
}

const char *error_reply_code(const struct error *err)
{
    static const struct {
        const char *status, *code;
    } codes[] = {{"4.5.3", "452"}, {"5.3.4", "552"}, {"5.6.0", "554"}};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(codes[i].status, err->status) == 0)
            return codes[i].code;
    if (*err->status)
        return *err->status == '4' ? "451" : "550";
    return err->kind == ERROR_REFUSED ? "550" : "451";
}
