/* SPDX-License-Identifier: ISC */
/* Checks that a mail proved only by its signature says what was signed. */
#ifndef SMS_MILTER_DELIVERY_SIGNED_TEXT_H
#define SMS_MILTER_DELIVERY_SIGNED_TEXT_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "envelope/signed_view.h"
#include "text/mime/message.h"
#include "text/mime/raw_mail.h"

/* Reads the mail a second time without the fields that the signatures do not cover.
 * Content-Type and Content-Transfer-Encoding, if not covered, are replaced by what the
 * body looks like (bare_body.h). White space that a signature ignores is removed;
 * otherwise blanks at the end of a line could end the header of a part, or make lines
 * too long for quoted-printable. Then compares the texts of both readings, apart from
 * white space. Fails if they differ, because somebody else may have caused
 * the difference. *err names one of the fields, for the log; it is ERROR_TEMPORARY
 * without memory. */
bool signed_text_check(const struct raw_mail *mail, const struct message *message,
                       const struct signed_cover *cover,
                       const struct text_options *options, struct error *err);

#endif
