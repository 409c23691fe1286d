/* SPDX-License-Identifier: ISC */
#include "text/html/html_text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/html/html_image.h"
#include "text/html/html_link.h"
#include "text/html/html_marks.h"
#include "text/html/html_nest.h"
#include "text/html/html_out.h"
#include "text/html/html_rules.h"

/* The document itself, and the elements in it. */
enum { MOST_FRAMES = HTML_DEEPEST + 1 };

/* The list whose items come next. */
struct list {
    bool is_numbered;
    long next;
};

/* An element that is open. */
struct frame {
    enum html_role role;
    bool is_link;
    bool is_pre; /* the white space in it is kept */
    struct html_marked marked;
    struct list outer_list;       /* of a list: the one around it */
    size_t outer_row_start_bytes; /* of a table: see below */
};

struct state {
    enum links links;
    struct html_out out;
    struct html_marks marks;
    struct frame frames[MOST_FRAMES]; /* the last one is the innermost */
    unsigned depth;
    bool has_text; /* there are words that are not of a signature */
    struct list list;
    size_t row_start_bytes; /* where the row of the table begins */
    struct html_link link;  /* the one that is open */
    bool has_link_text;
    size_t link_start_bytes, link_pictures_bytes;
    struct marked_text pictures; /* what stands for images, in lines */
    struct html_out pictures_out;
};

static struct html_slice slice_of(const char *value)
{
    return value ? (struct html_slice){value, strlen(value)}
                 : (struct html_slice){"", 0};
}

/* Whether a link is open whose URL stands in the place of its text. */
static bool is_replaced(const struct state *state)
{
    return state->link.kind == HTML_LINK_WEB && state->links == LINKS_URL;
}

static void add_text(struct state *state, const char *text, size_t length)
{
    bool has_words;

    if (is_replaced(state)) {
        state->has_link_text |= !html_out_is_blank(text, length);
        return;
    }
    has_words = state->frames[state->depth - 1].is_pre
                    ? html_out_add_pre(&state->out, text, length)
                    : html_out_add(&state->out, text, length);
    if (!has_words)
        return;
    state->has_link_text = true;
    if (state->marks.signatures == 0)
        state->has_text = true;
}

static void start_link(struct state *state, struct frame *frame, const char *href)
{
    if (state->link.kind != HTML_LINK_NOWHERE)
        return;
    if (!html_link_read(href, &state->link))
        state->out.text->is_lost = true;
    frame->is_link = state->link.kind != HTML_LINK_NOWHERE;
    state->has_link_text = false;
    state->link_start_bytes = state->out.text->length_bytes;
    state->link_pictures_bytes = state->pictures.length_bytes;
}

static void add_in_brackets(struct html_out *out, const char *url)
{
    html_out_add_to_word(out, " (", 2);
    html_out_add_to_word(out, url, strlen(url));
    html_out_add_to_word(out, ")", 1);
}

/* Where the last word of a link's text begins. */
static size_t find_last_word(const struct state *state)
{
    const struct marked_text *text = state->out.text;
    size_t start = text->length_bytes;

    while (start > state->link_start_bytes && text->text[start - 1] != ' ' &&
           text->text[start - 1] != '\n')
        start--;
    return start;
}

/* Where the line begins, if that is near. Mail programs cut one link in two, and its
 * URL should not be written twice. */
static size_t find_line(const struct state *state)
{
    enum { NEAR_BYTES = 500 };
    size_t start = state->link_start_bytes;

    while (start > 0 && state->link_start_bytes - start < NEAR_BYTES &&
           state->out.text->text[start - 1] != '\n')
        start--;
    return start;
}

/* Writes the URL of a link after its text. If a filter has wrapped the URL in the text
 * too, the URL takes the place of the wrapped one. */
static void say_url(struct state *state)
{
    struct marked_text *text = state->out.text;
    const struct html_link *link = &state->link;
    size_t start, word;

    if (text->is_lost)
        return;
    start = find_line(state);
    word = find_last_word(state);
    if (link->wrapped && html_link_is_said(text->text + word, text->length_bytes - word,
                                           link->wrapped)) {
        marked_text_truncate(text, word, text->span_count);
        html_out_add_to_word(&state->out, link->target, strlen(link->target));
    } else if (!html_link_is_said(text->text + start, text->length_bytes - start,
                                  link->target)) {
        add_in_brackets(&state->out, link->target);
    }
}

/* Writes the address or number of a link, unless its text has it. */
static void say_address(struct state *state)
{
    const struct marked_text *text = state->out.text;
    size_t start = state->link_start_bytes;

    if (!text->is_lost &&
        !html_link_address_is_said(text->text + start, text->length_bytes - start,
                                   state->link.target))
        add_in_brackets(&state->out, state->link.target);
}

/* The end of a link around images without words of the text. Its URL is kept with the
 * pictures, for a mail that has no text at all. */
static void keep_image_link(struct state *state)
{
    struct html_out *out = &state->pictures_out;
    const char *url = state->link.target;

    if (state->links == LINKS_TEXT || html_marks_is_open(&state->marks))
        return;
    if (state->links == LINKS_URL ||
        state->pictures.length_bytes == state->link_pictures_bytes) {
        html_out_break(out);
        html_out_add(out, url, strlen(url));
    } else {
        add_in_brackets(out, url);
    }
}

static void end_link(struct state *state)
{
    const char *target = state->link.target;
    bool is_web = state->link.kind == HTML_LINK_WEB;

    if (!is_web && !state->has_link_text)
        add_text(state, target, strlen(target));
    else if (!state->has_link_text)
        keep_image_link(state);
    else if (is_web && state->links == LINKS_BOTH)
        say_url(state);
    else if (state->links == LINKS_BOTH)
        say_address(state);
    else if (is_web && state->links == LINKS_URL) {
        state->link.kind = HTML_LINK_NOWHERE;
        add_text(state, target, strlen(target));
    }
    html_link_free(&state->link);
}

static void add_image(struct state *state, const struct html_seen *element)
{
    const struct html_image image = {
        .alt = element->values[HTML_ALT],
        .class = element->values[HTML_CLASS],
        .emoji = element->values[HTML_EMOJI],
        .width = element->values[HTML_WIDTH],
        .height = element->values[HTML_HEIGHT],
    };
    const char *words;

    switch (html_image_read(&image, &words)) {
    case HTML_IMAGE_MUTE:
        return;
    case HTML_IMAGE_EMOJI:
        add_text(state, words, strlen(words));
        return;
    case HTML_IMAGE_PICTURE:
        if (html_marks_is_open(&state->marks) || is_replaced(state))
            return;
        html_out_break(&state->pictures_out);
        html_out_add(&state->pictures_out, words, strlen(words));
    }
}

static long read_number(const char *text, long otherwise)
{
    char *end;
    long number;

    if (!text)
        return otherwise;
    number = strtol(text, &end, 10);
    return end != text && number > 0 && number < INT_MAX ? number : otherwise;
}

static void start_item(struct state *state, const struct html_seen *element)
{
    if (!state->list.is_numbered) {
        html_out_start_item(&state->out, 0);
        return;
    }
    state->list.next = read_number(element->values[HTML_VALUE], state->list.next);
    html_out_start_item(&state->out, state->list.next++);
}

/* What the role of an element does to the lines. */
static void start_role(struct state *state, const struct html_seen *element)
{
    switch (element->role) {
    case HTML_INLINE:
    case HTML_FORMAT:
    case HTML_LINK:
    case HTML_ROWS:
        return;
    case HTML_LIST:
    case HTML_ORDERED_LIST:
        state->list = (struct list){
            .is_numbered = element->role == HTML_ORDERED_LIST,
            .next = read_number(element->values[HTML_START], 1),
        };
        break;
    case HTML_ITEM:
        start_item(state, element);
        return;
    case HTML_ROW:
        html_out_break_row(&state->out);
        state->row_start_bytes = state->out.text->length_bytes;
        return;
    case HTML_CELL:
        html_out_next_cell(&state->out, state->row_start_bytes);
        return;
    default:
        break;
    }
    html_out_break(&state->out);
}

static void end_role(struct state *state, const struct frame *frame)
{
    switch (frame->role) {
    case HTML_INLINE:
    case HTML_FORMAT:
    case HTML_LINK:
    case HTML_ROWS:
    case HTML_CELL:
        return;
    case HTML_LIST:
    case HTML_ORDERED_LIST:
        state->list = frame->outer_list;
        break;
    case HTML_ITEM:
        html_out_end_item(&state->out);
        return;
    case HTML_TABLE:
        state->row_start_bytes = frame->outer_row_start_bytes;
        html_out_break_row(&state->out);
        return;
    case HTML_ROW:
        html_out_break_row(&state->out);
        return;
    default:
        break;
    }
    html_out_break(&state->out);
}

/* Whether the white space in an element is kept. */
static bool is_pre(const struct html_seen *element, const struct frame *outer)
{
    if (element->style.is_pre != HTML_UNSAID)
        return element->style.is_pre == HTML_YES;
    return element->role == HTML_PRE || element->role == HTML_RAW_PRE ||
           element->role == HTML_PLAIN || outer->is_pre;
}

/* Makes the frame of an element that begins, with what it inherits. */
static struct frame *push_frame(struct state *state, const struct html_seen *element)
{
    struct frame *frame = &state->frames[state->depth++];

    frame->role = element->role;
    frame->is_link = false;
    frame->is_pre = is_pre(element, frame - 1);
    frame->outer_list = state->list;
    frame->outer_row_start_bytes = state->row_start_bytes;
    return frame;
}

static void on_start(void *context, const struct html_seen *element)
{
    struct state *state = context;
    struct frame *frame = push_frame(state, element);
    const char *type = element->values[HTML_TYPE];
    const struct html_claim claim = {
        .classes = slice_of(element->values[HTML_CLASS]),
        .id = slice_of(element->values[HTML_ID]),
        .is_block_quote = element->role == HTML_QUOTE,
        .is_cited = type && strcasecmp(type, "cite") == 0,
        .has_reply_border = element->style.has_reply_border,
    };

    start_role(state, element);
    html_marks_start(&state->marks, &claim, &frame->marked);
    if (element->values[HTML_HREF])
        start_link(state, frame, element->values[HTML_HREF]);
}

static void on_end(void *context)
{
    struct state *state = context;
    struct frame *frame = &state->frames[state->depth - 1];

    if (frame->is_link)
        end_link(state);
    html_marks_end(&state->marks, &frame->marked);
    end_role(state, frame);
    state->depth--;
}

static void on_image(void *context, const struct html_seen *image)
{
    add_image(context, image);
}

static void on_text(void *context, const char *text, size_t length_bytes)
{
    add_text(context, text, length_bytes);
}

static void on_line(void *context)
{
    struct state *state = context;

    if (!is_replaced(state))
        html_out_break(&state->out);
}

/* A mail without other text has the words of its pictures as its text. */
static void finish(struct state *state)
{
    struct marked_text *text = state->out.text;

    html_marks_finish(&state->marks);
    if (!state->has_text && state->pictures.length_bytes > 0) {
        html_out_new_line(&state->out);
        marked_text_append(text, state->pictures.text, state->pictures.length_bytes);
    }
    text->is_lost |= state->pictures.is_lost;
    marked_text_free(&state->pictures);
    html_link_free(&state->link);
}

void html_text_append(const char *html, size_t size_bytes, enum links links,
                      struct marked_text *out)
{
    static const struct html_taker taker = {
        .start = on_start,
        .end = on_end,
        .image = on_image,
        .text = on_text,
        .line = on_line,
    };
    struct state *state = calloc(1, sizeof *state);

    if (!state) {
        out->is_lost = true;
        return;
    }
    state->links = links;
    state->depth = 1;
    html_out_start(&state->out, out);
    html_out_start(&state->pictures_out, &state->pictures);
    state->marks.out = &state->out;
    if (!html_nest(html, size_bytes, &taker, state))
        out->is_lost = true;
    finish(state);
    free(state);
}
