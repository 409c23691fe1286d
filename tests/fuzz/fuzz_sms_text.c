/* SPDX-License-Identifier: ISC */
/* Harness for cutting text to an SMS. The first octet chooses the options. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "config/text_options.h"
#include "text/sms/sms_text.h"

static void check_sms(const struct sms_text *sms, const struct cuts *cuts,
                      const struct text_options *options)
{
    const char *text = sms_text_utf8(sms);
    const struct sms_parts *size = sms_text_size(sms);
    struct sms_parts counted = sms_parts_count(text);

    fuzz_require(utf8_is_valid(text), "an SMS is valid UTF-8");
    fuzz_require(*text, "an SMS says something");
    fuzz_require(size->parts <= options->max_parts, "max-parts");
    fuzz_require(size->api_characters <= 918, "the API takes it");
    fuzz_require(options->encoding != ENCODING_GSM7 || size->encoding == SMS_GSM7,
                 "gsm7 is gsm7");
    fuzz_require(counted.parts == size->parts && counted.units == size->units &&
                     counted.encoding == size->encoding,
                 "its size is what is counted");
    fuzz_require(size->units <= size->parts * (size->encoding == SMS_GSM7 ? 160u : 70u),
                 "no part is overfull");
    fuzz_require(cuts->by_reason[CUT_OVERLONG].size_bytes == 0 ||
                     strcmp(text + strlen(text) - 3, "...") == 0,
                 "a cut is shown");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text_options options = fuzz_options(fuzz_take_choice(&data, &size));
    char *text = fuzz_text(data, size);
    struct cuts cuts = {0};
    struct sms_text *sms;
    struct error err;

    if (sms_text_new(text, &options, &cuts, &sms, &err))
        check_sms(sms, &cuts, &options);
    else
        fuzz_require(err.kind == ERROR_REFUSED, "a text is sent or refused");
    sms_text_free(&sms);
    free(text);
    text_options_free(&options);
    return 0;
}
