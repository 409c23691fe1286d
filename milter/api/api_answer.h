/* SPDX-License-Identifier: ISC */
/* The answer of an HTTP server: bounded in size, and wiped when it is freed. */
#ifndef SMS_MILTER_API_API_ANSWER_H
#define SMS_MILTER_API_API_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

/* The largest answer that is read: 1 KiB for each of at most 1000 numbers
 * (max-recipients), three times what the vendor sends. */
enum { API_MAX_ANSWER_BYTES = 1024 * 1024 };

struct api_answer {
    long http_status;
    char *body; /* NUL-terminated; never NULL in an initialised answer */
    size_t size_bytes;
};

/* Makes an empty answer, which the caller frees with api_answer_free(). Returns false
 * without memory. */
bool api_answer_init(struct api_answer *answer);

/* Appends to the body. Returns false without memory. The caller must respect
 * API_MAX_ANSWER_BYTES. */
bool api_answer_append(struct api_answer *answer, const char *text, size_t size_bytes);

/* Wipes and frees the body, because an answer may repeat the key of the request. */
void api_answer_free(struct api_answer *answer);

#endif
