/* SPDX-License-Identifier: ISC */
#include "delivery/signed_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope/signed_view.h"
#include "text/bare_body.h"
#include "text/compose.h"

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
}

static bool add_field(struct mail_header *header, const char *name, const char *value)
{
    return mail_header_add(header, name, strlen(name), value, strlen(value));
}

/* A multipart, and a mail within a mail, have no encoding of their own (RFC 2045
 * section 6.4). */
static bool is_composite(const struct mail_header *header)
{
    const struct mail_field *type = mail_header_find_last(header, "Content-Type");
    char *value = type ? mail_field_unfold(type) : NULL;
    bool is_it = value && (strncasecmp(value, "multipart", 9) == 0 ||
                           strncasecmp(value, "message", 7) == 0);

    free(value);
    return is_it;
}

/* What the body says of itself stands in for what is not signed. */
static bool complete(const struct raw_mail *mail, struct signed_view *view)
{
    const char *encoding = NULL;
    struct bare_body bare;

    if (!view->covers_type) {
        bare_body_look(mail->body, mail->body_size_bytes, &bare);
        if (!add_field(&view->header, "Content-Type", bare.type))
            return false;
        encoding = bare.encoding;
    } else if (!is_composite(&view->header)) {
        encoding = bare_body_encoding(mail->body, mail->body_size_bytes);
    }
    return view->covers_encoding || !encoding ||
           add_field(&view->header, "Content-Transfer-Encoding", encoding);
}

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* Whether two texts are the same but for white space. */
static bool say_the_same(const char *one, const char *other)
{
    for (;;) {
        one = skip_space(one);
        other = skip_space(other);
        if (*one != *other)
            return false;
        if (*one == '\0')
            return true;
        one++;
        other++;
    }
}

static bool compare(const struct message *whole, const struct message *covered,
                    const struct text_options *options, bool *is_same_out)
{
    struct cuts ignored = {0};
    char *one = compose_text(whole, options, &ignored);
    char *other = compose_text(covered, options, &ignored);
    bool is_made = one && other;

    *is_same_out = is_made && say_the_same(one, other);
    free(one);
    free(other);
    return is_made;
}

/* What is signed cannot be read, or says that no SMS can be made of it: then it says
 * something else. */
static bool is_same(const struct raw_mail *mail, const struct message *message,
                    const struct signed_view *view, const struct text_options *options,
                    bool *is_same_out, struct error *err)
{
    const struct raw_mail covered_mail = {.header = view->header,
                                          .body = mail->body,
                                          .body_size_bytes = mail->body_size_bytes};
    struct message *covered;
    struct error why;
    bool is_compared = true;

    *is_same_out = false;
    if (!message_parse(&covered_mail, options, &covered, &why))
        return why.kind == ERROR_REFUSED || no_memory(err);
    if (!covered->refusal)
        is_compared = compare(message, covered, options, is_same_out);
    message_free(&covered);
    return is_compared || no_memory(err);
}

bool signed_text_check(const struct raw_mail *mail, const struct message *message,
                       const char *signer, const struct text_options *options,
                       struct error *err)
{
    struct signed_view view;
    bool is_good, has_same = false;

    is_good =
        (signed_view_make(&mail->header, signer, &view) && complete(mail, &view)) ||
        no_memory(err);
    is_good = is_good && is_same(mail, message, &view, options, &has_same, err);
    if (is_good && !has_same)
        is_good = error_set(err, ERROR_REFUSED, NULL,
                            "%s is not signed, and the mail says something else "
                            "without it",
                            view.uncovered ? view.uncovered : "a field");
    signed_view_free(&view);
    return is_good;
}
