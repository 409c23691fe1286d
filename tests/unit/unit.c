/* SPDX-License-Identifier: ISC */
#include "unit.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config/config_file.h"

static unsigned failed_rows;
static char folder[] = "/tmp/sms-milter-unit-XXXXXX";
static pid_t folder_owner;

static void tell(const char *row, const char *got, const char *want)
{
    failed_rows++;
    print_error("row:  %s\n got:  %s\n want: %s\n", row, got, want);
}

void check_text(const char *row, const char *got, const char *want)
{
    bool is_equal = got && want ? strcmp(got, want) == 0 : got == want;

    if (!is_equal)
        tell(row, got ? got : "(NULL)", want ? want : "(NULL)");
}

void check_number(const char *row, long long got, long long want)
{
    char got_text[32], want_text[32];

    if (got == want)
        return;
    snprintf(got_text, sizeof got_text, "%lld", got);
    snprintf(want_text, sizeof want_text, "%lld", want);
    tell(row, got_text, want_text);
}

void check_true(const char *row, bool is_so)
{
    if (!is_so)
        tell(row, "false", "true");
}

static const char *name_kind(enum error_kind kind)
{
    switch (kind) {
    case ERROR_REFUSED:
        return "refused";
    case ERROR_TEMPORARY:
        return "temporary";
    case ERROR_UNCERTAIN:
        return "uncertain";
    }
    return "of no kind";
}

void check_error(const char *row, const struct error *err, enum error_kind want_kind,
                 const char *want_status, const char *want_text)
{
    check_text(row, name_kind(err->kind), name_kind(want_kind));
    check_text(row, err->status, want_status);
    if (want_text)
        check_text(row, err->text, want_text);
}

int unit_end_test(void **state)
{
    unsigned failed = failed_rows;

    (void)state;
    failed_rows = 0;
    return failed > 0 ? -1 : 0;
}

static int remove_entry(const char *path, const struct stat *st, int type,
                        struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path);
}

/* When a forked child ends, the folder of the test must stay. */
static void remove_folder(void)
{
    if (getpid() == folder_owner)
        nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

void unit_enter_folder(void)
{
    if (!mkdtemp(folder) || chdir(folder) != 0) {
        perror(folder);
        exit(EXIT_FAILURE);
    }
    folder_owner = getpid();
    atexit(remove_folder);
}

const char *unit_folder(void)
{
    return folder;
}

void unit_write_file(const char *name, const char *text, mode_t mode)
{
    size_t length = strlen(text);
    int fd;

    unlink(name);
    fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, text, length) != (ssize_t)length || fchmod(fd, mode) != 0)
        fail_msg("cannot write %s", name);
    close(fd);
}

bool unit_load(const char *text, const struct config **config_out, struct error *err)
{
    unit_write_file("main.conf", text, 0600);
    return config_load("main.conf", config_out, err);
}

const struct config *unit_load_good(const char *text)
{
    const struct config *config;
    struct error err;

    if (!unit_load(text, &config, &err))
        fail_msg("%s", err.text);
    return config;
}

struct raw_mail unit_read_mail(const char *octets, size_t size_bytes)
{
    /* A copy of exactly this size, so that a read beyond its end is detected. */
    char *copy = malloc(size_bytes ? size_bytes : 1);
    struct raw_mail mail;

    assert_non_null(copy);
    memcpy(copy, octets, size_bytes);
    assert_true(raw_mail_read(copy, size_bytes, SIZE_MAX, &mail));
    free(copy);
    return mail;
}

struct signed_cover unit_signed_cover(const struct mail_header *header,
                                      const char *signer)
{
    struct dkim_signatures signatures;
    struct signed_cover cover;

    dkim_signatures_read(header, &signatures);
    signed_cover_make(header, &signatures, signer, &cover);
    dkim_signatures_free(&signatures);
    return cover;
}

char *unit_repeat(const char *text, size_t count)
{
    size_t length = strlen(text);
    char *repeated = malloc(length * count + 1);

    assert_non_null(repeated);
    for (size_t i = 0; i < count; i++)
        memcpy(repeated + i * length, text, length);
    repeated[length * count] = '\0';
    return repeated;
}

char *unit_join(const struct unit_run runs[UNIT_RUNS])
{
    char *joined = unit_repeat("", 0);

    for (size_t i = 0; i < UNIT_RUNS && runs[i].text; i++) {
        char *more = unit_repeat(runs[i].text, runs[i].count);
        char *longer = NULL;

        assert_true(asprintf(&longer, "%s%s", joined, more) >= 0);
        free(joined);
        free(more);
        joined = longer;
    }
    return joined;
}

int64_t unit_patience_ms(void)
{
    const char *slowness = getenv("SMS_TEST_SLOWNESS");

    return (int64_t)(300000 * (slowness ? strtod(slowness, NULL) : 1));
}

int64_t unit_utc(const char *text)
{
    struct tm tm = {.tm_isdst = 0};
    const char *end = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);

    if (!end || *end)
        fail_msg("%s is no time", text);
    return timegm(&tm);
}

/* ---- the log ---- */

static int real_stderr = -1;

bool unit_log_begin(void)
{
    int file = open("log", O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);

    real_stderr = dup(STDERR_FILENO);
    if (file < 0 || real_stderr < 0)
        return false;
    dup2(file, STDERR_FILENO);
    close(file);
    return true;
}

const char *unit_log_read(void)
{
    static char text[65536];
    int file = open("log", O_RDONLY | O_CLOEXEC);
    ssize_t length = read(file, text, sizeof text - 1);

    close(file);
    text[length > 0 ? length : 0] = '\0';
    return text;
}

void unit_log_end(void)
{
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    fputs(unit_log_read(), stderr);
}

void unit_log_check(const char *what, size_t want)
{
    const char *log = unit_log_read();
    size_t times = 0;

    for (const char *at = strstr(log, what); at; at = strstr(at + 1, what))
        times++;
    check_number(what, (long long)times, (long long)want);
}
