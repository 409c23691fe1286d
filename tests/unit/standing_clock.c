/* SPDX-License-Identifier: ISC */
#include "standing_clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

/* The linker uses these in place of the functions of base/clock.h. */
int64_t __wrap_clock_now_ms(void);
bool __wrap_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                       int64_t until_ms);
void __wrap_clock_init_condition(pthread_cond_t *condition);

/* Not 0, because 0 may stand for no time. */
static _Atomic int64_t now_ms = 1000000;
static atomic_bool skips_waits;

int64_t standing_clock_ms(void)
{
    return now_ms;
}

void standing_clock_advance(int64_t ms)
{
    now_ms += ms;
}

void standing_clock_skip_waits(bool is_on)
{
    skips_waits = is_on;
}

int64_t __wrap_clock_now_ms(void)
{
    return now_ms;
}

void __wrap_clock_init_condition(pthread_cond_t *condition)
{
    pthread_cond_init(condition, NULL);
}

static void skip_to(int64_t until_ms)
{
    int64_t before_ms = now_ms;

    while (before_ms < until_ms &&
           !atomic_compare_exchange_weak(&now_ms, &before_ms, until_ms))
        ;
}

/* Moving the clock does not signal this condition, so the wait looks at the clock now
 * and then. Until until_ms is reached that looks like a spurious wakeup. */
bool __wrap_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                       int64_t until_ms)
{
    struct timespec soon;

    if (skips_waits)
        skip_to(until_ms);
    if (now_ms >= until_ms)
        return false;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec += 1000000;
    if (soon.tv_nsec >= 1000000000) {
        soon.tv_sec++;
        soon.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(condition, lock, &soon);
    return now_ms < until_ms;
}
