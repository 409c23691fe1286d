/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_STREAM_H
#define SIMULATOR_STREAM_H

#include "exchange.h"

/* Answers that misbehave while they are sent. Each function takes over text, and
 * returns NULL without memory. */

/* Sends half of the bytes with the Content-Length of all of them, then ends the
 * connection. */
struct MHD_Response *stream_half(char *text, size_t bytes);

/* Sends one byte every interval_ms. */
struct MHD_Response *stream_slowly(struct exchange *exchange, char *text, size_t bytes,
                                   unsigned interval_ms);

/* Sends the answer with an additional string, so that it has at least total bytes. It
 * is sent in chunks, so that no Content-Length announces its size. */
struct MHD_Response *stream_huge(char *text, size_t bytes, unsigned long long total);

#endif
