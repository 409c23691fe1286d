/* SPDX-License-Identifier: ISC */
#include "api/groupcall.h"

#include <json.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "secret/secret_memory.h"

/* The API's words in a reply: long enough to say what is wrong. Together with the
 * number before them they stay well below the 512 octets of a reply line (RFC 5321
 * section 4.5.3.1.5). */
enum { WORDS_SIZE = 256 };

/* How much of the API's words is searched for keys. A key that begins in the part that
 * is kept ends within this size, even with every character in its longest form. */
enum { WORDS_MASKED_SIZE = WORDS_SIZE + SECRET_ESCAPED_BYTES * SECRET_MAX_BYTES };

/* Keys of at least this length are masked in an answer before it is parsed. A shorter
 * key could be part of one of the vendor's own words ("transmitDateTime" is the
 * longest). Asterisks in such a word would make the answer unreadable, and nobody would
 * know what was sent. */
enum { MIN_LONG_KEY = 17 };

/* In a longer answer only the key of the request is looked for. Such an answer belongs
 * to a request with very many numbers, and looking for the keys of ten thousand
 * customers would take seconds. */
enum { MAX_MASKED_BYTES = 16 * 1024 };

/* The deepest answer of the vendor is an array in an object in an array. */
enum { JSON_MAX_DEPTH = 16 };

struct groupcall_request {
    size_t size_bytes;
    char body[];
};

/* ---- the request ---- */

/* Takes over value. json-c frees it together with the object. */
static bool put(struct json_object *object, const char *name, struct json_object *value)
{
    if (value && json_object_object_add(object, name, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

static struct json_object *make_recipients(const char *number)
{
    struct json_object *list = json_object_new_array();
    struct json_object *recipient = json_object_new_object();

    if (list && recipient &&
        put(recipient, "MobileNumber", json_object_new_string(number)) &&
        json_object_array_add(list, recipient) == 0)
        return list;
    json_object_put(recipient);
    json_object_put(list);
    return NULL;
}

static struct json_object *make_element(const struct customer *customer,
                                        const char *password, const char *text,
                                        const struct groupcall_recipient *recipient)
{
    struct json_object *element = json_object_new_object();

    if (element &&
        put(element, "CustomerId", json_object_new_string(customer->customer_id)) &&
        put(element, "Password", json_object_new_string(password)) &&
        put(element, "SMSMessage", json_object_new_string(text)) &&
        put(element, "Recipients", make_recipients(recipient->number)) &&
        (!customer->sms_sender ||
         put(element, "SMSSender", json_object_new_string(customer->sms_sender))) &&
        put(element, "ClientRef", json_object_new_string(recipient->client_ref)))
        return element;
    json_object_put(element);
    return NULL;
}

static struct json_object *make_root(const struct customer *customer,
                                     const char *password, const char *text,
                                     const struct groupcall_recipient *recipients,
                                     size_t count)
{
    struct json_object *root = json_object_new_object();
    struct json_object *data = json_object_new_array();
    bool is_complete = root && put(root, "messageData", data);

    for (size_t i = 0; i < count && is_complete; i++) {
        struct json_object *element =
            make_element(customer, password, text, &recipients[i]);

        is_complete = element && json_object_array_add(data, element) == 0;
    }
    if (is_complete)
        return root;
    json_object_put(root);
    return NULL;
}

/* Escapes the key for a JSON string. Only these two characters need a backslash,
 * because a key is printable ASCII (RFC 8259 section 7). */
static size_t escape_key(const char *key, char *escaped_out)
{
    size_t length = 0;

    for (; *key; key++) {
        if (*key == '"' || *key == '\\')
            escaped_out[length++] = '\\';
        escaped_out[length++] = *key;
    }
    return length;
}

/* A quote inside a text is written with a backslash, so this sequence appears only at
 * the password. */
static const char password_name[] = "\"Password\":\"";

static void put_key(char *body, const char *escaped, size_t length)
{
    while ((body = strstr(body, password_name))) {
        body += sizeof password_name - 1;
        memcpy(body, escaped, length);
    }
}

static size_t size_of(size_t body_bytes)
{
    return sizeof(struct groupcall_request) + body_bytes + 1;
}

static struct groupcall_request *copy_body(const char *text, size_t size_bytes)
{
    struct groupcall_request *request = secret_memory_alloc(size_of(size_bytes));

    if (!request)
        return NULL;
    memcpy(request->body, text, size_bytes + 1);
    request->size_bytes = size_bytes;
    return request;
}

/* json-c leaves copies of what it writes in many places of the heap, so it never gets
 * the key. It writes asterisks of the same length, and the key replaces them in our own
 * buffer. */
bool groupcall_request_new(const struct customer *customer, const struct secret *key,
                           const char *text,
                           const struct groupcall_recipient *recipients, size_t count,
                           struct groupcall_request **request_out, struct error *err)
{
    char escaped[2 * SECRET_MAX_BYTES], asterisks[sizeof escaped + 1];
    size_t key_length = escape_key(secret_text(key), escaped), length = 0;
    struct json_object *root;
    const char *json = NULL;

    *request_out = NULL;
    memset(asterisks, '*', key_length);
    asterisks[key_length] = '\0';
    root = make_root(customer, asterisks, text, recipients, count);
    if (root)
        json = json_object_to_json_string_length(
            root, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
    if (json)
        *request_out = copy_body(json, length);
    if (*request_out)
        put_key((*request_out)->body, escaped, key_length);
    json_object_put(root);
    secret_wipe(escaped, sizeof escaped);
    return *request_out || error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
}

void groupcall_request_free(struct groupcall_request **request)
{
    if (!*request)
        return;
    secret_memory_free(*request, size_of((*request)->size_bytes));
    *request = NULL;
}

const char *groupcall_request_body(const struct groupcall_request *request,
                                   size_t *size_bytes_out)
{
    *size_bytes_out = request->size_bytes;
    return request->body;
}

/* ---- the API's words ---- */

/* Copies one line of printable ASCII (RFC 5321 section 4.2.1 allows nothing else
 * without SMTPUTF8). */
static void copy_printable(const char *words, char *copy, size_t size)
{
    size_t used = 0;

    for (; *words && used < size - 1; words++) {
        bool is_plain = *words > ' ' && *words <= '~';

        if (is_plain)
            copy[used++] = *words;
        else if (used > 0 && copy[used - 1] != ' ')
            copy[used++] = ' ';
    }
    copy[used] = '\0';
}

/* Makes text from elsewhere safe for a reply and a log: printable, bounded, and without
 * anyone's key. No key contains a space, so folding spaces hides none. */
static void clean_words(const char *words, char words_out[WORDS_SIZE])
{
    char copy[WORDS_MASKED_SIZE];
    size_t length;

    copy_printable(words, copy, sizeof copy);
    secret_mask_known(copy, WORDS_SIZE, 1);
    length = strnlen(copy, WORDS_SIZE - 1);
    while (length > 0 && copy[length - 1] == ' ')
        length--;
    memcpy(words_out, copy, length);
    words_out[length] = '\0';
    secret_wipe(copy, sizeof copy);
}

static struct json_object *get(struct json_object *object, const char *name)
{
    struct json_object *value = NULL;

    json_object_object_get_ex(object, name, &value);
    return value;
}

/* The text of a field; "" if it is missing, null or not a string. */
static const char *get_text(struct json_object *object, const char *name)
{
    struct json_object *value = get(object, name);

    return json_object_is_type(value, json_type_string) ? json_object_get_string(value)
                                                        : "";
}

static const char *first_warning(struct json_object *answer)
{
    struct json_object *warnings = get(answer, "WarningMessages");
    struct json_object *first = NULL;

    if (json_object_is_type(warnings, json_type_array))
        first = json_object_array_get_idx(warnings, 0);
    return json_object_is_type(first, json_type_string) ? json_object_get_string(first)
                                                        : "";
}

/* ---- one element of the answer ---- */

static void fail(struct groupcall_outcome *outcome, enum error_kind kind,
                 const char *status, const char *words)
{
    *outcome = (struct groupcall_outcome){.is_queued = false};
    error_set(&outcome->error, kind, status, "%s", words);
}

static void fail_unclear(struct groupcall_outcome *outcome)
{
    fail(outcome, ERROR_UNCERTAIN, "4.4.2",
         "the answer of the SMS service cannot be understood; the SMS may have been "
         "sent");
}

/* Reads the number in "OK n messages queued for sending"; -1 if there is none. */
static long queued_count(const char *message)
{
    char *end;
    long count = strtol(message + 2, &end, 10);

    return end == message + 2 ? -1 : count;
}

/* What the API says if credentials are wrong, expired or missing, but also about other
 * data that it refuses. */
static const char *const words_of_a_wrong_key[] = {
    "Data is not valid, no messages sent",
    "Data is not valid",
};

/* Compares without regard to case or a full stop at the end. */
static bool may_mean_a_wrong_key(const char *message)
{
    char words[WORDS_SIZE];
    bool is_one = false;
    size_t length;

    copy_printable(message, words, sizeof words);
    length = strlen(words);
    while (length > 0 && (words[length - 1] == ' ' || words[length - 1] == '.'))
        words[--length] = '\0';
    for (size_t i = 0; i < sizeof words_of_a_wrong_key / sizeof *words_of_a_wrong_key;
         i++)
        is_one = is_one || strcasecmp(words, words_of_a_wrong_key[i]) == 0;
    secret_wipe(words, sizeof words); /* the API may have repeated the key in them */
    return is_one;
}

/* A reply cannot show such words, but the API did say something. */
static bool is_beyond_ascii(const char *text)
{
    while (*text && (unsigned char)*text < 0x80)
        text++;
    return *text != '\0';
}

/* HTTP 200 alone is not success: only "OK" together with an id is. An "OK" that queued
 * nothing or has no id contradicts itself, so the outcome is unknown. */
static void read_element(struct json_object *answer, struct groupcall_outcome *outcome)
{
    const char *message = get_text(answer, "errorMsg");
    const char *id = get_text(answer, "MessageId");
    const char *warning = first_warning(answer);
    bool is_ok =
        strncasecmp(message, "OK", 2) == 0 && (message[2] == '\0' || message[2] == ' ');
    char words[WORDS_SIZE];

    if (is_ok && *id && queued_count(message) != 0) {
        *outcome = (struct groupcall_outcome){.is_queued = true};
        clean_words(id, words);
        snprintf(outcome->message_id, sizeof outcome->message_id, "%.*s",
                 GROUPCALL_ID_SIZE - 1, words);
        clean_words(warning, words);
        snprintf(outcome->warning, sizeof outcome->warning, "%s", words);
        return;
    }
    clean_words(*message ? message : warning, words);
    if (*words == '\0' && is_beyond_ascii(*message ? message : warning))
        snprintf(words, sizeof words, "refused; the reason given is not ASCII text");
    if (is_ok || *id || *words == '\0') {
        fail_unclear(outcome);
        return;
    }
    fail(outcome, ERROR_REFUSED, "5.7.1", words);
    outcome->is_key_refused = may_mean_a_wrong_key(message);
}

/* ---- the whole answer ---- */

static struct json_object *parse(const char *body, size_t size_bytes)
{
    struct json_tokener *tokener = json_tokener_new_ex(JSON_MAX_DEPTH);
    struct json_object *root = NULL;

    if (!tokener)
        return NULL;
    if (size_bytes <= INT32_MAX)
        root = json_tokener_parse_ex(tokener, body, (int)size_bytes);
    if (json_tokener_get_error(tokener) != json_tokener_success) {
        json_object_put(root);
        root = NULL;
    }
    json_tokener_free(tokener);
    return root;
}

/* Finds the recipient of an element by the reference that it repeats. The vendor
 * promises no order, so the position counts only if the element has no reference and
 * there are as many elements as recipients. Returns count if there is no such
 * recipient. */
static size_t find_recipient(struct json_object *answer, size_t place,
                             size_t answer_count,
                             const struct groupcall_recipient *recipients, size_t count)
{
    const char *ref = get_text(answer, "ClientRef");

    if (answer_count == 1 && count == 1)
        return place; /* whatever happened to the reference */
    if (*ref == '\0')
        return answer_count == count ? place : count;
    for (size_t i = 0; i < count; i++)
        if (strcmp(recipients[i].client_ref, ref) == 0)
            return i;
    return count;
}

static void read_elements(struct json_object *root,
                          const struct groupcall_recipient *recipients, size_t count,
                          struct groupcall_outcome *outcomes)
{
    size_t answer_count = json_object_array_length(root);
    bool *is_answered = calloc(count, sizeof *is_answered);

    for (size_t i = 0; i < answer_count && is_answered; i++) {
        struct json_object *answer = json_object_array_get_idx(root, i);
        size_t which;

        if (!json_object_is_type(answer, json_type_object))
            continue;
        which = find_recipient(answer, i, answer_count, recipients, count);
        if (which == count)
            continue;
        if (is_answered[which])
            fail_unclear(&outcomes[which]); /* two answers for one recipient */
        else
            read_element(answer, &outcomes[which]);
        is_answered[which] = true;
    }
    free(is_answered);
}

/* Whether the status means that the credentials were not accepted (RFC 9110 sections
 * 15.5.2 and 15.5.4). They belong to the administrator, so the mail is deferred until
 * they are corrected. */
static bool is_key_status(long http_status)
{
    return http_status == 401 || http_status == 403;
}

/* Whether the key may be the reason. Among the other HTTP errors only 400 is a
 * refusal. */
static bool is_key_refusal(long http_status, const char *message)
{
    return is_key_status(http_status) ||
           (http_status == 400 && may_mean_a_wrong_key(message));
}

/* An HTTP error applies to the whole request. If the answer has words of the API, they
 * are the first errorMsg. */
static void fail_all(enum error_kind kind, const char *status, long http_status,
                     struct json_object *root, size_t count,
                     struct groupcall_outcome *outcomes)
{
    struct json_object *answer = root;
    const char *message = "";
    char words[WORDS_SIZE];
    char text[WORDS_SIZE + 80];

    if (json_object_is_type(root, json_type_array))
        answer = json_object_array_get_idx(root, 0);
    if (json_object_is_type(answer, json_type_object))
        message = get_text(answer, "errorMsg");
    clean_words(message, words);
    snprintf(text, sizeof text, "the SMS service answered HTTP %ld%s%s%s", http_status,
             kind == ERROR_UNCERTAIN ? "; the SMS may have been sent" : "",
             *words ? ": " : "", words);
    for (size_t i = 0; i < count; i++) {
        fail(&outcomes[i], kind, status, text);
        outcomes[i].is_key_refused = is_key_refusal(http_status, message);
    }
}

static bool is_success(long http_status)
{
    return http_status >= 200 && http_status <= 299;
}

/* Statuses of a server that did not act on the request: the address has moved (301,
 * 307, 308), or is unknown (404); the server does not accept the method (405), a body
 * of this size (413) or of this type (415); or it asks the client to wait (429, 503).
 * For any other status, such as 303 "see other", it is not known. */
static bool is_not_sent(long http_status)
{
    static const long statuses[] = {301, 307, 308, 404, 405, 413, 415, 429, 503};

    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i] == http_status)
            return true;
    return false;
}

static void read_root(struct json_object *root, long http_status,
                      const struct groupcall_recipient *recipients, size_t count,
                      struct groupcall_outcome *outcomes)
{
    if (is_success(http_status)) {
        if (json_object_is_type(root, json_type_array))
            read_elements(root, recipients, count, outcomes);
    } else if (is_key_status(http_status)) {
        fail_all(ERROR_TEMPORARY, "4.7.0", http_status, root, count, outcomes);
    } else if (http_status == 400) {
        fail_all(ERROR_REFUSED, "5.7.1", http_status, root, count, outcomes);
    } else if (is_not_sent(http_status)) {
        fail_all(ERROR_TEMPORARY, "4.4.5", http_status, root, count, outcomes);
    } else {
        fail_all(ERROR_UNCERTAIN, "4.4.2", http_status, root, count, outcomes);
    }
}

/* json-c frees what it read without wiping it, so the key is masked before. */
static void mask_answer(const struct secret *key, char *body, size_t size_bytes)
{
    if (size_bytes <= MAX_MASKED_BYTES)
        secret_mask_known(body, size_bytes, MIN_LONG_KEY);
    else if (strlen(secret_text(key)) >= MIN_LONG_KEY)
        secret_mask(key, body, size_bytes);
}

void groupcall_read_answer(const struct secret *key, long http_status, char *body,
                           size_t size_bytes,
                           const struct groupcall_recipient *recipients, size_t count,
                           struct groupcall_outcome *outcomes_out)
{
    struct json_object *root;

    mask_answer(key, body, size_bytes);
    root = parse(body, size_bytes);
    for (size_t i = 0; i < count; i++)
        fail_unclear(&outcomes_out[i]);
    read_root(root, http_status, recipients, count, outcomes_out);
    json_object_put(root);
}
