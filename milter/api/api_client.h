/* SPDX-License-Identifier: ISC */
/* The API as all sessions use it. A post is tried again if that is safe, and deferred
 * at once if trying is pointless. transport.h does the HTTP. This folder contains
 * everything that talks to the API. */
#ifndef SMS_MILTER_API_API_CLIENT_H
#define SMS_MILTER_API_API_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/account_state.h"
#include "api/api_answer.h"
#include "base/error.h"
#include "base/patience.h"
#include "config/config.h"

struct api_client;

/* Whether options that config_load() accepted can be used here. If not, *err begins
 * with the name of the option. */
bool api_client_check_options(const struct api_options *options, struct error *err);

/* Starts the HTTP thread. The options are copied; after a reload call
 * api_client_configure() to change them. The caller frees *client_out with
 * api_client_free(). On failure *client_out is NULL. */
bool api_client_new(const struct api_options *options, struct api_client **client_out,
                    struct error *err);

/* Sets the options for requests that begin from now on. Requests under way keep
 * theirs. */
bool api_client_configure(struct api_client *client, const struct api_options *options,
                          struct error *err);

/* Stops the thread, frees and clears *client. No thread may be in api_client_post() or
 * enter it any more. Does nothing if *client is already NULL. */
void api_client_free(struct api_client **client);

/* What the answers showed about each account. Valid as long as the client. */
struct account_states *api_client_accounts(struct api_client *client);

/* Posts a JSON body to a URL and waits for the answer, at most for the timeout option
 * in all, and not beyond deadline_ms (of clock_now_ms()). account is the name of the
 * customer, because the API may ask one customer to slow down while others may
 * continue. patience, which may be NULL, gets reports during all waits, also between
 * two tries. All arguments are borrowed until the call returns; see transport_post()
 * for copies of the body. Any thread may call this.
 *
 * If the server certainly did not act on a post (it cannot be reached, or answers 429
 * or 503), the post is tried again, as often as the option retries allows and while
 * there is time. Data that the server may have read is never sent twice. While an
 * address is known not to answer (breaker.h), or the API asked for a longer wait than
 * this post can make (hold.h), the post is deferred at once. The breaker's opening and
 * closing are logged.
 *
 * Fails with ERROR_TEMPORARY if the server certainly did not act on the post, and with
 * ERROR_UNCERTAIN if it may have. Any HTTP answer, whatever its status, is a success;
 * then the caller frees *answer_out with api_answer_free(). */
bool api_client_post(struct api_client *client, const char *url, const char *account,
                     const char *body, size_t size_bytes, int64_t deadline_ms,
                     struct patience *patience, struct api_answer *answer_out,
                     struct error *err);

#endif
