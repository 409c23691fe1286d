/* SPDX-License-Identifier: ISC */
/* Identifies a mail: the key is the same in every try, so that a retry is not mistaken
 * for a new mail.
 *
 * THE RULE. The identity of a mail must not depend on anything that a mail server may
 * change between two tries, nor, if a signature proves the sender, on anything that
 * somebody else may change. These parts count besides the customer, for each kind of
 * mail (mail_identity.h):
 *
 * MESSAGE_ID   MAIL FROM, Message-ID, Subject, what the mail says.
 *   The sender's system gave the mail its own Message-ID. That is one of the form
 *   <left@right> (RFC 5322 section 3.6.4) with text on both sides, that does not
 *   contain the queue id of this try (our own mail server made such an id, and makes
 *   another one for the next try) and does not match reused-message-ids. Subject and
 *   text count too, because some devices give every mail the same Message-ID, and
 *   their next alarm must not be lost.
 *
 * CONTENT      MAIL FROM, From, Date, Subject, what the mail says.
 *   The mail has no Message-ID of its own. Date does not count if our mail server
 *   added it: it is then below the Message-ID that our server added. Two such mails
 *   may be equal and both intended. So one counts as a retry of the other only if the
 *   other was deferred, and only within retry-window.
 *
 * SIGNATURE    From, Date, Subject, the body.
 *   The mail has a signature of the customer's domain, and the customer accepts mail
 *   that a signature alone proves. Anyone who has the mail can send it again. So
 *   exactly those parts count that such a signature must cover (replay.h). They are
 *   compared octet by octet, except for gaps: DKIM's relaxed form (RFC 6376 section
 *   3.4) ignores some white space, and verifiers ignore more. So each run of white
 *   space, line ends and control characters is one space, and those at both ends do
 *   not count.
 *
 * "What the mail says" is the text of all its parts, before any option applies
 * (message_said_read()). Neither the template nor another option of "text"
 * counts, so after a reload it is still the same mail. Attachments that are not text do
 * not count: they are not in the SMS, and a virus scanner may remove one between two
 * tries. One alarm with two different pictures differs in Message-ID or Date.
 *
 * WHAT A MAIL SERVER MAY CHANGE in a mail of the first two kinds without making it
 * another mail: transfer encoding and charset of the parts, their boundaries, fields
 * and order of fields; line ends, white space at the end of lines, the length of lines;
 * folding and encoding of Subject and From; all fields that are not named above
 * (Received, Authentication-Results, X-...), their number and length; case in
 * addresses; the BATV tag in MAIL FROM ("prvs=...", "btv1=="), which contains the day.
 * SRS and VERP addresses are compared as they are, because a server that writes such an
 * address writes it once for all tries. Any amount of white space counts as one space.
 *
 * WHAT SOMEBODY ELSE MAY CHANGE in a signed mail without making it another mail: MAIL
 * FROM, Message-ID, Content-Type and other MIME fields, any other field, their number
 * and length, and white space. (A signature may cover Message-ID, but it is not known
 * here which signature is valid, and anyone can add one that covers less.) A mail whose
 * signed octets were not all read is never proved by a signature alone, so cutting it
 * cannot make another mail.
 *
 * If a customer accepts signed mail, the SIGNATURE form is also remembered for mails of
 * the other kinds (signed_digest). So a mail that came unsigned, by login, is the same
 * mail when it comes back with a signature.
 *
 * All this goes into a digest, together with a word that distinguishes the kinds.
 * Version 0.1.0 computed other digests. */
#ifndef SMS_MILTER_DELIVERY_MAIL_KEY_H
#define SMS_MILTER_DELIVERY_MAIL_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "config/config.h"
#include "journal/mail_identity.h"
#include "text/mime/message.h"
#include "text/mime/raw_mail.h"

/* Enough of a Message-ID to find the mail. RFC 5322 allows 998 octets in a line; 50 to
 * 100 are usual. A longer id is cut, because this text is only shown. */
enum { MAIL_KEY_ID_SIZE = 256 };

struct mail_key {
    struct digest digest;
    /* the key that the mail would have if it came back signed */
    struct digest signed_digest;
    bool has_signed_digest;
    enum mail_identity identity;
    char message_id[MAIL_KEY_ID_SIZE]; /* printable; "" if only the mail server gave it
                                          one */
};

/* Patterns of Message-IDs that do not belong to one mail only. */
struct reused_ids {
    const struct string_list *of_all, *of_customer; /* NULL: none */
};

/* The mail for which a key is made. Borrowed. */
struct mail_key_question {
    const struct raw_mail *mail;
    const struct message *message; /* the content that was read from it */
    const char *customer, *sender, *queue_id;
    struct reused_ids reused_ids;
    bool is_signed, may_come_signed; /* see struct sender_proof */
};

/* Returns false without memory. */
bool mail_key_make(const struct mail_key_question *question, struct mail_key *key_out);

/* The Message-ID of a mail that gets no key, in the form of struct mail_key. */
void mail_key_read_id(const struct mail_header *header, const char *queue_id,
                      char id_out[MAIL_KEY_ID_SIZE]);

/* The key of one SMS of the mail. number is E.164. */
void mail_key_of_sms(const struct digest *mail, const char *number,
                     struct digest *sms_key_out);

#endif
