/* SPDX-License-Identifier: ISC */
/* The meaning of each word that is the value of an option of sms-milter.conf(5).
 * config_value.c has the words. */
#ifndef SMS_MILTER_CONFIG_CHOICES_H
#define SMS_MILTER_CONFIG_CHOICES_H

/* The methods of sender-auth, one bit each: how a sender proves who it is. */
enum sender_auth_method {
    SENDER_AUTH_NONE = 1 << 0, /* no proof: anyone can spend the customer's money */
    SENDER_AUTH_SASL = 1 << 1,
    SENDER_AUTH_NETWORK = 1 << 2,
    SENDER_AUTH_TLS = 1 << 3,
    SENDER_AUTH_SPF = 1 << 4,
    SENDER_AUTH_DKIM = 1 << 5,
    SENDER_AUTH_DMARC = 1 << 6,
};

/* Whether two domains must be equal, or only belong to the same organisation. */
enum alignment { ALIGNMENT_RELAXED, ALIGNMENT_STRICT };

/* What happens to an SMS that arrives outside the customer's hours. */
enum outside_hours { OUTSIDE_HOURS_DEFER, OUTSIDE_HOURS_REFUSE };

/* What happens to a mail that a program wrote. */
enum auto_replies { AUTO_REPLIES_REFUSE, AUTO_REPLIES_DISCARD, AUTO_REPLIES_SEND };

/* What a retry does if it is not known whether the SMS was sent. */
enum on_unknown {
    ON_UNKNOWN_RESEND, /* sends it: it may arrive twice */
    ON_UNKNOWN_REFUSE  /* refuses it: it may never have arrived */
};

/* What happens to a mail that has no recipients left, because all were SMS
 * recipients. */
enum after_sending {
    AFTER_SENDING_DISCARD, /* the mail server discards it at once */
    AFTER_SENDING_ACCEPT   /* the mail server goes on with it as with any other mail */
};

/* What happens to a text that needs more than max-parts parts. */
enum overlong { OVERLONG_TRUNCATE, OVERLONG_REJECT };

/* The alphabet of an SMS. */
enum encoding {
    ENCODING_AUTO,   /* the GSM alphabet if the meaning is kept, otherwise UCS-2 */
    ENCODING_GSM7,   /* always the GSM alphabet */
    ENCODING_UNICODE /* every character as it was written */
};

/* What is sent of a link in HTML. */
enum links {
    LINKS_TEXT, /* the text of an HTML link */
    LINKS_URL,  /* the URL of the link */
    LINKS_BOTH  /* "text (URL)" if the text does not show the URL */
};

#endif
