/* SPDX-License-Identifier: ISC */
/* Test vectors for the tokenizer, in the format of html5lib's tokenizer tests
 * (https://github.com/html5lib/html5lib-tests, tokenizer/README.md). */
#ifndef SMS_MILTER_TESTS_UNIT_TEXT_HTML_HTML_VECTORS_H
#define SMS_MILTER_TESTS_UNIT_TEXT_HTML_HTML_VECTORS_H

#include <stdbool.h>
#include <stddef.h>

struct html_vectors {
    bool saves_text; /* read with the exceptions of html_token.h */
    bool tells;      /* a vector that fails is a row that fails, see unit.h */
    /* How many there were, and how many of them did not give the tokens they want: a
     * vector counts once for each state that it begins in. */
    size_t data_state, data_state_failed;
    size_t other_states, other_states_failed;
};

/* Runs the vectors of a file. False if it cannot be read. */
bool html_vectors_run(struct html_vectors *vectors, const char *path);

/* The path of a file or folder whose path from the top of the source is known; valid
 * until the next call. */
const char *html_vectors_path(const char *from_top);

#endif
