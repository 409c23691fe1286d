/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_INBOX_H
#define SIMULATOR_INBOX_H

#include "store.h"

#include <json-c/json.h>

/* All that has arrived: the SMS queued, the API requests, what was refused, and
 * counters. Any thread may use it. */
struct inbox;

/* An SMS that was queued. NULL: not given. */
struct inbox_message {
    const char *id;
    const char *customer;
    const char *number;
    const char *sender;
    const char *text;
    const char *client_ref;
    const char *callback_url;
    bool is_answered; /* false: a fault kept the answer back */
};

/* An API request. */
struct inbox_request {
    const char *method;
    const char *path;
    json_object *headers; /* borrowed, as is body */
    json_object *body;    /* NULL when it was not JSON */
    size_t body_bytes;
    unsigned long long connection;
    unsigned status;   /* 0: no answer */
    const char *fault; /* NULL: none */
};

/* An SMS, or a whole request where customer is NULL, that was not queued. */
struct inbox_refusal {
    const char *customer;
    const char *number;
    const char *error; /* as in the answer, but for keys */
    size_t error_bytes;
    const char *reason; /* for people: why */
    unsigned status;
};

enum inbox_counter {
    COUNT_REQUESTS,
    COUNT_QUEUED,
    COUNT_REFUSED,
    COUNT_FAULTS,
    COUNT_CONNECTIONS,
    COUNT_API_CONNECTIONS,
    COUNTERS
};

/* NULL when there is no memory. The caller frees it with inbox_free(). */
struct inbox *inbox_new(void);

/* Frees *inbox and sets it to NULL; does nothing when it is NULL already. */
void inbox_free(struct inbox **inbox);

/* These count what they add. What does not fit into memory is counted only. */
void inbox_add_message(struct inbox *inbox, const struct inbox_message *message);
void inbox_add_request(struct inbox *inbox, const struct inbox_request *request);
void inbox_add_refusal(struct inbox *inbox, const struct inbox_refusal *refusal);

/* Returns the count with this one. */
unsigned long long inbox_count(struct inbox *inbox, enum inbox_counter counter);

/* An API request begins, which is counted; it ends. */
void inbox_enter(struct inbox *inbox);
void inbox_leave(struct inbox *inbox);

/* A JSON object of all counters. The caller frees it; NULL when there is no memory. */
char *inbox_stats_to_json(struct inbox *inbox);

/* All counters but what is in flight become 0. */
void inbox_clear_stats(struct inbox *inbox);

/* Borrowed: valid until inbox_free(). */
struct store *inbox_messages(struct inbox *inbox);
struct store *inbox_requests(struct inbox *inbox);
struct store *inbox_refusals(struct inbox *inbox);

#endif
