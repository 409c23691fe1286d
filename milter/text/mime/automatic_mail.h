/* SPDX-License-Identifier: ISC */
/* The signs in a header that no person wrote this mail: those of RFC 3834, of the list
 * fields (RFC 2369, RFC 2919), and of the mail systems that set fields of their own.
 * The envelope has signs too; they are not looked for here. */
#ifndef SMS_MILTER_TEXT_MIME_AUTOMATIC_MAIL_H
#define SMS_MILTER_TEXT_MIME_AUTOMATIC_MAIL_H

#include <stdbool.h>

/* What is known of a mail after some of its fields; starts as {0}. */
struct automatic_mail {
    const char *sign; /* name of the field that shows it, a string constant; or NULL */
    /* It tells what became of a mail: a bounce or a receipt. An SMS of it would be
     * answered by the next one wherever a mailbox forwards all it gets to the gateway.
     */
    bool is_report;
    bool is_from_daemon, is_failure_notice; /* both together are a bounce of qmail's */
};

/* Looks at one more field of the header, in any order. value is as it stands in the
 * mail, folded and encoded as it may be; no string is kept. Of a mail with many signs
 * the first counts, and one of a report more than any other. */
void automatic_mail_add_field(struct automatic_mail *mail, const char *name,
                              const char *value);

#endif
