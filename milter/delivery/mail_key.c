/* SPDX-License-Identifier: ISC */
#include "delivery/mail_key.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static struct digest_input text(const char *string)
{
    return (struct digest_input){string, strlen(string)};
}

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Whether the word stands in the text, and not as a part of a longer one. */
static bool has_word(const char *where, const char *word)
{
    size_t length = strlen(word);
    const char *found = length > 0 ? strstr(where, word) : NULL;

    for (; found; found = strstr(found + 1, word))
        if ((found == where || !is_word_char(found[-1])) &&
            !is_word_char(found[length]))
            return true;
    return false;
}

/* Of the form of RFC 5322 section 3.6.4, with something on both sides of the "@": "<>"
 * and
 * "<@device>" are the same in every mail. */
static bool is_message_id(const char *id)
{
    const char *at = strchr(id, '@');

    return *id == '<' && at && at > id + 1 && at[1] != '\0' && at[1] != '>';
}

static void copy_id(const char *id, char copy_out[MAIL_KEY_ID_SIZE])
{
    size_t length = strnlen(id, MAIL_KEY_ID_SIZE - 1);

    memcpy(copy_out, id, length);
    copy_out[length] = '\0';
    utf8_make_printable(copy_out);
}

/* What is behind the first empty line; all of it where there is none. */
static struct digest_input body_of(const struct mail_octets *mail)
{
    const char *empty =
        mail->size_bytes > 0 ? memmem(mail->octets, mail->size_bytes, "\n\n", 2) : NULL;
    const char *body = empty ? empty + 2 : mail->octets;

    return (struct digest_input){body,
                                 mail->size_bytes - (size_t)(body - mail->octets)};
}

static void make_of_mail(const struct mail_key_question *question,
                         struct mail_key *key_out)
{
    const struct message *message = question->message;
    bool is_ours = has_word(message->message_id, question->queue_id);
    bool is_of_content = is_ours || !is_message_id(message->message_id);
    bool has_date = is_of_content && !(is_ours && message->is_date_below_id);
    const struct digest_input inputs[] = {
        text(question->customer),
        text(question->sender),
        text(is_of_content ? "" : message->message_id),
        text(has_date ? message->date : ""),
        text(is_of_content ? message->from_name : ""),
        text(is_of_content ? message->from_address : ""),
        text(message->subject),
        body_of(&question->mail),
    };

    digest_make(inputs, sizeof inputs / sizeof *inputs, &key_out->digest);
    key_out->identity =
        is_of_content ? MAIL_IDENTITY_CONTENT : MAIL_IDENTITY_MESSAGE_ID;
    key_out->has_signed_digest = false;
    copy_id(is_ours ? "" : message->message_id, key_out->message_id);
}

/* ---- a signed mail ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The relaxed form of a text: runs of white space are one space, none stands at the end
 * of a line, and no empty lines at the end of all. Line ends count unless is_folded:
 * then they are white space. Writes no more than it reads; returns the length. */
static size_t relax(const char *from, size_t length, bool is_folded, char *to)
{
    size_t used = 0, kept = 0; /* kept: up to the last character that is not white */
    bool is_gap = false;

    for (size_t i = 0; i < length; i++) {
        if (from[i] == '\n' && !is_folded) {
            to[used++] = '\n'; /* the white space before it is dropped */
            is_gap = false;
        } else if (is_blank(from[i]) || from[i] == '\n') {
            is_gap = true;
        } else {
            if (is_gap && (used > 0 || !is_folded))
                to[used++] = ' ';
            is_gap = false;
            to[used++] = from[i];
            kept = used;
        }
    }
    return kept;
}

static void make_of_signed(const struct mail_key_question *question, char *room,
                           struct mail_key *key_out)
{
    const struct message *message = question->message;
    const struct digest_input body = body_of(&question->mail);
    size_t body_length = relax(body.data, body.size_bytes, false, room);
    size_t date_length =
        relax(message->date, strlen(message->date), true, room + body_length);
    size_t subject_length = relax(message->subject, strlen(message->subject), true,
                                  room + body_length + date_length);
    const struct digest_input inputs[] = {
        text("signed"),
        text(question->customer),
        text(message->from_address),
        {room + body_length, date_length},
        {room + body_length + date_length, subject_length},
        {room, body_length},
    };

    digest_make(inputs, sizeof inputs / sizeof *inputs, &key_out->digest);
    key_out->identity = MAIL_IDENTITY_SIGNATURE;
    key_out->signed_digest = key_out->digest;
    key_out->has_signed_digest = true;
    copy_id(message->message_id, key_out->message_id);
}

bool mail_key_make(const struct mail_key_question *question, struct mail_key *key_out)
{
    const struct message *message = question->message;
    char *room;

    if (!question->is_signed) {
        make_of_mail(question, key_out);
        return true;
    }
    room = malloc(question->mail.size_bytes + strlen(message->date) +
                  strlen(message->subject) + 1);
    if (!room)
        return false;
    make_of_signed(question, room, key_out);
    free(room);
    return true;
}

void mail_key_of_sms(const struct mail_key *key, const char *number,
                     struct digest *sms_key_out)
{
    const struct digest_input inputs[] = {
        {key->digest.octets, sizeof key->digest.octets}, text(number)};

    digest_make(inputs, sizeof inputs / sizeof *inputs, sms_key_out);
}
