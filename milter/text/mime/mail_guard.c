/* SPDX-License-Identifier: ISC */
#include "text/mime/mail_guard.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* GMime's address parser (3.2.13) calls itself for each group, and some 40000 groups
 * overflow the stack of the thread. It also takes quadratic time for words without "@".
 * So colons, commas and the length are limited for all address fields together. */
enum {
    MAX_ADDRESS_COLONS = 500,
    MAX_ADDRESS_COMMAS = 2000,
    MAX_ADDRESS_BYTES = 128 * 1024
};

/* Limits for multiparts, nested or not, because GMime compares each line with the
 * boundaries of all enclosing multiparts, up to a thousand. Also limits for parts and
 * fields, because GMime keeps an object for each, which is a hundred times as large as
 * the smallest one. */
enum { MAX_MULTIPARTS = 100, MAX_PARTS = 1000, MAX_FIELDS = 4000 };

/* What was counted up to a line. */
struct count {
    bool is_address, is_type; /* the field that the line belongs to */
    bool is_header;           /* the line may be a field */
    bool is_inner_mail;       /* another header follows this one */
    bool is_boundary;         /* the line before may be a boundary */
    size_t colons, commas, address_bytes;
    size_t multiparts, parts, fields;
};

/* Whether a line is the field of that name (RFC 5322 section 2.2; section 4.5 allows
 * white space before the colon). */
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

/* Whether a line contains the words, in any case. words is in small letters. */
static bool names(const char *line, size_t length, const char *words)
{
    size_t wanted = strlen(words);

    for (; length >= wanted; line++, length--)
        if ((*line | 0x20) == *words && strncasecmp(line, words, wanted) == 0)
            return true;
    return false;
}

/* A header begins after a possible boundary. It ends with an empty line, unless it is
 * the header of a mail inside the mail. */
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
                         line[2] != ' '; /* excludes the separator of a signature */
}

/* Examines every line that may be a field, of the mail or of a mail inside it. */
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
