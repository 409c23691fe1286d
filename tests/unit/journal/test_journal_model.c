/* SPDX-License-Identifier: ISC */
/* Mails that are sent, deferred, tried again and killed at random, on a real store:
 * in the end each SMS was sent as often as there are mails of it. */
#include "store_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal_hands.h"

enum { RUNS = 12, MAILS = 12, NUMBERS = 2, STEPS = 400, START_S = 1796083200 };

static const char *const numbers[NUMBERS] = {"+447700900001", "+447700900002"};

/* ---- chance, the same at each run of the test ---- */

static unsigned seed;

static unsigned draw(unsigned sides)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % sides;
}

/* ---- mails and their mail server ---- */

enum progress { WAITING, CLAIMED, FINISHED };

struct mail {
    enum mail_identity identity;
    unsigned char kind; /* mails of one kind say the same */
    bool is_signed_too; /* a signed copy of it would be known */
    bool is_copy;       /* a signed one, that comes when all others are finished */
    size_t count;       /* of its numbers */
    enum progress progress;
    bool has_sent[NUMBERS]; /* at this try, before the journal hears of it */
    struct journal_mail header;
    struct journal_sms sms[NUMBERS];
};

struct world {
    struct journal_store *store;
    struct journal_hands hands;
    struct mail mails[MAILS];
    unsigned sent[4][NUMBERS]; /* by kind: outcomes that say so, at tries that ended */
    int64_t now_s;
};

static void run_jobs(struct world *world, struct journal_job *jobs)
{
    struct error err;

    if (!world->store->backend->run(world->store, jobs, world->now_s, &err))
        fail_msg("%s", err.text);
}

static struct journal_job job_of(struct mail *mail, enum journal_job_kind kind,
                                 enum mail_verdict verdict)
{
    return (struct journal_job){.kind = kind,
                                .mail = &mail->header,
                                .sms = mail->sms,
                                .count = mail->count,
                                .verdict = verdict};
}

static void reset_sms(struct mail *mail)
{
    memset(mail->sms, 0, sizeof mail->sms);
    for (size_t i = 0; i < mail->count; i++) {
        struct journal_sms *sms = &mail->sms[i];
        bool is_signature = mail->identity == MAIL_IDENTITY_SIGNATURE;

        sms->number = numbers[i];
        sms->key.octets[0] = mail->kind;
        sms->key.octets[1] = (unsigned char)i;
        sms->key.octets[2] = is_signature;
        sms->has_signed_key = mail->is_signed_too || is_signature;
        sms->signed_key = sms->key;
        sms->signed_key.octets[2] = 1;
    }
}

static bool has_come(const struct world *world, const struct mail *mail)
{
    for (size_t i = 0; mail->is_copy && i < MAILS; i++)
        if (world->mails[i].kind == mail->kind && !world->mails[i].is_copy &&
            world->mails[i].progress != FINISHED)
            return false;
    return true;
}

/* Several claims in one commit, as sessions share it. */
static void try_some(struct world *world)
{
    struct journal_job jobs[3];
    size_t count = 0, wanted = 1 + draw(3);

    for (size_t place_of = draw(MAILS), i = 0; i < MAILS && count < wanted; i++) {
        struct mail *mail = &world->mails[(place_of + i) % MAILS];

        if (mail->progress != WAITING || !has_come(world, mail))
            continue;
        reset_sms(mail);
        if (!journal_hands_are_free(&world->hands, &mail->header, mail->sms,
                                    mail->count))
            continue;
        assert_true(
            journal_hands_take(&world->hands, &mail->header, mail->sms, mail->count));
        mail->progress = CLAIMED;
        jobs[count] = job_of(mail, JOB_CLAIM, MAIL_VERDICT_NONE);
        if (count > 0)
            jobs[count - 1].next = &jobs[count];
        count++;
    }
    if (count > 0)
        run_jobs(world, jobs);
}

static void set_outcome(struct journal_sms *sms)
{
    static const enum sms_state states[] = {SMS_SENT, SMS_SENT, SMS_FAILED,
                                            SMS_UNKNOWN};

    if (sms->claim != CLAIM_SEND)
        return;
    sms->state = states[draw(COUNT(states))];
    sms->error = (struct error){.text = ""};
    if (sms->state == SMS_SENT)
        strcpy(sms->api_message_id, "1");
    else
        error_set(&sms->error, ERROR_TEMPORARY, "4.4.2", "no answer");
}

/* has_answer: the API was asked; else the disk was too slow for the session. */
static void end_try(struct world *world, struct mail *mail, bool has_answer)
{
    enum mail_verdict verdict = MAIL_VERDICT_ACCEPTED;
    struct journal_job job;

    for (size_t i = 0; i < mail->count; i++) {
        struct journal_sms *sms = &mail->sms[i];

        assert_int_not_equal(sms->claim, CLAIM_REFUSED);
        if (has_answer)
            set_outcome(sms);
        else if (sms->claim == CLAIM_SEND)
            sms->state = SMS_FAILED;
        if (sms->claim == CLAIM_SEND && sms->state == SMS_SENT)
            world->sent[mail->kind][i]++;
        if (sms->state != SMS_SENT)
            verdict = MAIL_VERDICT_DEFERRED;
    }
    if (!has_answer)
        verdict = MAIL_VERDICT_DEFERRED;
    job = job_of(mail, JOB_SETTLE, verdict);
    run_jobs(world, &job);
    journal_hands_release(&world->hands, &mail->header, mail->sms, mail->count);
    mail->progress = verdict == MAIL_VERDICT_ACCEPTED ? FINISHED : WAITING;
}

static void end_one(struct world *world)
{
    for (size_t first = draw(MAILS), i = 0; i < MAILS; i++) {
        struct mail *mail = &world->mails[(first + i) % MAILS];

        if (mail->progress != CLAIMED)
            continue;
        end_try(world, mail, draw(8) > 0);
        return;
    }
}

static void open_store(struct world *world, bool is_first)
{
    journal_store_close(&world->store);
    world->store = store_open(is_first);
}

/* What was on its way is tried again. */
static void kill_daemon(struct world *world)
{
    for (size_t i = 0; i < MAILS; i++) {
        struct mail *mail = &world->mails[i];

        if (mail->progress != CLAIMED)
            continue;
        journal_hands_release(&world->hands, &mail->header, mail->sms, mail->count);
        mail->progress = WAITING;
    }
    open_store(world, true);
}

static void step(struct world *world)
{
    unsigned chance = draw(100);

    world->now_s += draw(3);
    if (chance < 45)
        try_some(world);
    else if (chance < 95)
        end_one(world);
    else if (chance < 98)
        kill_daemon(world);
    else
        open_store(world, false);
}

static bool is_finished(const struct world *world)
{
    for (size_t i = 0; i < MAILS; i++)
        if (world->mails[i].progress != FINISHED)
            return false;
    return true;
}

/* ---- a run ---- */

static void check_sent(const char *row, const struct world *world, unsigned kind,
                       size_t number)
{
    unsigned wanted = 0;
    bool is_once = false;
    char name[80];

    for (size_t i = 0; i < MAILS; i++) {
        const struct mail *mail = &world->mails[i];

        if (mail->kind != kind || mail->is_copy || number >= mail->count)
            continue;
        is_once = is_once || mail->identity != MAIL_IDENTITY_CONTENT;
        wanted++;
    }
    snprintf(name, sizeof name, "%s, kind %u, number %zu", row, kind, number);
    check_number(name, world->sent[kind][number], is_once && wanted > 1 ? 1 : wanted);
}

static void begin_mail(struct mail *mail, size_t place_of)
{
    static const enum mail_identity identities[] = {
        MAIL_IDENTITY_CONTENT, MAIL_IDENTITY_MESSAGE_ID, MAIL_IDENTITY_SIGNATURE,
        MAIL_IDENTITY_CONTENT};

    *mail = (struct mail){.kind = (unsigned char)(place_of % 4)};
    mail->is_copy = mail->kind < 2 && place_of >= MAILS - 4;
    mail->identity = mail->is_copy ? MAIL_IDENTITY_SIGNATURE : identities[mail->kind];
    mail->is_signed_too = mail->kind != 3;
    mail->count = NUMBERS;
    mail->header = (struct journal_mail){
        .customer = "school",
        .sender = "head@school.example",
        .queue_id = "Q1",
        .message_id = "",
        .identity = mail->identity,
        .retry_window_s = 3600,
        .duplicate_window_s = 5 * 24 * 3600,
        .on_unknown = ON_UNKNOWN_RESEND,
        .parts = 1,
    };
}

static void run_once(unsigned number)
{
    struct world world = {.now_s = START_S};
    char row[32];

    seed = number;
    snprintf(row, sizeof row, "run %u", number);
    tested->clear();
    open_store(&world, true);
    for (size_t i = 0; i < MAILS; i++)
        begin_mail(&world.mails[i], i);
    for (unsigned i = 0; i < STEPS && !is_finished(&world); i++)
        step(&world);
    check_true(row, is_finished(&world));
    for (unsigned kind = 0; kind < 4; kind++)
        for (size_t i = 0; i < NUMBERS; i++)
            check_sent(row, &world, kind, i);
    check_true("nothing is in hand", !world.hands.keys);
    journal_store_close(&world.store);
}

static void each_mail_is_sent_as_often_as_it_should_be(void **state)
{
    (void)state;
    for (unsigned i = 1; i <= RUNS; i++)
        run_once(i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(each_mail_is_sent_as_often_as_it_should_be),
    };

    unit_enter_folder();
    return STORE_TEST_RUN(tests);
}
