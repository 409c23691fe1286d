/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <string.h>

#include "text/html/html_marks.h"

static struct html_claim claim_class(const char *name)
{
    return (struct html_claim){
        .classes = {name, strlen(name)},
        .id = {"", 0},
        .is_block_quote = strcmp(name, "") == 0,
        .is_cited = true,
    };
}

struct mail {
    struct marked_text text;
    struct html_out out;
    struct html_marks marks;
};

static void start(struct mail *mail)
{
    memset(mail, 0, sizeof *mail);
    html_out_start(&mail->out, &mail->text);
    mail->marks.out = &mail->out;
}

static void add(struct mail *mail, const char *words)
{
    html_out_add(&mail->out, words, strlen(words));
}

static void check_span(const char *row, const struct mail *mail, size_t index,
                       const char *want)
{
    const struct mark_span *span = &mail->text.spans[index];
    size_t length = strlen(want);

    assert_true(index < mail->text.span_count);
    check_number(row, (long long)(span->end_bytes - span->start_bytes),
                 (long long)length);
    check_true(row, strncmp(mail->text.text + span->start_bytes, want, length) == 0);
}

static void a_mark_is_what_was_added_in_between(void **state)
{
    struct html_claim quote = claim_class(""), signature = claim_class("moz-signature");
    struct html_marked marked[2];
    struct mail mail;

    (void)state;
    start(&mail);
    add(&mail, "a");
    check_true("the sender's", !html_marks_is_open(&mail.marks));
    html_marks_start(&mail.marks, &quote, &marked[0]);
    add(&mail, "b");
    html_marks_start(&mail.marks, &signature, &marked[1]);
    check_number("a signature", mail.marks.signatures, 1);
    check_true("not the sender's", html_marks_is_open(&mail.marks));
    add(&mail, "c");
    html_marks_end(&mail.marks, &marked[1]);
    html_marks_end(&mail.marks, &marked[0]);
    check_true("the sender's again", !html_marks_is_open(&mail.marks));
    check_number("no signature", mail.marks.signatures, 0);
    add(&mail, "d");
    html_marks_finish(&mail.marks);
    check_number("two marks", (long long)mail.text.span_count, 2);
    check_span("the inner one first", &mail, 0, "c\n");
    check_span("the outer one", &mail, 1, "b\nc\n");
    marked_text_free(&mail.text);
}

/* A menu has such a line too. Only lines like those of a header begin another mail. */
static void a_header_needs_its_border_and_its_words(void **state)
{
    static const struct {
        const char *name, *words;
        size_t want_spans;
    } rows[] = {
        {"header", "From: a\u2028Sent: b\u2028To: c", 1},
        {"names of two words", "De la part de: a\u2028Envoy\u00E9: b", 1},
        {"one line", "From: a", 0},
        {"no colon in the second", "From: a\u2028b", 0},
        {"no colon in the first", "a\u2028Sent: b", 0},
        {"a colon far into the line",
         "This is a line of some length: a\u2028And this one is as long as it: b", 0},
        {"nothing", "", 0},
    };
    struct html_claim border = claim_class("x");

    (void)state;
    border.is_cited = false;
    border.has_reply_border = true;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct html_marked marked;
        struct mail mail;

        start(&mail);
        html_marks_start(&mail.marks, &border, &marked);
        add(&mail, rows[i].words);
        html_marks_end(&mail.marks, &marked);
        add(&mail, "rest");
        html_marks_finish(&mail.marks);
        check_number(rows[i].name, (long long)mail.text.span_count,
                     (long long)rows[i].want_spans);
        marked_text_free(&mail.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_mark_is_what_was_added_in_between),
        UNIT_TEST(a_header_needs_its_border_and_its_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
