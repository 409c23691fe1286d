/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "secret/secret.h"

static void a_key_file_is_read(void **state)
{
    static const struct {
        const char *name, *text;
        mode_t mode;
        const char *want;
    } rows[] = {
        {"no line end", "Key/+=", 0600, "Key/+="},
        {"LF", "Key\n", 0600, "Key"},
        {"CR LF", "Key\r\n", 0600, "Key"},
        {"its group may read", "Key\n", 0640, "Key"},
        {"read-only", "Key\n", 0400, "Key"},
        {"the first and last printable character", "!~\n", 0600, "!~"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct secret *secret;
        struct error err;

        unit_write_file("key", rows[i].text, rows[i].mode);
        if (!secret_from_file("key", &secret, &err)) {
            check_text(rows[i].name, err.text, "no error");
            continue;
        }
        check_text(rows[i].name, secret_text(secret), rows[i].want);
        secret_release(&secret);
        check_true(rows[i].name, secret == NULL);
        secret_release(&secret);
    }
}

#define NO_KEY "key is not a key: one line of printable ASCII without spaces"
#define BAD_MODE(mode)                                                                 \
    "key has mode " mode ": a key file must not be readable by others or writable by " \
    "its group (chmod 0640)"

static void a_wrong_key_file_is_refused(void **state)
{
    static const struct {
        const char *name, *text;
        mode_t mode;
        const char *want;
    } rows[] = {
        {"empty", "", 0600, NO_KEY},
        {"only a line end", "\r\n", 0600, NO_KEY},
        {"a second line", "TopSecret\nTopSecret\n", 0600, NO_KEY},
        {"an empty first line", "\nTopSecret\n", 0600, NO_KEY},
        {"a space before", " TopSecret", 0600, NO_KEY},
        {"a space behind", "TopSecret \n", 0600, NO_KEY},
        {"a tab", "Top\tSecret", 0600, NO_KEY},
        {"a byte order mark", "\xEF\xBB\xBFTopSecret\n", 0600, NO_KEY},
        {"Latin-1", "TopSecr\xE9t", 0600, NO_KEY},
        {"DEL", "TopSecret\177", 0600, NO_KEY},
        {"others may read", "TopSecret", 0644, BAD_MODE("0644")},
        {"others may write", "TopSecret", 0602, BAD_MODE("0602")},
        {"its group may write", "TopSecret", 0660, BAD_MODE("0660")},
        {"others may read, all bits told", "TopSecret", 04604, BAD_MODE("4604")},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct secret *secret = (const struct secret *)&errno;
        struct error err;

        unit_write_file("key", rows[i].text, rows[i].mode);
        check_true(rows[i].name, !secret_from_file("key", &secret, &err));
        check_true(rows[i].name, secret == NULL);
        check_error(rows[i].name, &err, ERROR_REFUSED, "", rows[i].want);
        check_true(rows[i].name, !strstr(err.text, "ecr"));
    }
}

static void check_refused(const char *row, const char *path, const char *want)
{
    const struct secret *secret;
    struct error err;

    check_true(row, !secret_from_file(path, &secret, &err));
    check_true(row, secret == NULL);
    check_text(row, err.text, want);
}

#define OF_CONTAINER                                                                  \
    "; where a container's secret is defined, set its mode to 0440 and its group to " \
    "the daemon's group, or pass it in a variable that api-key-env names"

static void a_secret_of_a_container_gets_advice(void **state)
{
    (void)state;
    unit_write_file("mounted", "TopSecret\n", 0444);
    check_refused("nobody may write it", "mounted",
                  "mounted has mode 0444: a key file must not be readable by others or "
                  "writable by its group (chmod 0640)" OF_CONTAINER);
    unlink("mounted");
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    unit_write_file("open", "TopSecret\n", 0644);
    assert_int_equal(symlink("open", "link-to-open"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    check_refused("directory", "folder", "folder is not a regular file");
    check_refused("a FIFO, without waiting for a writer", "fifo",
                  "fifo is not a regular file");
    check_refused("a device", "/dev/null", "/dev/null is not a regular file");
    check_refused("missing", "missing", "missing: No such file or directory");
    check_refused("dangling link", "dangling", "dangling: No such file or directory");
    check_refused("link to itself", "loop", "loop: Too many levels of symbolic links");
    check_refused("empty path", "", ": No such file or directory");
    check_refused("a link is judged by the file behind it", "link-to-open",
                  "link-to-open has mode 0644: a key file must not be readable by "
                  "others or writable by its group (chmod 0640)");
}

/* Secrets of systemd and of Kubernetes are links. */
static void a_link_to_a_good_file_is_followed(void **state)
{
    const struct secret *secret;
    struct error err;

    (void)state;
    unit_write_file("good", "TopSecret\n", 0400);
    assert_int_equal(symlink("good", "link-to-good"), 0);
    assert_true(secret_from_file("link-to-good", &secret, &err));
    check_text("link", secret_text(secret), "TopSecret");
    secret_release(&secret);
}

static void a_key_has_a_greatest_length(void **state)
{
    static const struct {
        const char *name;
        size_t length;
        const char *end;
        bool is_key;
    } rows[] = {
        {"the longest", SECRET_MAX_BYTES, "", true},
        {"the longest with LF", SECRET_MAX_BYTES, "\n", true},
        {"the longest with CR LF", SECRET_MAX_BYTES, "\r\n", true},
        {"one more", SECRET_MAX_BYTES + 1, "", false},
        {"one more with LF", SECRET_MAX_BYTES + 1, "\n", false},
        {"one more with CR LF", SECRET_MAX_BYTES + 1, "\r\n", false},
        {"two more", SECRET_MAX_BYTES + 2, "", false},
        {"a large file", 100 * SECRET_MAX_BYTES, "\n", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *key = unit_repeat("k", rows[i].length);
        char *text = NULL;
        const struct secret *secret;
        struct error err;
        bool is_key;

        assert_true(asprintf(&text, "%s%s", key, rows[i].end) >= 0);
        unit_write_file("key", text, 0600);
        is_key = secret_from_file("key", &secret, &err);
        check_true(rows[i].name, is_key == rows[i].is_key);
        if (is_key)
            check_number(rows[i].name, (long long)strlen(secret_text(secret)),
                         (long long)rows[i].length);
        else
            check_text(rows[i].name, err.text, "key is too long for a key");
        secret_release(&secret);
        free(key);
        free(text);
    }
}

static void a_key_is_masked(void **state)
{
    static const struct {
        const char *name, *key, *text, *want;
    } rows[] = {
        {"not there", "abc", "ab cab", "ab cab"},
        {"the whole text", "abc", "abc", "***"},
        {"twice, side by side", "abc", "abcabc", "******"},
        {"in the middle", "abc", "x=abc;", "x=***;"},
        {"behind a false start", "aab", "aaab", "a***"},
        {"half of it at the end", "abc", "xab", "xab"},
        {"case counts", "abc", "ABC", "ABC"},
        {"empty text", "abc", "", ""},
        {"slash as it is", "a/b", "[a/b]", "[***]"},
        {"slash as JSON writes it", "a/b", "[a\\/b]", "[****]"},
        {"quote as JSON writes it", "a\"b", "[a\\\"b]", "[****]"},
        {"quote as it is", "a\"b", "[a\"b]", "[***]"},
        {"backslash as it is", "a\\b", "[a\\b]", "[***]"},
        {"backslash as JSON writes it", "a\\b", "[a\\\\b]", "[****]"},
        {"two backslashes as they are", "a\\\\b", "[a\\\\b]", "[****]"},
        {"two backslashes as JSON writes them", "a\\\\b", "[a\\\\\\\\b]", "[******]"},
        {"backslash at the end as it is", "ab\\", "[ab\\]", "[***]"},
        {"slash as \\u002f", "a/b", "[a\\u002fb]", "[********]"},
        {"plus as .NET writes it", "a+b", "[a\\u002Bb]", "[********]"},
        {"a letter as \\u0061", "abc", "[\\u0061bc]", "[********]"},
        {"text that ends in a backslash", "abc", "ab\\", "ab\\"},
        {"text that ends in a cut escape", "a+b", "a\\u00", "a\\u00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = strdup(rows[i].text);
        const struct secret *secret;
        struct error err;

        assert_true(secret_from_text(rows[i].key, &secret, &err));
        secret_mask(secret, text, SIZE_MAX);
        check_text(rows[i].name, text, rows[i].want);
        secret_release(&secret);
        free(text);
    }
}

static void a_key_is_masked_where_it_begins(void **state)
{
    char text[] = "abcabcabc";
    const struct secret *secret;
    struct error err;

    (void)state;
    assert_true(secret_from_text("abc", &secret, &err));
    secret_mask(secret, text, 4);
    check_text("in the first four octets", text, "******abc");
    secret_release(&secret);
}

/* How many octets strspn() and strcspn() read. The linker (option --wrap) puts these
 * in the place of the C library's. */
static size_t octets_seen;

size_t __real_strspn(const char *text, const char *accepted);
size_t __real_strcspn(const char *text, const char *rejected);
size_t __wrap_strspn(const char *text, const char *accepted);
size_t __wrap_strcspn(const char *text, const char *rejected);

size_t __wrap_strspn(const char *text, const char *accepted)
{
    size_t length = __real_strspn(text, accepted);

    octets_seen += length + 1;
    return length;
}

size_t __wrap_strcspn(const char *text, const char *rejected)
{
    size_t length = __real_strcspn(text, rejected);

    octets_seen += length + 1;
    return length;
}

/* Masks the key after this many backslashes. Returns how many octets were looked at. */
static size_t mask_behind_backslashes(const struct secret *secret, size_t count)
{
    char *text = unit_repeat("\\", count);

    memcpy(text + count - 10, "xTopSecret", 10);
    octets_seen = 0;
    secret_mask(secret, text, count);
    check_text("the key behind them", text + count - 10, "x*********");
    free(text);
    return octets_seen;
}

/* The texts that take longest to search, up to the size of the largest answer of the
 * API. */
static void four_times_the_backslashes_are_four_times_the_work(void **state)
{
    enum { FEW = 4 * 1024, ANSWER_BYTES = 1024 * 1024 };
    const struct secret *secret;
    struct error err;
    size_t few, more;

    (void)state;
    assert_true(secret_from_text("TopSecret", &secret, &err));
    few = mask_behind_backslashes(secret, FEW);
    more = mask_behind_backslashes(secret, 4 * FEW);
    assert_true(few >= FEW);
    assert_true(more <= 4 * few);
    mask_behind_backslashes(secret, ANSWER_BYTES);
    secret_release(&secret);
}

static void all_keys_that_live_are_masked(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"each of them", "Alpha Beta Gam\\ma", "***** **** ******"},
        {"escaped", "\\u0041lpha \\u0042eta", "********** *********"},
        {"none", "alpha", "alpha"},
    };
    static const char *const keys[] = {"Alpha", "Beta", "Gam\\ma"};
    const struct secret *secrets[COUNT(keys)], *second;
    char first[] = "Alpha Beta Gam\\ma";
    char longer[] = "Alpha Beta Gam\\ma";
    char last[] = "Alpha Beta Gam\\ma", released[] = "Alpha Beta Gam\\ma";
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(keys); i++)
        assert_true(secret_from_text(keys[i], &secrets[i], &err));
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = strdup(rows[i].text);

        secret_mask_known(text, SIZE_MAX, 1);
        check_text(rows[i].name, text, rows[i].want);
        free(text);
    }
    secret_mask_known(longer, SIZE_MAX, 5);
    check_text("those that are long enough", longer, "***** Beta ******");
    second = secret_acquire(secrets[1]); /* the one between the others */
    secret_release(&secrets[1]);
    secret_release(&secrets[0]);
    secret_mask_known(last, SIZE_MAX, 1);
    check_text("one with a reference left", last, "Alpha **** ******");
    secret_release(&secrets[2]);
    secret_mask_known(first, SIZE_MAX, 1);
    check_text("the one before it is gone", first, "Alpha **** Gam\\ma");
    secret_release(&second);
    secret_mask_known(released, SIZE_MAX, 1);
    check_text("none is left", released, "Alpha Beta Gam\\ma");
}

static void keys_are_compared(void **state)
{
    static const struct {
        const char *a, *b;
        bool is_same;
    } rows[] = {{"Key", "Key", true}, {"Key", "key", false}, {"Key", "Keys", false}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct secret *a, *b;
        struct error err;

        assert_true(secret_from_text(rows[i].a, &a, &err));
        assert_true(secret_from_text(rows[i].b, &b, &err));
        check_true(rows[i].b, secret_is_same(a, b) == rows[i].is_same);
        check_true("each has a serial of its own",
                   secret_serial(a) != secret_serial(b));
        secret_release(&a);
        secret_release(&b);
    }
}

static void change_owner(const char *name, uid_t uid)
{
    if (chown(name, uid, (gid_t)-1) < 0)
        fail_msg("chown %s: %s", name, strerror(errno));
}

/* The owner of a file can restore its mode, and write any key into it. */
static void a_file_of_another_user_is_refused(void **state)
{
    const struct secret *secret;
    struct error err;
    char want[256];

    (void)state;
    if (geteuid() != 0)
        skip(); /* only root can give a file away */
    unit_write_file("foreign", "TopSecret\n", 0640);
    change_owner("foreign", 4711);
    snprintf(want, sizeof want,
             "foreign belongs to user 4711: a key file must belong to root or to the "
             "user that sms-milter runs as (here 0)");
    check_refused("another user's", "foreign", want);
    assert_int_equal(chmod(".", 0711), 0);
    assert_int_equal(seteuid(4711), 0);
    check_true("our own", secret_from_file("foreign", &secret, &err));
    secret_release(&secret);
    assert_int_equal(seteuid(0), 0);
    change_owner("foreign", 0);
    assert_int_equal(chown("foreign", 0, 4711), 0);
    assert_int_equal(setegid(4711), 0);
    assert_int_equal(seteuid(4711), 0);
    check_true("root's, by its group", secret_from_file("foreign", &secret, &err));
    secret_release(&secret);
    assert_int_equal(seteuid(0), 0);
    assert_int_equal(setegid(0), 0);
}

static void text_that_is_no_key_is_refused(void **state)
{
    static const char *const texts[] = {"", " ", "Top Secret", "TopSecret\n", "\xFF"};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        const struct secret *secret;
        struct error err;

        check_true(texts[i], !secret_from_text(texts[i], &secret, &err));
        check_true(texts[i], secret == NULL);
        check_text(texts[i], err.text,
                   "is not a key: one line of printable ASCII without spaces");
    }
}

static void memory_is_wiped(void **state)
{
    char memory[] = "TopSecret";
    static const char zeros[sizeof memory];

    (void)state;
    secret_wipe(memory, sizeof memory);
    assert_memory_equal(memory, zeros, sizeof memory);
    secret_wipe(NULL, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_key_file_is_read),
        UNIT_TEST(a_wrong_key_file_is_refused),
        UNIT_TEST(a_secret_of_a_container_gets_advice),
        UNIT_TEST(what_is_no_file_is_refused),
        UNIT_TEST(a_link_to_a_good_file_is_followed),
        UNIT_TEST(a_key_has_a_greatest_length),
        UNIT_TEST(a_key_is_masked),
        UNIT_TEST(a_key_is_masked_where_it_begins),
        UNIT_TEST(four_times_the_backslashes_are_four_times_the_work),
        UNIT_TEST(all_keys_that_live_are_masked),
        UNIT_TEST(keys_are_compared),
        UNIT_TEST(a_file_of_another_user_is_refused),
        UNIT_TEST(text_that_is_no_key_is_refused),
        UNIT_TEST(memory_is_wiped),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
