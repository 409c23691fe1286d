/* SPDX-License-Identifier: ISC */
/* A whole mail -> an SMS, as the daemon converts it: the first octet chooses nothing
 * here, so that mails are seeds as they are; their size chooses the options. */
#include "fuzz.h"

#include <string.h>

#include "base/text_options.h"
#include "base/utf8.h"
#include "delivery/convert.h"
#include "text/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_initialised;
    struct text_options options = fuzz_options((unsigned)size);
    const struct conversion conversion = {
        .mail = (const char *)data,
        .size_bytes = size,
        .auto_replies = AUTO_REPLIES_SEND,
        .text = &options,
        .customer = "school",
        .sender = "office@school.example",
        .queue_id = "4bXyz1",
    };
    struct mail_key key;
    struct cuts cuts = {0};
    struct sms_text *sms;
    struct error err = {.text = ""};

    if (!is_initialised)
        message_init();
    is_initialised = true;
    if (convert_mail(&conversion, &cuts, &sms, &key, &err) == CONVERSION_SMS) {
        fuzz_require(utf8_is_valid(key.message_id), "a Message-ID can be shown");
        fuzz_require(utf8_is_valid(sms_text_utf8(sms)), "an SMS is valid UTF-8");
        fuzz_require(*sms_text_utf8(sms), "an SMS says something");
        fuzz_require(sms_text_size(sms)->parts <= options.max_parts, "max-parts");
    } else {
        fuzz_require(err.kind == ERROR_REFUSED, "a mail is read or refused");
        fuzz_require(*err.text && *err.status, "a refusal has its reason");
    }
    sms_text_free(&sms);
    text_options_free(&options);
    return 0;
}
