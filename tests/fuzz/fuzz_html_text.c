/* SPDX-License-Identifier: ISC */
/* Harness for turning HTML into text with marks. The first octet chooses how links are
 * shown. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/html/html_text.h"

/* Marks cover whole lines of the text. */
static void check_marks(const struct marked_text *out)
{
    for (size_t i = 0; i < out->span_count; i++) {
        const struct mark_span *span = &out->spans[i];

        fuzz_require(span->start_bytes < span->end_bytes &&
                         span->end_bytes <= out->length_bytes,
                     "a mark lies in the text");
        fuzz_require(span->start_bytes == 0 || out->text[span->start_bytes - 1] == '\n',
                     "a mark begins with a line");
        fuzz_require(out->text[span->end_bytes - 1] == '\n', "and ends with one");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum links links = (enum links)(fuzz_take_choice(&data, &size) % 3);
    char *html = fuzz_text(data, size);
    size_t length = strlen(html);
    struct marked_text out = {0};

    html_text_append(html, length, links, &out);
    fuzz_require(!out.is_lost, "there is memory");
    if (out.length_bytes > 0) {
        fuzz_require(strlen(out.text) == out.length_bytes, "no NUL in the text");
        fuzz_require(utf8_is_valid(out.text), "the text is valid UTF-8");
    }
    /* The text may be longer than the HTML, but only a little: a numeric character
     * takes up to 4 octets, and a link is written twice. "&lt" and an item's "- " are
     * shorter than their source. */
    fuzz_require(out.length_bytes <= 4 * length + 64, "the text is no bomb");
    check_marks(&out);
    marked_text_free(&out);
    free(html);
    return 0;
}
