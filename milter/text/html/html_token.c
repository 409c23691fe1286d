/* SPDX-License-Identifier: ISC */
#include "text/html/html_token.h"

#include <string.h>
#include <strings.h>

#include "text/html/html_char.h"

static const struct {
    const char *name;
    size_t length;
} attributes[HTML_ATTRIBUTES] = {
    [HTML_STYLE] = {"style", 5}, [HTML_CLASS] = {"class", 5},
    [HTML_ID] = {"id", 2},       [HTML_HIDDEN] = {"hidden", 6},
    [HTML_HREF] = {"href", 4},   [HTML_TYPE] = {"type", 4},
    [HTML_START] = {"start", 5}, [HTML_VALUE] = {"value", 5},
    [HTML_WIDTH] = {"width", 5}, [HTML_HEIGHT] = {"height", 6},
    [HTML_ALT] = {"alt", 3},     [HTML_EMOJI] = {"data-emoji", 10},
    [HTML_MEDIA] = {"media", 5},
};

const char *html_attribute_name(enum html_attribute attribute)
{
    return attributes[attribute].name;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The next such byte, NULL if there is none; asks for each only once in vain. */
static const char *find_byte(const struct html_reader *reader, const char *from,
                             char byte, bool *has_none)
{
    const char *found = NULL;

    if (!*has_none && from < reader->end)
        found = memchr(from, byte, (size_t)(reader->end - from));
    if (!found)
        *has_none = true;
    return found;
}

static bool begins_with(const struct html_reader *reader, const char *at,
                        const char *word)
{
    size_t length = strlen(word);

    return (size_t)(reader->end - at) >= length && strncasecmp(at, word, length) == 0;
}

/* The next ">", or the end. */
static const char *find_angle(struct html_reader *reader, const char *from)
{
    const char *angle = find_byte(reader, from, '>', &reader->has_no_angle);

    return angle ? angle : reader->end;
}

/* Behind the next ">", or the end. */
static const char *skip_to_angle(struct html_reader *reader, const char *from)
{
    const char *angle = find_angle(reader, from);

    return angle < reader->end ? angle + 1 : angle;
}

/* Behind the comment whose text begins at from. One without an end goes to the next
 * ">": the text of the mail is worth more than the rule. */
static const char *skip_comment(struct html_reader *reader, const char *from)
{
    if (begins_with(reader, from, ">"))
        return from + 1;
    if (begins_with(reader, from, "->"))
        return from + 2;
    for (const char *at = from; !reader->has_no_comment_end;) {
        at = at < reader->end ? memchr(at, '-', (size_t)(reader->end - at)) : NULL;
        if (!at) {
            reader->has_no_comment_end = true;
        } else if (begins_with(reader, at, "-->")) {
            return at + 3;
        } else if (begins_with(reader, at, "--!>")) {
            return at + 4;
        } else {
            at++;
        }
    }
    return skip_to_angle(reader, from);
}

/* Whether what begins with "<" and a letter at tag is no tag but words of a mail that
 * forgot to escape them: an address or URL in angle brackets, or a tag that the mail
 * ends in before it gets to the name of an element. */
static bool is_bare_angle(struct html_reader *reader, const char *tag)
{
    const char *at = tag + 1;

    if (begins_with(reader, at, "http:") || begins_with(reader, at, "https:") ||
        begins_with(reader, at, "mailto:"))
        return true;
    while (at < reader->end && *at != '>' && *at != '<' && *at != '/' &&
           !html_is_space(*at))
        if (*at++ == '@')
            return true;
    return !find_byte(reader, at, '>', &reader->has_no_angle) &&
           !html_element_find(tag + 1, (size_t)(at - tag - 1));
}

static void give_attribute(struct html_token *token, struct html_slice name,
                           struct html_slice value)
{
    for (unsigned i = 0; i < HTML_ATTRIBUTES; i++) {
        if (name.length_bytes != attributes[i].length || token->given & 1U << i ||
            strncasecmp(name.text, attributes[i].name, name.length_bytes) != 0)
            continue;
        token->given |= 1U << i;
        token->values[i] = value;
        return;
    }
}

static const char *skip_space(const struct html_reader *reader, const char *at)
{
    while (at < reader->end && html_is_space(*at))
        at++;
    return at;
}

/* Reads the value that begins at at. Returns where it ends, its quote included; NULL if
 * its quote has no end. */
static const char *read_value(struct html_reader *reader, const char *at,
                              struct html_slice *value_out)
{
    const char *end = at;

    if (at < reader->end && (*at == '"' || *at == '\'')) {
        end = find_byte(reader, at + 1, *at, &reader->has_no_quote[*at == '"']);
        if (!end)
            return NULL;
        *value_out = (struct html_slice){at + 1, (size_t)(end - at - 1)};
        return end + 1;
    }
    while (end < reader->end && !html_is_space(*end) && *end != '>')
        end++;
    *value_out = (struct html_slice){at, (size_t)(end - at)};
    return end;
}

/* Reads the attribute that begins at at. Returns where it ends; NULL as above. */
static const char *read_attribute(struct html_reader *reader, const char *at,
                                  struct html_token *token)
{
    struct html_slice name = {at, 1}, value = {at, 0};
    const char *end = at + 1; /* a "=" in the first place is part of the name */

    while (end < reader->end && !html_is_space(*end) && *end != '/' && *end != '>' &&
           *end != '=')
        end++;
    name.length_bytes = (size_t)(end - at);
    at = skip_space(reader, end);
    if (at < reader->end && *at == '=') {
        end = read_value(reader, skip_space(reader, at + 1), &value);
        if (!end)
            return NULL;
    }
    give_attribute(token, name, value);
    return end;
}

/* Reads from behind the name of a start tag to behind its ">". Where a quote has no
 * end, the tag ends at the first ">" behind it. An earlier one, in a quote that has an
 * end, would do too, but then each tag in that quote could go as far, and come back. */
static void read_attributes(struct html_reader *reader, struct html_token *token)
{
    const char *at = reader->at;

    while (at < reader->end && *at != '>') {
        const char *next = at + 1;

        if (!html_is_space(*at) && *at != '/')
            next = read_attribute(reader, at, token);
        at = next ? next : find_angle(reader, at);
    }
    if (at < reader->end)
        at++;
    token->is_closed = at - reader->at >= 2 && at[-2] == '/';
    reader->at = at;
}

static void read_tag(struct html_reader *reader, const char *name,
                     struct html_token *token)
{
    const char *end = name;

    while (end < reader->end && !html_is_space(*end) && *end != '/' && *end != '>')
        end++;
    token->element = html_element_find(name, (size_t)(end - name));
    reader->at = end;
    if (token->kind == HTML_END_TAG) {
        reader->at = skip_to_angle(reader, end);
        return;
    }
    read_attributes(reader, token);
    if (token->element && token->element->role == HTML_RAW)
        reader->raw = token->element;
}

/* The "</name" that ends an HTML_RAW element; NULL without one. */
static const char *find_end_tag(struct html_reader *reader,
                                const struct html_element *element)
{
    bool *has_none = &reader->has_no_end_tag[html_element_index(element)];
    size_t length = strlen(element->name);

    for (const char *at = reader->at; !*has_none;) {
        at = at < reader->end ? memchr(at, '<', (size_t)(reader->end - at)) : NULL;
        if (!at) {
            *has_none = true;
        } else if ((size_t)(reader->end - at) > length + 2 && at[1] == '/' &&
                   strncasecmp(at + 2, element->name, length) == 0 &&
                   !is_letter(at[length + 2])) {
            return at;
        } else {
            at++;
        }
    }
    return NULL;
}

/* Without its end tag, it is what there is up to the next tag: a title that a browser
 * would take the whole body for gives it back. */
static void read_raw(struct html_reader *reader, struct html_token *token)
{
    const char *start = reader->at, *end = find_end_tag(reader, reader->raw);

    if (end) {
        reader->at = skip_to_angle(reader, end);
    } else {
        end = start < reader->end ? memchr(start, '<', (size_t)(reader->end - start))
                                  : NULL;
        if (!end)
            end = reader->end;
        reader->at = end;
    }
    token->kind = HTML_RAW_TEXT;
    token->element = reader->raw;
    token->text = (struct html_slice){start, (size_t)(end - start)};
    reader->raw = NULL;
}

/* The text up to the next "<" behind from. */
static void read_text(struct html_reader *reader, const char *from,
                      struct html_token *token)
{
    const char *start = reader->at, *end = NULL;

    if (from < reader->end)
        end = memchr(from, '<', (size_t)(reader->end - from));
    reader->at = end ? end : reader->end;
    token->kind = HTML_TEXT;
    token->text = (struct html_slice){start, (size_t)(reader->at - start)};
}

/* What begins with "<": a tag or text is read into *token_out, anything else is skipped
 * and false returned. */
static bool read_markup(struct html_reader *reader, struct html_token *token_out)
{
    const char *at = reader->at + 1;

    if (at < reader->end && is_letter(*at) && !is_bare_angle(reader, reader->at)) {
        token_out->kind = HTML_START_TAG;
        read_tag(reader, at, token_out);
    } else if (at < reader->end && *at == '/') {
        if (at + 1 < reader->end && is_letter(at[1])) {
            token_out->kind = HTML_END_TAG;
            read_tag(reader, at + 1, token_out);
            return true;
        }
        reader->at = skip_to_angle(reader, at);
        return false;
    } else if (begins_with(reader, at, "!--")) {
        reader->at = skip_comment(reader, at + 3);
        return false;
    } else if (at < reader->end && (*at == '!' || *at == '?')) {
        reader->at = skip_to_angle(reader, at);
        return false;
    } else {
        read_text(reader, at, token_out);
    }
    return true;
}

bool html_token_read(struct html_reader *reader, struct html_token *token_out)
{
    token_out->given = 0;
    if (reader->raw) {
        read_raw(reader, token_out);
        return true;
    }
    while (reader->at < reader->end) {
        if (*reader->at != '<') {
            read_text(reader, reader->at, token_out);
            return true;
        }
        if (read_markup(reader, token_out))
            return true;
    }
    return false;
}
