/* SPDX-License-Identifier: ISC */
/* The part of a mail that its signature covers. Anyone who has the mail can change the
 * rest. So if only the signature proves the sender, the rest must have no effect.
 *
 * These fields are signed by default, as mails of the years up to 2025 show:
 *   Google      From, To, Cc, Subject, Date, Message-ID, MIME-Version, Reply-To,
 *               In-Reply-To, References; Content-Transfer-Encoding of what comes by
 *               SMTP; never Content-Type
 *   Microsoft   From, Date, Subject, Message-ID, Content-Type, MIME-Version; neither To
 *   365         nor Cc, so such a signature alone never proves an SMS (replay.h)
 *   Amazon SES  those that the mail has of From, To, Cc, Subject, Date, Message-ID,
 *               MIME-Version, Content-Type, Content-Transfer-Encoding
 *   OpenDKIM    the fields of RFC 6376 section 5.4.1: From, To, Cc, Subject, Date,
 *               Reply-To, and the List- fields; no MIME fields
 * So a signature of Content-Type cannot be demanded. */
#ifndef SMS_MILTER_ENVELOPE_SIGNED_VIEW_H
#define SMS_MILTER_ENVELOPE_SIGNED_VIEW_H

#include <stdbool.h>

#include "envelope/dkim_signature.h"
#include "text/mime/mail_header.h"

/* The fields on which the text can depend. No other field affects it. */
enum signed_name {
    SIGNED_TYPE,     /* Content-Type */
    SIGNED_ENCODING, /* Content-Transfer-Encoding */
    SIGNED_DISPOSITION,
    SIGNED_VERSION, /* MIME-Version */
    SIGNED_SUBJECT,
    SIGNED_FROM,
    SIGNED_NAMES
};

/* Whether every signature of a domain covers all fields of a name. If the mail has no
 * such field: whether the signatures say that there is none. All false: nothing is
 * covered. */
struct signed_cover {
    bool is_covered[SIGNED_NAMES];
};

/* Finds what the signatures of that domain (A-label form) cover. signatures are all of
 * the header. Only what all of that domain cover counts, because it is not known here
 * which of them was valid. A mail with a signature that cannot be read counts as not
 * proved (replay.h). */
void signed_cover_make(const struct mail_header *header,
                       const struct dkim_signatures *signatures, const char *signer,
                       struct signed_cover *cover_out);

struct signed_view {
    /* The covered fields in all occurrences, in the form of signed_view_relax(). */
    struct mail_header header;
    /* A field on which the text can depend and which is not covered, MIME fields first:
     * a string constant. NULL: all of them are covered. */
    const char *uncovered;
};

/* Makes the view: a header with only the covered fields. Returns false without memory.
 * The caller frees *view_out with signed_view_free(), also after a failure. */
bool signed_view_make(const struct mail_header *header,
                      const struct signed_cover *cover, struct signed_view *view_out);

void signed_view_free(struct signed_view *view);

/* Reduces a text to what every verifier sees in its relaxed form (RFC 6376 section
 * 3.4): each gap (white_space_is_unsigned()) becomes one space, and gaps at both ends
 * are removed. Verifiers agree only on space and tab: rspamd, and Perl, also treat form
 * feed and vertical tab as white space, and a CR alone as a line end. Writes at most as
 * much as it reads, and returns the length. */
size_t signed_view_relax(const char *from, size_t length, char *to);

#endif
