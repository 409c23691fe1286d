/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"

static const char *name_digest(const struct digest_input *inputs, size_t count)
{
    static char hex[2 * DIGEST_BYTES + 1];
    struct digest digest;

    memset(&digest, 0xA5, sizeof digest);
    digest_make(inputs, count, &digest);
    for (size_t i = 0; i < DIGEST_BYTES; i++)
        snprintf(hex + 2 * i, sizeof hex - 2 * i, "%02x", digest.octets[i]);
    return hex;
}

/* Computed by Python: for x in inputs: hash.update(struct.pack("<Q", len(x)) + x) */
static void known_inputs_have_known_digests(void **state)
{
    char long_text[300];
    const struct digest_input two[] = {{"ab", 2}, {"c", 1}};
    const struct digest_input odd[] = {
        {"a\0b\xFF", 4}, {NULL, 0}, {long_text, sizeof long_text}};

    (void)state;
    memset(long_text, 'x', sizeof long_text);
    check_text("nothing is SHA-256 of nothing (FIPS 180-4)", name_digest(two, 0),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_text("two texts", name_digest(two, COUNT(two)),
               "43ee655579de01ca739b3f95c1c2d3f46d353b2c0df818064ea594506cdb2617");
    check_text("octets, an empty one, a longer one", name_digest(odd, COUNT(odd)),
               "febed311e560ecf944cbe1e1803169548ac0bc03c929db7fd6aa6347db74fd54");
}

static void what_differs_has_another_digest(void **state)
{
    static const struct {
        const char *name;
        const char *first[3], *second[3];
        bool is_same;
    } rows[] = {
        {"the same", {"ab", "c"}, {"ab", "c"}, true},
        {"split elsewhere", {"ab", "c"}, {"a", "bc"}, false},
        {"not split", {"ab", "c"}, {"abc"}, false},
        {"in another order", {"ab", "c"}, {"c", "ab"}, false},
        {"an empty one more", {"ab", "c"}, {"ab", "c", ""}, false},
        {"an empty one elsewhere", {"ab", "", "c"}, {"ab", "c", ""}, false},
        {"nothing, and an empty one", {NULL}, {""}, false},
        {"another octet", {"ab", "c"}, {"ab", "d"}, false},
        {"another case", {"ab", "c"}, {"aB", "c"}, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct digest_input inputs[3];
        char first[2 * DIGEST_BYTES + 1];
        size_t count;

        for (count = 0; count < 3 && rows[i].first[count]; count++)
            inputs[count] = (struct digest_input){rows[i].first[count],
                                                  strlen(rows[i].first[count])};
        snprintf(first, sizeof first, "%s", name_digest(inputs, count));
        for (count = 0; count < 3 && rows[i].second[count]; count++)
            inputs[count] = (struct digest_input){rows[i].second[count],
                                                  strlen(rows[i].second[count])};
        check_number(rows[i].name, strcmp(first, name_digest(inputs, count)) == 0,
                     rows[i].is_same);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(known_inputs_have_known_digests),
        UNIT_TEST(what_differs_has_another_digest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
