/* SPDX-License-Identifier: ISC */
/* What the tests of a whole journal share: sessions, and what they find in it. */
#ifndef SMS_MILTER_TESTS_UNIT_JOURNAL_JOURNAL_TEST_H
#define SMS_MILTER_TESTS_UNIT_JOURNAL_JOURNAL_TEST_H

#include "store_test.h"

#include <time.h>

#include "journal/journal.h"

enum { RETENTION_DAYS = 90, WAIT_S = 1000 };

#define CANNOT_WRITE "the SMS gateway cannot write its journal now; nothing was sent"

/* Each test begins with an empty place; what is logged goes to a file, which it reads.
 */
int begin_test(void **state);
int end_test(void **state);
#define JOURNAL_TEST(function)                          \
    {                                                   \
#function, function, begin_test, end_test, NULL \
    }

int64_t clock_ms(clockid_t clock);

/* Waits until it is so; fails the test if it waits in vain. */
void wait_for(const char *what, bool (*is_so)(const void *data), const void *data);

/* ---- sessions ---- */

/* Of one part and with a Message-ID. */
extern const struct journal_mail session_mail;

struct journal *new_journal(const char *place);

struct journal_sms sms_of_key(const char *number, unsigned key);
void set_sms_sent(struct journal_sms *sms);

/* One SMS of session_mail; the test fails if it is not claimed with that result. */
void claim_sms(struct journal *journal, struct journal_sms *sms, enum claim want);
void settle_sms(struct journal *journal, struct journal_sms *sms);

/* How many claims failed because the journal could not be written. */
extern unsigned claims_in_vain;

void check_claim_fails(struct journal *journal, struct journal_sms *sms);

/* The journal works again a while after what was wrong is repaired. */
void claim_when_it_works(struct journal *journal, struct journal_sms *sms);

/* ---- what is in it ---- */

struct tally {
    size_t records;
    size_t by_state[SMS_UNKNOWN + 1];
};

/* Nothing, where it cannot be read yet. */
struct tally count_at(const char *place);

/* At the place of the backend: how many have these states, and none has another. */
void check_states(const char *row, size_t sending, size_t sent, size_t refused);

#endif
