/* SPDX-License-Identifier: ISC */
#include "ctl/bounce_search.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "ctl/recipient.h"
#include "envelope/address.h"
#include "envelope/customer.h"
#include "journal/journal_place.h"
#include "journal/journal_record.h"

enum { LONGEST_IN_QUEUE_S = 5 * 24 * 3600 };

/* ---- by queue id ---- */

/* The latest record of the recipient so far, and the outcomes of the other
 * recipients. */
struct by_queue_id {
    const struct config *config;
    const char *recipient;
    bool is_of_mail; /* the queue id is certainly that of the mail */
    bool is_found;
    int64_t updated_s;
    struct bounce_text text;
    unsigned others_sent;
};

static bool is_of_recipient(const struct journal_record *record,
                            const struct by_queue_id *search)
{
    struct phone_number number;
    struct error ignored;

    return recipient_parse(search->config, record->customer, search->recipient, &number,
                           &ignored) &&
           strcmp(number.e164, record->number) == 0;
}

static bool look_at(const struct journal_record *record, void *data)
{
    struct by_queue_id *search = data;

    if (!is_of_recipient(record, search)) {
        search->others_sent += record->state == SMS_SENT;
        return true;
    }
    if (search->is_found && record->updated_s < search->updated_s)
        return true;
    search->is_found = true;
    search->updated_s = record->updated_s;
    search->text = bounce_text_make(record, search->is_of_mail);
    return true;
}

bool bounce_search_mail(const struct config *config, const char *queue_id,
                        const char *recipient, bool is_of_mail,
                        struct bounce_text *text_out, struct error *err)
{
    struct by_queue_id search = {
        .config = config, .recipient = recipient, .is_of_mail = is_of_mail};
    const struct journal_filter filter = {.queue_id = queue_id};

    *err->text = '\0';
    /* An empty queue id does not identify a mail. */
    if (*queue_id == '\0' ||
        !journal_place_read(config->journal, &filter, look_at, &search, err) ||
        !search.is_found)
        return false;
    *text_out = search.text;
    bounce_text_add_others(text_out, search.others_sent);
    return true;
}

/* ---- by sender, number and Message-ID ---- */

/* The latest refusal so far. */
struct by_sender {
    const struct bounce_mail *mail;
    char *queue_id; /* NULL: none */
    bool has_message_id, is_of_mail;
    int64_t updated_s;
    bool is_out_of_memory;
};

/* Compares without the quotes, which pipe(8) removes, and without regard to case. */
static bool is_same_local(const char *left, const char *left_end, const char *right,
                          const char *right_end)
{
    for (;; left++, right++) {
        left += strspn(left, "\"\\");
        right += strspn(right, "\"\\");
        if (left >= left_end || right >= right_end)
            return left >= left_end && right >= right_end;
        if (strncasecmp(left, right, 1) != 0)
            return false;
    }
}

static bool is_same_address(const char *left, const char *right)
{
    struct address one, other;

    return address_parse(left, &one) && address_parse(right, &other) &&
           strcmp(one.domain, other.domain) == 0 &&
           is_same_local(one.local, one.local + one.local_length, other.local,
                         other.local + other.local_length);
}

/* Whether the mail server was left to bounce this recipient. */
static bool is_refusal(const struct journal_record *record)
{
    return record->verdict == MAIL_VERDICT_ACCEPTED && record->state != SMS_SENT &&
           *record->queue_id != '\0';
}

/* A record without a Message-ID may belong to any mail: the mail server may have added
 * one later. */
static bool may_be_of_mail(const struct journal_record *record,
                           const struct bounce_mail *mail)
{
    return !mail->message_id || *record->message_id == '\0' ||
           strcmp(record->message_id, mail->message_id) == 0;
}

/* Without an equal Message-ID it may be another mail of the sender to the number. */
static bool is_of_mail(const struct journal_record *record,
                       const struct bounce_mail *mail)
{
    if (!mail->message_id)
        return false;
    if (*record->message_id != '\0')
        return strcmp(record->message_id, mail->message_id) == 0;
    return strstr(mail->message_id, record->queue_id);
}

static bool is_better(const struct journal_record *record,
                      const struct by_sender *search)
{
    bool has_message_id = *record->message_id != '\0';

    if (!search->queue_id || !search->mail->message_id ||
        has_message_id == search->has_message_id)
        return !search->queue_id || record->updated_s >= search->updated_s;
    return has_message_id;
}

static bool look_at_sender(const struct journal_record *record, void *data)
{
    struct by_sender *search = data;

    if (!is_refusal(record) || !may_be_of_mail(record, search->mail) ||
        !is_same_address(record->sender, search->mail->sender) ||
        !is_better(record, search))
        return true;
    free(search->queue_id);
    search->queue_id = strdup(record->queue_id);
    search->has_message_id = *record->message_id != '\0';
    search->is_of_mail = is_of_mail(record, search->mail);
    search->updated_s = record->updated_s;
    search->is_out_of_memory = !search->queue_id;
    return !search->is_out_of_memory;
}

bool bounce_search_number(const struct config *config, const char *sender,
                          const char *recipient, struct phone_number *number_out)
{
    const struct customer *customer = NULL;
    struct address address;
    struct error ignored;

    if (sender && address_parse(sender, &address))
        customer = customer_find(config, address.domain);
    return recipient_parse(config, customer ? customer->name : NULL, recipient,
                           number_out, &ignored);
}

char *bounce_search_queue_id(const struct config *config,
                             const struct bounce_mail *mail, bool *is_of_mail_out,
                             struct error *err)
{
    struct by_sender search = {.mail = mail};
    struct journal_filter filter = {.since_s = time(NULL) - LONGEST_IN_QUEUE_S};
    struct phone_number number;

    *is_of_mail_out = false;
    *err->text = '\0';
    if (!bounce_search_number(config, mail->sender, mail->recipient, &number))
        return NULL;
    filter.number = number.e164;
    if (journal_place_read(config->journal, &filter, look_at_sender, &search, err) &&
        !search.is_out_of_memory) {
        *is_of_mail_out = search.is_of_mail;
        return search.queue_id;
    }
    if (search.is_out_of_memory)
        error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    free(search.queue_id);
    return NULL;
}
