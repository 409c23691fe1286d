/* SPDX-License-Identifier: ISC */
#include "text/mime/message.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/mime/automatic_mail.h"
#include "text/mime/encoded_words.h"
#include "text/mime/mail_guard.h"
#include "text/mime/message_parts.h"
#include "text/mime/message_said.h"

void message_init(void)
{
    /* For octets in the header without a declared charset. */
    static const char *charsets[] = {"utf-8", "windows-1252", NULL};

    g_mime_init();
    g_mime_parser_options_set_fallback_charsets(g_mime_parser_options_get_default(),
                                                charsets);
}

void message_shutdown(void)
{
    g_mime_shutdown();
}

/* Returns a copy that is always valid UTF-8: malformed bytes become U+FFFD. */
static char *copy_valid(const char *text)
{
    char *valid = g_utf8_make_valid(text ? text : "", -1);
    char *copy = strdup(valid);

    g_free(valid);
    return copy;
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

/* Checks all fields of that name, because GMime uses only one of two Content-Types. */
static void look_for_signs(GMimeObject *mime, const char *only_name,
                           struct automatic_mail *automatic)
{
    GMimeHeaderList *fields = g_mime_object_get_header_list(mime);

    for (int i = 0; i < g_mime_header_list_get_count(fields); i++) {
        GMimeHeader *field = g_mime_header_list_get_header_at(fields, i);
        const char *name = g_mime_header_get_name(field);
        const char *value = g_mime_header_get_raw_value(field);

        if (!only_name || strcasecmp(name, only_name) == 0)
            automatic_mail_add_field(automatic, name, value ? value : "");
    }
}

/* A list server or gateway that adds a footer to a report, and a program that signs
 * one, put it into a multipart as the first part. In a report that a person forwards,
 * the person's text comes first. */
enum { MAX_WRAPPINGS = 4 };

static GMimeObject *unwrap(GMimeObject *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(part);

    if (!GMIME_IS_MULTIPART(part) ||
        g_mime_multipart_get_count((GMimeMultipart *)part) < 1 ||
        !(g_mime_content_type_is_type(type, "multipart", "mixed") ||
          g_mime_content_type_is_type(type, "multipart", "signed")))
        return NULL;
    return g_mime_multipart_get_part((GMimeMultipart *)part, 0);
}

static void find_automatic_sign(GMimeMessage *mime, struct message *message)
{
    struct automatic_mail automatic = {0};
    GMimeObject *part = g_mime_message_get_mime_part(mime);

    look_for_signs(GMIME_OBJECT(mime), NULL, &automatic);
    for (int i = 0; i <= MAX_WRAPPINGS && part; i++, part = unwrap(part))
        look_for_signs(part, "Content-Type", &automatic);
    message->automatic_sign = automatic.sign;
    message->is_report = automatic.is_report;
}

/* An SMS contains nothing that is beyond this. */
enum { MAX_SUBJECT_BYTES = 8192 };

static char *read_subject(GMimeMessage *mime)
{
    GMimeHeader *field = g_mime_header_list_get_header(
        g_mime_object_get_header_list(GMIME_OBJECT(mime)), "Subject");
    const char *raw = field ? g_mime_header_get_raw_value(field) : NULL;
    char *unfolded = raw ? g_mime_utils_header_unfold(raw) : NULL;
    char *subject;

    if (unfolded)
        unfolded[strnlen(unfolded, MAX_SUBJECT_BYTES)] = '\0';
    subject = encoded_words_decode(unfolded ? unfolded : "");
    g_free(unfolded);
    return subject;
}

static bool add_recipient(struct string_list *recipients,
                          InternetAddressMailbox *mailbox)
{
    char *address = copy_valid(internet_address_mailbox_get_addr(mailbox));
    bool is_added = address && string_list_add(recipients, address);

    free(address);
    return is_added;
}

static bool read_recipients(GMimeMessage *mime, struct string_list *recipients)
{
    InternetAddressList *const lists[] = {g_mime_message_get_to(mime),
                                          g_mime_message_get_cc(mime)};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (int k = 0; k < internet_address_list_length(lists[i]); k++) {
            InternetAddress *one = internet_address_list_get_address(lists[i], k);

            if (INTERNET_ADDRESS_IS_MAILBOX(one) &&
                !add_recipient(recipients, INTERNET_ADDRESS_MAILBOX(one)))
                return false;
        }
    }
    return true;
}

/* The first of these fields, without surrounding white space; "" if there is none.
 * *place_out gets its position among the fields. */
static char *read_field(GMimeHeaderList *fields, const char *name, int *place_out)
{
    const char *value = NULL;
    char *copy;

    for (int i = 0; i < g_mime_header_list_get_count(fields); i++) {
        GMimeHeader *field = g_mime_header_list_get_header_at(fields, i);

        if (strcasecmp(g_mime_header_get_name(field), name) != 0)
            continue;
        value = g_mime_header_get_raw_value(field);
        *place_out = i;
        break;
    }
    copy = copy_valid(value);
    if (copy)
        g_strstrip(copy);
    return copy;
}

static bool read_identity(GMimeMessage *mime, struct message *message)
{
    GMimeHeaderList *fields = g_mime_object_get_header_list(GMIME_OBJECT(mime));
    int id_place = -1, date_place = -1;

    message->message_id = read_field(fields, "Message-ID", &id_place);
    message->date = read_field(fields, "Date", &date_place);
    message->is_date_below_id = id_place >= 0 && date_place > id_place;
    return message->message_id && message->date;
}

static bool read_mail(GMimeMessage *mime, const struct text_options *options,
                      struct message *message)
{
    find_automatic_sign(mime, message);
    message->subject = read_subject(mime);
    message->refusal = message_parts_read(mime, options, &message->body);
    message->said = message_said_read(mime);
    return message->said && read_identity(mime, message) && read_from(mime, message) &&
           read_recipients(mime, &message->recipients) && message->subject &&
           !message->body.is_lost;
}

static bool parse_text(const char *text, size_t length,
                       const struct text_options *options, struct message **message_out,
                       struct error *err)
{
    const char *hostile = mail_guard_check(text, length);
    struct message *message;
    GMimeMessage *mime;
    bool is_read;

    if (hostile)
        return error_set(err, ERROR_REFUSED, "5.6.0", "%s", hostile);
    message = calloc(1, sizeof *message);
    mime = message ? message_parts_parse(text, length) : NULL;
    is_read = mime && read_mail(mime, options, message);
    if (mime)
        g_object_unref(mime);
    if (!is_read) {
        message_free(&message);
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "the mail cannot be read now");
    }
    *message_out = message;
    return true;
}

bool message_parse(const struct raw_mail *mail, const struct text_options *options,
                   struct message **message_out, struct error *err)
{
    size_t length;
    char *text = raw_mail_write(mail, &length);
    bool is_parsed;

    *message_out = NULL;
    if (!text)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    is_parsed = parse_text(text, length, options, message_out, err);
    free(text);
    return is_parsed;
}

void message_free(struct message **message)
{
    if (!*message)
        return;
    free((*message)->subject);
    free((*message)->from_name);
    free((*message)->from_address);
    string_list_free(&(*message)->recipients);
    marked_text_free(&(*message)->body);
    free((*message)->said);
    free((*message)->message_id);
    free((*message)->date);
    free(*message);
    *message = NULL;
}
