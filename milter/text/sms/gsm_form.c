/* SPDX-License-Identifier: ISC */
#include "text/sms/gsm_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/sms/unicode.h"

bool gsm_form_start(struct gsm_form *form, const char *text, enum gsm_mapping mapping)
{
    *form = (struct gsm_form){.mapping = mapping};
    form->text = malloc(2 * strlen(text) + GSM_FORM_SIZE);
    if (!form->text)
        return false;
    gsm_form_restart(form);
    return true;
}

void gsm_form_restart(struct gsm_form *form)
{
    form->text[0] = '\0';
    form->length = 0;
    form->before = 0;
    form->is_replaced = false;
}

void gsm_form_free(struct gsm_form *form)
{
    free(form->text);
    form->text = NULL;
}

static bool is_printable_ascii(char byte)
{
    return byte >= ' ' && byte < 0x7F;
}

/* A mark whose base has a form is dropped, because dropping both would lose more. */
static bool is_mark_to_drop(const struct gsm_form *form, uint32_t point, bool is_first)
{
    return form->mapping == GSM_CLOSEST && !is_first && unicode_is_mark(point);
}

static bool add_character(struct gsm_form *form, uint32_t point, const char *next,
                          bool is_first)
{
    struct gsm_place place = {.before = form->before, .point = point};
    char string[GSM_FORM_SIZE];
    size_t length;

    if (!utf8_next(&next, &place.after))
        place.after = 0;
    if (!gsm_lookalike(&place, form->mapping, string)) {
        if (!is_mark_to_drop(form, point, is_first))
            return false;
        string[0] = '\0';
    }
    length = strlen(string);
    memcpy(form->text + form->length, string, length);
    form->length += length;
    if (!unicode_is_mark(point))
        form->before = point;
    return true;
}

static bool add_characters(struct gsm_form *form, const char *cluster,
                           size_t length_bytes)
{
    const char *at = cluster;
    uint32_t point;

    while (at < cluster + length_bytes) {
        bool is_first = at == cluster;

        utf8_next(&at, &point);
        if (!add_character(form, point, at, is_first))
            return false;
    }
    return true;
}

/* Writes one "?" for a run of characters. */
static void add_replacement(struct gsm_form *form)
{
    if (!form->is_replaced)
        form->text[form->length++] = '?';
    form->is_replaced = true;
    form->before = UTF8_REPLACEMENT;
}

static bool add_cluster(struct gsm_form *form, const char *cluster, size_t length_bytes)
{
    size_t length_before = form->length;
    uint32_t before = form->before;

    if (length_bytes == 1 && is_printable_ascii(*cluster) && *cluster != '`') {
        form->text[form->length++] = *cluster;
        form->before = (unsigned char)*cluster;
        form->is_replaced = false;
        return true;
    }
    if (add_characters(form, cluster, length_bytes)) {
        form->is_replaced = false;
        return true;
    }
    form->length = length_before;
    form->before = before;
    if (form->mapping == GSM_CLOSEST)
        add_replacement(form);
    return form->mapping == GSM_CLOSEST;
}

bool gsm_form_add(struct gsm_form *form, const char *cluster, size_t length_bytes)
{
    bool has_form = add_cluster(form, cluster, length_bytes);

    form->text[form->length] = '\0';
    return has_form;
}
