/* SPDX-License-Identifier: ISC */
#include "text/mail_guard.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* How many colons an address field may have: each may begin a group, and GMime's parser
 * of groups calls itself for each, until the stack of the thread ends (3.2.13, some
 * 40000). */
enum { MAX_ADDRESS_COLONS = 500 };

/* How many multiparts a mail may have, nested or not. GMime looks at each line for the
 * boundaries of all that it is in, a thousand at the most. */
enum { MAX_MULTIPARTS = 100 };

/* Whether a line, or what is left of it, begins so, in any case. */
static bool begins_with(const char *line, size_t length, const char *beginning)
{
    size_t wanted = strlen(beginning);

    return length >= wanted && strncasecmp(line, beginning, wanted) == 0;
}

/* Whether a line is the field of that name (RFC 5322 section 2.2; 4.5 lets white space
 * stand before the colon). */
static bool is_field(const char *line, size_t length, const char *name)
{
    size_t name_length = strlen(name);

    return length > name_length && begins_with(line, length, name) &&
           strchr(": \t", line[name_length]);
}

static bool is_address_field(const char *line, size_t length)
{
    static const char *const names[] = {"From", "Sender", "Reply-To",
                                        "To",   "Cc",     "Bcc"};

    if (length == 0 || !strchr("FSRTCBfsrtcb", *line))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_field(line, length, names[i]))
            return true;
    return false;
}

/* What has been counted up to a line. */
struct count {
    bool is_address, is_type; /* the field that the line belongs to */
    size_t colons;            /* in this address field */
    size_t multiparts;        /* in the whole mail */
};

static size_t count_byte(const char *text, size_t length, char byte)
{
    const char *end = text + length;
    size_t count = 0;

    while ((text = memchr(text, byte, (size_t)(end - text)))) {
        text++;
        count++;
    }
    return count;
}

/* The type stands behind the colon, on the same line or on a folded one. */
static bool names_multipart(const char *line, size_t length)
{
    static const char type[] = "multipart/";
    const char *slash = memchr(line, '/', length < 200 ? length : 200);
    size_t before = sizeof type - 2;

    return slash && (size_t)(slash - line) >= before &&
           begins_with(slash - before, sizeof type - 1, type);
}

/* Looks at every line that may be a field, of the mail or of one within it. */
static void count_line(const char *line, size_t length, struct count *count)
{
    bool is_folded = length > 0 && (*line == ' ' || *line == '\t');

    if (!is_folded) {
        count->is_address = is_address_field(line, length);
        count->is_type = is_field(line, length, "Content-Type");
        count->colons = 0;
    }
    if (count->is_address)
        count->colons += count_byte(line, length, ':');
    if (count->is_type && names_multipart(line, length)) {
        count->multiparts++;
        count->is_type = false;
    }
}

const char *mail_guard_check(const char *mail, size_t size_bytes)
{
    const char *end = mail + size_bytes;
    struct count count = {0};

    while (mail < end) {
        const char *line_end = memchr(mail, '\n', (size_t)(end - mail));
        size_t length = (size_t)((line_end ? line_end : end) - mail);

        count_line(mail, length, &count);
        if (count.colons > MAX_ADDRESS_COLONS)
            return "an address field of the mail cannot be read";
        if (count.multiparts > MAX_MULTIPARTS)
            return "the mail has more than 100 multiparts: send a simpler one";
        mail += length + 1;
    }
    return NULL;
}
