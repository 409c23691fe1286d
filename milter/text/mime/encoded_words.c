/* SPDX-License-Identifier: ISC */
#include "text/mime/encoded_words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "text/mime/charset.h"
#include "text/mime/mail_part.h"

/* "=?charset*language?B?data?="; the language is defined in RFC 2231 section 5. */
struct encoded_word {
    char charset[CHARSET_NAME_SIZE];
    bool is_base64; /* otherwise the Q encoding */
    const char *data;
    size_t data_bytes, length_bytes;
};

/* RFC 2047 section 2 limits a word to 75 characters, but programs write longer ones. */
enum { MAX_DATA_BYTES = 2048 };

/* Consecutive octets in one charset. */
struct run {
    char *octets; /* with space for as many octets as the field has */
    size_t count;
    char charset[CHARSET_NAME_SIZE]; /* "": none was named */
};

static bool read_charset(const char *text, size_t length,
                         char name_out[CHARSET_NAME_SIZE])
{
    const char *language = memchr(text, '*', length);

    if (language)
        length = (size_t)(language - text);
    if (length == 0 || length >= CHARSET_NAME_SIZE)
        return false;
    memcpy(name_out, text, length);
    name_out[length] = '\0';
    return true;
}

static bool read_word(const char *text, struct encoded_word *word_out)
{
    const char *charset = text + 2, *mark, *end;

    if (strncmp(text, "=?", 2) != 0)
        return false;
    mark = charset + strcspn(charset, "? \t");
    if (mark[0] != '?' || mark[1] == '\0' || mark[2] != '?' ||
        !strchr("BbQq", mark[1]) ||
        !read_charset(charset, (size_t)(mark - charset), word_out->charset))
        return false;
    word_out->is_base64 = strchr("Bb", mark[1]);
    word_out->data = mark + 3;
    end = memmem(word_out->data, strnlen(word_out->data, MAX_DATA_BYTES), "?=", 2);
    if (!end)
        return false;
    word_out->data_bytes = (size_t)(end - word_out->data);
    word_out->length_bytes = (size_t)(end + 2 - text);
    return true;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

    return found ? (int)(found - digits) : -1;
}

/* Decodes the Q encoding (4.2): "_" is a space, "=XX" an octet. */
static size_t decode_q(const char *data, size_t length, char *octets_out)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++) {
        char octet = data[i];

        if (octet == '_') {
            octet = ' ';
        } else if (octet == '=' && i + 2 < length && hex_digit(data[i + 1]) >= 0 &&
                   hex_digit(data[i + 2]) >= 0) {
            octet = (char)(hex_digit(data[i + 1]) << 4 | hex_digit(data[i + 2]));
            i += 2;
        }
        octets_out[count++] = octet;
    }
    return count;
}

static void add_word(struct run *run, const struct encoded_word *word)
{
    char *to = run->octets + run->count;

    run->count += word->is_base64
                      ? mail_part_decode_base64(word->data, word->data_bytes, to)
                      : decode_q(word->data, word->data_bytes, to);
}

/* Converts a run to UTF-8 and appends it. Returns false without memory. */
static bool flush(struct run *run, char **decoded, size_t *length)
{
    size_t more_length;
    char *more, *grown;

    if (run->count == 0)
        return true;
    more = charset_to_utf8(*run->charset ? run->charset : NULL, run->octets, run->count,
                           &more_length);
    grown = more ? realloc(*decoded, *length + more_length + 1) : NULL;
    if (grown) {
        memcpy(grown + *length, more, more_length + 1);
        *decoded = grown;
        *length += more_length;
    }
    free(more);
    run->count = 0;
    return grown;
}

/* Changes to a charset. What was read in another charset is converted first. */
static bool begin_run(struct run *run, const char *charset, char **decoded,
                      size_t *length)
{
    if (strcasecmp(run->charset, charset) == 0)
        return true;
    if (!flush(run, decoded, length))
        return false;
    strcpy(run->charset, charset);
    return true;
}

/* Reads an encoded word, or one octet outside of any. White space between two encoded
 * words is ignored (6.2). Returns how much was read; 0 without memory. */
static size_t read_piece(const char *field, bool *is_behind_word, struct run *run,
                         char **decoded, size_t *length)
{
    size_t blank = *is_behind_word ? strspn(field, " \t") : 0;
    struct encoded_word word;

    if (!read_word(field + blank, &word)) {
        *is_behind_word = false;
        if (!begin_run(run, "", decoded, length))
            return 0;
        run->octets[run->count++] = *field;
        return 1;
    }
    *is_behind_word = true;
    if (!begin_run(run, word.charset, decoded, length))
        return 0;
    add_word(run, &word);
    return blank + word.length_bytes;
}

char *encoded_words_decode(const char *field)
{
    struct run run = {.octets = malloc(strlen(field) + MAIL_PART_BASE64_SLACK)};
    char *decoded = calloc(1, 1);
    size_t length = 0, read = 1;
    bool is_behind_word = false;

    if (!run.octets || !decoded)
        read = 0;
    for (; read > 0 && *field; field += read)
        read = read_piece(field, &is_behind_word, &run, &decoded, &length);
    if (read == 0 || !flush(&run, &decoded, &length)) {
        free(decoded);
        decoded = NULL;
    }
    free(run.octets);
    return decoded;
}
