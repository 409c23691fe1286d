/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_PROBLEM_H
#define SIMULATOR_PROBLEM_H

#include <stdbool.h>

/* One line for the person who gave us something wrong. */
struct problem {
    char text[256];
};

/* Says what is wrong; returns false, so that a caller can return it. Text that
 * does not fit is cut. */
bool problem_set(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
