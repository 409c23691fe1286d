/* SPDX-License-Identifier: ISC */
#include "text/mime/flowed_text.h"

#include <string.h>

/* Deeper quotes are shown at this depth, since no text at such a depth is sent. */
enum { MAX_DEPTH = 32 };

struct flowed_line {
    const char *text; /* after quote marks and stuffing */
    size_t length_bytes;
    size_t depth;
    bool is_flowed; /* the paragraph continues in the next line */
};

static bool is_signature_separator(const char *text, size_t length_bytes)
{
    return length_bytes == 3 && memcmp(text, "-- ", 3) == 0;
}

static struct flowed_line read_line(const char *text, size_t length_bytes)
{
    struct flowed_line line = {.text = text, .length_bytes = length_bytes};

    while (line.length_bytes > 0 && *line.text == '>') {
        line.text++;
        line.length_bytes--;
        line.depth++;
    }
    if (line.length_bytes > 0 && *line.text == ' ') {
        line.text++;
        line.length_bytes--;
    }
    line.is_flowed = line.length_bytes > 0 && line.text[line.length_bytes - 1] == ' ' &&
                     !is_signature_separator(line.text, line.length_bytes);
    return line;
}

static void put_quote_marks(size_t depth, struct marked_text *out)
{
    static const char marks[] = ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>"; /* MAX_DEPTH */

    if (depth == 0)
        return;
    marked_text_append(out, marks, depth < MAX_DEPTH ? depth : MAX_DEPTH);
    marked_text_append(out, " ", 1);
}

/* Whether a line ends the paragraph before it and does not begin another. */
static bool stands_alone(const struct flowed_line *line, const char *end_marker)
{
    size_t length = line->length_bytes;

    if (is_signature_separator(line->text, length))
        return true;
    while (length > 0 && line->text[length - 1] == ' ')
        length--;
    return end_marker && line->depth == 0 && length > 0 &&
           length == strlen(end_marker) && memcmp(line->text, end_marker, length) == 0;
}

/* A paragraph also ends if the next line has another quote depth (section 4.5). */
void flowed_text_append(const char *flowed, bool is_delsp, const char *end_marker,
                        struct marked_text *out)
{
    bool is_open = false; /* the last paragraph may continue */
    size_t open_depth = 0;

    while (*flowed) {
        size_t length = strcspn(flowed, "\n");
        struct flowed_line line = read_line(flowed, length);
        bool is_alone = stands_alone(&line, end_marker);
        bool goes_on = is_open && line.depth == open_depth && !is_alone;

        line.is_flowed = line.is_flowed && !is_alone;

        if (!goes_on) {
            if (is_open)
                marked_text_append(out, "\n", 1);
            put_quote_marks(line.depth, out);
        }
        marked_text_append(out, line.text,
                           line.length_bytes - (line.is_flowed && is_delsp));
        if (!line.is_flowed)
            marked_text_append(out, "\n", 1);
        is_open = line.is_flowed;
        open_depth = line.depth;
        flowed += length + (flowed[length] == '\n');
    }
}
