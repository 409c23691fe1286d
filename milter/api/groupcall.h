/* SPDX-License-Identifier: ISC */
/* The Groupcall Messenger SMS API: SMS -> JSON, JSON -> outcome. No I/O in here. */
#ifndef SMS_MILTER_API_GROUPCALL_H
#define SMS_MILTER_API_GROUPCALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "secret/secret.h"

/* Our own reference of an SMS, which the API gives back in its answer. */
enum { GROUPCALL_REF_SIZE = 64 };

/* Room for the vendor's ids ("1469.20250704.0251650650665726-e068..."): a customer, a
 * time and a UUID are below 80 characters. A longer one is cut: it is only logged. */
enum { GROUPCALL_ID_SIZE = 128 };

/* An SMS to one number. */
struct groupcall_recipient {
    const char *number;                  /* E.164, borrowed */
    char client_ref[GROUPCALL_REF_SIZE]; /* different for each recipient of a request */
};

/* A request body with the customer's key in it, and so a secret itself: it is in memory
 * of secret_memory.h's. */
struct groupcall_request;

/* Makes one POST with this key: the same text for each recipient, each as an element of
 * its own, so that each gets its own answer. text is valid UTF-8. The caller frees
 * *request_out with groupcall_request_free(); on failure it is NULL. */
bool groupcall_request_new(const struct customer *customer, const struct secret *key,
                           const char *text,
                           const struct groupcall_recipient *recipients, size_t count,
                           struct groupcall_request **request_out, struct error *err);

/* Wipes, frees and clears *request; does nothing when it is NULL already. */
void groupcall_request_free(struct groupcall_request **request);

/* Borrowed until groupcall_request_free(). */
const char *groupcall_request_body(const struct groupcall_request *request,
                                   size_t *size_bytes_out);

/* What became of one SMS. */
struct groupcall_outcome {
    bool is_queued;
    char message_id[GROUPCALL_ID_SIZE]; /* the API's, when queued */
    char warning[256];                  /* its remarks, when queued with any, or "" */
    struct error error;                 /* when not queued */
    /* Nothing was sent, and the key may be why: it is, where the error is temporary
     * (HTTP 401, 403); else the API's words are those that it also has for other data
     * that it refuses, and account_state.h judges. */
    bool is_key_refused;
};

/* Reads the answer to a request that was made with key, one outcome for each of its
 * recipients, in their order. Text of the API's in an outcome is one line of printable
 * ASCII, with all keys masked that secret_mask_known() knows. body is a string, and the
 * key may be masked in it too. */
void groupcall_read_answer(const struct secret *key, long http_status, char *body,
                           size_t size_bytes,
                           const struct groupcall_recipient *recipients, size_t count,
                           struct groupcall_outcome *outcomes_out);

#endif
