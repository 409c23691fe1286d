/* SPDX-License-Identifier: ISC */
#include "api_request.h"
#include "sms_parts.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    MAX_DEPTH = 32,
    MAX_API_CHARACTERS = 918, /* the vendor's SMS guide: 6 parts of 153 */
    LEAST_DIGITS = 7,         /* our own limit; E.164 sets no minimum */
    MOST_DIGITS = 15          /* E.164, 6.2.1 */
};

/* Reads a text field that may be missing. Returns false if it is not text. */
static bool read_text(json_object *object, const char *name, const char **text_out)
{
    json_object *value = json_object_object_get(object, name);

    *text_out = NULL;
    if (value == NULL)
        return true;
    if (!json_object_is_type(value, json_type_string))
        return false;
    *text_out = json_object_get_string(value);
    return strlen(*text_out) == (size_t)json_object_get_string_len(value);
}

static bool read_fields(json_object *element, struct api_sms *sms)
{
    const struct {
        const char *name;
        const char **text;
    } fields[] = {
        {"CustomerId", &sms->customer},  {"Password", &sms->password},
        {"SMSMessage", &sms->text},      {"SMSSender", &sms->sender},
        {"ClientRef", &sms->client_ref}, {"CallbackUrl", &sms->callback_url},
    };
    bool ok = true;

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
        ok = read_text(element, fields[i].name, fields[i].text) && ok;
    return ok;
}

/* Whether this is "+", a digit other than 0, and more digits. */
static bool is_international(const char *number)
{
    size_t digits = strspn(number + (*number == '+'), "0123456789");

    return number[0] == '+' && number[1] != '0' && number[1 + digits] == '\0' &&
           digits >= LEAST_DIGITS && digits <= MOST_DIGITS;
}

/* Returns for example "Id=17"; NULL if Id is not a number, or without memory. 0 counts
 * as not set; *is_set_out says so. */
static char *read_id(json_object *recipient, bool *is_set_out)
{
    json_object *value = json_object_object_get(recipient, "Id");
    char text[32];

    *is_set_out = value != NULL && !(json_object_is_type(value, json_type_int) &&
                                     json_object_get_int64(value) == 0);
    if (!*is_set_out || !json_object_is_type(value, json_type_int) ||
        json_object_get_int64(value) < 0)
        return NULL;
    snprintf(text, sizeof(text), "Id=%" PRId64, json_object_get_int64(value));
    return strdup(text);
}

static char *name_and_value(const char *name, const char *value)
{
    size_t room = strlen(name) + strlen(value) + 2;
    char *text = malloc(room);

    if (text != NULL)
        snprintf(text, room, "%s=%s", name, value);
    return text;
}

/* Reads the recipient from the first field that is set, in the vendor's order. Returns
 * NULL if there is none, if it is malformed, or without memory. The caller frees the
 * result. */
static char *read_recipient(json_object *recipient)
{
    static const char *const names[] = {"ExternalId", "MessengerId", "IdaasId",
                                        "EmailAddress"};
    const char *text;
    bool is_set;
    char *id;

    if (!json_object_is_type(recipient, json_type_object))
        return NULL;
    id = read_id(recipient, &is_set);
    if (is_set)
        return id;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (!read_text(recipient, names[i], &text))
            return NULL;
        if (text != NULL && *text != '\0')
            return name_and_value(names[i], text);
    }
    if (!read_text(recipient, "MobileNumber", &text) || text == NULL)
        return NULL;
    return is_international(text) ? strdup(text) : NULL;
}

static bool add_recipient(struct api_request *request, const char *customer,
                          char *number)
{
    size_t count = request->recipient_count;
    struct fault_subject *recipients = request->recipients;

    /* The memory grows at each power of two. */
    if ((count & (count - 1)) == 0)
        recipients =
            realloc(recipients, (count == 0 ? 1 : 2 * count) * sizeof(*recipients));
    if (recipients == NULL)
        return false;
    request->recipients = recipients;
    recipients[count].customer = customer == NULL ? "" : customer;
    recipients[count].number = number;
    request->recipient_count++;
    return true;
}

/* Returns what is wrong with Recipients; NULL if at least one can be reached. */
static const char *read_recipients(struct api_request *request, json_object *element,
                                   struct api_sms *sms)
{
    json_object *list = json_object_object_get(element, "Recipients");

    sms->first_recipient = request->recipient_count;
    if (!json_object_is_type(list, json_type_array) ||
        json_object_array_length(list) == 0)
        return "Recipients is not an array of objects";
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        char *number = read_recipient(json_object_array_get_idx(list, i));
        if (number == NULL)
            continue;
        if (!add_recipient(request, sms->customer, number))
            free(number);
        else
            sms->recipient_count++;
    }
    if (sms->recipient_count > 0)
        return NULL;
    return "no recipient with an id, an address or an international MobileNumber";
}

static const char *check_text(const struct api_sms *sms)
{
    if (sms->text == NULL || *sms->text == '\0')
        return "SMSMessage is missing or empty";
    if (sms_parts_count(sms->text).api_characters > MAX_API_CHARACTERS)
        return "SMSMessage is longer than 918 characters";
    return NULL;
}

static void read_sms(struct api_request *request, json_object *element,
                     struct api_sms *sms)
{
    const char *wrong_recipients;

    if (!json_object_is_type(element, json_type_object)) {
        sms->wrong = "an element of messageData is not an object";
        return;
    }
    if (!read_fields(element, sms))
        sms->wrong = "a field that should be text is something else";
    wrong_recipients = read_recipients(request, element, sms);
    if (sms->wrong == NULL)
        sms->wrong = check_text(sms);
    if (sms->wrong == NULL)
        sms->wrong = wrong_recipients;
}

/* Refuses what json-c 0.16 accepts even in strict mode: '...' as a string, NaN,
 * Infinity, and control characters in a string (RFC 8259, 7). */
static bool is_strict(const char *body, size_t bytes)
{
    bool is_in_string = false;

    for (size_t i = 0; i < bytes; i++) {
        if (is_in_string && (unsigned char)body[i] < ' ')
            return false;
        if (!is_in_string && (body[i] == '\'' || body[i] == 'N' || body[i] == 'I'))
            return false;
        if (body[i] == '"')
            is_in_string = !is_in_string;
        else if (is_in_string && body[i] == '\\')
            i++;
    }
    return true;
}

static bool parse_json(const char *body, size_t bytes, json_object **root_out,
                       struct problem *problem)
{
    json_tokener *tokener = json_tokener_new_ex(MAX_DEPTH);
    enum json_tokener_error result;

    if (tokener == NULL)
        return problem_set(problem, "out of memory");
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    *root_out = json_tokener_parse_ex(tokener, body, (int)bytes);
    result = json_tokener_get_error(tokener);
    json_tokener_free(tokener);
    if (result == json_tokener_success && is_strict(body, bytes))
        return true;
    json_object_put(*root_out);
    *root_out = NULL;
    return problem_set(problem, "the body is not JSON: %s",
                       result == json_tokener_success
                           ? "wrong quotes, number or control character"
                           : json_tokener_error_desc(result));
}

bool api_request_parse(const char *body, size_t bytes, struct api_request *request_out,
                       struct problem *problem)
{
    json_object *list;

    memset(request_out, 0, sizeof(*request_out));
    if (!parse_json(body, bytes, &request_out->root, problem))
        return false;
    if (!json_object_is_type(request_out->root, json_type_object))
        return problem_set(problem, "the body is not a JSON object");
    list = json_object_object_get(request_out->root, "messageData");
    if (!json_object_is_type(list, json_type_array))
        return problem_set(problem, "messageData is not an array");

    read_text(request_out->root, "PartnerKey", &request_out->partner_key);
    request_out->has_style_class =
        json_object_object_get(request_out->root, "styleClass") != NULL;
    request_out->sms_count = json_object_array_length(list);
    request_out->sms = calloc(request_out->sms_count + 1, sizeof(struct api_sms));
    if (request_out->sms == NULL)
        return problem_set(problem, "out of memory");
    for (size_t i = 0; i < request_out->sms_count; i++)
        read_sms(request_out, json_object_array_get_idx(list, i), &request_out->sms[i]);
    return true;
}

void api_request_clear(struct api_request *request)
{
    for (size_t i = 0; i < request->recipient_count; i++)
        free(request->recipients[i].number);
    free(request->recipients);
    free(request->sms);
    json_object_put(request->root);
    memset(request, 0, sizeof(*request));
}
