/* SPDX-License-Identifier: ISC */
#include "text/mime/plain_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/html/html_link.h"

/* The longest picture name, URL and bold text that are recognised, and how far back a
 * link may already be written. */
enum {
    MAX_PICTURE_BYTES = 300,
    MAX_URL_BYTES = 4096,
    MAX_BACK_BYTES = 200,
    MAX_BOLD_BYTES = 200
};

static bool begins_with(const char *text, const char *beginning)
{
    return strncasecmp(text, beginning, strlen(beginning)) == 0;
}

/* The length up to and including a closing character on the same line; 0 if there is
 * none within most bytes. */
static size_t length_to(const char *text, const char *closing, size_t most)
{
    size_t length = 0;

    while (length < most && text[length] && text[length] != '\n' &&
           !strchr(closing, text[length]))
        length++;
    return length < most && text[length] == *closing ? length + 1 : 0;
}

/* "[A picture containing text", an empty line, "Description automatically generated]",
 * as Outlook writes it. Reads so far that no text is read twice. */
static size_t description_bytes(const char *text)
{
    static const char *const endings[] = {"Description automatically generated]",
                                          "AI-generated content may be incorrect.]"};
    size_t length = 1;

    while (length < MAX_PICTURE_BYTES && text[length] && !strchr("[]", text[length]))
        length++;
    if (text[length++] != ']')
        return 0;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t ending = strlen(endings[i]);

        if (length > ending && memcmp(text + length - ending, endings[i], ending) == 0)
            return length;
    }
    return 0;
}

static size_t picture_bytes(const char *text)
{
    size_t length;

    if (!begins_with(text, "[cid:") && !begins_with(text, "[image:"))
        return description_bytes(text);
    length = length_to(text + 1, "][", MAX_PICTURE_BYTES);
    return length ? 1 + length : 0;
}

static bool is_web(const char *text)
{
    return begins_with(text, "http://") || begins_with(text, "https://");
}

/* The length of a link in angle brackets. */
static size_t bracketed_bytes(const char *text)
{
    size_t length;

    if (!is_web(text + 1) && !begins_with(text + 1, "mailto:") &&
        !begins_with(text + 1, "tel:"))
        return 0;
    length = length_to(text + 1, ">< \t", MAX_URL_BYTES);
    return length ? 1 + length : 0;
}

static void put(const char *text, struct marked_text *out)
{
    marked_text_append(out, text, strlen(text));
}

/* The line that is being written, as far back as it may contain the link. */
static const char *line_so_far(const struct marked_text *out, size_t *length_out)
{
    size_t start = out->length_bytes;

    while (start > 0 && out->length_bytes - start < MAX_BACK_BYTES &&
           out->text[start - 1] != '\n')
        start--;
    *length_out = out->length_bytes - start;
    return out->length_bytes > 0 ? out->text + start : "";
}

/* Whether the link directly follows its words, and not white space. */
static bool is_behind_words(const struct marked_text *out)
{
    return out->length_bytes > 0 && !strchr(" \t\n(", out->text[out->length_bytes - 1]);
}

static void put_link(const struct html_link *link, enum links links,
                     struct marked_text *out)
{
    size_t length;
    const char *line = line_so_far(out, &length);

    bool is_said = link->kind == HTML_LINK_WEB
                       ? html_link_is_said(line, length, link->target)
                       : html_link_address_is_said(line, length, link->target);

    if (!is_behind_words(out)) {
        put(link->target, out);
    } else if (links != LINKS_TEXT && !is_said) {
        put(" (", out);
        put(link->target, out);
        put(")", out);
    }
}

/* Reads the text as the href of a link. Returns false without memory, or if the link
 * leads nowhere. */
static bool read_link(const char *text, size_t length_bytes, struct html_link *link_out)
{
    char *href = strndup(text, length_bytes);
    bool is_read = href && html_link_read(href, link_out);

    free(href);
    if (is_read && link_out->target)
        return true;
    if (is_read)
        html_link_free(link_out);
    return false;
}

/* Writes "words<https://example.org>". Returns how much of the text was read. */
static size_t put_bracketed(const char *text, enum links links, struct marked_text *out)
{
    size_t length = bracketed_bytes(text);
    struct html_link link = {0};

    if (length == 0 || !read_link(text + 1, length - 2, &link))
        return 0;
    put_link(&link, links, out);
    html_link_free(&link);
    return length;
}

/* Writes a URL, without the wrapping that a mail filter may have put around it. */
static size_t put_url(const char *text, struct marked_text *out)
{
    size_t length = is_web(text) ? strcspn(text, " \t\n<>\"") : 0;
    struct html_link link = {0};

    if (length > 0 && length <= MAX_URL_BYTES && read_link(text, length, &link) &&
        link.wrapped)
        put(link.target, out);
    else
        marked_text_append(out, text, length);
    html_link_free(&link);
    return length;
}

/* Writes "*bold*", which is how Gmail writes bold text, without the asterisks. Returns
 * how much of the text was read. */
static size_t put_bold(const char *text, struct marked_text *out)
{
    bool is_at_word =
        out->length_bytes == 0 || strchr(" \t\n(>", out->text[out->length_bytes - 1]);
    size_t length = 0;

    if (!is_at_word || strchr(" \t*", text[1]))
        return 0;
    length = length_to(text + 1, "*", MAX_BOLD_BYTES);
    if (length < 2 || strchr(" \t", text[length - 1]) ||
        !strchr(" \t\n.,:;!?)", text[length + 1]))
        return 0;
    marked_text_append(out, text + 1, length - 1);
    return length + 1;
}

static size_t put_special(const char *text, enum links links, struct marked_text *out)
{
    switch (*text) {
    case '[':
        return picture_bytes(text);
    case '*':
        return put_bold(text, out);
    case '<':
        return put_bracketed(text, links, out);
    default:
        return put_url(text, out);
    }
}

void plain_text_append(const char *text, enum links links, struct marked_text *out)
{
    while (*text) {
        size_t length = strcspn(text, "[<*hH");
        size_t special;

        marked_text_append(out, text, length);
        text += length;
        special = *text ? put_special(text, links, out) : 0;
        if (special == 0 && *text)
            marked_text_append(out, text, special = 1);
        text += special;
    }
}
