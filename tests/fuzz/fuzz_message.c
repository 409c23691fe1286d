/* SPDX-License-Identifier: ISC */
/* Harness for converting a whole mail into an SMS, as the daemon does. No octet chooses
 * options here, so that unchanged mails are the seeds; the size of the mail chooses the
 * options. */
#include "fuzz.h"

#include <string.h>

#include "base/utf8.h"
#include "config/text_options.h"
#include "delivery/convert.h"
#include "text/mime/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_initialised;
    struct text_options options = fuzz_options((unsigned)size);
    /* The size also chooses whether a signature alone proves the sender, or more than
     * that. */
    struct sender_proof proof = {.method = "dkim",
                                 .is_signed = size % 3 == 0,
                                 .may_come_signed = true,
                                 .signer = "school.example"};
    const struct sender_proof other_proof = {.method = "sasl", .may_come_signed = true};
    struct dkim_signatures signatures;
    struct raw_mail mail;
    const struct conversion conversion = {
        .mail = &mail,
        .auto_replies = AUTO_REPLIES_SEND,
        .text = &options,
        .customer = "school",
        .sender = "office@school.example",
        .queue_id = "4bXyz1",
        .proof = size % 5 == 0 ? &proof : &other_proof,
    };
    struct mail_key key;
    struct cuts cuts = {0};
    struct sms_text *sms;
    enum conversion_result result;
    struct error err = {.text = ""};

    if (!is_initialised)
        message_init();
    is_initialised = true;
    fuzz_require(raw_mail_read((const char *)data, size, SIZE_MAX, &mail),
                 "there is memory");
    dkim_signatures_read(&mail.header, &signatures);
    signed_cover_make(&mail.header, &signatures, proof.signer, &proof.cover);
    dkim_signatures_free(&signatures);
    result = convert_mail(&conversion, &cuts, &sms, &key, &err);
    if (result == CONVERSION_SMS) {
        fuzz_require(key.has_signed_digest, "the signed form is known");
        fuzz_require(utf8_is_valid(key.message_id), "a Message-ID can be shown");
        fuzz_require(utf8_is_valid(sms_text_utf8(sms)), "an SMS is valid UTF-8");
        fuzz_require(*sms_text_utf8(sms), "an SMS says something");
        fuzz_require(sms_text_size(sms)->parts <= options.max_parts, "max-parts");
    } else if (result == CONVERSION_UNPROVED) {
        fuzz_require(*conversion.proof->signer != '\0' && *err.text,
                     "only a signature alone is not enough");
    } else {
        fuzz_require(err.kind == ERROR_REFUSED, "a mail is read or refused");
        fuzz_require(*err.text && *err.status, "a refusal has its reason");
    }
    raw_mail_free(&mail);
    sms_text_free(&sms);
    text_options_free(&options);
    return 0;
}
