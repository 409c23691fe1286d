/* SPDX-License-Identifier: ISC */
/* Measures the cost of converting a mail into an SMS: CPU time and memory of one
 * conversion, for usual sizes and for mails written to be expensive.
 *
 * usage: tests/bench/convert [ROUNDS] */
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "config/text_options.h"
#include "delivery/convert.h"
#include "text/mime/message.h"

enum { KIB = 1024, MIB = 1024 * KIB };

struct mail {
    char *text;
    size_t size, room;
};

static void put(struct mail *mail, const char *text)
{
    size_t length = strlen(text);

    if (mail->room - mail->size <= length) {
        mail->room = 2 * mail->room + length + 1;
        mail->text = realloc(mail->text, mail->room);
        if (!mail->text)
            abort();
    }
    memcpy(mail->text + mail->size, text, length + 1);
    mail->size += length;
}

/* Fills a mail with repetitions of a text; "%zu" in it becomes another number each
 * time. */
static void fill(struct mail *mail, const char *repeated, size_t size)
{
    const char *number = strstr(repeated, "%zu");
    char piece[512];

    for (size_t i = 0; mail->size < size; i++) {
        if (number)
            snprintf(piece, sizeof piece, "%.*s%zu%s", (int)(number - repeated),
                     repeated, i, number + 3);
        put(mail, number ? piece : repeated);
    }
}

/* ---- the mails ---- */

/* Mails of one kind and any size: a head and repetitions of a text, or what write_mail
 * writes. */
struct family {
    const char *name;
    const char *head, *repeated;
    void (*write_mail)(struct mail *, size_t);
    const char *strip; /* a strip pattern of the customer, or NULL */
};

#define HTML_HEAD "Subject: x\nContent-Type: text/html\n\n"
#define TEXT_HEAD "Subject: x\n\n"

static const char prose[] = "The school is closed today because of the snow. Please "
                            "collect your child by half past ten at the main gate.\n";

/* Written as by a mail program: a reply with the quoted mail below it, in both
 * forms. */
static void write_alternative(struct mail *mail, size_t size)
{
    put(mail,
        "From: The Office <office@greenfield.sch.example>\n"
        "To: <+447700900123@sms.local>\nSubject: =?utf-8?q?Snow_=E2=80=93_closed?=\n"
        "MIME-Version: 1.0\nDate: Mon, 23 Nov 2026 07:12:09 +0000\n"
        "Message-ID: <1@greenfield.sch.example>\n"
        "Content-Type: multipart/alternative; boundary=\"b\"\n\n--b\n"
        "Content-Type: text/plain; charset=utf-8\n\n");
    put(mail, prose);
    put(mail,
        "\nKind regards\nJo Smith\nTel: 01632 960123\n\n"
        "On Sun, 22 Nov 2026 at 18:01, Head <head@greenfield.sch.example> wrote:\n");
    while (mail->size < size / 2) {
        put(mail, "> ");
        put(mail, prose);
    }
    put(mail, "--b\nContent-Type: text/html; charset=utf-8\n\n<html><body>");
    while (mail->size < size - 40) {
        put(mail, "<p>");
        put(mail, prose);
        put(mail, "</p>\n");
    }
    put(mail, "</body></html>\n--b--\n");
}

static void write_plain(struct mail *mail, size_t size)
{
    put(mail, "Subject: Snow\nContent-Type: text/plain; charset=utf-8\n\n");
    fill(mail, prose, size);
}

static void write_html(struct mail *mail, size_t size)
{
    put(mail, "Subject: Snow\nContent-Type: text/html; charset=utf-8\n\n<html><body>");
    fill(mail,
         "<table><tr><td style=\"font-size:11pt\">The <b>school</b> is "
         "<a href=\"https://greenfield.sch.example/%zu\">closed</a> today "
         "&amp; tomorrow</td></tr></table>\n",
         size);
}

static void write_attributes(struct mail *mail, size_t size)
{
    put(mail, "Subject: x\nContent-Type: text/html\n\n");
    fill(mail, "<a b='>' ", size);
    put(mail, "c=\"");
}

static void write_link(struct mail *mail, size_t size)
{
    put(mail, "Subject: x\nContent-Type: text/html\n\n<a href=\"http://");
    fill(mail, "a(", size / 2);
    put(mail, "b\">");
    fill(mail, "a(", size);
    put(mail, "</a>");
}

static void write_disclaimers(struct mail *mail, size_t size)
{
    put(mail, "Subject: x\n\nText\n");
    fill(mail,
         "\nThis email is confidential, if you are not the intended recipient "
         "delete it.\n-- \n",
         size);
}

static void write_parts(struct mail *mail, size_t size)
{
    /* The largest number of parts that is read; the last part grows. */
    put(mail, "Subject: x\nMIME-Version: 1.0\n");
    for (int i = 0; i < 50; i++) {
        char head[96];

        snprintf(head, sizeof head,
                 "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
        put(mail, head);
    }
    fill(mail, "\n--b49\nContent-Type: text/plain\n\nx\n", mail->size + 20000);
    fill(mail, "--b\n-", size);
}

/* ---- measuring ---- */

static double cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* In the form that the daemon has at the end of a mail: header and body separately. */
static struct raw_mail collect(const struct mail *mail)
{
    struct raw_mail raw;

    if (!raw_mail_read(mail->text, mail->size, SIZE_MAX, &raw))
        abort();
    return raw;
}

/* A refused mail would be measured as a cheap one, so it is an error. */
static void convert(const struct raw_mail *raw, const struct text_options *options)
{
    const struct conversion conversion = {
        .mail = raw, .auto_replies = AUTO_REPLIES_SEND, .text = options};
    struct cuts cuts = {0};
    struct sms_text *sms;
    struct error err;

    if (convert_mail(&conversion, &cuts, &sms, NULL, &err) != CONVERSION_SMS) {
        fprintf(stderr, "bench: refused: %s\n", err.text);
        exit(EXIT_FAILURE);
    }
    sms_text_free(&sms);
}

static int compare(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static double median_us(const struct mail *mail, const struct text_options *options,
                        size_t rounds)
{
    double *costs = calloc(rounds, sizeof *costs), median;
    struct raw_mail raw = collect(mail);

    convert(&raw, options);
    for (size_t i = 0; i < rounds; i++) {
        double start = cpu_us();

        convert(&raw, options);
        costs[i] = cpu_us() - start;
    }
    qsort(costs, rounds, sizeof *costs, compare);
    median = costs[rounds / 2];
    free(costs);
    raw_mail_free(&raw);
    return median;
}

static struct mail make(const struct family *family, size_t size)
{
    struct mail mail = {NULL, 0, 0};

    if (family->write_mail) {
        family->write_mail(&mail, size);
        return mail;
    }
    put(&mail, family->head);
    fill(&mail, family->repeated, size);
    return mail;
}

/* A value of /proc/self/status in bytes. */
static long status_bytes(const char *name)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[128];
    long kib = 0;

    while (status && fgets(line, sizeof line, status))
        if (strncmp(line, name, strlen(name)) == 0)
            kib = strtol(line + strlen(name), NULL, 10);
    if (status)
        fclose(status);
    return kib * KIB;
}

/* Resets the peak of the memory use. */
static void reset_peak(void)
{
    FILE *refs = fopen("/proc/self/clear_refs", "w");

    malloc_trim(0);
    if (!refs || fputs("5", refs) < 0 || fclose(refs) != 0)
        perror("/proc/self/clear_refs");
}

/* How much one conversion adds to the peak memory of a separate process, after the
 * libraries have allocated what they keep. */
static long peak_bytes(const struct mail *mail, const struct text_options *options)
{
    struct mail small = make(&(const struct family){.write_mail = write_html}, KIB);
    int ends[2];
    long grown = 0;

    if (pipe(ends) < 0)
        abort();
    if (fork() == 0) {
        struct raw_mail raw = collect(mail), small_raw = collect(&small);
        long before;

        convert(&small_raw, options);
        reset_peak();
        before = status_bytes("VmRSS:");
        convert(&raw, options);
        grown = status_bytes("VmHWM:") - before;
        _exit(write(ends[1], &grown, sizeof grown) != sizeof grown);
    }
    wait(NULL);
    if (read(ends[0], &grown, sizeof grown) != sizeof grown)
        abort();
    close(ends[0]);
    close(ends[1]);
    free(small.text);
    return grown;
}

static const struct family usual[] = {
    {"multipart/alternative", .write_mail = write_alternative},
    {"plain text", .write_mail = write_plain},
    {"HTML", .write_mail = write_html},
};

static const struct family adversarial[] = {
    {"HTML: nested", .head = HTML_HEAD, .repeated = "<div><b><table><tr><td>"},
    {"HTML: ends that match nothing", .head = HTML_HEAD, .repeated = "<b></i>"},
    {"HTML: blocks in blocks", .head = HTML_HEAD, .repeated = "<div>"},
    {"HTML: formatting, crossed", .head = HTML_HEAD,
     .repeated = "<a href=//x><b>a</a></b><i><p>b</i>"},
    {"HTML: tables in tables", .head = HTML_HEAD, .repeated = "<table>"},
    {"HTML: never closed", .head = HTML_HEAD, .repeated = "<!--<a b='&"},
    {"HTML: comments without end", .head = HTML_HEAD, .repeated = "<!--"},
    {"HTML: ampersands", .head = HTML_HEAD, .repeated = "&"},
    {"HTML: attributes without end", .write_mail = write_attributes},
    {"HTML: a link to nearly itself", .write_mail = write_link},
    {"text: attributions and quotes", .head = TEXT_HEAD,
     .repeated = "On Mon, 23 Nov 2026, Jo <jo@example.org> wrote:\n>>> a\n"},
    {"text: field after field", .head = TEXT_HEAD, .repeated = "Von: a\n"},
    {"text: disclaimers and signatures", .write_mail = write_disclaimers},
    {"text: a pattern that backtracks", .head = TEXT_HEAD, .repeated = "a",
     .strip = "(a+)+$"},
    {"text: one cluster without end",
     .head = "Subject: x\nContent-Type: text/plain; charset=utf-8\n\na",
     .repeated = "\xCC\x81\xE2\x80\x8D\xF0\x9F\x91\xA9"},
    {"MIME: 50 levels, false boundaries", .write_mail = write_parts},
};

static struct text_options make_options(const char *strip)
{
    static const char *const values[][2] = {{"template", "{subject}: {body}"},
                                            {"max-parts", "6"},
                                            {"overlong", "truncate"},
                                            {"encoding", "auto"},
                                            {"links", "both"},
                                            {"end-marker", "##"}};
    struct text_options options;
    struct error err;

    text_options_clear(&options);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (!text_options_set(&options, values[i][0], values[i][1], &err))
            abort();
    if (strip && !text_options_set(&options, "strip", strip, &err))
        abort();
    return options;
}

static void measure_usual(const struct family *family, size_t rounds)
{
    static const size_t sizes[] = {4 * KIB, 64 * KIB, MIB};
    struct text_options options = make_options(family->strip);

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct mail mail = make(family, sizes[i]);
        size_t fewer = rounds * 4 * KIB / sizes[i];
        double us = median_us(&mail, &options, fewer > 20 ? fewer : 20);

        printf("  %-34s %5zu KiB %9.1f us %7.1f KiB (x%.1f)\n", family->name,
               mail.size / KIB, us, (double)peak_bytes(&mail, &options) / KIB,
               (double)peak_bytes(&mail, &options) / (double)mail.size);
        free(mail.text);
    }
    text_options_free(&options);
}

/* At linear cost four times the size takes four times as long. */
static void measure_adversarial(const struct family *family)
{
    static const size_t sizes[] = {64 * KIB, 256 * KIB, MIB};
    struct text_options options = make_options(family->strip);
    double us[3];

    for (size_t i = 0; i < 3; i++) {
        struct mail mail = make(family, sizes[i]);

        us[i] = median_us(&mail, &options, 5);
        free(mail.text);
    }
    printf("  %-34s %9.2f %9.2f %9.2f ms   x%.1f x%.1f\n", family->name, us[0] / 1e3,
           us[1] / 1e3, us[2] / 1e3, us[1] / us[0], us[2] / us[1]);
    text_options_free(&options);
}

int main(int argc, char **argv)
{
    size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 2000;

    message_init();
    puts("mail -> SMS: CPU time of one conversion (median), memory it adds (peak)\n");
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        measure_usual(&usual[i], rounds ? rounds : 1);
    puts("\nwritten to be costly, at 64 KiB, 256 KiB and 1 MiB; x4 is linear\n");
    for (size_t i = 0; i < sizeof adversarial / sizeof *adversarial; i++)
        measure_adversarial(&adversarial[i]);
    message_shutdown();
    return 0;
}
