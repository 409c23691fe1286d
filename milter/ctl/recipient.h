/* SPDX-License-Identifier: ISC */
/* Reads the number that somebody asks about. */
#ifndef SMS_MILTER_CTL_RECIPIENT_H
#define SMS_MILTER_CTL_RECIPIENT_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "envelope/number.h"

/* Reads a number written as an SMS address, or as only its local part. The domain does
 * not count. Quotes around a local part with spaces or brackets, which SMTP needs, may
 * be missing: people omit them, and pipe(8) of Postfix removes them. A national number
 * belongs to the country of the customer with this name, or to the global default
 * country if the name is NULL or no customer's. */
bool recipient_parse(const struct config *config, const char *customer,
                     const char *recipient, struct phone_number *number_out,
                     struct error *err);

#endif
