/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"

static struct config *make_config(const char *listen)
{
    struct config *config = config_new();

    assert_non_null(config);
    config->listen = strdup(listen);
    return config;
}

static const char *name_of(const struct customer *customer)
{
    return customer ? customer->name : NULL;
}

static void a_list_keeps_copies(void **state)
{
    struct string_list list = {NULL, 0};
    char text[] = "one";

    (void)state;
    assert_true(string_list_add(&list, text));
    text[0] = 'x';
    assert_true(string_list_add(&list, text));
    check_number("count", (long long)list.count, 2);
    check_text("first", list.items[0], "one");
    check_text("second", list.items[1], "xne");
    string_list_free(&list);
    check_number("count", (long long)list.count, 0);
    check_true("items", list.items == NULL);
    string_list_free(&list);
}

static void set_customer(struct customer *customer, const char *name,
                         struct place domains_place, const char *const *domains)
{
    customer->name = strdup(name);
    customer->places.domains = domains_place;
    while (*domains)
        assert_true(string_list_add(&customer->domains, *domains++));
}

static struct config *make_two(const char *const *first, const char *const *second)
{
    struct config *config = make_config("unix:/x");

    config->customers = calloc(2, sizeof *config->customers);
    assert_non_null(config->customers);
    config->customer_count = 2;
    set_customer(&config->customers[0], "first", (struct place){"a.conf", 0, 1}, first);
    set_customer(&config->customers[1], "second", (struct place){"b.conf", 1, 2},
                 second);
    return config;
}

static void a_domain_finds_its_customer(void **state)
{
    static const struct {
        const char *domain;
        bool is_for_subdomains;
        const char *want;
    } rows[] = {
        {"b.example", false, "first"},
        {"b.example", true, "second"},
        {"a.example", false, "second"},
        {"a.example", true, NULL},
        {"c.example", false, NULL},
        {"c.example", true, "first"},
        {"", false, NULL},
        {"z", false, NULL},
        {".b.example", false, NULL},
    };
    const struct config *config = NULL;
    struct config *made =
        make_two((const char *const[]){"b.example", ".c.example", NULL},
                 (const char *const[]){"a.example", ".b.example", NULL});
    struct problem_list problems = {.items = NULL};

    (void)state;
    assert_true(config_index_domains(made, &problems));
    check_true("no problem", problem_list_is_empty(&problems));
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(rows[i].domain,
                   name_of(config_find_domain(made, rows[i].domain,
                                              rows[i].is_for_subdomains)),
                   rows[i].want);
    config = made;
    config_release(&config);
}

static void a_domain_has_one_owner(void **state)
{
    static const struct {
        const char *name;
        const char *first[3], *second[3];
        const char *want;
    } rows[] = {
        {"two customers",
         {"x.example", "a.example"},
         {"a.example", "b.example"},
         "b.conf:2: domains: \"a.example\" of customer \"second\" already belongs to "
         "customer \"first\" (a.conf:1)"},
        {"subdomains of two customers",
         {".a.example"},
         {".a.example"},
         "b.conf:2: domains: \".a.example\" of customer \"second\" already belongs to "
         "customer \"first\" (a.conf:1)"},
        {"twice in one customer",
         {"a.example", "a.example"},
         {"b.example"},
         "a.conf:1: domains: \"a.example\" of customer \"first\" already belongs to "
         "customer \"first\" (a.conf:1)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config *made = make_two(rows[i].first, rows[i].second);
        const struct config *config = made;
        struct problem_list problems = {.items = NULL};
        struct error err = {.text = "no error"};

        check_true(rows[i].name, config_index_domains(made, &problems));
        check_number(rows[i].name, (long long)problems.count, 1);
        problem_list_first(&problems, &err);
        check_error(rows[i].name, &err, ERROR_REFUSED, "", rows[i].want);
        problem_list_free(&problems);
        config_release(&config);
    }
}

static void no_customer_is_no_error(void **state)
{
    struct config *made = make_config("unix:/x");
    const struct config *config = made;
    struct problem_list problems = {.items = NULL};

    (void)state;
    assert_true(config_index_domains(made, &problems));
    check_true("no problem", problem_list_is_empty(&problems));
    check_true("found", config_find_domain(made, "a.example", false) == NULL);
    config_release(&config);
}

static struct config *make_with_keys(const char *first_name, const char *first_key,
                                     const char *second_name, const char *second_key)
{
    struct config *config = make_config("unix:/keys");
    struct error err;

    config->customers = calloc(2, sizeof *config->customers);
    assert_non_null(config->customers);
    config->customer_count = 2;
    config->customers[0].name = strdup(first_name);
    config->customers[1].name = strdup(second_name);
    assert_true(api_key_new_from_text(first_key, &config->customers[0].api_key, &err));
    assert_true(api_key_new_from_text(second_key, &config->customers[1].api_key, &err));
    return config;
}

static uint64_t serial_of(const struct config *config, size_t place)
{
    const struct secret *secret = api_key_acquire(config->customers[place].api_key);
    uint64_t serial = secret_serial(secret);

    secret_release(&secret);
    return serial;
}

/* A value of the same customer, wherever the customer now is in the file. */
static void a_key_that_stays_is_one_secret(void **state)
{
    struct config *made = make_with_keys("a", "KeyA", "b", "KeyB");
    uint64_t a = serial_of(made, 0), b = serial_of(made, 1);

    (void)state;
    config_publish(made);
    made = make_with_keys("b", "KeyB", "a", "KeyA");
    config_publish(made);
    check_true("a, which stands behind b now", serial_of(made, 1) == a);
    check_true("b", serial_of(made, 0) == b);
    made = make_with_keys("a", "Other", "c", "KeyB");
    config_publish(made);
    check_true("another key", serial_of(made, 0) != a);
    check_true("another customer", serial_of(made, 1) != b);
    config_publish(NULL);
}

static void the_current_one_is_shared(void **state)
{
    const struct config *old, *new, *none = NULL;

    (void)state;
    check_true("none at first", config_acquire() == NULL);
    config_release(&none);
    config_publish(make_config("unix:/old"));
    old = config_acquire();
    config_publish(make_config("unix:/new"));
    new = config_acquire();
    check_text("a reference outlives its successor", old->listen, "unix:/old");
    check_text("who comes later gets the new one", new->listen, "unix:/new");
    config_publish(NULL);
    check_text("and outlives the end", new->listen, "unix:/new");
    check_true("nothing is current", config_acquire() == NULL);
    config_release(&old);
    check_true("cleared", old == NULL);
    config_release(&new);
}

enum { THREADS = 8, ROUNDS = 2000 };

static atomic_bool has_garbage;

static void *use_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++) {
        const struct config *config = config_acquire();

        if (!config || strcmp(config->listen, "unix:/x") != 0)
            has_garbage = true;
        config_release(&config);
    }
    return NULL;
}

static void threads_share_it_while_it_changes(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    config_publish(make_config("unix:/x"));
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use_often, NULL), 0);
    for (int i = 0; i < ROUNDS; i++)
        config_publish(make_config("unix:/x"));
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    check_true("every snapshot was whole", !has_garbage);
    config_publish(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_list_keeps_copies),
        UNIT_TEST(a_domain_finds_its_customer),
        UNIT_TEST(a_domain_has_one_owner),
        UNIT_TEST(no_customer_is_no_error),
        UNIT_TEST(a_key_that_stays_is_one_secret),
        UNIT_TEST(the_current_one_is_shared),
        UNIT_TEST(threads_share_it_while_it_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
