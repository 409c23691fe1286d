/* SPDX-License-Identifier: ISC */
/* Vectors of our own, at least one for each state of the tokenizer. test_html5lib has
 * many more, if its files exist. */
#include "../../unit.h"

#include "html_vectors.h"

static void every_state_gives_its_tokens(void **state)
{
    struct html_vectors vectors = {.tells = true};

    (void)state;
    check_true(
        "the vectors are there",
        html_vectors_run(&vectors,
                         html_vectors_path("tests/unit/text/html/html_states.test")));
    check_true("of the data state", vectors.data_state > 60);
    check_true("of other states", vectors.other_states > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_state_gives_its_tokens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
