/* SPDX-License-Identifier: ISC */
#include "text/message.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void message_init(void)
{
    g_mime_init();
}

void message_shutdown(void)
{
    g_mime_shutdown();
}

/* A copy that is valid UTF-8 whatever text is; what is not becomes U+FFFD. */
static char *copy_valid(const char *text)
{
    char *valid = g_utf8_make_valid(text ? text : "", -1);
    char *copy = strdup(valid);

    g_free(valid);
    return copy;
}

static void unify_line_ends(char *text)
{
    char *end = text;

    for (; *text; text++) {
        if (*text == '\r' && text[1] == '\n')
            continue;
        *end++ = *text == '\r' ? '\n' : *text;
    }
    *end = '\0';
}

static bool is_attachment(GMimeObject *part)
{
    const char *disposition = g_mime_object_get_disposition(part);

    return disposition && strcasecmp(disposition, "attachment") == 0;
}

/* What the walk through the parts found so far. */
struct found_text {
    GMimeTextPart *plain, *other;
};

static void look_at_part(GMimeObject *parent, GMimeObject *part, gpointer data)
{
    struct found_text *found = data;

    (void)parent;
    if (!GMIME_IS_TEXT_PART(part) || is_attachment(part))
        return;
    if (!found->plain && g_mime_content_type_is_type(
                             g_mime_object_get_content_type(part), "text", "plain"))
        found->plain = GMIME_TEXT_PART(part);
    else if (!found->other)
        found->other = GMIME_TEXT_PART(part);
}

/* text/plain if there is one, else whatever text there is. */
static char *read_text(GMimeMessage *mime)
{
    struct found_text found = {NULL, NULL};
    GMimeTextPart *part;
    char *decoded, *text;

    g_mime_message_foreach(mime, look_at_part, &found);
    part = found.plain ? found.plain : found.other;
    if (!part)
        return strdup("");
    decoded = g_mime_text_part_get_text(part);
    text = copy_valid(decoded);
    g_free(decoded);
    if (text)
        unify_line_ends(text);
    return text;
}

static bool read_from(GMimeMessage *mime, struct message *message)
{
    InternetAddressList *list = g_mime_message_get_from(mime);
    InternetAddress *first = list ? internet_address_list_get_address(list, 0) : NULL;
    const char *address = NULL;

    if (first && INTERNET_ADDRESS_IS_MAILBOX(first))
        address = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first));
    message->from_name = copy_valid(first ? internet_address_get_name(first) : NULL);
    message->from_address = copy_valid(address);
    return message->from_name && message->from_address;
}

/* The first word of a field, without comments or parameters, is that. */
static bool field_begins_with(GMimeObject *mime, const char *name, const char *word)
{
    const char *value = g_mime_object_get_header(mime, name);
    size_t length = strlen(word);

    if (!value)
        return false;
    value += strspn(value, " \t\r\n");
    return strncasecmp(value, word, length) == 0 && !g_ascii_isalnum(value[length]) &&
           value[length] != '-';
}

/* RFC 3834 section 5: any Auto-Submitted but "no". Precedence is older than any RFC,
 * and what list servers and vacation programs still set. */
static const char *find_automatic_sign(GMimeObject *mime)
{
    if (g_mime_object_get_header(mime, "Auto-Submitted") &&
        !field_begins_with(mime, "Auto-Submitted", "no"))
        return "Auto-Submitted";
    if (field_begins_with(mime, "Precedence", "bulk") ||
        field_begins_with(mime, "Precedence", "junk") ||
        field_begins_with(mime, "Precedence", "list"))
        return "Precedence";
    return NULL;
}

static GMimeMessage *parse_mime(const char *mail, size_t size_bytes)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail, size_bytes);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *mime = g_mime_parser_construct_message(parser, NULL);

    g_object_unref(parser);
    g_object_unref(stream);
    return mime;
}

static bool read_fields(GMimeMessage *mime, struct message *message)
{
    message->automatic_sign = find_automatic_sign(GMIME_OBJECT(mime));
    message->subject = copy_valid(g_mime_message_get_subject(mime));
    message->text = read_text(mime);
    return read_from(mime, message) && message->subject && message->text;
}

bool message_parse(const char *mail, size_t size_bytes, struct message **message_out,
                   struct error *err)
{
    struct message *message = calloc(1, sizeof *message);
    GMimeMessage *mime = NULL;
    bool is_read = false;

    *message_out = NULL;
    if (message)
        mime = parse_mime(mail, size_bytes);
    if (mime)
        is_read = read_fields(mime, message);
    if (mime)
        g_object_unref(mime);
    if (!is_read) {
        message_free(&message);
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "the mail cannot be read now");
    }
    *message_out = message;
    return true;
}

void message_free(struct message **message)
{
    if (!*message)
        return;
    free((*message)->subject);
    free((*message)->from_name);
    free((*message)->from_address);
    free((*message)->text);
    free(*message);
    *message = NULL;
}
