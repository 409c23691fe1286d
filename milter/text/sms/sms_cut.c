/* SPDX-License-Identifier: ISC */
#include "text/sms/sms_cut.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/link.h"
#include "text/sms/sms_parts.h"
#include "text/sms/unicode.h"

struct range {
    uint32_t first, last;
};

static bool is_among(const struct range *ranges, size_t count, uint32_t point)
{
    for (size_t i = 0; i < count; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

/* Scripts that use no spaces between words: Thai and Lao, Tibetan, Myanmar, Khmer, kana
 * and Chinese characters with their punctuation, and emoji. */
static bool is_without_spaces(uint32_t point)
{
    static const struct range scripts[] = {
        {0x0E00, 0x0FFF},   {0x1000, 0x109F},   {0x1780, 0x17FF}, {0x2600, 0x27BF},
        {0x2E80, 0x312F},   {0x31A0, 0x9FFF},   {0xF900, 0xFAFF}, {0xFF01, 0xFF9F},
        {0x1F000, 0x1FAFF}, {0x20000, 0x3FFFD},
    };

    return point >= 0x0E00 &&
           is_among(scripts, sizeof scripts / sizeof *scripts, point);
}

static bool is_space(uint32_t point)
{
    static const struct range spaces[] = {
        {'\t', '\r'},     {' ', ' '},       {0x85, 0x85},     {0xA0, 0xA0},
        {0x1680, 0x1680}, {0x2000, 0x200B}, {0x2028, 0x2029}, {0x202F, 0x202F},
        {0x205F, 0x205F}, {0x3000, 0x3000},
    };

    return is_among(spaces, sizeof spaces / sizeof *spaces, point);
}

/* Characters that would look wrong before the dots: white space, dots and other pauses,
 * dashes, and opening brackets and quotes. */
static bool is_dangling(uint32_t point)
{
    static const struct range danglers[] = {
        {'(', '('},       {',', '.'},       {':', '<'},       {'[', '['},
        {'{', '{'},       {0xA1, 0xA1},     {0xAB, 0xAB},     {0xB7, 0xB7},
        {0xBF, 0xBF},     {0x2010, 0x2015}, {0x2018, 0x2018}, {0x201A, 0x201A},
        {0x201C, 0x201C}, {0x201E, 0x201E}, {0x2022, 0x2022}, {0x2026, 0x2026},
        {0x2039, 0x2039}, {0x3001, 0x3002}, {0x3008, 0x3008}, {0x300A, 0x300A},
        {0x300C, 0x300C}, {0x300E, 0x300E}, {0x3010, 0x3010}, {0x30FB, 0x30FB},
        {0xFF08, 0xFF08}, {0xFF0C, 0xFF0C}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1B},
    };

    return is_space(point) ||
           is_among(danglers, sizeof danglers / sizeof *danglers, point);
}

/* The text as far as it has been read. */
struct walk {
    const char *text, *at;
    const char *link_end;       /* end of the current link, or of the last one */
    uint32_t last;              /* the character before at */
    struct gsm_form *form;      /* NULL as soon as a character has no form */
    bool is_always_form;        /* every character has a form */
    struct sms_measure as_text; /* neither is measured once it is too long */
    struct sms_measure as_form;
    bool is_text_over, is_form_over;
    unsigned max_parts;
    struct sms_cut any, word; /* the last possible places for a cut */
};

static bool is_over(const struct sms_measure *measure, unsigned max_parts)
{
    struct sms_parts parts = sms_measure_parts(measure);

    return parts.parts > max_parts || parts.api_characters > SMS_MAX_API_CHARACTERS;
}

/* Adds the text from at to end: a whole cluster or, as a last resort, one character. */
static void add_cluster(struct walk *walk, const char *end)
{
    const char *at = walk->at;
    size_t form_before = walk->form ? walk->form->length : 0;
    uint32_t point = walk->last;

    if (walk->form && !gsm_form_add(walk->form, at, (size_t)(end - at)))
        walk->form = NULL;
    if (walk->form && !walk->is_form_over) {
        sms_measure_add_text(&walk->as_form, walk->form->text + form_before);
        walk->is_form_over = is_over(&walk->as_form, walk->max_parts);
    }
    while (at < end && utf8_next(&at, &point))
        if (!walk->is_text_over)
            sms_measure_add(&walk->as_text, point);
    if (!walk->is_text_over)
        walk->is_text_over = is_over(&walk->as_text, walk->max_parts);
    walk->last = point;
    walk->at = end;
}

/* If the form is too long, the text itself may still be short enough, once a character
 * comes that has no form. */
static bool is_too_long(const struct walk *walk)
{
    if (walk->form && (!walk->is_form_over || walk->is_always_form))
        return walk->is_form_over;
    return walk->is_text_over;
}

static bool has_room_for(const struct walk *walk, const char *dots)
{
    struct sms_measure longer;

    if (walk->form ? walk->is_form_over : walk->is_text_over)
        return false;
    longer = walk->form ? walk->as_form : walk->as_text;
    sms_measure_add_text(&longer, dots);
    return !is_over(&longer, walk->max_parts);
}

/* Whether a word ends here, perhaps with punctuation after it. Each run of punctuation
 * is read only once, because no place inside it is considered. */
static bool is_word_end(const struct walk *walk)
{
    const char *at = walk->at, *next = at;
    uint32_t point = 0;

    if (is_without_spaces(walk->last))
        return true;
    while (utf8_next(&next, &point) && is_dangling(point) && !is_space(point))
        at = next;
    return *at == '\0' || is_space(point) || is_without_spaces(point) ||
           link_bytes(walk->text, at) > 0;
}

static void note_place(struct walk *walk, bool is_last_resort)
{
    bool is_after_link = walk->at == walk->link_end;

    if (!has_room_for(walk, sms_cut_dots(is_after_link)))
        return;
    walk->any = (struct sms_cut){
        .is_form = walk->form != NULL,
        .is_after_link = is_after_link,
        .text_bytes = (size_t)(walk->at - walk->text),
        .form_bytes = walk->form ? walk->form->length : 0,
    };
    if (!is_last_resort && is_word_end(walk))
        walk->word = walk->any;
}

/* The length of the next cluster, or of the next character if clusters may be split. */
static size_t step_bytes(const char *at, bool is_last_resort)
{
    const char *next = at;
    uint32_t point;

    if (!is_last_resort)
        return unicode_cluster_bytes(at);
    utf8_next(&next, &point);
    return (size_t)(next - at);
}

static void walk_text(struct walk *walk, bool is_last_resort)
{
    while (*walk->at && !is_too_long(walk)) {
        if (walk->at >= walk->link_end) {
            size_t length = link_bytes(walk->text, walk->at);

            if (length > 0)
                walk->link_end = walk->at + length;
        }
        add_cluster(walk, walk->at + step_bytes(walk->at, is_last_resort));
        if (walk->at >= walk->link_end && (is_last_resort || !is_dangling(walk->last)))
            note_place(walk, is_last_resort);
    }
}

static struct sms_cut find(const char *text, struct gsm_form *form, unsigned max_parts,
                           bool is_last_resort)
{
    bool is_always_form = form && form->mapping == GSM_CLOSEST;
    struct walk walk = {
        .text = text,
        .at = text,
        .link_end = text,
        .form = form,
        .is_always_form = is_always_form,
        .is_text_over = is_always_form,
        .max_parts = max_parts,
    };

    sms_measure_start(&walk.as_text);
    sms_measure_start(&walk.as_form);
    walk_text(&walk, is_last_resort);
    if (*walk.at == '\0' && !(walk.form ? walk.is_form_over : walk.is_text_over))
        return (struct sms_cut){
            .is_whole = true,
            .is_form = walk.form != NULL,
            .text_bytes = (size_t)(walk.at - text),
            .form_bytes = walk.form ? walk.form->length : 0,
        };
    /* Do not lose more than half of the space because of a long word. */
    return walk.word.text_bytes * 2 >= walk.any.text_bytes ? walk.word : walk.any;
}

static bool begins_with_link(const char *text)
{
    const char *at = text, *next = text;
    uint32_t point;

    while (utf8_next(&next, &point) && is_dangling(point))
        at = next;
    return link_bytes(text, at) > 0;
}

const char *sms_cut_dots(bool is_after_link)
{
    return is_after_link ? " ..." : "...";
}

struct sms_cut sms_cut_find(const char *text, struct gsm_form *form, unsigned max_parts)
{
    struct sms_cut cut = find(text, form, max_parts, false);

    if (cut.text_bytes > 0)
        return cut;
    cut.is_link_too_long = begins_with_link(text);
    if (cut.is_link_too_long)
        return cut;
    if (form)
        gsm_form_restart(form);
    return find(text, form, max_parts, true);
}
