/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "base/clock.h"

static void a_wait_ends_at_its_time(void **state)
{
    pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t condition;
    int64_t start_ms = clock_now_ms();

    (void)state;
    clock_init_condition(&condition);
    pthread_mutex_lock(&lock);
    while (clock_wait(&condition, &lock, start_ms + 20))
        ; /* woken for no reason, which POSIX allows */
    check_true("not before it", clock_now_ms() >= start_ms + 20);
    check_true("what is over is not waited for",
               !clock_wait(&condition, &lock, start_ms));
    pthread_mutex_unlock(&lock);
    pthread_cond_destroy(&condition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_wait_ends_at_its_time),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
