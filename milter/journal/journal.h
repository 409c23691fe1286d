/* SPDX-License-Identifier: ISC */
/* The journal: an SMS is claimed before it is sent, and its outcome written before its
 * sender hears of it, so that a mail that is tried again sends only what is missing.
 *
 * Claims and outcomes are written by one thread, which commits those of all sessions
 * that wait at that moment together. Every function may be called by any thread. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_H
#define SMS_MILTER_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/journal_mail.h"

struct journal;

/* Opens the journal at the place of the configuration ("sqlite:/path"), and makes it if
 * there is none. One that cannot be used now is no failure: it is tried again, and
 * until then claims fail. The caller frees *journal_out with journal_free(). Fails
 * without memory or thread. */
bool journal_new(const char *place, unsigned retention_days,
                 struct journal **journal_out, struct error *err);

/* Waits until it was opened, or could not be, at most so long. False where it cannot be
 * used now; *err says why. */
bool journal_wait_ready(struct journal *journal, unsigned wait_ms, struct error *err);

/* The place it was opened at. Borrowed until journal_free(). */
const char *journal_place(const struct journal *journal);

/* How long records are kept from now on. */
void journal_set_retention(struct journal *journal, unsigned retention_days);

/* Claims all SMS of a mail, or none, and charges those that are to be sent and have not
 * been yet; those that a limit has no room for are not to be sent then. Waits up to
 * wait_s while another session has one of them in hand (see journal_hands.h), and until
 * the mail's deadline in all. Returns when "sending" is on the disk for those that are
 * to be sent. Fails with ERROR_TEMPORARY; then nothing may be sent, and a claim that
 * succeeds after all, on a disk that hung, is undone. After success the caller must
 * call journal_settle() with the same SMS. */
bool journal_claim(struct journal *journal, const struct journal_mail *mail,
                   struct journal_sms *sms, size_t count, unsigned wait_s,
                   struct error *err);

/* Writes state, api_message_id and error of all SMS of a claim, and what the mail
 * server is told. What was charged is given back for those that are certainly not
 * sent, at this try or an earlier one. Returns when that is on the disk; where it
 * cannot be written, or not before the mail's deadline, it is kept in memory and
 * written when it can be. */
void journal_settle(struct journal *journal, const struct journal_mail *mail,
                    struct journal_sms *sms, size_t count, enum mail_verdict verdict);

/* Writes SMS that are refused before anything was claimed: state and error. Their keys
 * are not used, as a retry of such a mail is a new mail. False where that cannot be
 * written before the mail's deadline; it is not kept then, as a flood of such mails
 * would need memory without bound, but may still be written where a disk hangs. */
bool journal_note(struct journal *journal, const struct journal_mail *mail,
                  struct journal_sms *sms, size_t count, enum mail_verdict verdict);

/* From now on no SMS is claimed, nobody waits for another session's any more, and
 * nobody waits long for a disk that hangs: for the stop of the daemon. */
void journal_stop_claims(struct journal *journal);

/* What it has done since it was opened. */
struct journal_counts {
    uint64_t jobs, commits; /* claims, settlements and notes; transactions of them */
};
struct journal_counts journal_count(struct journal *journal);

/* Writes what is still to be written and ends the journal's thread, which a disk that
 * hangs may hold: false when it has not ended at until_ms (of clock_now_ms()). Then the
 * journal may not be freed. No session may be in one of the functions above. */
bool journal_end(struct journal *journal, int64_t until_ms);

/* Ends the thread, however long it takes, closes, frees and clears *journal; does
 * nothing when it is NULL already. No session may be in one of the functions above. */
void journal_free(struct journal **journal);

#endif
