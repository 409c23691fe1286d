/* SPDX-License-Identifier: ISC */
/* The journal. A session claims an SMS before it sends it, and writes what became of it
 * before the mail server gets an answer. So a retry of a mail sends only what is
 * missing.
 *
 * One thread writes: it commits the claims and outcomes of all sessions that wait at a
 * moment together. Any thread may call the functions below. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_H
#define SMS_MILTER_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/journal_mail.h"

struct journal;

/* Opens the journal at a place such as "sqlite:/path" (journal_place.h), and makes it
 * if there is none. If it cannot be used now, that is no failure: it is tried again,
 * and claims fail until it works. The caller frees *journal_out with journal_free().
 * Fails only if there is no memory or no thread. */
bool journal_new(const char *place, unsigned retention_days,
                 struct journal **journal_out, struct error *err);

/* Waits at most wait_ms for the first try to open the journal. Returns false if it
 * cannot be used now; *err says why. */
bool journal_wait_ready(struct journal *journal, unsigned wait_ms, struct error *err);

/* The place it was opened at. Borrowed until journal_free(). */
const char *journal_place(const struct journal *journal);

/* Sets how long records are kept, and begins to delete older ones at once. */
void journal_set_retention(struct journal *journal, unsigned retention_days);

/* Claims all SMS of a mail, or none. Sets for each SMS what is to be done with it, and
 * charges those that are to be sent to the limits of the mail, unless an earlier try
 * was charged for them. An SMS that exceeds a limit is not sent.
 *
 * Waits up to wait_s while another session has one of these SMS in hand (see
 * journal_hands.h), and never longer than the mail's deadline. Returns when the state
 * "sending" is on the disk for those that are to be sent; the caller must then call
 * journal_settle() with the same SMS.
 *
 * Fails with ERROR_TEMPORARY: then nothing may be sent. If the disk was only slow and
 * writes the claim later, the claim is undone. */
bool journal_claim(struct journal *journal, const struct journal_mail *mail,
                   struct journal_sms *sms, size_t count, unsigned wait_s,
                   struct error *err);

/* Writes state, api_message_id and error of all SMS of a claim, and the answer to the
 * mail server. Gives back what was charged for SMS that neither this try nor an earlier
 * one can have sent. Returns when that is on the disk. If it cannot be written before
 * the mail's deadline, it is kept in memory and written later. */
void journal_settle(struct journal *journal, const struct journal_mail *mail,
                    struct journal_sms *sms, size_t count, enum mail_verdict verdict);

/* Writes SMS that were refused before they were claimed: their state and error. Their
 * keys are not used, because a retry of such a mail counts as a new mail. Returns false
 * if that cannot be written before the mail's deadline. Then it is not kept in memory,
 * because a flood of such mails would need memory without limit; but if the disk was
 * only slow, it may still be written. */
bool journal_note(struct journal *journal, const struct journal_mail *mail,
                  struct journal_sms *sms, size_t count, enum mail_verdict verdict);

/* For the stop of the daemon. From now on no SMS is claimed, no session waits for an
 * SMS of another one, and none waits long for a disk that does not answer. */
void journal_stop_claims(struct journal *journal);

/* What the journal has done since it was opened. */
struct journal_counts {
    uint64_t jobs, commits; /* claims, settlements and notes; transactions of them */
};
struct journal_counts journal_count(struct journal *journal);

/* Writes what is still to be written, and ends the journal's thread. Returns false if
 * the thread has not ended at until_ms (of clock_now_ms()), because the disk does not
 * answer; then the journal must not be freed. No session may be in one of the functions
 * above. */
bool journal_end(struct journal *journal, int64_t until_ms);

/* Ends the thread, however long that takes, closes and frees the journal, and sets
 * *journal to NULL; does nothing when it is NULL already. No session may be in one of
 * the functions above. */
void journal_free(struct journal **journal);

#endif
