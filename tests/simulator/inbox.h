/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_INBOX_H
#define SIMULATOR_INBOX_H

#include "store.h"

#include <json-c/json.h>

/* Everything that has arrived: the queued SMS, the API requests, the refusals, and
 * counters. Any thread may use it. */
struct inbox;

/* A queued SMS. Members that were not given are NULL. */
struct inbox_message {
    const char *id;
    const char *customer;
    const char *number;
    const char *sender;
    const char *text;
    const char *client_ref;
    const char *callback_url;
    bool is_answered; /* false: a fault held the answer back */
};

/* An API request. */
struct inbox_request {
    const char *method;
    const char *path;
    json_object *headers; /* borrowed, like body */
    json_object *body;    /* NULL if it was not JSON */
    size_t body_bytes;
    unsigned long long connection;
    unsigned status;   /* 0: no answer */
    const char *fault; /* NULL: none */
};

/* An SMS that was not queued, or a whole request if customer is NULL. */
struct inbox_refusal {
    const char *customer;
    const char *number;
    const char *error; /* as in the answer, but without keys */
    size_t error_bytes;
    const char *reason; /* the reason, for people */
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

/* Returns NULL without memory. The caller frees it with inbox_free(). */
struct inbox *inbox_new(void);

/* Frees and clears *inbox. Does nothing if *inbox is already NULL. */
void inbox_free(struct inbox **inbox);

/* These add an entry and count it. Without memory it is only counted. */
void inbox_add_message(struct inbox *inbox, const struct inbox_message *message);
void inbox_add_request(struct inbox *inbox, const struct inbox_request *request);
void inbox_add_refusal(struct inbox *inbox, const struct inbox_refusal *refusal);

/* Increments the counter and returns its new value. */
unsigned long long inbox_count(struct inbox *inbox, enum inbox_counter counter);

/* An API request begins, and is counted; an API request ends. */
void inbox_enter(struct inbox *inbox);
void inbox_leave(struct inbox *inbox);

/* A JSON object of all counters. The caller frees it; NULL without memory. */
char *inbox_stats_to_json(struct inbox *inbox);

/* Sets all counters to 0, except the number of requests under way. */
void inbox_clear_stats(struct inbox *inbox);

/* Borrowed: valid until inbox_free(). */
struct store *inbox_messages(struct inbox *inbox);
struct store *inbox_requests(struct inbox *inbox);
struct store *inbox_refusals(struct inbox *inbox);

#endif
