/* SPDX-License-Identifier: ISC */
#include "text/mime/mail_guard.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* GMime's parser of addresses (3.2.13) calls itself for each group, until the stack of
 * the thread ends at some 40000; and it takes quadratic time for words without "@". So
 * all address fields together may have so many colons, and commas, and be so long. */
enum {
    MAX_ADDRESS_COLONS = 500,
    MAX_ADDRESS_COMMAS = 2000,
    MAX_ADDRESS_BYTES = 128 * 1024
};

/* How many multiparts a mail may have, nested or not: GMime looks at each line for the
 * boundaries of all that it is in, a thousand at the most. And how many parts and
 * fields: it keeps an object for each, a hundred times as large as the least. */
enum { MAX_MULTIPARTS = 100, MAX_PARTS = 1000, MAX_FIELDS = 4000 };

/* What has been counted up to a line. */
struct count {
    bool is_address, is_type; /* the field that the line belongs to */
    bool is_header;           /* the line may be a field */
    bool is_inner_mail;       /* behind this header another one begins */
    bool is_boundary;         /* the line before may be one */
    size_t colons, commas, address_bytes;
    size_t multiparts, parts, fields;
};

/* Whether a line is the field of that name (RFC 5322 section 2.2; 4.5 lets white space
 * stand before the colon). */
static bool is_field(const char *line, size_t length, const char *name)
{
    size_t at = strlen(name);

    if (length <= at || strncasecmp(line, name, at) != 0)
        return false;
    while (at < length && (line[at] == ' ' || line[at] == '\t'))
        at++;
    return at < length && line[at] == ':';
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

/* Whether words of small letters stand somewhere in a line, in any case. */
static bool names(const char *line, size_t length, const char *words)
{
    size_t wanted = strlen(words);

    for (; length >= wanted; line++, length--)
        if ((*line | 0x20) == *words && strncasecmp(line, words, wanted) == 0)
            return true;
    return false;
}

/* A header begins behind what may be a boundary, and ends with a blank line, unless it
 * is that of a mail within the mail. */
static void follow_headers(const char *line, size_t length, struct count *count)
{
    bool is_blank = length == 0 || (length == 1 && *line == '\r');
    bool is_like_field = count->is_boundary && (is_blank || memchr(line, ':', length));

    count->parts += is_like_field;
    if (is_like_field)
        count->is_header = true;
    if (is_blank) {
        count->is_header = count->is_inner_mail;
        count->is_inner_mail = false;
    } else if (count->is_header) {
        count->fields++;
    }
    count->is_boundary = length > 2 && line[0] == '-' && line[1] == '-' &&
                         line[2] != ' '; /* the separator of a signature */
}

/* Looks at every line that may be a field, of the mail or of one within it. */
static void count_line(const char *line, size_t length, struct count *count)
{
    bool is_folded = length > 0 && (*line == ' ' || *line == '\t');

    follow_headers(line, length, count);
    if (!is_folded) {
        count->is_address = is_address_field(line, length);
        count->is_type = is_field(line, length, "Content-Type");
    }
    if (count->is_address) {
        count->colons += count_byte(line, length, ':') - !is_folded;
        count->commas += count_byte(line, length, ',');
        count->address_bytes += length;
    }
    if (count->is_type) {
        count->multiparts += names(line, length, "multipart");
        count->is_inner_mail = count->is_inner_mail || names(line, length, "message");
    }
}

static const char *judge(const struct count *count)
{
    if (count->colons > MAX_ADDRESS_COLONS || count->commas > MAX_ADDRESS_COMMAS ||
        count->address_bytes > MAX_ADDRESS_BYTES)
        return "the address fields of the mail are too long to be read";
    if (count->multiparts > MAX_MULTIPARTS)
        return "the mail has more than 100 multiparts: send a simpler one";
    if (count->parts > MAX_PARTS)
        return "the mail has more than 1000 parts: send a simpler one";
    if (count->fields > MAX_FIELDS)
        return "the mail has more than 4000 lines of header: send a simpler one";
    return NULL;
}

const char *mail_guard_check(const char *mail, size_t size_bytes)
{
    const char *end = mail + size_bytes;
    struct count count = {.is_header = true};
    const char *refusal = NULL;

    while (mail < end && !refusal) {
        const char *line_end = memchr(mail, '\n', (size_t)(end - mail));
        size_t length = (size_t)((line_end ? line_end : end) - mail);

        count_line(mail, length, &count);
        refusal = judge(&count);
        mail += length + 1;
    }
    return refusal;
}
