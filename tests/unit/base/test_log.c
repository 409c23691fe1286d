/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { CAPTURE_SIZE = 256 * 1024 };

static char captured[CAPTURE_SIZE];
static int real_stderr, file;

static void begin_capture(void)
{
    real_stderr = dup(STDERR_FILENO);
    file = open("log", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
    assert_true(real_stderr >= 0 && file >= 0);
    dup2(file, STDERR_FILENO);
}

static const char *end_capture(void)
{
    ssize_t length;

    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    length = pread(file, captured, sizeof captured - 1, 0);
    assert_true(length >= 0);
    captured[length] = '\0';
    close(file);
    return captured;
}

static void open_log(const char *program, bool is_under_systemd)
{
    if (is_under_systemd)
        setenv("JOURNAL_STREAM", "8:1234", 1);
    else
        unsetenv("JOURNAL_STREAM");
    log_open(program);
}

static void a_line_has_its_form(void **state)
{
    (void)state;
    open_log("tester", false);
    begin_capture();
    log_error("%s=%d", "a", 1);
    log_warning("b");
    log_info("c");
    errno = EACCES;
    log_errno("open %s", "/x");
    check_text("with the program's name", end_capture(),
               "tester: a=1\ntester: b\ntester: c\ntester: open /x: Permission "
               "denied\n");
    open_log("tester", true);
    begin_capture();
    log_error("a");
    log_warning("b");
    log_info("c");
    check_text("with sd-daemon(3) priorities", end_capture(), "<3>a\n<4>b\n<6>c\n");
}

static void nobody_forges_a_line(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"LF", "a\nsms-milter: outcome=sent", "t: a?sms-milter: outcome=sent\n"},
        {"CR LF", "a\r\nb", "t: a??b\n"},
        {"escape sequence", "\033[2Jx", "t: ?[2Jx\n"},
        {"tab and delete", "a\tb\177", "t: a?b?\n"},
        {"C1 control sequence introducer", "\xC2\x9Bm", "t: ?m\n"},
        {"line separator",
         "a\xE2\x80\xA8"
         "b",
         "t: a?b\n"},
        {"half a character", "a\xC3", "t: a?\n"},
        {"surrogate", "\xED\xA0\x80", "t: ???\n"},
        {"a priority", "<0>x", "t: <0>x\n"},
        {"a format", "%s%n", "t: %s%n\n"},
        {"a name with an accent stays", "Zo\xC3\xAB", "t: Zo\xC3\xAB\n"},
    };

    (void)state;
    open_log("t", false);
    for (size_t i = 0; i < COUNT(rows); i++) {
        begin_capture();
        log_info("%s", rows[i].text);
        check_text(rows[i].name, end_capture(), rows[i].want);
    }
}

/* One line feed, at the end, whatever the lengths. */
static void check_one_line(const char *row, const char *line, const char *prefix)
{
    size_t length = strlen(line);

    check_true(row, length > 0 && strchr(line, '\n') == line + length - 1);
    check_true(row, strncmp(line, prefix, strlen(prefix)) == 0);
    check_true(row, strspn(line + strlen(prefix), "xy\n: ") + strlen(prefix) == length);
}

static void a_long_line_is_cut_and_ended(void **state)
{
    char *text = unit_repeat("x", 20000);
    char *program = unit_repeat("y", 200);

    (void)state;
    open_log("t", false);
    begin_capture();
    log_error("%s", text);
    check_one_line("long text", end_capture(), "t: x");
    open_log(program, false);
    begin_capture();
    log_error("%s", text);
    check_one_line("long program name as well", end_capture(), "yyy");
    free(text);
    free(program);
}

enum { THREADS = 8, LINES = 100 };

static void *log_lines(void *data)
{
    for (int i = 0; i < LINES; i++)
        log_info("%s", (const char *)data);
    return NULL;
}

static void lines_of_threads_do_not_mix(void **state)
{
    char *text = unit_repeat("x", 200);
    pthread_t threads[THREADS];
    const char *at;
    size_t lines = 0;

    (void)state;
    open_log("t", false);
    begin_capture();
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, log_lines, text), 0);
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (at = end_capture(); strncmp(at, "t: ", 3) == 0; lines++) {
        size_t length = strspn(at + 3, "x");

        if (length != 200 || at[3 + length] != '\n')
            break;
        at += 3 + length + 1;
    }
    check_number("whole lines", (long long)lines, THREADS * LINES);
    check_text("nothing behind them", at, "");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_line_has_its_form),
        UNIT_TEST(nobody_forges_a_line),
        UNIT_TEST(a_long_line_is_cut_and_ended),
        UNIT_TEST(lines_of_threads_do_not_mix),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
