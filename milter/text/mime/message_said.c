/* SPDX-License-Identifier: ISC */
#include "text/mime/message_said.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/white_space.h"
#include "text/mime/charset.h"
#include "text/mime/mail_part.h"

/* What the parts say, with one space for each piece of white space. */
struct saying {
    char *text;
    size_t length, room;
    unsigned depth;
    bool is_lost; /* there was no memory for a part of it */
};

static void say(struct saying *saying, const char *text)
{
    char *to = saying->text + saying->length, *end = saying->text + saying->room;
    bool is_gap = saying->length > 0;

    for (; *text && to < end; text++) {
        if (white_space_is_ascii(*text)) {
            is_gap = to != saying->text;
            continue;
        }
        if (is_gap)
            *to++ = ' ';
        is_gap = false;
        if (to < end)
            *to++ = *text;
    }
    saying->length = (size_t)(to - saying->text);
}

static void say_octets(struct saying *saying, const char *octets, size_t size_bytes)
{
    size_t length;
    char *text = charset_to_utf8(NULL, octets, size_bytes, &length);

    if (text)
        say(saying, text);
    else
        saying->is_lost = true;
    free(text);
}

/* Enough for what counts, unless most of it is white space. */
enum { ENOUGH_BYTES = 4 * MESSAGE_SAID_BYTES };

static void read_beginning(GMimeStream *stream, GByteArray *bytes)
{
    char piece[8192];
    ssize_t length = 1;

    g_mime_stream_reset(stream);
    while (length > 0 && bytes->len < ENOUGH_BYTES) {
        length = g_mime_stream_read(stream, piece, sizeof piece);
        if (length > 0)
            g_byte_array_append(bytes, (const guint8 *)piece, (guint)length);
    }
}

/* The first octets of a part, its transfer encoding undone. */
static GByteArray *decode_beginning(GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    GByteArray *bytes;
    GMimeStream *stream;
    GMimeFilter *decoder;

    if (!content ||
        g_mime_data_wrapper_get_encoding(content) == GMIME_CONTENT_ENCODING_BASE64) {
        bytes = mail_part_decode(part);
    } else {
        bytes = g_byte_array_new();
        stream = g_mime_stream_filter_new(g_mime_data_wrapper_get_stream(content));
        decoder =
            g_mime_filter_basic_new(g_mime_data_wrapper_get_encoding(content), FALSE);
        g_mime_stream_filter_add(GMIME_STREAM_FILTER(stream), decoder);
        read_beginning(stream, bytes);
        g_object_unref(decoder);
        g_object_unref(stream);
    }
    if (bytes->len > ENOUGH_BYTES)
        g_byte_array_set_size(bytes, ENOUGH_BYTES);
    return bytes;
}

static void say_part(struct saying *saying, GMimeObject *part)
{
    GByteArray *bytes;
    size_t length;
    char *text;

    if (!mail_part_is_plain(part) && !mail_part_is_html(part) &&
        !mail_part_is_calendar(part))
        return;
    bytes = decode_beginning(GMIME_PART(part));
    text = mail_part_convert(part, bytes, &length);
    g_byte_array_unref(bytes);
    if (text)
        say(saying, text);
    else
        saying->is_lost = true;
    free(text);
}

static void say_object(struct saying *saying, GMimeObject *object);

static void say_multipart(struct saying *saying, GMimeMultipart *multipart)
{
    int count = g_mime_multipart_get_count(multipart);
    const char *prologue = count == 0 ? g_mime_multipart_get_prologue(multipart) : NULL;

    if (prologue)
        say_octets(saying, prologue, strlen(prologue));
    for (int i = 0; i < count; i++)
        say_object(saying, g_mime_multipart_get_part(multipart, i));
}

static void say_mail(struct saying *saying, GMimeMessagePart *part)
{
    GMimeMessage *mail = g_mime_message_part_get_message(part);
    GMimeObject *whole = mail ? g_mime_message_get_mime_part(mail) : NULL;

    if (whole)
        say_object(saying, whole);
}

static void say_object(struct saying *saying, GMimeObject *object)
{
    if (saying->length >= saying->room || saying->depth == MAIL_PART_MAX_DEPTH)
        return;
    saying->depth++;
    if (GMIME_IS_MULTIPART(object))
        say_multipart(saying, GMIME_MULTIPART(object));
    else if (GMIME_IS_MESSAGE_PART(object))
        say_mail(saying, GMIME_MESSAGE_PART(object));
    else if (GMIME_IS_PART(object))
        say_part(saying, object);
    saying->depth--;
}

char *message_said_read(GMimeMessage *mime)
{
    GMimeObject *whole = g_mime_message_get_mime_part(mime);
    struct saying saying = {.text = malloc(MESSAGE_SAID_BYTES + 1),
                            .room = MESSAGE_SAID_BYTES};

    if (!saying.text)
        return NULL;
    if (whole)
        say_object(&saying, whole);
    if (saying.is_lost) {
        free(saying.text);
        return NULL;
    }
    saying.text[saying.length] = '\0';
    return saying.text;
}
