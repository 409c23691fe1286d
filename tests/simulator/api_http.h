/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_API_HTTP_H
#define SIMULATOR_API_HTTP_H

#include "exchange.h"

/* The API's requests as MHD brings them. Both return what MHD's handler returns. */

/* The headers are here: go on, or break the connection. */
enum MHD_Result api_http_begin(struct exchange *exchange);

/* The whole request is here, or a pause has ended. */
enum MHD_Result api_http_continue(struct exchange *exchange);

#endif
