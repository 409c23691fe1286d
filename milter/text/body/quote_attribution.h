/* SPDX-License-Identifier: ISC */
/* "On Mon, 23 Nov 2026 at 09:12, Jo wrote:", over the lines that a mail quotes. */
#ifndef SMS_MILTER_TEXT_BODY_QUOTE_ATTRIBUTION_H
#define SMS_MILTER_TEXT_BODY_QUOTE_ATTRIBUTION_H

#include <stdbool.h>
#include <stddef.h>

#include "text/body/body_lines.h"

struct quote_attribution {
    size_t line_count; /* 0: it is none */
    /* It has the form that mail programs give it, with an address or a date, and not
     * just the verb and colon that a person writes as well. */
    bool is_certain;
};

/* The attribution, of up to three lines, that begins with the first of these. */
struct quote_attribution quote_attribution_read(const struct body_line *lines,
                                                size_t count);

#endif
