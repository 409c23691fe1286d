/* SPDX-License-Identifier: ISC */
/* Places of journals, as the option "journal" says them ("sqlite:/path"): which backend
 * each belongs to, and what can be done with one without a daemon. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_PLACE_H
#define SMS_MILTER_JOURNAL_JOURNAL_PLACE_H

#include <stdbool.h>

#include "base/error.h"
#include "journal/journal_backend.h"
#include "journal/journal_record.h"

/* All backends; the last one is NULL. */
extern const struct journal_backend *const journal_backends[];

/* The backend that the place's scheme names. NULL if there is none: *err says so, and
 * shows what may be written. */
const struct journal_backend *journal_place_backend(const char *place,
                                                    struct error *err);

/* Whether the place has the form that its backend wants, whatever may be there. */
bool journal_place_is_good(const char *place, struct error *err);

/* Whether a daemon could use the journal at this place, as far as can be told without
 * making, locking or changing anything. is_thorough: its content is read as well, which
 * takes some seconds for a million records. *err says what is wrong, and how to repair
 * it. */
bool journal_place_check(const char *place, bool is_thorough, struct error *err);

/* Reads the records that match, in the order of their first tries, while the daemon
 * goes on writing. on_record() returns false to stop, which is no failure. Any process
 * that may read the journal may call it. */
bool journal_place_read(const char *place, const struct journal_filter *filter,
                        bool (*on_record)(const struct journal_record *record,
                                          void *data),
                        void *data, struct error *err);

#endif
