/* SPDX-License-Identifier: ISC */
#include "base/template.h"

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
            return error_set(err, ERROR_REFUSED, NULL,
                             "has a brace without its partner");
        if (!find_field(brace + 1, (size_t)(end - brace - 1), &field))
            return error_set(
                err, ERROR_REFUSED, NULL,
                "has no field %.*s: there are {subject}, {body}, {from-name} "
                "and {from-address}",
                (int)(end + 1 - brace), brace);
        if (!add_piece(template, text, (size_t)(brace - text), field, err))
            return false;
        text = end + 1;
    }
    if (template->count == 0)
        return error_set(err, ERROR_REFUSED, NULL,
                         "has no field: every SMS would be alike");
    template->last_words = strdup(text);
    return template->last_words || no_memory(err);
}

bool template_new(const char *text, struct template **template_out, struct error *err)
{
    struct template *template = calloc(1, sizeof *template);

    *template_out = NULL;
    if (!template)
        return no_memory(err);
    if (!parse(template, text, err)) {
        template_free(&template);
        return false;
    }
    *template_out = template;
    return true;
}

void template_free(struct template **template)
{
    if (!*template)
        return;
    for (size_t i = 0; i < (*template)->count; i++)
        free((*template)->pieces[i].words);
    free((*template)->pieces);
    free((*template)->last_words);
    free(*template);
    *template = NULL;
}

bool template_has_field(const struct template *template, enum template_field field)
{
    for (size_t i = 0; i < template->count; i++)
        if (template->pieces[i].field == field)
            return true;
    return false;
}

char *template_fill(const struct template *template,
                    const char *const values[TEMPLATE_FIELDS])
{
    char *filled = NULL;
    size_t filled_size = 0;
    FILE *out = open_memstream(&filled, &filled_size);
    bool has_said = false;
    bool is_last_empty = false;

    if (!out)
        return NULL;
    for (size_t i = 0; i < template->count; i++) {
        const struct piece *piece = &template->pieces[i];
        const char *value = values[piece->field];

        is_last_empty = *value == '\0';
        if (i == 0 || (has_said && !is_last_empty))
            fputs(piece->words, out);
        fputs(value, out);
        has_said = has_said || !is_last_empty;
    }
    if (!is_last_empty)
        fputs(template->last_words, out);
    if (fclose(out) == 0)
        return filled;
    free(filled);
    return NULL;
}
