/* SPDX-License-Identifier: ISC */
/* Which mail this is, the same at every try of it, so that a retry is known from a new
 * mail.
 *
 * THE RULE. What identifies a mail must not depend on anything that a mail server may
 * change between two tries, or that somebody else may change in a mail that proves its
 * sender by a signature. What counts besides the customer, for each kind of mail
 * (mail_identity.h):
 *
 * MESSAGE_ID   MAIL FROM, Message-ID, Subject, what the mail says.
 *   The sender's system gave it a Message-ID of its own: of the form <left@right> (RFC
 *   5322 section 3.6.4) with something on both sides, without the queue id of this try
 *   (our own mail server made such a one, and makes another for the next try), and none
 *   of reused-message-ids. Subject and text count too, as there are devices that give
 *   each mail the same Message-ID, and their next alarm must not be lost.
 *
 * CONTENT      MAIL FROM, From, Date, Subject, what the mail says.
 *   There is no Message-ID of its own. Date does not count where our mail server made
 *   it: it then stands below the Message-ID that it made. Two mails may be the same and
 *   both meant: one counts as the retry of another only where that one was deferred,
 *   and within retry-window.
 *
 * SIGNATURE    From, Date, Subject, the body.
 *   It has a signature of the customer's domain, and the customer takes mail that a
 *   signature alone proves: whoever has the mail may send it again. Exactly what such a
 *   signature must cover counts (replay.h), and nothing else; octet by octet, but for
 *   gaps: DKIM's relaxed form (RFC 6376 section 3.4) leaves out some white space, and
 *   verifiers leave out more. So any run of white space, line ends and control
 *   characters is one space, and does not count at both ends.
 *
 * "What the mail says" is the text of all its parts, before any option applies
 * (message_parts_read_said()). Neither the template nor any other option of "text"
 * counts: after a reload it is still the same mail. Attachments that are no text do not
 * count: they are not in the SMS, a virus scanner may take one away between two tries,
 * and one alarm with two pictures is told apart by Message-ID or Date.
 *
 * WHAT A MAIL SERVER MAY CHANGE in a mail of the first two kinds, and it stays the same
 * mail: transfer encoding and charset of the parts, their boundaries, fields and order
 * of fields; line ends, white space at the end of lines, the length of lines; folding
 * and encoding of Subject and From; all fields that are not named above (Received,
 * Authentication-Results, X-...), their number and length; case in addresses; the tag
 * of BATV in MAIL FROM ("prvs=...", "btv1=="), which has the day in it. SRS and VERP
 * are left as they are: who writes such an address writes it once for all tries.
 * White space counts as one space, however much of it there is.
 *
 * WHAT SOMEBODY ELSE MAY CHANGE in a signed mail, and it stays that mail: MAIL FROM,
 * Message-ID (a signature may cover it, but it is not known here which signature holds,
 * and anybody can add one that covers less), Content-Type and the rest of MIME, any
 * other field, their number and length, and white space. A mail of which not all signed
 * octets were read is never proved by a signature alone, so that no cut can make
 * another mail of it.
 *
 * A customer who takes signed mail also has the SIGNATURE form of each mail of the
 * other kinds remembered (signed_digest): one that came by login, unsigned, is the same
 * mail when it comes back with a signature.
 *
 * All of that is a digest, with a word that tells the kinds apart; 0.1.0's digests were
 * others. */
#ifndef SMS_MILTER_DELIVERY_MAIL_KEY_H
#define SMS_MILTER_DELIVERY_MAIL_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "config/config.h"
#include "journal/mail_identity.h"
#include "text/mime/message.h"
#include "text/mime/raw_mail.h"

/* Enough of a Message-ID to find the mail by. RFC 5322 lets a line have 998 octets, and
 * people use 50 to 100; a longer one is cut, as this is only shown. */
enum { MAIL_KEY_ID_SIZE = 256 };

struct mail_key {
    struct digest digest;
    /* What it would be known by if it came back signed. */
    struct digest signed_digest;
    bool has_signed_digest;
    enum mail_identity identity;
    char message_id[MAIL_KEY_ID_SIZE]; /* printable; "" if only the mail server gave it
                                          one */
};

/* Patterns of Message-IDs that are not one mail's alone. */
struct reused_ids {
    const struct string_list *of_all, *of_customer; /* NULL: none */
};

/* What a key is made for. Borrowed. */
struct mail_key_question {
    const struct raw_mail *mail;
    const struct message *message; /* what was read of it */
    const char *customer, *sender, *queue_id;
    struct reused_ids reused_ids;
    bool is_signed, may_come_signed; /* see struct sender_proof */
};

/* False without memory. */
bool mail_key_make(const struct mail_key_question *question, struct mail_key *key_out);

/* The Message-ID of a mail that gets no key, as struct mail_key has it. */
void mail_key_read_id(const struct mail_header *header, const char *queue_id,
                      char id_out[MAIL_KEY_ID_SIZE]);

/* The key of one SMS of that mail; number is E.164. */
void mail_key_of_sms(const struct digest *mail, const char *number,
                     struct digest *sms_key_out);

#endif
