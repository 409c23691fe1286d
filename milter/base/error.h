/* SPDX-License-Identifier: ISC */
/* Why something could not be done, in words for whoever asked for it. */
#ifndef SMS_MILTER_BASE_ERROR_H
#define SMS_MILTER_BASE_ERROR_H

#include <stdbool.h>

/* What the sender of the mail should do about it. */
enum error_kind {
    ERROR_REFUSED,   /* a retry would fail the same way: 5xx */
    ERROR_TEMPORARY, /* certainly nothing was sent, a later retry may succeed: 4xx */
    ERROR_UNCERTAIN, /* the SMS may have gone out: 4xx; what a retry does is on-unknown
                      */
};

/* A line of an SMTP reply holds 512 octets (RFC 5321 section 4.5.3.1.5), and FILE:LINE
 * of a configuration is longer only in odd places. A longer text is cut: it is only
 * read. */
enum { ERROR_TEXT_SIZE = 1024, ERROR_STATUS_SIZE = sizeof("5.123.123") };

/* Room for libcurl's own texts, CURL_ERROR_SIZE. */
enum { ERROR_DETAIL_SIZE = 256 };

/* Owned by the caller; filled only by a function that failed. */
struct error {
    enum error_kind kind;
    char status[ERROR_STATUS_SIZE]; /* enhanced status code (RFC 3463), or "" */
    char text[ERROR_TEXT_SIZE];     /* one line, no line break */
    char detail[ERROR_DETAIL_SIZE]; /* more, for the log alone: addresses within the
                                       site, a library's words; "" for none */
};

/* Fills *err and returns false, so that a failing function can return it. status is an
 * enhanced status code, or NULL where no SMTP client will ever see this error. */
bool error_set(struct error *err, enum error_kind kind, const char *status,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Like error_set(), with ": " and what errno means at the end. */
bool error_set_errno(struct error *err, enum error_kind kind, const char *status,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds what only the log may have to an error that was set. Returns false. */
bool error_set_detail(struct error *err, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The reply code of SMTP (RFC 5321 section 4.2) that goes with it, such as "451": by
 * its status, or without one by its kind. A string constant. */
const char *error_reply_code(const struct error *err);

#endif
