/* SPDX-License-Identifier: ISC */
/* The API for all sessions: posts that are tried again where that is safe, and deferred
 * at once where trying is in vain. The HTTP is transport.h's. */
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

/* Whether options that config_load() found good can be used; *err begins with the name
 * of the one that cannot. */
bool api_client_check_options(const struct api_options *options, struct error *err);

/* Starts the HTTP thread. options are copied; a reload that changes them takes effect
 * with api_client_configure(). The caller frees *client_out with api_client_free(); on
 * failure it is NULL. */
bool api_client_new(const struct api_options *options, struct api_client **client_out,
                    struct error *err);

/* Options for the requests that come from now on; those under way keep theirs. */
bool api_client_configure(struct api_client *client, const struct api_options *options,
                          struct error *err);

/* Ends the thread, frees and clears *client. Nobody may be in api_client_post() or
 * enter it any more. Does nothing when it is NULL already. */
void api_client_free(struct api_client **client);

/* What its answers showed of each account; as long as the client. */
struct account_states *api_client_accounts(struct api_client *client);

/* Posts a JSON body to an URL and waits for the answer, no longer than the options'
 * timeout in all, and than deadline_ms (of clock_now_ms()). account is whose post it
 * is, a customer's name: the API may tell one to slow down while others may go on.
 * patience, which may be NULL, hears of the wait, also of that between two tries. All
 * of them are borrowed until the call returns; see transport_post() for the copies of
 * the body. Any thread.
 *
 * A post that certainly was not acted on because of the server (it cannot be reached,
 * it answers 429 or 503) is tried again up to the options' retries, as long as the time
 * allows. What the server may have read is never sent twice. While an address is known
 * not to answer (breaker.h), or the API asked to wait for longer than this post can
 * (hold.h), it is deferred at once; the former is logged when it begins and ends.
 *
 * Fails with ERROR_TEMPORARY when the server certainly has not acted on it, and with
 * ERROR_UNCERTAIN when it may have. On success, which an answer of any status is, the
 * caller frees *answer_out with api_answer_free(). */
bool api_client_post(struct api_client *client, const char *url, const char *account,
                     const char *body, size_t size_bytes, int64_t deadline_ms,
                     struct patience *patience, struct api_answer *answer_out,
                     struct error *err);

#endif
