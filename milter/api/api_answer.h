/* SPDX-License-Identifier: ISC */
/* What an HTTP server answered: bounded, and wiped when done with. */
#ifndef SMS_MILTER_API_API_ANSWER_H
#define SMS_MILTER_API_API_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

/* The largest answer that is read: 1 KiB for each of the 1000 numbers of
 * max-recipients, three times what the vendor sends. */
enum { API_MAX_ANSWER_BYTES = 1024 * 1024 };

struct api_answer {
    long http_status;
    char *body; /* NUL-terminated, and never NULL in an answer that was given */
    size_t size_bytes;
};

/* An empty one, to be freed by api_answer_free(); false without memory. */
bool api_answer_init(struct api_answer *answer);

/* Appends to the body; false without memory. The caller keeps to the maximum. */
bool api_answer_append(struct api_answer *answer, const char *text, size_t size_bytes);

/* Wipes and frees the body: an answer may give back what it was asked. */
void api_answer_free(struct api_answer *answer);

#endif
