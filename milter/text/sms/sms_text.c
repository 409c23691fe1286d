/* SPDX-License-Identifier: ISC */
#include "text/sms/sms_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/sms/gsm_form.h"
#include "text/sms/sms_cut.h"
#include "text/sms/unicode.h"

struct sms_text {
    struct sms_parts size;
    char utf8[];
};

static const char blanks[] = " \r\n\f";

/* Whether the text has nothing to read: only white space and invisible characters. */
static bool is_blank(const char *utf8)
{
    struct gsm_place place = {0};
    char form[GSM_FORM_SIZE];

    while (utf8_next(&utf8, &place.point))
        if (!gsm_lookalike(&place, GSM_LOOKALIKE, form) ||
            form[strspn(form, blanks)] != '\0')
            return false;
    return true;
}

/* Whether words are left: some characters, such as the Cyrillic hard sign, are written
 * as nothing. */
static bool says_something(const struct sms_text *text)
{
    return text->utf8[strspn(text->utf8, blanks)] != '\0';
}

static bool refuse_nothing(struct error *err)
{
    return error_set(err, ERROR_REFUSED, "5.6.0", "no text to send as an SMS");
}

static struct sms_text *make_text(const char *beginning, size_t length,
                                  const char *dots)
{
    struct sms_text *text = malloc(sizeof *text + length + strlen(dots) + 1);

    if (!text)
        return NULL;
    memcpy(text->utf8, beginning, length);
    strcpy(text->utf8 + length, dots);
    text->size = sms_parts_count(text->utf8);
    return text;
}

/* The text as it will be written: in the GSM alphabet as far as it has a form there, if
 * the options allow that. */
struct written {
    char *text;
    struct gsm_form form;
    struct gsm_form *form_used; /* NULL: the text is sent as it is */
};

static bool write_text(struct written *written, const char *utf8,
                       enum encoding encoding)
{
    *written = (struct written){.text = unicode_nfc(utf8)};
    if (!written->text || encoding == ENCODING_UNICODE)
        return written->text != NULL;
    written->form_used = &written->form;
    return gsm_form_start(&written->form, written->text,
                          encoding == ENCODING_GSM7 ? GSM_CLOSEST : GSM_LOOKALIKE);
}

static void free_written(struct written *written)
{
    gsm_form_free(&written->form);
    free(written->text);
}

/* Counts the whole text, however long it is. */
static struct sms_parts count_whole(struct written *written)
{
    const char *at = written->text;

    if (!written->form_used)
        return sms_parts_count(written->text);
    gsm_form_restart(&written->form);
    while (*at) {
        size_t length = unicode_cluster_bytes(at);

        if (!gsm_form_add(&written->form, at, length))
            return sms_parts_count(written->text);
        at += length;
    }
    return sms_parts_count(written->form.text);
}

static bool refuse_overlong(struct written *written, unsigned max_parts,
                            struct error *err)
{
    return error_set(err, ERROR_REFUSED, "5.3.4",
                     "text too long: it takes %u SMS parts, the limit is %u parts "
                     "and %d characters",
                     count_whole(written).parts, max_parts, SMS_MAX_API_CHARACTERS);
}

static bool refuse_link(unsigned max_parts, struct error *err)
{
    return error_set(err, ERROR_REFUSED, "5.3.4",
                     "text too long: it begins with a link that does not fit into %u "
                     "SMS parts and %d characters, and a link is never cut",
                     max_parts, SMS_MAX_API_CHARACTERS);
}

/* Writes the form of the beginning once more, to find what has none. */
static void tell_replaced(struct gsm_form *form, const char *text, size_t length,
                          struct cuts *cuts)
{
    const char *at = text, *run = NULL;

    gsm_form_restart(form);
    while (at < text + length) {
        size_t cluster = unicode_cluster_bytes(at);

        gsm_form_add(form, at, cluster);
        if (form->is_replaced && !run)
            run = at;
        if (!form->is_replaced && run) {
            cuts_add(cuts, CUT_CHARACTERS, run, (size_t)(at - run));
            run = NULL;
        }
        at += cluster;
    }
    if (run)
        cuts_add(cuts, CUT_CHARACTERS, run, (size_t)(at - run));
}

static bool make_cut(struct written *written, const struct sms_cut *cut,
                     struct cuts *cuts, struct sms_text **text_out, struct error *err)
{
    const char *dots = cut->is_whole ? "" : sms_cut_dots(cut->is_after_link);
    const char *rest = written->text + cut->text_bytes;

    *text_out = cut->is_form ? make_text(written->form.text, cut->form_bytes, dots)
                             : make_text(written->text, cut->text_bytes, dots);
    if (!*text_out)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    if (cut->is_form && written->form.mapping == GSM_CLOSEST)
        tell_replaced(&written->form, written->text, cut->text_bytes, cuts);
    cuts_add(cuts, CUT_OVERLONG, rest, strlen(rest));
    return true;
}

bool sms_text_new(const char *utf8, const struct text_options *options,
                  struct cuts *cuts, struct sms_text **text_out, struct error *err)
{
    struct written written;
    struct sms_cut cut;
    bool is_made;

    *text_out = NULL;
    if (is_blank(utf8))
        return refuse_nothing(err);
    if (!write_text(&written, utf8, options->encoding)) {
        free_written(&written);
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    }
    cut = sms_cut_find(written.text, written.form_used, options->max_parts);
    if (cut.is_whole || (cut.text_bytes > 0 && options->overlong == OVERLONG_TRUNCATE))
        is_made = make_cut(&written, &cut, cuts, text_out, err);
    else if (cut.is_link_too_long && options->overlong == OVERLONG_TRUNCATE)
        is_made = refuse_link(options->max_parts, err);
    else
        is_made = refuse_overlong(&written, options->max_parts, err);
    free_written(&written);
    if (!is_made || says_something(*text_out))
        return is_made;
    sms_text_free(text_out);
    return refuse_nothing(err);
}

void sms_text_free(struct sms_text **text)
{
    free(*text);
    *text = NULL;
}

const char *sms_text_utf8(const struct sms_text *text)
{
    return text->utf8;
}

const struct sms_parts *sms_text_size(const struct sms_text *text)
{
    return &text->size;
}
