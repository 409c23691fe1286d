/* SPDX-License-Identifier: ISC */
/* html5lib's tokenizer tests, if they exist in the folder that the environment
 * variable SMS_HTML5LIB_DIR names, or in ../shared/html5lib beside the source. */
#include "../../unit.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html_vectors.h"

/* Automake's for a test that was skipped. */
enum { SKIPPED = 77 };

static const char *folder(void)
{
    const char *named = getenv("SMS_HTML5LIB_DIR");

    return named ? named : html_vectors_path("../shared/html5lib");
}

static void run_all(struct html_vectors *vectors)
{
    DIR *entries = opendir(folder());

    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
        const char *ending = strrchr(entry->d_name, '.');
        char path[PATH_MAX];

        if (!ending || strcmp(ending, ".test") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder(), entry->d_name);
        check_true(entry->d_name, html_vectors_run(vectors, path));
    }
    closedir(entries);
}

static void all_vectors_give_their_tokens(void **state)
{
    struct html_vectors vectors = {.tells = true};

    (void)state;
    run_all(&vectors);
    printf("data state: %zu of %zu; other states: %zu of %zu\n",
           vectors.data_state - vectors.data_state_failed, vectors.data_state,
           vectors.other_states - vectors.other_states_failed, vectors.other_states);
    check_true("there are vectors", vectors.data_state > 1000);
    check_true("in other states too", vectors.other_states > 100);
}

/* The exceptions of html_token.h are about constructs without an end, and addresses.
 * So they concern few of the vectors. */
static void the_exceptions_are_few(void **state)
{
    struct html_vectors vectors = {.saves_text = true};

    (void)state;
    run_all(&vectors);
    printf("otherwise in mails: %zu; other states: %zu\n", vectors.data_state_failed,
           vectors.other_states_failed);
    check_true("at most one of a hundred",
               vectors.data_state_failed * 100 <= vectors.data_state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(all_vectors_give_their_tokens),
        UNIT_TEST(the_exceptions_are_few),
    };
    DIR *entries = opendir(folder());

    if (!entries) {
        fprintf(stderr,
                "skipped: there are no html5lib tests in %s (SMS_HTML5LIB_DIR)\n",
                folder());
        return SKIPPED;
    }
    closedir(entries);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
