/* SPDX-License-Identifier: ISC */
#include "base/patience.h"

#include "base/clock.h"

void patience_begin(struct patience *patience, int64_t interval_ms,
                    bool (*report)(void *data), void *data)
{
    *patience = (struct patience){
        .deadline_ms = PATIENCE_FOREVER,
        .interval_ms = interval_ms,
        .due_ms = clock_now_ms() + interval_ms,
        .report = report,
        .data = data,
    };
}

int64_t patience_deadline_ms(const struct patience *patience)
{
    return patience ? patience->deadline_ms : PATIENCE_FOREVER;
}

static int64_t due_ms(const struct patience *patience)
{
    return patience && patience->interval_ms > 0 ? patience->due_ms : PATIENCE_FOREVER;
}

static void report(struct patience *patience, pthread_mutex_t *lock)
{
    pthread_mutex_unlock(lock);
    if (!patience->report(patience->data))
        patience->interval_ms = 0;
    patience->due_ms = clock_now_ms() + patience->interval_ms;
    pthread_mutex_lock(lock);
}

bool patience_wait(struct patience *patience, pthread_cond_t *condition,
                   pthread_mutex_t *lock, int64_t until_ms)
{
    int64_t report_ms = due_ms(patience);
    int64_t wake_ms = report_ms < until_ms ? report_ms : until_ms;

    if (wake_ms == PATIENCE_FOREVER)
        return pthread_cond_wait(condition, lock) == 0;
    if (clock_wait(condition, lock, wake_ms))
        return true;
    if (clock_now_ms() >= until_ms)
        return false;
    report(patience, lock);
    return true;
}
