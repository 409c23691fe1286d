/* SPDX-License-Identifier: ISC */
/* The options that say who may send, when, and how much. */
#include "../unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config_environment.h"

#define HEAD "default-country = \"44\"\n"

static void nothing_is_limited_by_default(void **state)
{
    const struct config *config =
        unit_load_good(HEAD UNIT_CUSTOMER("a", "a.example") "}\n");
    const struct customer *customer = &config->customers[0];

    (void)state;
    check_text("authserv-id", config->authserv_id, NULL);
    check_true("blocklist", !config->blocklist && !customer->blocklist);
    check_true("enabled", customer->is_enabled);
    check_number("alignment", customer->alignment, ALIGNMENT_RELAXED);
    check_number("replay-window", customer->replay_window_s, 259200);
    check_number("senders", (long long)customer->senders.count, 0);
    check_number("tls-subjects", (long long)customer->tls_subjects.count, 0);
    check_true("hours", !customer->hours);
    check_number("outside-hours", customer->outside_hours, OUTSIDE_HOURS_DEFER);
    check_true("time-zone", customer->time_zone != NULL);
    check_number("rate", customer->rate.count + customer->sender_rate.count, 0);
    check_number("quota", customer->quota.count + customer->sender_quota.count, 0);
    check_number("quota-unit", customer->quota_unit, QUOTA_SMS);
    check_text("audit-log", customer->audit_path, NULL);
    check_true("audit-numbers", !customer->has_audit_numbers_in_full);
    config_release(&config);
}

static const char everything[] = HEAD
    "authserv-id = \"mx.example.org\"\n"
    "alignment = \"strict\"\n"
    "replay-window = 60\n"
    "time-zone = \"Asia/Tokyo\"\n" UNIT_CUSTOMER(
        "inherits",
        "i.example") "}\n" UNIT_CUSTOMER("overrides",
                                         "o.example") " enabled = no\n"
                                                      " alignment = \"relaxed\"\n"
                                                      " replay-window = 2592000\n"
                                                      " tls-subjects = "
                                                      "{\"mail.o.example\"}\n"
                                                      " senders = {\"head@O.example\", "
                                                      "\"*@*.o.example\"}\n"
                                                      " hours = {\"mon-fri "
                                                      "07:00-18:00\", \"sat "
                                                      "09:00-12:00\"}\n"
                                                      " outside-hours = \"refuse\"\n"
                                                      " time-zone = \"Europe/London\"\n"
                                                      " rate = \"60/minute\"\n"
                                                      " sender-rate = \"1/second\"\n"
                                                      " quota = \"5000/day\"\n"
                                                      " sender-quota = \"7/month\"\n"
                                                      " quota-unit = \"parts\"\n"
                                                      " audit-log = "
                                                      "\"/var/log/o.jsonl\"\n"
                                                      " audit-group = \"staff\"\n"
                                                      " audit-numbers = \"full\"\n"
                                                      "}\n";

static void every_option_arrives(void **state)
{
    const struct config *config = unit_load_good(everything);
    const struct customer *inherits = &config->customers[0];
    const struct customer *overrides = &config->customers[1];

    (void)state;
    check_text("authserv-id", config->authserv_id, "mx.example.org");
    check_number("inherits alignment", inherits->alignment, ALIGNMENT_STRICT);
    check_number("inherits replay-window", inherits->replay_window_s, 60);
    check_number("inherits time-zone: midnight in Tokyo",
                 calendar_start_s(inherits->time_zone, CALENDAR_DAY, 1795590000),
                 1795532400);

    check_true("enabled", !overrides->is_enabled);
    check_number("alignment", overrides->alignment, ALIGNMENT_RELAXED);
    check_number("replay-window", overrides->replay_window_s, 2592000);
    check_text("tls-subjects", overrides->tls_subjects.items[0], "mail.o.example");
    check_text("senders in lower case behind the @", overrides->senders.items[0],
               "head@o.example");
    check_text("senders", overrides->senders.items[1], "*@*.o.example");
    check_true("hours: Wednesday at 7",
               hours_are_open(overrides->hours, overrides->time_zone, 1795590000));
    check_true("hours: a second before",
               !hours_are_open(overrides->hours, overrides->time_zone, 1795589999));
    check_number("outside-hours", overrides->outside_hours, OUTSIDE_HOURS_REFUSE);
    check_number("time-zone: midnight in London",
                 calendar_start_s(overrides->time_zone, CALENDAR_DAY, 1795590000),
                 1795564800);
    check_number("rate", overrides->rate.count, 60);
    check_number("rate", overrides->rate.period_s, 60);
    check_number("sender-rate", overrides->sender_rate.period_s, 1);
    check_number("quota", overrides->quota.count, 5000);
    check_number("quota", overrides->quota.per, CALENDAR_DAY);
    check_number("sender-quota", overrides->sender_quota.count, 7);
    check_number("sender-quota", overrides->sender_quota.per, CALENDAR_MONTH);
    check_number("quota-unit", overrides->quota_unit, QUOTA_PARTS);
    check_text("audit-log", overrides->audit_path, "/var/log/o.jsonl");
    check_text("audit-group", overrides->audit_group, "staff");
    check_true("audit-numbers", overrides->has_audit_numbers_in_full);
    check_true("audit-log is not opened by who only reads", !overrides->audit_log);
    config_release(&config);
}

static void what_cannot_be_is_an_error_with_its_line(void **state)
{
    static const struct {
        const char *option, *want; /* at main.conf:6 */
    } rows[] = {
        {"enabled = maybe",
         "enabled: \"maybe\" is not one of: true, false, yes, no, on, off"},
        {"alignment = \"loose\"",
         "alignment: \"loose\" is not one of: relaxed, strict"},
        {"replay-window = 59",
         "replay-window: \"59\" is not a whole number from 60 to 2592000"},
        {"senders = {}", "senders: is empty: remove the line to use the default"},
        {"hours = {}", "hours: is empty: remove the line to use the default"},
        {"senders = {\"head\"}", "senders: \"head\" is not an address such as "
                                 "\"head@school.example\", with at most two \"*\""},
        {"senders = {\"*a*b*@a.example\"}",
         "senders: \"*a*b*@a.example\" is not an address such as "
         "\"head@school.example\", with at most two \"*\""},
        {"senders = {\"a?@a.example\"}",
         "senders: \"a?@a.example\" is not an address such as \"head@school.example\", "
         "with at most two \"*\""},
        {"quota-unit = \"euro\"", "quota-unit: \"euro\" is not one of: sms, parts"},
        {"outside-hours = \"sleep\"",
         "outside-hours: \"sleep\" is not one of: defer, refuse"},
        {"blocklist = \"no-such-file\"",
         "blocklist: \"no-such-file\" is not an absolute path"},
        {"audit-log = \"a.jsonl\"", "audit-log: \"a.jsonl\" is not an absolute path"},
    };
    char text[512], want[1024];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct config *config;
        struct error err = {.text = ""};

        snprintf(text, sizeof text, HEAD UNIT_CUSTOMER("a", "a.example") " %s\n}\n",
                 rows[i].option);
        snprintf(want, sizeof want, "main.conf:6: %s", rows[i].want);
        check_true(rows[i].option, !unit_load(text, &config, &err));
        config_release(&config);
        check_text(rows[i].option, err.text, want);
    }
}

/* The texts behind these values are the modules' own. */
static void limits_and_hours_are_checked_when_they_are_read(void **state)
{
    static const char *const options[] = {
        "rate = \"60\"",
        "rate = \"0/minute\"",
        "sender-rate = \"x/day\"",
        "quota = \"5000/fortnight\"",
        "sender-quota = \"\"",
        "hours = {\"always\"}",
        "time-zone = \"Mars/Olympus\"",
    };
    char text[512];

    (void)state;
    for (size_t i = 0; i < COUNT(options); i++) {
        const struct config *config;
        struct error err = {.text = ""};
        size_t length = strcspn(options[i], " ");

        snprintf(text, sizeof text, HEAD UNIT_CUSTOMER("a", "a.example") " %s\n}\n",
                 options[i]);
        check_true(options[i], !unit_load(text, &config, &err));
        config_release(&config);
        check_number(options[i], strncmp(err.text, "main.conf:6: ", 13), 0);
        check_number(options[i], strncmp(err.text + 13, options[i], length), 0);
    }
}

static void an_audit_log_is_one_customers(void **state)
{
    const struct config *config;
    struct error err;

    (void)state;
    assert_false(unit_load(
        HEAD UNIT_CUSTOMER(
            "a", "a.example") " audit-log = "
                              "\"/var/log/"
                              "x\"\n}\n" UNIT_CUSTOMER(
                                  "b",
                                  "b."
                                  "ex"
                                  "am"
                                  "pl"
                                  "e") "}\n" UNIT_CUSTOMER("c",
                                                           "c.example") " audit-log = "
                                                                        "\"/var/log/"
                                                                        "x\"\n}\n",
        &config, &err));
    config_release(&config);
    check_text("two customers with one file", err.text,
               "main.conf:17: audit-log: \"/var/log/x\" is already the audit log of "
               "another customer (main.conf:6)");
}

/* The messages about one customer, the audit log first. The other customer is called
 * "other". */
static void check_logs(const char *row, const char *options, const char *first,
                       const char *want)
{
    struct problem_list problems = {.items = NULL};
    const struct config *config;
    char text[2048], got[2048] = "";

    snprintf(text, sizeof text,
             HEAD "journal = \"sqlite:%s/journal\"\n%s" UNIT_CUSTOMER(
                 "a", "a.example") " audit-log = \"%s/other\"\n}\n" //
             UNIT_CUSTOMER("b", "b.example") " audit-log = \"%s/%s\"\n}\n",
             unit_folder(), options, unit_folder(), unit_folder(), first);
    config = unit_load_good(text);
    check_true(row, config_check_audit_logs(config, NULL, &problems));
    for (size_t i = 0; i < problems.count; i++) {
        size_t used = strlen(got);

        snprintf(got + used, sizeof got - used, "%s\n", problems.items[i].error.text);
    }
    if (!strstr(got, want) || (*want == '\0') != (*got == '\0'))
        check_text(row, got, want);
    check_number(row, (long long)problems.count, *want != '\0');
    problem_list_free(&problems);
    config_release(&config);
}

#define ANOTHERS "already the audit log of another customer (main.conf:7)"

static void an_audit_log_is_no_file_of_another_use(void **state)
{
    static const struct {
        const char *name, *path, *want;
    } rows[] = {
        {"one of its own", "log", ""},
        {"one that is there", "there", ""},
        {"another customer's, two slashes", "/other", ANOTHERS},
        {"another customer's, a folder of its own", "./other", ANOTHERS},
        {"another customer's, a link to the folder", "link/other", ANOTHERS},
        {"the configuration", "main.conf",
         "main.conf\" is already used as a file of the configuration: it would be "
         "overwritten"},
        {"the journal, which is not there yet", "journal",
         "journal\" is already used as a file of the journal (main.conf:2): it would "
         "be "
         "overwritten"},
        {"its write-ahead log", "link/journal-wal",
         "is already used as a file of the journal"},
        {"its index", "journal-shm", "is already used as a file of the journal"},
        {"its lock", "journal-lock", "is already used as a file of the journal"},
        {"a link to nothing", "dangling", "is a symbolic link; name the file itself"},
        {"a FIFO", "fifo", "is not a regular file"},
        {"a folder", "link", "is a symbolic link"},
        {"a missing folder", "none/log",
         "/none does not exist; create it: install -d -o "},
        {"a file for a folder", "there/log", "there is not a folder"},
    };

    (void)state;
    check_number("a link", symlink(".", "link"), 0);
    check_number("a link", symlink("nothing", "dangling"), 0);
    check_number("a FIFO", mkfifo("fifo", 0600), 0);
    unit_write_file("there", "a line\n", 0600);
    for (size_t i = 0; i < COUNT(rows); i++)
        check_logs(rows[i].name, "", rows[i].path, rows[i].want);
}

static void links_to_what_is_used_are_found(void **state)
{
    struct problem_list problems = {.items = NULL};
    const struct config *config;
    char text[1024];

    (void)state;
    unit_write_file("optouts", "+447700900123\n", 0600);
    check_number("a hard link", link("optouts", "hard"), 0);
    check_number("a link", symlink("optouts", "soft"), 0);
    snprintf(text, sizeof text,
             HEAD "blocklist = \"%s/optouts\"\n" UNIT_CUSTOMER(
                 "a", "a.example") " audit-log = \"%s/hard\"\n}\n" //
             UNIT_CUSTOMER("b", "b.example") " audit-log = \"%s/soft\"\n}\n",
             unit_folder(), unit_folder(), unit_folder());
    config = unit_load_good(text);
    check_true("checked", config_check_audit_logs(config, NULL, &problems));
    check_number("both", (long long)problems.count, 2);
    for (size_t i = 0; i < problems.count; i++)
        check_true(problems.items[i].error.text,
                   strstr(problems.items[i].error.text,
                          "is already used as a blocklist (main.conf:2): it would be "
                          "overwritten"));
    problem_list_free(&problems);
    config_release(&config);
}

static bool is_there(const char *path)
{
    return access(path, F_OK) == 0;
}

static void what_comes_to_nothing_leaves_no_file(void **state)
{
    const struct config *config;
    struct error err;
    char text[1024];

    (void)state;
    unlink("log");
    unit_write_file("there", "", 0600);
    snprintf(text, sizeof text,
             HEAD UNIT_CUSTOMER("a", "a.example") " audit-log = \"%s/log\"\n}\n" //
             UNIT_CUSTOMER("b", "b.example") " audit-log = \"%s/there\"\n}\n"    //
             UNIT_CUSTOMER("c", "c.example") " audit-log = \"%s/none/log\"\n}\n",
             unit_folder(), unit_folder(), unit_folder());
    config = unit_load_good(text);
    check_true("opened", !config_open_audit_logs(config, &err));
    check_number("its place", strncmp(err.text, "main.conf:18: audit-log: ", 25), 0);
    check_true("made so far", is_there("log"));
    config_discard_audit_logs(config);
    check_true("goes", !is_there("log"));
    check_true("one that was there stays, empty as it is", is_there("there"));
    config_release(&config);
}

static void a_customer_that_is_off_needs_no_key(void **state)
{
    const struct config *config = unit_load_good(
        HEAD "customer \"a\" {\n domains = {\"a.example\"}\n customer-id = \"1\"\n"
             " api-key-file = \"/no/such/file\"\n enabled = false\n}\n");

    (void)state;
    check_true("off", !config->customers[0].is_enabled);
    config_release(&config);
}

static void blocklists_are_loaded(void **state)
{
    char text[1024];
    const struct config *config;
    struct error err;

    (void)state;
    unit_write_file("all", "+44 7700 900123\n", 0600);
    unit_write_file("own", "+44 7700 900124 # asked us to stop\n", 0600);
    unit_write_file("bad", "+447700900123\nnobody\n", 0600);
    snprintf(text, sizeof text,
             HEAD "blocklist = \"%s/all\"\n" UNIT_CUSTOMER(
                 "a", "a.example") " blocklist = \"%s/own\"\n}\n",
             unit_folder(), unit_folder());
    config = unit_load_good(text);
    check_true("everybody's", number_set_contains(config->blocklist, "+447700900123"));
    check_true("its own",
               number_set_contains(config->customers[0].blocklist, "+447700900124"));
    config_release(&config);

    snprintf(text, sizeof text, HEAD "blocklist = \"%s/bad\"\n", unit_folder());
    check_true("a line that is no number", !unit_load(text, &config, &err));
    config_release(&config);
    check_true("says which", strstr(err.text, "/bad:2: ") != NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(nothing_is_limited_by_default),
        UNIT_TEST(every_option_arrives),
        UNIT_TEST(what_cannot_be_is_an_error_with_its_line),
        UNIT_TEST(limits_and_hours_are_checked_when_they_are_read),
        UNIT_TEST(an_audit_log_is_one_customers),
        UNIT_TEST(an_audit_log_is_no_file_of_another_use),
        UNIT_TEST(links_to_what_is_used_are_found),
        UNIT_TEST(what_comes_to_nothing_leaves_no_file),
        UNIT_TEST(a_customer_that_is_off_needs_no_key),
        UNIT_TEST(blocklists_are_loaded),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
