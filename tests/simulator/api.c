/* SPDX-License-Identifier: ISC */
#include "api.h"
#include "verdict.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { JSON_STYLE = JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE };

static const char sms_path[] = "/api/SendMessage_V3/SMS";
static const char partner_path[] = "/api/SendMessage_V3/PartnerRoute";

/* One call while it is handled. */
struct handling {
    struct simulator *simulator;
    const struct api_call *call;
    struct api_reply *reply;
    struct api_request request;
    const char *fault_name; /* the first that was applied; NULL: none */
};

bool api_owns_path(const char *path)
{
    return strncmp(path, "/api/", 5) == 0;
}

static bool is_json(const char *content_type)
{
    static const char json[] = "application/json";
    size_t length;

    if (content_type == NULL)
        return false;
    length = strcspn(content_type, "; \t");
    return length == strlen(json) && strncasecmp(content_type, json, length) == 0;
}

static void set_body(struct api_reply *reply, json_object *json)
{
    const char *text =
        json_object_to_json_string_length(json, JSON_STYLE, &reply->bytes);

    free(reply->body);
    reply->body = text == NULL ? NULL : malloc(reply->bytes + 1);
    if (reply->body == NULL)
        reply->bytes = 0;
    else
        memcpy(reply->body, text, reply->bytes + 1);
}

static void note_fault(struct handling *handling, const struct fault *fault)
{
    if (fault == NULL)
        return;
    inbox_count(handling->simulator->inbox, COUNT_FAULTS);
    if (handling->fault_name == NULL)
        handling->fault_name = fault_name(fault);
}

/* Refuses the whole request with an error object like those of ASP.NET. */
static void refuse(struct handling *handling, unsigned status, const char *message,
                   const char *reason)
{
    struct inbox_refusal refusal = {
        .error = message,
        .error_bytes = strlen(message),
        .reason = reason,
        .status = status,
    };
    json_object *json = json_object_new_object();

    handling->reply->status = status;
    json_object_object_add(json, "Message", json_object_new_string(message));
    json_object_object_add(json, "MessageDetail",
                           reason == NULL ? NULL : json_object_new_string(reason));
    set_body(handling->reply, json);
    json_object_put(json);
    inbox_add_refusal(handling->simulator->inbox, &refusal);
}

/* Returns false if this is not a POST of JSON to one of the two routes. */
static bool check_http(struct handling *handling)
{
    const struct api_call *call = handling->call;

    if (strcmp(call->path, sms_path) != 0 && strcmp(call->path, partner_path) != 0)
        refuse(handling, 404,
               "No HTTP resource was found that matches the request URI.",
               "the API's path is /api/SendMessage_V3/SMS");
    else if (strcmp(call->method, "POST") != 0)
        refuse(handling, 405,
               "The requested resource does not support this HTTP method.",
               "the API wants POST");
    else if (!is_json(call->content_type))
        refuse(handling, 415, "The request entity's media type is not supported.",
               "the API wants Content-Type: application/json");
    else if (call->is_too_large)
        refuse(handling, 413, "Maximum request length exceeded.",
               "the body is larger than 4 MiB");
    else
        return true;
    return false;
}

/* Faults that replace everything else. */
static bool is_stopped_by_fault(struct handling *handling)
{
    const struct fault *fault = handling->reply->fault;

    if (fault == NULL)
        return false;
    if (fault_kind(fault) == FAULT_RESET_BEFORE) {
        refuse(handling, 0, "The connection was reset.", "fault reset-before");
        return true;
    }
    if (fault_kind(fault) == FAULT_HTTP) {
        refuse(handling, (unsigned)fault_number(fault), "An error has occurred.",
               "fault http");
        return true;
    }
    return false;
}

/* Faults after which the client gets no status, and no answer that it can read. */
static const bool sends_nothing[] = {
    [FAULT_RESET_BEFORE] = true, [FAULT_RESET_AFTER] = true, [FAULT_CLOSE_AFTER] = true,
    [FAULT_NEVER] = true,        [FAULT_OBJECT] = false,
};
static const bool sends_no_answer[] = {
    [FAULT_RESET_AFTER] = true, [FAULT_CLOSE_AFTER] = true, [FAULT_NEVER] = true,
    [FAULT_HALF] = true,        [FAULT_NOT_JSON] = true,    [FAULT_EMPTY] = true,
    [FAULT_OBJECT] = false,
};

/* Whether the client can read an answer for the SMS at this index. */
static bool is_answered(const struct fault *fault, size_t index)
{
    if (fault == NULL)
        return true;
    if (fault_kind(fault) == FAULT_FEWER)
        return index != 0;
    if (fault_kind(fault) == FAULT_OBJECT)
        return index == 0;
    return !sends_no_answer[fault_kind(fault)];
}

static void file_messages(struct handling *handling, const struct api_sms *sms,
                          const struct verdict *verdict)
{
    const struct api_request *request = &handling->request;
    struct inbox_message message = {
        .id = verdict->id,
        .customer = sms->customer,
        .sender = sms->sender,
        .text = sms->text,
        .client_ref = sms->client_ref,
        .callback_url = sms->callback_url,
        .is_answered =
            is_answered(handling->reply->fault, (size_t)(sms - request->sms)),
    };

    for (size_t i = 0; i < sms->recipient_count; i++) {
        message.number = request->recipients[sms->first_recipient + i].number;
        inbox_add_message(handling->simulator->inbox, &message);
    }
}

/* If a fault puts the key into errorMsg, the page does not show it: it shows {key}. */
static void file_refusal(struct handling *handling, const struct api_sms *sms,
                         const struct verdict *verdict)
{
    struct inbox_refusal refusal = {
        .customer = sms->customer,
        .error = verdict->error,
        .error_bytes = verdict->error_bytes,
        .reason = verdict->reason,
        .status = 200,
    };

    if (verdict->error == NULL) {
        refusal.error = verdict->warning;
        refusal.error_bytes = verdict->warning_bytes;
    }
    if (verdict->fault != NULL && fault_kind(verdict->fault) == FAULT_ERROR)
        refusal.error = fault_text(verdict->fault, &refusal.error_bytes);
    if (sms->recipient_count > 0)
        refusal.number = handling->request.recipients[sms->first_recipient].number;
    inbox_add_refusal(handling->simulator->inbox, &refusal);
}

static json_object *handle_sms(struct handling *handling, const struct api_sms *sms)
{
    struct simulator *simulator = handling->simulator;
    bool is_partner = strcmp(handling->call->path, partner_path) == 0;
    struct verdict verdict;
    json_object *answer;

    verdict_reach(&verdict, &handling->request, sms, simulator->accounts,
                  simulator->faults, is_partner);
    note_fault(handling, verdict.fault);
    if (verdict.is_queued)
        file_messages(handling, sms, &verdict);
    else
        file_refusal(handling, sms, &verdict);
    answer = verdict_to_json(&verdict, sms->client_ref);
    verdict_clear(&verdict);
    return answer;
}

static void reverse(json_object *array)
{
    size_t length = json_object_array_length(array);

    for (size_t i = 0; i < length / 2; i++) {
        json_object *first = json_object_get(json_object_array_get_idx(array, i));
        json_object *last =
            json_object_get(json_object_array_get_idx(array, length - 1 - i));
        json_object_array_put_idx(array, i, last);
        json_object_array_put_idx(array, length - 1 - i, first);
    }
}

/* Gives the answers the form that the fault wants. */
static void set_answers(struct api_reply *reply, json_object *answers)
{
    json_object *only = json_object_array_get_idx(answers, 0);

    if (reply->fault != NULL && fault_kind(reply->fault) == FAULT_REVERSED)
        reverse(answers);
    if (reply->fault != NULL && fault_kind(reply->fault) == FAULT_FEWER)
        json_object_array_del_idx(answers, 0, 1);
    if (reply->fault != NULL && fault_kind(reply->fault) == FAULT_OBJECT)
        set_body(reply, only);
    else
        set_body(reply, answers);
}

static void handle_messages(struct handling *handling)
{
    json_object *answers = json_object_new_array();

    for (size_t i = 0; i < handling->request.sms_count; i++)
        json_object_array_add(answers, handle_sms(handling, &handling->request.sms[i]));
    handling->reply->status = 200;
    set_answers(handling->reply, answers);
    json_object_put(answers);
}

static void handle_body(struct handling *handling)
{
    const struct api_call *call = handling->call;
    struct api_request *request = &handling->request;
    struct api_reply *reply = handling->reply;
    struct problem problem;
    bool is_wellformed =
        api_request_parse(call->body, call->body_bytes, request, &problem);

    reply->fault = fault_list_pick(handling->simulator->faults, FAULT_AT_REQUEST,
                                   request->recipients, request->recipient_count);
    note_fault(handling, reply->fault);
    if (is_stopped_by_fault(handling))
        return;
    if (is_wellformed)
        handle_messages(handling);
    else
        refuse(handling, 400, "The request is invalid.", problem.text);
}

static unsigned visible_status(const struct api_reply *reply)
{
    if (reply->fault != NULL && sends_nothing[fault_kind(reply->fault)])
        return 0;
    return reply->status;
}

static void file_request(struct handling *handling)
{
    const struct api_call *call = handling->call;
    struct inbox_request entry = {
        .method = call->method,
        .path = call->path,
        .headers = call->headers,
        .body = handling->request.root,
        .body_bytes = call->body_bytes,
        .connection = call->connection,
        .status = visible_status(handling->reply),
        .fault = handling->fault_name,
    };

    inbox_add_request(handling->simulator->inbox, &entry);
}

void api_handle(struct simulator *simulator, const struct api_call *call,
                struct api_reply *reply_out)
{
    struct handling handling = {
        .simulator = simulator, .call = call, .reply = reply_out};

    memset(reply_out, 0, sizeof(*reply_out));
    if (check_http(&handling))
        handle_body(&handling);
    file_request(&handling);
    api_request_clear(&handling.request);
}

void api_handle_unread(struct simulator *simulator, const struct api_call *call,
                       struct fault *fault)
{
    struct api_reply reply = {.fault = fault};
    struct handling handling = {.simulator = simulator, .call = call, .reply = &reply};

    note_fault(&handling, fault);
    is_stopped_by_fault(&handling);
    file_request(&handling);
    free(reply.body);
}

void api_reply_clear(struct api_reply *reply)
{
    free(reply->body);
    reply->body = NULL;
    fault_release(&reply->fault);
}
