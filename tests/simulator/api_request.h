/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_API_REQUEST_H
#define SIMULATOR_API_REQUEST_H

#include "fault.h"

#include <json-c/json.h>

/* One element of messageData. The strings are borrowed from the request's JSON and
 * NULL where the field is missing or null. */
struct api_sms {
    const char *customer;
    const char *password;
    const char *text;
    const char *sender;
    const char *client_ref;
    const char *callback_url;
    const char *wrong; /* what the vendor would not accept, NULL when nothing is */
    size_t first_recipient;
    size_t recipient_count; /* those that can be reached */
};

/* The body of a POST, read as the vendor's contract says. Credentials are not
 * checked here. */
struct api_request {
    json_object *root;
    const char *partner_key; /* NULL when missing */
    bool has_style_class;
    struct api_sms *sms;
    size_t sms_count;
    /* Every element's recipients one after the other: a number, or for other kinds
     * of recipient the field and its value, as in "ExternalId=17". */
    struct fault_subject *recipients;
    size_t recipient_count;
};

/* False when it is not JSON of the shape wanted; *problem then says why. The caller
 * calls api_request_clear(), also when this fails. */
bool api_request_parse(const char *body, size_t bytes, struct api_request *request_out,
                       struct problem *problem);

void api_request_clear(struct api_request *request);

#endif
