/* SPDX-License-Identifier: ISC */
#include "stream.h"

#include <stdlib.h>
#include <string.h>

enum { SMALL_BLOCK_BYTES = 256, BLOCK_BYTES = 64 << 10 };

struct stream {
    struct exchange *exchange;
    char *text;
    size_t bytes;
    unsigned interval_ms;
    bool is_due;             /* slow: the interval is over */
    unsigned long long fill; /* huge: this many bytes between text and its end */
    const char *end;
};

static const char fill_begin[] = ",\"Padding\":\"";
static const char fill_end[] = "\"}]";
static const char lone_begin[] = "[\"";
static const char lone_end[] = "\"]";

static struct stream *stream_new(struct exchange *exchange, char *text, size_t bytes)
{
    struct stream *stream = text == NULL ? NULL : calloc(1, sizeof(*stream));

    if (stream == NULL) {
        free(text);
        return NULL;
    }
    stream->exchange = exchange;
    stream->text = text;
    stream->bytes = bytes;
    return stream;
}

static void stream_free(void *arg)
{
    struct stream *stream = arg;

    free(stream->text);
    free(stream);
}

static struct MHD_Response *respond(struct stream *stream, uint64_t size, size_t block,
                                    MHD_ContentReaderCallback read)
{
    struct MHD_Response *response =
        MHD_create_response_from_callback(size, block, read, stream, stream_free);

    if (response == NULL)
        stream_free(stream);
    return response;
}

/* Copies the text from at on, as far as there is any. */
static ssize_t copy(char *buffer, size_t room, const char *text, size_t bytes,
                    uint64_t at)
{
    size_t left = bytes - (size_t)at;

    if (left > room)
        left = room;
    memcpy(buffer, text + at, left);
    return (ssize_t)left;
}

static ssize_t read_half(void *arg, uint64_t at, char *buffer, size_t room)
{
    const struct stream *stream = arg;

    if (at >= stream->bytes / 2)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    return copy(buffer, room, stream->text, stream->bytes / 2, at);
}

struct MHD_Response *stream_half(char *text, size_t bytes)
{
    struct stream *stream = stream_new(NULL, text, bytes);

    return stream == NULL ? NULL : respond(stream, bytes, SMALL_BLOCK_BYTES, read_half);
}

static ssize_t read_slowly(void *arg, uint64_t at, char *buffer, size_t room)
{
    struct stream *stream = arg;

    (void)room;
    if (at > 0 && !stream->is_due) {
        if (exchange_must_end(stream->exchange))
            return MHD_CONTENT_READER_END_WITH_ERROR;
        stream->is_due = true;
        exchange_pause(stream->exchange, stream->interval_ms);
        return 0;
    }
    stream->is_due = false;
    *buffer = stream->text[at];
    return 1;
}

struct MHD_Response *stream_slowly(struct exchange *exchange, char *text, size_t bytes,
                                   unsigned interval_ms)
{
    struct stream *stream = stream_new(exchange, text, bytes);

    if (stream == NULL)
        return NULL;
    stream->interval_ms = interval_ms;
    return respond(stream, bytes, SMALL_BLOCK_BYTES, read_slowly);
}

static ssize_t read_huge(void *arg, uint64_t at, char *buffer, size_t room)
{
    const struct stream *stream = arg;
    uint64_t end = stream->bytes + stream->fill;

    if (at < stream->bytes)
        return copy(buffer, room, stream->text, stream->bytes, at);
    if (at >= end + strlen(stream->end))
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (at >= end)
        return copy(buffer, room, stream->end, strlen(stream->end), at - end);
    if (end - at < room)
        room = (size_t)(end - at);
    memset(buffer, 'A', room);
    return (ssize_t)room;
}

/* Replaces the last "}]" of text, or all of it if there is none, with the beginning of
 * a string. */
static bool open_string(struct stream *stream)
{
    bool has_object = stream->bytes > 2 && stream->text[stream->bytes - 2] == '}';
    const char *begin = has_object ? fill_begin : lone_begin;
    size_t kept = has_object ? stream->bytes - 2 : 0;
    char *text = realloc(stream->text, kept + strlen(begin) + 1);

    if (text == NULL)
        return false;
    memcpy(text + kept, begin, strlen(begin) + 1);
    stream->text = text;
    stream->bytes = kept + strlen(begin);
    stream->end = has_object ? fill_end : lone_end;
    return true;
}

struct MHD_Response *stream_huge(char *text, size_t bytes, unsigned long long total)
{
    struct stream *stream = stream_new(NULL, text, bytes);

    if (stream == NULL)
        return NULL;
    if (!open_string(stream)) {
        stream_free(stream);
        return NULL;
    }
    if (total > stream->bytes + strlen(stream->end))
        stream->fill = total - stream->bytes - strlen(stream->end);
    return respond(stream, MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_huge);
}
