/* SPDX-License-Identifier: ISC */
#include "text/body/quote_header.h"

#include <string.h>

#include "base/utf8.h"
#include "text/body/quote_date.h"
#include "text/body/quote_phrases.h"
#include "text/body/quote_words.h"
#include "text/language/language.h"

enum {
    MAX_LINES = 200, /* of a header: a bound for our work, far above real ones */
    MAX_FIELDS = 24,
    MAX_LABEL_BYTES = 4 * LANGUAGE_LABEL_CHARACTERS,
    MAX_CONTINUATION = 3,  /* lines of a field that nothing shows to be continued */
    MAX_VALUE_BYTES = 400, /* of a value, in which an address is looked for */
};

/* A line "Label: value". */
struct field {
    enum quote_field kind; /* QUOTE_FIELD_NONE: none that we know */
    bool has_label;
    const char *value;
    size_t value_bytes; /* at most MAX_VALUE_BYTES are looked at */
};

/* What was seen of a header. */
struct header {
    unsigned kinds; /* bits: 1 << kind */
    unsigned field_count;
    enum quote_field last_kind; /* of the field that may be continued */
    bool has_sender;            /* a "From:" that can be of a mail */
    bool has_address;           /* in any field */
    bool has_mailbox;           /* an address that is somebody's */
    bool has_full_date;         /* in "Sent:" */
    bool has_other_labels;      /* lines with a label that no mail has */
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

/* The number that a list gives to the line: "1. ", "1) " or "[1]". */
static size_t numbering_before(const char *text, size_t length)
{
    bool has_bracket = length > 0 && *text == '[';
    size_t start = has_bracket, at = start;

    while (at < length && at < start + 2 && text[at] >= '0' && text[at] <= '9')
        at++;
    if (at == start || at == length)
        return 0;
    if (has_bracket)
        return text[at] == ']' ? at + 1 : 0;
    return (text[at] == '.' || text[at] == ')') ? at + 1 : 0;
}

static enum quote_field read_label(const char *label, size_t length)
{
    size_t before = trimming_before(label, length);

    label += before;
    length -= before;
    return quote_phrases_field(label, length - trimming_behind(label, length));
}

static unsigned bit(enum quote_field kind)
{
    return 1U << (kind == QUOTE_FIELD_SENT ? QUOTE_FIELD_DATE : kind);
}

/* "From", or in two languages "Oddi wrth/From". */
static enum quote_field read_labels(const char *label, size_t length)
{
    enum quote_field first = read_label(label, length), second;
    const char *slash = memchr(label, '/', length);

    if (first != QUOTE_FIELD_NONE || !slash)
        return first;
    first = read_label(label, (size_t)(slash - label));
    second = read_label(slash + 1, length - (size_t)(slash + 1 - label));
    if (bit(first) != bit(second))
        return QUOTE_FIELD_NONE;
    return second == QUOTE_FIELD_SENT ? second : first;
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_letter(char c)
{
    return is_ascii_letter(c) || (c & 0x80);
}

/* Whether these words are a label, not a sentence or a link with a colon in it. */
static bool is_word_before_colon(const char *text, size_t length)
{
    size_t at = 0;

    while (text[at] != ':')
        if (text[at] == '\0' || strchr(",;.!?", text[at++]))
            return false;
    return length - at < 3 || memcmp(text + at, "://", 3) != 0;
}

static struct field read_field(const struct body_line *line)
{
    const char *label = line->words, *end = label + line->words_bytes, *colon;
    struct field field = {.kind = QUOTE_FIELD_NONE};
    size_t rest;

    label += trimming_before(label, (size_t)(end - label));
    label += numbering_before(label, (size_t)(end - label));
    label += trimming_before(label, (size_t)(end - label));
    rest = (size_t)(end - label);
    colon = memchr(label, ':', rest < MAX_LABEL_BYTES ? rest : MAX_LABEL_BYTES);
    if (!colon || !is_letter(*label) ||
        utf8_count(label, (size_t)(colon - label)) >= LANGUAGE_LABEL_CHARACTERS)
        return field;
    field.kind = read_labels(label, (size_t)(colon - label));
    field.has_label = is_word_before_colon(label, (size_t)(end - label));
    field.value = colon + 1;
    field.value += trimming_before(field.value, (size_t)(end - field.value));
    field.value_bytes = (size_t)(end - field.value);
    if (field.value_bytes > MAX_VALUE_BYTES)
        field.value_bytes = MAX_VALUE_BYTES;
    return field;
}

static bool is_blank(const struct body_line *line)
{
    return line->words_bytes == 0;
}

/* Whether a field may belong to the header: one that is there already begins another
 * header, or is the sender's own text. */
static bool is_new(const struct header *header, enum quote_field kind)
{
    if (kind == QUOTE_FIELD_OTHER || kind == QUOTE_FIELD_CC)
        return true;
    return kind != QUOTE_FIELD_NONE && !(header->kinds & bit(kind));
}

/* The same for a field after a blank or a continued line, where it must be certain. */
static bool is_wanted(const struct header *header, const struct body_line *first,
                      const struct body_line *line)
{
    enum quote_field kind = read_field(line).kind;

    return line->depth == first->depth && kind != QUOTE_FIELD_OTHER &&
           !(header->kinds & bit(kind)) && is_new(header, kind);
}

/* "jo@x", which "9am @ Main gate" is not. */
static bool has_address(const char *text, size_t length)
{
    const char *end = text + length, *at = text;

    while (at < end && (at = memchr(at, '@', (size_t)(end - at)))) {
        if (at > text && at + 1 < end && strchr(" \t", at[-1]) == NULL &&
            (is_letter(at[1]) || (at[1] >= '0' && at[1] <= '9') || at[1] == '['))
            return true;
        at++;
    }
    return false;
}

/* The value of a field as words with one space between them; no words if they are
 * too many. */
static void read_words(const struct field *field, struct quote_words *words)
{
    const struct body_line value = {.words = field->value,
                                    .words_bytes = field->value_bytes};

    quote_words_clear(words);
    if (!quote_words_add(words, &value))
        quote_words_clear(words);
}

/* "9am", "18h", "9:30". */
static bool is_time(const char *word, size_t length)
{
    size_t digits = 0;

    while (digits < length && word[digits] >= '0' && word[digits] <= '9')
        digits++;
    if (digits == 0 || digits > 4)
        return false;
    return quote_phrases_is_time_unit(word + digits, length - digits) ||
           quote_date_read_word(word, length) == QUOTE_DATE_TIME;
}

static bool has_time(const char *text)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " ,;");

        if (is_time(text, length))
            return true;
        text += length + strspn(text + length, " ,;");
    }
    return false;
}

/* Whether the first word is a number or an IP address: "01234 567890 (mobile)",
 * "10.0.0.1", "fe80::1". */
static bool begins_with_number(const char *text)
{
    const char *word = text + strspn(text, "\"'([<+");
    size_t length = strcspn(word, " "), letters = 0, digits = 0, colons = 0;

    for (size_t i = 0; i < length; i++) {
        letters += is_letter(word[i]);
        digits += word[i] >= '0' && word[i] <= '9';
        colons += word[i] == ':';
    }
    return (letters == 0 && digits > 0) || colons >= 2;
}

/* Whether the value of "From:" can be the sender of a mail. Telephones, machines and
 * time tables have numbers and times there. */
static bool is_sender(const struct field *field)
{
    struct quote_words words;

    if (field->value_bytes == 0 || has_address(field->value, field->value_bytes))
        return field->value_bytes > 0;
    read_words(field, &words);
    return words.length > 0 && !begins_with_number(words.text) &&
           !has_time(words.text) &&
           !quote_date_is_date(quote_date_read_text(words.text, words.length));
}

static bool is_full_date(const struct field *field)
{
    struct quote_words words;

    read_words(field, &words);
    return quote_date_is_full(quote_date_read_text(words.text, words.length));
}

/* The value of a field, or a part of it on a line of its own. */
static void look_for_address(struct header *header, const char *text, size_t length)
{
    enum quote_field kind = header->last_kind;

    if (!has_address(text, length))
        return;
    header->has_address = true;
    if (kind == QUOTE_FIELD_FROM || kind == QUOTE_FIELD_TO || kind == QUOTE_FIELD_CC)
        header->has_mailbox = true;
}

static void add(struct header *header, const struct field *field)
{
    header->kinds |= bit(field->kind);
    header->field_count++;
    header->last_kind = field->kind;
    look_for_address(header, field->value, field->value_bytes);
    if (field->kind == QUOTE_FIELD_FROM)
        header->has_sender = is_sender(field);
    if (field->kind == QUOTE_FIELD_SENT) {
        header->kinds |= 1U << QUOTE_FIELD_SENT;
        header->has_full_date = is_full_date(field);
    }
}

static void continue_field(struct header *header, const struct body_line *line)
{
    size_t length = line->words_bytes;

    look_for_address(header, line->words,
                     length < MAX_VALUE_BYTES ? length : MAX_VALUE_BYTES);
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

/* Whether a line belongs to the header although it begins with no field: it is blank,
 * or continues a field. */
static bool is_filling(const struct header *header, const struct body_line *first,
                       const struct body_line *lines, size_t count)
{
    if (is_blank(lines))
        return count > 1 && is_wanted(header, first, &lines[1]);
    if (lines->depth != first->depth)
        return false;
    if (is_indented(lines))
        return true;
    for (size_t i = 1; i <= MAX_CONTINUATION && i < count; i++) {
        if (is_blank(&lines[i]))
            break;
        if (is_wanted(header, first, &lines[i]))
            return true;
    }
    return false;
}

/* Reads the fields that begin with the first line; returns how many lines they take. */
static size_t read_header(const struct body_line *lines, size_t count,
                          struct header *header)
{
    size_t at = 0;

    while (at < count && header->field_count < MAX_FIELDS) {
        const struct body_line *line = &lines[at];
        struct field field = read_field(line);
        bool is_inside = line->depth == lines->depth;

        if (is_inside && is_new(header, field.kind)) {
            add(header, &field);
            at++;
            continue;
        }
        if (is_inside && field.kind == QUOTE_FIELD_NONE && field.has_label &&
            is_indented(line) == is_indented(lines))
            header->has_other_labels = true;
        if (field.kind != QUOTE_FIELD_NONE ||
            !is_filling(header, lines, line, count - at))
            break;
        continue_field(header, line);
        at++;
    }
    return at;
}

static bool has_two_kinds(const struct header *header)
{
    const unsigned all = 1U << QUOTE_FIELD_DATE | 1U << QUOTE_FIELD_SUBJECT |
                         1U << QUOTE_FIELD_TO | 1U << QUOTE_FIELD_CC;

    return __builtin_popcount(header->kinds & all) >= 2;
}

static bool is_mail_below_rule(const struct header *header)
{
    const unsigned pair = 1U << QUOTE_FIELD_DATE | 1U << QUOTE_FIELD_SUBJECT;

    return header->has_sender && has_two_kinds(header) &&
           (header->has_address || (header->kinds & 1U << QUOTE_FIELD_SENT) ||
            (header->kinds & pair) == pair);
}

static bool is_mail_alone(const struct header *header)
{
    const unsigned beside = 1U << QUOTE_FIELD_TO | 1U << QUOTE_FIELD_SUBJECT;

    return header->has_sender && has_two_kinds(header) && !header->has_other_labels &&
           (header->has_mailbox ||
            (header->has_full_date && (header->kinds & beside) != 0));
}

static bool may_begin(const struct field *field, enum quote_header_place place)
{
    if (place == QUOTE_HEADER_SEPARATED)
        return field->kind != QUOTE_FIELD_NONE;
    return (field->kind == QUOTE_FIELD_FROM || field->kind == QUOTE_FIELD_SENT) &&
           field->value_bytes > 0;
}

size_t quote_header_lines(const struct body_line *lines, size_t count,
                          enum quote_header_place place)
{
    struct header header = {0};
    struct field field;
    size_t used;

    if (count == 0)
        return 0;
    field = read_field(lines);
    if (!may_begin(&field, place))
        return 0;
    used = read_header(lines, count < MAX_LINES ? count : MAX_LINES, &header);
    if (place == QUOTE_HEADER_SEPARATED)
        return used;
    if (place == QUOTE_HEADER_RULED || lines->is_quote)
        return is_mail_below_rule(&header) ? used : 0;
    return is_mail_alone(&header) ? used : 0;
}
