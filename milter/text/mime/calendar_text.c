/* SPDX-License-Identifier: ISC */
#include "text/mime/calendar_text.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/utf8.h"

/* Longer than any property that an SMS can contain. */
enum { VALUE_SIZE = 2048 };

/* The properties of an event that are sent; "" if it does not have one. */
struct event {
    bool is_cancelled, is_answer; /* from METHOD (RFC 5546, 1.4) */
    char summary[VALUE_SIZE], start[VALUE_SIZE], place[VALUE_SIZE];
};

/* Copies a line, cut to the size. Returns the beginning of the next line. */
static const char *read_line(const char *at, char line_out[VALUE_SIZE])
{
    size_t length = strcspn(at, "\n");
    size_t copied = utf8_floor(at, length < VALUE_SIZE - 1 ? length : VALUE_SIZE - 1);

    memcpy(line_out, at, copied);
    line_out[copied] = '\0';
    return at + length + (at[length] == '\n');
}

size_t calendar_text_unfold(char *octets, size_t size_bytes)
{
    const char *at = octets, *end;
    char *out = octets;

    if (size_bytes == 0)
        return 0; /* octets may be NULL */
    end = octets + size_bytes;
    while (at < end) {
        size_t line_end =
            *at == '\r' && end - at > 1 && at[1] == '\n' ? 2 : *at == '\n';

        if (line_end > 0 && end - at > (long)line_end &&
            (at[line_end] == ' ' || at[line_end] == '\t'))
            at += line_end + 1;
        else
            *out++ = *at++;
    }
    return (size_t)(out - octets);
}

/* The value of a line with that property, after its parameters (3.1), which may contain
 * ":" and ";" in quotes. NULL if the line has another property. */
static const char *value_of(const char *line, const char *property)
{
    size_t length = strlen(property);
    bool is_quoted = false;

    if (strncasecmp(line, property, length) != 0 ||
        (line[length] != ':' && line[length] != ';'))
        return NULL;
    for (line += length; *line && (is_quoted || *line != ':'); line++)
        if (*line == '"')
            is_quoted = !is_quoted;
    return *line ? line + 1 : NULL;
}

/* Decodes the escapes of a TEXT value (3.3.11). */
static void take_text(const char *value, char text_out[VALUE_SIZE])
{
    size_t used = 0;

    for (; *value; value++) {
        char c = *value;

        if (c == '\\' && value[1] != '\0') {
            c = *++value;
            if (c == 'n' || c == 'N')
                c = ' ';
        }
        text_out[used++] = c;
    }
    text_out[used] = '\0';
}

/* Reads count digits as a number. Returns -1 if there are fewer. */
static int read_digits(const char **at, int count)
{
    int number = 0;

    for (; count > 0; count--, (*at)++) {
        if (**at < '0' || **at > '9')
            return -1;
        number = number * 10 + (**at - '0');
    }
    return number;
}

/* Reads a DATE or DATE-TIME (3.3.4, 3.3.5) that exists in the calendar. Returns false
 * if it is neither. */
static bool read_start(const char *value, struct tm *start_out, bool *has_time_out,
                       bool *is_utc_out)
{
    struct tm start = {.tm_year = read_digits(&value, 4) - 1900}, there;

    start.tm_mon = read_digits(&value, 2) - 1;
    start.tm_mday = read_digits(&value, 2);
    *has_time_out = *value == 'T';
    if (*has_time_out) {
        value++;
        start.tm_hour = read_digits(&value, 2);
        start.tm_min = read_digits(&value, 2);
        start.tm_sec = read_digits(&value, 2);
    }
    *is_utc_out = *has_time_out && *value == 'Z';
    value += *is_utc_out;
    there = start;
    timegm(&there); /* corrects values out of range */
    *start_out = there;
    return *value == '\0' && start.tm_year >= 0 && there.tm_mon == start.tm_mon &&
           there.tm_mday == start.tm_mday && there.tm_hour == start.tm_hour &&
           there.tm_min == start.tm_min && start.tm_sec >= 0;
}

/* Writes the time as people do; unchanged if it is not a valid time. */
static void take_start(const char *value, char text_out[VALUE_SIZE])
{
    static const char days[] = "Sun\0Mon\0Tue\0Wed\0Thu\0Fri\0Sat";
    static const char months[] =
        "Jan\0Feb\0Mar\0Apr\0May\0Jun\0Jul\0Aug\0Sep\0Oct\0Nov\0Dec";
    bool has_time, is_utc;
    struct tm start;
    int used;

    if (!read_start(value, &start, &has_time, &is_utc)) {
        snprintf(text_out, VALUE_SIZE, "%s", value);
        return;
    }
    used = snprintf(text_out, VALUE_SIZE, "%s %d %s %d", days + 4 * start.tm_wday,
                    start.tm_mday, months + 4 * start.tm_mon, start.tm_year + 1900);
    if (has_time)
        snprintf(text_out + used, VALUE_SIZE - (size_t)used, " %02d:%02d%s",
                 start.tm_hour, start.tm_min, is_utc ? " UTC" : "");
}

static void take_property(const char *line, struct event *event)
{
    const char *value;

    if (!*event->summary && (value = value_of(line, "SUMMARY")))
        take_text(value, event->summary);
    else if (!*event->place && (value = value_of(line, "LOCATION")))
        take_text(value, event->place);
    else if (!*event->start && (value = value_of(line, "DTSTART")))
        take_start(value, event->start);
}

static void take_method(const char *method, struct event *event)
{
    event->is_cancelled = strncasecmp(method, "CANCEL", 6) == 0;
    event->is_answer =
        strncasecmp(method, "REPLY", 5) == 0 || strncasecmp(method, "COUNTER", 7) == 0;
}

/* Reads the first event. An alarm inside it has properties of its own, which are
 * skipped. */
static void read_event(const char *calendar, struct event *event)
{
    char line[VALUE_SIZE];
    int depth = 0; /* nesting of components, counted from the event */

    while (*calendar) {
        const char *name;

        calendar = read_line(calendar, line);
        if ((name = value_of(line, "METHOD")))
            take_method(name, event);
        else if ((name = value_of(line, "BEGIN")))
            depth += depth > 0 || strncasecmp(name, "VEVENT", 6) == 0;
        else if (value_of(line, "END") && depth > 0 && --depth == 0)
            return;
        else if (depth == 1)
            take_property(line, event);
    }
}

static void append_field(const char *field, struct marked_text *out, bool *is_first)
{
    if (*field == '\0')
        return;
    if (!*is_first)
        marked_text_append(out, ", ", 2);
    marked_text_append(out, field, strlen(field));
    *is_first = false;
}

static void append_event(const struct event *event, struct marked_text *out)
{
    static const char cancelled[] = "Cancelled: ";
    size_t start = out->length_bytes;
    bool is_first = true;

    if (event->is_cancelled)
        marked_text_append(out, cancelled, sizeof cancelled - 1);
    append_field(event->summary, out, &is_first);
    append_field(event->start, out, &is_first);
    append_field(event->place, out, &is_first);
    if (is_first)
        marked_text_truncate(out, start, out->span_count);
    else
        marked_text_append(out, "\n", 1);
}

void calendar_text_append(const char *calendar, struct marked_text *out)
{
    struct event *event = calloc(1, sizeof *event);

    if (!event) {
        out->is_lost = true;
        return;
    }
    read_event(calendar, event);
    if (!event->is_answer)
        append_event(event, out);
    free(event);
}
