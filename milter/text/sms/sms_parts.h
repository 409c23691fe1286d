/* SPDX-License-Identifier: ISC */
/* The parts that a text takes on air: 3GPP TS 23.038 clause 6.2 (alphabets), TS 23.040
 * clause 9.2.3.24.1 (parts). */
#ifndef SMS_MILTER_TEXT_SMS_SMS_PARTS_H
#define SMS_MILTER_TEXT_SMS_SMS_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "text/sms/unicode.h"

enum sms_encoding { SMS_GSM7, SMS_UCS2 };

/* The API takes no more than this of its characters, whatever the parts. */
enum { SMS_MAX_API_CHARACTERS = 918 };

struct sms_parts {
    enum sms_encoding encoding;
    unsigned units;          /* septets, or UTF-16 code units */
    unsigned parts;          /* as they are billed; 0 for a text of nothing */
    unsigned left_units;     /* room left in the last part */
    unsigned api_characters; /* as the API counts: one outside ASCII is two */
};

/* Counts valid UTF-8 as it stands. Whole characters are packed: neither an escape nor a
 * surrogate pair nor a grapheme cluster is split over two parts, unless it is longer
 * than a part: that one begins where there is room and is split at a character. */
struct sms_parts sms_parts_count(const char *utf8);

/* "gsm7" or "ucs2", a string constant. */
const char *sms_parts_encoding_name(enum sms_encoding encoding);

/* How far the parts are filled: one at the least. */
struct sms_fill {
    unsigned parts, used;
};

/* The same count of a text that grows, in both alphabets at once: which one it needs is
 * known only when the last character is. */
struct sms_measure {
    struct unicode_clusters clusters;
    struct sms_fill septets;
    struct sms_fill utf16;       /* without the last cluster */
    struct sms_fill utf16_split; /* with it, split at its characters */
    unsigned cluster_units;      /* of the last cluster */
    unsigned total_septets, total_utf16;
    unsigned api_characters;
    bool is_gsm;
};

void sms_measure_start(struct sms_measure *measure);
void sms_measure_add(struct sms_measure *measure, uint32_t point);
void sms_measure_add_text(struct sms_measure *measure, const char *utf8);
struct sms_parts sms_measure_parts(const struct sms_measure *measure);

#endif
