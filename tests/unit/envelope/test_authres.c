/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "envelope/authres.h"
#include "envelope/authres_scan.h"

/* Everything that was read, on one line:
 * [id] version; method/version=result reason=[..] ptype.name=[value] */
static char *tell(const struct authres *authres)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    fprintf(out, "[%s] %u", authres->authserv_id, authres->version);
    for (size_t i = 0; i < authres->result_count; i++) {
        const struct authres_result *result = &authres->results[i];

        fprintf(out, "; %s/%u=%s", result->method, result->method_version,
                result->result);
        if (*result->reason)
            fprintf(out, " reason=[%s]", result->reason);
        for (size_t k = 0; k < result->property_count; k++)
            fprintf(out, " %s.%s=[%s]", result->properties[k].ptype,
                    result->properties[k].name, result->properties[k].value);
    }
    fclose(out);
    return text;
}

/* Parses a copy of exactly that length, so that a sanitizer sees a read beyond it. */
static bool parse(const char *field, size_t length, struct authres **authres_out,
                  struct error *err)
{
    char *copy = malloc(length ? length : 1);
    bool is_parsed;

    assert_non_null(copy);
    memcpy(copy, field, length);
    is_parsed = authres_parse(copy, length, authres_out, err);
    free(copy);
    return is_parsed;
}

static void check_read(const char *name, const char *field, const char *want)
{
    struct authres *authres;
    struct error err;
    char *got;

    if (!parse(field, strlen(field), &authres, &err)) {
        check_text(name, err.text, want);
        return;
    }
    got = tell(authres);
    check_text(name, got, want);
    free(got);
    authres_free(&authres);
    check_true(name, authres == NULL);
}

static void check_refused(const char *name, const char *field, size_t length,
                          const char *want)
{
    struct authres *authres = (struct authres *)&length;
    struct error err;
    char text[ERROR_TEXT_SIZE];

    if (parse(field, length, &authres, &err)) {
        char *got = tell(authres);

        check_text(name, got, want);
        free(got);
        authres_free(&authres);
        return;
    }
    snprintf(text, sizeof text, "Authentication-Results, octet %s", want);
    check_error(name, &err, ERROR_REFUSED, "", text);
    check_true(name, authres == NULL);
}

struct row {
    const char *name, *field, *want;
};

static void check_good_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_read(rows[i].name, rows[i].field, rows[i].want);
}

static void check_bad_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_refused(rows[i].name, rows[i].field, strlen(rows[i].field), rows[i].want);
}

static void the_examples_of_rfc_8601(void **state)
{
    static const struct row rows[] = {
        {"B.2 no authentication done", " example.org 1; none", "[example.org] 1"},
        {"B.3 authentication done",
         " example.com;\r\n"
         "          spf=pass smtp.mailfrom=example.net",
         "[example.com] 1; spf/1=pass smtp.mailfrom=[example.net]"},
        {"B.4 several, single MTA, first field",
         " example.com;\r\n"
         "          auth=pass (cram-md5) smtp.auth=sender@example.net;\r\n"
         "          spf=pass smtp.mailfrom=example.net",
         "[example.com] 1; auth/1=pass smtp.auth=[sender@example.net]; "
         "spf/1=pass smtp.mailfrom=[example.net]"},
        {"B.4 second field",
         " example.com; iprev=pass\r\n"
         "          policy.iprev=192.0.2.200",
         "[example.com] 1; iprev/1=pass policy.iprev=[192.0.2.200]"},
        {"B.5 different MTAs, the topmost",
         " example.com;\r\n"
         "          dkim=pass (good signature) header.d=example.com",
         "[example.com] 1; dkim/1=pass header.d=[example.com]"},
        {"B.5 the one below",
         " example.com;\r\n"
         "          auth=pass (cram-md5) smtp.auth=sender@example.com;\r\n"
         "          spf=fail smtp.mailfrom=example.com",
         "[example.com] 1; auth/1=pass smtp.auth=[sender@example.com]; "
         "spf/1=fail smtp.mailfrom=[example.com]"},
        {"B.6 multi-tiered, the topmost",
         " example.com;\r\n"
         "      dkim=pass reason=\"good signature\"\r\n"
         "        header.i=@mail-router.example.net;\r\n"
         "      dkim=fail reason=\"bad signature\"\r\n"
         "        header.i=@newyork.example.com",
         "[example.com] 1; "
         "dkim/1=pass reason=[good signature] header.i=[@mail-router.example.net]; "
         "dkim/1=fail reason=[bad signature] header.i=[@newyork.example.com]"},
        {"B.6 the one below",
         " example.net;\r\n"
         "      dkim=pass (good signature) header.i=@newyork.example.com",
         "[example.net] 1; dkim/1=pass header.i=[@newyork.example.com]"},
        {"B.7 comment-heavy",
         " foo.example.net (foobar) 1 (baz);\r\n"
         "    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
         "      policy (A dot can go here) . (like that) expired\r\n"
         "      (this surprised me) = (as I wasn't expecting it) 1362471462",
         "[foo.example.net] 1; dkim/1=fail policy.expired=[1362471462]"},
    };

    (void)state;
    check_good_rows(rows, COUNT(rows));
}

static void the_examples_of_its_forerunners(void **state)
{
    static const struct row rows[] = {
        {"RFC 7601 B.4 sender-id",
         " example.com;\r\n          sender-id=pass header.from=example.net",
         "[example.com] 1; sender-id/1=pass header.from=[example.net]"},
        {"RFC 7601 B.5",
         " example.com;\r\n"
         "          sender-id=fail header.from=example.com;\r\n"
         "          dkim=pass (good signature) header.d=example.com",
         "[example.com] 1; sender-id/1=fail header.from=[example.com]; "
         "dkim/1=pass header.d=[example.com]"},
        {"RFC 6008 header.b",
         " mail-router.example.net;\r\n"
         "    dkim=pass (good signature) header.d=newyork.example.com\r\n"
         "           header.b=oINEO8hg;\r\n"
         "    dkim=fail (bad signature) header.d=newyork.example.com\r\n"
         "           header.b=EToRSuvU",
         "[mail-router.example.net] 1; "
         "dkim/1=pass header.d=[newyork.example.com] header.b=[oINEO8hg]; "
         "dkim/1=fail header.d=[newyork.example.com] header.b=[EToRSuvU]"},
    };

    (void)state;
    check_good_rows(rows, COUNT(rows));
}

static void what_filters_write_is_read(void **state)
{
    static const struct row rows[] = {
        {"OpenDKIM",
         "mx.example.org;\n\tdkim=pass (2048-bit key; unprotected) "
         "header.d=example.com "
         "header.i=@example.com header.a=rsa-sha256 header.s=sel "
         "header.b=\"aB/c+D==\";\n\tdkim-atps=neutral",
         "[mx.example.org] 1; dkim/1=pass header.d=[example.com] "
         "header.i=[@example.com] header.a=[rsa-sha256] header.s=[sel] "
         "header.b=[aB/c+D==]; dkim-atps/1=neutral"},
        {"OpenDKIM, header.b without quotes",
         "mx.example.org; dkim=pass header.b=aB/c+D== header.s=sel",
         "[mx.example.org] 1; dkim/1=pass header.b=[aB/c+D==] header.s=[sel]"},
        {"OpenDKIM, a bad signature",
         "mx.example.org; dkim=fail reason=\"signature verification failed\" (2048-bit "
         "key; insecure) header.d=example.com",
         "[mx.example.org] 1; dkim/1=fail reason=[signature verification failed] "
         "header.d=[example.com]"},
        {"OpenDKIM, no signature", "mx.example.org; dkim=none",
         "[mx.example.org] 1; dkim/1=none"},
        {"OpenDMARC",
         "mx.example.org; dmarc=pass (p=none dis=none) header.from=example.com",
         "[mx.example.org] 1; dmarc/1=pass header.from=[example.com]"},
        {"OpenDMARC, its SPF", "mx.example.org; spf=pass smtp.mailfrom=a@example.com",
         "[mx.example.org] 1; spf/1=pass smtp.mailfrom=[a@example.com]"},
        {"OpenDMARC, SPF of a null sender", "mx.example.org; spf=none smtp.helo=mx",
         "[mx.example.org] 1; spf/1=none smtp.helo=[mx]"},
        {"pyspf-milter",
         "mx.example.org; spf=Pass (sender SPF authorized) smtp.mailfrom=example.com "
         "(client-ip=2001:db8::1; helo=mail.example.com; envelope-from=u@example.com; "
         "receiver=<UNKNOWN>)",
         "[mx.example.org] 1; spf/1=pass smtp.mailfrom=[example.com]"},
        {"smf-spf",
         "mx.example.org; spf=pass smtp.mailfrom=u@example.com smtp.helo=[192.0.2.1]",
         "[mx.example.org] 1; spf/1=pass smtp.mailfrom=[u@example.com] "
         "smtp.helo=[[192.0.2.1]]"},
        {"rspamd",
         "mx.example.org;\n\tdkim=pass header.d=example.com header.s=sel "
         "header.b=a+b/cdef;\n\tspf=pass (mx.example.org: domain of u@example.com "
         "designates 192.0.2.1 as permitted sender) smtp.mailfrom=u@example.com;\n"
         "\tdmarc=fail reason=\"SPF not aligned (relaxed)\" header.from=example.net "
         "(policy=quarantine)",
         "[mx.example.org] 1; dkim/1=pass header.d=[example.com] header.s=[sel] "
         "header.b=[a+b/cdef]; spf/1=pass smtp.mailfrom=[u@example.com]; dmarc/1=fail "
         "reason=[SPF not aligned (relaxed)] header.from=[example.net]"},
        {"rspamd, a user who logged in",
         "mx.example.org;\n\tauth=pass smtp.auth=user smtp.mailfrom=u@example.com",
         "[mx.example.org] 1; auth/1=pass smtp.auth=[user] "
         "smtp.mailfrom=[u@example.com]"},
        {"Exchange",
         "mx.example.org; spf=pass (sender IP is 192.0.2.1)\r\n "
         "smtp.mailfrom=example.com"
         "; dkim=pass (signature was verified)\r\n header.d=example.com;dmarc=pass "
         "action=none\r\n header.from=example.com;compauth=pass reason=100",
         "[mx.example.org] 1; spf/1=pass smtp.mailfrom=[example.com]; "
         "dkim/1=pass header.d=[example.com]; dmarc/1=pass .action=[none] "
         "header.from=[example.com]; compauth/1=pass reason=[100]"},
        {"authentication_milter",
         "mx.example.org;\n    x-tls=pass smtp.version=TLSv1.3 smtp.cipher=A_B "
         "smtp.bits="
         "256/256;\n    iprev=pass smtp.remote-ip=2001:db8::1 (mail.example.com);\n"
         "    x-return-mx=pass header.domain=example.com policy.is_org=yes",
         "[mx.example.org] 1; x-tls/1=pass smtp.version=[TLSv1.3] smtp.cipher=[A_B] "
         "smtp.bits=[256/256]; iprev/1=pass smtp.remote-ip=[2001:db8::1]; "
         "x-return-mx/1=pass header.domain=[example.com] policy.is_org=[yes]"},
        {"BATV", "i; spf=pass smtp.mailfrom=prvs=12345abcde=u@example.com",
         "[i] 1; spf/1=pass smtp.mailfrom=[prvs=12345abcde=u@example.com]"},
        {"\";\" at the end", "i; spf=pass smtp.mailfrom=example.com;",
         "[i] 1; spf/1=pass smtp.mailfrom=[example.com]"},
        {"AuthservIDWithJobID", "mx.example.org/0C5B13F980; dkim=none",
         "[mx.example.org/0C5B13F980] 1; dkim/1=none"},
        {"\";\" behind none", "i; none ; (done)", "[i] 1"},
    };

    (void)state;
    check_good_rows(rows, COUNT(rows));
}

static void each_rule_of_the_grammar(void **state)
{
    static const struct row rows[] = {
        {"authserv-id in quotes", "\"mx example; \\\"1\\\"\" 1; none",
         "[mx example; \"1\"] 1"},
        {"authserv-id of other case", "MX.Example.ORG; none", "[MX.Example.ORG] 1"},
        {"internationalised authserv-id",
         "\"b\xC3\xBC"
         "cher.example\"; none",
         "[b\xC3\xBC"
         "cher.example] 1"},
        {"another version", "i 2; none", "[i] 2"},
        {"version behind a comment", "i (a)007 (b);none", "[i] 7"},
        {"none in capitals", "i; NONE", "[i] 1"},
        {"none with comments", "(a) i (b) ; (c) none (d)", "[i] 1"},
        {"a method that begins like none", "i; none-at-all=pass",
         "[i] 1; none-at-all/1=pass"},
        {"method version", "i; dkim/2=pass", "[i] 1; dkim/2=pass"},
        {"case of method, result, ptype and property goes, of values stays",
         "i; DKIM=PASS Header.D=Example.ORG",
         "[i] 1; dkim/1=pass header.d=[Example.ORG]"},
        {"hardly any white space", "i;dkim=pass (a)header.d=x;spf=fail",
         "[i] 1; dkim/1=pass header.d=[x]; spf/1=fail"},
        {"white space wherever it may be",
         "\ti\t 1 ;\r\n dkim\t/ 1 =\n pass reason = \"a\" header . d = x ; spf = fail ",
         "[i] 1; dkim/1=pass reason=[a] header.d=[x]; spf/1=fail"},
        {"reason without quotes", "i; dkim=fail reason=bad header.d=x",
         "[i] 1; dkim/1=fail reason=[bad] header.d=[x]"},
        {"a ptype reason", "i; dkim=fail reason.code=1",
         "[i] 1; dkim/1=fail reason.code=[1]"},
        {"an empty reason", "i; dkim=fail reason=\"\"", "[i] 1; dkim/1=fail"},
        {"special-smtp-verb", "i; x=pass smtp.mailfrom=a smtp.rcptto=b@c.d",
         "[i] 1; x/1=pass smtp.mailfrom=[a] smtp.rcptto=[b@c.d]"},
        {"an empty value in quotes", "i; spf=none smtp.mailfrom=\"\"",
         "[i] 1; spf/1=none smtp.mailfrom=[]"},
        {"quoted local part", "i; spf=pass smtp.mailfrom=\"a b\"@example.org",
         "[i] 1; spf/1=pass smtp.mailfrom=[a b@example.org]"},
        {"quoted local part with @", "i; spf=pass smtp.mailfrom=\"a@x.y\"@example.org",
         "[i] 1; spf/1=pass smtp.mailfrom=[a@x.y@example.org]"},
        {"no local part", "i; dkim=pass header.i=@example.org",
         "[i] 1; dkim/1=pass header.i=[@example.org]"},
        {"local part of every atext",
         "i; spf=pass smtp.mailfrom=a!#$%&'*+-/=?^_`{|}~.z@example.org",
         "[i] 1; spf/1=pass smtp.mailfrom=[a!#$%&'*+-/=?^_`{|}~.z@example.org]"},
        {"internationalised address",
         "i; spf=pass smtp.mailfrom=Pel\xC3\xA9@\xE9\xBB\x92"
         "\xE5\xB7\x9D.\xE6\x97\xA5\xE6\x9C\xAC",
         "[i] 1; spf/1=pass smtp.mailfrom=[Pel\xC3\xA9@\xE9\xBB\x92"
         "\xE5\xB7\x9D.\xE6\x97\xA5\xE6\x9C\xAC]"},
        {"internationalised domain",
         "i; dkim=pass header.d=Blo\xC3\x9F.example (\xC3\xA9)",
         "[i] 1; dkim/1=pass header.d=[Blo\xC3\x9F.example]"},
        {"a fold in quotes is white space", "i; x=pass reason=\"a\r\n b\n\tc\"",
         "[i] 1; x/1=pass reason=[a b\tc]"},
        {"nested comments", "i (a (b (c) d) e); none", "[i] 1"},
        {"quoted pairs in comments", "i (a \\( \\) \\\\ \\\" \\\xC3\xA9); none",
         "[i] 1"},
        {"quotes in a comment", "i (domain of \"a b\"@example.org); none", "[i] 1"},
        {"a fold in a comment", "i (a\r\n b); none", "[i] 1"},
        {"an underlined domain", "i; dkim=pass header.i=@a_b.example",
         "[i] 1; dkim/1=pass header.i=[@a_b.example]"},
        {"the name on the line above", "\r\n i; none", "[i] 1"},
    };

    (void)state;
    check_good_rows(rows, COUNT(rows));
}

/* Fields that a person or a simpler parser may mistake for a dmarc=pass. */
static void tricks_that_are_read_as_they_are(void **state)
{
    static const struct row rows[] = {
        {"a result in a comment", "mx.example.org (; dmarc=pass) ; none",
         "[mx.example.org] 1"},
        {"a result in an inner comment", "i ((x); dmarc=pass header.from=x); none",
         "[i] 1"},
        {"a comment over lines", "i; spf=fail (\r\n ; dmarc=pass header.from=x\r\n )",
         "[i] 1; spf/1=fail"},
        {"an escaped bracket does not close", "i; spf=fail (\\) ; dmarc=pass)",
         "[i] 1; spf/1=fail"},
        {"an escaped backslash escapes nothing", "i; spf=fail (\\\\) ; dmarc=pass",
         "[i] 1; spf/1=fail; dmarc/1=pass"},
        {"a result in the id", "\"mx.example.org; dmarc=pass header.from=x\"; none",
         "[mx.example.org; dmarc=pass header.from=x] 1"},
        {"the id in quotes is the same id", "\"mx.\\example\\.org\"; none",
         "[mx.example.org] 1"},
        {"an id with a space is another", "\"mx.example.org \"; none",
         "[mx.example.org ] 1"},
        {"a result in a reason", "i; dkim=fail reason=\"; dmarc=pass header.from=x\"",
         "[i] 1; dkim/1=fail reason=[; dmarc=pass header.from=x]"},
        {"an escaped quote does not close",
         "i; x=fail reason=\"\\\"; dmarc=pass a.b=\\\"\"",
         "[i] 1; x/1=fail reason=[\"; dmarc=pass a.b=\"]"},
        {"a result in a value", "i; x=fail a.b=\"y; dmarc=pass\"",
         "[i] 1; x/1=fail a.b=[y; dmarc=pass]"},
        {"a result in a local part", "i; spf=fail smtp.mailfrom=\"; dmarc=pass\"@x.y",
         "[i] 1; spf/1=fail smtp.mailfrom=[; dmarc=pass@x.y]"},
        {"brackets in quotes are no comment",
         "i; x=fail reason=\"(\" ; y=pass a.b=\")\"",
         "[i] 1; x/1=fail reason=[(]; y/1=pass a.b=[)]"},
        {"a comment in a method", "i; dmarc (x) = (=fail) pass", "[i] 1; dmarc/1=pass"},
        {"a comment between method and version", "i; dmarc (/2)/ (3)(3)1 (4)=pass",
         "[i] 1; dmarc/1=pass"},
        {"a ptype dmarc", "i; spf=fail dmarc.pass=x",
         "[i] 1; spf/1=fail dmarc.pass=[x]"},
        {"what OpenDKIM writes for an i= with escapes: nobody can tell it from two "
         "results",
         "i;\n\tdkim=pass (2048-bit key) header.d=evil.example header.i=x; dkim=pass "
         "header.d=victim.example; a=b c.d=e@evil.example header.a=rsa-sha256",
         "[i] 1; dkim/1=pass header.d=[evil.example] header.i=[x]; "
         "dkim/1=pass header.d=[victim.example]; "
         "a/1=b c.d=[e@evil.example] header.a=[rsa-sha256]"},
        {"twice the same property", "i; dmarc=pass header.from=x header.from=y",
         "[i] 1; dmarc/1=pass header.from=[x] header.from=[y]"},
        {"twice the same method", "i; dmarc=fail; DMARC=pass",
         "[i] 1; dmarc/1=fail; dmarc/1=pass"},
        {"the first quoted string closes the second",
         "i; x=fail a.b=\"\" c.d=\"; e=f\"", "[i] 1; x/1=fail a.b=[] c.d=[; e=f]"},
        {"look-alikes in quotes are themselves",
         "i; x=fail a.b=\"\xEF\xBC\x9B dmarc=pass\"",
         "[i] 1; x/1=fail a.b=[\xEF\xBC\x9B dmarc=pass]"},
    };

    (void)state;
    check_good_rows(rows, COUNT(rows));
}

static void tricks_that_are_refused(void **state)
{
    static const struct row rows[] = {
        {"a quote in a comment may hide its end", "i; x=fail (\") ; dmarc=pass (\")",
         "13: a quoted bracket in a comment"},
        {"brackets in quotes in a comment",
         "i; x=fail ( \"(\" ) ; dmarc=pass ( \")\" )",
         "14: a quoted bracket in a comment"},
        {"a domain with a comment (CVE-2020-12272)",
         "i; dkim=pass header.d=x.y(.evil.example header.s=z)",
         "26: a comment without white space before it"},
        {"the same behind a local part",
         "i; spf=pass smtp.mailfrom=a@x.y(.evil.example)",
         "32: a comment without white space before it"},
        {"the same behind quotes", "i; spf=pass smtp.mailfrom=\"a@x.y\"(.evil.example)",
         "34: a comment without white space before it"},
        {"a domain with a result",
         "i; dkim=pass header.d=x.y;(.evil.example header.s=z)a=b",
         "27: a comment without white space before it"},
        {"a domain with a result and its comment",
         "i; dkim=pass header.d=x.y;a=b(.evil.example header.s=z)",
         "30: a comment without white space before it"},
        {"a domain with a method and its comment",
         "i; dkim=pass header.d=x.y;a(.evil.example header.s=z)=b",
         "28: a comment without white space before it"},
        {"a value of a comment", "i; x=pass header.s=(y) z.z=b",
         "20: a comment without white space before it"},
        {"a sender who ends a comment",
         "i; spf=fail (domain of u@x.y);dmarc=pass;a=b(is not allowed)",
         "45: a comment without white space before it"},
        {"a sender in quotes who ends a comment",
         "i; spf=fail (domain of \"u);dmarc=pass (\"@x.y is not allowed)",
         "26: a quoted bracket in a comment"},
        {"behind a comment that is not closed", "i; none (; dmarc=pass header.from=x",
         "9: a comment that is not closed"},
        {"a comment that is not closed behind the last \";\"", "i; dmarc=pass; (x",
         "16: a comment that is not closed"},
        {"the same behind none", "i; none; (x", "10: a comment that is not closed"},
        {"the same behind a value", "i; x=pass a.b=c (x",
         "17: a comment that is not closed"},
        {"a comment closed once too few", "i (a (b); dmarc=pass",
         "3: a comment that is not closed"},
        {"a comment closed once too often", "i (a)); dmarc=pass",
         "6: a version is missing"},
        {"behind a quoted string that is not closed", "i; x=fail reason=\"; dmarc=pass",
         "18: a quoted string that is not closed"},
        {"escaped end of the string", "i; x=fail reason=\"\\\"; dmarc=pass",
         "18: a quoted string that is not closed"},
        {"results without \";\"", "i; spf=fail dmarc=pass header.from=x",
         "19: a property without ptype"},
        {"a result behind none", "i; none; dmarc=pass",
         "10: text after the last result"},
        {"a result behind none, apart", "i; none dmarc=pass",
         "9: text after the last result"},
        {"none behind a result", "i; dmarc=pass; none",
         "20: \"=\" is missing after a method"},
        {"a method none", "i; none=pass", "8: text after the last result"},
        {"none with a version", "i; none/1=pass", "8: text after the last result"},
        {"a property in a property", "i; x=pass smtp.mailfrom= header.from=x.y",
         "26: \"=\" in a value after white space"},
        {"a property in a local part", "i; x=pass smtp.mailfrom= header.from=a@x.y",
         "26: \"=\" in a value after white space"},
        {"a property behind a comment", "i; x=pass smtp.mailfrom= ()header.from=a@x.y",
         "28: \"=\" in a value after white space"},
        {"a property in header.b",
         "i; x=pass header.b= abc=", "21: \"=\" in a value after white space"},
        {"a property that header.b may not hide", "i; x=pass header.b=header.from=x",
         "20: a value that needs quotes"},
        {"full-width \";\" in a value",
         "i; x=pass header.from=x.y\xEF\xBC\x9B"
         "dmarc=fail",
         "23: a value that needs quotes"},
        {"full-width \";\" in a domain", "i; x=pass a.b=c@x.y\xEF\xBC\x9Bz",
         "15: a value with look-alikes of ASCII characters"},
        {"full-width dot behind a quoted local part",
         "i; x=pass a.b=\"c\"@x\xEF\xBC\x8Ey",
         "18: a domain with look-alikes of ASCII characters"},
        {"Greek question mark", "i; x=pass header.from=x.y\xCD\xBE",
         "23: a value with look-alikes of ASCII characters"},
        {"full-width \";\" behind the id", "i\xEF\xBC\x9B dmarc=pass",
         "2: \";\" is missing after the authserv-id"},
        {"full-width \"=\"", "i; dmarc\xEF\xBC\x9Dpass",
         "9: \"=\" is missing after a method"},
        {"full-width letters", "i; \xEF\xBD\x84marc=pass", "4: a method is missing"},
        {"Cyrillic in a method", "i; dm\xD0\xB0rc=pass",
         "6: \"=\" is missing after a method"},
        {"Cyrillic in a result", "i; dmarc=p\xD0\xB0ss",
         "11: text without white space or \";\" before it"},
        {"no-break space",
         "i;\xC2\xA0"
         "dmarc=pass",
         "3: an invisible character"},
        {"ideographic space",
         "i; dmarc=pass\xE3\x80\x80"
         "a.b=c",
         "14: an invisible character"},
        {"zero width space in the id", "mx\xE2\x80\x8B.example; none",
         "3: an invisible character"},
        {"right to left in a comment", "i (\xE2\x80\xAE); none",
         "4: an invisible character"},
        {"line separator in quotes", "i; x=pass reason=\"\xE2\x80\xA8\"",
         "19: an invisible character"},
        {"next line (C1)", "i; none\xC2\x85", "8: an invisible character"},
        {"tag characters", "i; x=pass a.b=\"\xF3\xA0\x81\x81\"",
         "16: an invisible character"},
        {"carriage return alone", "i; none (\r; dmarc=pass)",
         "10: a carriage return without a line feed"},
        {"two carriage returns", "i;\r\r\n none",
         "3: a carriage return without a line feed"},
        {"another field in this one", "i; none\r\nX: y",
         "8: a line break that is not folding white space"},
        {"a line feed and no white space", "i; x=pass reason=\"\n\"",
         "19: a line break that is not folding white space"},
        {"a line of white space", "i; none\r\n \r\n (x)",
         "8: a line with nothing but white space"},
        {"a last line of white space", "i; none\n\t ",
         "8: a line with nothing but white space"},
        {"an escaped fold", "i; x=pass reason=\"a\\\r\n b\"",
         "21: a backslash that escapes nothing"},
        {"a fold in a word", "i; dm\r\n arc=pass",
         "9: \"=\" is missing after a method"},
        {"a fold in a value", "i; x=pass a.b=example.\r\n org",
         "29: \".\" or \"=\" is missing after a word"},
    };

    (void)state;
    check_bad_rows(rows, COUNT(rows));
}

static void what_is_not_in_the_grammar_is_refused(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "1: a value is missing"},
        {"a comment alone", "(x)", "4: a value is missing"},
        {"an id alone", "i", "2: \";\" is missing after the authserv-id"},
        {"nothing behind \";\"", "i; ", "4: a method is missing"},
        {"no id", "; dmarc=pass", "1: a value is missing"},
        {"an empty id", "\"\"; none", "3: an empty authserv-id"},
        {"no id but a result", "spf=pass smtp.mailfrom=x",
         "4: \";\" is missing after the authserv-id"},
        {"an id without quotes that is no token", "mx:1; none",
         "3: \";\" is missing after the authserv-id"},
        {"an id without quotes that is not ASCII", "\xC3\xA9; none",
         "1: a value is missing"},
        {"a version that nothing divides from the id", "\"i\"1; none",
         "4: \";\" is missing after the authserv-id"},
        {"a version that is none", "i v1; none", "3: a version is missing"},
        {"letters in a version", "i 1a; none",
         "4: \";\" is missing after the authserv-id"},
        {"two versions", "i 1 1; none", "5: \";\" is missing after the authserv-id"},
        {"a version of ten digits", "i 4294967297; none",
         "3: a version that is too long"},
        {"a method version of ten digits", "i; x/4294967297=pass",
         "6: a version that is too long"},
        {"no method version", "i; x/=pass", "6: a version is missing"},
        {"two \";\"", "i;; dmarc=pass", "3: a method is missing"},
        {"two \";\" at the end", "i; dmarc=pass;;", "15: a method is missing"},
        {"two \";\" behind none", "i; none;;", "9: text after the last result"},
        {"a method without result", "i; dmarc", "9: \"=\" is missing after a method"},
        {"an empty result", "i; dmarc=; x=y", "10: a result is missing"},
        {"a result in quotes", "i; dmarc=\"pass\"", "10: a result is missing"},
        {"a method in quotes", "i; \"dmarc\"=pass", "4: a method is missing"},
        {"a method that is no Keyword", "i; dm_arc=pass",
         "6: \"=\" is missing after a method"},
        {"a method that ends with \"-\"", "i; dmarc-=pass", "4: a method is missing"},
        {"a result that is no Keyword", "i; dmarc=pass-", "10: a result is missing"},
        {"a ptype that is no Keyword", "i; x=pass a_b.c=d",
         "12: \".\" or \"=\" is missing after a word"},
        {"a ptype in quotes", "i; x=pass \"header\".d=x", "11: a ptype is missing"},
        {"no property", "i; x=pass header.=x", "18: a property is missing"},
        {"no ptype", "i; x=pass .d=x", "11: a ptype is missing"},
        {"no \"=\" behind a property", "i; x=pass header.d x",
         "20: \"=\" is missing after a property"},
        {"no value", "i; x=pass smtp.mailfrom=", "25: a value is missing"},
        {"no value but \";\"", "i; x=pass smtp.mailfrom=; y=pass",
         "25: a value is missing"},
        {"a null path", "i; x=pass smtp.mailfrom=<>", "25: a value is missing"},
        {"a path", "i; x=pass smtp.mailfrom=<a@x.y>", "25: a value is missing"},
        {"text behind a quoted string", "i; x=pass header.d=\"x\"header.from=y",
         "23: text without white space or \";\" before it"},
        {"text behind a value", "i; x=pass a.b=c,d",
         "16: text without white space or \";\" before it"},
        {"text behind a result", "i; dmarc=pass.fail",
         "14: text without white space or \";\" before it"},
        {"two results of one method", "i; dmarc=pass=fail",
         "14: text without white space or \";\" before it"},
        {"a reason twice", "i; x=fail reason=a reason=b",
         "27: a second reason, or a reason after a property"},
        {"an empty reason first", "i; x=fail reason=\"\" reason=b",
         "28: a second reason, or a reason after a property"},
        {"a reason behind a property", "i; x=fail a.b=c reason=d",
         "24: a second reason, or a reason after a property"},
        {"no reason", "i; x=fail reason=", "18: a value is missing"},
        {"a reason that is an address", "i; x=fail reason=a@b",
         "19: text without white space or \";\" before it"},
        {"no action", "i; x=fail action=", "18: a value is missing"},
        {"a backslash without quotes", "i; x=pass a.b=c\\@d",
         "16: text without white space or \";\" before it"},
        {"a backslash at the end of quotes", "i; x=pass a.b=\"\\",
         "17: a backslash that escapes nothing"},
        {"a backslash at the end of a comment", "i (\\",
         "5: a backslash that escapes nothing"},
        {"two dots in a local part", "i; x=pass a.b=c..d@x.y",
         "15: a local part that needs quotes"},
        {"a dot before a local part", "i; x=pass a.b=.c@x.y",
         "15: a local part that needs quotes"},
        {"a dot behind a local part", "i; x=pass a.b=c.@x.y",
         "15: a local part that needs quotes"},
        {"a route", "i; x=pass a.b=@x.y:c@x.y",
         "19: text without white space or \";\" before it"},
        {"\":\" in a local part", "i; x=pass a.b=c:d@x.y",
         "15: a local part that needs quotes"},
        {"a local part in quotes and more", "i; x=pass a.b=\"c\".d@x.y",
         "18: text without white space or \";\" before it"},
        {"a comment before \"@\"", "i; x=pass a.b=c (x)@x.y", "20: a ptype is missing"},
        {"a comment behind \"@\"", "i; x=pass a.b=c@(x)x.y",
         "17: a label of a domain is missing or wrong"},
        {"no domain", "i; x=pass a.b=c@",
         "17: a label of a domain is missing or wrong"},
        {"no domain behind quotes", "i; x=pass a.b=\"c\"@;",
         "19: a label of a domain is missing or wrong"},
        {"a dot behind a domain", "i; x=pass a.b=c@x.y.",
         "21: a label of a domain is missing or wrong"},
        {"a label that begins with \"-\"", "i; x=pass a.b=c@x.-y",
         "19: a label of a domain is missing or wrong"},
        {"a label that ends with \"-\"", "i; x=pass a.b=c@x-.y",
         "17: a label of a domain is missing or wrong"},
        {"two \"@\"", "i; x=pass a.b=c@d@x.y",
         "18: text without white space or \";\" before it"},
        {"an address literal", "i; x=pass a.b=c@[192.0.2.1]",
         "17: a label of a domain is missing or wrong"},
        {"\"=\" in another value than header.b",
         "i; x=pass header.s=abc=", "20: a value that needs quotes"},
        {"header.b of another ptype",
         "i; x=pass body.b=abc=", "18: a value that needs quotes"},
        {"three \"=\" of padding",
         "i; x=pass header.b=abc===", "20: a value that needs quotes"},
        {"\"=\" within header.b", "i; x=pass header.b=a=bc",
         "20: a value that needs quotes"},
        {"octets that are not UTF-8", "i (\xC3); none", "4: octets that are not UTF-8"},
        {"UTF-8 cut off at the end", "i; none (\xE2\x82",
         "10: octets that are not UTF-8"},
        {"overlong \";\"", "i\xC0\xBB none", "2: octets that are not UTF-8"},
        {"a surrogate", "i (\xED\xA0\x80); none", "4: octets that are not UTF-8"},
        {"DEL", "i; none\x7F", "8: a control character"},
        {"escape", "i (\x1B[2K); none", "4: a control character"},
        {"vertical tab", "i;\vnone", "3: a control character"},
        {"form feed", "i;\fnone", "3: a control character"},
    };

    (void)state;
    check_bad_rows(rows, COUNT(rows));
    check_refused("NUL", "i; none\0; dmarc=pass", 20, "8: a control character");
    check_refused("NUL in quotes", "i; x=pass a.b=\"\0\"", 17,
                  "16: a control character");
}

/* "i; " and results, each "x=y" with properties. */
static char *write_field(size_t results, size_t properties)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    fputs("i", out);
    for (size_t i = 0; i < results; i++) {
        fputs("; x=y", out);
        for (size_t k = 0; k < properties; k++)
            fprintf(out, " a.b=%zu", k % 10);
    }
    fclose(out);
    return text;
}

static void so_many_results_and_properties(void **state)
{
    static const struct {
        const char *name;
        size_t results, properties;
        const char *error; /* NULL: is read */
    } rows[] = {
        {"100 results", 100, 2, NULL},
        {"101 results", 101, 0, "507: too many results"},
        {"100 properties", 2, 100, NULL},
        {"101 properties", 1, 101, "613: too many properties"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *field = write_field(rows[i].results, rows[i].properties);
        struct authres *authres;
        struct error err;

        if (rows[i].error) {
            check_refused(rows[i].name, field, strlen(field), rows[i].error);
        } else if (parse(field, strlen(field), &authres, &err)) {
            const struct authres_result *last = &authres->results[rows[i].results - 1];

            check_number(rows[i].name, (long long)authres->result_count,
                         (long long)rows[i].results);
            check_number(rows[i].name, (long long)last->property_count,
                         (long long)rows[i].properties);
            check_text(rows[i].name, last->properties[1].value, "1");
            authres_free(&authres);
        } else {
            check_text(rows[i].name, err.text, "read");
        }
        free(field);
    }
}

/* Fields of the greatest length that repeat one thing. Nesting must not use the stack.
 * */
static void the_longest_field(void **state)
{
    enum { LONGEST = AUTHRES_MAX_BYTES };
    static const struct {
        const char *name, *repeated, *want;
    } rows[] = {
        {"brackets", "(", "1: comments that are nested too deeply"},
        {"comments", "()", "501: longer comments than filters write"},
        {"escaped brackets", "(\\(a", "1: comments that are nested too deeply"},
        {"spaces", " ", "2001: a value is missing"},
        {"folds", "\r\n\t(", "4: comments that are nested too deeply"},
        {"letters", "i", "2001: \";\" is missing after the authserv-id"},
        {"quoted strings", "\"\"", "3: an empty authserv-id"},
        {"wide characters", "\xC3\xA9", "1: a value is missing"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = strlen(rows[i].repeated);
        char *text = unit_repeat(rows[i].repeated, LONGEST / length);

        check_refused(rows[i].name, text, LONGEST / length * length, rows[i].want);
        free(text);
    }
}

/* A quoted string as long as the field may be; one octet more is too long. */
static void the_longest_value(void **state)
{
    enum { LONGEST = AUTHRES_MAX_BYTES, HEAD = sizeof("i; x=y a.b=\"") - 1 };
    char *text = unit_repeat("z", LONGEST + 1);
    struct authres *authres;
    struct error err;

    (void)state;
    memcpy(text, "i; x=y a.b=\"", HEAD);
    text[LONGEST - 1] = '"';
    check_true("as long as may be", parse(text, LONGEST, &authres, &err));
    check_number("value", (long long)strlen(authres->results[0].properties[0].value),
                 LONGEST - HEAD - 1);
    authres_free(&authres);
    check_true("longer", !parse(text, LONGEST + 1, &authres, &err));
    check_error("longer", &err, ERROR_REFUSED, "",
                "Authentication-Results: 2001 octets, limit is 2000");
    free(text);
    text = unit_repeat("(", 1000000);
    check_true("a million", !parse(text, 1000000, &authres, &err));
    check_error("a million", &err, ERROR_REFUSED, "",
                "Authentication-Results: 1000000 octets, limit is 2000");
    free(text);
}

/* As much comment, in one or in several, and as deep, as filters write. */
static void comments_have_bounds(void **state)
{
    static const struct {
        const char *name, *comment;
        size_t times, inner; /* this many comments of this many letters */
        const char *error;   /* NULL: is read */
    } rows[] = {
        {"the longest", "(", 1, 498, NULL},
        {"one octet more", "(", 1, 499, "3: longer comments than filters write"},
        {"many of them", "(", 10, 48, NULL},
        {"one octet more in many", "(", 10, 49,
         "471: longer comments than filters write"},
        {"five deep", "(a(b(c(d(", 1, 5, NULL},
        {"six deep", "(a(b(c(d(e(", 1, 5, "3: comments that are nested too deeply"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *letters = unit_repeat("x", rows[i].inner);
        char *field = NULL;
        size_t size;
        FILE *out = open_memstream(&field, &size);
        struct authres *authres;
        struct error err;

        assert_non_null(out);
        fputs("i", out);
        for (size_t k = 0; k < rows[i].times; k++) {
            fprintf(out, " %s%s", rows[i].comment, letters);
            for (const char *c = rows[i].comment; *c; c++)
                if (*c == '(')
                    fputc(')', out);
        }
        fputs("; none", out);
        fclose(out);
        if (rows[i].error)
            check_refused(rows[i].name, field, size, rows[i].error);
        else if (parse(field, size, &authres, &err))
            authres_free(&authres);
        else
            check_text(rows[i].name, err.text, "read");
        free(field);
        free(letters);
    }
}

/* What OpenDKIM cannot read, and what it can. */
static void what_no_filter_writes_is_odd(void **state)
{
    static const struct {
        const char *name, *field;
        bool is_odd;
    } rows[] = {
        {"OpenDKIM",
         "i; dkim=pass (2048-bit key; unprotected) header.d=a.example "
         "header.i=@a.example header.b=\"ab+/cd=\"; dkim-atps=neutral",
         false},
        {"OpenDMARC", "i; dmarc=pass (p=none dis=none) header.from=a.example", false},
        {"policyd-spf",
         "i; spf=pass (mailfrom) smtp.mailfrom=a.example (client-ip=192.0.2.1; "
         "helo=mx.a.example; envelope-from=x@a.example; receiver=i)",
         false},
        {"rspamd", "i; arc=none; dmarc=pass (policy=none) header.from=a.example",
         false},
        {"authentication_milter",
         "i; iprev=pass smtp.remote-ip=192.0.2.1 (mx.a.example) policy.iprev=x; "
         "x-tls=pass smtp.bits=256/256",
         false},
        {"body", "i; x=y body.z=1", false},
        {"a reason", "i; dkim=fail reason=\"key. not (found)\" header.d=a.example",
         false},
        {"a version", "i 1; dkim/1=pass header.d=a.example", false},
        {"capitals", "I; DKIM=PASS Header.D=A.Example", false},
        {"blanks around signs", "i ; dkim = pass header . d = a.example", false},
        {"none", "i; none", false},

        {"a ptype of nobody's", "i; dmarc=pass x.y=z header.from=a.example", true},
        {"a ptype of nobody's behind it", "i; dmarc=pass header.from=a.example x.y=z",
         true},
        {"in another result", "i; dmarc=pass header.from=a.example; a=b x.y=z", true},
        {"more than a ptype", "i; dmarc=pass headers.from=a.example", true},
        {"less than a ptype", "i; dmarc=pass head.from=a.example", true},
        {"action", "i; dmarc=pass action=none header.from=a.example", true},
        {"a blank before the version", "i; dmarc /1=pass header.from=a.example", true},
        {"a blank behind the slash", "i; dmarc/ 1=pass header.from=a.example", true},
        {"a comment before the version", "i; dmarc (x)/1=pass header.from=a.example",
         true},
        {"a fold behind the slash", "i; dmarc/\r\n 1=pass header.from=a.example", true},
        {"a reason with a dot", "i; dmarc=pass reason=a.b header.from=a.example", true},
        {"a reason that looks like a comment",
         "i; dmarc=pass reason=\"(\" header.from=a.example", true},
        {"escaped", "i; dmarc=pass reason=\"\\(\" header.from=a.example", true},
        {"a value that looks like a comment",
         "i; dmarc=pass policy.x=\"(a)\" header.from=a.example", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct authres *authres;
        struct error err;

        if (!parse(rows[i].field, strlen(rows[i].field), &authres, &err)) {
            check_text(rows[i].name, err.text, "read");
            continue;
        }
        check_number(rows[i].name, authres->is_odd, rows[i].is_odd);
        authres_free(&authres);
    }
}

static void so_many_words_are_odd(void **state)
{
    (void)state;
    for (size_t properties = 95; properties <= 100; properties += 5) {
        char *repeated = unit_repeat(" body.z=1", properties);
        char *field = NULL;
        struct authres *authres;
        struct error err;

        assert_true(asprintf(&field, "i; x=y%s", repeated) >= 0);
        assert_true(parse(field, strlen(field), &authres, &err));
        check_number(field, authres->is_odd, properties == 100);
        authres_free(&authres);
        free(field);
        free(repeated);
    }
}

static void a_property_is_found_if_there_is_one_of_it(void **state)
{
    static const char field[] =
        "i; dmarc=pass action=none Header.From=A.b smtp.from=c header.d=e header.d=e "
        "policy.x=\"\" reason.from=g";
    static const struct {
        const char *ptype, *name, *want;
    } rows[] = {
        {"header", "from", "A.b"}, {"smtp", "from", "c"},   {"header", "d", NULL},
        {"policy", "x", ""},       {"", "action", "none"},  {"header", "fro", NULL},
        {"head", "from", NULL},    {"reason", "from", "g"}, {"policy", "from", NULL},
    };
    struct authres *authres;
    struct error err;

    (void)state;
    assert_true(parse(field, strlen(field), &authres, &err));
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(rows[i].name,
                   authres_find(&authres->results[0], rows[i].ptype, rows[i].name),
                   rows[i].want);
    authres_free(&authres);
    authres_free(&authres);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_examples_of_rfc_8601),
        UNIT_TEST(the_examples_of_its_forerunners),
        UNIT_TEST(what_filters_write_is_read),
        UNIT_TEST(each_rule_of_the_grammar),
        UNIT_TEST(tricks_that_are_read_as_they_are),
        UNIT_TEST(tricks_that_are_refused),
        UNIT_TEST(what_is_not_in_the_grammar_is_refused),
        UNIT_TEST(so_many_results_and_properties),
        UNIT_TEST(the_longest_field),
        UNIT_TEST(the_longest_value),
        UNIT_TEST(comments_have_bounds),
        UNIT_TEST(what_no_filter_writes_is_odd),
        UNIT_TEST(so_many_words_are_odd),
        UNIT_TEST(a_property_is_found_if_there_is_one_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
