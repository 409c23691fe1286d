/* SPDX-License-Identifier: ISC */
#include "journal/journal_place.h"

#include <stdio.h>
#include <string.h>

#include "journal/journal_sqlite.h"

const struct journal_backend *const journal_backends[] = {
    &journal_sqlite,
    NULL,
};

/* What follows "SCHEME:"; NULL if the place has another scheme. */
static const char *rest_of(const char *place, const struct journal_backend *backend)
{
    size_t length = strlen(backend->scheme);

    return strncmp(place, backend->scheme, length) == 0 && place[length] == ':'
               ? place + length + 1
               : NULL;
}

/* An example of each backend: "a", or "a" or "b". */
static bool fail_form(const char *place, struct error *err)
{
    char examples[ERROR_TEXT_SIZE / 2] = "";

    for (const struct journal_backend *const *next = journal_backends; *next; next++) {
        size_t used = strlen(examples);

        snprintf(examples + used, sizeof examples - used, "%s\"%s\"",
                 used > 0 ? " or " : "", (*next)->example);
    }
    return error_set(err, ERROR_REFUSED, NULL, "\"%s\" is not a place such as %s",
                     place, examples);
}

const struct journal_backend *journal_place_backend(const char *place,
                                                    struct error *err)
{
    for (const struct journal_backend *const *next = journal_backends; *next; next++)
        if (rest_of(place, *next))
            return *next;
    fail_form(place, err);
    return NULL;
}

bool journal_place_is_good(const char *place, struct error *err)
{
    const struct journal_backend *backend = journal_place_backend(place, err);

    return backend &&
           (backend->is_place(rest_of(place, backend)) || fail_form(place, err));
}

bool journal_place_check(const char *place, bool is_thorough, struct error *err)
{
    const struct journal_backend *backend = journal_place_backend(place, err);

    return backend && backend->check(place, is_thorough, err);
}

bool journal_place_read(const char *place, const struct journal_filter *filter,
                        bool (*on_record)(const struct journal_record *record,
                                          void *data),
                        void *data, struct error *err)
{
    const struct journal_backend *backend = journal_place_backend(place, err);

    return backend && backend->read(place, filter, on_record, data, err);
}
