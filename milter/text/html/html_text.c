/* SPDX-License-Identifier: ISC */
#include "text/html/html_text.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

#include "text/html/html_image.h"
#include "text/html/html_link.h"
#include "text/html/html_marks.h"
#include "text/html/html_nest.h"
#include "text/html/html_out.h"
#include "text/html/html_style.h"
#include "text/html/html_token.h"

/* The html and body elements around what is nested, and an image in it. */
enum { MOST_FRAMES = HTML_DEEPEST + 3 };

/* libxml2 counts in int. */
enum { LONGEST_PIECE = 1 << 30 };

/* The list whose items come next. */
struct list {
    bool is_numbered;
    long next;
};

/* An element that is open, and shown. */
struct frame {
    enum html_role role;
    bool is_link;
    bool is_pre; /* the white space in it is kept */
    struct html_marked marked;
    struct list outer_list;       /* of a list: the one around it */
    size_t outer_row_start_bytes; /* of a table: see below */
};

struct state {
    htmlParserCtxtPtr parser;
    enum links links;
    struct html_out out;
    struct html_marks marks;
    struct frame frames[MOST_FRAMES]; /* the last one is the innermost */
    unsigned depth;
    bool has_text;     /* words that are not of a signature */
    bool is_pre_start; /* a line end that comes next does not count */
    struct list list;
    size_t row_start_bytes; /* where the row of the table begins */
    struct html_link link;  /* the one that is open */
    bool has_link_text;
    size_t link_start_bytes, link_pictures_bytes;
    struct marked_text pictures; /* what stands for images, in lines */
    struct html_out pictures_out;
};

/* The attributes of an element, NULL where it has none such. */
struct values {
    const char *of[HTML_ATTRIBUTES];
};

static void read_values(const xmlChar **attributes, struct values *values_out)
{
    *values_out = (struct values){{NULL}};
    for (; attributes && attributes[0]; attributes += 2)
        for (unsigned i = 0; i < HTML_ATTRIBUTES; i++)
            if (strcmp((const char *)attributes[0],
                       html_attribute_name((enum html_attribute)i)) == 0)
                values_out->of[i] = attributes[1] ? (const char *)attributes[1] : "";
}

static struct html_slice slice_of(const char *value)
{
    return value ? (struct html_slice){value, strlen(value)}
                 : (struct html_slice){"", 0};
}

static void add_text(struct state *state, const char *text, size_t length)
{
    const struct frame *frame = &state->frames[state->depth - 1];
    bool has_words;

    if (state->link.kind == HTML_LINK_WEB && state->links == LINKS_URL) {
        state->has_link_text |= !html_out_is_blank(text, length);
        return;
    }
    if (frame->is_pre && state->is_pre_start && length > 0 && *text == '\n') {
        text++;
        length--;
    }
    state->is_pre_start = false;
    has_words = frame->is_pre ? html_out_add_pre(&state->out, text, length)
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

/* Where the line begins, if that is near: mail programs cut one link in two, and its
 * URL need not be said twice. */
static size_t find_line(const struct state *state)
{
    enum { NEAR_BYTES = 500 };
    size_t start = state->link_start_bytes;

    while (start > 0 && state->link_start_bytes - start < NEAR_BYTES &&
           state->out.text->text[start - 1] != '\n')
        start--;
    return start;
}

/* Says the URL of a link behind its text. Where a filter has wrapped the URL in the
 * text too, it says it there. */
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

/* Says the address or number of a link that is shown as something else. */
static void say_address(struct state *state)
{
    const struct marked_text *text = state->out.text;
    size_t start = state->link_start_bytes;

    if (!text->is_lost &&
        !html_link_address_is_said(text->text + start, text->length_bytes - start,
                                   state->link.target))
        add_in_brackets(&state->out, state->link.target);
}

/* A link that is an image: its URL is worth something where there is no text at all. */
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

static void add_image(struct state *state, const struct values *values)
{
    const struct html_image image = {
        .alt = values->of[HTML_ALT],
        .class = values->of[HTML_CLASS],
        .emoji = values->of[HTML_EMOJI],
        .width = values->of[HTML_WIDTH],
        .height = values->of[HTML_HEIGHT],
    };
    const char *words;

    switch (html_image_read(&image, &words)) {
    case HTML_IMAGE_MUTE:
        return;
    case HTML_IMAGE_EMOJI:
        add_text(state, words, strlen(words));
        return;
    case HTML_IMAGE_PICTURE:
        if (html_marks_is_open(&state->marks) ||
            (state->link.kind == HTML_LINK_WEB && state->links == LINKS_URL))
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

static void start_item(struct state *state, const struct values *values)
{
    if (!state->list.is_numbered) {
        html_out_start_item(&state->out, 0);
        return;
    }
    state->list.next = read_number(values->of[HTML_VALUE], state->list.next);
    html_out_start_item(&state->out, state->list.next++);
}

/* What the kind of the element does to the lines. */
static void start_role(struct state *state, enum html_role role,
                       const struct values *values)
{
    switch (role) {
    case HTML_INLINE:
    case HTML_IMAGE:
        return;
    case HTML_LIST:
    case HTML_ORDERED_LIST:
        state->list = (struct list){
            .is_numbered = role == HTML_ORDERED_LIST,
            .next = read_number(values->of[HTML_START], 1),
        };
        break;
    case HTML_ITEM:
        start_item(state, values);
        return;
    case HTML_ROW:
        html_out_break_row(&state->out);
        state->row_start_bytes = state->out.text->length_bytes;
        return;
    case HTML_CELL:
        html_out_next_cell(&state->out, state->row_start_bytes);
        return;
    case HTML_PRE:
        state->is_pre_start = true;
        break;
    default:
        break;
    }
    html_out_break(&state->out);
}

static void end_role(struct state *state, const struct frame *frame)
{
    switch (frame->role) {
    case HTML_INLINE:
    case HTML_IMAGE:
    case HTML_BREAK:
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

/* The place for an element that begins, with what it has from the one around it. */
static struct frame *push_frame(struct state *state, enum html_role role,
                                const struct html_style *style)
{
    struct frame *frame = &state->frames[state->depth], *outer = NULL;

    if (state->depth > 0)
        outer = frame - 1;
    state->depth++;
    frame->role = role;
    frame->is_link = false;
    frame->is_pre = role == HTML_PRE || (outer && outer->is_pre);
    if (style->is_pre != HTML_UNSAID)
        frame->is_pre = style->is_pre == HTML_YES;
    frame->outer_list = state->list;
    frame->outer_row_start_bytes = state->row_start_bytes;
    return frame;
}

static void start_shown(struct state *state, enum html_role role,
                        const struct values *values, const struct html_style *style)
{
    struct frame *frame = push_frame(state, role, style);
    const char *type = values->of[HTML_TYPE];
    const struct html_claim claim = {
        .classes = slice_of(values->of[HTML_CLASS]),
        .id = slice_of(values->of[HTML_ID]),
        .is_block_quote = role == HTML_QUOTE,
        .is_cited = type && strcasecmp(type, "cite") == 0,
        .has_reply_border = style->has_reply_border,
    };

    start_role(state, role, values);
    html_marks_start(&state->marks, &claim, &frame->marked);
    if (values->of[HTML_HREF])
        start_link(state, frame, values->of[HTML_HREF]);
    if (role == HTML_IMAGE)
        add_image(state, values);
}

static void on_start(void *user_data, const xmlChar *name, const xmlChar **attributes)
{
    struct state *state = user_data;
    const struct html_element *element =
        html_element_find((const char *)name, strlen((const char *)name));
    struct html_style style = {0};
    struct values values;

    if (state->depth == MOST_FRAMES) {
        state->out.text->is_lost = true;
        return;
    }
    read_values(attributes, &values);
    if (values.of[HTML_STYLE])
        style = html_style_read(values.of[HTML_STYLE], strlen(values.of[HTML_STYLE]));
    start_shown(state, element ? (enum html_role)element->role : HTML_INLINE, &values,
                &style);
}

static void on_end(void *user_data, const xmlChar *name)
{
    struct state *state = user_data;
    struct frame *frame;

    (void)name;
    if (state->depth == 0)
        return;
    frame = &state->frames[state->depth - 1];
    if (frame->is_link)
        end_link(state);
    html_marks_end(&state->marks, &frame->marked);
    end_role(state, frame);
    state->depth--;
}

static void on_text(void *user_data, const xmlChar *text, int length)
{
    struct state *state = user_data;

    if (state->depth > 0)
        add_text(state, (const char *)text, (size_t)length);
}

/* The pictures speak where nothing else does. */
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

static htmlParserCtxtPtr new_parser(struct state *state)
{
    htmlParserCtxtPtr parser =
        htmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL, XML_CHAR_ENCODING_UTF8);

    if (!parser)
        return NULL;
    *parser->sax = (htmlSAXHandler){
        .startElement = on_start,
        .endElement = on_end,
        .characters = on_text,
        .ignorableWhitespace = on_text,
        .cdataBlock = on_text,
    };
    parser->userData = state;
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                   HTML_PARSE_NOWARNING | HTML_PARSE_NONET);
    return parser;
}

/* Takes HTML from html_nest(). */
static void parse_piece(void *context, const char *text, size_t length_bytes)
{
    struct state *state = context;

    for (size_t at = 0; at < length_bytes; at += LONGEST_PIECE) {
        size_t left = length_bytes - at;

        htmlParseChunk(state->parser, text + at,
                       (int)(left < LONGEST_PIECE ? left : LONGEST_PIECE), false);
    }
}

static void parse(const char *html, size_t size_bytes, struct state *state)
{
    state->parser = new_parser(state);
    if (!state->parser || !html_nest(html, size_bytes, parse_piece, state))
        state->out.text->is_lost = true;
    if (!state->parser)
        return;
    htmlParseChunk(state->parser, NULL, 0, true);
    if (state->parser->errNo == XML_ERR_NO_MEMORY)
        state->out.text->is_lost = true;
    htmlFreeParserCtxt(state->parser);
}

void html_text_append(const char *html, size_t size_bytes, enum links links,
                      struct marked_text *out)
{
    static pthread_once_t is_ready = PTHREAD_ONCE_INIT;
    struct state *state = calloc(1, sizeof *state);

    if (!state) {
        out->is_lost = true;
        return;
    }
    pthread_once(&is_ready, xmlInitParser);
    state->links = links;
    html_out_start(&state->out, out);
    html_out_start(&state->pictures_out, &state->pictures);
    state->marks.out = &state->out;
    parse(html, size_bytes, state);
    finish(state);
    free(state);
}
