/* SPDX-License-Identifier: ISC */
/* Does a mail that only its signature proves say what was signed? */
#ifndef SMS_MILTER_DELIVERY_SIGNED_TEXT_H
#define SMS_MILTER_DELIVERY_SIGNED_TEXT_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "text/mime/message.h"
#include "text/mime/raw_mail.h"

/* Reads the mail a second time, without the fields that the signatures of that domain
 * do not cover, where Content-Type or Content-Transfer-Encoding is none of them as the
 * body looks (bare_body.h), and without the white space that a signature leaves out:
 * blanks at the end of a line can end the header of a part no more, or make lines too
 * long for quoted-printable. Compares the texts that an SMS would be made of, but for
 * white space. Fails where they differ: somebody else may have written what makes
 * the difference. *err names one of the fields, for the log; it is ERROR_TEMPORARY
 * without memory. */
bool signed_text_check(const struct raw_mail *mail, const struct message *message,
                       const char *signer, const struct text_options *options,
                       struct error *err);

#endif
