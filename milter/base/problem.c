/* SPDX-License-Identifier: ISC */
#include "base/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static struct problem *add(struct problem_list *list, const struct place *place)
{
    struct problem *problem;

    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 4;
        struct problem *grown = realloc(list->items, room * sizeof *grown);

        if (!grown) {
            list->is_cut = true;
            return NULL;
        }
        list->items = grown;
        list->room = room;
    }
    problem = &list->items[list->count];
    *problem = (struct problem){.file_number = place->file_number,
                                .line = place->line,
                                .number = list->count++};
    return problem;
}

static bool add_text(struct problem_list *list, const struct place *place,
                     const char *option, enum error_kind kind, const char *text)
{
    struct problem *problem = add(list, place);
    char line[16] = "";

    if (!problem)
        return false;
    if (place->line > 0)
        snprintf(line, sizeof line, ":%d", place->line);
    error_set(&problem->error, kind, NULL, "%s%s%s%s%s%s",
              place->file ? place->file : "", line, place->file ? ": " : "", option,
              *option ? ": " : "", text);
    utf8_make_printable(problem->error.text);
    return false;
}

bool problem_add(struct problem_list *list, const struct place *place,
                 const char *option, const char *format, ...)
{
    char text[ERROR_TEXT_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return add_text(list, place, option, ERROR_REFUSED, text);
}

bool problem_add_error(struct problem_list *list, const struct place *place,
                       const char *option, const struct error *why)
{
    return add_text(list, place, option, why->kind, why->text);
}

bool problem_add_whole(struct problem_list *list, const struct place *place,
                       const struct error *whole)
{
    const struct place bare = {.file_number = place->file_number, .line = place->line};
    struct problem *problem = add(list, &bare);

    if (problem) {
        problem->error = *whole;
        utf8_make_printable(problem->error.text);
    }
    return false;
}

bool problem_list_is_empty(const struct problem_list *list)
{
    return list->count == 0 && !list->is_cut;
}

static int compare(const void *left, const void *right)
{
    const struct problem *a = left, *b = right;

    if (a->file_number != b->file_number)
        return a->file_number < b->file_number ? -1 : 1;
    if (a->line != b->line)
        return a->line < b->line ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

void problem_list_sort(struct problem_list *list)
{
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, compare);
}

void problem_list_first(const struct problem_list *list, struct error *err)
{
    if (list->count > 0)
        *err = list->items[0].error;
    else
        error_set(err, ERROR_TEMPORARY, NULL, "no memory");
}

void problem_list_free(struct problem_list *list)
{
    free(list->items);
    *list = (struct problem_list){.items = NULL};
}
