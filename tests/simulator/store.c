/* SPDX-License-Identifier: ISC */
#include "store.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Readers hold references, so that they can copy without holding the lock. */
struct entry {
    atomic_uint references;
    size_t bytes;
    size_t json_bytes;
    const char *customer; /* after json in text, or NULL */
    const char *number;
    char text[];
};

/* A ring buffer: entry i of the generation is at entries[i % max_entries]. */
struct store {
    pthread_mutex_t lock; /* guards everything below */
    struct entry **entries;
    size_t max_entries;
    size_t max_bytes;
    size_t bytes;
    uint64_t first;
    uint64_t next;
    uint64_t generation;
};

struct snapshot {
    struct entry **entries;
    size_t count;
};

struct store *store_new(size_t max_entries, size_t max_bytes)
{
    struct store *store = calloc(1, sizeof(*store));
    struct timespec now;

    if (store == NULL)
        return NULL;
    store->entries = calloc(max_entries, sizeof(*store->entries));
    if (store->entries == NULL) {
        free(store);
        return NULL;
    }
    store->max_entries = max_entries;
    store->max_bytes = max_bytes;
    clock_gettime(CLOCK_REALTIME, &now);
    store->generation = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
    pthread_mutex_init(&store->lock, NULL);
    return store;
}

static void entry_release(struct entry *entry)
{
    if (atomic_fetch_sub(&entry->references, 1) == 1)
        free(entry);
}

static void drop_oldest(struct store *store)
{
    struct entry **oldest = &store->entries[store->first % store->max_entries];

    store->bytes -= (*oldest)->bytes;
    entry_release(*oldest);
    *oldest = NULL;
    store->first++;
}

void store_clear(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    while (store->first < store->next)
        drop_oldest(store);
    store->first = 0;
    store->next = 0;
    store->generation++;
    pthread_mutex_unlock(&store->lock);
}

void store_free(struct store **store)
{
    if (*store == NULL)
        return;
    store_clear(*store);
    pthread_mutex_destroy(&(*store)->lock);
    free((*store)->entries);
    free(*store);
    *store = NULL;
}

static size_t size_of(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

/* Copies text, which may be NULL, to *end and moves *end past it. */
static const char *pack(char **end, const char *text)
{
    size_t size = size_of(text);
    char *copy = *end;

    if (text == NULL)
        return NULL;
    memcpy(copy, text, size);
    *end += size;
    return copy;
}

static struct entry *entry_new(const char *json, const char *customer,
                               const char *number)
{
    size_t bytes =
        sizeof(struct entry) + size_of(json) + size_of(customer) + size_of(number);
    struct entry *entry = malloc(bytes);
    char *end;

    if (entry == NULL)
        return NULL;
    end = entry->text;
    atomic_init(&entry->references, 1);
    entry->bytes = bytes;
    entry->json_bytes = size_of(json) - 1;
    pack(&end, json);
    entry->customer = pack(&end, customer);
    entry->number = pack(&end, number);
    return entry;
}

bool store_append(struct store *store, const char *json, const char *customer,
                  const char *number)
{
    struct entry *entry = entry_new(json, customer, number);

    if (entry == NULL)
        return false;
    pthread_mutex_lock(&store->lock);
    while (store->first < store->next &&
           (store->next - store->first == store->max_entries ||
            store->bytes + entry->bytes > store->max_bytes))
        drop_oldest(store);
    store->entries[store->next % store->max_entries] = entry;
    store->next++;
    store->bytes += entry->bytes;
    pthread_mutex_unlock(&store->lock);
    return true;
}

static bool is_wanted(const struct entry *entry, const struct store_filter *filter)
{
    if (filter->customer != NULL &&
        (entry->customer == NULL || strcmp(filter->customer, entry->customer) != 0))
        return false;
    return filter->number == NULL ||
           (entry->number != NULL && strcmp(filter->number, entry->number) == 0);
}

/* Takes a reference to each matching entry, oldest first. The caller holds the lock. */
static bool collect(struct store *store, const struct store_filter *filter,
                    struct snapshot *shot)
{
    uint64_t begin = filter->since > store->first ? filter->since : store->first;
    size_t room = begin < store->next ? (size_t)(store->next - begin) : 0;

    shot->count = 0;
    shot->entries = malloc((room + 1) * sizeof(struct entry *));
    if (shot->entries == NULL)
        return false;
    for (uint64_t i = begin; i < store->next; i++) {
        struct entry *entry = store->entries[i % store->max_entries];
        if (!is_wanted(entry, filter))
            continue;
        atomic_fetch_add(&entry->references, 1);
        shot->entries[shot->count++] = entry;
    }
    return true;
}

/* Writes [entry,entry...] with the entries from begin on. */
static char *join(const struct snapshot *shot, size_t begin, size_t *bytes_out)
{
    size_t room = 3;
    char *json, *end;

    for (size_t i = begin; i < shot->count; i++)
        room += shot->entries[i]->json_bytes + 2;
    json = malloc(room);
    if (json == NULL)
        return NULL;
    end = json;
    *end++ = '[';
    for (size_t i = begin; i < shot->count; i++) {
        if (i > begin) {
            *end++ = ',';
            *end++ = '\n';
        }
        memcpy(end, shot->entries[i]->text, shot->entries[i]->json_bytes);
        end += shot->entries[i]->json_bytes;
    }
    *end++ = ']';
    *end = '\0';
    *bytes_out = (size_t)(end - json);
    return json;
}

bool store_read(struct store *store, const struct store_filter *filter,
                struct store_page *page_out)
{
    struct snapshot shot;
    size_t begin = 0;
    bool ok;

    page_out->json = NULL;
    pthread_mutex_lock(&store->lock);
    page_out->generation = store->generation;
    page_out->next = store->next;
    ok = collect(store, filter, &shot);
    pthread_mutex_unlock(&store->lock);
    if (!ok)
        return false;

    if (filter->latest > 0 && shot.count > filter->latest)
        begin = shot.count - filter->latest;
    page_out->json = join(&shot, begin, &page_out->json_bytes);
    for (size_t i = 0; i < shot.count; i++)
        entry_release(shot.entries[i]);
    free(shot.entries);
    return page_out->json != NULL;
}
