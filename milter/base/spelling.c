/* SPDX-License-Identifier: ISC */
#include "base/spelling.h"

#include <string.h>

enum { MAX_LENGTH = 32, MAX_SLIPS = 2 };

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The Damerau-Levenshtein distance, in the variant that changes no part twice. */
static unsigned count_slips(const char *one, const char *other)
{
    unsigned slips[MAX_LENGTH + 1][MAX_LENGTH + 1];
    size_t rows = strlen(one), columns = strlen(other);

    if (rows > MAX_LENGTH || columns > MAX_LENGTH)
        return MAX_LENGTH;
    for (unsigned i = 0; i <= rows; i++)
        for (unsigned k = 0; k <= columns; k++) {
            if (i == 0 || k == 0) {
                slips[i][k] = i + k;
                continue;
            }
            slips[i][k] = least(least(slips[i - 1][k], slips[i][k - 1]) + 1,
                                slips[i - 1][k - 1] + (one[i - 1] != other[k - 1]));
            if (i > 1 && k > 1 && one[i - 1] == other[k - 2] &&
                one[i - 2] == other[k - 1])
                slips[i][k] = least(slips[i][k], slips[i - 2][k - 2] + 1);
        }
    return slips[rows][columns];
}

static unsigned slips_allowed(const char *word)
{
    return least((unsigned)strlen(word) / 3, MAX_SLIPS);
}

bool spelling_is_close(const char *one, const char *other)
{
    return *one && *other &&
           count_slips(one, other) <= least(slips_allowed(one), slips_allowed(other));
}

const char *spelling_find(const char *word, const char *const *names, size_t count)
{
    const char *found = NULL;

    for (size_t i = 0; i < count; i++)
        if (spelling_is_close(word, names[i]) &&
            (!found || count_slips(word, names[i]) < count_slips(word, found)))
            found = names[i];
    return found;
}
