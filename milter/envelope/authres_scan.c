/* SPDX-License-Identifier: ISC */
#include "envelope/authres_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/white_space.h"

/* OpenDKIM gives up if there are more than 512. */
enum { MAX_WORDS = 500 };

/* No version number is longer. An unsigned can hold this many digits. */
enum { VERSION_DIGITS_MAX = 9 };

struct range {
    uint32_t first, last;
};

/* Characters that people do not see, or see as a space: controls (C1), separators,
 * Default_Ignorable_Code_Point, and characters that change the direction of text. */
static const struct range hidden[] = {
    {0x80, 0xA0},       {0xAD, 0xAD},     {0x034F, 0x034F},   {0x061C, 0x061C},
    {0x115F, 0x1160},   {0x1680, 0x1680}, {0x17B4, 0x17B5},   {0x180B, 0x180F},
    {0x2000, 0x200F},   {0x2028, 0x202F}, {0x205F, 0x206F},   {0x2800, 0x2800},
    {0x3000, 0x3000},   {0x3164, 0x3164}, {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},   {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF},
};

/* Characters that look like ASCII characters with a meaning here and that Unicode
 * decomposes into them: the Greek question mark (";"), leaders, superscript and
 * subscript "=()", and the small and full-width forms. */
static const struct range lookalikes[] = {
    {0x037E, 0x037E}, {0x2024, 0x2026}, {0x207A, 0x207E},
    {0x208A, 0x208E}, {0xFE50, 0xFE6F}, {0xFF01, 0xFF5E},
};

#define IS_IN(ranges, point) is_in((ranges), sizeof(ranges) / sizeof *(ranges), (point))

static bool is_in(const struct range *ranges, size_t count, uint32_t point)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

static bool refuse_at(const struct authres_scan *scan, const char *at, const char *what)
{
    return error_set(scan->err, ERROR_REFUSED, NULL,
                     "Authentication-Results, octet %zu: %s",
                     (size_t)(at - scan->start) + 1, what);
}

bool authres_scan_refuse(const struct authres_scan *scan, const char *what)
{
    return refuse_at(scan, scan->next, what);
}

static bool tell_no_memory(const struct authres_scan *scan)
{
    return error_set(scan->err, ERROR_TEMPORARY, "4.3.0", "no memory");
}

/* Not isalnum(), whose result depends on the locale. */
static bool is_letter_or_digit(char octet)
{
    return (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
           (octet >= '0' && octet <= '9');
}

static bool is_digit(char octet)
{
    return octet >= '0' && octet <= '9';
}

static bool is_ascii(char octet)
{
    return (unsigned char)octet < 0x80;
}

static bool is_one_of(char octet, const char *set)
{
    return octet && strchr(set, octet);
}

/* token (RFC 2045 section 5.1): any ASCII character except white space and
 * tspecials. */
static bool is_token_octet(char octet)
{
    return is_ascii(octet) && octet > ' ' && !is_one_of(octet, "()<>@,;:\\\"/[]?=");
}

/* ------------------------------------------------------------------ octets first */

/* Skips a line break and the white space that makes it a fold. Some programs see a line
 * with only white space as the end of the header (RFC 5322 section 3.2.2 forbids such
 * lines). */
static bool check_fold(struct authres_scan *scan)
{
    const char *line_break = scan->next;

    if (*scan->next == '\r')
        scan->next++;
    if (!authres_scan_accept(scan, '\n'))
        return refuse_at(scan, line_break, "a carriage return without a line feed");
    if (scan->next == scan->end || !white_space_is_folding(*scan->next))
        return refuse_at(scan, line_break,
                         "a line break that is not folding white space");
    while (scan->next < scan->end && white_space_is_folding(*scan->next))
        scan->next++;
    if (scan->next == scan->end || is_one_of(*scan->next, "\r\n"))
        return refuse_at(scan, line_break, "a line with nothing but white space");
    return true;
}

static bool check_wide_character(struct authres_scan *scan)
{
    const char *character = scan->next;
    uint32_t point;

    if (utf8_length(character, (size_t)(scan->end - character)) == 0)
        return authres_scan_refuse(scan, "octets that are not UTF-8");
    utf8_next(&scan->next, &point);
    if (IS_IN(hidden, point))
        return refuse_at(scan, character, "an invisible character");
    return true;
}

static bool check_octets(struct authres_scan *scan)
{
    while (scan->next < scan->end) {
        char octet = *scan->next;

        if (octet == '\r' || octet == '\n') {
            if (!check_fold(scan))
                return false;
        } else if (!is_ascii(octet)) {
            if (!check_wide_character(scan))
                return false;
        } else if ((octet < ' ' && octet != '\t') || octet == 0x7F) {
            return authres_scan_refuse(scan, "a control character");
        } else {
            scan->next++;
        }
    }
    return true;
}

/* Counts at least as many words as any program does: text separated by white space,
 * ";", "=" and ".", and each of these three characters. */
static size_t count_words(const struct authres_scan *scan)
{
    size_t count = 1;

    for (const char *at = scan->start; at < scan->end; at++)
        count += is_one_of(*at, ";=.") ? 2 : is_one_of(*at, " \t\r\n");
    return count;
}

bool authres_scan_begin(struct authres_scan *scan, const char *value, size_t length,
                        struct error *err)
{
    *scan = (struct authres_scan){
        .start = value, .next = value, .end = value + length, .err = err};
    if (length > AUTHRES_MAX_BYTES)
        return error_set(err, ERROR_REFUSED, NULL,
                         "Authentication-Results: %zu octets, limit is %d", length,
                         AUTHRES_MAX_BYTES);
    if (!check_octets(scan))
        return false;
    scan->next = scan->start;
    scan->is_odd = count_words(scan) > MAX_WORDS;
    return true;
}

/* ----------------------------------------------------------- white space, comments */

bool authres_scan_is_at(const struct authres_scan *scan, char octet)
{
    return scan->next < scan->end && *scan->next == octet;
}

bool authres_scan_accept(struct authres_scan *scan, char octet)
{
    if (!authres_scan_is_at(scan, octet))
        return false;
    scan->next++;
    return true;
}

bool authres_scan_expect(struct authres_scan *scan, char octet, const char *wanted)
{
    return authres_scan_accept(scan, octet) || authres_scan_refuse(scan, wanted);
}

/* Skips a quoted-pair (RFC 5322 section 3.2.1) after its backslash. A fold cannot be
 * escaped. One octet of a multi-octet character is enough, because the others have no
 * special meaning. */
static bool skip_escaped(struct authres_scan *scan)
{
    if (scan->next == scan->end || is_one_of(*scan->next, "\r\n"))
        return authres_scan_refuse(scan, "a backslash that escapes nothing");
    scan->next++;
    return true;
}

/* Whether a comment begins where filters begin one, and not in the middle of text that
 * a mail made the filter write: see authres_parse(). */
static bool is_set_off(const struct authres_scan *scan)
{
    return scan->next == scan->start || is_one_of(scan->next[-1], " \t)");
}

static bool add_comment(struct authres_scan *scan, const char *open)
{
    scan->comment_bytes += (size_t)(scan->next - open);
    return scan->comment_bytes <= AUTHRES_MAX_COMMENT_BYTES ||
           refuse_at(scan, open, "longer comments than filters write");
}

/* Skips a comment (RFC 5322 section 3.2.2). Comments nest, and their size is counted.
 * Quotation marks mean nothing in a comment, but some programs think they do: see
 * authres_parse(). */
static bool skip_comment(struct authres_scan *scan)
{
    const char *open = scan->next;
    size_t depth = 0;
    bool is_quoted = false;

    if (!is_set_off(scan))
        return authres_scan_refuse(scan, "a comment without white space before it");
    while (scan->next < scan->end) {
        char octet = *scan->next++;

        if (octet == '\\' && !skip_escaped(scan))
            return false;
        if (octet == '"')
            is_quoted = !is_quoted;
        if (octet != '(' && octet != ')')
            continue;
        if (is_quoted)
            return refuse_at(scan, scan->next - 1, "a quoted bracket in a comment");
        depth = octet == '(' ? depth + 1 : depth - 1;
        if (depth > AUTHRES_MAX_COMMENT_DEPTH)
            return refuse_at(scan, open, "comments that are nested too deeply");
        if (depth == 0)
            return add_comment(scan, open);
    }
    return refuse_at(scan, open, "a comment that is not closed");
}

bool authres_scan_space(struct authres_scan *scan, bool *is_any_out)
{
    const char *from = scan->next;

    while (scan->next < scan->end && is_one_of(*scan->next, " \t\r\n("))
        if (*scan->next != '(')
            scan->next++;
        else if (!skip_comment(scan))
            return false;
    if (is_any_out)
        *is_any_out = scan->next > from;
    return true;
}

/* ------------------------------------------------------------------ words, numbers */

static bool copy(const struct authres_scan *scan, const char *from, char **copy_out)
{
    *copy_out = strndup(from, (size_t)(scan->next - from));
    return *copy_out || tell_no_memory(scan);
}

static void lower(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

bool authres_scan_keyword(struct authres_scan *scan, bool may_underline,
                          const char *wanted, char **keyword_out)
{
    const char *from = scan->next;

    while (scan->next < scan->end &&
           (is_letter_or_digit(*scan->next) || *scan->next == '-' ||
            (may_underline && *scan->next == '_')))
        scan->next++;
    if (scan->next == from || !is_letter_or_digit(scan->next[-1]))
        return refuse_at(scan, from, wanted);
    if (!copy(scan, from, keyword_out))
        return false;
    lower(*keyword_out);
    return true;
}

bool authres_scan_number(struct authres_scan *scan, unsigned *number_out)
{
    const char *from = scan->next;
    unsigned number = 0;

    while (scan->next < scan->end && is_digit(*scan->next)) {
        if (scan->next - from == VERSION_DIGITS_MAX)
            return refuse_at(scan, from, "a version that is too long");
        number = number * 10 + (unsigned)(*scan->next++ - '0');
    }
    if (scan->next == from)
        return authres_scan_refuse(scan, "a version is missing");
    *number_out = number;
    return true;
}

/* ------------------------------------------------------------------------- values */

/* Writes the meaning of a quoted string: escapes and the line breaks of folds are not
 * part of it (RFC 5322 sections 3.2.1 and 3.2.4). */
static void unquote(const char *from, const char *to, char *text_out)
{
    for (; from < to; from++) {
        if (is_one_of(*from, "\r\n"))
            continue;
        if (*from == '\\')
            from++;
        *text_out++ = *from;
    }
    *text_out = '\0';
}

static bool scan_quoted(struct authres_scan *scan, char **value_out)
{
    const char *open = scan->next++;

    while (scan->next < scan->end && *scan->next != '"')
        if (*scan->next++ == '\\' && !skip_escaped(scan))
            return false;
    if (scan->next == scan->end)
        return refuse_at(scan, open, "a quoted string that is not closed");
    *value_out = malloc((size_t)(scan->next - open));
    if (!*value_out)
        return tell_no_memory(scan);
    unquote(open + 1, scan->next++, *value_out);
    scan->is_odd |= **value_out == '(';
    return true;
}

bool authres_scan_value(struct authres_scan *scan, const char *also, char **value_out)
{
    const char *from = scan->next;

    if (authres_scan_is_at(scan, '"'))
        return scan_quoted(scan, value_out);
    while (scan->next < scan->end &&
           (is_token_octet(*scan->next) || is_one_of(*scan->next, also)))
        scan->next++;
    if (scan->next == from)
        return authres_scan_refuse(scan, "a value is missing");
    return copy(scan, from, value_out);
}

/* Whether an octet may appear in a value without quotes. is_plain() and is_local_part()
 * say where. The octets of multi-octet characters count as letters (RFC 6531, RFC
 * 8616). */
static bool is_pvalue_octet(char octet)
{
    return !is_ascii(octet) || is_token_octet(octet) || is_one_of(octet, "/=?:[]");
}

/* base64 (RFC 4648 section 4) with its padding, which a filter may cut. */
static bool is_base64(const char *from, const char *to)
{
    for (int padding = 0; padding < 2 && to > from && to[-1] == '='; padding++)
        to--;
    while (from < to && (is_letter_or_digit(*from) || is_one_of(*from, "+/")))
        from++;
    return from == to;
}

/* A token or a domain, or other text that filters write without quotes. */
static bool is_plain(const char *from, const char *to)
{
    while (from < to && !is_one_of(*from, "=?"))
        from++;
    return from == to;
}

/* Dot-string (RFC 5321 section 4.1.2). It may be empty, as in "@example.org". */
static bool is_local_part(const char *from, const char *to)
{
    bool is_behind_dot = true;

    for (const char *at = from; at < to; at++) {
        if (is_one_of(*at, ":[]") || (*at == '.' && is_behind_dot))
            return false;
        is_behind_dot = *at == '.';
    }
    return from == to || !is_behind_dot;
}

static bool is_domain_octet(char octet)
{
    return !is_ascii(octet) || is_letter_or_digit(octet) || is_one_of(octet, "-_");
}

/* domain-name (RFC 6376 section 3.5). A single label such as "localhost" is allowed. */
static bool skip_domain(struct authres_scan *scan)
{
    do {
        const char *label = scan->next;

        while (scan->next < scan->end && is_domain_octet(*scan->next))
            scan->next++;
        if (scan->next == label || *label == '-' || scan->next[-1] == '-')
            return refuse_at(scan, label, "a label of a domain is missing or wrong");
    } while (authres_scan_accept(scan, '.'));
    return true;
}

static bool has_lookalike(const char *from, const char *to)
{
    uint32_t point;

    while (from < to)
        if (utf8_next(&from, &point) && IS_IN(lookalikes, point))
            return true;
    return false;
}

static bool scan_unquoted(struct authres_scan *scan, struct authres_pvalue_place place,
                          char **value_out)
{
    const char *from = scan->next;

    while (scan->next < scan->end && is_pvalue_octet(*scan->next))
        scan->next++;
    if (place.is_behind_space && memchr(from, '=', (size_t)(scan->next - from)))
        return refuse_at(scan, from, "\"=\" in a value after white space");
    if (authres_scan_is_at(scan, '@')) {
        if (!is_local_part(from, scan->next++))
            return refuse_at(scan, from, "a local part that needs quotes");
        if (!skip_domain(scan))
            return false;
    } else if (scan->next == from) {
        return authres_scan_refuse(scan, "a value is missing");
    } else if (!is_plain(from, scan->next) &&
               !(place.is_base64 && is_base64(from, scan->next))) {
        return refuse_at(scan, from, "a value that needs quotes");
    }
    if (has_lookalike(from, scan->next))
        return refuse_at(scan, from, "a value with look-alikes of ASCII characters");
    return copy(scan, from, value_out);
}

/* Appends to *text what lies between from and the reader's position. */
static bool append(const struct authres_scan *scan, char **text, const char *from)
{
    size_t length = strlen(*text), added = (size_t)(scan->next - from);
    char *longer = realloc(*text, length + added + 1);

    if (!longer)
        return tell_no_memory(scan);
    memcpy(longer + length, from, added);
    longer[length + added] = '\0';
    *text = longer;
    return true;
}

bool authres_scan_pvalue(struct authres_scan *scan, struct authres_pvalue_place place,
                         char **value_out)
{
    const char *at;

    if (!authres_scan_is_at(scan, '"'))
        return scan_unquoted(scan, place, value_out);
    if (!scan_quoted(scan, value_out))
        return false;
    at = scan->next;
    if (!authres_scan_accept(scan, '@'))
        return true;
    if (!skip_domain(scan))
        return false;
    if (has_lookalike(at, scan->next))
        return refuse_at(scan, at, "a domain with look-alikes of ASCII characters");
    return append(scan, value_out, at);
}
