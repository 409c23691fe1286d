/* SPDX-License-Identifier: ISC */
#include "base/number_set.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/country_code.h"
#include "base/regular_file.h"

/* Enough for eighteen million numbers. A larger file is not the one that was meant. */
enum { MAX_FILE_BYTES = 256 * 1024 * 1024 };

/* The longest number (ITU-T E.164 section 6), and the shortest that can receive an SMS
 * from abroad. */
enum { MIN_DIGITS = 7, MAX_DIGITS = 15 };

/* All numbers of +1 and +7 have eleven digits (NANP; Russia, Kazakhstan). */
enum { ELEVEN_DIGITS = 11 };

/* The most digits that a line may have: an international prefix and a trunk 0 are
 * removed. */
enum { DIGITS_SIZE = 2 + MAX_DIGITS + 1 + 1 };

struct number_set {
    uint64_t *numbers; /* sorted, without duplicates */
    size_t count, room;
};

/* ---- one number ---- */

struct digits {
    char text[DIGITS_SIZE];
    size_t count;
    size_t bracketed; /* how many digits stand before "(0)"; 0 without "(0)" */
    bool has_plus;
};

/* Removes the leading 0 that numbers of Italy and a few other countries have, because
 * people often leave it out. Both numbers of a comparison are treated so. The number
 * without the 0 hardly ever belongs to somebody else; if it does, no SMS goes to that
 * person either. */
static void drop_kept_zero(struct digits *digits)
{
    size_t at = country_code_length(digits->text);

    if (!country_code_keeps_zero(digits->text) || digits->text[at] != '0')
        return;
    memmove(digits->text + at, digits->text + at + 1, digits->count - at);
    digits->count--;
}

static uint64_t key_of(struct digits *digits)
{
    uint64_t key = 0;

    drop_kept_zero(digits);
    for (size_t i = 0; i < digits->count; i++)
        key = key * 10 + (uint64_t)(digits->text[i] - '0');
    return key;
}

/* Collects the digits of a text that ends with its NUL. Returns NULL, or what is
 * wrong. */
static const char *collect_digits(const char *at, struct digits *digits)
{
    *digits = (struct digits){.count = 0};
    for (; *at; at++) {
        if (*at == '+' && digits->count == 0 && !digits->has_plus) {
            digits->has_plus = true;
            continue;
        }
        if (strncmp(at, "(0)", 3) == 0 && digits->bracketed == 0)
            digits->bracketed = digits->count;
        if (strchr(" \t.-()", *at))
            continue;
        if (*at < '0' || *at > '9')
            return "not a telephone number";
        if (digits->count == DIGITS_SIZE - 1)
            return "too many digits for a telephone number";
        digits->text[digits->count++] = *at;
    }
    return NULL;
}

/* Leaves only the country code and the number after it. Returns NULL, or what is
 * wrong. */
static const char *make_international(struct digits *digits)
{
    bool has_prefix = !digits->has_plus && strncmp(digits->text, "00", 2) == 0;

    if (has_prefix) {
        digits->count -= 2;
        memmove(digits->text, digits->text + 2, digits->count + 1);
    } else if (!digits->has_plus && *digits->text == '0') {
        return "a national number: write it with + and country code";
    }
    if (*digits->text == '0')
        return "no country code begins with 0";
    if (digits->bracketed > 0 &&
        digits->bracketed != country_code_length(digits->text) + (has_prefix ? 2 : 0))
        return "(0) is possible only after a country code, as in +44 (0)7700";
    if (!country_code_drop_trunk_zero(digits->text))
        return "not a telephone number";
    digits->count = strlen(digits->text);
    return NULL;
}

static const char *check_length(const struct digits *digits)
{
    if (digits->count < MIN_DIGITS)
        return "too few digits for a telephone number";
    if (digits->count > MAX_DIGITS)
        return "too many digits for a telephone number";
    if (country_code_length(digits->text) == 1 && digits->count != ELEVEN_DIGITS)
        return "a number of country code 1 or 7 has 11 digits: write the number with "
               "its own country code";
    return NULL;
}

static const char *read_number(const char *text, uint64_t *key_out)
{
    struct digits digits;
    const char *wrong = collect_digits(text, &digits);

    if (!wrong)
        wrong = make_international(&digits);
    if (!wrong)
        wrong = check_length(&digits);
    if (!wrong)
        *key_out = key_of(&digits);
    return wrong;
}

/* ---- the file ---- */

struct reader {
    const char *path;
    FILE *file;
    size_t line_number;
    char line[NUMBER_SET_LINE_BYTES + sizeof "\rx"]; /* a CR, or one too many; a NUL */
};

static bool wrong_at(const struct reader *reader, const char *what, struct error *err)
{
    return error_set(err, ERROR_REFUSED, NULL, "%s:%zu: %s", reader->path,
                     reader->line_number, what);
}

static FILE *open_file(const char *path, struct error *err)
{
    struct stat st;
    int fd = regular_file_open(path, MAX_FILE_BYTES, &st, err);
    FILE *file = fd >= 0 ? fdopen(fd, "re") : NULL;

    if (fd >= 0 && !file) {
        error_set_errno(err, ERROR_TEMPORARY, NULL, "%s", path);
        close(fd);
    }
    return file;
}

/* Cuts the line at its line end. Returns NULL, or what is wrong. A CR or NUL inside the
 * line is an error, even in a comment: it may be the line end of another system, and
 * would hide the rest. */
static const char *end_line(struct reader *reader, size_t length)
{
    if (length > 0 && reader->line[length - 1] == '\r')
        length--;
    reader->line[length] = '\0';
    if (length > NUMBER_SET_LINE_BYTES)
        return "longer than 1000 bytes";
    if (memchr(reader->line, '\r', length) || memchr(reader->line, '\0', length))
        return "a carriage return or NUL inside the line";
    return NULL;
}

/* Reads the next line into reader->line, without its line end. Returns false at the end
 * of the file, or if the line is wrong, which *wrong_out then describes. */
static bool read_line(struct reader *reader, const char **wrong_out)
{
    size_t length = 0;
    int c = 0;

    while (length < sizeof reader->line - 1) {
        c = getc_unlocked(reader->file);
        if (c == EOF || c == '\n')
            break;
        reader->line[length++] = (char)c;
    }
    if (c == EOF && length == 0)
        return false;
    reader->line_number++;
    *wrong_out = end_line(reader, length);
    return !*wrong_out;
}

static bool add(struct number_set *set, uint64_t number)
{
    if (set->count == set->room) {
        size_t room = set->room ? 2 * set->room : 1024;
        uint64_t *grown = reallocarray(set->numbers, room, sizeof *grown);

        if (!grown)
            return false;
        set->numbers = grown;
        set->room = room;
    }
    set->numbers[set->count++] = number;
    return true;
}

/* The line without its comment and, for the first line, without the byte order mark. */
static char *strip_line(struct reader *reader)
{
    static const char mark[] = "\xEF\xBB\xBF";
    char *text = reader->line;

    if (reader->line_number == 1 && strncmp(text, mark, sizeof mark - 1) == 0)
        text += sizeof mark - 1;
    text[strcspn(text, "#")] = '\0';
    return text;
}

static bool add_lines(struct number_set *set, struct reader *reader, struct error *err)
{
    const char *wrong = NULL;
    uint64_t number;

    while (read_line(reader, &wrong)) {
        const char *text = strip_line(reader);

        if (text[strspn(text, " \t")] == '\0')
            continue;
        wrong = read_number(text, &number);
        if (wrong)
            break;
        if (!add(set, number))
            return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    }
    if (ferror_unlocked(reader->file))
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s", reader->path);
    return !wrong || wrong_at(reader, wrong, err);
}

/* ---- the set ---- */

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static void sort(struct number_set *set)
{
    size_t kept = 0;

    if (set->count == 0)
        return;
    qsort(set->numbers, set->count, sizeof *set->numbers, compare);
    for (size_t i = 1; i < set->count; i++)
        if (set->numbers[i] != set->numbers[kept])
            set->numbers[++kept] = set->numbers[i];
    set->count = kept + 1;
}

static void give_back_room(struct number_set *set)
{
    uint64_t *fit =
        set->count > 0 ? reallocarray(set->numbers, set->count, sizeof *fit) : NULL;

    if (fit)
        set->numbers = fit;
}

bool number_set_load(const char *path, struct number_set **set_out, struct error *err)
{
    struct reader reader = {.path = path};
    struct number_set *set;
    bool is_read;

    *set_out = NULL;
    reader.file = open_file(path, err);
    if (!reader.file)
        return false;
    set = calloc(1, sizeof *set);
    is_read = set ? add_lines(set, &reader, err)
                  : error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    fclose(reader.file);
    if (!is_read) {
        number_set_free(&set);
        return false;
    }
    sort(set);
    give_back_room(set);
    *set_out = set;
    return true;
}

void number_set_free(struct number_set **set)
{
    if (!*set)
        return;
    free((*set)->numbers);
    free(*set);
    *set = NULL;
}

bool number_set_contains(const struct number_set *set, const char *e164)
{
    struct digits digits;
    uint64_t key;

    if (*e164 != '+' || collect_digits(e164, &digits) || *digits.text == '0' ||
        digits.count < MIN_DIGITS || digits.count > MAX_DIGITS ||
        !country_code_drop_trunk_zero(digits.text))
        return true;
    digits.count = strlen(digits.text);
    key = key_of(&digits);
    return set->count > 0 &&
           bsearch(&key, set->numbers, set->count, sizeof key, compare);
}

size_t number_set_count(const struct number_set *set)
{
    return set->count;
}
