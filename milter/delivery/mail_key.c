/* SPDX-License-Identifier: ISC */
#include "delivery/mail_key.h"

#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "base/white_space.h"
#include "envelope/signed_view.h"

static struct digest_input text(const char *string)
{
    return (struct digest_input){string, strlen(string)};
}

/* ---- the Message-ID ---- */

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Whether the text contains the word, and not only as part of a longer word. */
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

/* "<>" and "<@device>" do not identify a mail. */
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

void mail_key_read_id(const struct mail_header *header, const char *queue_id,
                      char id_out[MAIL_KEY_ID_SIZE])
{
    char *id = NULL;
    size_t i = 0;

    while (i < header->count && !mail_field_is(&header->fields[i], "Message-ID"))
        i++;
    if (i < header->count)
        id = mail_field_unfold(&header->fields[i]);
    copy_id(id && !has_word(id, queue_id) ? id : "", id_out);
    free(id);
}

static bool fits_one(const struct string_list *patterns, const char *id)
{
    for (size_t i = 0; patterns && i < patterns->count; i++)
        if (fnmatch(patterns->items[i], id, FNM_NOESCAPE | FNM_CASEFOLD) == 0)
            return true;
    return false;
}

/* The patterns apply to the id without its angle brackets. An id longer than a line may
 * be (RFC 5322 section 2.1.1) does not come from a device and is not compared: with two
 * "*" the time of fnmatch(3) grows with the square of the length. */
static bool is_reused(const struct reused_ids *patterns, const char *id)
{
    enum { MAX_ID_BYTES = 998 };
    char bare[MAX_ID_BYTES + 1];
    size_t length = strlen(id + 1);

    if (length > MAX_ID_BYTES)
        return false;
    memcpy(bare, id + 1, length + 1);
    if (length > 0 && bare[length - 1] == '>')
        bare[length - 1] = '\0';
    return fits_one(patterns->of_all, bare) || fits_one(patterns->of_customer, bare);
}

/* ---- forms that are the same for all spellings ---- */

/* Replaces each run of white space with one space and removes it at both ends. In
 * place. */
static void fold_space(char *string)
{
    char *start = string, *to = string;
    bool is_gap = false;

    for (; *string; string++) {
        if (white_space_is_ascii(*string)) {
            is_gap = true;
            continue;
        }
        if (is_gap && to != start)
            *to++ = ' ';
        is_gap = false;
        *to++ = *string;
    }
    *to = '\0';
}

static char *copy_folded(const char *string)
{
    char *copy = strdup(string);

    if (copy)
        fold_space(copy);
    return copy;
}

/* RFC 5321 section 2.4 leaves the case of a local part to its host. But nobody has two
 * mailboxes that differ only in case, and mail servers change the case. */
static char *copy_address(const char *address)
{
    char *copy = copy_folded(address);

    for (char *c = copy; c && *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

/* The address after its BATV tag (draft-levine-smtp-batv): "prvs=" KDDDSSSSSS "=",
 * where K is the number of a key, DDD a day, and SSSSSS a digest. Barracuda writes
 * "btv1==" DIGEST "==". An address without a tag is returned unchanged. */
static const char *skip_batv(const char *address)
{
    static const char prvs[] = "prvs=", btv1[] = "btv1==";
    enum { TAG_LENGTH = 10 };
    const char *tag, *end;

    if (strncasecmp(address, prvs, sizeof prvs - 1) == 0) {
        tag = address + sizeof prvs - 1;
        if (strspn(tag, "0123456789abcdefABCDEF") == TAG_LENGTH &&
            tag[TAG_LENGTH] == '=' && tag[TAG_LENGTH + 1] != '@')
            return tag + TAG_LENGTH + 1;
    } else if (strncasecmp(address, btv1, sizeof btv1 - 1) == 0) {
        tag = address + sizeof btv1 - 1;
        end = strstr(tag, "==");
        if (end && end > tag && end < strchrnul(tag, '@') && end[2] != '@')
            return end + 2;
    }
    return address;
}

/* ---- a mail identified by what it says ---- */

/* The fields in the form that counts. Free them with free_facts(). */
struct facts {
    char *sender, *date, *from_name, *from_address, *subject;
};

static bool read_facts(const struct mail_key_question *question, struct facts *facts)
{
    const struct message *message = question->message;

    facts->sender = copy_address(skip_batv(question->sender));
    facts->date = copy_folded(message->date);
    facts->from_name = copy_folded(message->from_name);
    facts->from_address = copy_address(message->from_address);
    facts->subject = copy_folded(message->subject);
    return facts->sender && facts->date && facts->from_name && facts->from_address &&
           facts->subject;
}

static void free_facts(struct facts *facts)
{
    free(facts->sender);
    free(facts->date);
    free(facts->from_name);
    free(facts->from_address);
    free(facts->subject);
}

static void digest_by_id(const struct mail_key_question *question,
                         const struct facts *facts, struct digest *digest_out)
{
    const struct digest_input inputs[] = {
        text("message-id"),   text(question->customer),
        text(facts->sender),  text(question->message->message_id),
        text(facts->subject), text(question->message->said),
    };

    digest_make(inputs, sizeof inputs / sizeof *inputs, digest_out);
}

static void digest_by_content(const struct mail_key_question *question,
                              const struct facts *facts, bool has_date,
                              struct digest *digest_out)
{
    const struct digest_input inputs[] = {
        text("content"),        text(question->customer),
        text(facts->sender),    text(has_date ? facts->date : ""),
        text(facts->from_name), text(facts->from_address),
        text(facts->subject),   text(question->message->said),
    };

    digest_make(inputs, sizeof inputs / sizeof *inputs, digest_out);
}

static bool make_of_said(const struct mail_key_question *question,
                         struct mail_key *key_out)
{
    const struct message *message = question->message;
    bool is_ours = has_word(message->message_id, question->queue_id);
    bool has_id = !is_ours && is_message_id(message->message_id) &&
                  !is_reused(&question->reused_ids, message->message_id);
    struct facts facts;
    bool is_read = read_facts(question, &facts);

    key_out->identity = has_id ? MAIL_IDENTITY_MESSAGE_ID : MAIL_IDENTITY_CONTENT;
    copy_id(is_ours ? "" : message->message_id, key_out->message_id);
    if (is_read && has_id)
        digest_by_id(question, &facts, &key_out->digest);
    else if (is_read)
        digest_by_content(question, &facts, !(is_ours && message->is_date_below_id),
                          &key_out->digest);
    free_facts(&facts);
    return is_read;
}

/* ---- a signed mail ---- */

/* A signature covers the last field of a name. A mail that has the field twice is not
 * proved by it. */
static struct digest_input relax_field(const struct mail_header *header,
                                       const char *name, char **room)
{
    const struct mail_field *field = mail_header_find_last(header, name);
    struct digest_input input = {*room, 0};

    if (field)
        input.size_bytes = signed_view_relax(field->value, field->value_length, *room);
    *room += input.size_bytes;
    return input;
}

static void digest_by_signature(const struct mail_key_question *question, char *room,
                                struct digest *digest_out)
{
    const struct raw_mail *mail = question->mail;
    const struct digest_input from = relax_field(&mail->header, "From", &room);
    const struct digest_input date = relax_field(&mail->header, "Date", &room);
    const struct digest_input subject = relax_field(&mail->header, "Subject", &room);
    size_t length = signed_view_relax(mail->body, mail->body_size_bytes, room);
    const struct digest_input inputs[] = {
        text("signature"), text(question->customer), from, date,
        subject,           {room, length},
    };

    digest_make(inputs, sizeof inputs / sizeof *inputs, digest_out);
}

static bool make_of_signed(const struct mail_key_question *question,
                           struct digest *digest_out)
{
    const struct raw_mail *mail = question->mail;
    char *room = malloc(mail->header.size_bytes + mail->body_size_bytes + 1);

    if (!room)
        return false;
    digest_by_signature(question, room, digest_out);
    free(room);
    return true;
}

/* ---- both digests ---- */

bool mail_key_make(const struct mail_key_question *question, struct mail_key *key_out)
{
    if (!make_of_said(question, key_out))
        return false;
    key_out->has_signed_digest = question->is_signed || question->may_come_signed;
    if (!key_out->has_signed_digest)
        return true;
    if (!make_of_signed(question, &key_out->signed_digest))
        return false;
    if (question->is_signed) {
        key_out->identity = MAIL_IDENTITY_SIGNATURE;
        key_out->digest = key_out->signed_digest;
        copy_id(question->message->message_id, key_out->message_id);
    }
    return true;
}

void mail_key_of_sms(const struct digest *mail, const char *number,
                     struct digest *sms_key_out)
{
    const struct digest_input inputs[] = {{mail->octets, sizeof mail->octets},
                                          text(number)};

    digest_make(inputs, sizeof inputs / sizeof *inputs, sms_key_out);
}
