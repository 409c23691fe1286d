/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "base/clock.h"
#include "base/patience.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition;

/* Who hears of a wait. */
struct listener {
    int reports, most; /* most: from there on nobody listens */
    bool was_locked;
};

static bool hear(void *data)
{
    struct listener *listener = data;

    if (pthread_mutex_trylock(&lock) == 0)
        pthread_mutex_unlock(&lock);
    else
        listener->was_locked = true;
    listener->reports++;
    return listener->reports < listener->most;
}

/* Waits for something that never comes, until a time or until the listener ends it. */
static void wait_in_vain(struct patience *patience, int64_t until_ms,
                         const struct listener *listener, int enough)
{
    pthread_mutex_lock(&lock);
    while (patience_wait(patience, &condition, &lock, until_ms) &&
           listener->reports < enough)
        ;
    pthread_mutex_unlock(&lock);
}

static void who_listens_hears_of_a_long_wait(void **state)
{
    struct listener listener = {.most = 100};
    struct patience patience;

    (void)state;
    patience_begin(&patience, 1, hear, &listener);
    wait_in_vain(&patience, PATIENCE_FOREVER, &listener, 3);
    check_number("reports", listener.reports, 3);
    check_true("without the lock", !listener.was_locked);
}

static void who_has_hung_up_is_not_told_again(void **state)
{
    struct listener listener = {.most = 2};
    struct patience patience;
    int64_t until_ms = clock_now_ms() + 50;

    (void)state;
    patience_begin(&patience, 1, hear, &listener);
    wait_in_vain(&patience, until_ms, &listener, 100);
    check_number("reports", listener.reports, 2);
    check_true("the wait goes on to its end", clock_now_ms() >= until_ms);
}

static void the_time_counts_over_several_waits(void **state)
{
    struct listener listener = {.most = 100};
    struct patience patience;

    (void)state;
    patience_begin(&patience, 20, hear, &listener);
    while (listener.reports == 0) /* none of them is as long as 20 ms */
        wait_in_vain(&patience, clock_now_ms() + 3, &listener, 100);
    check_number("one is told of them together", listener.reports, 1);
}

static void a_wait_ends_at_its_time(void **state)
{
    struct listener listener = {.most = 100};
    struct patience late, silent = {.deadline_ms = 5};
    int64_t until_ms = clock_now_ms() + 20;

    (void)state;
    patience_begin(&late, 3600 * 1000, hear, &listener);
    check_true("no deadline of its own", late.deadline_ms == PATIENCE_FOREVER);
    wait_in_vain(&late, until_ms, &listener, 1);
    check_true("before its first report is due", clock_now_ms() >= until_ms);
    wait_in_vain(&silent, clock_now_ms() + 20, &listener, 1);
    wait_in_vain(NULL, clock_now_ms() + 20, &listener, 1);
    wait_in_vain(&late, until_ms, &listener, 1);
    check_number("reports", listener.reports, 0);
    check_true("deadline", patience_deadline_ms(&silent) == 5);
    check_true("nobody's", patience_deadline_ms(NULL) == PATIENCE_FOREVER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(who_listens_hears_of_a_long_wait),
        UNIT_TEST(who_has_hung_up_is_not_told_again),
        UNIT_TEST(the_time_counts_over_several_waits),
        UNIT_TEST(a_wait_ends_at_its_time),
    };

    clock_init_condition(&condition);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
