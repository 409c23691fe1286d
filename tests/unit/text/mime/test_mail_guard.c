/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/mime/mail_guard.h"

#define ADDRESSES "the address fields of the mail are too long to be read"
#define PARTS "the mail has more than 1000 parts: send a simpler one"
#define FIELDS "the mail has more than 4000 lines of header: send a simpler one"
#define MULTIPARTS "the mail has more than 100 multiparts: send a simpler one"

static void what_takes_no_end_is_refused(void **state)
{
    static const struct {
        const char *name, *head, *repeated;
        size_t count;
        const char *want;
    } rows[] = {
        {"an empty mail", "", "", 0, NULL},
        {"a mail", "Subject: x\nTo: a@example.org\n\n", "text\n", 1000, NULL},
        {"500 colons in an address field", "To: ", ":", 500, NULL},
        {"one more", "To: ", ":", 501, ADDRESSES},
        {"folded", "Cc:\n", " a:\n", 501, ADDRESSES},
        {"in any case", "FROM: ", ":", 501, ADDRESSES},
        {"white space before the colon", "from\t: ", ":", 501, ADDRESSES},
        {"in a mail within", "A: b\n\nReply-To: ", ":", 501, ADDRESSES},
        {"in several fields", "", "To: a:b\n", 501, ADDRESSES},
        {"colons elsewhere", "X: ", ":", 5000, NULL},
        {"a field that only begins alike", "Tour: ", ":", 5000, NULL},
        {"2000 commas", "To: ", "a,", 2000, NULL},
        {"one more comma", "To: ", "a,", 2001, ADDRESSES},
        {"an address that does not end", "To: ", "a", 200000, ADDRESSES},
        {"words about it", "A: b\n\nTo all staff: times\n", " 08:30 bus:12\n", 1000,
         NULL},
        {"100 multiparts", "", "Content-Type: multipart/mixed; boundary=a\n\n", 100,
         NULL},
        {"one more", "", "Content-Type: multipart/mixed; boundary=a\n\n", 101,
         MULTIPARTS},
        {"in any case, folded", "", "content-TYPE:\n MULTIPART/x\n\n", 101, MULTIPARTS},
        {"behind a comment", "", "Content-Type: (a/b) multipart/x\n\n", 101,
         MULTIPARTS},
        {"white space before the slash", "", "Content-Type: multipart /x\n\n", 101,
         MULTIPARTS},
        {"1000 parts", "A: b\n\n", "--b\n\nx\n", 1000, NULL},
        {"a part more", "A: b\n\n", "--b\n\nx\n", 1001, PARTS},
        {"with fields", "A: b\n\n", "--b\nA: b\n\nx\n", 1001, PARTS},
        {"signatures", "A: b\n\n", "-- \n\nJo\n", 5000, NULL},
        {"rules in a text", "A: b\n\n", "-------\na table\n", 5000, NULL},
        {"4000 fields", "", "a: b\n", 4000, NULL},
        {"a field more", "", "a: b\n", 4001, FIELDS},
        {"in a mail within", "Content-Type: message/rfc822\n\n", "a: b\n", 4001,
         FIELDS},
        {"fields in a text", "A: b\n\n", "a: b\n", 10000, NULL},
        {"other types", "", "Content-Type: text/plain\n\n", 1000, NULL},
        {"words about it", "", "He said multipart/mixed.\n", 1000, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *repeated = unit_repeat(rows[i].repeated, rows[i].count);
        size_t size = strlen(rows[i].head) + strlen(repeated);
        char *mail = malloc(size + 1);

        /* No NUL after it, so that a read beyond the end is seen. */
        assert_non_null(mail);
        memcpy(mail, rows[i].head, strlen(rows[i].head));
        memcpy(mail + strlen(rows[i].head), repeated, strlen(repeated));
        mail = realloc(mail, size ? size : 1);
        check_text(rows[i].name, mail_guard_check(mail, size), rows[i].want);
        free(mail);
        free(repeated);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(what_takes_no_end_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
