/* SPDX-License-Identifier: ISC */
/* HTTP for all sessions: one thread, connections kept open, everything bounded. */
#ifndef SMS_MILTER_API_API_CLIENT_H
#define SMS_MILTER_API_API_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"
#include "base/error.h"

struct api_client;

/* Starts the thread. options are copied; a reload that changes them takes effect with
 * api_client_configure(). The caller frees *client_out with api_client_free(); on
 * failure it is NULL. */
bool api_client_new(const struct api_options *options, struct api_client **client_out,
                    struct error *err);

/* Options for the requests that come from now on; those under way keep theirs. */
bool api_client_configure(struct api_client *client, const struct api_options *options,
                          struct error *err);

/* Ends the thread, frees and clears *client. Nobody may be in api_client_post() or
 * enter it any more. Does nothing when it is NULL already. */
void api_client_free(struct api_client **client);

/* A whole answer of the server's. */
struct api_answer {
    long http_status;
    char *body; /* NUL-terminated, and never NULL */
    size_t size_bytes;
};

/* Wipes and frees the body: an answer may give back what it was asked. */
void api_answer_free(struct api_answer *answer);

/* The largest answer that is read: 1 KiB for each of the 1000 numbers of
 * max-recipients, three times what the vendor sends. A larger one is ERROR_UNCERTAIN.
 */
enum { API_MAX_ANSWER_BYTES = 1024 * 1024 };

/* Posts a JSON body to an URL and waits for the answer, no longer than the options'
 * timeout. body is borrowed until the call returns; copies of it are in the send
 * buffers of the HTTP library, whose own memory is wiped when freed, and of those it
 * uses. Any thread.
 *
 * Fails with ERROR_TEMPORARY when the server certainly has not got the whole body, so
 * that it cannot have acted on it, and with ERROR_UNCERTAIN when it may have. The body
 * is never sent twice by itself. On success the caller frees *answer_out with
 * api_answer_free(). */
bool api_client_post(struct api_client *client, const char *url, const char *body,
                     size_t size_bytes, struct api_answer *answer_out,
                     struct error *err);

#endif
