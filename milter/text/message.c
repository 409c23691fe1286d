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

/* Whether the first word of a field is that, whatever follows it. */
static bool begins_with_word(const char *value, const char *word)
{
    size_t length = strlen(word);

    value += strspn(value, " \t\r\n");
    return strncasecmp(value, word, length) == 0 && !g_ascii_isalnum(value[length]) &&
           value[length] != '-';
}

/* RFC 3834 section 5: any Auto-Submitted but "no". Precedence is older than any RFC,
 * and what list servers and vacation programs still set. */
static const char *sign_of_field(const char *name, const char *value)
{
    if (strcasecmp(name, "Auto-Submitted") == 0 && !begins_with_word(value, "no"))
        return "Auto-Submitted";
    if (strcasecmp(name, "Precedence") == 0 &&
        (begins_with_word(value, "bulk") || begins_with_word(value, "junk") ||
         begins_with_word(value, "list")))
        return "Precedence";
    return NULL;
}

static const char *find_automatic_sign(GMimeObject *mime)
{
    GMimeHeaderList *fields = g_mime_object_get_header_list(mime);
    const char *sign = NULL;

    for (int i = 0; i < g_mime_header_list_get_count(fields) && !sign; i++) {
        GMimeHeader *field = g_mime_header_list_get_header_at(fields, i);
        const char *value = g_mime_header_get_value(field);

        sign = sign_of_field(g_mime_header_get_name(field), value ? value : "");
    }
    return sign;
}

/* NUL octets end a text for GMime, and what is behind them is what somebody hides. */
static char *copy_mail(const char *mail, size_t size_bytes, const char *prefix,
                       const char *suffix, size_t *length_out)
{
    size_t before = strlen(prefix), behind = strlen(suffix);
    char *copy = malloc(before + size_bytes + behind + 1);
    char *nul;

    *length_out = before + size_bytes + behind;
    if (!copy)
        return NULL;
    memcpy(copy, prefix, before);
    if (size_bytes > 0)
        memcpy(copy + before, mail, size_bytes);
    memcpy(copy + before + size_bytes, suffix, behind + 1);
    for (nul = copy; (nul = memchr(nul, '\0', (size_t)(copy + *length_out - nul)));)
        *nul = ' ';
    return copy;
}

/* How many colons an address field may have: each may begin a group, and GMime's parser
 * of groups calls itself for each, until the stack of the thread ends (3.2.13, some
 * 40000). */
enum { MAX_ADDRESS_COLONS = 500 };

static bool is_address_field(const char *line, size_t length)
{
    static const char *const names[] = {"From", "Sender", "Reply-To",
                                        "To",   "Cc",     "Bcc"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t name_length = strlen(names[i]);

        if (length > name_length && strncasecmp(line, names[i], name_length) == 0 &&
            strchr(": \t", line[name_length]))
            return true;
    }
    return false;
}

/* Looks at every line that may be a field, of the mail or of one within it, and the
 * folded lines behind it. */
static bool has_hostile_addresses(const char *mail, size_t size_bytes)
{
    const char *end = mail + size_bytes;
    bool is_address = false;
    size_t colons = 0;

    while (mail < end) {
        const char *line_end = memchr(mail, '\n', (size_t)(end - mail));
        size_t length = (size_t)((line_end ? line_end : end) - mail);

        if (length == 0 || (*mail != ' ' && *mail != '\t')) {
            is_address = is_address_field(mail, length);
            colons = 0;
        }
        for (size_t i = 0; i < length && is_address; i++)
            colons += mail[i] == ':';
        if (colons > MAX_ADDRESS_COLONS)
            return true;
        mail += length + 1;
    }
    return false;
}

static GMimeMessage *parse_copy(const char *copy, size_t length)
{
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(copy, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *mime = g_mime_parser_construct_message(parser, NULL);

    g_object_unref(parser);
    g_object_unref(stream);
    return mime;
}

/* GMime gives up on a header that is cut off, and on what has none: the first gets an
 * end, the second is all body. */
static GMimeMessage *parse_mime(const char *mail, size_t size_bytes)
{
    static const struct {
        const char *prefix, *suffix;
    } forms[] = {{"", ""}, {"", "\n\n"}, {"MIME-Version: 1.0\n\n", ""}};
    GMimeMessage *mime = NULL;

    for (size_t i = 0; i < sizeof forms / sizeof *forms && !mime; i++) {
        size_t length;
        char *copy =
            copy_mail(mail, size_bytes, forms[i].prefix, forms[i].suffix, &length);

        if (copy)
            mime = parse_copy(copy, length);
        free(copy);
    }
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
    if (size_bytes > 0 && has_hostile_addresses(mail, size_bytes)) {
        free(message);
        return error_set(err, ERROR_REFUSED, "5.6.0",
                         "an address field of the mail cannot be read");
    }
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
