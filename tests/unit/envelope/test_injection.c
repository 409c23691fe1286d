/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "envelope/injection.h"

static void only_names_are_repeated(void **state)
{
    static const char odd_mail_from[] =
        "MAIL FROM could make a filter write false results";
    static const char odd_helo[] = "HELO could make a filter write false results";
    static const char odd_signature[] =
        "DKIM-Signature could make a filter write false results";
    static const struct {
        const char *name, *sender, *helo, *fields, *want; /* NULL: it is ruled out */
    } rows[] = {
        {"a plain mail", "head@a.example", "mx.a.example", "", NULL},
        {"no HELO", "head@a.example", "", "", NULL},
        {"all that a local part may have", "a!#$%&'*+-/=?^_`{|}~.Z9@a.example", "", "",
         NULL},
        {"a local part in UTF-8", "gr\xC3\xBCn@a.example", "", "", NULL},
        {"an address as HELO", "head@a.example", "[192.0.2.1]", "", NULL},
        {"an IPv6 address as HELO", "head@a.example", "[IPv6:2001:db8::1]", "", NULL},
        {"a HELO with an underscore", "head@a.example", "pc_1", "", NULL},

        {"a quoted local part", "\"a b\"@a.example", "", "", odd_mail_from},
        {"a semicolon in the local part", "\"a;dkim=pass\"@a.example", "", "",
         odd_mail_from},
        {"a comment in the local part", "a(b@a.example", "", "", odd_mail_from},
        {"an escape in the local part", "a\\b@a.example", "", "", odd_mail_from},
        {"white space in the local part", "a b@a.example", "", "", odd_mail_from},
        {"a tab in the local part", "a\tb@a.example", "", "", odd_mail_from},

        {"a HELO that ends a comment", "head@a.example", "x); dkim=pass", "", odd_helo},
        {"a HELO with a space", "head@a.example", "x y", "", odd_helo},
        {"a HELO with =", "head@a.example", "x=y", "", odd_helo},

        {"a signature", "head@a.example", "",
         "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=a.example;\n"
         "\ti=@a.example; s=2026-x_1; h=from:to; bh=x+/=; b=y+/=\n",
         NULL},
        {"an identity with a tag", "head@a.example", "",
         "DKIM-Signature: d=a.example; i=head+x@mail.a.example\n", NULL},
        {"an identity that is encoded", "head@a.example", "",
         "DKIM-Signature: d=a.example; i=x=3B=20dkim=3Dpass@a.example\n",
         odd_signature},
        {"an identity with a quote", "head@a.example", "",
         "DKIM-Signature: d=a.example; i=\"x\"@a.example\n", odd_signature},
        {"an identity that is folded", "head@a.example", "",
         "DKIM-Signature: d=a.example; i=x\n y@a.example\n", odd_signature},
        {"a second identity", "head@a.example", "",
         "DKIM-Signature: d=a.example; i=@a.example; i=x=3By@a.example\n",
         odd_signature},
        {"a selector with a property", "head@a.example", "",
         "DKIM-Signature: d=a.example; s=x header.d=b.example\n", odd_signature},
        {"a domain with a comment", "head@a.example", "",
         "DKIM-Signature: d=a.example(x)\n", odd_signature},
        {"an algorithm with more", "head@a.example", "",
         "DKIM-Signature: d=a.example; a=rsa-sha256 header.d=b.example\n",
         odd_signature},
        {"an identity beyond ASCII", "head@a.example", "",
         "DKIM-Signature: d=a.example; i=\xEF\xBC\x9B@a.example\n", odd_signature},
        {"a good signature above a bad one", "head@a.example", "",
         "DKIM-Signature: d=a.example; s=x\nDKIM-Signature: d=b.example; s=x;"
         " i=a=3Db@b.example\n",
         odd_signature},
        {"a tag that no filter repeats", "head@a.example", "",
         "DKIM-Signature: d=a.example; z=From:x=20y|To:z; q=dns/txt\n", NULL},
        {"ARC", "head@a.example", "",
         "ARC-Seal: i=1; d=a.example; s=x header.d=b.example\n",
         "ARC-Seal could make a filter write false results"},
        {"ARC's message signature", "head@a.example", "",
         "arc-message-signature: i=1; d=a.example; s=x;y\n"
         "ARC-Message-Signature: i=1; d=a example\n",
         "ARC-Message-Signature could make a filter write false results"},
    };
    char mail[1024];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_mail raw;
        struct error err = {.text = ""};
        bool is_good;

        snprintf(mail, sizeof mail, "Subject: x\n%s\n", rows[i].fields);
        raw = unit_read_mail(mail, strlen(mail));
        is_good =
            injection_is_ruled_out(&raw.header, rows[i].sender, rows[i].helo, &err);
        check_text(rows[i].name, is_good ? NULL : err.text, rows[i].want);
        raw_mail_free(&raw);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(only_names_are_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
