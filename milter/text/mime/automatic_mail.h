/* SPDX-License-Identifier: ISC */
/* Recognises mail that no person wrote by its header: by the signs of RFC 3834, the
 * list fields (RFC 2369, RFC 2919), and the fields of certain mail systems. Signs in
 * the envelope are not checked here. */
#ifndef SMS_MILTER_TEXT_MIME_AUTOMATIC_MAIL_H
#define SMS_MILTER_TEXT_MIME_AUTOMATIC_MAIL_H

#include <stdbool.h>

/* What is known about a mail after some of its fields. Initialise it with {0}. */
struct automatic_mail {
    const char *sign; /* name of the field that shows it, a string constant; or NULL */
    /* The mail reports what happened to another mail: a bounce or a receipt. If a
     * mailbox forwards all its mail to the gateway, an SMS about it would cause the
     * next report. */
    bool is_report;
    bool is_from_daemon, is_failure_notice; /* both together mean a bounce of qmail */
};

/* Examines one more field of the header; the order does not matter. value is as in the
 * mail, possibly folded and encoded. No string is kept. If a mail has several signs the
 * first one counts, but the sign of a report comes before all others. */
void automatic_mail_add_field(struct automatic_mail *mail, const char *name,
                              const char *value);

#endif
