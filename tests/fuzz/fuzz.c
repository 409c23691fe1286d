/* SPDX-License-Identifier: ISC */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "config/text_options.h"
#include "text/mime/charset.h"

void fuzz_require(bool is_so, const char *promise)
{
    if (is_so)
        return;
    fprintf(stderr, "broken: %s\n", promise);
    abort();
}

unsigned fuzz_take_choice(const uint8_t **data, size_t *size)
{
    if (*size == 0)
        return 0;
    (*size)--;
    return *(*data)++;
}

char *fuzz_text(const uint8_t *data, size_t size)
{
    size_t length;
    char *text = charset_to_utf8("utf-8", (const char *)data, size, &length);

    fuzz_require(text, "there is memory");
    return text;
}

static void set(struct text_options *options, const char *name, const char *value)
{
    struct error err;

    fuzz_require(text_options_set(options, name, value, &err), "the option is good");
}

struct text_options fuzz_options(unsigned choice)
{
    static const char *const parts[] = {"1", "2", "6", "255"};
    static const char *const encodings[] = {"auto", "gsm7", "unicode", "auto"};
    static const char *const links[] = {"both", "url", "text", "both"};
    struct text_options options;

    text_options_clear(&options);
    set(&options, "template", "[{subject}] {body} ({from-name})");
    set(&options, "max-parts", parts[choice & 3]);
    set(&options, "encoding", encodings[choice >> 2 & 3]);
    set(&options, "links", links[choice >> 4 & 3]);
    set(&options, "overlong", choice & 64 ? "reject" : "truncate");
    set(&options, "end-marker", "##");
    if (choice & 128)
        set(&options, "strip", "(a+)+b|^Tel: .*$");
    return options;
}
