/* SPDX-License-Identifier: ISC */
/* Measures the cost of the journal: how long a mail waits for it, how many mails share
 * a commit, what rates and quotas add, how fast a journal of a million SMS is read, and
 * whether mails notice that half of it is purged. It measures on a disk and in memory.
 * On another disk only the difference between the two changes; compare the time of
 * fdatasync.
 *
 * usage: tests/bench/journal [commits|limits|history|purge]...
 *
 * All parts take about three minutes, and 400 MB in a folder below the current one,
 * which is removed at the end. If SMS_MILTERCTL names that program, it is measured
 * too. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/log.h"
#include "journal/journal.h"
#include "journal/journal_place.h"
#include "journal/journal_sqlite.h"

enum { ROUNDS = 3, MOST_SESSIONS = 200, MOST_NUMBERS = 100 };
enum { KIB = 1024, MIB = 1024 * KIB, DAY_S = 24 * 3600 };
enum { FOLDER_SIZE = 256, NAME_SIZE = 512 };

/* What the journal must achieve. */
enum { DEMANDED_MAILS = 20, DEMANDED_MS = 50 };

static void fail(const char *format, ...)
    __attribute__((format(printf, 1, 2), noreturn));
static void fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(EXIT_FAILURE);
}

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void sleep_ms(unsigned ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};

    nanosleep(&time, NULL);
}

/* ---- samples ---- */

/* An all-zero structure is empty. */
struct samples {
    double *values;
    size_t count, room;
};

static void add(struct samples *samples, double value)
{
    if (samples->count == samples->room) {
        samples->room = 2 * samples->room + 64;
        samples->values =
            realloc(samples->values, samples->room * sizeof *samples->values);
        if (!samples->values)
            fail("no memory");
    }
    samples->values[samples->count++] = value;
}

static int compare(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* The value below which this share of all values lies, such as 0.5; 1 means the
 * largest. */
static double quantile(struct samples *samples, double share)
{
    size_t place = (size_t)(share * (double)samples->count);

    if (samples->count == 0)
        return 0;
    qsort(samples->values, samples->count, sizeof *samples->values, compare);
    return samples->values[place < samples->count ? place : samples->count - 1];
}

static double median(struct samples *samples)
{
    return quantile(samples, 0.5);
}

static void forget(struct samples *samples)
{
    free(samples->values);
    *samples = (struct samples){NULL, 0, 0};
}

/* ---- places ---- */

/* The first is made absolute, because the configuration requires that of a journal. */
static char disk_folder[FOLDER_SIZE];
static char memory_folder[] = "/dev/shm/bench-journal-XXXXXX";

static void make_folders(void)
{
    char here[FOLDER_SIZE - 32];

    if (!getcwd(here, sizeof here))
        fail("the current folder: %s", strerror(errno));
    snprintf(disk_folder, sizeof disk_folder, "%s/bench-journal-XXXXXX", here);
    if (!mkdtemp(disk_folder) || !mkdtemp(memory_folder))
        fail("%s, %s: %s", disk_folder, memory_folder, strerror(errno));
}

static char *name_in(const char *folder, const char *name, char *buffer)
{
    snprintf(buffer, NAME_SIZE, "%s/%s", folder, name);
    return buffer;
}

static const char *path_of(const char *place)
{
    return place + strlen("sqlite:");
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    if (nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) < 0)
        perror(folder);
}

static void remove_journal(const char *place)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-lock"};
    char name[NAME_SIZE + 8];

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path_of(place), ends[i]);
        if (unlink(name) < 0 && errno != ENOENT)
            perror(name);
    }
}

/* The least time that a commit takes: one page written to the disk. */
static double sync_ms(const char *folder)
{
    char name[NAME_SIZE], page[4 * KIB] = {0};
    int file = open(name_in(folder, "page", name), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    struct samples samples = {NULL, 0, 0};
    double cost_ms;

    for (off_t i = 0; i < 100; i++) {
        double start_ms = now_ms();

        if (pwrite(file, page, sizeof page, i * (off_t)sizeof page) < 0 ||
            fdatasync(file) < 0)
            fail("%s: %s", name, strerror(errno));
        add(&samples, now_ms() - start_ms);
    }
    close(file);
    unlink(name);
    cost_ms = median(&samples);
    forget(&samples);
    return cost_ms;
}

static void print_sync(void)
{
    printf("4 KiB appended and fdatasync (median): disk %.3f ms, memory %.3f ms\n",
           sync_ms(disk_folder), sync_ms(memory_folder));
}

/* ---- sessions ---- */

/* What sessions do repeatedly. */
struct load {
    const char *name;
    unsigned sessions;
    unsigned answer_ms; /* between a claim and its outcome */
    unsigned pause_ms;  /* between two mails */
    unsigned numbers;   /* in a mail; 0: one */
    bool has_limits;    /* all four limits, which are never reached */
};

struct crowd {
    struct load load;
    struct journal *journal;
    atomic_bool is_measured, is_over;
    struct session {
        struct crowd *crowd;
        unsigned number;
        pthread_t thread;
        struct samples added_ms; /* to each mail, by its claim and its outcome */
    } sessions[MOST_SESSIONS];
};

static struct spending_limits wide_limits(void)
{
    int64_t now_s = time(NULL);
    const struct spender_limits limits = {
        .rate = {.count = 1000000000, .period_s = 60},
        .quota = {.count = 2000000000, .per = CALENDAR_DAY},
        .window_start_s = now_s - now_s % DAY_S,
        .window_end_s = now_s - now_s % DAY_S + DAY_S};

    return (struct spending_limits){.customer = limits, .sender = limits};
}

static void make_keys(unsigned session, unsigned mail, struct journal_sms *sms,
                      unsigned numbers)
{
    for (unsigned i = 0; i < numbers; i++) {
        const unsigned id[] = {session, mail, i};
        const struct digest_input input = {id, sizeof id};

        sms[i] = (struct journal_sms){.number = "+447700900123"};
        digest_make(&input, 1, &sms[i].key);
    }
}

static void claim_all(struct journal *journal, const struct journal_mail *mail,
                      struct journal_sms *sms, unsigned numbers)
{
    struct error err;

    if (!journal_claim(journal, mail, sms, numbers, 20, &err))
        fail("a claim failed: %s", err.text);
    for (unsigned i = 0; i < numbers; i++) {
        if (sms[i].claim != CLAIM_SEND)
            fail("it is not to be sent: %s", sms[i].error.text);
        sms[i].state = SMS_SENT;
        snprintf(sms[i].api_message_id, sizeof sms[i].api_message_id, "%s-%s",
                 mail->queue_id, mail->queue_id);
    }
}

/* Does one mail, and returns how long the journal took for it. */
static double do_mail(struct journal *journal, unsigned session, unsigned count,
                      const struct load *load)
{
    char queue_id[32], message_id[64];
    struct journal_mail mail = {.customer = "school-07",
                                .sender = "office@school-07.sch.example",
                                .queue_id = queue_id,
                                .message_id = message_id,
                                .parts = 2};
    struct journal_sms sms[MOST_NUMBERS];
    unsigned numbers = load->numbers > 0 ? load->numbers : 1;
    double start_ms, claimed_ms, settle_ms;

    snprintf(queue_id, sizeof queue_id, "4c%04X%08X", session, count);
    snprintf(message_id, sizeof message_id, "<%08x.%08x@school-07.sch.example>", count,
             session);
    if (load->has_limits)
        mail.limits = wide_limits();
    make_keys(session, count, sms, numbers);
    start_ms = now_ms();
    claim_all(journal, &mail, sms, numbers);
    claimed_ms = now_ms();
    if (load->answer_ms > 0)
        sleep_ms(load->answer_ms);
    settle_ms = now_ms();
    journal_settle(journal, &mail, sms, numbers, MAIL_VERDICT_ACCEPTED);
    return claimed_ms - start_ms + now_ms() - settle_ms;
}

static void *run_session(void *data)
{
    struct session *session = data;
    struct crowd *crowd = session->crowd;

    for (unsigned i = 0; !crowd->is_over; i++) {
        bool is_measured = crowd->is_measured;
        double added_ms = do_mail(crowd->journal, session->number, i, &crowd->load);

        if (is_measured && !crowd->is_over)
            add(&session->added_ms, added_ms);
        if (crowd->load.pause_ms > 0)
            sleep_ms(crowd->load.pause_ms);
    }
    return NULL;
}

/* Waits until the journal is open. Sessions are measured only after they have all
 * begun. */
static struct crowd *start_crowd(const struct load *load, struct journal *journal)
{
    struct crowd *crowd = calloc(1, sizeof *crowd);
    /* Otherwise its first mails would repeat those of an earlier crowd. */
    unsigned first = (unsigned)time(NULL) << 8;

    if (!crowd)
        fail("no memory");
    crowd->load = *load;
    crowd->journal = journal;
    do_mail(journal, first + MOST_SESSIONS, 0, &(struct load){.sessions = 1});
    for (unsigned i = 0; i < load->sessions; i++) {
        crowd->sessions[i].crowd = crowd;
        crowd->sessions[i].number = first + i;
        if (pthread_create(&crowd->sessions[i].thread, NULL, run_session,
                           &crowd->sessions[i]) != 0)
            fail("no thread");
    }
    sleep_ms(200);
    crowd->is_measured = true;
    return crowd;
}

/* Ends, frees and clears *crowd, and adds how long its mails have waited. */
static void end_crowd(struct crowd **crowd, struct samples *added_ms)
{
    (*crowd)->is_over = true;
    for (unsigned i = 0; i < (*crowd)->load.sessions; i++) {
        struct session *session = &(*crowd)->sessions[i];

        pthread_join(session->thread, NULL);
        for (size_t j = 0; j < session->added_ms.count; j++)
            add(added_ms, session->added_ms.values[j]);
        forget(&session->added_ms);
    }
    free(*crowd);
    *crowd = NULL;
}

static struct journal *open_journal(const char *place, unsigned retention_days)
{
    struct journal *journal;
    struct error err;

    if (!journal_new(place, retention_days, &journal, &err))
        fail("%s: %s", place, err.text);
    return journal;
}

/* ---- commits ---- */

/* The results of several rounds. */
struct cost {
    struct samples mails_per_s, jobs_per_commit; /* one of each round */
    struct samples added_ms;                     /* one of each mail */
};

/* Measures one round with a new journal. */
static void measure_load(const struct load *load, const char *folder, struct cost *cost)
{
    char place[NAME_SIZE];
    struct journal *journal;
    struct journal_counts before, after;
    struct crowd *crowd;
    double start_ms;

    snprintf(place, sizeof place, "sqlite:%s/commits.db", folder);
    journal = open_journal(place, 90);
    crowd = start_crowd(load, journal);
    start_ms = now_ms();
    before = journal_count(journal);
    sleep_ms(1000);
    after = journal_count(journal);
    /* A mail is two jobs. */
    add(&cost->mails_per_s,
        (double)(after.jobs - before.jobs) / 2 / (now_ms() - start_ms) * 1e3);
    add(&cost->jobs_per_commit,
        (double)(after.jobs - before.jobs) / (double)(after.commits - before.commits));
    end_crowd(&crowd, &cost->added_ms);
    journal_free(&journal);
    remove_journal(place);
}

static void print_cost(const struct load *load, const char *where, struct cost *cost)
{
    printf("  %8u  %-6s %8.0f (%6.0f-%6.0f) %6.1f (%5.1f-%5.1f) %6.1f %9.2f %8.2f "
           "%8.2f\n",
           load->sessions, where, median(&cost->mails_per_s),
           quantile(&cost->mails_per_s, 0), quantile(&cost->mails_per_s, 1),
           median(&cost->jobs_per_commit), quantile(&cost->jobs_per_commit, 0),
           quantile(&cost->jobs_per_commit, 1), median(&cost->jobs_per_commit) / 2,
           median(&cost->added_ms), quantile(&cost->added_ms, 0.99),
           quantile(&cost->added_ms, 1));
}

static void print_difference(struct cost *disk, struct cost *memory)
{
    double disk_ms = median(&disk->added_ms), memory_ms = median(&memory->added_ms);

    printf("  %8s  disk x%.2f the mails/s, %+.2f ms a mail (x%.1f)\n", "",
           median(&disk->mails_per_s) / median(&memory->mails_per_s),
           disk_ms - memory_ms, disk_ms / memory_ms);
}

static void forget_cost(struct cost *cost)
{
    forget(&cost->mails_per_s);
    forget(&cost->jobs_per_commit);
    forget(&cost->added_ms);
}

static void compare_places(const struct load *load)
{
    struct cost disk = {.added_ms = {NULL, 0, 0}}, memory = disk;

    for (int i = 0; i < ROUNDS; i++) {
        measure_load(load, disk_folder, &disk);
        measure_load(load, memory_folder, &memory);
    }
    print_cost(load, "disk", &disk);
    print_cost(load, "memory", &memory);
    print_difference(&disk, &memory);
    forget_cost(&disk);
    forget_cost(&memory);
}

static void compare_loads(const struct load *loads, size_t count)
{
    print_sync();
    for (size_t i = 0; i < count; i++) {
        if (loads[i].name)
            printf("\n  %-35s %19s %14s added to a mail, ms:\n"
                   "  sessions  %16s %24s %19s   median      p99      max\n",
                   loads[i].name, "mails that", "whole mails", "mails/s",
                   "share a commit", "a commit");
        compare_places(&loads[i]);
    }
    print_sync();
}

/* A session has one job at a time, so the jobs of a commit belong to the same number of
 * mails, which share the commit. A mail needs two jobs, so a commit completes half as
 * many mails. */
static void measure_commits(void)
{
    static const struct load loads[] = {
        {.name = "mails back to back", .sessions = 1},
        {.sessions = 10},
        {.sessions = 50},
        {.sessions = MOST_SESSIONS},
        {.name = "an answer of the API takes 50 ms", .sessions = 1, .answer_ms = 50},
        {.sessions = 10, .answer_ms = 50},
        {.sessions = 50, .answer_ms = 50},
        {.sessions = MOST_SESSIONS, .answer_ms = 50},
    };

    printf(
        "\ncommits: medians of %d rounds (least-most); demanded: with 50 sessions at "
        "least %d mails share one\n",
        ROUNDS, DEMANDED_MAILS);
    compare_loads(loads, sizeof loads / sizeof *loads);
}

/* Measures each load without limits and with all four. */
static void measure_limits(void)
{
    static const struct load loads[] = {
        {.name = "one number, no limits", .sessions = 50},
        {.name = "one number, four limits", .sessions = 50, .has_limits = true},
        {.name = "100 numbers, no limits", .sessions = 1, .numbers = MOST_NUMBERS},
        {.name = "100 numbers, four limits",
         .sessions = 1,
         .numbers = MOST_NUMBERS,
         .has_limits = true},
    };

    printf("\nlimits: medians of %d rounds (least-most), mails back to back\n", ROUNDS);
    compare_loads(loads, sizeof loads / sizeof *loads);
}

/* ---- a journal of a million SMS ---- */

enum { ROWS = 1000000, NUMBERS = 200000, DAYS = 180 };

/* Long enough that nothing is purged. */
enum { LONG_DAYS = 3650 };

/* One SMS in a hundred goes to a phone that gets the alarms of a machine room. */
#define BUSY_NUMBER "+447700999999"

/* From the oldest to the latest. ?1 is the number of rows, ?2 the current time. */
static const char insert_rows[] =
    "WITH RECURSIVE mail (i, customer, created) AS ("
    "  SELECT 0, 0, ?2 - 180 * 86400 UNION ALL"
    "  SELECT i + 1, (i + 1) * 7919 / 2 % 100, ?2 - (?1 - i - 1) * 180 * 86400 / ?1"
    "   FROM mail WHERE i + 1 < ?1)"
    " INSERT INTO sms (key, customer, sender, number, queue_id, message_id, state,"
    "  verdict, api_message_id, status, reason, parts, attempts, unknowns, created,"
    "  updated)"
    " SELECT CASE WHEN i % 5 THEN randomblob(32) END,"
    "  printf('school-%02d', customer),"
    "  printf('user%d@school-%02d.sch.example', i % 20, customer),"
    "  CASE WHEN i % 100 THEN printf('+447700%06d', abs(random()) % 200000)"
    "   ELSE '" BUSY_NUMBER "' END,"
    "  printf('4b%012X', i / 2),"
    "  printf('<%016x.%d@mail.school-%02d.sch.example>', i / 2 * 7919, i % 20,"
    "   customer),"
    "  CASE WHEN i % 50 THEN 'sent' WHEN i % 100 THEN 'refused' ELSE 'unknown' END,"
    "  CASE WHEN i % 50 OR i % 100 = 0 THEN 'accepted' ELSE 'rejected' END,"
    "  CASE WHEN i % 50 THEN lower(hex(randomblob(16))) ELSE '' END,"
    "  CASE WHEN i % 50 THEN '' ELSE '5.1.1' END,"
    "  CASE WHEN i % 50 THEN ''"
    "   ELSE 'the SMS service refuses the number: it is barred' END,"
    "  1 + i % 3, 1 + (i % 30 = 0), 0, created,"
    "  created + CASE WHEN i % 30 THEN 1 ELSE 600 END"
    " FROM mail";

static void run_sql(sqlite3 *db, const char *sql)
{
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail("%s: %s", sql, sqlite3_errmsg(db));
}

static sqlite3 *open_file(const char *place)
{
    sqlite3 *db;

    if (sqlite3_open(path_of(place), &db) != SQLITE_OK)
        fail("%s: %s", place, sqlite3_errmsg(db));
    sqlite3_busy_timeout(db, 1000);
    return db;
}

/* The number that a statement returns for up to two parameters. */
static int64_t ask(sqlite3 *db, const char *sql, int64_t first, int64_t second)
{
    sqlite3_stmt *statement;
    int64_t answer = 0;

    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail("%s: %s", sql, sqlite3_errmsg(db));
    sqlite3_bind_int64(statement, 1, first);
    sqlite3_bind_int64(statement, 2, second);
    if (sqlite3_step(statement) == SQLITE_ROW)
        answer = sqlite3_column_int64(statement, 0);
    if (sqlite3_finalize(statement) != SQLITE_OK)
        fail("%s: %s", sql, sqlite3_errmsg(db));
    return answer;
}

/* Fills the file without protection against a crash, because it is easily replaced.
 * When it is opened later, it gets its write-ahead log again. */
static void fill_journal(const char *place)
{
    struct journal *journal = open_journal(place, LONG_DAYS);
    double start_ms = now_ms();
    struct stat status;
    sqlite3 *db;

    journal_free(&journal);
    db = open_file(place);
    run_sql(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                "PRAGMA cache_size = -600000");
    ask(db, insert_rows, ROWS, time(NULL));
    sqlite3_close(db);
    sync();
    if (stat(path_of(place), &status) < 0)
        fail("%s: %s", place, strerror(errno));
    printf("\na journal of %d SMS: %.0f MiB on the disk, %.0f bytes an SMS (made in "
           "%.1f s)\n",
           ROWS, (double)status.st_size / MIB, (double)status.st_size / ROWS,
           (now_ms() - start_ms) / 1e3);
}

/* ---- history ---- */

/* The descriptor used to drop the file's pages from the kernel's cache. It stays open,
 * because closing it would release SQLite's locks (sqlite.org/howtocorrupt.html,
 * 2.2). */
static int cache_file = -1;

static void make_cold(void)
{
    fdatasync(cache_file);
    posix_fadvise(cache_file, 0, 0, POSIX_FADV_DONTNEED);
}

static void print_times(const char *name, struct samples *ms, const char *note)
{
    printf("  %-44s %9.2f %9.2f %9.2f ms  %s\n", name, quantile(ms, 0), median(ms),
           quantile(ms, 1), note);
}

static void measure_open(const char *place, bool is_cold)
{
    struct samples ms = {NULL, 0, 0};
    struct journal_store *store;
    struct error err;

    for (int i = 0; i < ROUNDS; i++) {
        double start_ms;

        if (is_cold)
            make_cold();
        start_ms = now_ms();
        if (!journal_sqlite.open(place, true, &store, &err))
            fail("%s: %s", place, err.text);
        add(&ms, now_ms() - start_ms);
        journal_store_close(&store);
    }
    print_times(is_cold ? "open and check, file not in memory"
                        : "open and check, file in memory",
                &ms, "");
    forget(&ms);
}

struct reading {
    const char *name;
    /* Sets one more filter. text has space for its value. */
    void (*choose)(struct journal_filter *filter, char *text);
    int count;
    bool is_cold;
};

static void choose_number(struct journal_filter *filter, char *text)
{
    snprintf(text, NAME_SIZE, "+447700%06ld", random() % NUMBERS);
    filter->number = text;
}

static void choose_busy_number(struct journal_filter *filter, char *text)
{
    (void)text;
    filter->number = BUSY_NUMBER;
}

static void choose_queue_id(struct journal_filter *filter, char *text)
{
    snprintf(text, NAME_SIZE, "4b%012lX", random() % (ROWS / 2));
    filter->queue_id = text;
}

static void choose_customer(struct journal_filter *filter, char *text)
{
    snprintf(text, NAME_SIZE, "school-%02ld", random() % 100);
    filter->customer = text;
}

static void choose_customer_day(struct journal_filter *filter, char *text)
{
    choose_customer(filter, text);
    filter->since_s = time(NULL) - DAY_S;
}

static void choose_customer_month(struct journal_filter *filter, char *text)
{
    choose_customer(filter, text);
    filter->since_s = time(NULL) - 30 * DAY_S;
}

static bool count_record(const struct journal_record *record, void *data)
{
    size_t *count = data;

    *count += *record->number != '\0';
    return true;
}

static void measure_reading(const struct reading *reading, const char *place)
{
    struct samples ms = {NULL, 0, 0};
    char text[NAME_SIZE], note[NAME_SIZE];
    size_t found = 0;
    struct error err;

    for (int i = 0; i < reading->count; i++) {
        struct journal_filter filter = {.number = NULL};
        double start_ms;

        reading->choose(&filter, text);
        if (reading->is_cold)
            make_cold();
        start_ms = now_ms();
        if (!journal_place_read(place, &filter, count_record, &found, &err))
            fail("%s: %s", place, err.text);
        add(&ms, now_ms() - start_ms);
    }
    snprintf(note, sizeof note, "%d times, %.1f SMS each", reading->count,
             (double)found / reading->count);
    print_times(reading->name, &ms, note);
    forget(&ms);
}

/* ---- the whole program ---- */

static const char *write_config(const char *place)
{
    static char name[NAME_SIZE];
    FILE *file = fopen(name_in(disk_folder, "sms-milter.conf", name), "w");

    if (!file)
        fail("%s: %s", name, strerror(errno));
    fprintf(file,
            "journal = \"%s\"\n"
            "customer \"school-07\" {\n"
            "  domains = {\"school-07.sch.example\"}\n"
            "  customer-id = \"1\"\n"
            "  api-key-file = \"/none\"\n"
            "  default-country = \"44\"\n"
            "}\n",
            place);
    fclose(file);
    return name;
}

/* Runs a program and measures only its time. */
static void run_program(char *const *arguments, double *took_ms)
{
    posix_spawn_file_actions_t actions;
    double start_ms = now_ms();
    int status;
    pid_t program;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (posix_spawn(&program, arguments[0], &actions, NULL, arguments, environ) != 0)
        fail("%s: cannot be run", arguments[0]);
    waitpid(program, &status, 0);
    *took_ms = now_ms() - start_ms;
    posix_spawn_file_actions_destroy(&actions);
    if (status != 0)
        fail("%s failed", arguments[0]);
}

static void measure_program(char *program, const char *place)
{
    char config[NAME_SIZE], number[NAME_SIZE];
    char option_c[] = "-c", history[] = "history", option_number[] = "--number";
    char *arguments[] = {program,       option_c, config, history,
                         option_number, number,   NULL};
    struct samples ms = {NULL, 0, 0};

    snprintf(config, sizeof config, "%s", write_config(place));
    for (int i = 0; i < 50; i++) {
        struct journal_filter filter;
        double took_ms;

        choose_number(&filter, number);
        run_program(arguments, &took_ms);
        add(&ms, took_ms);
    }
    print_times("sms-milterctl history --number, all of it", &ms, "50 times");
    forget(&ms);
}

static void measure_history(const char *place)
{
    static const struct reading readings[] = {
        {"by number, file in memory", choose_number, 200, false},
        {"by number, file not in memory", choose_number, 50, true},
        {"by the busiest number", choose_busy_number, 20, false},
        {"by queue id", choose_queue_id, 200, false},
        {"by queue id, file not in memory", choose_queue_id, 50, true},
        {"by customer, since a day ago", choose_customer_day, 20, false},
        {"by customer, since a day ago, not in memory", choose_customer_day, ROUNDS,
         true},
        {"by customer, since 30 days ago", choose_customer_month, 20, false},
        {"by customer", choose_customer, ROUNDS, false},
    };
    struct journal *journal;
    struct crowd *crowd;
    struct samples added_ms = {NULL, 0, 0};
    static const struct load quiet = {.sessions = 1, .pause_ms = 200};

    printf("\nhistory, while a daemon writes; demanded: by number below %d ms\n"
           "  %-44s %9s %9s %9s\n",
           DEMANDED_MS, "", "least", "median", "max");
    measure_open(place, false);
    measure_open(place, true);
    journal = open_journal(place, LONG_DAYS);
    crowd = start_crowd(&quiet, journal);
    for (size_t i = 0; i < sizeof readings / sizeof *readings; i++)
        measure_reading(&readings[i], place);
    if (getenv("SMS_MILTERCTL"))
        measure_program(getenv("SMS_MILTERCTL"), place);
    end_crowd(&crowd, &added_ms);
    journal_free(&journal);
    forget(&added_ms);
}

/* ---- purge ---- */

enum { QUIET_S = 15, MOST_PURGE_S = 40 };

static const struct load purge_load = {.sessions = 20, .pause_ms = 20};

static void print_stalls(const char *name, struct samples *added_ms)
{
    size_t stalled = 0;

    for (size_t i = 0; i < added_ms->count; i++)
        stalled += added_ms->values[i] > DEMANDED_MS;
    printf("  %-14s %9zu %9.2f %9.2f %9.2f %9.2f %9zu\n", name, added_ms->count,
           median(added_ms), quantile(added_ms, 0.99), quantile(added_ms, 0.999),
           quantile(added_ms, 1), stalled);
}

/* Waits until no row is left that was last changed before before_s, but not too long.
 * Returns how long it took. */
static double wait_for_purge(const char *place, int64_t before_s)
{
    sqlite3 *db = open_file(place);
    double start_ms = now_ms();

    while (now_ms() - start_ms < MOST_PURGE_S * 1e3 &&
           ask(db, "SELECT 1 FROM sms WHERE updated < ?1 LIMIT 1", before_s, 0) == 1)
        sleep_ms(100);
    sqlite3_close(db);
    return now_ms() - start_ms;
}

static int64_t count_rows(const char *place, int64_t before_s)
{
    sqlite3 *db = open_file(place);
    int64_t count = ask(db, "SELECT count(*) FROM sms WHERE updated < ?1", before_s, 0);

    sqlite3_close(db);
    return count;
}

/* Measures how long the mails of a crowd wait meanwhile. Returns 0 if the purge is not
 * waited for. */
static double measure_stalls(const char *place, unsigned retention_days,
                             int64_t before_s, struct samples *added_ms)
{
    struct journal *journal = open_journal(place, retention_days);
    struct crowd *crowd = start_crowd(&purge_load, journal);
    double took_ms = 0;

    if (before_s > 0)
        took_ms = wait_for_purge(place, before_s);
    else
        sleep_ms(QUIET_S * 1000);
    end_crowd(&crowd, added_ms);
    journal_free(&journal);
    return took_ms;
}

/* Halving the retention removes half of the records. */
static void measure_purge(const char *place)
{
    struct samples without = {NULL, 0, 0}, with = {NULL, 0, 0};
    int64_t before_s = time(NULL) - DAYS / 2 * DAY_S;
    int64_t old = count_rows(place, before_s), purged;
    double took_ms;

    measure_stalls(place, LONG_DAYS, 0, &without);
    took_ms = measure_stalls(place, DAYS / 2, before_s, &with);
    purged = old - count_rows(place, before_s);
    printf(
        "\npurge, while %u sessions do mails with %u ms between them; demanded: none "
        "is stalled for more than %d ms\n"
        "  %-14s %9s %9s %9s %9s %9s %9s\n",
        purge_load.sessions, purge_load.pause_ms, DEMANDED_MS, "added, ms", "mails",
        "median", "p99", "p99.9", "max", "stalled");
    print_stalls("without purge", &without);
    print_stalls("with purge", &with);
    printf("  %lld of %lld SMS purged in %.1f s: %.0f/s\n", (long long)purged,
           (long long)old, took_ms / 1e3, (double)purged / took_ms * 1e3);
    print_sync();
    forget(&without);
    forget(&with);
}

/* ---- the program ---- */

static bool is_chosen(char **arguments, const char *part)
{
    bool is_any = false;

    for (; *arguments; arguments++) {
        if (strcmp(*arguments, part) == 0)
            return true;
        is_any = true;
    }
    return !is_any;
}

static void measure(char **parts)
{
    char place[NAME_SIZE];

    setvbuf(stdout, NULL, _IOLBF, 0);
    log_open("bench");
    snprintf(place, sizeof place, "sqlite:%s/history.db", disk_folder);
    if (is_chosen(parts, "commits"))
        measure_commits();
    if (is_chosen(parts, "limits"))
        measure_limits();
    if (!is_chosen(parts, "history") && !is_chosen(parts, "purge"))
        return;
    fill_journal(place);
    cache_file = open(path_of(place), O_RDONLY | O_CLOEXEC);
    if (is_chosen(parts, "history"))
        measure_history(place);
    if (is_chosen(parts, "purge"))
        measure_purge(place);
}

/* A separate process measures, so that its files are removed however it ends. */
int main(int argc, char **argv)
{
    int status = EXIT_FAILURE;
    pid_t child;

    (void)argc;
    make_folders();
    child = fork();
    if (child == 0) {
        measure(argv + 1);
        exit(EXIT_SUCCESS);
    }
    signal(SIGINT, SIG_IGN);
    if (child > 0)
        waitpid(child, &status, 0);
    remove_folder(disk_folder);
    remove_folder(memory_folder);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
