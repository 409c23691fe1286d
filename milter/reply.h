/* SPDX-License-Identifier: ISC */
/* The replies that an SMTP client gets when a recipient or a mail is refused or
 * deferred. Each function hands the reply to libmilter and returns what its callback is
 * to return: SMFIS_REJECT or SMFIS_TEMPFAIL. */
#ifndef SMS_MILTER_REPLY_H
#define SMS_MILTER_REPLY_H

#include <libmilter/mfapi.h>

#include "base/error.h"
#include "session.h"

/* The reply for one reason: its code, its status and its text. */
sfsistat reply_for(SMFICTX *ctx, const struct error *err);

/* The reply for a mail that is refused for different reasons. It names each number and
 * its reason. A reply has one code and one status: those of the first number. */
sfsistat reply_for_recipients(SMFICTX *ctx, const struct transaction *mail);

/* Defers because there is no memory, and logs that. */
sfsistat reply_no_memory(SMFICTX *ctx);

/* Defers because the daemon is being stopped. */
sfsistat reply_stopping(SMFICTX *ctx);

#endif
