/* SPDX-License-Identifier: ISC */
#include "delivery/audit.h"

#include <json.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/audit_log.h"
#include "base/log.h"
#include "base/utf8.h"
#include "envelope/number.h"

/* The most octets of the line that each value may take after escaping. Their sum leaves
 * space for the names and the rest. A path has at most 256 octets (RFC 5321 section
 * 4.5.3.1.3). */
enum {
    EVENT_SHARE = 32,
    CUSTOMER_SHARE = 256,
    SENDER_SHARE = 640,
    CLIENT_SHARE = 64,
    LOGIN_SHARE = 320,
    PROOF_SHARE = 32,
    RULE_SHARE = 320,
    NUMBER_SHARE = 32,
    OUTCOME_SHARE = 32,
    STATUS_SHARE = 16,
    REASON_SHARE = 800,
    QUEUE_ID_SHARE = 64,
    MESSAGE_ID_SHARE = 640,
    API_ID_SHARE = 256,
    ALL_SHARES = EVENT_SHARE + CUSTOMER_SHARE + SENDER_SHARE + CLIENT_SHARE +
                 LOGIN_SHARE + PROOF_SHARE + RULE_SHARE + NUMBER_SHARE + OUTCOME_SHARE +
                 STATUS_SHARE + REASON_SHARE + QUEUE_ID_SHARE + MESSAGE_ID_SHARE +
                 API_ID_SHARE,
    LARGEST_SHARE = REASON_SHARE,
    /* All names with their punctuation, the time, and the largest number of parts. */
    FRAME_SIZE = 416
};
_Static_assert(ALL_SHARES + FRAME_SIZE <= AUDIT_LINE_MAX_BYTES, "a line has room");

/* Whether JSON allows the character but a terminal or pager would act on it: C1
 * controls end lines and begin escape sequences, the separators end lines, and the
 * others change the direction of text. */
static bool must_be_hidden(uint32_t point)
{
    return (point >= 0x7F && point < 0xA0) || point == 0x061C ||
           (point >= 0x200E && point <= 0x200F) ||
           (point >= 0x2028 && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

/* The octets of a character after escaping; length is its length in UTF-8. */
static size_t escaped_size(uint32_t point, size_t length)
{
    if (point < 0x20 || must_be_hidden(point))
        return sizeof "\\u0000" - 1;
    return point == '"' || point == '\\' ? 2 : length;
}

/* Copies as many characters as stay within their share after escaping. copy_out must
 * have space for share octets and a NUL, because no character is longer than its
 * escaped form. */
static void copy_share(const char *text, size_t share, char *copy_out)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    const char *from = text;
    size_t taken = 0;
    uint32_t point;

    while (utf8_next(&text, &point)) {
        bool is_well_formed = point != UTF8_REPLACEMENT;
        size_t length = is_well_formed ? (size_t)(text - from) : sizeof replacement - 1;

        taken += escaped_size(point, length);
        if (taken > share)
            break;
        memcpy(copy_out, is_well_formed ? from : replacement, length);
        copy_out += length;
        from = text;
    }
    *copy_out = '\0';
}

/* Takes over value. Returns false without memory. */
static bool put(struct json_object *line, const char *name, struct json_object *value)
{
    if (value && json_object_object_add(line, name, value) == 0)
        return true;
    json_object_put(value);
    return false;
}

static bool put_text(struct json_object *line, const char *name, const char *text,
                     size_t share)
{
    char copy[LARGEST_SHARE + 1];

    if (!text || *text == '\0')
        return true;
    copy_share(text, share, copy);
    return put(line, name, json_object_new_string(copy));
}

static bool put_time(struct json_object *line)
{
    char text[sizeof "2026-11-25T16:34:33.123Z" + 16]; /* and years after 9999 */
    struct timespec now;
    struct tm utc;
    size_t length;

    clock_gettime(CLOCK_REALTIME, &now);
    if (!gmtime_r(&now.tv_sec, &utc))
        return false;
    length = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(text + length, sizeof text - length, ".%03uZ",
             (unsigned)(now.tv_nsec / 1000000) % 1000);
    return put(line, "time", json_object_new_string(text));
}

static bool put_number(struct json_object *line, const struct customer *customer,
                       const char *number)
{
    struct masked_number masked = number_mask(number ? number : "");

    return put_text(line, "number",
                    customer->has_audit_numbers_in_full ? number : masked.text,
                    NUMBER_SHARE);
}

static bool put_parts(struct json_object *line, unsigned parts)
{
    return parts == 0 || put(line, "parts", json_object_new_int64(parts));
}

static bool put_earlier(struct json_object *line, bool is_earlier)
{
    return !is_earlier || put(line, "earlier", json_object_new_boolean(true));
}

static bool put_sender(struct json_object *line, const struct customer *customer,
                       const struct audit_event *event)
{
    return put_time(line) && put_text(line, "event", event->event, EVENT_SHARE) &&
           put_text(line, "customer", customer->name, CUSTOMER_SHARE) &&
           put_text(line, "sender", event->sender, SENDER_SHARE) &&
           put_text(line, "client", event->client, CLIENT_SHARE) &&
           put_text(line, "login", event->login, LOGIN_SHARE) &&
           put_text(line, "proof", event->proof, PROOF_SHARE) &&
           put_text(line, "rule", event->rule, RULE_SHARE);
}

static bool put_outcome(struct json_object *line, const struct customer *customer,
                        const struct audit_event *event)
{
    return put_number(line, customer, event->number) && put_parts(line, event->parts) &&
           put_text(line, "outcome", event->outcome, OUTCOME_SHARE) &&
           put_earlier(line, event->is_earlier) &&
           put_text(line, "status", event->status, STATUS_SHARE) &&
           put_text(line, "reason", event->reason, REASON_SHARE) &&
           put_text(line, "queue_id", event->queue_id, QUEUE_ID_SHARE) &&
           put_text(line, "message_id", event->message_id, MESSAGE_ID_SHARE) &&
           put_text(line, "api_message_id", event->api_message_id, API_ID_SHARE);
}

/* Copies JSON and adds a line feed. Characters that must be hidden, which occur only in
 * strings, are written as \u and four digits. Returns the length; 0 if the line is too
 * long. */
static size_t finish_line(const char *json, char line_out[AUDIT_LINE_MAX_BYTES])
{
    const char *from = json;
    size_t used = 0;
    uint32_t point;

    for (; utf8_next(&json, &point); from = json) {
        char escaped[sizeof "\\u0000"];
        size_t length = (size_t)(json - from);

        if (must_be_hidden(point)) {
            length = (size_t)snprintf(escaped, sizeof escaped, "\\u%04x",
                                      (unsigned)point & 0xFFFF);
            from = escaped;
        }
        if (used + length + 1 > AUDIT_LINE_MAX_BYTES)
            return 0;
        memcpy(line_out + used, from, length);
        used += length;
    }
    line_out[used++] = '\n';
    return used;
}

static size_t make_line(const struct customer *customer,
                        const struct audit_event *event,
                        char line_out[AUDIT_LINE_MAX_BYTES])
{
    struct json_object *object = json_object_new_object();
    const char *json = NULL;
    size_t length = 0;

    if (object && put_sender(object, customer, event) &&
        put_outcome(object, customer, event))
        json = json_object_to_json_string_ext(
            object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    if (json)
        length = finish_line(json, line_out);
    json_object_put(object);
    return length;
}

void audit_write(const struct customer *customer, const struct audit_event *event)
{
    char line[AUDIT_LINE_MAX_BYTES];
    size_t length;

    if (!customer->audit_log)
        return;
    length = make_line(customer, event, line);
    if (length > 0)
        audit_log_append(customer->audit_log, line, length);
    else
        log_error("audit-log: out of memory, a line of customer=%s is lost",
                  customer->name);
}
