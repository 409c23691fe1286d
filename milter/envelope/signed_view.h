/* SPDX-License-Identifier: ISC */
/* What of a mail its signature covers. The rest may be anybody's who has the mail, and
 * must be without effect where only the signature proves the sender.
 *
 * What is signed where nobody asks for more, as mails of the years to 2025 show it:
 *   Google      From, To, Cc, Subject, Date, Message-ID, MIME-Version, Reply-To,
 *               In-Reply-To, References; Content-Transfer-Encoding of what comes by
 *               SMTP; never Content-Type
 *   Microsoft   From, Date, Subject, Message-ID, Content-Type, MIME-Version; neither To
 *   365         nor Cc, so that such a signature alone proves no SMS (replay.h)
 *   Amazon SES  all fields that the mail has of From, To, Cc, Subject, Date,
 *               Message-ID, MIME-Version, Content-Type, Content-Transfer-Encoding
 *   OpenDKIM    what RFC 6376 section 5.4.1 names: From, To, Cc, Subject, Date,
 *               Reply-To, and the List- fields; nothing of MIME
 * So Content-Type cannot be demanded. */
#ifndef SMS_MILTER_ENVELOPE_SIGNED_VIEW_H
#define SMS_MILTER_ENVELOPE_SIGNED_VIEW_H

#include <stdbool.h>

#include "text/mime/mail_header.h"

struct signed_view {
    /* Those fields that the text can depend on, and that every signature of the domain
     * covers, as often as they are there; in the form of signed_view_relax(). */
    struct mail_header header;
    /* Whether these are covered: then header has them, or the mail has none. */
    bool covers_type, covers_encoding; /* Content-Type, Content-Transfer-Encoding */
    /* One of those that the text can depend on and that is not covered, MIME first: a
     * string constant. NULL: all of them are. */
    const char *uncovered;
};

/* Reads it for the signatures of that domain (A-label form), as it is not known here
 * which of them held. False without memory. The caller frees *view_out with
 * signed_view_free(), also after a failure. */
bool signed_view_make(const struct mail_header *header, const char *signer,
                      struct signed_view *view_out);

void signed_view_free(struct signed_view *view);

/* Of a text what every verifier tells from another in its relaxed form (RFC 6376
 * section 3.4): each gap is one space, and none stays at both ends. They do not agree
 * on more than space and tab: to rspamd, and to Perl, form feed and vertical tab are
 * white space, and a CR alone is a line end. Writes no more than it reads; returns the
 * length. */
size_t signed_view_relax(const char *from, size_t length, char *to);

#endif
