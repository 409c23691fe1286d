/* SPDX-License-Identifier: ISC */
#include "text/sms_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/gsm0338.h"

/* Room in a lone SMS, and in each part of a longer one, which gives 6 of its 140 octets
 * to the header that numbers the parts (TS 23.040, 9.2.3.24.1). */
enum { LONE_SEPTETS = 160, PART_SEPTETS = 153 };
enum { LONE_UTF16_UNITS = 70, PART_UTF16_UNITS = 67 };

/* The API takes 918 characters at the most, and counts one outside ASCII as two. */
enum { API_MAX_CHARACTERS = 918 };

static const char ellipsis[] = "...";

struct sms_text {
    unsigned parts;
    bool is_cut;
    char utf8[];
};

/* Fills parts with whole characters, since a phone shows an escape or surrogate pair
 * split over two parts as two wrong characters. */
struct packer {
    unsigned lone_room, part_room;
    unsigned total, parts, used;
};

static void pack(struct packer *packer, unsigned units)
{
    if (packer->used + units > packer->part_room) {
        packer->parts++;
        packer->used = 0;
    }
    packer->used += units;
    packer->total += units;
}

static unsigned packed_parts(const struct packer *packer)
{
    return packer->total <= packer->lone_room ? 1 : packer->parts;
}

/* A text that grows by a character at a time, in both alphabets at once: which one it
 * will need is known only when the last character is. */
struct measure {
    struct packer septets, utf16;
    bool is_gsm;
    unsigned api_characters;
};

static void measure_start(struct measure *measure)
{
    *measure = (struct measure){
        .septets = {.lone_room = LONE_SEPTETS, .part_room = PART_SEPTETS, .parts = 1},
        .utf16 = {.lone_room = LONE_UTF16_UNITS,
                  .part_room = PART_UTF16_UNITS,
                  .parts = 1},
        .is_gsm = true,
    };
}

static void measure_add(struct measure *measure, uint32_t point)
{
    unsigned septets = gsm0338_septets(point);

    measure->is_gsm = measure->is_gsm && septets > 0;
    pack(&measure->septets, septets);
    pack(&measure->utf16, point > 0xFFFF ? 2 : 1);
    measure->api_characters += point < 0x80 ? 1 : 2;
}

static void measure_add_text(struct measure *measure, const char *text)
{
    uint32_t point;

    while (utf8_next(&text, &point))
        measure_add(measure, point);
}

static unsigned measure_parts(const struct measure *measure)
{
    return packed_parts(measure->is_gsm ? &measure->septets : &measure->utf16);
}

static bool fits(const struct measure *measure, unsigned max_parts)
{
    return measure_parts(measure) <= max_parts &&
           measure->api_characters <= API_MAX_CHARACTERS;
}

static bool fits_with_ellipsis(const struct measure *measure, unsigned max_parts)
{
    struct measure longer = *measure;

    measure_add_text(&longer, ellipsis);
    return fits(&longer, max_parts);
}

static bool is_space(uint32_t point)
{
    return point == ' ' || point == '\n';
}

/* How many bytes may stay before the ellipsis: whole words if there is one that fits.
 */
static size_t find_cut(const char *utf8, unsigned max_parts)
{
    const char *at = utf8;
    size_t last_character = 0, last_word = 0;
    bool is_in_word = false;
    struct measure measure;

    measure_start(&measure);
    for (;;) {
        const char *next = at;
        uint32_t point;
        bool is_end = !utf8_next(&next, &point);

        if (fits_with_ellipsis(&measure, max_parts)) {
            last_character = (size_t)(at - utf8);
            if (is_in_word && (is_end || is_space(point)))
                last_word = last_character;
        } else if (measure.api_characters > API_MAX_CHARACTERS) {
            break; /* nothing longer fits either */
        }
        if (is_end)
            break;
        is_in_word = !is_space(point);
        measure_add(&measure, point);
        at = next;
    }
    return last_word ? last_word : last_character;
}

static struct sms_text *make_text(const char *utf8, size_t length, const char *suffix)
{
    size_t suffix_length = strlen(suffix);
    struct sms_text *text = malloc(sizeof *text + length + suffix_length + 1);
    struct measure measure;

    if (!text)
        return NULL;
    memcpy(text->utf8, utf8, length);
    memcpy(text->utf8 + length, suffix, suffix_length + 1);
    measure_start(&measure);
    measure_add_text(&measure, text->utf8);
    text->parts = measure_parts(&measure);
    text->is_cut = suffix_length > 0;
    return text;
}

bool sms_text_new(const char *utf8, const struct text_options *options,
                  struct sms_text **text_out, struct error *err)
{
    struct measure measure;

    *text_out = NULL;
    if (*utf8 == '\0')
        return error_set(err, ERROR_REFUSED, "5.6.0", "no text to send as an SMS");
    measure_start(&measure);
    measure_add_text(&measure, utf8);
    if (fits(&measure, options->max_parts))
        *text_out = make_text(utf8, strlen(utf8), "");
    else if (options->overlong == OVERLONG_REJECT)
        return error_set(err, ERROR_REFUSED, "5.3.4",
                         "text too long: it takes %u SMS parts, the limit is %u parts "
                         "and %d characters",
                         measure_parts(&measure), options->max_parts,
                         API_MAX_CHARACTERS);
    else
        *text_out = make_text(utf8, find_cut(utf8, options->max_parts), ellipsis);
    return *text_out || error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
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

unsigned sms_text_parts(const struct sms_text *text)
{
    return text->parts;
}

bool sms_text_is_cut(const struct sms_text *text)
{
    return text->is_cut;
}
