/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_VERDICT_H
#define SIMULATOR_VERDICT_H

#include "accounts.h"
#include "api_request.h"
#include "stamp.h"

/* The result for one element of messageData. */
struct verdict {
    bool is_queued;
    bool has_id; /* whether the answer contains the id */
    char *error; /* errorMsg; NULL: null */
    size_t error_bytes;
    const char *warning; /* the only entry of WarningMessages; NULL: none */
    size_t warning_bytes;
    const char *reason;  /* for people: why it was refused; borrowed */
    struct fault *fault; /* the fault that decided; NULL: none */
    char id[STAMP_ID_BYTES];
};

/* The vendor's decision about an element, valid or not. A fault may change the decision
 * about a valid one. is_partner: the request came by PartnerRoute. The caller clears
 * *verdict with verdict_clear(). */
void verdict_reach(struct verdict *verdict, const struct api_request *request,
                   const struct api_sms *sms, const struct accounts *accounts,
                   struct fault_list *faults, bool is_partner);

void verdict_clear(struct verdict *verdict);

/* The vendor's answer object. The caller owns it. */
json_object *verdict_to_json(const struct verdict *verdict, const char *client_ref);

#endif
