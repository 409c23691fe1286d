/* SPDX-License-Identifier: ISC */
#include "api/breaker.h"

#include <stdlib.h>
#include <string.h>

enum state {
    CLOSED,
    OPEN,   /* until again_ms; after that the next request is the probe */
    PROBING /* the probe is under way */
};

/* An address that has failed at least once. */
struct breaker_address {
    enum state state;
    unsigned turn;     /* changes whenever the state changes */
    unsigned failures; /* in a row, while the breaker is closed */
    int64_t again_ms;
    char url[];
};

/* The turn of an address that has never failed and so is not in the list. */
enum { FIRST_TURN = 0 };

static struct breaker_address *find(const struct breaker *breaker, const char *url)
{
    for (size_t i = 0; i < breaker->count; i++)
        if (strcmp(breaker->addresses[i]->url, url) == 0)
            return breaker->addresses[i];
    return NULL;
}

/* A place in the list: a free one, or that of an address whose breaker is not open.
 * NULL if the breakers of all addresses are open. */
static struct breaker_address **find_room(struct breaker *breaker)
{
    if (breaker->count < BREAKER_MAX_ADDRESSES)
        return &breaker->addresses[breaker->count++];
    for (size_t i = 0; i < breaker->count; i++) {
        if (breaker->addresses[i]->state == CLOSED) {
            free(breaker->addresses[i]);
            return &breaker->addresses[i];
        }
    }
    return NULL;
}

/* Returns NULL without a place or memory; the address then has no breaker. */
static struct breaker_address *add(struct breaker *breaker, const char *url)
{
    size_t size = strlen(url) + 1;
    struct breaker_address *address = calloc(1, sizeof *address + size);
    struct breaker_address **room = address ? find_room(breaker) : NULL;

    if (!room) {
        free(address);
        return NULL;
    }
    memcpy(address->url, url, size);
    address->turn = FIRST_TURN;
    *room = address;
    return address;
}

static void enter(struct breaker_address *address, enum state state)
{
    address->state = state;
    address->turn++;
    address->failures = 0;
}

bool breaker_is_open(const struct breaker *breaker, const char *url, int64_t now_ms,
                     int64_t *again_ms_out)
{
    const struct breaker_address *address = find(breaker, url);

    *again_ms_out = 0;
    if (!address || address->state == CLOSED)
        return false;
    if (address->state == PROBING)
        return true;
    if (address->again_ms <= now_ms)
        return false;
    *again_ms_out = address->again_ms - now_ms;
    return true;
}

unsigned breaker_begin(struct breaker *breaker, const char *url)
{
    struct breaker_address *address = find(breaker, url);

    if (!address)
        return FIRST_TURN;
    if (address->state == OPEN)
        enter(address, PROBING);
    return address->turn;
}

static enum breaker_change end_answered(struct breaker_address *address)
{
    address->failures = 0;
    if (address->state == CLOSED)
        return BREAKER_UNCHANGED;
    enter(address, CLOSED);
    return BREAKER_CLOSED;
}

static enum breaker_change end_failed(struct breaker_address *address,
                                      const struct breaker_limits *limits,
                                      int64_t now_ms)
{
    bool is_probe = address->state == PROBING;

    address->failures++;
    if (!is_probe && address->failures < limits->failures)
        return BREAKER_UNCHANGED;
    enter(address, OPEN);
    address->again_ms = now_ms + (int64_t)limits->cooldown_s * 1000;
    return is_probe ? BREAKER_UNCHANGED : BREAKER_OPENED;
}

enum breaker_change breaker_end(struct breaker *breaker, const char *url, unsigned turn,
                                enum breaker_result result,
                                const struct breaker_limits *limits, int64_t now_ms)
{
    struct breaker_address *address = find(breaker, url);

    if (!address && result == BREAKER_FAILED)
        address = add(breaker, url);
    if (!address)
        return BREAKER_UNCHANGED;
    if (result == BREAKER_ANSWERED)
        return end_answered(address);
    if (turn != address->turn)
        return BREAKER_UNCHANGED;
    if (result == BREAKER_FAILED)
        return end_failed(address, limits, now_ms);
    if (address->state == PROBING) /* this request is the probe */
        enter(address, OPEN);
    return BREAKER_UNCHANGED;
}

void breaker_clear(struct breaker *breaker)
{
    for (size_t i = 0; i < breaker->count; i++)
        free(breaker->addresses[i]);
    breaker->count = 0;
}
