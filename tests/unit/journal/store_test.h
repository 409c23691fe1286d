/* SPDX-License-Identifier: ISC */
/* What the tests of the journal's store share. They are written against struct
 * journal_backend, and run over every backend that can be tried on this machine: a new
 * backend is one more file like sqlite_backend.c and one line in store_test.c. */
#ifndef SMS_MILTER_TESTS_UNIT_JOURNAL_STORE_TEST_H
#define SMS_MILTER_TESTS_UNIT_JOURNAL_STORE_TEST_H

#include "../unit.h"

#include "journal/journal_backend.h"

/* What a test needs of a backend beside the table of functions. The functions here fail
 * the test if they cannot do what they should. */
struct tested_backend {
    const struct journal_backend *functions;
    const char *place;
    /* A place that cannot be used, and a part of what an error says of it. */
    const char *unusable_place, *why_unusable;

    /* NULL: it can always be tried. */
    bool (*can_be_tried)(void);
    /* Leaves nothing at the place: who opens it next makes an empty store. */
    void (*clear)(void);
    /* Takes the store away while it is open, as an administrator may. Who opens the
     * place next makes an empty store. */
    void (*take_away)(void);
    const char *why_taken_away; /* a part of the error by which that is noticed */

    /* Runs SQL beside the store, with a connection of its own. The tables have the same
     * names and columns in all backends. */
    void (*change)(const char *sql);
    /* All values of the first column of a query, with a space between two. Static,
     * until the next call. */
    const char *(*ask)(const char *sql);
    /* SQL that makes the store refuse to insert SMS whose key begins with the octet 2,
     * and to write the outcome "failed"; and SQL that allows such outcomes again. */
    const char *refuse_sql, *allow_outcomes_sql;

    /* Somebody else writes: between the two nothing can be written to the store. */
    void *(*hold)(void);
    void (*let_go)(void *held);
};

extern const struct tested_backend sqlite_backend;

/* The backend that the tests run over now. */
extern const struct tested_backend *tested;

/* Runs a group of tests over each backend. Returns how many failed. */
int store_test_run(const struct CMUnitTest *tests, size_t count);
#define STORE_TEST_RUN(tests) store_test_run(tests, COUNT(tests))

/* ---- the store ---- */

struct journal_store *store_open(bool is_first);

/* An empty one. */
struct journal_store *store_open_new(void);

struct journal_store *store_open_again(struct journal_store *store, bool is_first);

/* ---- jobs with one SMS ---- */

enum { DAY_S = 24 * 3600, RETRY_WINDOW_S = 3600 };

/* Of customer "school", sender head@school.example, queue id Q1, Message-ID
 * <1@school.example>, 2 parts. */
extern const struct journal_mail first_mail;

struct journal_mail mail_of_queue(const char *queue_id);

struct journal_sms new_sms(const char *number, unsigned char key);
struct journal_sms new_signed_sms(unsigned char key, unsigned char signed_key);

void set_sent(struct journal_sms *sms, const char *api_message_id);
void set_failed(struct journal_sms *sms, enum sms_state state, const char *status,
                const char *text);

bool try_run(struct journal_store *store, enum journal_job_kind kind,
             const struct journal_mail *mail, struct journal_sms *sms,
             enum mail_verdict verdict, int64_t now_s, struct error *err);
void run(struct journal_store *store, enum journal_job_kind kind,
         const struct journal_mail *mail, struct journal_sms *sms,
         enum mail_verdict verdict, int64_t now_s);
void claim(struct journal_store *store, const struct journal_mail *mail,
           struct journal_sms *sms, int64_t now_s);
void settle(struct journal_store *store, const struct journal_mail *mail,
            struct journal_sms *sms, enum mail_verdict verdict, int64_t now_s);

/* Writes that many SMS that are refused, with a reason as long as can be. */
void fill(struct journal_store *store, unsigned char records);

/* ---- what is in it ---- */

/* For journal_place_read(): stops after this many records; 0: never. */
struct reading {
    char text[8192]; /* a line for each record */
    size_t records, most;
};
bool on_record(const struct journal_record *record, void *data);

void check_filtered(const char *row, const struct journal_filter *filter,
                    const char *want);
void check_records(const char *row, const char *want);
size_t count_records(void);

/* Where each queue id is one letter. */
void check_queue_ids(const char *row, const struct journal_filter *filter,
                     const char *want);

#define RECORD_OF(queue_id, number) \
    "school head@school.example " number " " queue_id " <1@school.example> "
#define UNKNOWN_RECORD(verdict, text, counts) \
    RECORD_OF("Q1", "+447700900123") "unknown/" verdict " [] " text " parts=2 " counts

/* The reason of what a dead daemon left. */
#define DIED                                                                       \
    "[4.4.2] [the SMS gateway ended before the SMS service answered; the SMS may " \
    "have "                                                                        \
    "been sent]"

#endif
