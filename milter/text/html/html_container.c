/* SPDX-License-Identifier: ISC */
#include "text/html/html_container.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "text/html/html_char.h"

struct known {
    const char *name;
    enum html_container container;
};

static const struct known class_names[] = {
    {"gmail_attr", HTML_INTRODUCED},
    {"gmail_quote", HTML_GMAIL_QUOTE},
    {"gmail_quote_container", HTML_GMAIL_QUOTE},
    {"gmail_signature", HTML_SIGNATURE},
    {"gmail_signature_prefix", HTML_SIGNATURE},
    {"yahoo_quoted", HTML_QUOTED},
    {"moz-cite-prefix", HTML_QUOTED},
    {"moz-email-headers-table", HTML_QUOTED},
    {"moz-forward-container", HTML_QUOTED},
    {"moz-signature", HTML_SIGNATURE},
    {"ms-outlook-mobile-reference-message", HTML_QUOTED},
    {"ms-outlook-mobile-signature", HTML_SIGNATURE},
    {"protonmail_quote", HTML_QUOTED},
    {"protonmail_signature_block", HTML_SIGNATURE},
    {"tutanota_quote", HTML_QUOTED},
    {"zmail_extra", HTML_QUOTED},
    {"zmail_signature", HTML_SIGNATURE},
    {"GroupWiseReplyHeader", HTML_QUOTED},
    {"Signature", HTML_SIGNATURE},
};

static const struct known ids[] = {
    {"AppleMailSignature", HTML_SIGNATURE},
    {"OLK_SRC_BODY_SECTION", HTML_QUOTED},
    {"Signature", HTML_SIGNATURE},
    {"composer_signature", HTML_SIGNATURE},
    {"divRplyFwdMsg", HTML_QUOTED_ON},
    {"isForwardContent", HTML_QUOTED},
    {"isReplyContent", HTML_QUOTED},
    {"mail-editor-reference-message-container", HTML_QUOTED},
    {"ms-outlook-mobile-signature", HTML_SIGNATURE},
};

/* The ids of Yahoo go on with a number. */
static const char yahoo[] = "yahoo_quoted_";

/* No name that we know is shorter: most classes need no comparing. */
enum { SHORTEST_NAME = 9 };

/* How much of a name is "x_x_". */
static size_t prefix_length(const char *name, size_t length)
{
    size_t prefix = 0;

    while (length - prefix >= 2 && strncasecmp(name + prefix, "x_", 2) == 0)
        prefix += 2;
    return prefix;
}

static enum html_container find(const struct known *known, size_t count,
                                const char *name, size_t length)
{
    size_t prefix = prefix_length(name, length);

    name += prefix;
    length -= prefix;
    if (length < SHORTEST_NAME)
        return HTML_OWN;
    for (size_t i = 0; i < count; i++)
        if (!((*known[i].name ^ *name) & ~0x20) && strlen(known[i].name) == length &&
            strncasecmp(known[i].name, name, length) == 0)
            return known[i].container;
    if (length > sizeof yahoo - 1 && strncasecmp(name, yahoo, sizeof yahoo - 1) == 0)
        return HTML_QUOTED;
    return HTML_OWN;
}

enum html_container html_container_find(struct html_slice classes, struct html_slice id)
{
    const char *at = classes.text, *end = at + classes.length_bytes;
    enum html_container found =
        find(ids, sizeof ids / sizeof *ids, id.text, id.length_bytes);

    while (at < end && found == HTML_OWN) {
        const char *start = at;

        while (at < end && !html_is_space(*at))
            at++;
        found = find(class_names, sizeof class_names / sizeof *class_names, start,
                     (size_t)(at - start));
        while (at < end && html_is_space(*at))
            at++;
    }
    return found;
}
