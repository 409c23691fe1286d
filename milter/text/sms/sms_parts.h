/* SPDX-License-Identifier: ISC */
/* Counts the parts that a text takes on air: 3GPP TS 23.038 clause 6.2 (alphabets), TS
 * 23.040 clause 9.2.3.24.1 (parts). */
#ifndef SMS_MILTER_TEXT_SMS_SMS_PARTS_H
#define SMS_MILTER_TEXT_SMS_SMS_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "text/sms/unicode.h"

enum sms_encoding { SMS_GSM7, SMS_UCS2 };

/* The API accepts at most this many of its characters, whatever the number of parts. */
enum { SMS_MAX_API_CHARACTERS = 918 };

struct sms_parts {
    enum sms_encoding encoding;
    unsigned units;          /* septets, or UTF-16 code units */
    unsigned parts;          /* billed parts; 0 for an empty text */
    unsigned left_units;     /* space left in the last part */
    unsigned api_characters; /* as the API counts: a character outside ASCII is two */
};

/* Counts valid UTF-8 as it is. An escape, a surrogate pair or a grapheme cluster is
 * never split between two parts. Only a cluster that is longer than a part begins in
 * the free space and is split between two characters. */
struct sms_parts sms_parts_count(const char *utf8);

/* "gsm7" or "ucs2", a string constant. */
const char *sms_parts_encoding_name(enum sms_encoding encoding);

/* How full the parts are. There is always at least one part. */
struct sms_fill {
    unsigned parts, used;
};

/* Counts a growing text in both alphabets at once, because which one it needs is known
 * only after the last character. */
struct sms_measure {
    struct unicode_clusters clusters;
    struct sms_fill septets;
    struct sms_fill utf16;       /* without the last cluster */
    struct sms_fill utf16_split; /* with it, split between its characters */
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
