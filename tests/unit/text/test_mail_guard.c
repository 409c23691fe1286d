/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/mail_guard.h"

#define ADDRESSES "an address field of the mail cannot be read"
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
        {"500 colons in an address field", "To: ", ":", 499, NULL},
        {"one more", "To: ", ":", 500, ADDRESSES},
        {"folded", "Cc:\n", " a:\n", 500, ADDRESSES},
        {"in any case", "FROM: ", ":", 500, ADDRESSES},
        {"white space before the colon", "from\t: ", ":", 500, ADDRESSES},
        {"in a mail within", "A: b\n\nReply-To: ", ":", 500, ADDRESSES},
        {"colons elsewhere", "X: ", ":", 5000, NULL},
        {"a field that only begins alike", "Tour: ", ":", 5000, NULL},
        {"fields one by one", "", "To: a\n", 5000, NULL},
        {"100 multiparts", "", "Content-Type: multipart/mixed; boundary=a\n\n", 100,
         NULL},
        {"one more", "", "Content-Type: multipart/mixed; boundary=a\n\n", 101,
         MULTIPARTS},
        {"in any case, folded", "", "content-TYPE:\n MULTIPART/x\n\n", 101, MULTIPARTS},
        {"other types", "", "Content-Type: text/plain\n\n", 1000, NULL},
        {"words about it", "", "He said multipart/mixed.\n", 1000, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *repeated = unit_repeat(rows[i].repeated, rows[i].count);
        size_t size = strlen(rows[i].head) + strlen(repeated);
        char *mail = malloc(size + 1);

        /* No NUL behind it, so that a read beyond the end is seen. */
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
