/* SPDX-License-Identifier: ISC */
/* What would become of a mail, and showing it. */
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
    const char *sender;   /* borrowed; "" if it is not known */
    const char *customer; /* borrowed; NULL: no customer's */
    const char **numbers; /* E.164, borrowed */
    size_t number_count;
    struct preview_refusal *refusals;
    size_t refusal_count;
    const char **ordinary; /* recipients that are no SMS addresses, borrowed */
    size_t ordinary_count;
    struct sms_text *sms; /* NULL: there is none */
    struct cuts cuts;
    bool is_accepted;
    const char *acceptance; /* what it means, where it is accepted */
    struct error error;     /* why not, where it is not */
};

/* Each prints to standard output; false if that fails. */
bool preview_show_json(const struct preview *preview);
bool preview_show_bubble(const struct preview *preview);
bool preview_show_text(const struct preview *preview);

#endif
