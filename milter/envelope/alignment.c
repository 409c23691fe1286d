/* SPDX-License-Identifier: ISC */
#include "envelope/alignment.h"

#include <libpsl.h>
#include <pthread.h>
#include <string.h>

static const psl_ctx_t *suffixes;

/* Reads the public suffix list once. It is never freed. */
static void read_suffixes(void)
{
    suffixes = psl_latest(NULL);
    if (!suffixes)
        suffixes = psl_builtin();
}

bool alignment_holds(enum alignment alignment, const char *one, const char *other)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    const char *organisation, *other_organisation;

    if (strcmp(one, other) == 0)
        return true;
    if (alignment == ALIGNMENT_STRICT)
        return false;
    pthread_once(&once, read_suffixes);
    if (!suffixes)
        return false;
    organisation = psl_registrable_domain(suffixes, one);
    other_organisation = psl_registrable_domain(suffixes, other);
    return organisation && other_organisation &&
           strcmp(organisation, other_organisation) == 0;
}
