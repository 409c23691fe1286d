/* SPDX-License-Identifier: ISC */
/* What is wrong with a configuration: all of it, each with the place where it is to be
 * mended. */
#ifndef SMS_MILTER_BASE_PROBLEM_H
#define SMS_MILTER_BASE_PROBLEM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Where an option stands. */
struct place {
    const char *file;     /* borrowed from the configuration; NULL: in none */
    unsigned file_number; /* in the order in which files are read */
    int line;             /* 0: nowhere, it has its default */
};

struct problem {
    unsigned file_number;
    int line;
    size_t number;      /* in the order in which they were found */
    struct error error; /* text: "FILE:LINE: option: what is wrong" */
};

/* Starts as {0}. */
struct problem_list {
    struct problem *items;
    size_t count;
    size_t room;
    bool is_cut; /* one more had no memory */
};

/* Adds "FILE:LINE: option: text", without what place does not have. Returns false, so
 * that a failing function can return it. */
bool problem_add(struct problem_list *list, const struct place *place,
                 const char *option, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same with the text and the kind of an error. */
bool problem_add_error(struct problem_list *list, const struct place *place,
                       const char *option, const struct error *why);

/* Adds an error whose text names its place already. */
bool problem_add_whole(struct problem_list *list, const struct place *place,
                       const struct error *whole);

/* Whether nothing is wrong. */
bool problem_list_is_empty(const struct problem_list *list);

/* Puts them in the order of files and lines. */
void problem_list_sort(struct problem_list *list);

/* The first of a list that is not empty. */
void problem_list_first(const struct problem_list *list, struct error *err);

/* Frees the items and leaves the list empty. */
void problem_list_free(struct problem_list *list);

#endif
