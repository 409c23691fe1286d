/* SPDX-License-Identifier: ISC */
#include "text/marked_text.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_TEXT_ROOM = 1024, FIRST_SPAN_ROOM = 8 };

static bool make_room(struct marked_text *text, size_t more_bytes)
{
    size_t room = text->text_room ? text->text_room : FIRST_TEXT_ROOM;
    char *grown;

    while (room - text->length_bytes <= more_bytes)
        room *= 2;
    if (room == text->text_room)
        return true;
    grown = realloc(text->text, room);
    if (!grown)
        return false;
    text->text = grown;
    text->text_room = room;
    return true;
}

void marked_text_append(struct marked_text *text, const char *bytes,
                        size_t length_bytes)
{
    if (text->is_lost || !make_room(text, length_bytes)) {
        text->is_lost = true;
        return;
    }
    if (length_bytes > 0)
        memcpy(text->text + text->length_bytes, bytes, length_bytes);
    text->length_bytes += length_bytes;
    text->text[text->length_bytes] = '\0';
}

void marked_text_end_line(struct marked_text *text)
{
    if (text->length_bytes > 0 && text->text[text->length_bytes - 1] != '\n')
        marked_text_append(text, "\n", 1);
}

void marked_text_mark(struct marked_text *text, size_t start_bytes, enum mark mark)
{
    if (text->length_bytes == start_bytes)
        return;
    marked_text_end_line(text);
    if (text->span_count == text->span_room) {
        size_t room = text->span_room ? text->span_room * 2 : FIRST_SPAN_ROOM;
        struct mark_span *grown = realloc(text->spans, room * sizeof *grown);

        if (!grown) {
            text->is_lost = true;
            return;
        }
        text->spans = grown;
        text->span_room = room;
    }
    text->spans[text->span_count++] = (struct mark_span){
        .start_bytes = start_bytes, .end_bytes = text->length_bytes, .mark = mark};
}

void marked_text_truncate(struct marked_text *text, size_t length_bytes,
                          size_t span_count)
{
    if (length_bytes < text->length_bytes)
        text->text[length_bytes] = '\0';
    text->length_bytes = length_bytes;
    text->span_count = span_count;
}

void marked_text_free(struct marked_text *text)
{
    free(text->text);
    free(text->spans);
    *text = (struct marked_text){0};
}
