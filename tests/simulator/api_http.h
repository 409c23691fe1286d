/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_API_HTTP_H
#define SIMULATOR_API_HTTP_H

#include "exchange.h"

/* Handles API requests from libmicrohttpd. Both functions return what its handler must
 * return. */

/* The headers have arrived: continue, or break the connection. */
enum MHD_Result api_http_begin(struct exchange *exchange);

/* The whole request has arrived, or a pause has ended. */
enum MHD_Result api_http_continue(struct exchange *exchange);

#endif
