/* SPDX-License-Identifier: ISC */
/* Says why something failed, in words for the person who asked for it. */
#ifndef SMS_MILTER_BASE_ERROR_H
#define SMS_MILTER_BASE_ERROR_H

#include <stdbool.h>

/* What the sender of the mail should do. */
enum error_kind {
    ERROR_REFUSED,   /* a retry would fail the same way: 5xx */
    ERROR_TEMPORARY, /* certainly nothing was sent and a later retry may succeed: 4xx */
    ERROR_UNCERTAIN, /* the SMS may have been sent: 4xx; on-unknown says what a retry
                        does */
};

/* A line of an SMTP reply holds 512 octets (RFC 5321 section 4.5.3.1.5). Only unusually
 * long paths make FILE:LINE of a configuration longer. A text that is too long is cut;
 * no harm is done, since only people read it. */
enum { ERROR_TEXT_SIZE = 1024, ERROR_STATUS_SIZE = sizeof("5.123.123") };

/* The size of libcurl's error texts (CURL_ERROR_SIZE). */
enum { ERROR_DETAIL_SIZE = 256 };

/* Owned by the caller. Only a function that failed fills it. */
struct error {
    enum error_kind kind;
    char status[ERROR_STATUS_SIZE]; /* enhanced status code (RFC 3463), or "" */
    char text[ERROR_TEXT_SIZE];     /* one line, no line break */
    char detail[ERROR_DETAIL_SIZE]; /* more words, for the log only, such as internal
                                       addresses or a library's message; "" for none */
};

/* Fills *err and returns false, so that a failing function can return the result.
 * status is an enhanced status code, or NULL if no SMTP client will ever see this
 * error. */
bool error_set(struct error *err, enum error_kind kind, const char *status,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Like error_set(), with ": " and the meaning of errno appended. */
bool error_set_errno(struct error *err, enum error_kind kind, const char *status,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds a detail that only the log may show to an error that is already set. Returns
 * false. */
bool error_set_detail(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The SMTP reply code for the error (RFC 5321 section 4.2), such as "451". It follows
 * from the status, or from the kind if there is no status. A string constant. */
const char *error_reply_code(const struct error *err);

#endif
