/* SPDX-License-Identifier: ISC */
/* The text of a mail in lines, with marks on the pieces that are known not to be the
 * sender's own words: what HTML tells by its containers and plain text does not. */
#ifndef SMS_MILTER_TEXT_MARKED_TEXT_H
#define SMS_MILTER_TEXT_MARKED_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum mark {
    MARK_QUOTE,     /* a mail that is answered or forwarded, with its introduction */
    MARK_SIGNATURE, /* a signature, its "-- " included */
};

/* A piece of whole lines, from start up to before end. A piece may lie in another. */
struct mark_span {
    size_t start_bytes, end_bytes;
    enum mark mark;
};

/* Valid UTF-8, line ends as LF. All of it zero is an empty text. */
struct marked_text {
    char *text; /* ends in a NUL that length_bytes does not count; NULL if empty */
    size_t length_bytes;
    struct mark_span *spans; /* in the order in which they were closed */
    size_t span_count;
    bool is_lost; /* there was no memory for a part of it */
    size_t text_room, span_room;
};

/* Appends bytes of valid UTF-8; sets is_lost without memory. */
void marked_text_append(struct marked_text *text, const char *bytes,
                        size_t length_bytes);

/* Appends a line end unless the text is empty or ends in one. */
void marked_text_end_line(struct marked_text *text);

/* Marks what has been appended since the text was start_bytes long, which was the
 * beginning of a line; ends the line. Nothing is marked where there is nothing. */
void marked_text_mark(struct marked_text *text, size_t start_bytes, enum mark mark);

/* Takes back what was appended and marked since the text had this length and this many
 * spans. */
void marked_text_truncate(struct marked_text *text, size_t length_bytes,
                          size_t span_count);

/* Frees what it holds and leaves it empty. */
void marked_text_free(struct marked_text *text);

#endif
