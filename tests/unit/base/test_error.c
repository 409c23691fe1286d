/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void a_failure_is_filled_in_and_returned(void **state)
{
    struct error err;

    (void)state;
    memset(&err, 0xFF, sizeof err);
    assert_false(error_set(&err, ERROR_UNCERTAIN, "4.4.2", "%s %d", "line", 7));
    check_error("kind, status and text", &err, ERROR_UNCERTAIN, "4.4.2", "line 7");
    assert_false(error_set(&err, ERROR_REFUSED, NULL, "no client sees this"));
    check_error("no status", &err, ERROR_REFUSED, "", "no client sees this");
    error_set(&err, ERROR_REFUSED, "5.123.123", "%s", "100% %s %n");
    check_error("arguments are no formats, and the longest status fits", &err,
                ERROR_REFUSED, "5.123.123", "100% %s %n");
}

static void a_detail_is_of_its_error_alone(void **state)
{
    char *text = unit_repeat("x", 3 * ERROR_DETAIL_SIZE);
    struct error err;

    (void)state;
    memset(&err, 0xFF, sizeof err);
    error_set(&err, ERROR_TEMPORARY, "4.4.1", "no connection");
    check_text("none at first", err.detail, "");
    assert_false(error_set_detail(&err, "%s port %d", "192.0.2.1", 443));
    check_text("for the log", err.detail, "192.0.2.1 port 443");
    check_error("the rest stays", &err, ERROR_TEMPORARY, "4.4.1", "no connection");
    error_set_detail(&err, "%s", text);
    check_number("cut", (long long)strlen(err.detail), ERROR_DETAIL_SIZE - 1);
    error_set(&err, ERROR_REFUSED, NULL, "another");
    check_text("gone with the next error", err.detail, "");
    free(text);
}

static void a_long_text_is_cut(void **state)
{
    char *text = unit_repeat("x", 3 * ERROR_TEXT_SIZE);
    struct error err;

    (void)state;
    error_set(&err, ERROR_REFUSED, NULL, "%s", text);
    check_number("length", (long long)strlen(err.text), ERROR_TEXT_SIZE - 1);
    errno = ENOENT;
    error_set_errno(&err, ERROR_REFUSED, NULL, "%s", text);
    check_number("length with errno", (long long)strlen(err.text), ERROR_TEXT_SIZE - 1);
    free(text);
}

static void errno_is_told_in_words(void **state)
{
    struct error err;

    (void)state;
    errno = ENOENT;
    assert_false(error_set_errno(&err, ERROR_TEMPORARY, "4.3.0", "%s", "/a/b"));
    check_error("words of errno", &err, ERROR_TEMPORARY, "4.3.0",
                "/a/b: No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_failure_is_filled_in_and_returned),
        UNIT_TEST(a_detail_is_of_its_error_alone),
        UNIT_TEST(a_long_text_is_cut),
        UNIT_TEST(errno_is_told_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
