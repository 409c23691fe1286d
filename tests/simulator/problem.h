/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_PROBLEM_H
#define SIMULATOR_PROBLEM_H

#include <stdbool.h>

/* One line that tells a person what is wrong with their input. */
struct problem {
    char text[256];
};

/* Sets the text and returns false, so that a caller can return the result. A text that
 * is too long is cut. */
bool problem_set(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
