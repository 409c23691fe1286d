/* SPDX-License-Identifier: ISC */
#include "control.h"
#include "page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The most that the page gets at once, which is what it can show. */
enum { PAGE_MESSAGES = 2000, PAGE_REFUSALS = 30 };

static const char content_json[] = "application/json; charset=utf-8";

/* Sends a literal, or the text of a problem. */
static enum MHD_Result send_text(struct exchange *exchange, unsigned status,
                                 const char *text)
{
    struct exchange_page page = {.status = status, .type = "text/plain; charset=utf-8"};

    return exchange_send(exchange, &page, text, strlen(text));
}

static enum MHD_Result send_done(struct exchange *exchange)
{
    struct exchange_page page = {.status = 204};

    return exchange_send(exchange, &page, "", 0);
}

/* Takes over json, which may be NULL. */
static enum MHD_Result send_json(struct exchange *exchange, char *json, size_t bytes)
{
    struct exchange_page page = {.status = 200, .type = content_json};

    return exchange_send_and_free(exchange, &page, json, bytes);
}

static enum MHD_Result send_json_text(struct exchange *exchange, char *json)
{
    return send_json(exchange, json, json == NULL ? 0 : strlen(json));
}

static const char *query(struct exchange *exchange, const char *name)
{
    return MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND,
                                       name);
}

/* Reads ?since=N. Returns false if N is not a number. */
static bool read_since(struct exchange *exchange, uint64_t *since_out)
{
    const char *text = query(exchange, "since");
    char *end;

    *since_out = 0;
    if (text == NULL)
        return true;
    if (*text < '0' || *text > '9')
        return false;
    *since_out = strtoull(text, &end, 10);
    return *end == '\0';
}

static enum MHD_Result send_store(struct exchange *exchange, struct store *store)
{
    struct store_filter filter = {
        .customer = query(exchange, "customer"),
        .number = query(exchange, "number"),
    };
    struct store_page page;

    if (!read_since(exchange, &filter.since))
        return send_text(exchange, 400, "since wants a number\n");
    if (!store_read(store, &filter, &page))
        return MHD_NO;
    return send_json(exchange, page.json, page.json_bytes);
}

static enum MHD_Result get_messages(struct exchange *exchange)
{
    return send_store(exchange, inbox_messages(exchange->simulator->inbox));
}

static enum MHD_Result delete_messages(struct exchange *exchange)
{
    store_clear(inbox_messages(exchange->simulator->inbox));
    store_clear(inbox_refusals(exchange->simulator->inbox));
    return send_done(exchange);
}

static enum MHD_Result get_requests(struct exchange *exchange)
{
    return send_store(exchange, inbox_requests(exchange->simulator->inbox));
}

static enum MHD_Result delete_requests(struct exchange *exchange)
{
    store_clear(inbox_requests(exchange->simulator->inbox));
    return send_done(exchange);
}

static enum MHD_Result get_faults(struct exchange *exchange)
{
    return send_json_text(exchange, fault_list_to_json(exchange->simulator->faults));
}

static enum MHD_Result post_faults(struct exchange *exchange)
{
    struct problem problem;

    if (exchange->is_too_large)
        return send_text(exchange, 413, "too many faults\n");
    if (exchange->body == NULL ||
        fault_list_add(exchange->simulator->faults, exchange->body, &problem))
        return send_done(exchange);
    return send_text(exchange, 400, problem.text);
}

static enum MHD_Result delete_faults(struct exchange *exchange)
{
    fault_list_clear(exchange->simulator->faults);
    return send_done(exchange);
}

static enum MHD_Result get_stats(struct exchange *exchange)
{
    return send_json_text(exchange, inbox_stats_to_json(exchange->simulator->inbox));
}

static enum MHD_Result delete_stats(struct exchange *exchange)
{
    inbox_clear_stats(exchange->simulator->inbox);
    return send_done(exchange);
}

/* What the page requests regularly: everything new since N, and the latest refusals. */
static enum MHD_Result get_inbox(struct exchange *exchange)
{
    struct inbox *inbox = exchange->simulator->inbox;
    struct store_filter news = {.latest = PAGE_MESSAGES};
    struct store_filter last = {.latest = PAGE_REFUSALS};
    struct store_page messages, refusals;
    char *json = NULL;

    if (!read_since(exchange, &news.since))
        return send_text(exchange, 400, "since wants a number\n");
    if (!store_read(inbox_messages(inbox), &news, &messages))
        return MHD_NO;
    if (store_read(inbox_refusals(inbox), &last, &refusals) &&
        asprintf(&json,
                 "{\"generation\":%" PRIu64 ",\"next\":%" PRIu64
                 ",\"messages\":%s,\"refused\":%" PRIu64 ",\"refusals\":%s}",
                 messages.generation, messages.next, messages.json, refusals.next,
                 refusals.json) < 0)
        json = NULL;
    free(messages.json);
    free(refusals.json);
    return send_json_text(exchange, json);
}

static const struct route {
    const char *path;
    const char *method;
    enum MHD_Result (*answer)(struct exchange *);
} routes[] = {
    {"/messages", "GET", get_messages},   {"/messages", "DELETE", delete_messages},
    {"/requests", "GET", get_requests},   {"/requests", "DELETE", delete_requests},
    {"/faults", "GET", get_faults},       {"/faults", "POST", post_faults},
    {"/faults", "DELETE", delete_faults}, {"/stats", "GET", get_stats},
    {"/stats", "DELETE", delete_stats},   {"/inbox", "GET", get_inbox},
};

/* Writes the methods that a path allows; "" if there is no such path. */
static void find_methods(const char *path, char *out, size_t room)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
        if (strcmp(routes[i].path, path) == 0 && used < room)
            used += (size_t)snprintf(out + used, room - used, "%s%s",
                                     used == 0 ? "" : ", ", routes[i].method);
    for (size_t i = 0; i < page_file_count; i++)
        if (strcmp(page_files[i].path, path) == 0)
            snprintf(out, room, "GET");
}

static enum MHD_Result send_file(struct exchange *exchange,
                                 const struct page_file *file)
{
    struct exchange_page page = {.status = 200, .type = file->type};

    return exchange_send(exchange, &page, (const char *)file->data, file->bytes);
}

static enum MHD_Result refuse(struct exchange *exchange)
{
    struct exchange_page page = {.status = 405, .type = "text/plain"};
    char methods[64];

    find_methods(exchange->path, methods, sizeof(methods));
    if (methods[0] == '\0')
        return send_text(exchange, 404,
                         "nothing here; README.md lists what there is\n");
    page.allow = methods;
    return exchange_send(exchange, &page, "wrong method\n", strlen("wrong method\n"));
}

enum MHD_Result control_answer(struct exchange *exchange)
{
    for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
        if (strcmp(routes[i].path, exchange->path) == 0 &&
            strcmp(routes[i].method, exchange->method) == 0)
            return routes[i].answer(exchange);
    for (size_t i = 0; i < page_file_count; i++)
        if (strcmp(page_files[i].path, exchange->path) == 0 &&
            strcmp(exchange->method, "GET") == 0)
            return send_file(exchange, &page_files[i]);
    return refuse(exchange);
}
