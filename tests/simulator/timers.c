/* SPDX-License-Identifier: ISC */
#include "timers.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct timer {
    int64_t due_ns;
    void (*fire)(void *arg);
    void *arg;
};

/* A binary heap: heap[0] is due first, and heap[i] not later than heap[2i+1] and
 * heap[2i+2]. */
struct timers {
    pthread_t thread;
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t changed;
    struct timer *heap;
    size_t count;
    size_t room;
    bool is_stopping;
    bool is_joined; /* used only by timers_stop() and timers_free() */
};

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void swap(struct timer *a, struct timer *b)
{
    struct timer kept = *a;

    *a = *b;
    *b = kept;
}

static void sift_up(struct timer *heap, size_t i)
{
    while (i > 0 && heap[i].due_ns < heap[(i - 1) / 2].due_ns) {
        swap(&heap[i], &heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static void sift_down(struct timer *heap, size_t count, size_t i)
{
    for (;;) {
        size_t child = 2 * i + 1;
        if (child + 1 < count && heap[child + 1].due_ns < heap[child].due_ns)
            child++;
        if (child >= count || heap[i].due_ns <= heap[child].due_ns)
            return;
        swap(&heap[i], &heap[child]);
        i = child;
    }
}

/* Waits until a timer is due and takes it. The caller holds the lock. Returns false if
 * no more timers come. */
static bool wait_for_due(struct timers *timers, struct timer *due_out)
{
    for (;;) {
        struct timespec until;
        if (timers->count == 0 && timers->is_stopping)
            return false;
        if (timers->count == 0) {
            pthread_cond_wait(&timers->changed, &timers->lock);
            continue;
        }
        if (timers->is_stopping || timers->heap[0].due_ns <= now_ns())
            break;
        until.tv_sec = (time_t)(timers->heap[0].due_ns / 1000000000);
        until.tv_nsec = (long)(timers->heap[0].due_ns % 1000000000);
        pthread_cond_timedwait(&timers->changed, &timers->lock, &until);
    }
    *due_out = timers->heap[0];
    timers->heap[0] = timers->heap[--timers->count];
    sift_down(timers->heap, timers->count, 0);
    return true;
}

static void *run(void *arg)
{
    struct timers *timers = arg;
    struct timer due;

    pthread_mutex_lock(&timers->lock);
    while (wait_for_due(timers, &due)) {
        pthread_mutex_unlock(&timers->lock);
        due.fire(due.arg);
        pthread_mutex_lock(&timers->lock);
    }
    pthread_mutex_unlock(&timers->lock);
    return NULL;
}

static void free_all(struct timers *timers)
{
    pthread_mutex_destroy(&timers->lock);
    pthread_cond_destroy(&timers->changed);
    free(timers->heap);
    free(timers);
}

struct timers *timers_new(void)
{
    struct timers *timers = calloc(1, sizeof(*timers));
    pthread_condattr_t clock;

    if (timers == NULL)
        return NULL;
    pthread_mutex_init(&timers->lock, NULL);
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_cond_init(&timers->changed, &clock);
    pthread_condattr_destroy(&clock);
    if (pthread_create(&timers->thread, NULL, run, timers) != 0) {
        free_all(timers);
        return NULL;
    }
    return timers;
}

/* The caller holds the lock. */
static bool make_room(struct timers *timers)
{
    size_t room = timers->room == 0 ? 64 : timers->room * 2;
    struct timer *heap;

    if (timers->count < timers->room)
        return true;
    heap = realloc(timers->heap, room * sizeof(*heap));
    if (heap == NULL)
        return false;
    timers->heap = heap;
    timers->room = room;
    return true;
}

bool timers_add(struct timers *timers, unsigned delay_ms, void (*fire)(void *arg),
                void *arg)
{
    struct timer timer = {now_ns() + (int64_t)delay_ms * 1000000, fire, arg};
    bool is_added;

    pthread_mutex_lock(&timers->lock);
    is_added = !timers->is_stopping && make_room(timers);
    if (is_added) {
        timers->heap[timers->count++] = timer;
        sift_up(timers->heap, timers->count - 1);
        if (timers->heap[0].arg == arg)
            pthread_cond_signal(&timers->changed);
    }
    pthread_mutex_unlock(&timers->lock);
    return is_added;
}

bool timers_are_stopping(struct timers *timers)
{
    bool is_stopping;

    pthread_mutex_lock(&timers->lock);
    is_stopping = timers->is_stopping;
    pthread_mutex_unlock(&timers->lock);
    return is_stopping;
}

void timers_stop(struct timers *timers)
{
    pthread_mutex_lock(&timers->lock);
    timers->is_stopping = true;
    pthread_cond_signal(&timers->changed);
    pthread_mutex_unlock(&timers->lock);
    if (!timers->is_joined)
        pthread_join(timers->thread, NULL);
    timers->is_joined = true;
}

void timers_free(struct timers **timers)
{
    if (*timers == NULL)
        return;
    timers_stop(*timers);
    free_all(*timers);
    *timers = NULL;
}
