/* SPDX-License-Identifier: ISC */
#include "text/html/html_nest.h"

#include <stdlib.h>
#include <string.h>

#include "text/html/html_container.h"
#include "text/html/html_element.h"
#include "text/html/html_markup.h"
#include "text/html/html_sheet.h"
#include "text/html/html_style.h"
#include "text/html/html_token.h"

/* Few pieces for most mails, and no more memory than that for the others, unless one
 * token takes it. */
enum { PIECE_BYTES = 32 * 1024, LONGEST_TEXT = 4 * 1024 };

/* An element that is open. */
struct open_element {
    const struct html_element *element;
    const char *written;    /* its name in the output; NULL: it does not appear there */
    bool is_line;           /* has lines of its own all the same */
    bool is_dropped;        /* with all that is in it */
    bool is_over;           /* its end tag came while a block in it was open */
    bool is_tiny, is_faint; /* text in it cannot be read */
};

struct nest {
    html_nest_taker *take;
    void *context;
    struct html_markup out;
    struct html_sheet sheet; /* of the style elements so far */
    bool is_for_some;        /* the tag before said for which media */
    struct open_element open[HTML_DEEPEST];
    unsigned depth;
    unsigned too_deep;                  /* elements that are open beyond HTML_DEEPEST */
    unsigned dropped;                   /* open elements that are */
    unsigned counts[HTML_ELEMENTS];     /* of each element, how many are open */
    unsigned role_counts[HTML_RAW + 1]; /* the same by role */
};

enum {
    NO_ROLES = 0,
    TABLES = 1 << HTML_TABLE,
    CELLS = 1 << HTML_CELL | TABLES,
    ROWS = 1 << HTML_ROW | TABLES,
    LISTS = 1 << HTML_LIST | 1 << HTML_ORDERED_LIST | CELLS,
    BLOCKS = 1 << HTML_BLOCK | 1 << HTML_PARAGRAPH | 1 << HTML_QUOTE | 1 << HTML_PRE |
             1 << HTML_ITEM | 1 << HTML_TERM | LISTS,
};

/* The attributes that tell something of each role, beside style, class and id. */
static const unsigned telling[HTML_RAW + 1] = {
    [HTML_LINK] = 1U << HTML_HREF,
    [HTML_QUOTE] = 1U << HTML_TYPE,
    [HTML_ORDERED_LIST] = 1U << HTML_START,
    [HTML_ITEM] = 1U << HTML_VALUE,
    [HTML_IMAGE] = 1U << HTML_CLASS | 1U << HTML_WIDTH | 1U << HTML_HEIGHT |
                   1U << HTML_ALT | 1U << HTML_EMOJI,
};

/* The value of an attribute; empty without it. */
static struct html_slice value_of(const struct html_token *tag,
                                  enum html_attribute attribute)
{
    return tag->given & 1U << attribute ? tag->values[attribute]
                                        : (struct html_slice){"", 0};
}

static struct html_style style_of(struct nest *nest, const struct html_token *tag)
{
    struct html_slice css;

    if (!(tag->given & 1U << HTML_STYLE))
        return (struct html_style){.is_hidden = false};
    css = html_markup_decode(&nest->out, tag->values[HTML_STYLE]);
    return html_style_read(css.text, css.length_bytes);
}

/* Whether the reader of the mail sees nothing of an element. */
static bool is_hidden(const struct nest *nest, const struct html_token *tag,
                      const struct html_style *style)
{
    if (style->is_hidden)
        return true;
    if (style->is_mso_hidden && tag->element->role != HTML_LINK)
        return true;
    if (style->is_displayed)
        return false;
    return tag->given & 1U << HTML_HIDDEN ||
           html_sheet_hides(&nest->sheet, tag->element->name, value_of(tag, HTML_CLASS),
                            value_of(tag, HTML_ID));
}

/* Which of its attributes an element keeps. */
static unsigned kept_attributes(const struct html_token *tag,
                                const struct html_style *style)
{
    unsigned kept = telling[tag->element->role];

    if (style->is_pre != HTML_UNSAID || style->has_reply_border)
        kept |= 1U << HTML_STYLE;
    if (html_container_find(value_of(tag, HTML_CLASS), value_of(tag, HTML_ID)) !=
        HTML_OWN)
        kept |= 1U << HTML_CLASS | 1U << HTML_ID;
    return kept & tag->given;
}

/* The name of an element in the output; NULL if it is not to appear there. */
static const char *written_name(enum html_role role, unsigned kept)
{
    switch (role) {
    case HTML_INLINE:
    case HTML_FORMAT:
    case HTML_LINK:
    case HTML_ROWS:
        return kept ? "span" : NULL;
    case HTML_BLOCK:
    case HTML_PARAGRAPH:
    case HTML_TERM:
        return kept ? "div" : NULL;
    case HTML_QUOTE:
        return kept ? "blockquote" : NULL;
    case HTML_PRE:
        return "pre";
    case HTML_LIST:
        return "ul";
    case HTML_ORDERED_LIST:
        return "ol";
    case HTML_ITEM:
        return "li";
    case HTML_TABLE:
        return "table";
    case HTML_ROW:
        return "tr";
    case HTML_CELL:
        return "td";
    case HTML_IMAGE:
        return "img";
    case HTML_BREAK:
    case HTML_NOTHING:
    case HTML_DROPPED:
    case HTML_RAW:
        return NULL;
    }
    return NULL;
}

static void write_start_tag(struct nest *nest, const char *name,
                            const struct html_token *tag, unsigned kept)
{
    html_markup_add(&nest->out, "<", 1);
    html_markup_add_word(&nest->out, name);
    for (unsigned i = 0; i < HTML_ATTRIBUTES; i++)
        if (kept & 1U << i)
            html_markup_add_attribute(&nest->out,
                                      html_attribute_name((enum html_attribute)i),
                                      tag->values[i]);
    html_markup_add(&nest->out, ">", 1);
}

static void write_start(struct nest *nest, const struct html_token *tag,
                        const struct html_style *style, struct open_element *open)
{
    unsigned kept = kept_attributes(tag, style);

    open->written = written_name((enum html_role)tag->element->role, kept);
    open->is_line = !open->written && BLOCKS & 1U << tag->element->role;
    if (open->written)
        write_start_tag(nest, open->written, tag, kept);
    else if (open->is_line)
        html_markup_end_line(&nest->out);
}

static bool answer_or(enum html_answer answer, bool otherwise)
{
    return answer == HTML_UNSAID ? otherwise : answer == HTML_YES;
}

static void count(struct nest *nest, const struct html_element *element, int change)
{
    nest->counts[html_element_index(element)] += (unsigned)change;
    nest->role_counts[element->role] += (unsigned)change;
}

static void push(struct nest *nest, const struct html_token *tag)
{
    const struct html_element *element = tag->element;
    struct open_element *open = &nest->open[nest->depth];
    const struct open_element *outer = nest->depth > 0 ? open - 1 : NULL;

    *open = (struct open_element){.element = element};
    nest->depth++;
    count(nest, element, 1);
    if (nest->dropped == 0) {
        struct html_style style = style_of(nest, tag);

        open->is_tiny = answer_or(style.is_tiny, outer && outer->is_tiny);
        open->is_faint = answer_or(style.is_faint, outer && outer->is_faint);
        open->is_dropped =
            element->role == HTML_DROPPED || is_hidden(nest, tag, &style);
        if (!open->is_dropped)
            write_start(nest, tag, &style, open);
    }
    nest->dropped += open->is_dropped;
}

static void pop(struct nest *nest)
{
    const struct open_element *open = &nest->open[--nest->depth];

    if (!open->is_over)
        count(nest, open->element, -1);
    nest->dropped -= open->is_dropped;
    if (open->is_line)
        html_markup_end_line(&nest->out);
    if (!open->written)
        return;
    html_markup_add(&nest->out, "</", 2);
    html_markup_add_word(&nest->out, open->written);
    html_markup_add(&nest->out, ">", 1);
}

static void pop_to(struct nest *nest, unsigned depth)
{
    while (nest->depth > depth)
        pop(nest);
}

/* Closes the innermost open element of a role, and what is in it, unless one of the
 * roles in barriers is between. */
static void close_role(struct nest *nest, enum html_role role, unsigned barriers)
{
    if (nest->role_counts[role] == 0)
        return;
    for (unsigned i = nest->depth; i-- > 0;) {
        enum html_role found = (enum html_role)nest->open[i].element->role;

        if (found == role && !nest->open[i].is_over) {
            pop_to(nest, i);
            return;
        }
        if (barriers & 1U << found)
            return;
    }
}

/* What ends where such an element begins, though it may have no end tag. */
static void close_before(struct nest *nest, enum html_role role)
{
    switch (role) {
    case HTML_ITEM:
    case HTML_TERM:
        close_role(nest, role, LISTS);
        break;
    case HTML_LINK:
        close_role(nest, HTML_LINK, CELLS);
        return;
    case HTML_CELL:
        close_role(nest, HTML_CELL, ROWS);
        return;
    case HTML_ROW:
        close_role(nest, HTML_ROW, TABLES);
        return;
    case HTML_ROWS:
        close_role(nest, HTML_ROWS, TABLES);
        return;
    default:
        break;
    }
    if (BLOCKS & 1U << role)
        close_role(nest, HTML_PARAGRAPH, CELLS);
}

/* What an end tag of such an element does not reach across. */
static unsigned barriers_of(enum html_role role)
{
    switch (role) {
    case HTML_INLINE:
        return BLOCKS;
    case HTML_ITEM:
        return LISTS;
    case HTML_CELL:
    case HTML_ROW:
    case HTML_ROWS:
        return TABLES;
    case HTML_TABLE:
    case HTML_DROPPED:
        return NO_ROLES;
    default:
        return CELLS;
    }
}

/* Ends the element at a depth. What has no effect goes without the blocks in it. */
static void end_at(struct nest *nest, unsigned depth)
{
    struct open_element *open = &nest->open[depth];

    if (open->element->role != HTML_FORMAT || open->written || open->is_dropped ||
        open->is_tiny || open->is_faint) {
        pop_to(nest, depth);
        return;
    }
    open->is_over = true;
    count(nest, open->element, -1);
    while (nest->depth > 0 && nest->open[nest->depth - 1].is_over)
        pop(nest);
}

static void end_element(struct nest *nest, const struct html_element *element)
{
    unsigned barriers = barriers_of((enum html_role)element->role);

    if (nest->too_deep > 0) {
        nest->too_deep--;
        return;
    }
    if (nest->counts[html_element_index(element)] == 0) {
        if (element->role == HTML_PARAGRAPH && nest->dropped == 0)
            html_markup_end_line(&nest->out); /* browsers see an empty one */
        return;
    }
    for (unsigned i = nest->depth; i-- > 0;) {
        const struct open_element *open = &nest->open[i];

        if (open->element == element && !open->is_over) {
            end_at(nest, i);
            return;
        }
        if (barriers & 1U << open->element->role)
            return;
    }
}

/* An element without a place of its own still keeps the words around it apart. */
static void start_too_deep(struct nest *nest, enum html_role role)
{
    nest->too_deep++;
    if (BLOCKS & 1U << role && nest->dropped == 0)
        html_markup_end_line(&nest->out);
}

static void add_image(struct nest *nest, const struct html_token *tag)
{
    struct html_style style = style_of(nest, tag);

    if (!style.is_pixel && !is_hidden(nest, tag, &style))
        write_start_tag(nest, "img", tag, kept_attributes(tag, &style));
}

static void start_element(struct nest *nest, const struct html_token *tag)
{
    enum html_role role = (enum html_role)tag->element->role;

    nest->is_for_some = tag->given & 1U << HTML_MEDIA;
    if (role == HTML_NOTHING || role == HTML_RAW ||
        (role == HTML_DROPPED && tag->is_closed))
        return;
    if (role == HTML_BREAK || role == HTML_IMAGE) {
        if (nest->dropped == 0 && role == HTML_BREAK)
            html_markup_end_line(&nest->out);
        else if (nest->dropped == 0)
            add_image(nest, tag);
        return;
    }
    if (nest->too_deep == 0)
        close_before(nest, role);
    if (nest->depth < HTML_DEEPEST)
        push(nest, tag);
    else
        start_too_deep(nest, role);
}

/* The end tags that browsers see as start tags, and those of elements that have none.
 */
static void end_tag(struct nest *nest, const struct html_token *tag)
{
    switch ((enum html_role)tag->element->role) {
    case HTML_NOTHING:
    case HTML_RAW:
    case HTML_IMAGE:
        return;
    case HTML_BREAK:
        start_element(nest, tag);
        return;
    default:
        end_element(nest, tag->element);
    }
}

static void give_all(struct nest *nest)
{
    if (!nest->out.is_lost)
        nest->take(nest->context, nest->out.text, nest->out.length_bytes);
    nest->out.length_bytes = 0;
}

/* Gives away what has been written, if it is enough, with a tag at its end: libxml2
 * keeps text until it sees the next one. */
static void give(struct nest *nest)
{
    if (nest->out.length_bytes < PIECE_BYTES / 2)
        return;
    html_markup_add_word(&nest->out, "<span></span>");
    give_all(nest);
}

/* Where a long text may be cut: not in a character, nor in a reference. */
static size_t find_cut(struct html_slice text)
{
    enum { LONGEST_REFERENCE = 32 };
    size_t cut = LONGEST_TEXT;

    while (cut > 0 && ((unsigned char)text.text[cut] & 0xC0) == 0x80)
        cut--;
    for (size_t i = 1; i <= LONGEST_REFERENCE && i <= cut; i++)
        if (text.text[cut - i] == '&')
            return cut > i ? cut - i : cut;
    return cut > 0 ? cut : LONGEST_TEXT;
}

static void write_text(struct nest *nest, struct html_slice text)
{
    while (text.length_bytes > LONGEST_TEXT) {
        size_t cut = find_cut(text);

        html_markup_add_text(&nest->out, (struct html_slice){text.text, cut});
        give(nest);
        text.text += cut;
        text.length_bytes -= cut;
    }
    html_markup_add_text(&nest->out, text);
}

static void add_text(struct nest *nest, struct html_slice text)
{
    const struct open_element *open = nest->open + nest->depth;

    if (nest->dropped > 0 ||
        (nest->depth > 0 && (open[-1].is_tiny || open[-1].is_faint)))
        return;
    write_text(nest, text);
}

static void take_token(struct nest *nest, const struct html_token *token)
{
    if (token->kind == HTML_TEXT)
        add_text(nest, token->text);
    else if (!token->element)
        return;
    else if (token->kind == HTML_START_TAG)
        start_element(nest, token);
    else if (token->kind == HTML_END_TAG)
        end_tag(nest, token);
    else if (strcmp(token->element->name, "style") == 0 && !nest->is_for_some)
        html_sheet_add(&nest->sheet, token->text.text, token->text.length_bytes);
}

bool html_nest(const char *html, size_t size_bytes, html_nest_taker *take,
               void *context)
{
    struct html_reader reader = {.at = html, .end = html + size_bytes};
    struct nest nest;
    struct html_token token;

    memset(&nest, 0, sizeof nest);
    nest.take = take;
    nest.context = context;
    html_markup_start(&nest.out, PIECE_BYTES);
    html_markup_add_word(&nest.out, "<html><body>");
    while (!nest.out.is_lost && html_token_read(&reader, &token)) {
        take_token(&nest, &token);
        give(&nest);
    }
    pop_to(&nest, 0);
    html_markup_add_word(&nest.out, "</body></html>");
    give_all(&nest);
    free(nest.out.text);
    return !nest.out.is_lost;
}
