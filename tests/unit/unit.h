/* SPDX-License-Identifier: ISC */
/* Functions shared by the unit tests: tables in which every failing row is reported,
 * and a folder for each test program. */
#ifndef SMS_MILTER_TESTS_UNIT_UNIT_H
#define SMS_MILTER_TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <cmocka.h>

#include "base/error.h"
#include "config/config.h"
#include "envelope/signed_view.h"
#include "text/mime/raw_mail.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A failing row is printed with its name, the value it got and the value it wants. The
 * rows after it still run; UNIT_TEST() then fails the test. NULL is a value too. */
void check_text(const char *row, const char *got, const char *want);
void check_number(const char *row, long long got, long long want);
void check_true(const char *row, bool is_so);

/* Checks an error: its kind and enhanced status, and its text unless want_text is
 * NULL. */
void check_error(const char *row, const struct error *err, enum error_kind want_kind,
                 const char *want_status, const char *want_text);

/* Fails the test if one of its rows did. */
int unit_end_test(void **state);
#define UNIT_TEST(function)                            \
    {                                                  \
#function, function, NULL, unit_end_test, NULL \
    }

/* Changes into a new empty folder, which is removed when the program ends. main() must
 * call it first; then all paths of a test may be relative. */
void unit_enter_folder(void);

/* The absolute path of that folder. */
const char *unit_folder(void);

/* Until unit_log_end(), the log goes to a file in the test's folder; unit_log_end()
 * then shows it. Returns false if that is not possible. */
bool unit_log_begin(void);
void unit_log_end(void);

/* The log so far. Static: valid until the next call. */
const char *unit_log_read(void);

/* What the signatures of a domain cover of a header. */
struct signed_cover unit_signed_cover(const struct mail_header *header,
                                      const char *signer);

/* Fails unless what occurs in the log exactly want times. */
void unit_log_check(const char *what, size_t want);

/* Writes a file with this mode, whatever the umask is; text is a string. Fails the test
 * if it cannot be written. */
void unit_write_file(const char *name, const char *text, mode_t mode);

/* Writes text to main.conf (mode 0600) and reads it as a configuration. */
bool unit_load(const char *text, const struct config **config_out, struct error *err);

/* Like unit_load(), for a configuration that must be valid. The caller releases it. */
const struct config *unit_load_good(const char *text);

/* Reads a mail that is one text. The caller frees it with raw_mail_free(). */
struct raw_mail unit_read_mail(const char *octets, size_t size_bytes);

/* The beginning of a customer's section with everything it needs except the final
 * "}". */
#define UNIT_CUSTOMER(name, domain)                                                   \
    "customer \"" name "\" {\n domains = {\"" domain "\"}\n customer-id = \"1469\"\n" \
    " api-key = \"key-of-" name "\"\n"

/* count times text, in a new string that the caller frees. */
char *unit_repeat(const char *text, size_t count);

/* A few runs of a text, each repeated, one after the other, in a new string that the
 * caller frees. A run without text is the end. */
enum { UNIT_RUNS = 5 };
struct unit_run {
    const char *text;
    size_t count;
};
char *unit_join(const struct unit_run runs[UNIT_RUNS]);

/* The longest time that a test waits for another thread. No test depends on its value.
 * The environment variable SMS_TEST_SLOWNESS, a factor, makes it longer. */
int64_t unit_patience_ms(void);

/* The Unix time of "2026-03-29 00:59:59" in UTC. Fails the test if it is not a time. */
int64_t unit_utc(const char *text);

#endif
