/* SPDX-License-Identifier: ISC */
#include "text/mime/charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const char utf8_name[] = "UTF-8";
static const char fallback[] = "WINDOWS-1252";
static const char replacement[] = "\xEF\xBF\xBD";

/* Mail programs often name a charset when they mean a larger one; the larger one is
 * used instead, as the WHATWG Encoding Standard, section 4.2, says for browsers. The
 * list also contains names that iconv does not know. */
static const struct {
    const char *said, *meant;
} aliases[] = {
    {"utf-8", utf8_name},
    {"utf8", utf8_name},
    {"unicode-1-1-utf-8", utf8_name},
    {"us-ascii", utf8_name},
    {"ascii", utf8_name},
    {"ansi_x3.4-1968", utf8_name},
    {"iso-8859-1", fallback},
    {"iso8859-1", fallback},
    {"iso_8859-1", fallback},
    {"latin1", fallback},
    {"latin-1", fallback},
    {"ansi", fallback},
    {"x-ansi", fallback},
    {"iso-8859-9", "WINDOWS-1254"},
    {"iso-8859-11", "CP874"},
    {"tis-620", "CP874"},
    {"iso-8859-8-i", "ISO-8859-8"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"x-gbk", "GB18030"},
    {"ks_c_5601-1987", "CP949"},
    {"ks_c_5601-1989", "CP949"},
    {"euc-kr", "CP949"},
    {"shift_jis", "CP932"},
    {"shift-jis", "CP932"},
    {"x-sjis", "CP932"},
    {"big5", "BIG5-HKSCS"},
    {"iso-2022-jp", "ISO-2022-JP-2"},
    {"unicode-1-1-utf-7", "UTF-7"},
    {"x-mac-roman", "MACINTOSH"},
    {"x-mac-cyrillic", "MAC-CYRILLIC"},
    {"unicode", "UTF-16"},
    {"utf-16", "UTF-16"},
};

static const char *resolve_alias(const char *charset)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcasecmp(aliases[i].said, charset) == 0)
            return aliases[i].meant;
    return charset;
}

/* ---- what the text itself shows ---- */

static const struct byte_order_mark {
    const char *bytes;
    size_t size_bytes;
    const char *charset;
} byte_order_marks[] = {
    {"\xEF\xBB\xBF", 3, utf8_name},
    {"\xFF\xFE", 2, "UTF-16LE"},
    {"\xFE\xFF", 2, "UTF-16BE"},
};

static const struct byte_order_mark *find_mark(const char *bytes, size_t size_bytes)
{
    for (size_t i = 0; i < sizeof byte_order_marks / sizeof *byte_order_marks; i++) {
        const struct byte_order_mark *mark = &byte_order_marks[i];

        if (size_bytes >= mark->size_bytes &&
            memcmp(bytes, mark->bytes, mark->size_bytes) == 0)
            return mark;
    }
    return NULL;
}

/* What the text looks like when it is read as UTF-8. */
struct evidence {
    size_t characters; /* well-formed and not ASCII */
    size_t malformed;  /* bytes that belong to no character */
    bool has_escape;   /* contains ESC, as ISO-2022 does */
};

static struct evidence weigh(const char *bytes, size_t size_bytes)
{
    struct evidence evidence = {0};
    const char *end = bytes + size_bytes;

    evidence.has_escape = memchr(bytes, '\033', size_bytes);
    while ((bytes += utf8_ascii_length(bytes, (size_t)(end - bytes))) < end) {
        size_t length = utf8_length(bytes, (size_t)(end - bytes));

        evidence.characters += length > 1;
        evidence.malformed += length == 0;
        bytes += length ? length : 1;
    }
    return evidence;
}

static bool is_single_byte(const char *charset)
{
    return strcmp(charset, fallback) == 0 ||
           strncasecmp(charset, "windows-125", 11) == 0 ||
           strncasecmp(charset, "iso-8859-", 9) == 0;
}

/* A mail that was cut off or changed on its way has a few bad bytes among many good
 * characters. A text in another charset has almost no good characters. */
static bool reads_as_utf8(const struct evidence *evidence)
{
    return evidence->malformed == 0 || evidence->characters >= 2 * evidence->malformed;
}

/* Finds the charset of the octets. A text in a single-byte charset that happens to be
 * valid UTF-8 is so rare that the declaration must be wrong then. */
static const char *find_charset(const char *declared, const char *bytes,
                                size_t size_bytes)
{
    const char *charset = declared && *declared ? resolve_alias(declared) : utf8_name;
    struct evidence evidence;

    if (strcmp(charset, utf8_name) != 0 && !is_single_byte(charset))
        return charset;
    evidence = weigh(bytes, size_bytes);
    if (evidence.characters == 0 && evidence.malformed == 0)
        return evidence.has_escape ? "ISO-2022-JP-2" : utf8_name;
    if (strcmp(charset, utf8_name) == 0)
        return reads_as_utf8(&evidence) ? utf8_name : fallback;
    return evidence.malformed == 0 ? utf8_name : charset;
}

/* ---- converting ---- */

struct output {
    char *text;
    size_t length, room;
};

static bool put(struct output *out, const char *bytes, size_t size_bytes)
{
    if (out->room - out->length <= size_bytes) {
        size_t room = out->room * 2 + size_bytes + 1;
        char *grown = realloc(out->text, room);

        if (!grown)
            return false;
        out->text = grown;
        out->room = room;
    }
    memcpy(out->text + out->length, bytes, size_bytes);
    out->length += size_bytes;
    return true;
}

/* Returns the end of the well-formed text without NUL. */
static const char *skip_well_formed(const char *bytes, const char *end)
{
    size_t length = 1;

    while (bytes < end && length > 0) {
        bytes += utf8_ascii_length(bytes, (size_t)(end - bytes));
        length = bytes < end && *bytes ? utf8_length(bytes, (size_t)(end - bytes)) : 0;
        bytes += length;
    }
    return bytes;
}

/* Copies UTF-8. Malformed bytes are replaced, and a NUL becomes a space. */
static bool copy_utf8(const char *bytes, size_t size_bytes, struct output *out)
{
    const char *end = bytes + size_bytes;
    bool is_put = true;

    while (bytes < end && is_put) {
        const char *start = bytes;

        bytes = skip_well_formed(bytes, end);
        is_put = put(out, start, (size_t)(bytes - start));
        if (bytes < end && is_put)
            is_put = *bytes ? put(out, replacement, sizeof replacement - 1)
                            : put(out, " ", 1);
        bytes += bytes < end;
    }
    return is_put;
}

/* Feeds iconv until all input is read, and then flushes what iconv holds back: a letter
 * that an accent may follow. Returns false without memory. */
static bool run_iconv(iconv_t converter, char *in, size_t in_left, struct output *out)
{
    char piece[4096];
    bool is_flushed = false;

    while (!is_flushed) {
        char *to = piece;
        size_t room = sizeof piece;
        bool is_flush = in_left == 0;
        size_t status = is_flush ? iconv(converter, NULL, NULL, &to, &room)
                                 : iconv(converter, &in, &in_left, &to, &room);
        bool is_stuck = status == (size_t)-1 && errno != E2BIG;

        if (!copy_utf8(piece, (size_t)(to - piece), out))
            return false;
        is_flushed = is_flush && (status != (size_t)-1 || is_stuck);
        if (!is_stuck || is_flush)
            continue;
        if (!put(out, replacement, sizeof replacement - 1))
            return false;
        in++;
        in_left--;
    }
    return true;
}

/* Whether this is a valid charset name (RFC 2978 section 2.3), without the options that
 * iconv allows after a name. */
static bool is_name(const char *charset)
{
    size_t length =
        strspn(charset, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789-_.:+");

    return length > 0 && length < CHARSET_NAME_SIZE && charset[length] == '\0';
}

/* Converts with iconv. *is_known_out says whether iconv knows the charset. Returns
 * false without memory. */
static bool convert_by_iconv(const char *charset, const char *bytes, size_t size_bytes,
                             struct output *out, bool *is_known_out)
{
    iconv_t converter = is_name(charset) ? iconv_open(utf8_name, charset) : (iconv_t)-1;
    bool is_done;

    *is_known_out = converter != (iconv_t)-1;
    if (!*is_known_out)
        return true;
    is_done = run_iconv(converter, (char *)(uintptr_t)bytes, size_bytes, out);
    iconv_close(converter);
    return is_done;
}

/* Converts from the charset that the mail names, or else from the one that the text
 * shows. If iconv has neither (it opens a file for each), the text counts as UTF-8. */
static bool convert(const char *charset, const char *bytes, size_t size_bytes,
                    struct output *out)
{
    const char *const tries[] = {charset, find_charset(NULL, bytes, size_bytes)};

    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        bool is_known = false;

        if (strcmp(tries[i], utf8_name) == 0)
            break;
        if (!convert_by_iconv(tries[i], bytes, size_bytes, out, &is_known))
            return false;
        if (is_known)
            return true;
    }
    return copy_utf8(bytes, size_bytes, out);
}

char *charset_to_utf8(const char *charset, const char *bytes, size_t size_bytes,
                      size_t *length_out)
{
    const struct byte_order_mark *mark = NULL;
    struct output out = {.room = size_bytes + size_bytes / 8 + 64};

    *length_out = 0;
    out.text = malloc(out.room);
    if (!out.text)
        return NULL;
    if (size_bytes == 0)
        bytes = ""; /* bytes may be NULL if there are none */
    mark = find_mark(bytes, size_bytes);
    if (mark) {
        charset = mark->charset;
        bytes += mark->size_bytes;
        size_bytes -= mark->size_bytes;
    } else {
        charset = find_charset(charset, bytes, size_bytes);
    }
    if (!convert(charset, bytes, size_bytes, &out) || !put(&out, "", 1)) {
        free(out.text);
        return NULL;
    }
    *length_out = out.length - 1;
    return out.text;
}

bool charset_of_html(const char *html, size_t size_bytes,
                     char name_out[CHARSET_NAME_SIZE])
{
    static const char key[] = "charset=";
    char head[1024 + 1];
    size_t length = size_bytes < sizeof head - 1 ? size_bytes : sizeof head - 1;
    const char *found;

    if (length > 0)
        memcpy(head, html, length);
    head[length] = '\0';
    found = strcasestr(head, "<meta");
    found = found ? strcasestr(found, key) : NULL;
    if (!found)
        return false;
    found += sizeof key - 1;
    found += strspn(found, "\"' ");
    length = strcspn(found, "\"'> ;/");
    if (length == 0 || length >= CHARSET_NAME_SIZE)
        return false;
    memcpy(name_out, found, length);
    name_out[length] = '\0';
    return true;
}
