/* SPDX-License-Identifier: ISC */
/* Protects against replays. A DKIM signature does not cover the envelope: anyone who
 * has one mail of a customer, such as a parent or a mailing list, can send it again to
 * any number, as often as they like. So the signed part must say to whom the mail goes,
 * and when it was written. */
#ifndef SMS_MILTER_ENVELOPE_REPLAY_H
#define SMS_MILTER_ENVELOPE_REPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "config/config.h"
#include "envelope/sender_header.h"

/* The SMS to be sent. Borrowed. */
struct replay_question {
    const struct config *config;
    const struct customer *customer;
    const char *const *numbers; /* E.164 */
    size_t number_count;
    int64_t now_s;
};

/* Whether the mail was signed for these numbers, and not longer ago than the customer's
 * replay-window. This needs a signature of the signer's domain (A-label form) that
 * covers From, Date, Subject and the whole body. Each number must be in a To or Cc that
 * it covers. A field that is present twice counts as not covered. All this must hold
 * for every signature of the domain, because it is not known here which of them was
 * valid. If not, *err says why, for the log; it is ERROR_TEMPORARY without memory. */
bool replay_is_ruled_out(const struct replay_question *question,
                         const struct sender_header *header, const char *signer,
                         struct error *err);

#endif
