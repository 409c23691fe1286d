/* SPDX-License-Identifier: ISC */
#include "envelope/replay.h"

#include <stdlib.h>
#include <string.h>

#include "envelope/address.h"
#include "envelope/customer.h"
#include "envelope/number.h"

/* Sender clocks are wrong by minutes at times. A Date far in the future would make the
 * window endless. */
enum { CLOCK_SKEW_S = 3600 };

static bool may_be_replayed(struct error *err, const char *why)
{
    return error_set(err, ERROR_REFUSED, NULL, "may be a replay: %s", why);
}

/* ---- what is signed ---- */

/* The mail and the domain whose signatures may have authenticated it. */
struct signed_mail {
    const struct sender_header *header;
    const char *signer;
};

static bool is_signers(const struct signed_mail *mail,
                       const struct dkim_signature *signature)
{
    return strcmp(signature->domain, mail->signer) == 0;
}

/* Whether the field is covered by every signature that may be the valid one. */
static bool is_covered(const struct signed_mail *mail, const char *field)
{
    for (size_t i = 0; i < mail->header->signatures.count; i++)
        if (is_signers(mail, &mail->header->signatures.items[i]) &&
            !dkim_signature_covers(&mail->header->signatures.items[i], field))
            return false;
    return true;
}

static bool check_signatures(const struct signed_mail *mail, struct error *err)
{
    size_t count = 0;

    if (mail->header->signatures.has_odd)
        return may_be_replayed(err, "a DKIM-Signature cannot be read");
    for (size_t i = 0; i < mail->header->signatures.count; i++) {
        const struct dkim_signature *signature = &mail->header->signatures.items[i];

        if (!is_signers(mail, signature))
            continue;
        count++;
        if (signature->has_length)
            return may_be_replayed(err,
                                   "the signature does not cover the whole body (l=)");
    }
    return count > 0 ||
           may_be_replayed(err, "there is no DKIM-Signature of the domain that passed");
}

static bool check_fields(const struct signed_mail *mail, struct error *err)
{
    const struct sender_header *header = mail->header;

    if (!is_covered(mail, "From"))
        return may_be_replayed(err, "From is not signed");
    if (header->date_count != 1 || !is_covered(mail, "Date"))
        return may_be_replayed(err, "Date is not signed, or there is not exactly one");
    if (header->subject_count > 1 ||
        (header->subject_count == 1 && !is_covered(mail, "Subject")))
        return may_be_replayed(err, "Subject is not signed, or there is more than one");
    return true;
}

/* ---- what it says ---- */

/* The numbers in To and Cc of a mail. They are read only once: reading takes a thousand
 * times as long as comparing two, and a mail may have a thousand. */
struct named_numbers {
    struct phone_number *items;
    size_t count;
};

static bool read_number(const struct replay_question *question, const char *address,
                        struct phone_number *number_out)
{
    struct address parsed;
    struct error ignored;

    return address_parse(address, &parsed) && !parsed.has_route &&
           customer_is_sms_domain(question->config, parsed.domain) &&
           number_parse(parsed.local, parsed.local_length,
                        question->customer->default_country, number_out, &ignored);
}

/* named->items is large enough for all of them. */
static void add_numbers(const struct replay_question *question,
                        const struct string_list *addresses,
                        struct named_numbers *named)
{
    for (size_t i = 0; i < addresses->count; i++)
        named->count +=
            read_number(question, addresses->items[i], &named->items[named->count]);
}

static bool is_named(const struct named_numbers *named, const char *number)
{
    for (size_t i = 0; i < named->count; i++)
        if (strcmp(named->items[i].e164, number) == 0)
            return true;
    return false;
}

static bool are_all_named(const struct replay_question *question,
                          const struct named_numbers *named)
{
    for (size_t i = 0; i < question->number_count; i++)
        if (!is_named(named, question->numbers[i]))
            return false;
    return true;
}

static bool check_numbers(const struct replay_question *question,
                          const struct signed_mail *mail, struct error *err)
{
    const struct sender_header *header = mail->header;
    struct named_numbers named = {
        calloc(header->to.count + header->cc.count + 1, sizeof *named.items), 0};
    bool are_named;

    if (!named.items)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    if (header->to_count == 1 && is_covered(mail, "To"))
        add_numbers(question, &header->to, &named);
    if (header->cc_count == 1 && is_covered(mail, "Cc"))
        add_numbers(question, &header->cc, &named);
    are_named = are_all_named(question, &named);
    free(named.items);
    return are_named ||
           may_be_replayed(err, "a number is not in any signed To or Cc field");
}

static bool check_date(const struct replay_question *question,
                       const struct sender_header *header, struct error *err)
{
    int64_t age_s = question->now_s - header->date_s;

    if (age_s > question->customer->replay_window_s)
        return may_be_replayed(err, "its Date is older than replay-window");
    return age_s >= -(int64_t)CLOCK_SKEW_S ||
           may_be_replayed(err, "its Date is in the future");
}

bool replay_is_ruled_out(const struct replay_question *question,
                         const struct sender_header *header, const char *signer,
                         struct error *err)
{
    const struct signed_mail mail = {header, signer};

    return check_signatures(&mail, err) && check_fields(&mail, err) &&
           check_date(question, header, err) && check_numbers(question, &mail, err);
}
