/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "envelope/signed_view.h"

#define SIGNED(domain, fields) "DKIM-Signature: d=" domain "; h=" fields "\n"
#define OURS(fields) SIGNED("school.example", fields)
#define MAIL                                                                    \
    "From: a\nTo: b\nSubject: c\nDate: d\nMIME-Version: 1.0\nContent-Type: e\n" \
    "Content-Transfer-Encoding: f\n"

/* The names of the fields, "+" for each of the two that is covered, and what is not
 * covered. */
static void describe(const struct signed_view *view, const struct signed_cover *cover,
                     char *text, size_t size)
{
    size_t used = 0;

    *text = '\0';
    for (size_t i = 0; i < view->header.count; i++, used = strlen(text))
        snprintf(text + used, size - used, "%s:", view->header.fields[i].name);
    snprintf(text + used, size - used, "%s%s %s",
             cover->is_covered[SIGNED_TYPE] ? "+" : "-",
             cover->is_covered[SIGNED_ENCODING] ? "+" : "-",
             view->uncovered ? view->uncovered : "all");
}

static void what_every_signature_of_the_domain_covers_is_kept(void **state)
{
    static const struct {
        const char *name, *fields, *want;
    } rows[] = {
        {"as Google signs",
         OURS("mime-version:from:date:message-id:subject:to:cc") MAIL,
         "From:Subject:MIME-Version:-- Content-Type"},
        {"as Google signs what comes by SMTP",
         OURS("from:to:cc:subject:date:message-id:mime-version:"
              "content-transfer-encoding") MAIL,
         "From:Subject:MIME-Version:Content-Transfer-Encoding:-+ Content-Type"},
        {"as Microsoft 365 signs",
         OURS("From:Date:Subject:Message-ID:Content-Type:MIME-Version") MAIL,
         "From:Subject:MIME-Version:Content-Type:+- Content-Transfer-Encoding"},
        {"as Amazon SES signs",
         OURS("From:To:Subject:MIME-Version:Content-Type:Content-Transfer-Encoding:"
              "Message-ID:Date") MAIL,
         "From:Subject:MIME-Version:Content-Type:Content-Transfer-Encoding:++ "
         "Content-Disposition"},
        {"as OpenDKIM signs", OURS("from:to:subject:date") MAIL,
         "From:Subject:-- Content-Type"},
        {"everything, and that there is no other",
         OURS("from:from:subject:subject:content-type:content-type:mime-version:"
              "content-transfer-encoding:content-disposition") MAIL,
         "From:Subject:MIME-Version:Content-Type:Content-Transfer-Encoding:++ all"},
        {"two of our signatures: what both cover",
         OURS("from:subject:content-type") OURS("from:subject:mime-version") MAIL,
         "From:Subject:-- Content-Type"},
        {"somebody else's signature does not count",
         OURS("from:subject") SIGNED("evil.example", "content-type") MAIL,
         "From:Subject:-- Content-Type"},
        {"none of ours", SIGNED("evil.example", "from:content-type") MAIL,
         "-- Content-Type"},
        {"two of a field, one of them covered",
         OURS("from:content-type") MAIL "Content-Type: x\n", "From:-- Content-Type"},
        {"two of a field, both covered",
         OURS("from:content-type:Content-Type:mime-version") MAIL "Content-Type: x\n",
         "From:MIME-Version:Content-Type:Content-Type:+- Content-Transfer-Encoding"},
        {"no such field, and a signature that says so",
         OURS("from:subject:content-type:content-transfer-encoding") "From: a\n",
         "From:++ Content-Disposition"},
        {"fields that no text depends on",
         OURS("from:auto-submitted:list-id") "Auto-Submitted: x\nList-Id: y\nFrom: a\n",
         "From:-- Content-Type"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char mail[2048], text[512];
        struct raw_mail raw;
        struct signed_cover cover;
        struct signed_view view;

        snprintf(mail, sizeof mail, "%s\n", rows[i].fields);
        raw = unit_read_mail(mail, strlen(mail));
        cover = unit_signed_cover(&raw.header, "school.example");
        assert_true(signed_view_make(&raw.header, &cover, &view));
        describe(&view, &cover, text, sizeof text);
        check_text(rows[i].name, text, rows[i].want);
        signed_view_free(&view);
        raw_mail_free(&raw);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(what_every_signature_of_the_domain_covers_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
