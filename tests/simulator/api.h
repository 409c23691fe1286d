/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_API_H
#define SIMULATOR_API_H

#include "simulator.h"

/* A request to the vendor's API, body and all. No I/O in here. */
struct api_call {
    const char *method;
    const char *path;
    const char *content_type; /* NULL: none given */
    json_object *headers;
    const char *body;
    size_t body_bytes;
    bool is_too_large; /* the body is then not all here */
    unsigned long long connection;
};

/* What to answer. The caller clears it with api_reply_clear(). */
struct api_reply {
    unsigned status;
    char *body; /* JSON */
    size_t bytes;
    struct fault *fault; /* of the whole request, NULL: none; sending obeys it */
};

/* Whether a path is the API's business, right or wrong. */
bool api_owns_path(const char *path);

/* The largest body that is read, in bytes. */
enum { API_MAX_BODY_BYTES = 4 << 20 };

/* Decides, and files the SMS, the refusals and the request in the inbox. */
void api_handle(struct simulator *simulator, const struct api_call *call,
                struct api_reply *reply_out);

/* Files a request that is reset before its body is read. */
void api_handle_unread(struct simulator *simulator, const struct api_call *call,
                       struct fault *fault);

void api_reply_clear(struct api_reply *reply);

#endif
