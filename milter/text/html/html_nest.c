/* SPDX-License-Identifier: ISC */
#include "text/html/html_nest.h"

#include <stdlib.h>
#include <string.h>

#include "text/html/html_container.h"
#include "text/html/html_decode.h"
#include "text/html/html_rules.h"
#include "text/html/html_sheet.h"
#include "text/html/html_style.h"
#include "text/html/html_token.h"

/* An element that is open. */
struct open_element {
    const struct html_element *element;
    bool is_told;           /* the taker was told that it starts */
    bool is_line;           /* the taker was not told, but it has lines of its own */
    bool is_dropped;        /* nothing in it is seen */
    bool is_over;           /* its end tag came while a block in it was open */
    bool is_tiny, is_faint; /* its text cannot be read */
};

struct nest {
    const struct html_taker *taker;
    void *context;
    bool is_lost;                               /* there was no memory */
    struct html_string values[HTML_ATTRIBUTES]; /* of the last tag */
    struct html_sheet sheet;                    /* of the style elements so far */
    bool is_for_some;  /* the last start tag has a media attribute */
    bool is_pre_start; /* a line end does not count: it follows a pre tag */
    struct open_element open[HTML_DEEPEST];
    unsigned depth;
    unsigned too_deep;                /* how many are open beyond HTML_DEEPEST */
    unsigned dropped;                 /* how many open elements are dropped */
    unsigned counts[HTML_ELEMENTS];   /* how many of each element are open */
    unsigned role_counts[HTML_ROLES]; /* how many of each role are open */
    unsigned open_roles;              /* the roles of which some are open */
};

/* The attributes that tell something about the text, for each role. style, class and id
 * may tell something for every role (find_telling()). */
static const unsigned telling[HTML_ROLES] = {
    [HTML_LINK] = 1U << HTML_HREF,
    [HTML_QUOTE] = 1U << HTML_TYPE,
    [HTML_ORDERED_LIST] = 1U << HTML_START,
    [HTML_ITEM] = 1U << HTML_VALUE,
    [HTML_IMAGE] = 1U << HTML_CLASS | 1U << HTML_WIDTH | 1U << HTML_HEIGHT |
                   1U << HTML_ALT | 1U << HTML_EMOJI,
};

static bool is_block(enum html_role role)
{
    return (unsigned)HTML_IN_BLOCK & 1U << role;
}

/* ---- what an element tells ---- */

/* The value of an attribute, which is valid until the next tag. */
static const char *string_of(struct nest *nest, const struct html_token *tag,
                             enum html_attribute attribute)
{
    if (html_decode_value(tag->values[attribute], &nest->values[attribute]))
        return nest->values[attribute].text;
    nest->is_lost = true;
    return "";
}

/* The same, empty without the attribute; not copied if it stands for itself. */
static struct html_slice value_of(struct nest *nest, const struct html_token *tag,
                                  enum html_attribute attribute)
{
    struct html_string *string = &nest->values[attribute];

    if (!(tag->given & 1U << attribute))
        return (struct html_slice){"", 0};
    if (html_decode_is_plain(tag->values[attribute]))
        return tag->values[attribute];
    if (html_decode_value(tag->values[attribute], string))
        return (struct html_slice){string->text, string->length_bytes};
    nest->is_lost = true;
    return (struct html_slice){"", 0};
}

static struct html_style style_of(struct nest *nest, const struct html_token *tag)
{
    struct html_slice css = value_of(nest, tag, HTML_STYLE);

    if (css.length_bytes == 0)
        return (struct html_style){.is_hidden = false};
    return html_style_read(css.text, css.length_bytes);
}

/* Whether the reader of the mail sees nothing of an element. */
static bool is_hidden(struct nest *nest, const struct html_token *tag,
                      const struct html_style *style)
{
    if (style->is_hidden)
        return true;
    if (style->is_mso_hidden && tag->element->role != HTML_LINK)
        return true;
    if (style->is_displayed)
        return false;
    return tag->given & 1U << HTML_HIDDEN ||
           html_sheet_hides(&nest->sheet, tag->element->name,
                            value_of(nest, tag, HTML_CLASS),
                            value_of(nest, tag, HTML_ID));
}

/* Which of its attributes tell something. */
static unsigned find_telling(struct nest *nest, const struct html_token *tag,
                             const struct html_style *style)
{
    unsigned found = telling[tag->element->role];

    if (style->is_pre != HTML_UNSAID || style->has_reply_border)
        found |= 1U << HTML_STYLE;
    if (html_container_find(value_of(nest, tag, HTML_CLASS),
                            value_of(nest, tag, HTML_ID)) != HTML_OWN)
        found |= 1U << HTML_CLASS | 1U << HTML_ID;
    return found & tag->given;
}

/* Whether the taker is told of an element with these telling attributes. */
static bool is_told(enum html_role role, unsigned found)
{
    switch (role) {
    case HTML_PRE:
    case HTML_RAW_PRE:
    case HTML_PLAIN:
    case HTML_LIST:
    case HTML_ORDERED_LIST:
    case HTML_ITEM:
    case HTML_TABLE:
    case HTML_ROW:
    case HTML_CELL:
        return true;
    default:
        return found != 0;
    }
}

static struct html_seen seen(struct nest *nest, const struct html_token *tag,
                             const struct html_style *style, unsigned found)
{
    struct html_seen element = {
        .role = (enum html_role)tag->element->role,
        .style = *style,
    };

    for (unsigned i = 0; i < HTML_ATTRIBUTES; i++)
        if (found & 1U << i)
            element.values[i] = string_of(nest, tag, (enum html_attribute)i);
    return element;
}

static void tell_start(struct nest *nest, const struct html_token *tag,
                       const struct html_style *style, struct open_element *open)
{
    enum html_role role = (enum html_role)tag->element->role;
    unsigned found = find_telling(nest, tag, style);
    struct html_seen element;

    open->is_told = is_told(role, found);
    open->is_line = !open->is_told && is_block(role);
    if (open->is_line)
        nest->taker->line(nest->context);
    if (!open->is_told)
        return;
    element = seen(nest, tag, style, found);
    nest->taker->start(nest->context, &element);
}

/* ---- the tree ---- */

static bool answer_or(enum html_answer answer, bool otherwise)
{
    return answer == HTML_UNSAID ? otherwise : answer == HTML_YES;
}

static void count(struct nest *nest, const struct html_element *element, int change)
{
    nest->counts[html_element_index(element)] += (unsigned)change;
    nest->role_counts[element->role] += (unsigned)change;
    if (nest->role_counts[element->role] > 0)
        nest->open_roles |= 1U << element->role;
    else
        nest->open_roles &= ~(1U << element->role);
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
        open->is_dropped = element->role == HTML_DROPPED ||
                           element->role == HTML_FOREIGN ||
                           is_hidden(nest, tag, &style);
        if (!open->is_dropped)
            tell_start(nest, tag, &style, open);
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
        nest->taker->line(nest->context);
    if (open->is_told)
        nest->taker->end(nest->context);
}

static void pop_to(struct nest *nest, unsigned depth)
{
    while (nest->depth > depth)
        pop(nest);
}

/* Ends all open elements of some roles, and what is in them. It does not look beyond
 * the innermost element whose role is in barriers. */
static void close_roles(struct nest *nest, unsigned roles, unsigned barriers)
{
    unsigned kept = nest->depth;

    if (!(nest->open_roles & roles))
        return;
    for (unsigned i = nest->depth; i-- > 0;) {
        unsigned found = 1U << nest->open[i].element->role;

        if (roles & found && !nest->open[i].is_over)
            kept = i;
        else if (barriers & found)
            break;
    }
    pop_to(nest, kept);
}

/* Whether the start tag of an element ends an svg or math element around it. */
static bool ends_foreign(const struct html_element *element)
{
    for (size_t i = 0; i < sizeof html_foreign_ends / sizeof *html_foreign_ends; i++)
        if (strcmp(html_foreign_ends[i], element->name) == 0)
            return true;
    return false;
}

/* Ends what cannot be around an element of that role. */
static void close_before(struct nest *nest, enum html_role role)
{
    const struct html_rule *rule = &html_rules[role];
    unsigned roles = rule->closes;

    if (nest->open_roles & 1U << HTML_TABLE)
        roles |= rule->closes_in_table;
    close_roles(nest, roles, rule->closes_barriers);
    if (rule->closes_paragraph)
        close_roles(nest, 1U << HTML_PARAGRAPH, HTML_IN_CELL);
}

/* Whether only inline elements are open in the one at a depth. They end with it. */
static bool has_only_inline(const struct nest *nest, unsigned depth)
{
    for (unsigned i = depth + 1; i < nest->depth; i++)
        if (nest->open[i].element->role != HTML_INLINE)
            return false;
    return true;
}

/* Ends the element at a depth. One that has no effect leaves the blocks in it open. */
static void end_at(struct nest *nest, unsigned depth)
{
    struct open_element *open = &nest->open[depth];

    if (open->element->role != HTML_FORMAT || open->is_told || open->is_dropped ||
        open->is_tiny || open->is_faint || has_only_inline(nest, depth)) {
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
    unsigned barriers = html_rules[element->role].end_barriers;

    if (nest->too_deep > 0) {
        nest->too_deep--;
        return;
    }
    if (nest->counts[html_element_index(element)] == 0) {
        if (element->role == HTML_PARAGRAPH && nest->dropped == 0)
            nest->taker->line(nest->context); /* an empty one */
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

/* A block without a place in the tree still has lines of its own. */
static void start_too_deep(struct nest *nest, enum html_role role)
{
    nest->too_deep++;
    if (is_block(role) && nest->dropped == 0)
        nest->taker->line(nest->context);
}

static void add_image(struct nest *nest, const struct html_token *tag)
{
    struct html_style style = style_of(nest, tag);
    struct html_seen image;

    if (style.is_pixel || is_hidden(nest, tag, &style))
        return;
    image = seen(nest, tag, &style, telling[HTML_IMAGE] & tag->given);
    nest->taker->image(nest->context, &image);
}

/* An element that has no content. */
static void add_void(struct nest *nest, const struct html_token *tag)
{
    if (nest->dropped > 0)
        return;
    if (tag->element->role == HTML_BREAK)
        nest->taker->line(nest->context);
    else if (tag->element->role == HTML_IMAGE)
        add_image(nest, tag);
}

static void start_element(struct nest *nest, const struct html_token *tag)
{
    enum html_role role = (enum html_role)tag->element->role;

    nest->is_for_some = tag->given & 1U << HTML_MEDIA;
    if (nest->open_roles & 1U << HTML_FOREIGN && ends_foreign(tag->element)) {
        close_roles(nest, 1U << HTML_FOREIGN, HTML_NO_ROLES);
        nest->too_deep = 0; /* all of them were in it */
    }
    if (!html_rules[role].is_open) {
        add_void(nest, tag);
        return;
    }
    if ((role == HTML_DROPPED || role == HTML_FOREIGN) && tag->is_closed)
        return;
    if (nest->too_deep == 0)
        close_before(nest, role);
    if (nest->depth < HTML_DEEPEST)
        push(nest, tag);
    else
        start_too_deep(nest, role);
    nest->is_pre_start = role == HTML_PRE;
}

static void end_tag(struct nest *nest, const struct html_token *tag)
{
    enum html_role role = (enum html_role)tag->element->role;

    if (html_rules[role].is_open)
        end_element(nest, tag->element);
    else if (role == HTML_BREAK)
        start_element(nest, tag);
}

/* ---- text ---- */

static void add_text(struct nest *nest, struct html_slice text,
                     enum html_context context, bool is_pre_start)
{
    const struct open_element *open = nest->open + nest->depth;
    struct html_decoder decoder = {
        .at = text.text, .end = text.text + text.length_bytes, .context = context};
    struct html_slice piece;

    if (nest->dropped > 0 ||
        (nest->depth > 0 && (open[-1].is_tiny || open[-1].is_faint)))
        return;
    while (html_decode_next(&decoder, &piece)) {
        size_t skipped = is_pre_start && *piece.text == '\n';

        is_pre_start = false;
        if (piece.length_bytes > skipped)
            nest->taker->text(nest->context, piece.text + skipped,
                              piece.length_bytes - skipped);
    }
}

static void add_raw_text(struct nest *nest, const struct html_token *token)
{
    enum html_role role = (enum html_role)token->element->role;

    if (html_rules[role].is_open)
        add_text(nest, token->text, HTML_VERBATIM, false);
    else if (strcmp(token->element->name, "style") == 0 && !nest->is_for_some)
        html_sheet_add(&nest->sheet, token->text.text, token->text.length_bytes);
}

static void take_token(struct nest *nest, const struct html_token *token)
{
    bool is_pre_start = nest->is_pre_start;

    nest->is_pre_start = false;
    switch (token->kind) {
    case HTML_TEXT:
        add_text(nest, token->text, HTML_IN_TEXT, is_pre_start);
        return;
    case HTML_START_TAG:
        if (token->element)
            start_element(nest, token);
        return;
    case HTML_END_TAG:
        if (token->element)
            end_tag(nest, token);
        return;
    case HTML_RAW_TEXT:
        add_raw_text(nest, token);
        return;
    case HTML_CDATA: /* what it is in is dropped */
    case HTML_COMMENT:
    case HTML_DOCTYPE:
        return;
    }
}

static void free_values(struct nest *nest)
{
    for (unsigned i = 0; i < HTML_ATTRIBUTES; i++)
        free(nest->values[i].text);
}

bool html_nest(const char *html, size_t size_bytes, const struct html_taker *taker,
               void *context)
{
    struct html_reader reader = {
        .at = html, .end = html + size_bytes, .saves_text = true};
    struct html_token token;
    struct nest nest;

    memset(&nest, 0, sizeof nest);
    nest.taker = taker;
    nest.context = context;
    while (!nest.is_lost && html_token_read(&reader, &token)) {
        take_token(&nest, &token);
        reader.is_foreign = nest.open_roles & 1U << HTML_FOREIGN;
    }
    pop_to(&nest, 0);
    free_values(&nest);
    return !nest.is_lost;
}
