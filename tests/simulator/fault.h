/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_FAULT_H
#define SIMULATOR_FAULT_H

#include "problem.h"

#include <stddef.h>

/* What the simulator does wrong on request. README.md explains every kind. */
enum fault_kind {
    /* One SMS is answered differently; the HTTP status stays 200. */
    FAULT_INVALID,
    FAULT_NO_SMS,
    FAULT_NO_PARTNER,
    FAULT_REMARK,
    FAULT_SHORTFALL,
    FAULT_ERROR,
    FAULT_NO_ID,
    /* The whole request is. */
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

/* When a fault is looked for. */
enum fault_stage {
    FAULT_AT_HEADERS, /* only reset-before without number= and customer= */
    FAULT_AT_REQUEST,
    FAULT_AT_SMS
};

/* One SMS that a fault may be meant for. Neither is NULL; whoever made it frees. */
struct fault_subject {
    const char *customer;
    char *number;
};

/* A fault that fired; it outlives its removal from the list. */
struct fault;

enum fault_kind fault_kind(const struct fault *fault);

/* Its name in a SPEC. Borrowed: a literal. */
const char *fault_name(const struct fault *fault);

/* VALUE where it is a number, or the kind's default. */
unsigned long long fault_number(const struct fault *fault);

/* VALUE where it is text, escapes resolved; may hold any byte. Borrowed. */
const char *fault_text(const struct fault *fault, size_t *bytes_out);

/* retry-after=, NULL when there is none. Borrowed. */
const char *fault_retry_after(const struct fault *fault);

/* Whether its list was cleared since it fired. */
bool fault_is_removed(const struct fault *fault);

/* Gives a fault back that fault_list_pick() returned, and sets *fault to NULL. */
void fault_release(struct fault **fault);

/* Faults in the order they were given. Any thread may use it. */
struct fault_list;

/* NULL when there is no memory. The caller frees it with fault_list_free(). */
struct fault_list *fault_list_new(void);

/* Frees *list and sets it to NULL; does nothing when it is NULL already. */
void fault_list_free(struct fault_list **list);

/* Adds one SPEC a line, all of them or none; empty lines are nothing. */
bool fault_list_add(struct fault_list *list, const char *specs,
                    struct problem *problem);

void fault_list_clear(struct fault_list *list);

/* The first fault of this stage that fires for any of the subjects; one without
 * number= and customer= needs none. Counts matches. NULL: none fires. The caller
 * gives it back with fault_release(). */
struct fault *fault_list_pick(struct fault_list *list, enum fault_stage stage,
                              const struct fault_subject *subjects, size_t count);

/* A JSON array that says how often each matched and fired. The caller frees it; NULL
 * when there is no memory. */
char *fault_list_to_json(struct fault_list *list);

#endif
