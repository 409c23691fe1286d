/* SPDX-License-Identifier: ISC */
/* The number that somebody asks about. */
#ifndef SMS_MILTER_CTL_RECIPIENT_H
#define SMS_MILTER_CTL_RECIPIENT_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "envelope/number.h"

/* Reads a number as an SMS address or its local part alone spells it. The domain does
 * not count. The quotes that a local part with spaces or brackets has in SMTP may be
 * missing: people leave them out, and pipe(8) of Postfix takes them away. A national
 * number is of the country of the customer of this name, or where the name is NULL or
 * nobody's of that of all. */
bool recipient_parse(const struct config *config, const char *customer,
                     const char *recipient, struct phone_number *number_out,
                     struct error *err);

#endif
