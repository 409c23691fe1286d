/* SPDX-License-Identifier: ISC */
/* The Groupcall Messenger SMS API: turns SMS into JSON, and the JSON answer into
 * outcomes. This module does no I/O. */
#ifndef SMS_MILTER_API_GROUPCALL_H
#define SMS_MILTER_API_GROUPCALL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "secret/secret.h"

/* Our own reference of an SMS, which the API repeats in its answer. */
enum { GROUPCALL_REF_SIZE = 64 };

/* Size for the vendor's ids ("1469.20250704.0251650650665726-e068..."): a customer, a
 * time and a UUID take less than 80 characters. A longer id is cut, since it is only
 * logged. */
enum { GROUPCALL_ID_SIZE = 128 };

/* One recipient of an SMS. */
struct groupcall_recipient {
    const char *number;                  /* E.164, borrowed */
    char client_ref[GROUPCALL_REF_SIZE]; /* different for each recipient of a request */
};

/* A request body. It contains the customer's key and so is itself a secret, kept in
 * memory from secret_memory.h. */
struct groupcall_request;

/* Makes the body of one POST with this key. Each recipient gets the same text as a
 * separate element, and so a separate answer. text is valid UTF-8. The caller frees
 * *request_out with groupcall_request_free(). On failure *request_out is NULL. */
bool groupcall_request_new(const struct customer *customer, const struct secret *key,
                           const char *text,
                           const struct groupcall_recipient *recipients, size_t count,
                           struct groupcall_request **request_out, struct error *err);

/* Wipes, frees and clears *request. Does nothing if *request is already NULL. */
void groupcall_request_free(struct groupcall_request **request);

/* Borrowed until groupcall_request_free(). */
const char *groupcall_request_body(const struct groupcall_request *request,
                                   size_t *size_bytes_out);

/* What happened to one SMS. */
struct groupcall_outcome {
    bool is_queued;
    char message_id[GROUPCALL_ID_SIZE]; /* the API's id, if queued */
    char warning[256];  /* the API's warning, if queued with one; otherwise "" */
    struct error error; /* if not queued */
    /* Nothing was sent, and the key may be the reason. If the error is temporary (HTTP
     * 401, 403), the key is the reason. Otherwise the API used the words that it also
     * uses for other data that it refuses, and account_state.h decides. */
    bool is_key_refused;
};

/* Reads the answer to a request that was made with key, and writes one outcome for each
 * recipient, in the same order. Text of the API in an outcome is one line of printable
 * ASCII, in which all keys that secret_mask_known() knows are masked. body is a string;
 * keys may be masked in body itself too. */
void groupcall_read_answer(const struct secret *key, long http_status, char *body,
                           size_t size_bytes,
                           const struct groupcall_recipient *recipients, size_t count,
                           struct groupcall_outcome *outcomes_out);

#endif
