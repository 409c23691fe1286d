/* SPDX-License-Identifier: ISC */
#include "text/quote_header.h"

#include <string.h>

#include "text/quote_phrases.h"

enum {
    MAX_LINES = 200, /* of a header: a bound for our work, far above real ones */
    MAX_FIELDS = 24,
    MAX_CONTINUATION = 3,  /* lines of a field that nothing shows to be continued */
    MAX_VALUE_BYTES = 400, /* of a value, in which an address is looked for */
};

struct field {
    enum quote_field kind; /* QUOTE_FIELD_NONE: the line is not a field */
    bool has_value, has_address;
};

/* What was seen of a header. */
struct header {
    unsigned kinds; /* bits: 1 << kind */
    unsigned field_count;
    bool has_sender, has_address;
};

/* Marks of bold text, and white space, around a label. */
static size_t trimming_before(const char *text, size_t length)
{
    size_t count = 0;

    while (count < length && strchr("*_ \t", text[count]) && text[count] != '\0')
        count++;
    return count;
}

static size_t trimming_behind(const char *text, size_t length)
{
    size_t rest = length;

    while (rest > 0) {
        if (text[rest - 1] != '\0' && strchr("*_ \t", text[rest - 1]))
            rest--;
        else if (rest >= 2 && memcmp(text + rest - 2, "\xC2\xA0", 2) == 0)
            rest -= 2; /* French: a no-break space before the colon */
        else if (rest >= 3 && memcmp(text + rest - 3, "\xE2\x80\xAF", 3) == 0)
            rest -= 3; /* the narrow one */
        else
            break;
    }
    return length - rest;
}

static struct field read_field(const struct body_line *line)
{
    size_t skipped = trimming_before(line->words, line->words_bytes);
    const char *label = line->words + skipped, *end = line->words + line->words_bytes;
    size_t rest = line->words_bytes - skipped, value_bytes;
    const char *colon =
        memchr(label, ':', rest < QUOTE_LABEL_BYTES ? rest : QUOTE_LABEL_BYTES);
    struct field field = {.kind = QUOTE_FIELD_NONE};

    if (!colon)
        return field;
    rest = (size_t)(colon - label);
    field.kind = quote_phrases_field(label, rest - trimming_behind(label, rest));
    value_bytes = (size_t)(end - colon - 1);
    if (value_bytes > MAX_VALUE_BYTES)
        value_bytes = MAX_VALUE_BYTES;
    field.has_value = trimming_before(colon + 1, value_bytes) < value_bytes;
    field.has_address = memchr(colon + 1, '@', value_bytes) != NULL;
    return field;
}

static bool is_blank(const struct body_line *line)
{
    return line->words_bytes == 0;
}

static unsigned bit(enum quote_field kind)
{
    return 1U << (kind == QUOTE_FIELD_SENT ? QUOTE_FIELD_DATE : kind);
}

/* A field that is there already begins another header, or is of the text. */
static bool is_new(const struct header *header, enum quote_field kind)
{
    if (kind == QUOTE_FIELD_OTHER || kind == QUOTE_FIELD_CC)
        return true;
    return kind != QUOTE_FIELD_NONE && !(header->kinds & bit(kind));
}

/* The same where more than the line before must show that this is a field still. */
static bool is_wanted(const struct header *header, const struct body_line *first,
                      const struct body_line *line)
{
    enum quote_field kind = read_field(line).kind;

    return line->depth == first->depth && kind != QUOTE_FIELD_OTHER &&
           !(header->kinds & bit(kind)) && is_new(header, kind);
}

static void add(struct header *header, const struct field *field)
{
    header->kinds |= bit(field->kind);
    header->field_count++;
    if (field->kind == QUOTE_FIELD_SENT)
        header->kinds |= 1U << QUOTE_FIELD_SENT;
    if (field->kind == QUOTE_FIELD_FROM && field->has_value)
        header->has_sender = true;
    if (field->has_address)
        header->has_address = true;
}

/* White space before its words, other than the one space that follows quote marks. */
static bool is_indented(const struct body_line *line)
{
    const char *words = line->words;
    size_t before = (size_t)(words - line->text);

    if (before == 0 || words[-1] == '>')
        return false;
    if (line->depth == 0 || words[-1] == '\t')
        return true;
    return before > 1 && words[-2] != '>';
}

/* How many lines, from this on, belong to the header although they begin with no field:
 * blank ones and continued fields. 0 if the header ends here. */
static size_t filling_lines(const struct header *header, const struct body_line *first,
                            const struct body_line *lines, size_t count)
{
    if (is_blank(lines))
        return count > 1 && is_wanted(header, first, &lines[1]);
    if (lines->depth != first->depth)
        return 0;
    if (is_indented(lines))
        return 1;
    for (size_t i = 1; i <= MAX_CONTINUATION && i < count; i++) {
        if (is_blank(&lines[i]))
            break;
        if (is_wanted(header, first, &lines[i]))
            return i;
    }
    return 0;
}

static bool is_mail(const struct header *header)
{
    const unsigned date = 1U << QUOTE_FIELD_DATE, subject = 1U << QUOTE_FIELD_SUBJECT;
    const unsigned all = date | subject | 1U << QUOTE_FIELD_TO | 1U << QUOTE_FIELD_CC;
    unsigned found = header->kinds & all;

    if (!header->has_sender || __builtin_popcount(found) < 2)
        return false;
    return header->has_address || (header->kinds & 1U << QUOTE_FIELD_SENT) ||
           (found & (date | subject)) == (date | subject);
}

static bool may_begin(const struct field *field, bool is_announced)
{
    if (is_announced)
        return field->kind != QUOTE_FIELD_NONE;
    return (field->kind == QUOTE_FIELD_FROM || field->kind == QUOTE_FIELD_SENT) &&
           field->has_value;
}

size_t quote_header_lines(const struct body_line *lines, size_t count,
                          bool is_announced)
{
    struct header header = {0};
    struct field field;
    size_t at = 0;

    if (count == 0)
        return 0;
    field = read_field(lines);
    if (!may_begin(&field, is_announced))
        return 0;
    if (count > MAX_LINES)
        count = MAX_LINES;
    while (at < count && header.field_count < MAX_FIELDS) {
        size_t filling;

        field = read_field(&lines[at]);
        if (lines[at].depth == lines->depth && is_new(&header, field.kind)) {
            add(&header, &field);
            at++;
        } else if (field.kind == QUOTE_FIELD_NONE &&
                   (filling = filling_lines(&header, lines, lines + at, count - at)))
            at += filling;
        else
            break;
    }
    return is_announced || is_mail(&header) ? at : 0;
}
