/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "envelope/dkim_signature.h"

/* "domain covered-from covered-to has-length", or NULL where it cannot be read. */
static const char *describe(const char *value, char *text, size_t size)
{
    struct dkim_signature signature;

    if (dkim_signature_read(value, strlen(value), &signature)) {
        snprintf(text, size, "%s%s%s%s", signature.domain,
                 dkim_signature_covers(&signature, "From") ? " from" : "",
                 dkim_signature_covers(&signature, "To") ? " to" : "",
                 signature.has_length ? " length" : "");
        dkim_signature_free(&signature);
        return text;
    }
    dkim_signature_free(&signature);
    return NULL;
}

static void a_signature_says_what_it_covers(void **state)
{
    static const struct {
        const char *name, *value, *want;
    } rows[] = {
        {"all of it",
         " v=1; a=rsa-sha256; c=relaxed/simple; d=school.example; s=x;\r\n"
         "\th=from:to:subject; bh=abc=; b=def==",
         "school.example from to"},
        {"without To", "d=school.example; h=from:subject; b=x", "school.example from"},
        {"names in any case and spaced", "d = school.example ; h = FROM :\n tO ; b=x",
         "school.example from to"},
        {"a field's name as part of another", "d=school.example; h=x-from:tor; b=x",
         "school.example"},
        {"the last tag", "b=x; d=school.example; h=from", "school.example from"},
        {"a semicolon at the end", "d=school.example; h=from;", "school.example from"},
        {"capitals in the domain", "d=School.EXAMPLE; h=from", "school.example from"},
        {"a length", "d=school.example; h=from; l=0", "school.example from length"},
        {"an empty length",
         "d=school.example; h=from; l=", "school.example from length"},
        {"two lengths", "d=school.example; h=from; l=1; l=2",
         "school.example from length"},
        {"a length behind a form feed", "d=school.example; h=from;\fl=1", NULL},
        {"a length behind a vertical tab", "d=school.example; h=from; \vl=1", NULL},
        {"a form feed within a length", "d=school.example; h=from; l\f=1", NULL},
        {"a control character at the end", "d=school.example; h=from\x01", NULL},
        {"tags are small letters",
         "D=evil.example; d=school.example; h=from; H=to; L=1", "school.example from"},
        {"a tag within a value", "b=;d=school.example; x=d=evil.example; h=from",
         "school.example from"},
        {"no d", "h=from; b=x", NULL},
        {"no h", "d=school.example; b=x", NULL},
        {"two d", "d=school.example; d=evil.example; h=from", NULL},
        {"two h", "d=school.example; h=from; h=to", NULL},
        {"d is no domain", "d=school..example; h=from", NULL},
        {"an empty h covers nothing", "d=school.example; h=", "school.example"},
        {"nothing", "", NULL},
        {"no tags", "school.example", NULL},
    };
    char text[DOMAIN_SIZE + 32];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(rows[i].name, describe(rows[i].value, text, sizeof text),
                   rows[i].want);
}

static void a_nul_is_no_domain(void **state)
{
    struct dkim_signature signature;

    (void)state;
    assert_false(dkim_signature_read("d=a\0b.example; h=from", 21, &signature));
}

static void what_a_filter_may_copy_is_plain(void **state)
{
    static const struct {
        const char *name, *value;
        bool want;
    } rows[] = {
        {"names", "d=school.example; i=jo@school.example; s=x; a=rsa-sha256", true},
        {"the first and the last letter and digit", "d=a.z.A.Z.0.9; s=-_+", true},
        {"nothing", "", true},
        {"other tags", "h=from : to; b=a b\"(); x=;", true},
        {"behind 9", "d=a:b", false},
        {"before 0", "s=a/b", false},
        {"before A", "s=a?b", false},
        {"behind Z", "s=a[b", false},
        {"before a", "s=a`b", false},
        {"behind z", "s=a{b", false},
        {"a space", "i=a b@school.example", false},
        {"an equals sign", "i=a=b@school.example", false},
        {"a quotation mark", "a=\"rsa-sha256\"", false},
        {"not ASCII", "d=gr\xC3\xBCn.example", false},
        {"the last of them", "d=a; i=b; s=c; a=d e", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name,
                     dkim_signature_is_plain(rows[i].value, strlen(rows[i].value)),
                     rows[i].want);
    check_true("NUL", !dkim_signature_is_plain("d=a\0b", 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_signature_says_what_it_covers),
        UNIT_TEST(a_nul_is_no_domain),
        UNIT_TEST(what_a_filter_may_copy_is_plain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
