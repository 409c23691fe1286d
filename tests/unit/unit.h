/* SPDX-License-Identifier: ISC */
/* What the unit tests share: tables whose every bad row is told, and a folder of their
 * own to work in. */
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
#include "text/mime/raw_mail.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A row that fails is printed with its name, what it got and what was wanted, and the
 * rows after it still run; UNIT_TEST() then fails the test. NULL is a value too. */
void check_text(const char *row, const char *got, const char *want);
void check_number(const char *row, long long got, long long want);
void check_true(const char *row, bool is_so);

/* Of an error: its kind and enhanced status, and its text where want_text is not NULL.
 */
void check_error(const char *row, const struct error *err, enum error_kind want_kind,
                 const char *want_status, const char *want_text);

/* Fails the test if one of its rows did. */
int unit_end_test(void **state);
#define UNIT_TEST(function)                            \
    {                                                  \
#function, function, NULL, unit_end_test, NULL \
    }

/* Goes into a new empty folder, which is removed when the program ends. The first thing
 * that main() does, so that all paths of a test may be relative. */
void unit_enter_folder(void);

/* The absolute path of that folder. */
const char *unit_folder(void);

/* From now on what is logged goes to a file of the test's folder, until unit_log_end(),
 * which shows it. False where that cannot be. */
bool unit_log_begin(void);
void unit_log_end(void);

/* What is logged so far; static, until the next call. */
const char *unit_log_read(void);

/* Fails unless what stands in the log so often. */
void unit_log_check(const char *what, size_t want);

/* Writes a file whatever umask says; text is a string. Fails the test if it cannot. */
void unit_write_file(const char *name, const char *text, mode_t mode);

/* Writes text to main.conf (mode 0600) and reads it as a configuration. */
bool unit_load(const char *text, const struct config **config_out, struct error *err);

/* The same for a configuration that must be good. The caller releases it. */
const struct config *unit_load_good(const char *text);

/* Reads a mail that is one text; the caller frees it with raw_mail_free(). */
struct raw_mail unit_read_mail(const char *octets, size_t size_bytes);

/* The beginning of a customer's section, with all that it needs but the "}". */
#define UNIT_CUSTOMER(name, domain)                                                   \
    "customer \"" name "\" {\n domains = {\"" domain "\"}\n customer-id = \"1469\"\n" \
    " api-key = \"key-of-" name "\"\n"

/* count times text, in a new string that the caller frees. */
char *unit_repeat(const char *text, size_t count);

/* How long a test waits at most for what another thread does: no bound that a test is
 * about. The environment's SMS_TEST_SLOWNESS, a factor, makes it longer. */
int64_t unit_patience_ms(void);

/* The Unix time of "2026-03-29 00:59:59", in UTC. Fails the test if it is none. */
int64_t unit_utc(const char *text);

#endif
