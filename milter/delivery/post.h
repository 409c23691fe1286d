/* SPDX-License-Identifier: ISC */
/* The SMS of a mail that are to be sent -> the API, and what it says of each. */
#ifndef SMS_MILTER_DELIVERY_POST_H
#define SMS_MILTER_DELIVERY_POST_H

#include "api/api_client.h"
#include "api/groupcall.h"
#include "delivery/deliver.h"
#include "text/sms/sms_text.h"

/* What is on its way: those of the mail's SMS that are to be sent, under their claims.
 */
struct sending {
    struct delivery *delivery;
    struct journal_sms *sms;                /* one for each recipient of the delivery */
    struct groupcall_recipient *recipients; /* those that are to be sent */
    size_t *places;                         /* of which recipient each of them is */
    struct groupcall_outcome *outcomes;     /* what the API said of each of them */
    size_t count;
};

/* One POST for all of them, and where the key is refused that was replaced in its file,
 * a second one for those that were, all within the time-out of the API. Sets the states
 * of their recipients, the API's ids and its remarks.
 *
 * What is refused because of the key, or perhaps because of it (account_state.h), is
 * deferred, and one warning of the customer names what is to be put right. */
void post_sms(struct api_client *client, struct sending *sending,
              const struct sms_text *sms);

#endif
