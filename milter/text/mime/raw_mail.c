/* SPDX-License-Identifier: ISC */
#include "text/mime/raw_mail.h"

#include <stdlib.h>
#include <string.h>

#include "base/white_space.h"

/* The first size of the body's memory; it is doubled from there. */
enum { FIRST_ROOM_BYTES = 4096 };

static bool make_room(struct raw_mail *mail, size_t more_bytes)
{
    size_t wanted = mail->body_size_bytes + more_bytes;
    size_t room = mail->body_room_bytes ? mail->body_room_bytes : FIRST_ROOM_BYTES;
    char *grown;

    while (room < wanted)
        room *= 2;
    if (room == mail->body_room_bytes)
        return true;
    grown = realloc(mail->body, room);
    if (!grown)
        return false;
    mail->body = grown;
    mail->body_room_bytes = room;
    return true;
}

bool raw_mail_add_body(struct raw_mail *mail, const void *piece, size_t size_bytes,
                       size_t limit_bytes)
{
    size_t left = limit_bytes - mail->body_size_bytes;
    size_t length = size_bytes < left ? size_bytes : left;

    mail->is_body_cut = mail->is_body_cut || size_bytes > left;
    if (length == 0)
        return true;
    if (!make_room(mail, length))
        return false;
    memcpy(mail->body + mail->body_size_bytes, piece, length);
    mail->body_size_bytes += length;
    return true;
}

/* ---- reading from one text ---- */

/* The end of the line at text, after its line break. */
static const char *line_end(const char *text, const char *end)
{
    const char *line_feed = memchr(text, '\n', (size_t)(end - text));

    return line_feed ? line_feed + 1 : end;
}

/* The end of a field: of its first line and all folded lines after it. */
static const char *field_end(const char *text, const char *end)
{
    text = line_end(text, end);
    while (text < end && white_space_is_folding(*text))
        text = line_end(text, end);
    return text;
}

/* The length of an empty line; 0 if the line is not empty. */
static size_t empty_line(const char *text, const char *end)
{
    if (text < end && text[0] == '\n')
        return 1;
    return end - text >= 2 && text[0] == '\r' && text[1] == '\n' ? 2 : 0;
}

/* The colon after the name of a field; NULL if the line is not a field. */
static const char *find_colon(const char *text, const char *end)
{
    const char *colon = memchr(text, ':', (size_t)(line_end(text, end) - text));
    const char *at = text;

    while (colon && at<colon && * at> ' ' && *at < 0x7F)
        at++;
    if (!colon || at == text)
        return NULL;
    while (at < colon && white_space_is_folding(*at))
        at++;
    return at == colon ? colon : NULL;
}

/* Returns the end of the header; NULL without memory. */
static const char *read_header(const char *text, const char *end,
                               struct mail_header *header)
{
    const char *colon;

    while (text < end && (colon = find_colon(text, end))) {
        const char *behind = field_end(text, end);

        if (!mail_header_add(header, text, (size_t)(colon - text), colon + 1,
                             (size_t)(behind - colon - 1)))
            return NULL;
        text = behind;
    }
    return text;
}

/* Returns the text after the "From " line that mailbox files, and some programs that
 * deliver mail, put before a mail. */
static const char *skip_mailbox_line(const char *text, const char *end)
{
    static const char begin[] = "From ";
    size_t length = sizeof begin - 1;
    bool is_one = (size_t)(end - text) >= length && memcmp(text, begin, length) == 0 &&
                  !find_colon(text, end);

    return is_one ? line_end(text, end) : text;
}

bool raw_mail_read(const char *octets, size_t size_bytes, size_t body_limit_bytes,
                   struct raw_mail *mail_out)
{
    const char *end = octets + size_bytes, *body;
    size_t empty;

    *mail_out = (struct raw_mail){.body = NULL};
    body = read_header(skip_mailbox_line(octets, end), end, &mail_out->header);
    if (!body)
        return false;
    empty = empty_line(body, end);
    mail_out->header.has_end = empty > 0;
    body += empty;
    return raw_mail_add_body(mail_out, body, (size_t)(end - body), body_limit_bytes);
}

/* ---- writing as one text ---- */

char *raw_mail_write(const struct raw_mail *mail, size_t *length_out)
{
    size_t before = 0;
    char *text = mail_header_write(&mail->header, &before), *grown, *nul;

    *length_out = before + mail->body_size_bytes;
    grown = text ? realloc(text, *length_out + 1) : NULL;
    if (!grown) {
        free(text);
        return NULL;
    }
    if (mail->body_size_bytes > 0)
        memcpy(grown + before, mail->body, mail->body_size_bytes);
    grown[*length_out] = '\0';
    for (nul = grown; (nul = memchr(nul, '\0', (size_t)(grown + *length_out - nul)));)
        *nul = ' ';
    return grown;
}

void raw_mail_free(struct raw_mail *mail)
{
    mail_header_free(&mail->header);
    free(mail->body);
    *mail = (struct raw_mail){.body = NULL};
}
