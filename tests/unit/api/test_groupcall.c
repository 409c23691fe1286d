/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/groupcall.h"
#include "base/utf8.h"

#define KEY "Key/With\\\"+chars"

static struct customer customer = {.customer_id = (char[]){"1469"}};
static const struct secret *key;

static int make_key(void **state)
{
    struct error err;

    (void)state;
    return secret_from_text(KEY, &key, &err) ? 0 : -1;
}

static int free_key(void **state)
{
    (void)state;
    secret_release(&key);
    return 0;
}

static const struct groupcall_recipient recipients[] = {
    {.number = "+447700900001", .client_ref = "Q.1"},
    {.number = "+447700900002", .client_ref = "Q.2"},
};

/* The answer is a copy of body, of its own size. */
static void read_answer(long http_status, const char *body, size_t count,
                        struct groupcall_outcome *outcomes)
{
    char *copy = strdup(body);

    assert_non_null(copy);
    groupcall_read_answer(key, http_status, copy, strlen(copy), recipients, count,
                          outcomes);
    free(copy);
}

/* ---- the request ----------------------------------------------------------------- */

static struct json_object *request_root(const char *text, size_t count)
{
    struct groupcall_request *request;
    struct json_object *root;
    struct error err;
    const char *body;
    size_t size;

    assert_true(
        groupcall_request_new(&customer, key, text, recipients, count, &request, &err));
    body = groupcall_request_body(request, &size);
    assert_int_equal(strlen(body), size);
    assert_true(utf8_is_valid(body));
    root = json_tokener_parse(body);
    groupcall_request_free(&request);
    assert_null(request);
    groupcall_request_free(&request);
    assert_non_null(root);
    return root;
}

static const char *text_of(struct json_object *object, const char *name)
{
    return json_object_get_string(json_object_object_get(object, name));
}

static void each_recipient_is_an_element(void **state)
{
    struct json_object *root, *data;

    (void)state;
    customer.sms_sender = (char[]){"Greenfield"};
    root = request_root("Hello", 2);
    data = json_object_object_get(root, "messageData");
    check_number("one field", json_object_object_length(root), 1);
    check_number("elements", (long long)json_object_array_length(data), 2);
    for (size_t i = 0; i < 2; i++) {
        struct json_object *element = json_object_array_get_idx(data, i);
        struct json_object *list = json_object_object_get(element, "Recipients");

        check_number("fields", json_object_object_length(element), 6);
        check_text("CustomerId", text_of(element, "CustomerId"), "1469");
        check_text("Password", text_of(element, "Password"), KEY);
        check_text("SMSMessage", text_of(element, "SMSMessage"), "Hello");
        check_text("SMSSender", text_of(element, "SMSSender"), "Greenfield");
        check_text("ClientRef", text_of(element, "ClientRef"),
                   recipients[i].client_ref);
        check_number("recipients", (long long)json_object_array_length(list), 1);
        check_text("MobileNumber",
                   text_of(json_object_array_get_idx(list, 0), "MobileNumber"),
                   recipients[i].number);
    }
    json_object_put(root);
    customer.sms_sender = NULL;
    root = request_root("Hello", 1);
    data = json_object_array_get_idx(json_object_object_get(root, "messageData"), 0);
    check_true("no SMSSender where none is set",
               !json_object_object_get_ex(data, "SMSSender", NULL));
    json_object_put(root);
}

static void text_arrives_as_it_is(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"quotes and backslashes", "say \"no\" \\ \\\""},
        {"an end of JSON", "\"}]},{\"CustomerId\":\"1\""},
        {"line ends", "a\nb\rc"},
        {"control characters", "\001\b\f\t\037\177"},
        {"slash", "https://example.org/"},
        {"not ASCII", "\xE2\x82\xAC \xC3\xA9 \xF0\x9F\x98\x80"},
        {"line separator of JavaScript", "\xE2\x80\xA8"},
        {"a JSON escape", "\\u0041"},
        {"a format", "100% %s %n"},
        {"HTML", "<b>&amp;</b>"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct json_object *root = request_root(rows[i].text, 1);
        struct json_object *data = json_object_object_get(root, "messageData");

        check_number(rows[i].name, (long long)json_object_array_length(data), 1);
        check_text(rows[i].name,
                   text_of(json_object_array_get_idx(data, 0), "SMSMessage"),
                   rows[i].text);
        json_object_put(root);
    }
}

/* ---- the answer ------------------------------------------------------------------ */

#define OK1 "OK 1 messages queued for sending"
#define ANSWER(message, id, ref)                                            \
    "{\"WarningMessages\":[],\"errorMsg\":" message ",\"MessageSentId\":0," \
    "\"MessageId\":" id ",\"ClientRef\":" ref "}"
#define QUEUED(id, ref) ANSWER("\"" OK1 "\"", id, ref)
#define REFUSED(ref) ANSWER("\"Data is not valid, no messages sent\"", "null", ref)
#define WARNED(words) \
    "{\"WarningMessages\":[\"" words "\"],\"errorMsg\":null,\"MessageId\":null}"

#define UNCLEAR \
    "the answer of the SMS service cannot be understood; the SMS may have been sent"

#define HTTP_UNCERTAIN(status) \
    "the SMS service answered HTTP " #status "; the SMS may have been sent"

enum { QUEUED_IT = -1 };

static void check_outcome(const char *row, const struct groupcall_outcome *outcome,
                          int kind, const char *want)
{
    if (kind == QUEUED_IT) {
        check_true(row, outcome->is_queued);
        check_text(row, outcome->message_id, want);
        return;
    }
    check_true(row, !outcome->is_queued);
    check_error(row, &outcome->error, (enum error_kind)kind,
                kind == ERROR_REFUSED     ? "5.7.1"
                : kind == ERROR_UNCERTAIN ? "4.4.2"
                : outcome->is_key_refused ? "4.7.0"
                                          : "4.4.5",
                want);
}

static void an_answer_is_an_outcome(void **state)
{
    static const struct {
        const char *name;
        long http_status;
        const char *body;
        int kind;
        const char *want; /* the id, or the text of the error */
    } rows[] = {
        {"queued", 200, "[" QUEUED("\"1469.x\"", "null") "]", QUEUED_IT, "1469.x"},
        {"queued, 201", 201, "[" QUEUED("\"a\"", "null") "]", QUEUED_IT, "a"},
        {"queued, with our reference", 200, "[" QUEUED("\"a\"", "\"Q.1\"") "]",
         QUEUED_IT, "a"},
        {"queued, two messages long", 200,
         "[" ANSWER("\"OK 2 messages queued\"", "\"a\"", "null") "]", QUEUED_IT, "a"},
        {"OK and an id", 200, "[" ANSWER("\"OK\"", "\"a\"", "null") "]", QUEUED_IT,
         "a"},
        {"a byte order of fields of its own", 200,
         "[{\"MessageId\":\"a\",\"new\":{\"x\":[1]},\"errorMsg\":\"" OK1 "\"}]",
         QUEUED_IT, "a"},
        {"white space around", 200, " \n[" QUEUED("\"a\"", "null") "]\n ", QUEUED_IT,
         "a"},

        {"credentials wrong", 200, "[" REFUSED("null") "]", ERROR_REFUSED,
         "Data is not valid, no messages sent"},
        {"customer may not", 200, "[" WARNED("Customer does not allow sending SMS") "]",
         ERROR_REFUSED, "Customer does not allow sending SMS"},
        {"partner may not", 200,
         "[" WARNED("Partner account not authorized for this customer") "]",
         ERROR_REFUSED, "Partner account not authorized for this customer"},
        {"OKAY is not OK", 200,
         "[" ANSWER("\"OKAY then, refused\"", "null", "null") "]", ERROR_REFUSED,
         "OKAY then, refused"},

        {"words that are not ASCII", 200,
         "[" ANSWER("\"\xD0\x9D\xD0\xB5\xD1\x82\"", "null", "null") "]", ERROR_REFUSED,
         "refused; the reason given is not ASCII text"},
        {"an escaped blank for words", 200, "[" ANSWER("\" \"", "null", "null") "]",
         ERROR_UNCERTAIN, UNCLEAR},

        {"OK without id", 200, "[" ANSWER("\"" OK1 "\"", "null", "null") "]",
         ERROR_UNCERTAIN, UNCLEAR},
        {"OK with an empty id", 200, "[" ANSWER("\"" OK1 "\"", "\"\"", "null") "]",
         ERROR_UNCERTAIN, UNCLEAR},
        {"OK with a number for an id", 200, "[" ANSWER("\"" OK1 "\"", "7", "null") "]",
         ERROR_UNCERTAIN, UNCLEAR},
        {"OK that queued nothing", 200,
         "[" ANSWER("\"OK 0 messages queued\"", "\"a\"", "null") "]", ERROR_UNCERTAIN,
         UNCLEAR},
        {"refused with an id", 200,
         "[" ANSWER("\"Data is not valid\"", "\"a\"", "null") "]", ERROR_UNCERTAIN,
         UNCLEAR},
        {"no words and no id", 200, "[" ANSWER("null", "null", "null") "]",
         ERROR_UNCERTAIN, UNCLEAR},
        {"a number for words", 200, "[" ANSWER("7", "null", "null") "]",
         ERROR_UNCERTAIN, UNCLEAR},
        {"an empty object", 200, "[{}]", ERROR_UNCERTAIN, UNCLEAR},
        {"an empty array", 200, "[]", ERROR_UNCERTAIN, UNCLEAR},
        {"an array of nothing", 200, "[null]", ERROR_UNCERTAIN, UNCLEAR},
        {"an array of text", 200, "[\"OK\"]", ERROR_UNCERTAIN, UNCLEAR},
        {"an object alone", 200, QUEUED("\"a\"", "null"), ERROR_UNCERTAIN, UNCLEAR},
        {"nothing", 200, "", ERROR_UNCERTAIN, UNCLEAR},
        {"204", 204, "", ERROR_UNCERTAIN, UNCLEAR},
        {"half a JSON", 200, "[{\"errorMsg\":\"" OK1 "\",\"MessageId\":\"a\"",
         ERROR_UNCERTAIN, UNCLEAR},
        {"HTML", 200, "<html>OK</html>", ERROR_UNCERTAIN, UNCLEAR},
        {"nested too deep", 200, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]",
         ERROR_UNCERTAIN, UNCLEAR},
        {"more answers than questions", 200,
         "[" QUEUED("\"a\"", "null") "," QUEUED("\"b\"", "null") "]", ERROR_UNCERTAIN,
         UNCLEAR},
        {"the one answer to one question, its reference altered", 200,
         "[" REFUSED("\"X.1\"") "]", ERROR_REFUSED,
         "Data is not valid, no messages sent"},

        {"400", 400, "", ERROR_REFUSED, "the SMS service answered HTTP 400"},
        {"401", 401, "<html>", ERROR_TEMPORARY, "the SMS service answered HTTP 401"},
        {"403 with words", 403, "[" REFUSED("null") "]", ERROR_TEMPORARY,
         "the SMS service answered HTTP 403: Data is not valid, no messages sent"},
        {"400 with words in an object", 400, "{\"errorMsg\":\"no such route\"}",
         ERROR_REFUSED, "the SMS service answered HTTP 400: no such route"},
        {"a redirect", 302, "", ERROR_UNCERTAIN, HTTP_UNCERTAIN(302)},
        {"see other, which is said when it is done", 303, "", ERROR_UNCERTAIN,
         HTTP_UNCERTAIN(303)},
        {"405", 405, "", ERROR_TEMPORARY, "the SMS service answered HTTP 405"},
        {"408", 408, "", ERROR_UNCERTAIN, HTTP_UNCERTAIN(408)},
        {"404", 404, "", ERROR_TEMPORARY, "the SMS service answered HTTP 404"},
        {"429", 429, "", ERROR_TEMPORARY, "the SMS service answered HTTP 429"},
        {"503", 503, "", ERROR_TEMPORARY, "the SMS service answered HTTP 503"},
        {"500", 500, "", ERROR_UNCERTAIN, HTTP_UNCERTAIN(500)},
        {"502", 502, "", ERROR_UNCERTAIN, HTTP_UNCERTAIN(502)},
        {"504", 504, "", ERROR_UNCERTAIN, HTTP_UNCERTAIN(504)},
        {"500 that says OK is no success", 500, "[" QUEUED("\"a\"", "null") "]",
         ERROR_UNCERTAIN, HTTP_UNCERTAIN(500) ": " OK1},
        {"599", 599, "[null]", ERROR_UNCERTAIN, HTTP_UNCERTAIN(599)},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct groupcall_outcome outcome;

        memset(&outcome, 0xFF, sizeof outcome);
        read_answer(rows[i].http_status, rows[i].body, 1, &outcome);
        check_outcome(rows[i].name, &outcome, rows[i].kind, rows[i].want);
    }
}

static void each_recipient_gets_its_own_answer(void **state)
{
    static const struct {
        const char *name, *body;
        int kinds[2];
        const char *wants[2];
    } rows[] = {
        {"in order, no references",
         "[" QUEUED("\"a\"", "null") "," QUEUED("\"b\"", "null") "]",
         {QUEUED_IT, QUEUED_IT},
         {"a", "b"}},
        {"the other way round, by reference",
         "[" QUEUED("\"b\"", "\"Q.2\"") "," QUEUED("\"a\"", "\"Q.1\"") "]",
         {QUEUED_IT, QUEUED_IT},
         {"a", "b"}},
        {"one refused",
         "[" REFUSED("\"Q.2\"") "," QUEUED("\"a\"", "\"Q.1\"") "]",
         {QUEUED_IT, ERROR_REFUSED},
         {"a", "Data is not valid, no messages sent"}},
        {"one missing, by reference",
         "[" QUEUED("\"b\"", "\"Q.2\"") "]",
         {ERROR_UNCERTAIN, QUEUED_IT},
         {UNCLEAR, "b"}},
        {"one missing, nobody knows which",
         "[" QUEUED("\"b\"", "null") "]",
         {ERROR_UNCERTAIN, ERROR_UNCERTAIN},
         {UNCLEAR, UNCLEAR}},
        {"two for one",
         "[" QUEUED("\"a\"", "\"Q.1\"") "," QUEUED("\"b\"", "\"Q.1\"") "]",
         {ERROR_UNCERTAIN, ERROR_UNCERTAIN},
         {UNCLEAR, UNCLEAR}},
        {"two for one, that contradict",
         "[" QUEUED("\"a\"", "\"Q.1\"") "," REFUSED("\"Q.1\"") "," QUEUED(
             "\"b\"", "\"Q.2\"") "]",
         {ERROR_UNCERTAIN, QUEUED_IT},
         {UNCLEAR, "b"}},
        {"no object is no answer, and keeps its place",
         "[7," QUEUED("\"b\"", "null") "]",
         {ERROR_UNCERTAIN, QUEUED_IT},
         {UNCLEAR, "b"}},
        {"a reference like another's beginning",
         "[" QUEUED("\"a\"", "\"Q.\"") "," QUEUED("\"b\"", "\"Q.2\"") "]",
         {ERROR_UNCERTAIN, QUEUED_IT},
         {UNCLEAR, "b"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct groupcall_outcome outcomes[2];

        read_answer(200, rows[i].body, 2, outcomes);
        for (size_t k = 0; k < 2; k++)
            check_outcome(rows[i].name, &outcomes[k], rows[i].kinds[k],
                          rows[i].wants[k]);
    }
}

/* KEY in a string of JSON's, as json-c or .NET would write it. */
#define KEY_IN_JSON "Key\\/With\\\\\\\"+chars"

static void the_api_s_words_are_cleaned(void **state)
{
    static const struct {
        const char *name, *body, *want;
    } rows[] = {
        {"the key", "[" ANSWER("\"Bad password " KEY_IN_JSON "!\"", "null", "null") "]",
         "Bad password ****************!"},
        {"the key in JSON within JSON",
         "[" ANSWER(
             "\"got {\\\"Password\\\":\\\"Key\\\\/With\\\\\\\\\\\\\\\"+chars\\\"}\"",
             "null", "null") "]",
         "got {\"Password\":\"*******************\"}"},
        {"the key in JSON of .NET's within JSON",
         "[" ANSWER("\"got Key/With\\\\\\\\\\\\u0022\\\\u002Bchars\"", "null",
                    "null") "]",
         "got ***************************"},
        {"the key in a warning", "[" WARNED("Password " KEY_IN_JSON) "]",
         "Password ****************"},
        {"line ends", "[" ANSWER("\"a\\r\\nb: c\"", "null", "null") "]", "a b: c"},
        {"control characters and what is not ASCII",
         "[" ANSWER("\"\\u0001a\\u001b[2J \xC3\xA9 \\u2028z \"", "null", "null") "]",
         "a [2J z"},
        {"a format", "[" ANSWER("\"100% %s%n\"", "null", "null") "]", "100% %s%n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct groupcall_outcome outcome;

        read_answer(200, rows[i].body, 1, &outcome);
        check_outcome(rows[i].name, &outcome, ERROR_REFUSED, rows[i].want);
        check_true(rows[i].name, !strstr(outcome.error.text, "chars"));
    }
}

static void remarks_are_kept_and_cleaned(void **state)
{
    static const char body[] =
        "[{\"WarningMessages\":[\"Key " KEY_IN_JSON " expires\\nsoon\",\"x\"],"
        "\"errorMsg\":\"ok 1 messages\",\"MessageId\":\"id\\n" KEY_IN_JSON "\"}]";
    struct groupcall_outcome outcome;

    (void)state;
    read_answer(200, body, 1, &outcome);
    check_outcome("id", &outcome, QUEUED_IT, "id ****************");
    check_text("warning", outcome.warning, "Key **************** expires soon");
}

static void long_words_are_cut(void **state)
{
    char *words = unit_repeat("w", 5000);
    char *body = NULL;
    struct groupcall_outcome outcome;

    (void)state;
    assert_true(asprintf(&body,
                         "[{\"errorMsg\":\"OK\",\"MessageId\":\"%s\","
                         "\"WarningMessages\":[\"%s\"]}]",
                         words, words) >= 0);
    read_answer(200, body, 1, &outcome);
    check_true("queued", outcome.is_queued);
    check_number("id", (long long)strlen(outcome.message_id), GROUPCALL_ID_SIZE - 1);
    check_number("warning", (long long)strlen(outcome.warning),
                 sizeof outcome.warning - 1);
    free(body);
    assert_true(asprintf(&body, "[{\"errorMsg\":\"%s\"}]", words) >= 0);
    read_answer(200, body, 1, &outcome);
    check_true("words fit in a reply line", strlen(outcome.error.text) < 480);
    free(body);
    free(words);
}

/* A key is masked before the words of the API are cut, since the cut could split it.
 * */
static void a_key_at_the_cut_is_masked(void **state)
{
    (void)state;
    for (size_t before = 235; before < 260; before++) {
        char *words = unit_repeat("w", before);
        char *body = NULL;
        struct groupcall_outcome outcome;

        assert_true(asprintf(&body, "[{\"errorMsg\":\"%s" KEY_IN_JSON "\"}]", words) >=
                    0);
        read_answer(200, body, 1, &outcome);
        check_true("no part of the key", !strchr(outcome.error.text, 'K'));
        free(body);
        free(words);
    }
}

static void the_key_may_be_the_reason_of_a_refusal(void **state)
{
    static const struct {
        const char *name;
        long http_status;
        const char *body;
        bool is_key_refused;
    } rows[] = {
        {"wrong credentials", 200, "[" REFUSED("null") "]", true},
        {"in other case", 200,
         "[" ANSWER("\"DATA is not valid, no messages sent\"", "null", "null") "]",
         true},
        {"with a full stop and spaces", 200,
         "[" ANSWER("\" Data is not  valid, no messages sent. \"", "null", "null") "]",
         true},
        {"the first of the words", 200,
         "[" ANSWER("\"Data is not valid\"", "null", "null") "]", true},
        {"words that name the data", 200,
         "[" ANSWER("\"Data is not valid: MobileNumber\"", "null", "null") "]", false},
        {"with an id, which contradicts it", 200,
         "[" ANSWER("\"Data is not valid, no messages sent\"", "\"a\"", "null") "]",
         false},
        {"more words", 200,
         "[" ANSWER("\"Data is not valid, no messages sent yet\"", "null", "null") "]",
         false},
        {"another refusal", 200, "[" WARNED("Customer does not allow sending SMS") "]",
         false},
        {"the words as a warning", 200,
         "[" WARNED("Data is not valid, no messages sent") "]", false},
        {"queued", 200, "[" QUEUED("\"a\"", "null") "]", false},
        {"unclear", 200, "[]", false},
        {"400 with the words", 400, "[" REFUSED("null") "]", true},
        {"400 with the words in an object", 400,
         ANSWER("\"Data is not valid.\"", "null", "null"), true},
        {"400 with other words", 400, "{\"errorMsg\":\"no such route\"}", false},
        {"400 without words", 400, "", false},
        {"401", 401, "", true},
        {"403", 403, "<html>", true},
        {"404", 404, "", false},
        {"429", 429, "", false},
        {"500 with the words", 500, "[" REFUSED("null") "]", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct groupcall_outcome outcome;

        memset(&outcome, 0xFF, sizeof outcome);
        read_answer(rows[i].http_status, rows[i].body, 1, &outcome);
        check_true(rows[i].name, outcome.is_key_refused == rows[i].is_key_refused);
    }
}

static const struct secret *make_other_key(const char *text)
{
    const struct secret *other;
    struct error err;

    assert_true(secret_from_text(text, &other, &err));
    return other;
}

static void the_keys_of_others_are_masked(void **state)
{
    const struct secret *other = make_other_key("Another+Customers-Key");
    struct groupcall_outcome outcome;

    (void)state;
    read_answer(200, "[" WARNED("not Another\\u002BCustomers-Key but " KEY_IN_JSON) "]",
                1, &outcome);
    check_text("both", outcome.error.text,
               "not ************************** but ****************");
    secret_release(&other);
}

#define LONG_KEY "a-key-of-the-usual-length/0123456789"

/* What json-c gets, it leaves in freed memory. */
static void a_long_key_never_reaches_the_json_library(void **state)
{
    const struct secret *other = make_other_key(LONG_KEY);
    char body[] = "[" QUEUED("\"x\"", "\"a-key-of-the-usual-length\\/0123456789\"") "]";
    struct groupcall_outcome outcome;

    (void)state;
    groupcall_read_answer(other, 200, body, strlen(body), recipients, 1, &outcome);
    check_outcome("queued", &outcome, QUEUED_IT, "x");
    check_true("not in the body", !strstr(body, "usual"));
    secret_release(&other);
}

/* A very long word of the vendor is no reason to doubt an answer. */
static void a_short_key_does_not_spoil_an_answer(void **state)
{
    static const char *const keys[] = {"errorMsg", "MessageId", "OK",
                                       "transmitDateTime"};

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++) {
        const struct secret *other = make_other_key(keys[i]);
        char body[] = "[{\"errorMsg\":\"" OK1 "\",\"MessageId\":\"a\","
                      "\"transmitDateTime\":\"2025\"}]";
        struct groupcall_outcome outcome;

        groupcall_read_answer(other, 200, body, strlen(body), recipients, 1, &outcome);
        check_outcome(keys[i], &outcome, QUEUED_IT, "a");
        secret_release(&other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(each_recipient_is_an_element),
        UNIT_TEST(text_arrives_as_it_is),
        UNIT_TEST(an_answer_is_an_outcome),
        UNIT_TEST(each_recipient_gets_its_own_answer),
        UNIT_TEST(the_key_may_be_the_reason_of_a_refusal),
        UNIT_TEST(the_keys_of_others_are_masked),
        UNIT_TEST(a_long_key_never_reaches_the_json_library),
        UNIT_TEST(a_short_key_does_not_spoil_an_answer),
        UNIT_TEST(the_api_s_words_are_cleaned),
        UNIT_TEST(remarks_are_kept_and_cleaned),
        UNIT_TEST(long_words_are_cut),
        UNIT_TEST(a_key_at_the_cut_is_masked),
    };

    return cmocka_run_group_tests(tests, make_key, free_key);
}
