/* SPDX-License-Identifier: ISC */
/* The text of a mail in lines, with marks on pieces that are known not to be the
 * sender's own words. HTML shows such pieces by its elements; plain text does not. */
#ifndef SMS_MILTER_TEXT_MARKED_TEXT_H
#define SMS_MILTER_TEXT_MARKED_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum mark {
    MARK_QUOTE,     /* a quoted mail, in a reply or a forward, with its introduction */
    MARK_SIGNATURE, /* a signature, including its "-- " */
};

/* A piece of whole lines, from start_bytes up to, but not including, end_bytes. Pieces
 * may be nested. */
struct mark_span {
    size_t start_bytes, end_bytes;
    enum mark mark;
};

/* Valid UTF-8 with LF as line ends. An all-zero structure is an empty text. */
struct marked_text {
    char *text; /* ends with a NUL that is not counted; NULL if empty */
    size_t length_bytes;
    struct mark_span *spans; /* in the order in which they were completed */
    size_t span_count;
    bool is_lost; /* a part was lost for lack of memory */
    size_t text_room, span_room;
};

/* Appends bytes of valid UTF-8. Sets is_lost without memory. */
void marked_text_append(struct marked_text *text, const char *bytes,
                        size_t length_bytes);

/* Appends a line end, unless the text is empty or already ends with one. */
void marked_text_end_line(struct marked_text *text);

/* Marks everything appended since the text was start_bytes long, which must have been
 * the beginning of a line, and ends the line. Does nothing if nothing was appended. */
void marked_text_mark(struct marked_text *text, size_t start_bytes, enum mark mark);

/* Removes what was appended and marked since the text had this length and this number
 * of spans. */
void marked_text_truncate(struct marked_text *text, size_t length_bytes,
                          size_t span_count);

/* Frees the contents and leaves the text empty. */
void marked_text_free(struct marked_text *text);

#endif
