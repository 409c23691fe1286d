/* SPDX-License-Identifier: ISC */
#include "base/template.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const field_names[TEMPLATE_FIELDS] = {
    [TEMPLATE_SUBJECT] = "subject",
    [TEMPLATE_BODY] = "body",
    [TEMPLATE_FROM_NAME] = "from-name",
    [TEMPLATE_FROM_ADDRESS] = "from-address",
};

/* A field and the words before it. */
struct piece {
    char *words;
    enum template_field field;
};

struct template
{
    struct piece *pieces;
    size_t count;
    char *last_words;
    atomic_uint references;
};

static bool find_field(const char *name, size_t length, enum template_field *field_out)
{
    for (int i = 0; i < TEMPLATE_FIELDS; i++) {
        if (strlen(field_names[i]) == length &&
            memcmp(field_names[i], name, length) == 0) {
            *field_out = (enum template_field)i;
            return true;
        }
    }
    return false;
}

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
}

static bool add_piece(struct template *template, const char *words, size_t words_length,
                      enum template_field field, struct error *err)
{
    struct piece *grown =
        realloc(template->pieces, (template->count + 1) * sizeof *template->pieces);
    char *copy;

    if (!grown)
        return no_memory(err);
    template->pieces = grown;
    copy = strndup(words, words_length);
    if (!copy)
        return no_memory(err);
    grown[template->count++] = (struct piece){.words = copy, .field = field};
    return true;
}

static bool parse(struct template *template, const char *text, struct error *err)
{
    const char *brace;

    while ((brace = strpbrk(text, "{}"))) {
        const char *end = *brace == '{' ? strchr(brace, '}') : NULL;
        enum template_field field;

        if (!end)
            return error_set(err, ERROR_REFUSED, NULL, "has an unmatched brace");
        if (!find_field(brace + 1, (size_t)(end - brace - 1), &field))
            return error_set(err, ERROR_REFUSED, NULL,
                             "uses the unknown field %.*s (the fields are {subject}, "
                             "{body}, {from-name} and {from-address})",
                             (int)(end + 1 - brace), brace);
        if (!add_piece(template, text, (size_t)(brace - text), field, err))
            return false;
        text = end + 1;
    }
    if (template->count == 0)
        return error_set(err, ERROR_REFUSED, NULL,
                         "contains no field: every SMS would be the same");
    template->last_words = strdup(text);
    return template->last_words || no_memory(err);
}

bool template_new(const char *text, struct template **template_out, struct error *err)
{
    struct template *template = calloc(1, sizeof *template);

    *template_out = NULL;
    if (!template)
        return no_memory(err);
    atomic_init(&template->references, 1);
    if (!parse(template, text, err)) {
        template_free(&template);
        return false;
    }
    *template_out = template;
    return true;
}

struct template *template_share(struct template *template)
{
    atomic_fetch_add(&template->references, 1);
    return template;
}

void template_free(struct template **template)
{
    struct template *freed = *template;

    *template = NULL;
    if (!freed || atomic_fetch_sub(&freed->references, 1) > 1)
        return;
    for (size_t i = 0; i < freed->count; i++)
        free(freed->pieces[i].words);
    free(freed->pieces);
    free(freed->last_words);
    free(freed);
}

bool template_has_field(const struct template *template, enum template_field field)
{
    for (size_t i = 0; i < template->count; i++)
        if (template->pieces[i].field == field)
            return true;
    return false;
}

/* The words before a field, or after the last one, up to the part that is written. */
struct words {
    const char *text;
    size_t length;
};

/* The closing partner of an opening bracket or quote; 0 if the character is neither. */
static char partner_of(char opening)
{
    static const char pairs[][2] = {{'(', ')'}, {'[', ']'},   {'<', '>'},
                                    {'"', '"'}, {'\'', '\''}, {'*', '*'}};

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i][0] == opening)
            return pairs[i][1];
    return '\0';
}

/* How many brackets and quotes opened by the words before a field are closed by the
 * words after it. */
static size_t closing_length(struct words before, struct words behind)
{
    size_t length = 0;

    while (length < before.length && length < behind.length &&
           partner_of(before.text[before.length - 1 - length]) == behind.text[length])
        length++;
    return length;
}

/* Removes the brackets and quotes around an empty field. */
static void drop_brackets(struct words *before, struct words *behind)
{
    size_t length = closing_length(*before, *behind);

    before->length -= length;
    behind->text += length;
    behind->length -= length;
}

static struct words words_of(const char *text)
{
    return (struct words){.text = text, .length = strlen(text)};
}

static void write_words(struct words words, FILE *out)
{
    fwrite(words.text, 1, words.length, out);
}

/* The words after a value. If the value ends with a punctuation mark, a colon that
 * would follow it is left out: "Closed!: See". */
static struct words behind_value(struct words words, const char *value)
{
    size_t length = strlen(value);

    if (length > 0 && strchr(":;,.!?", value[length - 1]) && words.length > 0 &&
        *words.text == ':') {
        words.text++;
        words.length--;
    }
    return words;
}

/* Writes words and values in turn; words[count] are the words after the last field. Of
 * the words before an empty field only those that close a bracket are written. */
static void write_pieces(const struct template *template, const struct words *words,
                         const char *const values[TEMPLATE_FIELDS], FILE *out)
{
    const char *said = "";
    bool is_last_empty = false;

    for (size_t i = 0; i < template->count; i++) {
        const char *value = values[template->pieces[i].field];

        is_last_empty = *value == '\0';
        if (i == 0)
            write_words(words[i], out);
        else if (*said && !is_last_empty)
            write_words(behind_value(words[i], said), out);
        else if (*said)
            fwrite(words[i].text, 1, closing_length(words[i - 1], words[i]), out);
        fputs(value, out);
        if (!is_last_empty)
            said = value;
    }
    if (!is_last_empty)
        write_words(words[template->count], out);
}

char *template_fill(const struct template *template,
                    const char *const values[TEMPLATE_FIELDS])
{
    struct words *words = calloc(template->count + 1, sizeof *words);
    char *filled = NULL;
    size_t filled_size = 0;
    FILE *out = words ? open_memstream(&filled, &filled_size) : NULL;

    if (!out) {
        free(words);
        return NULL;
    }
    for (size_t i = 0; i < template->count; i++)
        words[i] = words_of(template->pieces[i].words);
    words[template->count] = words_of(template->last_words);
    for (size_t i = 0; i < template->count; i++)
        if (*values[template->pieces[i].field] == '\0')
            drop_brackets(&words[i], &words[i + 1]);
    write_pieces(template, words, values, out);
    free(words);
    if (fclose(out) == 0)
        return filled;
    free(filled);
    return NULL;
}
