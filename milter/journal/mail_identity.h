/* SPDX-License-Identifier: ISC */
/* By what a mail is known again when it is tried again, or copied. */
#ifndef SMS_MILTER_JOURNAL_MAIL_IDENTITY_H
#define SMS_MILTER_JOURNAL_MAIL_IDENTITY_H

enum mail_identity {
    MAIL_IDENTITY_MESSAGE_ID, /* the sender's system gave it a Message-ID of its own */
    MAIL_IDENTITY_CONTENT,    /* only what it says identifies it, and a device that says
                               * the same twice may well mean it */
    MAIL_IDENTITY_SIGNATURE   /* what a DKIM signature covers; the rest of it may be
                               * anybody's */
};

#endif
