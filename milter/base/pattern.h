/* SPDX-License-Identifier: ISC */
/* A regular expression of the administrator's (PCRE2), matched in bounded time. */
#ifndef SMS_MILTER_BASE_PATTERN_H
#define SMS_MILTER_BASE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct pattern;

struct pattern_list {
    struct pattern **items;
    size_t count;
};

/* Reads an expression of UTF-8, in which ^ and $ also match at line ends. The caller
 * frees *pattern_out with pattern_free(); on failure it is NULL and *err says why, to
 * stand behind the expression. */
bool pattern_new(const char *text, struct pattern **pattern_out, struct error *err);

/* Frees and clears *pattern; does nothing when it is NULL already. */
void pattern_free(struct pattern **pattern);

/* The expression as it was written. */
const char *pattern_text(const struct pattern *pattern);

enum pattern_result {
    PATTERN_FOUND,
    PATTERN_NOT_FOUND,
    PATTERN_TOO_COSTLY, /* it gave up: too many steps, or the budget is used up */
    PATTERN_NO_MEMORY
};

/* A piece of a text, from start up to before end. */
struct pattern_match {
    size_t start_bytes, end_bytes;
};

/* Looks for the first match that is not empty in valid UTF-8 from offset_bytes on, and
 * takes what it costs from *budget_us, microseconds of CPU time, which several searches
 * may share; gives up when that is used up. */
enum pattern_result pattern_find(const struct pattern *pattern, const char *text,
                                 size_t length_bytes, size_t offset_bytes,
                                 long *budget_us, struct pattern_match *match_out);

/* Appends a pattern, which is taken over; false without memory, then it is not. */
bool pattern_list_add(struct pattern_list *list, struct pattern *pattern);

/* Frees the patterns and leaves the list empty. */
void pattern_list_free(struct pattern_list *list);

#endif
