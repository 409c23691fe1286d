/* SPDX-License-Identifier: ISC */
/* A DKIM signature does not cover the envelope: who has one mail of a customer's, a
 * parent or a mailing list, can send it to any number, as often as he likes. So what is
 * signed must say to whom it goes and when. */
#ifndef SMS_MILTER_ENVELOPE_REPLAY_H
#define SMS_MILTER_ENVELOPE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "envelope/sender_header.h"

/* What is to be sent. Borrowed. */
struct replay_question {
    const struct config *config;
    const struct customer *customer;
    const char *const *numbers; /* E.164 */
    size_t number_count;
    int64_t now_s;
};

/* Whether the mail was signed for these numbers, and not longer ago than the customer's
 * replay-window. There is a signature of the signer's domain (A-label form); it
 * covers From, Date, Subject and the whole body; and each number
 * stands in a To or Cc that it covers. A field that is there twice is covered by none.
 * All of that of every such signature, as it is not known here which of them held.
 * *err says why not, for the log; it is ERROR_TEMPORARY without memory. */
bool replay_is_ruled_out(const struct replay_question *question,
                         const struct sender_header *header, const char *signer,
                         struct error *err);

#endif
