/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_API_REQUEST_H
#define SIMULATOR_API_REQUEST_H

#include "fault.h"

#include <json-c/json.h>

/* One element of messageData. The strings are borrowed from the request's JSON; they
 * are NULL if the field is missing or null. */
struct api_sms {
    const char *customer;
    const char *password;
    const char *text;
    const char *sender;
    const char *client_ref;
    const char *callback_url;
    const char *wrong; /* what the vendor would refuse; NULL if nothing */
    size_t first_recipient;
    size_t recipient_count; /* those that can be reached */
};

/* The body of a POST, read according to the vendor's contract. Credentials are not
 * checked here. */
struct api_request {
    json_object *root;
    const char *partner_key; /* NULL if missing */
    bool has_style_class;
    struct api_sms *sms;
    size_t sms_count;
    /* The recipients of all elements, one after the other: each is a number or, for
     * other kinds of recipient, the field and its value, such as "ExternalId=17". */
    struct fault_subject *recipients;
    size_t recipient_count;
};

/* Returns false if the body is not JSON of the right structure; *problem then says why.
 * The caller calls api_request_clear(), also after a failure. */
bool api_request_parse(const char *body, size_t bytes, struct api_request *request_out,
                       struct problem *problem);

void api_request_clear(struct api_request *request);

#endif
