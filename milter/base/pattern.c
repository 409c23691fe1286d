/* SPDX-License-Identifier: ISC */
#include "base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"

/* PCRE2 counts its steps from zero for each position where a match may begin, so two
 * bounds are needed: the steps from one position, and the time for all positions. The
 * time is checked after each batch of positions. */
enum { MAX_STEPS_FROM_ONE_PLACE = 5000, MAX_HEAP_KIB = 1024, PLACES_AT_ONCE = 64 };

struct pattern {
    char *text;
    pcre2_code *code;
    atomic_uint references;
};

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
}

static bool compile(struct pattern *pattern, struct error *err)
{
    const uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_MULTILINE |
                             PCRE2_USE_OFFSET_LIMIT | PCRE2_NEVER_BACKSLASH_C;
    PCRE2_UCHAR reason[256];
    PCRE2_SIZE place;
    int number;

    pattern->code = pcre2_compile((PCRE2_SPTR)pattern->text, PCRE2_ZERO_TERMINATED,
                                  options, &number, &place, NULL);
    if (pattern->code)
        return true;
    pcre2_get_error_message(number, reason, sizeof reason);
    return error_set(err, ERROR_REFUSED, NULL,
                     "is not a valid regular expression: %s (at character %zu)",
                     (const char *)reason, place + 1);
}

bool pattern_new(const char *text, struct pattern **pattern_out, struct error *err)
{
    struct pattern *pattern;
    bool is_compiled;

    *pattern_out = NULL;
    if (*text == '\0' || !utf8_is_valid(text))
        return error_set(err, ERROR_REFUSED, NULL,
                         "is not a regular expression: it is empty or not UTF-8");
    pattern = calloc(1, sizeof *pattern);
    if (!pattern)
        return no_memory(err);
    atomic_init(&pattern->references, 1);
    pattern->text = strdup(text);
    is_compiled = pattern->text ? compile(pattern, err) : no_memory(err);
    if (!is_compiled)
        pattern_free(&pattern);
    *pattern_out = pattern;
    return is_compiled;
}

struct pattern *pattern_share(struct pattern *pattern)
{
    atomic_fetch_add(&pattern->references, 1);
    return pattern;
}

void pattern_free(struct pattern **pattern)
{
    struct pattern *freed = *pattern;

    *pattern = NULL;
    if (!freed || atomic_fetch_sub(&freed->references, 1) > 1)
        return;
    pcre2_code_free(freed->code);
    free(freed->text);
    free(freed);
}

const char *pattern_text(const struct pattern *pattern)
{
    return pattern->text;
}

static long cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1000000L + now.tv_nsec / 1000;
}

/* The end of a batch of positions that starts at from. It lies at the beginning of a
 * character. */
static size_t batch_end(const char *text, size_t length_bytes, size_t from)
{
    if (length_bytes - from <= PLACES_AT_ONCE)
        return length_bytes;
    return utf8_floor(text, from + PLACES_AT_ONCE);
}

static enum pattern_result name_failure(int status)
{
    return status == PCRE2_ERROR_NOMEMORY ? PATTERN_NO_MEMORY : PATTERN_TOO_COSTLY;
}

/* Searches one batch after another, so that the budget is exceeded by at most one
 * batch. */
static enum pattern_result search(const struct pattern *pattern, const char *text,
                                  size_t length_bytes, size_t from, long budget_us,
                                  pcre2_match_context *context, pcre2_match_data *data)
{
    const long start_us = cpu_us();

    for (;;) {
        size_t end = batch_end(text, length_bytes, from);
        int status;

        pcre2_set_offset_limit(context, end);
        status = pcre2_match(pattern->code, (PCRE2_SPTR)text, length_bytes, from,
                             PCRE2_NO_UTF_CHECK | PCRE2_NOTEMPTY, data, context);
        if (status >= 0)
            return PATTERN_FOUND;
        if (status != PCRE2_ERROR_NOMATCH)
            return name_failure(status);
        if (end == length_bytes)
            return PATTERN_NOT_FOUND;
        if (cpu_us() - start_us > budget_us)
            return PATTERN_TOO_COSTLY;
        from = end;
    }
}

enum pattern_result pattern_find(const struct pattern *pattern, const char *text,
                                 size_t length_bytes, size_t offset_bytes,
                                 long *budget_us, struct pattern_match *match_out)
{
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(pattern->code, NULL);
    enum pattern_result result = PATTERN_NO_MEMORY;
    long start_us = cpu_us();

    if (context && data) {
        pcre2_set_match_limit(context, MAX_STEPS_FROM_ONE_PLACE);
        pcre2_set_heap_limit(context, MAX_HEAP_KIB);
        result = search(pattern, text, length_bytes, offset_bytes, *budget_us, context,
                        data);
    }
    if (result == PATTERN_FOUND) {
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);

        match_out->start_bytes = ends[0];
        match_out->end_bytes = ends[1];
        if (ends[0] >= ends[1]) /* \K has moved the start of the match */
            result = PATTERN_NOT_FOUND;
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    *budget_us -= cpu_us() - start_us;
    return result;
}

bool pattern_list_add(struct pattern_list *list, struct pattern *pattern)
{
    struct pattern **grown =
        realloc(list->items, (list->count + 1) * sizeof *list->items);

    if (!grown)
        return false;
    list->items = grown;
    grown[list->count++] = pattern;
    return true;
}

void pattern_list_free(struct pattern_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        pattern_free(&list->items[i]);
    free(list->items);
    *list = (struct pattern_list){NULL, 0};
}
