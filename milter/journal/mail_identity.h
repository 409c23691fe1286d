/* SPDX-License-Identifier: ISC */
/* By what a retry or a copy of a mail is recognised. */
#ifndef SMS_MILTER_JOURNAL_MAIL_IDENTITY_H
#define SMS_MILTER_JOURNAL_MAIL_IDENTITY_H

enum mail_identity {
    MAIL_IDENTITY_MESSAGE_ID, /* the sender's system gave it a Message-ID of its own */
    MAIL_IDENTITY_CONTENT,    /* only its content identifies it; a device that sends the
                               * same content twice may well want two SMS */
    MAIL_IDENTITY_SIGNATURE /* what its DKIM signature covers identifies it; anybody may
                             * have changed the rest */
};

#endif
