/* SPDX-License-Identifier: ISC */
/* Sends the SMS of a mail to the API, and records what the API says about each. */
#ifndef SMS_MILTER_DELIVERY_POST_H
#define SMS_MILTER_DELIVERY_POST_H

#include "api/api_client.h"
#include "api/groupcall.h"
#include "delivery/delivery.h"
#include "text/sms/sms_text.h"

/* The SMS of the mail that are being sent. The journal holds a claim for each. */
struct sending {
    struct delivery *delivery;
    struct journal_sms *sms;                /* one for each recipient of the delivery */
    struct groupcall_recipient *recipients; /* the SMS that are to be sent */
    size_t *places; /* for each of them, the index of its recipient */
    struct groupcall_outcome *outcomes; /* for each of them, what the API said */
    size_t count;
};

/* Sends all of them in one POST. If the key is refused and its file now contains
 * another key, sends those that were refused in a second POST. Both end within the
 * timeout of the API. Sets the state of the recipients, the API's ids, and its
 * warnings.
 *
 * An SMS that is refused, or may be refused, because of the key (account_state.h) is
 * deferred. One warning for the customer says what must be corrected. */
void post_sms(struct api_client *client, struct sending *sending,
              const struct sms_text *sms);

#endif
