/* SPDX-License-Identifier: ISC */
#include "inbox.h"
#include "sms_parts.h"
#include "stamp.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_MESSAGES = 200000,
    MAX_REQUESTS = 10000,
    MAX_REFUSALS = 200,
    MAX_MESSAGES_BYTES = 256 << 20,
    MAX_REQUESTS_BYTES = 128 << 20,
    MAX_REFUSALS_BYTES = 1 << 20,
    MAX_ERROR_SHOWN = 500, /* bytes of a refusal's error that are shown */
    JSON_STYLE = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
    FRACTION_DIGITS = 3
};

struct inbox {
    struct store *messages;
    struct store *requests;
    struct store *refusals;
    atomic_ullong counters[COUNTERS];
    atomic_ullong in_flight;
    atomic_ullong max_in_flight;
};

static const char *const counter_names[COUNTERS] = {
    [COUNT_REQUESTS] = "requests",       [COUNT_QUEUED] = "queued",
    [COUNT_REFUSED] = "refused",         [COUNT_FAULTS] = "faults",
    [COUNT_CONNECTIONS] = "connections", [COUNT_API_CONNECTIONS] = "api_connections",
};

struct inbox *inbox_new(void)
{
    struct inbox *inbox = calloc(1, sizeof(*inbox));

    if (inbox == NULL)
        return NULL;
    inbox->messages = store_new(MAX_MESSAGES, MAX_MESSAGES_BYTES);
    inbox->requests = store_new(MAX_REQUESTS, MAX_REQUESTS_BYTES);
    inbox->refusals = store_new(MAX_REFUSALS, MAX_REFUSALS_BYTES);
    if (inbox->messages == NULL || inbox->requests == NULL || inbox->refusals == NULL)
        inbox_free(&inbox);
    return inbox;
}

void inbox_free(struct inbox **inbox)
{
    if (*inbox == NULL)
        return;
    store_free(&(*inbox)->messages);
    store_free(&(*inbox)->requests);
    store_free(&(*inbox)->refusals);
    free(*inbox);
    *inbox = NULL;
}

static void add_text(json_object *json, const char *name, const char *text)
{
    json_object_object_add(json, name,
                           text == NULL ? NULL : json_object_new_string(text));
}

static void add_number(json_object *json, const char *name, unsigned long long number)
{
    json_object_object_add(json, name, json_object_new_uint64(number));
}

static void add_time(json_object *json)
{
    char now[STAMP_TIME_BYTES];

    stamp_time(now, FRACTION_DIGITS);
    add_text(json, "received", now);
}

/* Takes over json. */
static void file(struct store *store, json_object *json, const char *customer,
                 const char *number)
{
    store_append(store, json_object_to_json_string_ext(json, JSON_STYLE), customer,
                 number);
    json_object_put(json);
}

void inbox_add_message(struct inbox *inbox, const struct inbox_message *message)
{
    struct sms_parts parts = sms_parts_count(message->text);
    json_object *json = json_object_new_object();

    inbox_count(inbox, COUNT_QUEUED);
    add_text(json, "id", message->id);
    add_text(json, "customer", message->customer);
    add_text(json, "number", message->number);
    add_text(json, "sender", message->sender);
    add_text(json, "text", message->text);
    add_text(json, "client_ref", message->client_ref);
    add_text(json, "callback_url", message->callback_url);
    add_time(json);
    add_number(json, "characters", parts.characters);
    add_text(json, "encoding", parts.is_ucs2 ? "ucs2" : "gsm7");
    add_number(json, "units", parts.units);
    add_number(json, "parts", parts.parts);
    json_object_object_add(json, "answered",
                           json_object_new_boolean(message->is_answered));
    file(inbox->messages, json, message->customer, message->number);
}

void inbox_add_request(struct inbox *inbox, const struct inbox_request *request)
{
    json_object *json = json_object_new_object();

    add_text(json, "method", request->method);
    add_text(json, "path", request->path);
    json_object_object_add(json, "headers", json_object_get(request->headers));
    json_object_object_add(json, "body", json_object_get(request->body));
    add_number(json, "raw_bytes", request->body_bytes);
    add_number(json, "status", request->status);
    add_text(json, "fault", request->fault);
    add_number(json, "connection", request->connection);
    add_time(json);
    file(inbox->requests, json, NULL, NULL);
}

void inbox_add_refusal(struct inbox *inbox, const struct inbox_refusal *refusal)
{
    size_t bytes = refusal->error_bytes;
    json_object *json = json_object_new_object();

    inbox_count(inbox, COUNT_REFUSED);
    if (bytes > MAX_ERROR_SHOWN)
        bytes = MAX_ERROR_SHOWN;
    add_time(json);
    add_text(json, "customer", refusal->customer);
    add_text(json, "number", refusal->number);
    json_object_object_add(json, "error",
                           json_object_new_string_len(refusal->error, (int)bytes));
    add_text(json, "reason", refusal->reason);
    add_number(json, "status", refusal->status);
    file(inbox->refusals, json, refusal->customer, refusal->number);
}

unsigned long long inbox_count(struct inbox *inbox, enum inbox_counter counter)
{
    return atomic_fetch_add(&inbox->counters[counter], 1) + 1;
}

void inbox_enter(struct inbox *inbox)
{
    unsigned long long now = atomic_fetch_add(&inbox->in_flight, 1) + 1;
    unsigned long long most = atomic_load(&inbox->max_in_flight);

    inbox_count(inbox, COUNT_REQUESTS);
    while (now > most &&
           !atomic_compare_exchange_weak(&inbox->max_in_flight, &most, now))
        continue;
}

void inbox_leave(struct inbox *inbox)
{
    atomic_fetch_sub(&inbox->in_flight, 1);
}

char *inbox_stats_to_json(struct inbox *inbox)
{
    json_object *json = json_object_new_object();
    char *text;

    for (int i = 0; i < COUNTERS; i++)
        add_number(json, counter_names[i], atomic_load(&inbox->counters[i]));
    add_number(json, "in_flight", atomic_load(&inbox->in_flight));
    add_number(json, "max_in_flight", atomic_load(&inbox->max_in_flight));
    text = strdup(json_object_to_json_string_ext(json, JSON_STYLE));
    json_object_put(json);
    return text;
}

void inbox_clear_stats(struct inbox *inbox)
{
    for (int i = 0; i < COUNTERS; i++)
        atomic_store(&inbox->counters[i], 0);
    atomic_store(&inbox->max_in_flight, atomic_load(&inbox->in_flight));
}

struct store *inbox_messages(struct inbox *inbox)
{
    return inbox->messages;
}

struct store *inbox_requests(struct inbox *inbox)
{
    return inbox->requests;
}

struct store *inbox_refusals(struct inbox *inbox)
{
    return inbox->refusals;
}
