/* SPDX-License-Identifier: ISC */
/* What happens at the end of a message: may it be sent, what does the SMS say, send it,
 * and what is its sender told. This folder contains the steps from a complete mail to
 * its outcome. */
#ifndef SMS_MILTER_DELIVERY_DELIVER_H
#define SMS_MILTER_DELIVERY_DELIVER_H

#include "base/error.h"
#include "delivery/delivery.h"

/* Sends those SMS of a mail that no earlier try has sent, waits for the outcome, and
 * logs it in one line. Sets the state of each recipient. For VERDICT_REJECT and
 * VERDICT_DEFER *reason_out is the error for the whole mail; its text is "" if the
 * recipients have their own reasons. */
enum verdict deliver_mail(const struct delivery_services *services,
                          struct delivery *delivery, struct error *reason_out);

#endif
