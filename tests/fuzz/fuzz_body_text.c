/* SPDX-License-Identifier: ISC */
/* Harness for finding a person's own words in plain text. The first octet chooses
 * whether the result may be empty. A form feed begins and ends a container of quotes, a
 * vertical tab one of signatures. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "config/text_options.h"
#include "text/body/body_edit.h"
#include "text/body/body_text.h"

static struct marked_text mark_up(const char *text)
{
    struct marked_text body = {0};
    size_t start[2] = {0, 0};
    bool is_open[2] = {false, false};

    for (; *text; text++) {
        int which = *text == '\v';

        if (*text != '\f' && *text != '\v') {
            marked_text_append(&body, text, 1);
            continue;
        }
        marked_text_end_line(&body);
        if (is_open[which])
            marked_text_mark(&body, start[which], which ? MARK_SIGNATURE : MARK_QUOTE);
        start[which] = body.length_bytes;
        is_open[which] = !is_open[which];
    }
    return body;
}

static bool has_words(const char *text)
{
    const struct body_line line = {.words = text, .words_bytes = strlen(text)};

    return body_edit_is_wordy(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned choice = fuzz_take_choice(&data, &size);
    bool may_be_empty = choice & 1;
    struct text_options options = fuzz_options(choice);
    char *text = fuzz_text(data, size);
    struct marked_text body = mark_up(text);
    struct cuts cuts = {0};
    char *written = body_text_new(&body, &options, may_be_empty, &cuts);

    fuzz_require(written, "there is memory");
    fuzz_require(utf8_is_valid(written), "what is left is valid UTF-8");
    fuzz_require(strlen(written) <= body.length_bytes + 1, "nothing is added");
    if (!may_be_empty && has_words(body.text ? body.text : "") &&
        cuts.by_reason[CUT_END_MARKER].size_bytes == 0)
        fuzz_require(has_words(written), "something is left where there was something");
    free(written);
    marked_text_free(&body);
    free(text);
    text_options_free(&options);
    return 0;
}
