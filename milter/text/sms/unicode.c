/* SPDX-License-Identifier: ISC */
#include "text/sms/unicode.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "base/utf8.h"

enum { ZERO_WIDTH_NON_JOINER = 0x200C };

struct range {
    uint32_t first, last;
};

static bool is_among(const struct range *ranges, size_t count, uint32_t point)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (ranges[middle].last < point)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && ranges[low].first <= point;
}

/* Normal form ---------------------------------------------------------------------- */

/* Characters of common scripts that NFC does not change (NFC_Quick_Check=Yes, combining
 * class 0), so that most texts need no further checks. Such a character may still be
 * the base of marks after it. The list is far from complete. */
static const struct range calm[] = {
    {0x0000, 0x02FF}, {0x0388, 0x03FF},   {0x0400, 0x0482}, {0x048A, 0x052F},
    {0x05D0, 0x05EA}, {0x0621, 0x064A},   {0x0904, 0x093B}, {0x093D, 0x094C},
    {0x0E01, 0x0E37}, {0x1EA0, 0x1EF9},   {0x200B, 0x200F}, {0x2010, 0x2027},
    {0x2030, 0x205E}, {0x20A0, 0x20C0},   {0x3003, 0x3029}, {0x3041, 0x3096},
    {0x30A1, 0x30FF}, {0x4E00, 0x9FFF},   {0xAC00, 0xD7A3}, {0xFE00, 0xFE0F},
    {0xFF01, 0xFF60}, {0x1F300, 0x1FAFF},
};

static bool is_ascii(char byte)
{
    return byte != '\0' && (byte & 0x80) == 0;
}

static bool is_calm(uint32_t point)
{
    return point < 0x300 || is_among(calm, sizeof calm / sizeof *calm, point);
}

/* The text written so far, and the characters of the current piece. */
struct normalizer {
    char *text;
    size_t length, text_room;
    int32_t *points;
    size_t count, points_room;
};

static bool add_text(struct normalizer *to, const char *bytes, size_t length)
{
    if (to->text_room - to->length < length) {
        size_t room = to->text_room * 2 + length;
        char *grown = realloc(to->text, room);

        if (!grown)
            return false;
        to->text = grown;
        to->text_room = room;
    }
    memcpy(to->text + to->length, bytes, length);
    to->length += length;
    return true;
}

static bool add_decomposed(struct normalizer *to, uint32_t point)
{
    utf8proc_ssize_t count;
    int boundclass = 0; /* an output that the function requires; not used here */

    if (to->points_room - to->count < UNICODE_MAX_PARTS) {
        size_t room = to->points_room * 2 + UNICODE_MAX_PARTS;
        int32_t *grown = realloc(to->points, room * sizeof *grown);

        if (!grown)
            return false;
        to->points = grown;
        to->points_room = room;
    }
    count = utf8proc_decompose_char((utf8proc_int32_t)point, to->points + to->count,
                                    UNICODE_MAX_PARTS, UTF8PROC_DECOMPOSE, &boundclass);
    if (count < 0 || count > UNICODE_MAX_PARTS)
        return false;
    to->count += (size_t)count;
    return true;
}

static unsigned combining_class(int32_t point)
{
    return (unsigned)utf8proc_get_property(point)->combining_class & 0xFF;
}

/* Sorts a run of marks into canonical order, which is stable and by class. utf8proc
 * sorts by swapping neighbours, which is too slow for a text with a million marks in a
 * row. */
static bool sort_marks(int32_t *marks, size_t count)
{
    size_t starts[257] = {0};
    int32_t *sorted;

    if (count < 2)
        return true;
    sorted = malloc(count * sizeof *sorted);
    if (!sorted)
        return false;
    for (size_t i = 0; i < count; i++)
        starts[combining_class(marks[i]) + 1]++;
    for (size_t i = 1; i < 257; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < count; i++)
        sorted[starts[combining_class(marks[i])]++] = marks[i];
    memcpy(marks, sorted, count * sizeof *sorted);
    free(sorted);
    return true;
}

static bool order_points(int32_t *points, size_t count)
{
    size_t run = 0;

    for (size_t i = 0; i <= count; i++) {
        if (i < count && combining_class(points[i]) != 0)
            continue;
        if (!sort_marks(points + run, i - run))
            return false;
        run = i + 1;
    }
    return true;
}

/* Adds the piece from start to end. What surrounds it does not affect its NFC. */
static bool add_normalized(struct normalizer *to, const char *start, const char *end)
{
    utf8proc_ssize_t count;
    uint32_t point;

    to->count = 0;
    while (start < end && utf8_next(&start, &point))
        if (!add_decomposed(to, point))
            return false;
    if (!order_points(to->points, to->count))
        return false;
    count = utf8proc_normalize_utf32(to->points, (utf8proc_ssize_t)to->count,
                                     UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    for (utf8proc_ssize_t i = 0; i < count; i++) {
        utf8proc_uint8_t bytes[4];
        utf8proc_ssize_t length = utf8proc_encode_char(to->points[i], bytes);

        if (!add_text(to, (const char *)bytes, (size_t)length))
            return false;
    }
    return count >= 0;
}

/* A piece to normalise begins at the last calm character before one that is not calm.
 * It ends before the next calm one, which text before it cannot change. */
static bool add_all(struct normalizer *to, const char *utf8)
{
    const char *copied = utf8, *base = utf8, *at = utf8;

    for (;;) {
        const char *start = at;
        uint32_t point;
        bool is_end = !utf8_next(&at, &point);

        if (!is_end && is_calm(point)) {
            base = start;
            while (is_ascii(*at))
                base = at++;
            continue;
        }
        if (is_end)
            return add_text(to, copied, (size_t)(start - copied) + 1);
        for (start = at; utf8_next(&at, &point) && !is_calm(point);)
            start = at;
        at = start;
        if (!add_text(to, copied, (size_t)(base - copied)) ||
            !add_normalized(to, base, at))
            return false;
        copied = base = at;
    }
}

char *unicode_nfc(const char *utf8)
{
    struct normalizer to = {.text_room = strlen(utf8) + 1};
    bool is_done;

    to.text = malloc(to.text_room);
    is_done = to.text && add_all(&to, utf8);
    free(to.points);
    if (is_done)
        return to.text;
    free(to.text);
    return NULL;
}

/* Grapheme clusters ---------------------------------------------------------------- */

/* Indic_Conjunct_Break=Consonant: the six scripts of Unicode 15.1, and those that
 * Unicode 17 adds for Myanmar and Khmer. utf8proc has this property only from version
 * 2.9 on. Also Gurmukhi, Tamil, Kannada and Sinhala, in which a virama joins some
 * letters and is visible between others; a syllable is not cut at either. */
static const struct range consonants[] = {
    {0x0915, 0x0939}, {0x0958, 0x095F}, {0x0978, 0x097F}, {0x0995, 0x09A8},
    {0x09AA, 0x09B0}, {0x09B2, 0x09B2}, {0x09B6, 0x09B9}, {0x09DC, 0x09DD},
    {0x09DF, 0x09DF}, {0x09F0, 0x09F1}, {0x0A15, 0x0A39}, {0x0A59, 0x0A5E},
    {0x0A95, 0x0AA8}, {0x0AAA, 0x0AB0}, {0x0AB2, 0x0AB3}, {0x0AB5, 0x0AB9},
    {0x0AF9, 0x0AF9}, {0x0B15, 0x0B28}, {0x0B2A, 0x0B30}, {0x0B32, 0x0B33},
    {0x0B35, 0x0B39}, {0x0B5C, 0x0B5D}, {0x0B5F, 0x0B5F}, {0x0B71, 0x0B71},
    {0x0B95, 0x0BB9}, {0x0C15, 0x0C28}, {0x0C2A, 0x0C39}, {0x0C58, 0x0C5A},
    {0x0C95, 0x0CB9}, {0x0D15, 0x0D3A}, {0x0D9A, 0x0DC6}, {0x1000, 0x102A},
    {0x103F, 0x103F}, {0x1050, 0x1055}, {0x105A, 0x105D}, {0x1061, 0x1061},
    {0x1065, 0x1066}, {0x106E, 0x1070}, {0x1075, 0x1081}, {0x108E, 0x108E},
    {0x1780, 0x17B3},
};

static bool is_consonant(uint32_t point)
{
    return point >= 0x0915 && point <= 0x17B3 &&
           is_among(consonants, sizeof consonants / sizeof *consonants, point);
}

/* Indic_Conjunct_Break=Linker: the viramas of the same scripts. */
static bool is_linker(uint32_t point)
{
    switch (point) {
    case 0x094D:
    case 0x09CD:
    case 0x0A4D:
    case 0x0ACD:
    case 0x0B4D:
    case 0x0BCD:
    case 0x0C4D:
    case 0x0CCD:
    case 0x0D4D:
    case 0x0DCA:
    case 0x1039:
    case 0x17D2:
        return true;
    default:
        return false;
    }
}

/* Indic_Conjunct_Break=Extend: what extends a cluster, except the zero width
 * non-joiner, whose purpose is to keep a conjunct apart. */
static bool is_conjunct_extend(uint32_t point)
{
    unsigned boundclass = utf8proc_get_property((int32_t)point)->boundclass;

    return point != ZERO_WIDTH_NON_JOINER &&
           (boundclass == UTF8PROC_BOUNDCLASS_EXTEND ||
            boundclass == UTF8PROC_BOUNDCLASS_ZWJ);
}

/* Rule GB9c. Returns whether point is joined to the characters before it. */
static bool join_conjunct(struct unicode_clusters *clusters, uint32_t point)
{
    bool is_joined = false;

    if (is_consonant(point)) {
        is_joined = clusters->conjunct == CONJUNCT_LINKED;
        clusters->conjunct = CONJUNCT_CONSONANT;
    } else if (clusters->conjunct != CONJUNCT_NONE) {
        if (is_linker(point))
            clusters->conjunct = CONJUNCT_LINKED;
        else if (!is_conjunct_extend(point))
            clusters->conjunct = CONJUNCT_NONE;
    }
    return is_joined;
}

static bool is_printable_ascii(uint32_t point)
{
    return point >= 0x20 && point < 0x7F;
}

bool unicode_begins_cluster(struct unicode_clusters *clusters, uint32_t point)
{
    uint32_t before = clusters->before;
    bool is_joined;

    clusters->before = point;
    if (is_printable_ascii(point) && is_printable_ascii(before)) {
        clusters->state = 0;
        return true;
    }
    is_joined = join_conjunct(clusters, point);
    return before == 0 || (utf8proc_grapheme_break_stateful(
                               (int32_t)before, (int32_t)point, &clusters->state) &&
                           !is_joined);
}

size_t unicode_cluster_bytes(const char *utf8)
{
    const char *at = utf8, *end = utf8;
    struct unicode_clusters clusters = {0};
    uint32_t point;

    if (is_printable_ascii((unsigned char)utf8[0]) && (utf8[1] & 0x80) == 0)
        return 1;
    while (utf8_next(&at, &point)) {
        if (unicode_begins_cluster(&clusters, point) && end > utf8)
            break;
        end = at;
    }
    return (size_t)(end - utf8);
}

/* What characters are made of ------------------------------------------------------ */

static enum unicode_makeup makeup_of(const utf8proc_property_t *property)
{
    switch (property->decomp_type) {
    case 0: /* canonical or none; the parts show which */
        return UNICODE_ACCENTED;
    case UTF8PROC_DECOMP_TYPE_FRACTION:
        return UNICODE_FRACTION;
    case UTF8PROC_DECOMP_TYPE_CIRCLE:
        return UNICODE_CIRCLED;
    case UTF8PROC_DECOMP_TYPE_SUPER:
        return UNICODE_RAISED;
    case UTF8PROC_DECOMP_TYPE_SUB:
        return UNICODE_LOWERED;
    default:
        return UNICODE_STYLED;
    }
}

enum unicode_makeup unicode_take_apart(uint32_t point,
                                       uint32_t parts_out[UNICODE_MAX_PARTS],
                                       size_t *count_out)
{
    utf8proc_int32_t parts[UNICODE_MAX_PARTS];
    int boundclass = 0; /* an output that the function requires; not used here */
    utf8proc_ssize_t count =
        utf8proc_decompose_char((utf8proc_int32_t)point, parts, UNICODE_MAX_PARTS,
                                UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundclass);

    *count_out = 1;
    parts_out[0] = point;
    if (count < 1 || count > UNICODE_MAX_PARTS ||
        (count == 1 && (uint32_t)parts[0] == point))
        return UNICODE_ATOM;
    for (utf8proc_ssize_t i = 0; i < count; i++)
        parts_out[i] = (uint32_t)parts[i];
    *count_out = (size_t)count;
    return makeup_of(utf8proc_get_property((utf8proc_int32_t)point));
}

uint32_t unicode_compose(uint32_t base, uint32_t mark)
{
    utf8proc_int32_t points[] = {(utf8proc_int32_t)base, (utf8proc_int32_t)mark};

    if (utf8proc_normalize_utf32(points, 2, UTF8PROC_STABLE | UTF8PROC_COMPOSE) != 1)
        return 0;
    return (uint32_t)points[0];
}

bool unicode_is_mark(uint32_t point)
{
    switch (utf8proc_category((utf8proc_int32_t)point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return true;
    default:
        return false;
    }
}
