/* SPDX-License-Identifier: ISC */
#include "text/mime/message_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/html/html_text.h"
#include "text/mime/calendar_text.h"
#include "text/mime/charset.h"
#include "text/mime/flowed_text.h"
#include "text/mime/mail_part.h"
#include "text/mime/plain_text.h"

GMimeMessage *message_parts_parse(const char *text, size_t length)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *mime = g_mime_parser_construct_message(parser, NULL);

    g_object_unref(parser);
    g_object_unref(stream);
    return mime;
}

/* What the walk through the parts found so far. */
struct reading {
    const struct text_options *options;
    struct marked_text *out;
    /* Taken if nothing else says anything: a text with a file's name, a mail within. */
    GMimeObject *named_text, *inner_mail;
    const char *refusal;
    unsigned depth;
    bool has_parsed_again; /* once is enough: each time takes as much memory */
};

enum { MAX_INNER_MAILS = 10 };

static const char is_nested_too_deep[] =
    "the parts of the mail are nested too deeply: send a simpler one";

/* ---- the text of a part ---- */

static void append_plain(GMimeObject *part, const char *text, struct reading *reading)
{
    struct marked_text joined = {0};

    if (mail_part_has_parameter(part, "format", "flowed")) {
        flowed_text_append(text, mail_part_has_parameter(part, "delsp", "yes"),
                           reading->options->end_marker, &joined);
        text = joined.text ? joined.text : "";
    }
    plain_text_append(text, reading->options->links, reading->out);
    reading->out->is_lost = reading->out->is_lost || joined.is_lost;
    marked_text_free(&joined);
}

static void append_text(GMimeObject *part, struct reading *reading)
{
    size_t length;
    char *text = mail_part_read(part, &length);

    marked_text_end_line(reading->out);
    if (!text)
        reading->out->is_lost = true;
    else if (mail_part_is_html(part))
        html_text_append(text, length, reading->options->links, reading->out);
    else if (mail_part_is_calendar(part))
        calendar_text_append(text, reading->out);
    else
        append_plain(part, text, reading);
    free(text);
}

/* Text that no part declares anything of. */
static void append_octets(const char *bytes, size_t size_bytes, struct reading *reading)
{
    size_t length;
    char *text = charset_to_utf8(NULL, bytes, size_bytes, &length);

    if (!text) {
        reading->out->is_lost = true;
        return;
    }
    mail_part_unify_line_ends(text);
    marked_text_append(reading->out, text, strlen(text));
    free(text);
}

/* ---- which parts are the text ---- */

/* A place in the text, to see what has come since, and to go back to. */
struct bookmark {
    size_t length_bytes, span_count;
};

static struct bookmark bookmark_here(const struct reading *reading)
{
    return (struct bookmark){reading->out->length_bytes, reading->out->span_count};
}

/* Whether something that is no white space has come since. */
static bool has_said_since(const struct reading *reading, struct bookmark since)
{
    const char *text = reading->out->text;

    if (reading->out->length_bytes == since.length_bytes)
        return false;
    for (text += since.length_bytes; *text;) {
        text += strspn(text, " \t\n\r\f\v");
        if (strncmp(text, "\xC2\xA0", 2) == 0) /* a no-break space */
            text += 2;
        else
            break;
    }
    return *text != '\0';
}

static void go_back(struct reading *reading, struct bookmark to)
{
    marked_text_truncate(reading->out, to.length_bytes, to.span_count);
}

/* The plain form that says no more than that there is another. */
static bool is_placeholder_since(const struct reading *reading, struct bookmark since)
{
    static const char *const words[] = {"HTML", "in your browser", "im Browser",
                                        "navigateur", "view this email"};
    enum { LONGEST_PLACEHOLDER = 400 };
    const char *text;

    if (!has_said_since(reading, since))
        return true;
    text = reading->out->text + since.length_bytes;
    if (strlen(text) > LONGEST_PLACEHOLDER)
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(text, words[i]))
            return true;
    return false;
}

static void read_object(GMimeObject *object, struct reading *reading);

/* Reads the first of the parts that fits; whether it said something. */
static bool read_first(GMimeMultipart *multipart, bool (*fits)(GMimeObject *),
                       struct reading *reading)
{
    struct bookmark start = bookmark_here(reading);

    for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);

        if (!GMIME_IS_PART(part) || !fits(part))
            continue;
        append_text(part, reading);
        return has_said_since(reading, start);
    }
    return false;
}

/* The richest form that says something; RFC 2046 section 5.1.4 puts it last. */
static bool read_rich(GMimeMultipart *multipart, struct reading *reading)
{
    struct bookmark start = bookmark_here(reading);

    for (int i = g_mime_multipart_get_count(multipart) - 1; i >= 0; i--) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);

        if (GMIME_IS_PART(part) && !mail_part_is_html(part))
            continue;
        read_object(part, reading);
        if (has_said_since(reading, start))
            return true;
        go_back(reading, start);
    }
    return false;
}

/* An invitation says it best as such, and then plain text does; but not where it only
 * says that there is HTML. */
static void read_alternative(GMimeMultipart *multipart, struct reading *reading)
{
    struct bookmark start = bookmark_here(reading);

    if (read_first(multipart, mail_part_is_calendar, reading))
        return;
    go_back(reading, start);
    read_first(multipart, mail_part_is_plain, reading);
    if (!is_placeholder_since(reading, start))
        return;
    go_back(reading, start);
    if (!read_rich(multipart, reading))
        read_first(multipart, mail_part_is_plain, reading);
}

/* Whether a content id is the one in angle brackets. */
static bool is_id(const char *id, const char *bracketed)
{
    size_t length = strlen(id);

    if (*bracketed == '<')
        bracketed++;
    return strncmp(bracketed, id, length) == 0 &&
           (bracketed[length] == '>' || bracketed[length] == '\0');
}

/* The part that the others belong to (RFC 2387 section 3.2). */
static GMimeObject *related_root(GMimeMultipart *multipart)
{
    const char *start =
        g_mime_object_get_content_type_parameter(GMIME_OBJECT(multipart), "start");

    for (int i = 0; start && i < g_mime_multipart_get_count(multipart); i++) {
        GMimeObject *part = g_mime_multipart_get_part(multipart, i);
        const char *id = g_mime_object_get_content_id(part);

        if (id && is_id(id, start))
            return part;
    }
    return g_mime_multipart_get_part(multipart, 0);
}

static void refuse_unless_said(struct reading *reading, const char *why)
{
    struct bookmark start = {0, 0};

    if (!reading->refusal && !has_said_since(reading, start))
        reading->refusal = why;
}

/* The boundary that a body has where its header names none, or another: a line of "--"
 * and something, with a field after it. NULL if there is no such line. */
static char *find_boundary(const char *body)
{
    const char *line = strncmp(body, "--", 2) == 0 ? body : strstr(body, "\n--");

    while (line) {
        size_t length;

        line += *line == '\n';
        length = strcspn(line, "\r\n");
        if (length > 2 && length < 2 + 70 && /* RFC 2046 section 5.1.1 */
            strncasecmp(line + length + strspn(line + length, "\r\n"), "Content-", 8) ==
                0)
            return strndup(line + 2, length - 2);
        line = strstr(line, "\n--");
    }
    return NULL;
}

static bool has_parts(GMimeMessage *mime)
{
    GMimeObject *whole = mime ? g_mime_message_get_mime_part(mime) : NULL;

    return whole && GMIME_IS_MULTIPART(whole) &&
           g_mime_multipart_get_count(GMIME_MULTIPART(whole)) > 0;
}

/* Parses the body of a multipart once more, with another boundary. */
static GMimeMessage *parse_again(GMimeMultipart *multipart, const char *body,
                                 const char *boundary)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(multipart));
    GMimeMessage *mime = NULL;
    char *text = NULL;
    int length = asprintf(&text, "Content-Type: multipart/%s; boundary=\"%s\"\n\n%s",
                          g_mime_content_type_get_media_subtype(type), boundary, body);

    if (length < 0)
        return NULL;
    mime = message_parts_parse(text, (size_t)length);
    free(text);
    return mime;
}

/* A multipart in which no part was found is read with the boundary that its body shows,
 * else as plain text. */
static void read_broken_multipart(GMimeMultipart *multipart, struct reading *reading)
{
    const char *body = g_mime_multipart_get_prologue(multipart);
    char *boundary = body && !reading->has_parsed_again ? find_boundary(body) : NULL;
    GMimeMessage *mime = boundary ? parse_again(multipart, body, boundary) : NULL;

    reading->has_parsed_again = true;
    if (has_parts(mime))
        read_object(g_mime_message_get_mime_part(mime), reading);
    else if (body)
        append_octets(body, strlen(body), reading);
    if (mime)
        g_object_unref(mime);
    free(boundary);
}

static const char is_encrypted[] = "the mail is encrypted, so its text cannot be read: "
                                   "send it unencrypted";

static void read_multipart(GMimeMultipart *multipart, struct reading *reading)
{
    GMimeObject *whole = GMIME_OBJECT(multipart);
    int count = g_mime_multipart_get_count(multipart);
    bool has_one = mail_part_is(whole, "multipart", "signed") ||
                   mail_part_is(whole, "multipart", "report");

    if (count == 0)
        read_broken_multipart(multipart, reading);
    else if (mail_part_is(whole, "multipart", "encrypted"))
        refuse_unless_said(reading, is_encrypted);
    else if (mail_part_is(whole, "multipart", "alternative"))
        read_alternative(multipart, reading);
    else if (mail_part_is(whole, "multipart", "related"))
        read_object(related_root(multipart), reading);
    else
        for (int i = 0; i < (has_one ? 1 : count); i++)
            read_object(g_mime_multipart_get_part(multipart, i), reading);
}

/* S/MIME without a part in clear (RFC 8551 sections 3.3 and 3.5.2). */
static bool is_smime(GMimeObject *part)
{
    return mail_part_is(part, "application", "pkcs7-mime") ||
           mail_part_is(part, "application", "x-pkcs7-mime");
}

static void read_leaf(GMimeObject *part, struct reading *reading)
{
    if (is_smime(part))
        refuse_unless_said(reading,
                           mail_part_has_parameter(part, "smime-type", "signed-data")
                               ? "the mail is signed in a form that hides its text "
                                 "(S/MIME opaque signature): send it unsigned"
                               : is_encrypted);
    else if (!mail_part_is_text(part))
        return;
    else if (!mail_part_has_file_name(part))
        append_text(part, reading);
    else if (!reading->named_text)
        reading->named_text = part;
}

static void read_object(GMimeObject *object, struct reading *reading)
{
    if (++reading->depth > MAIL_PART_MAX_DEPTH)
        refuse_unless_said(reading, is_nested_too_deep);
    else if (GMIME_IS_MULTIPART(object))
        read_multipart(GMIME_MULTIPART(object), reading);
    else if (GMIME_IS_MESSAGE_PART(object) && !reading->inner_mail)
        reading->inner_mail = object;
    else if (GMIME_IS_PART(object))
        read_leaf(object, reading);
    reading->depth--;
}

/* The mail within, which is looked into no further times. */
static GMimeObject *take_inner_mail(struct reading *reading)
{
    GMimeObject *inner = reading->inner_mail;
    GMimeMessage *mail =
        inner ? g_mime_message_part_get_message(GMIME_MESSAGE_PART(inner)) : NULL;

    reading->inner_mail = NULL;
    return mail ? g_mime_message_get_mime_part(mail) : NULL;
}

/* What a mail that says nothing itself was sent for: a forward of a forward. */
static void read_instead(struct reading *reading)
{
    struct bookmark start = bookmark_here(reading);
    GMimeObject *inner;
    int level = 0;

    if (reading->named_text)
        append_text(reading->named_text, reading);
    while (!reading->refusal && !has_said_since(reading, start) &&
           (inner = take_inner_mail(reading))) {
        if (++level > MAX_INNER_MAILS)
            refuse_unless_said(reading, is_nested_too_deep);
        else
            read_object(inner, reading);
    }
}

/* Whether a line begins a text that is encrypted (RFC 9580 section 6.2). */
static bool has_armor(const struct marked_text *text)
{
    static const char armor[] = "-----BEGIN PGP MESSAGE-----";
    const char *found = text->length_bytes > 0 ? strstr(text->text, armor) : NULL;

    while (found && found != text->text && found[-1] != '\n')
        found = strstr(found + 1, armor);
    return found;
}

const char *message_parts_read(GMimeMessage *mime, const struct text_options *options,
                               struct marked_text *out)
{
    GMimeObject *whole = g_mime_message_get_mime_part(mime);
    struct reading reading = {.options = options, .out = out};
    struct bookmark start = bookmark_here(&reading);

    if (whole)
        read_object(whole, &reading);
    if (!reading.refusal && !has_said_since(&reading, start))
        read_instead(&reading);
    return has_armor(out) ? is_encrypted : reading.refusal;
}
