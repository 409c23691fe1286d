/* SPDX-License-Identifier: ISC */
#include "text/sms/sms_parts.h"

#include "base/utf8.h"
#include "text/sms/gsm0338.h"

/* The space in a single SMS, and in each part of a longer one. Each such part gives 6
 * of its 140 octets to the header that numbers the parts (TS 23.040, 9.2.3.24.1). */
enum { LONE_SEPTETS = 160, PART_SEPTETS = 153 };
enum { LONE_UTF16_UNITS = 70, PART_UTF16_UNITS = 67 };

static void place(struct sms_fill *fill, unsigned units, unsigned room)
{
    if (fill->used + units > room) {
        fill->parts++;
        fill->used = 0;
    }
    fill->used += units;
}

static struct sms_fill fill_utf16(const struct sms_measure *measure)
{
    struct sms_fill fill = measure->utf16;

    if (measure->cluster_units > PART_UTF16_UNITS)
        return measure->utf16_split;
    place(&fill, measure->cluster_units, PART_UTF16_UNITS);
    return fill;
}

static void add_utf16(struct sms_measure *measure, uint32_t point)
{
    unsigned units = point > 0xFFFF ? 2 : 1;

    if (unicode_begins_cluster(&measure->clusters, point)) {
        measure->utf16 = measure->utf16_split = fill_utf16(measure);
        measure->cluster_units = 0;
    }
    place(&measure->utf16_split, units, PART_UTF16_UNITS);
    measure->cluster_units += units;
    measure->total_utf16 += units;
}

static void add_septets(struct sms_measure *measure, unsigned septets)
{
    place(&measure->septets, septets, PART_SEPTETS);
    measure->total_septets += septets;
}

static unsigned api_characters(uint32_t point)
{
    return point < 0x80 ? 1 : 2;
}

void sms_measure_start(struct sms_measure *measure)
{
    *measure = (struct sms_measure){
        .septets.parts = 1,
        .utf16.parts = 1,
        .utf16_split.parts = 1,
        .is_gsm = true,
    };
}

void sms_measure_add(struct sms_measure *measure, uint32_t point)
{
    unsigned septets = gsm0338_septets(point);

    measure->is_gsm = measure->is_gsm && septets > 0;
    if (measure->is_gsm)
        add_septets(measure, septets);
    add_utf16(measure, point);
    measure->api_characters += api_characters(point);
}

void sms_measure_add_text(struct sms_measure *measure, const char *utf8)
{
    uint32_t point;

    while (utf8_next(&utf8, &point))
        sms_measure_add(measure, point);
}

static struct sms_parts make_parts(enum sms_encoding encoding, unsigned units,
                                   struct sms_fill fill, unsigned api_total)
{
    unsigned lone_room = encoding == SMS_GSM7 ? LONE_SEPTETS : LONE_UTF16_UNITS;
    unsigned part_room = encoding == SMS_GSM7 ? PART_SEPTETS : PART_UTF16_UNITS;
    struct sms_parts parts = {
        .encoding = encoding, .units = units, .api_characters = api_total};

    if (units > lone_room) {
        parts.parts = fill.parts;
        parts.left_units = part_room - fill.used;
    } else {
        parts.parts = units > 0;
        parts.left_units = lone_room - units;
    }
    return parts;
}

struct sms_parts sms_measure_parts(const struct sms_measure *measure)
{
    return measure->is_gsm ? make_parts(SMS_GSM7, measure->total_septets,
                                        measure->septets, measure->api_characters)
                           : make_parts(SMS_UCS2, measure->total_utf16,
                                        fill_utf16(measure), measure->api_characters);
}

/* If the text is in the GSM alphabet, clusters do not matter, so this is much faster
 * than measuring it in both alphabets. */
struct sms_parts sms_parts_count(const char *utf8)
{
    struct sms_measure measure;
    const char *at = utf8;
    uint32_t point;

    sms_measure_start(&measure);
    while (measure.is_gsm && utf8_next(&at, &point)) {
        unsigned septets = gsm0338_septets(point);

        measure.is_gsm = septets > 0;
        add_septets(&measure, septets);
        measure.api_characters += api_characters(point);
    }
    if (!measure.is_gsm) {
        sms_measure_start(&measure);
        sms_measure_add_text(&measure, utf8);
    }
    return sms_measure_parts(&measure);
}

const char *sms_parts_encoding_name(enum sms_encoding encoding)
{
    return encoding == SMS_GSM7 ? "gsm7" : "ucs2";
}
