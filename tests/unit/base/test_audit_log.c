/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/audit_log.h"
#include "base/log.h"

static struct audit_log *open_good(const char *path)
{
    struct audit_log *log;
    struct error err;

    if (!audit_log_open(path, NULL, &log, &err))
        fail_msg("%s", err.text);
    return log;
}

static bool append(struct audit_log *log, const char *line)
{
    return audit_log_append(log, line, strlen(line));
}

/* Only the latest answer is kept. */
static const char *content_of(const char *path)
{
    static char text[64 * 1024];
    FILE *file = fopen(path, "r");
    size_t length;

    if (!file)
        return NULL;
    length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    return text;
}

static unsigned mode_of(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 ? (unsigned)st.st_mode & 07777 : 0;
}

static void check_open(const char *row, const char *path, const char *group,
                       const char *want)
{
    struct audit_log *log;
    struct error err = {.text = ""};
    bool is_open = audit_log_open(path, group, &log, &err);

    check_true(row, is_open == (*want == '\0') && is_open == !!log);
    check_text(row, err.text, want);
    if (!is_open)
        check_error(row, &err, ERROR_REFUSED, "", want);
    audit_log_close(&log);
    check_true(row, log == NULL);
    audit_log_close(&log);
}

static void a_new_file_is_its_owners_and_its_groups(void **state)
{
    static const mode_t masks[] = {0, 022, 077, 0777};

    (void)state;
    for (size_t i = 0; i < COUNT(masks); i++) {
        mode_t before = umask(masks[i]);

        check_open("new", "new", NULL, "");
        umask(before);
        check_number("mode, whatever umask", mode_of("new"), 0640);
        unlink("new");
    }
}

static void lines_are_appended(void **state)
{
    struct audit_log *log;

    (void)state;
    unit_write_file("file", "old\n", 0600);
    log = open_good("file");
    check_true("first", append(log, "first\n"));
    check_true("second", append(log, "second\n"));
    audit_log_close(&log);
    check_text("behind what is there", content_of("file"), "old\nfirst\nsecond\n");
    check_number("the mode stays", mode_of("file"), 0600);
    log = open_good("file");
    check_true("again", append(log, "third\n"));
    audit_log_close(&log);
    check_text("opened again", content_of("file"), "old\nfirst\nsecond\nthird\n");
}

static void what_is_discarded_leaves_no_file(void **state)
{
    struct audit_log *log;

    (void)state;
    log = open_good("made");
    audit_log_discard(&log);
    check_true("made and empty", log == NULL && access("made", F_OK) != 0);
    audit_log_discard(&log);

    log = open_good("written");
    check_true("written", append(log, "line\n"));
    audit_log_discard(&log);
    check_text("made and written to", content_of("written"), "line\n");

    unit_write_file("old", "", 0600);
    log = open_good("old");
    audit_log_discard(&log);
    check_true("was there", access("old", F_OK) == 0);

    log = open_good("moved");
    assert_int_equal(rename("moved", "away"), 0);
    unit_write_file("moved", "", 0600);
    audit_log_discard(&log);
    check_true("another file of its name", access("moved", F_OK) == 0);
    unlink("old");
}

/* As audit_log_open(), but that nothing is made. */
static void a_look_makes_nothing(void **state)
{
    static const struct {
        const char *name, *path, *group, *want;
    } rows[] = {
        {"nothing there", "look", NULL, ""},
        {"one that is there", "there", NULL, ""},
        {"a link", "link", NULL, "link is a symbolic link; name the file itself"},
        {"a link to nothing", "dangling", NULL,
         "dangling is a symbolic link; name the file itself"},
        {"a FIFO", "fifo", NULL, "fifo is not a regular file"},
        {"a folder", ".", NULL, ". is not a regular file"},
        {"a second name", "second", NULL,
         "second has several names (hard links) or none: use a file with one name"},
        {"open to others", "open", NULL,
         "open has mode 0644: an audit log must not be accessible to others or "
         "writable by its group (chmod 0640)"},
        {"an unknown group", "look", "no-such-group",
         "look: group no-such-group does not exist"},
        {"another group", "there", "12345678",
         "there exists and its group is not 12345678 (chgrp)"},
    };
    char *longer = unit_repeat("x", NAME_MAX + 1);
    struct error err;

    (void)state;
    unit_write_file("there", "", 0640);
    unit_write_file("open", "", 0644);
    unit_write_file("first", "", 0600);
    assert_int_equal(link("first", "second"), 0);
    assert_int_equal(symlink("there", "link"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        err.text[0] = '\0';
        check_true(rows[i].name, audit_log_check(rows[i].path, rows[i].group, &err) ==
                                     (*rows[i].want == '\0'));
        check_text(rows[i].name, err.text, rows[i].want);
    }
    check_true("a missing folder", !audit_log_check("none/look", NULL, &err));
    check_true("a missing folder",
               strstr(err.text,
                      "none/look: No such file or directory: the folder none "
                      "does not exist; create it: install -d -o ") == err.text);
    check_true("a name too long", !audit_log_check(longer, NULL, &err));
    check_true("a name too long", strstr(err.text, "x: File name too long") != NULL);
    check_true("nothing is made", access("look", F_OK) != 0);
    for (size_t i = 0; i < COUNT(rows); i++)
        unlink(rows[i].path);
    free(longer);
    unlink("first");
}

static void a_descriptor_is_not_inherited(void **state)
{
    struct audit_log *log = open_good("inherit");
    struct stat file, other;
    bool is_found = false;

    (void)state;
    assert_int_equal(stat("inherit", &file), 0);
    for (int fd = 3; fd < 64; fd++) {
        if (fstat(fd, &other) != 0 || other.st_ino != file.st_ino ||
            other.st_dev != file.st_dev)
            continue;
        is_found = true;
        check_true("close-on-exec", fcntl(fd, F_GETFD) & FD_CLOEXEC);
        check_true("append", fcntl(fd, F_GETFL) & O_APPEND);
    }
    check_true("found", is_found);
    audit_log_close(&log);
}

static void what_others_may_touch_is_refused(void **state)
{
    static const struct {
        const char *name;
        mode_t mode;
        const char *want;
    } rows[] = {
        {"owner alone", 0600, ""},
        {"owner and group", 0640, ""},
        {"others read", 0644,
         "file has mode 0644: an audit log must not be accessible to others or "
         "writable by its group (chmod 0640)"},
        {"others write", 0602,
         "file has mode 0602: an audit log must not be accessible to others or "
         "writable by its group (chmod 0640)"},
        {"group writes", 0660,
         "file has mode 0660: an audit log must not be accessible to others or "
         "writable by its group (chmod 0640)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        unit_write_file("file", "x\n", rows[i].mode);
        check_open(rows[i].name, "file", NULL, rows[i].want);
        check_text(rows[i].name, content_of("file"), "x\n");
        check_number(rows[i].name, mode_of("file"), rows[i].mode);
    }
}

static void only_a_regular_file_is_opened(void **state)
{
    (void)state;
    unit_write_file("target", "", 0600);
    assert_int_equal(symlink("target", "link"), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    assert_int_equal(mkdir("folder", 0700), 0);
    unit_write_file("one", "", 0600);
    assert_int_equal(link("one", "two"), 0);
    check_open("symbolic link", "link", NULL,
               "link is a symbolic link; name the file itself");
    check_open("dangling link", "dangling", NULL,
               "dangling is a symbolic link; name the file itself");
    check_true("makes nothing", access("nowhere", F_OK) != 0);
    check_open("FIFO, and does not wait", "fifo", NULL, "fifo is not a regular file");
    check_open("folder", "folder", NULL, "folder is not a regular file");
    check_open("device", "/dev/null", NULL, "/dev/null is not a regular file");
    check_open("hard link", "one", NULL,
               "one has several names (hard links) or none: use a file with one name");
    check_open("no folder", "no/file", NULL, "no/file: No such file or directory");
    check_open("below a file", "target/file", NULL, "target/file: Not a directory");
}

/* Another group of which this process is a member, or its own group if there is none.
 * Root can use any group. */
static gid_t other_group(void)
{
    gid_t groups[256];
    int count = getgroups(COUNT(groups), groups);

    if (geteuid() == 0)
        return getegid() + 1;
    for (int i = 0; i < count; i++)
        if (groups[i] != getegid())
            return groups[i];
    return getegid();
}

static gid_t group_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_gid;
}

static void a_file_gets_its_group(void **state)
{
    gid_t other = other_group();
    const struct group *own = getgrgid(getegid());
    char number[32], want[128];

    (void)state;
    snprintf(number, sizeof number, "%lu", (unsigned long)other);
    check_open("a new one", "fresh", number, "");
    check_number("its group", group_of("fresh"), other);
    check_number("its mode", mode_of("fresh"), 0640);
    unit_write_file("old", "", 0640);
    check_open("no group wanted", "old", NULL, "");
    check_number("its group stays", group_of("old"), getegid());
    if (own)
        check_open("by name", "old", own->gr_name, "");
    snprintf(want, sizeof want, "old exists and its group is not %s (chgrp)", number);
    check_open("an old one of another group", "old", number,
               other == getegid() ? "" : want);
    check_number("its group stays", group_of("old"), getegid());
}

static void an_unknown_group_is_refused(void **state)
{
    (void)state;
    check_open("no such name", "new", "no-such-group",
               "new: group no-such-group does not exist");
    check_true("and leaves nothing behind", access("new", F_OK) != 0);
    check_open("no name", "new", "", "new: group  does not exist");
    check_open("what chown(2) takes for nothing", "new", "4294967295",
               "new: group 4294967295 does not exist");
    check_open("a number too large", "new", "4294967296",
               "new: group 4294967296 does not exist");
    check_open("a number far too large", "new", "99999999999999999999",
               "new: group 99999999999999999999 does not exist");
    check_open("a negative number", "new", "-1", "new: group -1 does not exist");
    check_true("and leaves nothing behind", access("new", F_OK) != 0);
    unit_write_file("old", "x\n", 0600);
    check_open("an old file", "old", "no-such-group",
               "old: group no-such-group does not exist");
    check_text("stays", content_of("old"), "x\n");
}

/* The messages of assertions in a child are lost, so it only answers yes or no. */
static bool child_says_yes(bool (*does)(void))
{
    pid_t pid = fork();
    int status;

    assert_true(pid >= 0);
    if (pid == 0)
        _exit(does() ? EXIT_SUCCESS : EXIT_FAILURE);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

enum { SOMEBODY = 54321 };

static bool group_of_somebody_else_is_refused(void)
{
    struct audit_log *log;
    struct error err;

    if (geteuid() == 0 &&
        (setgroups(0, NULL) != 0 || setgid(SOMEBODY) != 0 || setuid(SOMEBODY) != 0))
        return false;
    return !audit_log_open("open/file", "0", &log, &err) && !log &&
           strcmp(err.text, "cannot change the group of open/file to 0: add the "
                            "daemon's user to that group") == 0 &&
           access("open/file", F_OK) != 0;
}

static bool file_of_somebody_else_is_refused(void)
{
    struct audit_log *log;
    struct error err;
    char want[128];

    snprintf(want, sizeof want,
             "open/theirs belongs to user %d, who could change it (chown it to the "
             "daemon's user)",
             SOMEBODY);
    return !audit_log_open("open/theirs", NULL, &log, &err) &&
           strcmp(err.text, want) == 0;
}

static void others_keep_what_is_theirs(void **state)
{
    (void)state;
    assert_int_equal(mkdir("open", 0700), 0);
    assert_int_equal(chmod("open", 0777), 0);
    assert_int_equal(chmod(".", 0755), 0);
    check_true("a group it is not in",
               child_says_yes(group_of_somebody_else_is_refused));
    if (geteuid() != 0)
        return; /* nobody else can make such a file */
    unit_write_file("open/theirs", "", 0600);
    assert_int_equal(chown("open/theirs", SOMEBODY, SOMEBODY), 0);
    check_true("their file", child_says_yes(file_of_somebody_else_is_refused));
}

enum { THREADS = 50, LINES = 1000, OPENED = 3, MAX_PAD = 200 };

static struct audit_log *opened[OPENED];

/* "thread number xxx...\n", its length told by its number. */
static int make_line(char *line_out, size_t size, unsigned thread, unsigned number)
{
    return snprintf(
        line_out, size, "%u %u %.*s\n", thread, number, (int)(number % MAX_PAD),
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
}

static void *append_lines(void *data)
{
    unsigned thread = *(unsigned *)data;

    for (unsigned i = 0; i < LINES; i++) {
        char line[MAX_PAD + 64];
        int length = make_line(line, sizeof line, thread, i);

        audit_log_append(opened[i % OPENED], line, (size_t)length);
    }
    return NULL;
}

/* Each line whole, and those of one thread in their order. */
static size_t count_good_lines(const char *path)
{
    unsigned next[THREADS] = {0};
    FILE *file = fopen(path, "r");
    char line[1024], want[MAX_PAD + 64];
    size_t good = 0;

    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        unsigned thread;

        if (sscanf(line, "%u", &thread) != 1 || thread >= THREADS)
            continue;
        make_line(want, sizeof want, thread, next[thread]);
        good += strcmp(line, want) == 0;
        next[thread]++;
    }
    fclose(file);
    return good;
}

static void lines_of_threads_and_configurations_do_not_mix(void **state)
{
    pthread_t threads[THREADS];
    unsigned numbers[THREADS];

    (void)state;
    for (size_t i = 0; i < OPENED; i++)
        opened[i] = open_good("shared");
    for (unsigned i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&threads[i], NULL, append_lines, &numbers[i]),
                         0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 0; i < OPENED; i++)
        audit_log_close(&opened[i]);
    check_number("whole lines", (long long)count_good_lines("shared"), THREADS * LINES);
}

static void a_moved_file_keeps_its_writer(void **state)
{
    struct audit_log *old = open_good("rotated"), *new;

    (void)state;
    check_true("before", append(old, "before\n"));
    assert_int_equal(rename("rotated", "rotated.1"), 0);
    new = open_good("rotated");
    check_true("of the old configuration", append(old, "late\n"));
    check_true("of the new one", append(new, "new\n"));
    audit_log_close(&old);
    check_true("and afterwards", append(new, "last\n"));
    audit_log_close(&new);
    check_text("the old file", content_of("rotated.1"), "before\nlate\n");
    check_text("the new file", content_of("rotated"), "new\nlast\n");
    check_number("its mode", mode_of("rotated"), 0640);
}

static void a_torn_line_is_ended(void **state)
{
    struct audit_log *log;

    (void)state;
    unit_write_file("torn", "{\"half", 0600);
    log = open_good("torn");
    check_true("after a crash", append(log, "a\n"));
    check_true("and no more", append(log, "b\n"));
    audit_log_close(&log);
    check_text("its own line", content_of("torn"), "{\"half\na\nb\n");
}

/* ---- a full disk, in a child: a limit on the size of files is for the process ---- */

static bool limit_files_to(rlim_t size)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
        return false;
    limit.rlim_cur = size;
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

static bool log_to(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);

    return fd >= 0 && dup2(fd, STDERR_FILENO) == STDERR_FILENO;
}

/* Space for the first line and 3 octets of the second; then for all. */
static bool fill_and_free(struct audit_log *log, struct audit_log *same)
{
    return append(log, "first\n") && limit_files_to(9) && !append(log, "second\n") &&
           !append(log, "third\n") && !append(same, "other\n") &&
           limit_files_to(RLIM_INFINITY) && append(same, "fourth\n") &&
           append(log, "fifth\n") && append(log, "sixth\n") && limit_files_to(9) &&
           !append(log, "seventh\n") && limit_files_to(RLIM_INFINITY) &&
           append(log, "eighth\n");
}

static bool survives_a_full_disk(void)
{
    struct audit_log *log, *same;
    struct error err;
    bool is_good;

    signal(SIGXFSZ, SIG_IGN);
    if (!audit_log_open("full", NULL, &log, &err) ||
        !audit_log_open("full", NULL, &same, &err))
        return false;
    unsetenv("JOURNAL_STREAM");
    log_open("t");
    /* The limit holds for the log as well, so the log goes to a pipe. */
    is_good = fill_and_free(log, same);
    audit_log_close(&log);
    audit_log_close(&same);
    return is_good;
}

static bool survives_and_tells(void)
{
    int ends[2];
    char said[4096];
    ssize_t length;
    FILE *out;

    if (pipe2(ends, O_CLOEXEC) != 0 || dup2(ends[1], STDERR_FILENO) < 0 ||
        !survives_a_full_disk())
        return false;
    length = read(ends[0], said, sizeof said);
    out = length > 0 ? fopen("said", "w") : NULL;
    return out && fwrite(said, 1, (size_t)length, out) == (size_t)length &&
           fclose(out) == 0;
}

static void a_full_disk_is_told_and_outlived(void **state)
{
    (void)state;
    check_true("the child", child_says_yes(survives_and_tells));
    check_text("each line on its own", content_of("full"),
               "first\nsec\nfourth\nfifth\nsixth\neighth\n");
    check_text("told when it begins and when it ends", content_of("said"),
               "t: audit-log: lines are lost because full cannot be written: "
               "File too large\n"
               "t: audit-log: lines are lost because full cannot be written: "
               "File too large\n"
               "t: audit-log: full is written again; lines lost: 1\n"
               "t: audit-log: full is written again; lines lost: 2\n"
               "t: audit-log: lines are lost because full cannot be written: "
               "File too large\n"
               "t: audit-log: full is written again; lines lost: 1\n");
}

/* One octet of the line is written at a time: the worst that a nearly full disk does.
 * */
static bool grows_by_octets(void)
{
    struct audit_log *log;
    struct error err;
    bool is_good = true;

    signal(SIGXFSZ, SIG_IGN);
    if (!log_to("/dev/null") || !audit_log_open("creeping", NULL, &log, &err))
        return false;
    for (rlim_t size = 0; size < 40 && is_good; size++)
        is_good = limit_files_to(size) && !append(log, "0123456789abcdefghi\n");
    is_good = is_good && limit_files_to(RLIM_INFINITY) && append(log, "whole\n");
    audit_log_close(&log);
    return is_good;
}

static void no_line_begins_within_another(void **state)
{
    const char *at;

    (void)state;
    check_true("the child", child_says_yes(grows_by_octets));
    at = content_of("creeping");
    assert_non_null(at);
    while (*at) {
        size_t length = strcspn(at, "\n");

        check_true(at, length == 0 || strncmp(at, "0123456789abcdefghi", length) == 0 ||
                           strcmp(at, "whole\n") == 0);
        at += length + (at[length] == '\n');
    }
    check_true("the last line", strstr(content_of("creeping"), "\nwhole\n"));
}

/* A disk that is full at times, while several threads and descriptors write lines: each
 * line that was reported as written must be there as a whole. */
enum { CREEP_THREADS = 6, CREEP_LINES = 3000, MAX_ROOM = 70 };

static bool is_told[CREEP_THREADS][CREEP_LINES];
static atomic_uint running_threads;

static void *append_what_fits(void *data)
{
    unsigned thread = *(unsigned *)data;

    for (unsigned i = 0; i < CREEP_LINES; i++) {
        char line[64];
        int length = snprintf(line, sizeof line, "<%u %u xxxxxxxxxxxxxx>\n", thread, i);

        is_told[thread][i] =
            audit_log_append(opened[thread % OPENED], line, (size_t)length);
    }
    running_threads--;
    return NULL;
}

static bool limit_creeps(void)
{
    pthread_t threads[CREEP_THREADS];
    unsigned numbers[CREEP_THREADS];
    struct error err;
    struct stat st;
    bool is_good = log_to("/dev/null");

    signal(SIGXFSZ, SIG_IGN);
    for (size_t i = 0; i < OPENED; i++)
        is_good = is_good && audit_log_open("contended", NULL, &opened[i], &err);
    running_threads = CREEP_THREADS;
    for (unsigned i = 0; i < CREEP_THREADS && is_good; i++) {
        numbers[i] = i;
        is_good = pthread_create(&threads[i], NULL, append_what_fits, &numbers[i]) == 0;
    }
    for (rlim_t step = 0; running_threads > 0 && is_good; step++)
        is_good = stat("contended", &st) == 0 &&
                  limit_files_to((rlim_t)st.st_size + step % MAX_ROOM);
    is_good = is_good && limit_files_to(RLIM_INFINITY);
    for (size_t i = 0; i < CREEP_THREADS && is_good; i++)
        is_good = pthread_join(threads[i], NULL) == 0;
    return is_good;
}

/* Crosses out a line that is whole. */
static void cross_out(const char *line)
{
    unsigned thread, number;
    int length = 0;

    if (sscanf(line, "<%u %u xxxxxxxxxxxxxx>\n%n", &thread, &number, &length) == 2 &&
        length > 0 && line[length] == '\0' && thread < CREEP_THREADS &&
        number < CREEP_LINES)
        is_told[thread][number] = false;
}

static size_t count_told(void)
{
    size_t count = 0;

    for (size_t i = 0; i < CREEP_THREADS; i++)
        for (size_t k = 0; k < CREEP_LINES; k++)
            count += is_told[i][k];
    return count;
}

static bool all_that_was_told_is_whole(void)
{
    char line[1024];
    FILE *file;

    if (!limit_creeps() || count_told() == 0)
        return false;
    file = fopen("contended", "r");
    while (file && fgets(line, sizeof line, file))
        cross_out(line);
    return count_told() == 0;
}

static void a_torn_line_spoils_nobody_elses(void **state)
{
    (void)state;
    check_true("the child", child_says_yes(all_that_was_told_is_whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_new_file_is_its_owners_and_its_groups),
        UNIT_TEST(lines_are_appended),
        UNIT_TEST(what_is_discarded_leaves_no_file),
        UNIT_TEST(a_look_makes_nothing),
        UNIT_TEST(a_descriptor_is_not_inherited),
        UNIT_TEST(what_others_may_touch_is_refused),
        UNIT_TEST(only_a_regular_file_is_opened),
        UNIT_TEST(a_file_gets_its_group),
        UNIT_TEST(an_unknown_group_is_refused),
        UNIT_TEST(others_keep_what_is_theirs),
        UNIT_TEST(lines_of_threads_and_configurations_do_not_mix),
        UNIT_TEST(a_moved_file_keeps_its_writer),
        UNIT_TEST(a_torn_line_is_ended),
        UNIT_TEST(a_full_disk_is_told_and_outlived),
        UNIT_TEST(no_line_begins_within_another),
        UNIT_TEST(a_torn_line_spoils_nobody_elses),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
