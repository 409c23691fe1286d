/* SPDX-License-Identifier: ISC */
/* Describes what would happen to a mail, and shows it. */
#ifndef SMS_MILTER_CTL_PREVIEW_H
#define SMS_MILTER_CTL_PREVIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "text/cuts.h"
#include "text/sms/sms_text.h"

/* A recipient that would be refused at RCPT. */
struct preview_refusal {
    const char *recipient; /* borrowed */
    struct error error;
};

struct preview {
    const char *sender;   /* borrowed; "" if not known */
    const char *customer; /* borrowed; NULL: no customer */
    const char **numbers; /* E.164, borrowed */
    size_t number_count;
    struct preview_refusal *refusals;
    size_t refusal_count;
    const char **ordinary; /* borrowed; recipients that are no SMS addresses */
    size_t ordinary_count;
    struct sms_text *sms; /* NULL: there is no SMS */
    struct cuts cuts;
    bool is_accepted;
    const char *acceptance; /* if accepted, what that means */
    struct error error;     /* if not accepted, why */
};

/* Each function prints to standard output. Returns false on failure. */
bool preview_show_json(const struct preview *preview);
bool preview_show_bubble(const struct preview *preview);
bool preview_show_text(const struct preview *preview);

#endif
