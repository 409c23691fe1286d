/* SPDX-License-Identifier: ISC */
#include "api/account_state.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Enough for some hundred customers. With more, several customers share a bucket. */
enum { BUCKET_COUNT = 256 };

/* How many accounts of one customer are remembered: those used last. More than one is
 * in use while mails finish that began with an older key or configuration. */
enum { ACCOUNTS_OF_A_CUSTOMER = 4 };

enum trust {
    TRUST_NONE, /* nothing was queued with this key yet */
    TRUST_RIGHT,
    TRUST_DOUBTFUL, /* the key was right, but may not be any more */
};

/* The cause that was reported last. Other values are HTTP statuses. */
enum { CAUSE_NONE = 0, CAUSE_WORDS = 1 };

struct account {
    struct account *next;
    char *customer;    /* the name of the customer */
    char *customer_id; /* customer, customer_id and url are NULL without memory */
    char *api_url;
    uint64_t key; /* the serial of its secret, which may be freed by now */
    enum trust trust;
    int64_t queued_ms; /* when something was last queued with this key */
    size_t refusals;   /* since then, refusals in words that may mean the key */
    long told;         /* the cause that was reported and is not yet over */
};

struct account_states {
    pthread_mutex_t lock;                  /* guards the members below */
    struct account *buckets[BUCKET_COUNT]; /* the account used last comes first */
};

/* ---- the table ---- */

/* Hashes with FNV-1a. */
static struct account **find_bucket(struct account_states *states, const char *name)
{
    uint32_t hash = 2166136261U;

    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return &states->buckets[hash % BUCKET_COUNT];
}

static void free_account(struct account *account)
{
    free(account->customer);
    free(account->customer_id);
    free(account->api_url);
    free(account);
}

static struct account *make_account(const struct account_answer *answer)
{
    struct account *account = calloc(1, sizeof *account);

    if (!account)
        return NULL;
    account->customer = strdup(answer->customer->name);
    account->customer_id = strdup(answer->customer->customer_id);
    account->api_url = strdup(answer->customer->api_url);
    account->key = secret_serial(answer->key);
    if (account->customer && account->customer_id && account->api_url)
        return account;
    free_account(account);
    return NULL;
}

static bool is_of_customer(const struct account *account,
                           const struct customer *customer)
{
    return strcmp(account->customer, customer->name) == 0;
}

static bool is_asked(const struct account *account, const struct account_answer *answer)
{
    return is_of_customer(account, answer->customer) &&
           strcmp(account->customer_id, answer->customer->customer_id) == 0 &&
           strcmp(account->api_url, answer->customer->api_url) == 0 &&
           account->key == secret_serial(answer->key);
}

/* Takes the account out of its list. Returns NULL if it is not there. */
static struct account *take_account(struct account **list,
                                    const struct account_answer *answer)
{
    struct account *account;

    for (; (account = *list); list = &account->next) {
        if (!is_asked(account, answer))
            continue;
        *list = account->next;
        return account;
    }
    return NULL;
}

/* Frees all accounts of the customer except the first ACCOUNTS_OF_A_CUSTOMER. */
static void forget_old(struct account **list, const struct customer *customer)
{
    unsigned seen = 0;

    while (*list) {
        struct account *account = *list;

        seen += is_of_customer(account, customer);
        if (seen <= ACCOUNTS_OF_A_CUSTOMER || !is_of_customer(account, customer)) {
            list = &account->next;
            continue;
        }
        *list = account->next;
        free_account(account);
    }
}

/* Finds or adds the account. Returns NULL without memory. */
static struct account *get_account(struct account_states *states,
                                   const struct account_answer *answer)
{
    struct account **bucket = find_bucket(states, answer->customer->name);
    struct account *account = take_account(bucket, answer);

    if (!account)
        account = make_account(answer);
    if (!account)
        return NULL;
    account->next = *bucket;
    *bucket = account;
    forget_old(bucket, answer->customer);
    return account;
}

/* ---- judging an answer ---- */

static enum account_news note_queued(struct account *account, int64_t now_ms)
{
    bool was_told = account->told != CAUSE_NONE;

    account->trust = TRUST_RIGHT;
    account->queued_ms = now_ms;
    account->refusals = 0;
    account->told = CAUSE_NONE;
    return was_told ? ACCOUNT_TAKEN_AGAIN : ACCOUNT_NOTHING_NEW;
}

static enum account_news tell(struct account *account, long cause)
{
    bool is_new = account->told != cause;

    account->told = cause;
    return is_new ? ACCOUNT_REFUSED : ACCOUNT_NOTHING_NEW;
}

static void doubt(struct account *account)
{
    if (account->trust == TRUST_RIGHT)
        account->trust = TRUST_DOUBTFUL;
}

static enum account_news note_refused(struct account *account, size_t count,
                                      int64_t now_ms)
{
    bool is_fresh = now_ms - account->queued_ms < ACCOUNT_FRESH_MS;

    account->refusals += is_fresh ? 1 : count;
    if (account->refusals >= ACCOUNT_MAX_REFUSALS)
        doubt(account);
    return account->trust == TRUST_RIGHT ? ACCOUNT_NOTHING_NEW
                                         : tell(account, CAUSE_WORDS);
}

static enum account_news note(struct account *account,
                              const struct account_answer *answer)
{
    if (answer->queued > 0)
        return note_queued(account, answer->now_ms);
    if (answer->http_status != 0) {
        doubt(account);
        return tell(account, answer->http_status);
    }
    if (answer->refused > 0)
        return note_refused(account, answer->refused, answer->now_ms);
    return ACCOUNT_NOTHING_NEW;
}

struct account_opinion account_states_judge(struct account_states *states,
                                            const struct account_answer *answer)
{
    struct account_opinion opinion = {answer->queued > 0, ACCOUNT_NOTHING_NEW};
    struct account *account;

    pthread_mutex_lock(&states->lock);
    account = get_account(states, answer);
    if (account) {
        opinion.news = note(account, answer);
        opinion.is_key_right = account->trust == TRUST_RIGHT;
    }
    pthread_mutex_unlock(&states->lock);
    return opinion;
}

/* ---- life ---- */

struct account_states *account_states_new(void)
{
    struct account_states *states = calloc(1, sizeof *states);

    if (states)
        pthread_mutex_init(&states->lock, NULL);
    return states;
}

void account_states_free(struct account_states **states)
{
    if (!*states)
        return;
    for (size_t i = 0; i < BUCKET_COUNT; i++)
        while ((*states)->buckets[i]) {
            struct account *account = (*states)->buckets[i];

            (*states)->buckets[i] = account->next;
            free_account(account);
        }
    pthread_mutex_destroy(&(*states)->lock);
    free(*states);
    *states = NULL;
}
