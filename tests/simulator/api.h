/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_API_H
#define SIMULATOR_API_H

#include "simulator.h"

/* A complete request to the vendor's API. This module does no I/O. */
struct api_call {
    const char *method;
    const char *path;
    const char *content_type; /* NULL: none given */
    json_object *headers;
    const char *body;
    size_t body_bytes;
    bool is_too_large; /* the body is then incomplete */
    unsigned long long connection;
};

/* The answer. The caller clears it with api_reply_clear(). */
struct api_reply {
    unsigned status;
    char *body; /* JSON */
    size_t bytes;
    struct fault *fault; /* of the whole request; NULL: none. The sender applies it */
};

/* Whether the API is responsible for a path, valid or not. */
bool api_owns_path(const char *path);

/* The largest body that is read, in bytes. */
enum { API_MAX_BODY_BYTES = 4 << 20 };

/* Decides about the call, and records the SMS, the refusals and the request in the
 * inbox. */
void api_handle(struct simulator *simulator, const struct api_call *call,
                struct api_reply *reply_out);

/* Records a request whose connection is reset before its body is read. */
void api_handle_unread(struct simulator *simulator, const struct api_call *call,
                       struct fault *fault);

void api_reply_clear(struct api_reply *reply);

#endif
