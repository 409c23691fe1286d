/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_VERDICT_H
#define SIMULATOR_VERDICT_H

#include "accounts.h"
#include "api_request.h"
#include "stamp.h"

/* What becomes of one element of messageData. */
struct verdict {
    bool is_queued;
    bool has_id; /* whether the answer tells the id */
    char *error; /* errorMsg; NULL: null */
    size_t error_bytes;
    const char *warning; /* the one entry of WarningMessages; NULL: none */
    size_t warning_bytes;
    const char
        *reason; /* for people: why it was refused. Borrowed, from the fault too */
    struct fault *fault; /* that decided it; NULL: none */
    char id[STAMP_ID_BYTES];
};

/* The vendor's decision on a well-formed or malformed element: what it is told by
 * fault, where the element is in order. is_partner: it came by PartnerRoute. The
 * caller clears it with verdict_clear(). */
void verdict_reach(struct verdict *verdict, const struct api_request *request,
                   const struct api_sms *sms, const struct accounts *accounts,
                   struct fault_list *faults, bool is_partner);

void verdict_clear(struct verdict *verdict);

/* The vendor's answer object. The caller owns it. */
json_object *verdict_to_json(const struct verdict *verdict, const char *client_ref);

#endif
