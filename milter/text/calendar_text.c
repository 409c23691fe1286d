/* SPDX-License-Identifier: ISC */
#include "text/calendar_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* More than an SMS can take of one property. */
enum { VALUE_SIZE = 2048 };

/* The properties of an event that are sent; "" where it has none. */
struct event {
    char summary[VALUE_SIZE], start[VALUE_SIZE], place[VALUE_SIZE];
};

/* How many of the first bytes hold no character cut in two. */
static size_t whole_characters(const char *text, size_t size_bytes)
{
    while (size_bytes > 0 && ((unsigned char)text[size_bytes] & 0xC0) == 0x80)
        size_bytes--;
    return size_bytes;
}

/* Joins the line with those that continue it (3.1) into an own buffer, cut to its size.
 * Returns where the next line begins. */
static const char *unfold(const char *at, char line_out[VALUE_SIZE])
{
    size_t used = 0;

    for (;;) {
        size_t length = strcspn(at, "\n");
        size_t room = VALUE_SIZE - 1 - used;
        size_t copied = length < room ? length : whole_characters(at, room);

        memcpy(line_out + used, at, copied);
        used += copied;
        at += length + (at[length] == '\n');
        if (*at != ' ' && *at != '\t')
            break;
        at++;
    }
    line_out[used] = '\0';
    return at;
}

/* The value of a line of that property, behind its parameters (3.1), whose values may
 * hold ":" and ";" in quotes; NULL if the line is of another. */
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

/* Undoes the escapes of a TEXT value (3.3.11). */
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

/* A DATE, or a DATE-TIME (3.3.4, 3.3.5), as people write it; as it stands if it is
 * neither. */
static void take_start(const char *value, char text_out[VALUE_SIZE])
{
    struct tm start = {0};
    const char *end = strptime(value, "%Y%m%d", &start);
    bool has_time = end && *end == 'T';
    size_t used;

    if (has_time)
        end = strptime(end + 1, "%H%M%S", &start);
    if (!end) {
        snprintf(text_out, VALUE_SIZE, "%s", value);
        return;
    }
    used = strftime(text_out, VALUE_SIZE, "%a %-d %b %Y", &start);
    if (has_time)
        snprintf(text_out + used, VALUE_SIZE - used, " %02d:%02d%s", start.tm_hour,
                 start.tm_min, *end == 'Z' ? " UTC" : "");
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

/* Reads the first event; an alarm within it has properties of its own. */
static void read_event(const char *calendar, struct event *event)
{
    char line[VALUE_SIZE];
    int depth = 0; /* of components, counted from the event's */

    while (*calendar) {
        const char *name;

        calendar = unfold(calendar, line);
        if ((name = value_of(line, "BEGIN")))
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

void calendar_text_append(const char *calendar, struct marked_text *out)
{
    struct event *event = calloc(1, sizeof *event);
    bool is_first = true;

    if (!event) {
        out->is_lost = true;
        return;
    }
    read_event(calendar, event);
    append_field(event->summary, out, &is_first);
    append_field(event->start, out, &is_first);
    append_field(event->place, out, &is_first);
    if (!is_first)
        marked_text_append(out, "\n", 1);
    free(event);
}
