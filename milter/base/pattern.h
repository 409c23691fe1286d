/* SPDX-License-Identifier: ISC */
/* A regular expression (PCRE2) that the administrator wrote, matched in bounded
 * time. */
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

/* Compiles an expression in UTF-8, in which ^ and $ also match at line ends. It must
 * not be empty. The caller frees *pattern_out with pattern_free(). On failure
 * *pattern_out is NULL and *err says why, in words that can follow the expression. */
bool pattern_new(const char *text, struct pattern **pattern_out, struct error *err);

/* Returns the same pattern for one more owner, who frees it with pattern_free(), too.
 * So it is compiled only once for all customers that inherit it. */
struct pattern *pattern_share(struct pattern *pattern);

/* Clears *pattern, and frees it if it has no other owner. Does nothing if *pattern is
 * already NULL. */
void pattern_free(struct pattern **pattern);

/* The expression as it was written. */
const char *pattern_text(const struct pattern *pattern);

enum pattern_result {
    PATTERN_FOUND,
    PATTERN_NOT_FOUND,
    PATTERN_TOO_COSTLY, /* gave up: too many steps, or the budget is used up */
    PATTERN_NO_MEMORY
};

/* A match: from start_bytes up to, but not including, end_bytes. */
struct pattern_match {
    size_t start_bytes, end_bytes;
};

/* Looks for the first match that is not empty, from offset_bytes on, in valid UTF-8.
 * The CPU time used, in microseconds, is subtracted from *budget_us, which several
 * searches may share. Gives up when the budget is used up. */
enum pattern_result pattern_find(const struct pattern *pattern, const char *text,
                                 size_t length_bytes, size_t offset_bytes,
                                 long *budget_us, struct pattern_match *match_out);

/* Appends a pattern, which the list then owns. Returns false without memory; the caller
 * still owns the pattern then. */
bool pattern_list_add(struct pattern_list *list, struct pattern *pattern);

/* Frees all patterns and leaves the list empty. */
void pattern_list_free(struct pattern_list *list);

#endif
