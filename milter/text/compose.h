/* SPDX-License-Identifier: ISC */
/* Subject, body and sender of a mail -> the words of the SMS. */
#ifndef SMS_MILTER_TEXT_COMPOSE_H
#define SMS_MILTER_TEXT_COMPOSE_H

#include "base/template.h"
#include "text/message.h"

/* Fills the template with the fields of the mail, each without control characters and
 * needless white space; a subject that the body begins with is not said twice. Returns
 * valid UTF-8 that the caller frees, "" if the mail says nothing in subject and body;
 * NULL without memory. */
char *compose_text(const struct message *message, const struct template *template);

#endif
