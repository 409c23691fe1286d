/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_STREAM_H
#define SIMULATOR_STREAM_H

#include "exchange.h"

/* Answers that misbehave while they are sent. Each takes text, and is NULL when there
 * is no memory. */

/* Half of the bytes under the Content-Length of all, then the connection ends. */
struct MHD_Response *stream_half(char *text, size_t bytes);

/* One byte every interval_ms. */
struct MHD_Response *stream_slowly(struct exchange *exchange, char *text, size_t bytes,
                                   unsigned interval_ms);

/* The answer with a further string in it, so that it has at least total bytes; in
 * chunks, so that no Content-Length warns of it. */
struct MHD_Response *stream_huge(char *text, size_t bytes, unsigned long long total);

#endif
