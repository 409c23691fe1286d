/* SPDX-License-Identifier: ISC */
/* Collects everything that is wrong with a configuration, each problem with the place
 * at which to correct it. */
#ifndef SMS_MILTER_BASE_PROBLEM_H
#define SMS_MILTER_BASE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The place of an option in the configuration. */
struct place {
    const char *file;     /* borrowed from the configuration; NULL: no file */
    unsigned file_number; /* counted in the order in which files are read */
    int line;             /* 0: not in a file, the option has its default */
};

struct problem {
    unsigned file_number;
    int line;
    size_t number;      /* counted in the order in which they were found */
    struct error error; /* text: "FILE:LINE: option: what is wrong" */
};

/* Initialise it with {0}. */
struct problem_list {
    struct problem *items;
    size_t count;
    size_t room;
    bool is_cut; /* at least one problem was lost for lack of memory */
};

/* Adds "FILE:LINE: option: text". Parts that place does not have are left out. Returns
 * false, so that a failing function can return the result. */
bool problem_add(struct problem_list *list, const struct place *place,
                 const char *option, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Like problem_add(), with the text and the kind of an error. */
bool problem_add_error(struct problem_list *list, const struct place *place,
                       const char *option, const struct error *why);

/* Adds an error whose text already names its place. */
bool problem_add_whole(struct problem_list *list, const struct place *place,
                       const struct error *whole);

/* Whether there are no problems. */
bool problem_list_is_empty(const struct problem_list *list);

/* Sorts the problems by file and line. */
void problem_list_sort(struct problem_list *list);

/* Copies the first problem of a list that is not empty into *err. */
void problem_list_first(const struct problem_list *list, struct error *err);

/* Frees the items and leaves the list empty. */
void problem_list_free(struct problem_list *list);

#endif
