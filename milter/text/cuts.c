/* SPDX-License-Identifier: ISC */
#include "text/cuts.h"

#include <string.h>

#include "base/utf8.h"

static const char *const names[CUT_REASONS] = {
    [CUT_END_MARKER] = "end-marker", [CUT_QUOTE] = "quote",
    [CUT_SIGNATURE] = "signature",   [CUT_MOBILE_FOOTER] = "mobile-footer",
    [CUT_DISCLAIMER] = "disclaimer", [CUT_STRIP] = "strip",
    [CUT_CHARACTERS] = "characters", [CUT_OVERLONG] = "overlong",
};

static const char white_space[] = " \t\r\n\v\f";

/* How many bytes of one line the excerpt can hold without splitting a character. */
static size_t excerpt_length(const char *text, size_t length_bytes)
{
    size_t length = 0;

    while (length < length_bytes && length < CUT_EXCERPT_SIZE - 1 &&
           text[length] != '\0' && text[length] != '\n')
        length++;
    return length < length_bytes ? utf8_floor(text, length) : length;
}

void cuts_add(struct cuts *cuts, enum cut_reason reason, const char *text,
              size_t length_bytes)
{
    struct cut *cut = &cuts->by_reason[reason];
    size_t length;

    while (length_bytes > 0 && strchr(white_space, *text)) {
        text++;
        length_bytes--;
    }
    if (length_bytes == 0)
        return;
    if (cut->size_bytes == 0) {
        length = excerpt_length(text, length_bytes);
        memcpy(cut->beginning, text, length);
        cut->beginning[length] = '\0';
    }
    cut->size_bytes += length_bytes;
}

const char *cuts_name(enum cut_reason reason)
{
    return names[reason];
}
