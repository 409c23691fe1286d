/* SPDX-License-Identifier: ISC */
/* Harness for an Authentication-Results field. The first octet chooses how the parsed
 * field is written again. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "envelope/authres.h"
#include "envelope/authres_scan.h"

/* What may stand where RFC 8601 has [CFWS], and what must stand where it has CFWS. */
struct spacing {
    const char *maybe, *must;
};

static const struct spacing spacings[] = {
    {"", " "},
    {" ", "\t"},
    {" (;)", " (a (\\)) \"b\")"},
    {"\r\n ", "\n\t"},
    {" (\r\n x=y;) ", " ()(())"},
};

static bool is_keyword(const char *text)
{
    size_t length = strlen(text);

    return length > 0 && text[length - 1] != '-' &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static void check_text(const char *text)
{
    fuzz_require(utf8_is_valid(text), "what was read is valid UTF-8");
    for (; *text; text++)
        fuzz_require(((unsigned char)*text >= ' ' && *text != 0x7F) || *text == '\t',
                     "no control character was read");
}

static void check_property(const struct authres_property *property)
{
    bool is_action = strcmp(property->name, "action") == 0;

    check_text(property->value);
    fuzz_require(is_keyword(property->ptype) || (is_action && *property->ptype == '\0'),
                 "a ptype is a keyword");
    fuzz_require(*property->name && strpbrk(property->name, " .=;\"(@") == NULL,
                 "a property is a word");
}

static void check_result(const struct authres_result *result)
{
    check_text(result->reason);
    fuzz_require(is_keyword(result->method), "a method is a keyword");
    fuzz_require(is_keyword(result->result), "a result is a keyword");
    for (size_t i = 0; i < result->property_count; i++)
        check_property(&result->properties[i]);
}

static void check_authres(const struct authres *authres)
{
    check_text(authres->authserv_id);
    fuzz_require(*authres->authserv_id, "there is an id");
    for (size_t i = 0; i < authres->result_count; i++)
        check_result(&authres->results[i]);
}

static void write_quoted(FILE *out, const char *text)
{
    putc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putc('\\', out);
        putc(*text, out);
    }
    putc('"', out);
}

static void write_property(FILE *out, const struct authres_property *property,
                           const struct spacing *spacing)
{
    fprintf(out, "%s%s", spacing->must, property->ptype);
    if (*property->ptype)
        fprintf(out, "%s.%s", spacing->maybe, spacing->maybe);
    fprintf(out, "%s%s=%s", property->name, spacing->maybe, spacing->maybe);
    write_quoted(out, property->value);
}

static void write_result(FILE *out, const struct authres_result *result,
                         const struct spacing *spacing)
{
    const char *maybe = spacing->maybe;

    fprintf(out, "%s;%s%s%s/%s%u%s=%s%s", maybe, maybe, result->method, maybe, maybe,
            result->method_version, maybe, maybe, result->result);
    if (*result->reason) {
        fprintf(out, "%sreason%s=%s", spacing->must, maybe, maybe);
        write_quoted(out, result->reason);
    }
    for (size_t i = 0; i < result->property_count; i++)
        write_property(out, &result->properties[i], spacing);
}

/* Writes the same field in its simplest form, as RFC 8601 allows. */
static char *write_again(const struct authres *authres, const struct spacing *spacing)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    fuzz_require(out, "there is memory");
    fputs(spacing->maybe, out);
    write_quoted(out, authres->authserv_id);
    fprintf(out, "%s%u", spacing->must, authres->version);
    for (size_t i = 0; i < authres->result_count; i++)
        write_result(out, &authres->results[i], spacing);
    if (authres->result_count == 0)
        fprintf(out, "%s;%snone", spacing->maybe, spacing->maybe);
    fputs(spacing->must[0] == '\n' ? "" : spacing->must, out);
    fclose(out);
    return text;
}

/* Parses a copy of exactly that length, so that a read beyond its end is detected. */
static bool parse(const char *text, size_t size, struct authres **authres_out,
                  struct error *err)
{
    char *copy = malloc(size ? size : 1);
    bool is_parsed;

    fuzz_require(copy, "there is memory");
    if (size)
        memcpy(copy, text, size);
    is_parsed = authres_parse(copy, size, authres_out, err);
    free(copy);
    return is_parsed;
}

static void check_error(const struct error *err, struct authres *authres)
{
    char printable[ERROR_TEXT_SIZE];

    strcpy(printable, err->text);
    utf8_make_printable(printable);
    fuzz_require(!authres, "what is refused leaves nothing");
    fuzz_require(err->kind == ERROR_REFUSED, "a field is read or refused");
    fuzz_require(strcmp(printable, err->text) == 0, "an error is printable");
    fuzz_require(strlen(err->text) < 100, "an error echoes nothing");
}

/* Checks that the field in text is parsed into the same as authres. */
static void check_same(const struct authres *authres, const char *text, size_t size,
                       const char *promise)
{
    char *plain = write_again(authres, &spacings[0]), *plain_again;
    struct authres *again;
    struct error err;

    fuzz_require(parse(text, size, &again, &err), promise);
    plain_again = write_again(again, &spacings[0]);
    fuzz_require(strcmp(plain, plain_again) == 0, promise);
    authres_free(&again);
    free(plain_again);
    free(plain);
}

/* Whether the text is within the limits for a field and its comments. */
static bool may_be_field(const char *text)
{
    enum { COMMENT_BYTES = 10 }; /* the most that a spacing has */
    size_t brackets = 0;

    for (const char *at = text; *at; at++)
        brackets += *at == '(';
    return strlen(text) <= AUTHRES_MAX_BYTES &&
           brackets * COMMENT_BYTES <= AUTHRES_MAX_COMMENT_BYTES;
}

static void check_again(const struct authres *authres, const struct spacing *spacing)
{
    char *text = write_again(authres, spacing);

    if (may_be_field(text))
        check_same(authres, text, strlen(text), "written again it is the same");
    free(text);
}

/* Folds have no meaning: without its line breaks the field is the same. */
static void check_unfolded(const struct authres *authres, const char *field,
                           size_t size)
{
    char *unfolded = malloc(size + 1);
    size_t length = 0;

    fuzz_require(unfolded, "there is memory");
    for (size_t i = 0; i < size; i++)
        if (field[i] != '\r' && field[i] != '\n')
            unfolded[length++] = field[i];
    check_same(authres, unfolded, length, "unfolded it is the same");
    free(unfolded);
}

/* No valid field can be followed by two more ";". If that is accepted, an open comment
 * or quoted string hides them. */
static void check_closed(const char *field, size_t size)
{
    static const char more[] = " ;;";
    char *longer = malloc(size + sizeof more);
    struct authres *authres;
    struct error err;

    fuzz_require(longer, "there is memory");
    memcpy(longer, field, size);
    memcpy(longer + size, more, sizeof more);
    fuzz_require(!parse(longer, size + strlen(more), &authres, &err),
                 "all that is opened is closed");
    free(longer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    unsigned choice = fuzz_take_choice(&data, &size);
    const size_t count = sizeof spacings / sizeof *spacings;
    struct authres *authres;
    struct error err;

    if (!parse((const char *)data, size, &authres, &err)) {
        check_error(&err, authres);
        return 0;
    }
    check_authres(authres);
    check_again(authres, &spacings[choice % count]);
    check_unfolded(authres, (const char *)data, size);
    check_closed((const char *)data, size);
    authres_free(&authres);
    return 0;
}
