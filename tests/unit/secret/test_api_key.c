/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secret/api_key.h"

static void check_current(const char *row, struct api_key *key, const char *want)
{
    const struct secret *secret = api_key_acquire(key);

    check_text(row, secret_text(secret), want);
    secret_release(&secret);
}

static void check_refused(const char *row,
                          bool (*make)(const char *value, struct api_key **key_out,
                                       struct error *err),
                          const char *value, const char *want)
{
    struct error err;
    struct api_key *key = (struct api_key *)&err;

    check_true(row, !make(value, &key, &err));
    check_true(row, key == NULL);
    check_error(row, &err, ERROR_REFUSED, "", want);
}

/* ---- where it comes from ---- */

static void text_is_a_source(void **state)
{
    struct api_key *key = NULL;
    struct error err;

    (void)state;
    assert_true(api_key_new_from_text("TopSecret", &key, &err));
    check_current("text", key, "TopSecret");
    api_key_free(&key);
    check_true("cleared", key == NULL);
    api_key_free(&key);
    check_refused("no key", api_key_new_from_text, "Top Secret",
                  "is not a key: one line of printable ASCII without spaces");
}

static void a_file_is_a_source(void **state)
{
    struct api_key *key;
    struct error err;

    (void)state;
    unit_write_file("key", "TopSecret\n", 0600);
    assert_true(api_key_new_from_file("key", &key, &err));
    check_current("file", key, "TopSecret");
    api_key_free(&key);
    check_refused("no file", api_key_new_from_file, "none",
                  "none: No such file or directory");
}

/* Of this process, as others may read it (proc(5)). */
static bool environment_has(const char *text)
{
    FILE *file = fopen("/proc/self/environ", "r");
    size_t length = strlen(text), used;
    char content[65536];

    assert_non_null(file);
    used = fread(content, 1, sizeof content, file);
    fclose(file);
    return memmem(content, used, text, length) != NULL;
}

static void a_variable_is_a_source(void **state)
{
    struct api_key *first, *second;
    struct error err;

    (void)state;
    assert_true(environment_has("TEST_KEY=Env1ron-key"));
    assert_true(api_key_new_from_environment("TEST_KEY", &first, &err));
    check_current("first", first, "Env1ron-key");
    check_true("not in /proc", !environment_has("Env1ron"));
    check_true("its name alone", environment_has("TEST_KEY="));
    check_true("others stay", environment_has("TEST_KEY_2=Other-key"));
    assert_true(api_key_new_from_environment("TEST_KEY", &second, &err));
    check_current("a second customer, or a reload", second, "Env1ron-key");
    api_key_free(&first);
    api_key_free(&second);
    assert_true(api_key_new_from_environment("TEST_KEY", &first, &err));
    check_current("when nobody had it meanwhile", first, "Env1ron-key");
    api_key_free(&first);
}

static void a_variable_without_a_key_is_refused(void **state)
{
    static const struct {
        const char *name, *want;
    } rows[] = {
        {"NO_KEY", "the environment variable NO_KEY is not set or is empty"},
        {"EMPTY_KEY", "the environment variable EMPTY_KEY is not set or is empty"},
        {"BAD_KEY", "BAD_KEY is not a key: one line of printable ASCII without spaces"},
        {"", "the environment variable  is not set or is empty"},
        {"TEST_KEY_2=Other-key",
         "the environment variable TEST_KEY_2=Other-key is not set or is empty"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_refused(rows[i].name, api_key_new_from_environment, rows[i].name,
                      rows[i].want);
    check_true("what is nearly a key is overwritten too", !environment_has("b4d key"));
}

static void a_credential_is_a_source(void **state)
{
    struct api_key *key;
    struct error err;
    char folder[4096];

    (void)state;
    assert_int_equal(mkdir("credentials", 0700), 0);
    snprintf(folder, sizeof folder, "%s/credentials", unit_folder());
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
    unit_write_file("credentials/greenfield", "TopSecret", 0400);
    unit_write_file("outside", "TopSecret", 0400);
    assert_true(api_key_new_from_credential("greenfield", &key, &err));
    check_current("credential", key, "TopSecret");
    api_key_free(&key);
    for (size_t i = 0; i < 5; i++) {
        static const char *const names[] = {"", ".", "..", "../outside", "/outside"};
        char want[80];

        snprintf(want, sizeof want, "\"%s\" is not the name of a credential", names[i]);
        check_refused(names[i], api_key_new_from_credential, names[i], want);
    }
    strcat(folder, "/none: No such file or directory");
    check_refused("missing", api_key_new_from_credential, "none", folder);
}

static void without_systemd_there_are_no_credentials(void **state)
{
    static const char *const folders[] = {NULL, "", "credentials"};

    (void)state;
    for (size_t i = 0; i < COUNT(folders); i++) {
        unsetenv("CREDENTIALS_DIRECTORY");
        if (folders[i])
            setenv("CREDENTIALS_DIRECTORY", folders[i], 1);
        check_refused(folders[i] ? folders[i] : "not set", api_key_new_from_credential,
                      "greenfield",
                      "greenfield: systemd passes no credentials to this process "
                      "(CREDENTIALS_DIRECTORY is not set): is LoadCredential= in its "
                      "unit?");
    }
}

/* ---- renewal ---- */

static void a_refused_key_is_read_again(void **state)
{
    static const struct {
        const char *name, *text;
        mode_t mode;
        enum api_key_renewal want;
        const char *want_current;
    } rows[] = {
        {"the same", "First\n", 0600, API_KEY_SAME, "First"},
        {"the same without its line end", "First", 0600, API_KEY_SAME, "First"},
        {"empty, half written", "", 0600, API_KEY_UNREADABLE, "First"},
        {"the same reason is no news", "", 0600, API_KEY_SAME, "First"},
        {"others may read it", "Second\n", 0644, API_KEY_UNREADABLE, "First"},
        {"two lines", "First\nSecond\n", 0600, API_KEY_UNREADABLE, "First"},
        {"another", "Second\n", 0600, API_KEY_RENEWED, "Second"},
        {"back again", "First\n", 0600, API_KEY_RENEWED, "First"},
        {"empty, since it could be read", "", 0600, API_KEY_UNREADABLE, "First"},
    };
    struct api_key *key;
    struct error err;

    (void)state;
    unit_write_file("key", "First\n", 0600);
    assert_true(api_key_new_from_file("key", &key, &err));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct secret *refused = api_key_acquire(key);

        unit_write_file("key", rows[i].text, rows[i].mode);
        memset(&err, 0, sizeof err);
        check_number(rows[i].name, api_key_renew(key, refused, &err), rows[i].want);
        check_current(rows[i].name, key, rows[i].want_current);
        if (rows[i].want != API_KEY_SAME)
            check_true(rows[i].name,
                       (*err.text != '\0') == (rows[i].want == API_KEY_UNREADABLE));
        secret_release(&refused);
    }
    api_key_free(&key);
}

/* For an administrator to find it. */
static void its_source_is_named(void **state)
{
    struct api_key *file, *text, *variable, *credential;
    struct error err;

    (void)state;
    unit_write_file("key", "TopSecret\n", 0600);
    setenv("CREDENTIALS_DIRECTORY", unit_folder(), 1);
    setenv("SOURCE_KEY", "TopSecret", 1);
    assert_true(api_key_new_from_file("key", &file, &err));
    assert_true(api_key_new_from_text("TopSecret", &text, &err));
    assert_true(api_key_new_from_environment("SOURCE_KEY", &variable, &err));
    assert_true(api_key_new_from_credential("key", &credential, &err));
    unsetenv("CREDENTIALS_DIRECTORY");

    check_text("file", api_key_source(file), "api-key-file key");
    check_text("text, which is the key itself", api_key_source(text), "api-key");
    check_text("variable", api_key_source(variable), "api-key-env SOURCE_KEY");
    check_text("credential", api_key_source(credential), "api-key-credential key");
    check_true("what has a file can be read again",
               api_key_is_renewable(file) && api_key_is_renewable(credential) &&
                   !api_key_is_renewable(text) && !api_key_is_renewable(variable));
    api_key_free(&file);
    api_key_free(&text);
    api_key_free(&variable);
    api_key_free(&credential);
}

static uint64_t current_serial(struct api_key *key)
{
    const struct secret *secret = api_key_acquire(key);
    uint64_t serial = secret_serial(secret);

    secret_release(&secret);
    return serial;
}

/* So that a reload changes nothing for a key that stays the same. */
static void the_same_key_is_shared(void **state)
{
    static const struct {
        const char *name, *text;
        bool is_shared;
    } rows[] = {{"the same", "First", true}, {"another", "Second", false}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct api_key *older, *key;
        uint64_t serial;
        struct error err;

        assert_true(api_key_new_from_text("First", &older, &err));
        assert_true(api_key_new_from_text(rows[i].text, &key, &err));
        serial = current_serial(older);
        api_key_share(key, older);
        api_key_free(&older);
        check_true(rows[i].name, (current_serial(key) == serial) == rows[i].is_shared);
        check_current(rows[i].name, key, rows[i].text);
        api_key_free(&key);
    }
}

static void a_key_that_was_renewed_is_not_read_again(void **state)
{
    const struct secret *refused;
    struct api_key *key;
    struct error err;
    char text[] = "First Second";

    (void)state;
    unit_write_file("key", "First\n", 0600);
    assert_true(api_key_new_from_file("key", &key, &err));
    refused = api_key_acquire(key);
    unit_write_file("key", "Second\n", 0600);
    check_number("first", api_key_renew(key, refused, &err), API_KEY_RENEWED);
    secret_release(&refused);
    secret_mask_known(text, sizeof text, 1);
    check_text("both are masked", text, "***** ******");
    assert_true(secret_from_text("First", &refused, &err));
    assert_int_equal(unlink("key"), 0);
    check_number("later", api_key_renew(key, refused, &err), API_KEY_IS_ANOTHER);
    secret_release(&refused);
    refused = api_key_acquire(key);
    check_number("the new one", api_key_renew(key, refused, &err), API_KEY_UNREADABLE);
    api_key_free(&key);
    check_text("it lives as long as somebody has it", secret_text(refused), "Second");
    secret_release(&refused);
}

static void other_sources_have_no_other_key(void **state)
{
    const struct secret *refused;
    struct api_key *key;
    struct error err;

    (void)state;
    assert_true(api_key_new_from_text("TopSecret", &key, &err));
    refused = api_key_acquire(key);
    check_number("text", api_key_renew(key, refused, &err), API_KEY_SAME);
    secret_release(&refused);
    api_key_free(&key);
    assert_true(api_key_new_from_environment("TEST_KEY", &key, &err));
    refused = api_key_acquire(key);
    check_number("environment", api_key_renew(key, refused, &err), API_KEY_SAME);
    secret_release(&refused);
    api_key_free(&key);
}

/* ---- threads ---- */

enum { THREADS = 20 };

struct renewing {
    struct api_key *key;
    pthread_barrier_t *start;
    enum api_key_renewal renewal;
};

static void *renew(void *data)
{
    struct renewing *renewing = data;
    const struct secret *refused = api_key_acquire(renewing->key);
    struct error err;

    pthread_barrier_wait(renewing->start);
    renewing->renewal = api_key_renew(renewing->key, refused, &err);
    secret_release(&refused);
    return NULL;
}

static void one_of_many_threads_reads(void **state)
{
    struct renewing renewing[THREADS];
    pthread_t threads[THREADS];
    pthread_barrier_t start;
    struct api_key *key;
    struct error err;
    unsigned renewed = 0;

    (void)state;
    unit_write_file("key", "First\n", 0600);
    assert_true(api_key_new_from_file("key", &key, &err));
    pthread_barrier_init(&start, NULL, THREADS + 1);
    for (size_t i = 0; i < THREADS; i++) {
        renewing[i] = (struct renewing){key, &start, API_KEY_SAME};
        assert_int_equal(pthread_create(&threads[i], NULL, renew, &renewing[i]), 0);
    }
    unit_write_file("new", "Second\n", 0600);
    assert_int_equal(rename("new", "key"), 0);
    pthread_barrier_wait(&start);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        renewed += renewing[i].renewal == API_KEY_RENEWED;
        check_true("all have it", renewing[i].renewal == API_KEY_RENEWED ||
                                      renewing[i].renewal == API_KEY_IS_ANOTHER);
    }
    check_number("renewed once", renewed, 1);
    check_current("current", key, "Second");
    pthread_barrier_destroy(&start);
    api_key_free(&key);
}

int main(int argc, char **argv)
{
    char *const variables[] = {
        (char[]){"TEST_KEY=Env1ron-key"}, (char[]){"TEST_KEY_2=Other-key"},
        (char[]){"EMPTY_KEY="},           (char[]){"BAD_KEY=b4d key"},
        (char[]){"TEST_KEY=Env1ron-key"}, NULL};
    const struct CMUnitTest tests[] = {
        UNIT_TEST(text_is_a_source),
        UNIT_TEST(a_file_is_a_source),
        UNIT_TEST(a_variable_is_a_source),
        UNIT_TEST(a_variable_without_a_key_is_refused),
        UNIT_TEST(a_credential_is_a_source),
        UNIT_TEST(without_systemd_there_are_no_credentials),
        UNIT_TEST(a_refused_key_is_read_again),
        UNIT_TEST(its_source_is_named),
        UNIT_TEST(the_same_key_is_shared),
        UNIT_TEST(a_key_that_was_renewed_is_not_read_again),
        UNIT_TEST(other_sources_have_no_other_key),
        UNIT_TEST(one_of_many_threads_reads),
    };

    /* Only what a program is started with shows in /proc. */
    if (argc == 1) {
        execve(argv[0], (char *const[]){argv[0], (char[]){"again"}, NULL}, variables);
        return 1;
    }
    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
