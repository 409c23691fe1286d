/* SPDX-License-Identifier: ISC */
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>

bool problem_set(struct problem *problem, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    vsnprintf(problem->text, sizeof(problem->text), format, values);
    va_end(values);
    return false;
}
