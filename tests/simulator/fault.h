/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_FAULT_H
#define SIMULATOR_FAULT_H

#include "problem.h"

#include <stddef.h>

/* What the simulator does wrong on request. README.md explains each kind. */
enum fault_kind {
    /* These change the answer for one SMS; the HTTP status stays 200. */
    FAULT_INVALID,
    FAULT_NO_SMS,
    FAULT_NO_PARTNER,
    FAULT_REMARK,
    FAULT_SHORTFALL,
    FAULT_ERROR,
    FAULT_NO_ID,
    /* These apply to the whole request. */
    FAULT_HTTP,
    FAULT_RESET_BEFORE,
    FAULT_RESET_AFTER,
    FAULT_CLOSE_AFTER,
    FAULT_HALF,
    FAULT_NOT_JSON,
    FAULT_EMPTY,
    FAULT_HUGE,
    FAULT_SLOW,
    FAULT_NEVER,
    FAULT_HOLD,
    FAULT_FEWER,
    FAULT_REVERSED,
    FAULT_OBJECT
};

/* When faults are looked up. */
enum fault_stage {
    FAULT_AT_HEADERS, /* only reset-before without number= and customer= */
    FAULT_AT_REQUEST,
    FAULT_AT_SMS
};

/* An SMS that a fault may apply to. No member is NULL. Freed by its creator. */
struct fault_subject {
    const char *customer;
    char *number;
};

/* A fault that is being applied. It stays valid after its removal from the list. */
struct fault;

enum fault_kind fault_kind(const struct fault *fault);

/* Its name in a SPEC. Borrowed: a literal. */
const char *fault_name(const struct fault *fault);

/* VALUE as a number, or the default of the kind. */
unsigned long long fault_number(const struct fault *fault);

/* VALUE as text, with escapes decoded; it may contain any byte. Borrowed. */
const char *fault_text(const struct fault *fault, size_t *bytes_out);

/* The value of retry-after=; NULL if there is none. Borrowed. */
const char *fault_retry_after(const struct fault *fault);

/* Whether its list was cleared after it was picked. */
bool fault_is_removed(const struct fault *fault);

/* Gives back a fault from fault_list_pick(), and sets *fault to NULL. */
void fault_release(struct fault **fault);

/* Faults in the order in which they were given. Any thread may use the list. */
struct fault_list;

/* Returns NULL without memory. The caller frees it with fault_list_free(). */
struct fault_list *fault_list_new(void);

/* Frees and clears *list. Does nothing if *list is already NULL. */
void fault_list_free(struct fault_list **list);

/* Adds one SPEC for each line, either all or none. Empty lines are ignored. */
bool fault_list_add(struct fault_list *list, const char *specs,
                    struct problem *problem);

void fault_list_clear(struct fault_list *list);

/* The first fault of this stage that applies to any of the subjects; a fault without
 * number= and customer= needs no subject. Counts matches. NULL: none applies. The
 * caller gives it back with fault_release(). */
struct fault *fault_list_pick(struct fault_list *list, enum fault_stage stage,
                              const struct fault_subject *subjects, size_t count);

/* A JSON array that says how often each fault matched and was applied. The caller frees
 * it; NULL without memory. */
char *fault_list_to_json(struct fault_list *list);

#endif
