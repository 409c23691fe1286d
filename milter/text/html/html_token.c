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

static struct html_slice slice(const char *start, const char *end)
{
    return (struct html_slice){start, (size_t)(end - start)};
}

/* ---- looking for what comes next ---- */

/* The next such byte; NULL if there is none. has_none remembers that, so that the rest
 * of the source is searched in vain only once. */
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

/* The next "<", or the end. */
static const char *find_markup(const struct html_reader *reader, const char *from)
{
    const char *found = NULL;

    if (from < reader->end)
        found = memchr(from, '<', (size_t)(reader->end - from));
    return found ? found : reader->end;
}

static const char *skip_space(const struct html_reader *reader, const char *at)
{
    while (at < reader->end && html_is_space(*at))
        at++;
    return at;
}

/* Whether the name of a tag may end at at. */
static bool is_name_end(const struct html_reader *reader, const char *at)
{
    return at < reader->end && (html_is_space(*at) || *at == '/' || *at == '>');
}

/* ---- raw text ---- */

/* Whether there is a tag of that name at at, whose "<" is there. opening is "<" or
 * "</".
 */
static bool is_tag_at(const struct html_reader *reader, const char *at,
                      const char *opening, const char *name)
{
    return begins_with(reader, at, opening) &&
           begins_with(reader, at + strlen(opening), name) &&
           is_name_end(reader, at + strlen(opening) + strlen(name));
}

/* The end tag of an element that begins at from or after it; NULL without one. */
static const char *find_end_tag(struct html_reader *reader, const char *from,
                                const struct html_element *element)
{
    bool *has_none = &reader->has_no_end_tag[html_element_index(element)];

    if (*has_none)
        return NULL;
    for (const char *at = find_markup(reader, from); at < reader->end;
         at = find_markup(reader, at + 1))
        if (is_tag_at(reader, at, "</", element->name))
            return at;
    *has_none = true;
    return NULL;
}

/* The end tag of a script; NULL without one. In a comment, an end tag does not count
 * that belongs to a script in there (13.2.5.20, "Script data escaped state", and the
 * double escaped states). */
static const char *find_script_end(struct html_reader *reader, const char *name)
{
    enum { PLAIN, IN_COMMENT, IN_INNER_SCRIPT } where = PLAIN;

    for (const char *at = reader->at; at < reader->end && !reader->has_no_script_end;
         at++) {
        if (*at == '-' && begins_with(reader, at, "-->")) {
            where = PLAIN;
        } else if (*at != '<') {
            continue;
        } else if (is_tag_at(reader, at, "</", name)) {
            if (where != IN_INNER_SCRIPT)
                return at;
            where = IN_COMMENT;
        } else if (where == IN_COMMENT && is_tag_at(reader, at, "<", name)) {
            where = IN_INNER_SCRIPT;
        } else if (where == PLAIN && begins_with(reader, at, "<!--")) {
            where = IN_COMMENT;
            at++; /* its dashes may be those of "-->" */
        }
    }
    reader->has_no_script_end = true;
    return NULL;
}

/* Where the raw text that begins at reader->at ends. */
static const char *find_raw_end(struct html_reader *reader)
{
    const struct html_element *element = reader->raw;
    enum html_role role = (enum html_role)element->role;
    const char *end = NULL;

    if (role == HTML_PLAIN)
        return reader->end;
    if (role == HTML_SCRIPT)
        end = find_script_end(reader, element->name);
    if (!end && (role != HTML_SCRIPT || reader->saves_text))
        end = find_end_tag(reader, reader->at, element);
    if (end)
        return end;
    return reader->saves_text ? find_markup(reader, reader->at) : reader->end;
}

/* False if there is no raw text. */
static bool read_raw(struct html_reader *reader, struct html_token *token_out)
{
    const char *start = reader->at;

    reader->at = find_raw_end(reader);
    token_out->kind = HTML_RAW_TEXT;
    token_out->element = reader->raw;
    token_out->text = slice(start, reader->at);
    reader->raw = NULL;
    return reader->at > start;
}

/* ---- tags ---- */

/* Whether a URL begins at at. */
static bool is_url(const struct html_reader *reader, const char *at)
{
    switch (*at) {
    case 'h':
    case 'H':
        return begins_with(reader, at, "http:") || begins_with(reader, at, "https:");
    case 'm':
    case 'M':
        return begins_with(reader, at, "mailto:");
    default:
        return false;
    }
}

/* Whether what begins with "<" and a letter at tag is no tag but words of a mail that
 * forgot to write "&lt;" (exceptions 3 and 4). */
static bool is_bare_angle(struct html_reader *reader, const char *tag)
{
    const char *at = tag + 1;

    if (is_url(reader, at))
        return true;
    while (at < reader->end && *at != '<' && !is_name_end(reader, at))
        if (*at++ == '@')
            return true;
    return !find_byte(reader, at, '>', &reader->has_no_angle) &&
           !html_element_find(tag + 1, (size_t)(at - tag - 1));
}

/* Reads the value that begins at reader->at. False if its quote has no end. */
static bool read_value(struct html_reader *reader, struct html_slice *value_out)
{
    const char *at = reader->at, *end = at;

    if (at < reader->end && (*at == '"' || *at == '\'')) {
        end = find_byte(reader, at + 1, *at, &reader->has_no_quote[*at == '"']);
        if (!end)
            return false;
        *value_out = slice(at + 1, end);
        reader->at = end + 1;
        return true;
    }
    while (end < reader->end && !html_is_space(*end) && *end != '>')
        end++;
    *value_out = slice(at, end);
    reader->at = end;
    return true;
}

bool html_attribute_read(struct html_reader *reader, struct html_slice *name_out,
                         struct html_slice *value_out)
{
    const char *at = reader->at, *end;

    while (at < reader->end && (html_is_space(*at) || *at == '/'))
        at++;
    reader->at = at;
    if (at == reader->end || *at == '>')
        return false;
    end = at + 1; /* a "=" in the first place is part of the name */
    while (end < reader->end && *end != '=' && !is_name_end(reader, end))
        end++;
    *name_out = slice(at, end);
    *value_out = slice(end, end);
    reader->at = end;
    at = skip_space(reader, end);
    if (at == reader->end || *at != '=')
        return true;
    reader->at = skip_space(reader, at + 1);
    if (read_value(reader, value_out))
        return true;
    reader->at = reader->saves_text ? find_angle(reader, reader->at) : reader->end;
    return false;
}

/* If a name is given twice, the first attribute counts. */
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

/* Reads from the name of a tag to after its ">". False if it has no ">" and therefore
 * does not count. */
static bool read_tag(struct html_reader *reader, const char *name,
                     enum html_token_kind kind, struct html_token *token)
{
    const char *end = name, *behind;
    struct html_slice attribute, value;

    while (end < reader->end && !is_name_end(reader, end))
        end++;
    token->kind = kind;
    token->text = slice(name, end);
    token->element = html_element_find(name, (size_t)(end - name));
    reader->at = behind = end;
    while (html_attribute_read(reader, &attribute, &value)) {
        give_attribute(token, attribute, value);
        behind = reader->at;
    }
    if (reader->at == reader->end)
        return reader->saves_text;
    token->is_closed = reader->at > behind && reader->at[-1] == '/';
    reader->at++;
    return true;
}

static bool read_start_tag(struct html_reader *reader, const char *name,
                           struct html_token *token)
{
    if (!read_tag(reader, name, HTML_START_TAG, token))
        return false;
    if (token->element && html_role_is_raw((enum html_role)token->element->role) &&
        !reader->is_foreign)
        reader->raw = token->element;
    return true;
}

/* ---- comments, declarations and text ---- */

/* Reads the text up to the next "<" that is at from or after it. */
static bool read_text(struct html_reader *reader, const char *from,
                      struct html_token *token)
{
    const char *start = reader->at;

    reader->at = find_markup(reader, from);
    token->kind = HTML_TEXT;
    token->text = slice(start, reader->at);
    return true;
}

/* Reads a token whose text goes from from to end. ending_bytes is the length of what
 * ends it there. */
static bool read_until(struct html_reader *reader, enum html_token_kind kind,
                       const char *from, const char *end, size_t ending_bytes,
                       struct html_token *token)
{
    token->kind = kind;
    token->text = slice(from, end);
    reader->at = end + ending_bytes;
    return true;
}

/* Reads a token that goes to the next ">". */
static bool read_to_angle(struct html_reader *reader, enum html_token_kind kind,
                          const char *from, struct html_token *token)
{
    const char *end = find_angle(reader, from);

    return read_until(reader, kind, from, end, end < reader->end, token);
}

/* Where the text of a comment ends that begins at from, with the length of what ends
 * it; NULL if it has no end. */
static const char *find_comment_end(struct html_reader *reader, const char *from,
                                    size_t *ending_bytes_out)
{
    const char *at = from;

    while ((at = find_byte(reader, at, '-', &reader->has_no_comment_end))) {
        *ending_bytes_out = begins_with(reader, at, "-->")    ? 3
                            : begins_with(reader, at, "--!>") ? 4
                                                              : 0;
        if (*ending_bytes_out > 0)
            return at;
        at++;
    }
    return NULL;
}

/* A comment that has no end, by the standard: all the rest, but not the beginning of an
 * end. */
static bool read_open_comment(struct html_reader *reader, const char *from,
                              struct html_token *token)
{
    static const char *const endings[] = {"--!", "--", "-"};
    const char *end = reader->end;

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t length = strlen(endings[i]);

        if ((size_t)(end - from) >= length &&
            memcmp(end - length, endings[i], length) == 0)
            return read_until(reader, HTML_COMMENT, from, end - length, length, token);
    }
    return read_until(reader, HTML_COMMENT, from, end, 0, token);
}

/* The comment whose text begins at from, after "<!--". */
static bool read_comment(struct html_reader *reader, const char *from,
                         struct html_token *token)
{
    size_t ending_bytes;
    const char *end;

    if (begins_with(reader, from, ">"))
        return read_until(reader, HTML_COMMENT, from, from, 1, token);
    if (begins_with(reader, from, "->"))
        return read_until(reader, HTML_COMMENT, from, from, 2, token);
    end = find_comment_end(reader, from, &ending_bytes);
    if (end)
        return read_until(reader, HTML_COMMENT, from, end, ending_bytes, token);
    if (reader->saves_text)
        return read_to_angle(reader, HTML_COMMENT, from, token);
    return read_open_comment(reader, from, token);
}

/* The CDATA section whose text begins at from. False if it has no text. */
static bool read_cdata(struct html_reader *reader, const char *from,
                       struct html_token *token)
{
    const char *at = from;

    while ((at = find_byte(reader, at, ']', &reader->has_no_cdata_end))) {
        if (begins_with(reader, at, "]]>"))
            return read_until(reader, HTML_CDATA, from, at, 3, token) && at > from;
        at++;
    }
    if (reader->saves_text)
        return read_to_angle(reader, HTML_COMMENT, from, token);
    return read_until(reader, HTML_CDATA, from, reader->end, 0, token) &&
           reader->end > from;
}

/* Reads what begins with "<!". from is after that. */
static bool read_declaration(struct html_reader *reader, const char *from,
                             struct html_token *token)
{
    static const char doctype[] = "doctype", cdata[] = "[CDATA[";

    if (begins_with(reader, from, "--"))
        return read_comment(reader, from + 2, token);
    if (begins_with(reader, from, doctype))
        return read_to_angle(reader, HTML_DOCTYPE, from + strlen(doctype), token);
    if (reader->is_foreign && begins_with(reader, from, cdata) &&
        memcmp(from, cdata, strlen(cdata)) == 0)
        return read_cdata(reader, from + strlen(cdata), token);
    return read_to_angle(reader, HTML_COMMENT, from, token);
}

/* Reads what begins with "</". from is after that. False if it gives no token. */
static bool read_end_tag_open(struct html_reader *reader, const char *from,
                              struct html_token *token)
{
    if (from == reader->end)
        return read_text(reader, from, token);
    if (html_is_letter(*from))
        return read_tag(reader, from, HTML_END_TAG, token);
    if (*from == '>') {
        reader->at = from + 1;
        return false;
    }
    return read_to_angle(reader, HTML_COMMENT, from, token);
}

/* Reads what begins with "<". False if it gives no token. */
static bool read_markup(struct html_reader *reader, struct html_token *token_out)
{
    const char *at = reader->at + 1;
    char first = at < reader->end ? *at : '\0';

    if (first == '/')
        return read_end_tag_open(reader, at + 1, token_out);
    if (first == '!')
        return read_declaration(reader, at + 1, token_out);
    if (first == '?')
        return read_to_angle(reader, HTML_COMMENT, at, token_out);
    if (html_is_letter(first) &&
        !(reader->saves_text && is_bare_angle(reader, reader->at)))
        return read_start_tag(reader, at, token_out);
    return read_text(reader, at, token_out);
}

bool html_token_read(struct html_reader *reader, struct html_token *token_out)
{
    token_out->given = 0;
    token_out->is_closed = false;
    while (reader->at < reader->end) {
        bool is_token;

        if (reader->raw)
            is_token = read_raw(reader, token_out);
        else if (*reader->at == '<')
            is_token = read_markup(reader, token_out);
        else
            is_token = read_text(reader, reader->at, token_out);
        if (is_token)
            return true;
    }
    return false;
}
