/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "base/utf8.h"
#include "text/gsm0338.h"

enum { LAST_POINT = 0x10FFFF };

/* The table of 3GPP TS 23.038 clause 6.2.1, column by column (b7 b6 b5 = 0 to 7), row
 * by row. The escape at 0x1B is left out: it is no character of its own. */
static const char basic_table[] = "@£$¥èéùìòÇ\nØø\rÅå"
                                  "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
                                  " !\"#¤%&'()*+,-./"
                                  "0123456789:;<=>?"
                                  "¡ABCDEFGHIJKLMNO"
                                  "PQRSTUVWXYZÄÖÑÜ§"
                                  "¿abcdefghijklmno"
                                  "pqrstuvwxyzäöñüà";

/* Clause 6.2.1.1: form feed, and what follows 0x14, 28, 29, 2F, 3C, 3D, 3E, 40, 65. */
static const char extension_table[] = "\f^{}\\[~]|€";

static unsigned septets_by_table(uint32_t wanted)
{
    const char *at = basic_table;
    uint32_t point;

    while (utf8_next(&at, &point))
        if (point == wanted)
            return 1;
    at = extension_table;
    while (utf8_next(&at, &point))
        if (point == wanted)
            return 2;
    return 0;
}

static unsigned count_characters(const char *text)
{
    unsigned count = 0;
    uint32_t point;

    while (utf8_next(&text, &point))
        count++;
    return count;
}

static void the_tables_are_whole(void **state)
{
    (void)state;
    check_number("128 places without the escape", count_characters(basic_table), 127);
    check_number("extension table", count_characters(extension_table), 10);
}

static void every_character_takes_its_septets(void **state)
{
    (void)state;
    for (uint32_t point = 0; point <= LAST_POINT; point++) {
        unsigned got = gsm0338_septets(point);

        if (got != septets_by_table(point))
            fail_msg("U+%04X takes %u septets, want %u", point, got,
                     septets_by_table(point));
    }
}

/* Looks alike, is not in the alphabet: each would turn up as another character. */
static void lookalikes_are_not_in_it(void **state)
{
    static const struct {
        const char *name;
        uint32_t point;
    } rows[] = {
        {"NUL", 0},
        {"escape", 0x1B},
        {"tab", '\t'},
        {"backtick", '`'},
        {"delete", 0x7F},
        {"no-break space", 0xA0},
        {"small c with cedilla", 0xE7},
        {"A with grave", 0xC0},
        {"Greek capital Alpha", 0x391},
        {"Greek small delta", 0x3B4},
        {"ohm sign", 0x2126},
        {"micro sign", 0xB5},
        {"typographic quote", 0x2019},
        {"full-width A", 0xFF21},
        {"replacement character", 0xFFFD},
        {"beyond Unicode", 0x110000},
        {"wraps to A in 16 bits", 0x10041},
        {"greatest value", UINT32_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, gsm0338_septets(rows[i].point), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_tables_are_whole),
        UNIT_TEST(every_character_takes_its_septets),
        UNIT_TEST(lookalikes_are_not_in_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
