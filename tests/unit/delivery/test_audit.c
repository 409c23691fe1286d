/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/audit_log.h"
#include "base/utf8.h"
#include "delivery/audit.h"

static char customer_name[] = "greenfield";
static struct customer customer = {.name = customer_name};
static char written[64 * 1024];

/* What one event adds to a file of its own. */
static const char *write_event(const struct audit_event *event)
{
    struct error err;
    FILE *file;
    size_t length;

    unlink("audit");
    if (!audit_log_open("audit", NULL, &customer.audit_log, &err))
        fail_msg("%s", err.text);
    audit_write(&customer, event);
    audit_log_close(&customer.audit_log);
    file = fopen("audit", "r");
    assert_non_null(file);
    length = fread(written, 1, sizeof written - 1, file);
    fclose(file);
    written[length] = '\0';
    check_number("no NUL", (long long)strlen(written), (long long)length);
    return written;
}

/* After the time, which differs. */
static const char *rest_of(const char *line)
{
    static const char form[] = "{\"time\":\"0000-00-00T00:00:00.000Z\"";

    for (size_t i = 0; form[i]; i++) {
        bool is_digit = line[i] >= '0' && line[i] <= '9';

        if (form[i] == '0' ? !is_digit : line[i] != form[i])
            return line;
    }
    return line + sizeof form - 1;
}

static void a_line_says_all_in_order(void **state)
{
    static const struct audit_event full = {.event = "sms",
                                            .sender = "office@greenfield.sch.example",
                                            .client = "192.0.2.1",
                                            .login = "office",
                                            .proof = "sasl",
                                            .rule = "sender-auth",
                                            .number = "+447700900123",
                                            .parts = 2,
                                            .outcome = "sent",
                                            .is_earlier = true,
                                            .status = "2.0.0",
                                            .reason = "queued",
                                            .queue_id = "4bXyz1",
                                            .message_id = "<a@b>",
                                            .api_message_id = "77"};
    static const char want[] =
        ",\"event\":\"sms\",\"customer\":\"greenfield\",\"sender\":"
        "\"office@greenfield.sch.example\",\"client\":\"192.0.2.1\",\"login\":"
        "\"office\","
        "\"proof\":\"sasl\",\"rule\":\"sender-auth\",\"number\":\"+44*******123\","
        "\"parts\":2,\"outcome\":\"sent\",\"earlier\":true,\"status\":\"2.0.0\","
        "\"reason\":\"queued\","
        "\"queue_id\":\"4bXyz1\",\"message_id\":\"<a@b>\",\"api_message_id\":\"77\"}\n";

    (void)state;
    check_text("every member", rest_of(write_event(&full)), want);
}

static void what_is_not_known_is_left_out(void **state)
{
    static const struct audit_event refused = {.event = "recipient-refused",
                                               .sender = "",
                                               .client = "",
                                               .rule = "deny",
                                               .number = "",
                                               .status = "5.7.1"};

    (void)state;
    check_text("NULL, \"\" and 0", rest_of(write_event(&refused)),
               ",\"event\":\"recipient-refused\",\"customer\":\"greenfield\","
               "\"rule\":\"deny\",\"status\":\"5.7.1\"}\n");
}

static void numbers_are_masked_unless_wanted_in_full(void **state)
{
    static const struct audit_event event = {.event = "sms", .number = "+447700900123"};

    (void)state;
    check_true("masked", strstr(write_event(&event), "\"+44*******123\""));
    check_true("and nowhere else", !strstr(written, "7700900"));
    customer.has_audit_numbers_in_full = true;
    check_true("in full", strstr(write_event(&event), "\"+447700900123\""));
    customer.has_audit_numbers_in_full = false;
}

static void a_customer_without_a_file_gets_none(void **state)
{
    const struct audit_event event = {.event = "sms"};

    (void)state;
    unlink("audit");
    audit_write(&customer, &event);
    check_true("no file", access("audit", F_OK) != 0);
}

static void the_time_is_now(void **state)
{
    const struct audit_event event = {.event = "sms"};
    struct tm utc = {0};
    time_t before = time(NULL), then;

    (void)state;
    write_event(&event);
    check_true("of the form", strptime(written + sizeof "{\"time\":\"" - 1,
                                       "%Y-%m-%dT%H:%M:%S", &utc));
    then = timegm(&utc);
    check_true("UTC", then >= before && then <= time(NULL));
}

/* What a reader of JSON makes of a member. */
static char *read_member(const char *name)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *object, *value;
    char *copy = NULL;

    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
    object = json_tokener_parse_ex(tokener, written, (int)strlen(written));
    if (object && json_object_object_get_ex(object, name, &value))
        copy = strdup(json_object_get_string(value));
    json_object_put(object);
    json_tokener_free(tokener);
    return copy;
}

static bool is_one_printable_line(const char *line)
{
    const char *at = line;
    uint32_t point = 0;

    while (utf8_next(&at, &point) && point != '\n')
        if (point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 ||
            point == 0x2029 || point == 0x202E)
            return false;
    return utf8_is_valid(line) && point == '\n' && *at == '\0';
}

#define FFFD "\xEF\xBF\xBD"

static void strangers_forge_nothing(void **state)
{
    static const struct {
        const char *name, *text, *json, *value; /* value NULL: it is text */
    } rows[] = {
        {"a quote", "\"@x", "\"\\\"@x\"", NULL},
        {"a member", "a\",\"outcome\":\"sent", "\"a\\\",\\\"outcome\\\":\\\"sent\"",
         NULL},
        {"a backslash", "a\\", "\"a\\\\\"", NULL},
        {"a line", "a\n{\"event\":\"sms\"}", "\"a\\n{\\\"event\\\":\\\"sms\\\"}\"",
         NULL},
        {"CR, tab", "\r\t", "\"\\r\\t\"", NULL},
        {"escape", "\033[2J", "\"\\u001b[2J\"", NULL},
        {"delete", "a\177", "\"a\\u007f\"", NULL},
        {"C1",
         "\xC2\x9B"
         "2J",
         "\"\\u009b2J\"", NULL},
        {"next line", "\xC2\x85", "\"\\u0085\"", NULL},
        {"line separator", "\xE2\x80\xA8", "\"\\u2028\"", NULL},
        {"right-to-left override", "\xE2\x80\xAE", "\"\\u202e\"", NULL},
        {"isolate", "\xE2\x81\xA6", "\"\\u2066\"", NULL},
        {"a slash", "a/b", "\"a/b\"", NULL},
        {"an accent stays", "Zo\xC3\xAB", "\"Zo\xC3\xAB\"", NULL},
        {"an emoji stays", "\xF0\x9F\x98\x80", "\"\xF0\x9F\x98\x80\"", NULL},
        {"Latin-1", "Zo\xEB!", "\"Zo" FFFD "!\"", "Zo" FFFD "!"},
        {"half a character", "a\xE2\x82", "\"a" FFFD FFFD "\"", "a" FFFD FFFD},
        {"overlong", "\xC0\xAF", "\"" FFFD FFFD "\"", FFFD FFFD},
        {"surrogate", "\xED\xA0\x80", "\"" FFFD FFFD FFFD "\"", FFFD FFFD FFFD},
        {"replaced before", "a" FFFD "b", "\"a" FFFD "b\"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct audit_event event = {.event = "sms", .sender = rows[i].text};
        char want[256], *value;

        write_event(&event);
        snprintf(want, sizeof want,
                 ",\"event\":\"sms\",\"customer\":\"greenfield\",\"sender\":%s}\n",
                 rows[i].json);
        check_text(rows[i].name, rest_of(written), want);
        check_true(rows[i].name, is_one_printable_line(written));
        value = read_member("sender");
        check_text(rows[i].name, value, rows[i].value ? rows[i].value : rows[i].text);
        free(value);
    }
}

/* Every text that a stranger chooses is very long, and made of the characters whose
 * escapes are longest. */
static void a_line_has_its_greatest_length(void **state)
{
    static const struct {
        const char *name, *piece;
    } rows[] = {
        {"letters", "x"},
        {"quotes", "\""},
        {"controls", "\001"},
        {"C1", "\xC2\x9B"},
        {"accents", "\xC3\xAB"},
        {"emoji", "\xF0\x9F\x98\x80"},
        {"no UTF-8", "\xFF"},
        {"separators", "\xE2\x80\xA8"},
        {"mixed", "a\xE2\x82\xAC\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = unit_repeat(rows[i].piece, 5000), *value;
        const struct audit_event event = {.event = text,
                                          .sender = text,
                                          .client = text,
                                          .login = text,
                                          .proof = text,
                                          .rule = text,
                                          .number = text,
                                          .parts = ~0U,
                                          .outcome = text,
                                          .is_earlier = true,
                                          .status = text,
                                          .reason = text,
                                          .queue_id = text,
                                          .message_id = text,
                                          .api_message_id = text};
        size_t length;

        customer.name = text;
        customer.has_audit_numbers_in_full = true;
        length = strlen(write_event(&event));
        check_true(rows[i].name, length > 3000 && length <= AUDIT_LINE_MAX_BYTES);
        check_true(rows[i].name, is_one_printable_line(written));
        value = read_member("api_message_id");
        check_true(rows[i].name, value && *value);
        if (value && *rows[i].piece != '\xFF')
            check_true("a beginning", strncmp(value, text, strlen(value)) == 0);
        free(value);
        value = read_member("parts");
        check_text(rows[i].name, value, "4294967295");
        free(value);
        free(text);
    }
    customer.name = customer_name;
    customer.has_audit_numbers_in_full = false;
}

static void a_path_is_never_cut(void **state)
{
    char *local = unit_repeat("l", 64), *domain = unit_repeat("d", 189);
    char sender[300], *value;
    struct audit_event event = {.event = "sms", .sender = sender};

    (void)state;
    snprintf(sender, sizeof sender, "%s@%s", local, domain);
    write_event(&event);
    value = read_member("sender");
    check_text("RFC 5321's longest", value, sender);
    free(value);
    free(local);
    free(domain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_line_says_all_in_order),
        UNIT_TEST(what_is_not_known_is_left_out),
        UNIT_TEST(numbers_are_masked_unless_wanted_in_full),
        UNIT_TEST(a_customer_without_a_file_gets_none),
        UNIT_TEST(the_time_is_now),
        UNIT_TEST(strangers_forge_nothing),
        UNIT_TEST(a_line_has_its_greatest_length),
        UNIT_TEST(a_path_is_never_cut),
    };

    unit_enter_folder();
    setenv("TZ", "XST-9", 1); /* far from UTC */
    tzset();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
