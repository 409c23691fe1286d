/* SPDX-License-Identifier: ISC */
#include "delivery/signed_text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/white_space.h"
#include "text/compose.h"
#include "text/mime/bare_body.h"

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
}

static bool add_field(struct mail_header *header, const char *name, const char *value)
{
    return mail_header_add(header, name, strlen(name), value, strlen(value));
}

/* A multipart, and a mail inside a mail, have no transfer encoding of their own (RFC
 * 2045 section 6.4). */
static bool is_composite(const struct mail_header *header)
{
    const struct mail_field *type = mail_header_find_last(header, "Content-Type");
    char *value = type ? mail_field_unfold(type) : NULL;
    bool is_it = value && (strncasecmp(value, "multipart", 9) == 0 ||
                           strncasecmp(value, "message", 7) == 0);

    free(value);
    return is_it;
}

/* ---- the body without insignificant white space ---- */

/* "-- " above a signature would be another line without its blank. */
static bool is_separator(const char *start, const char *end)
{
    return end - start == 2 && start[0] == '-' && start[1] == '-';
}

/* Brings the body into a form that nobody who has the signed mail can change. A
 * signature does not cover white space at the end of lines, nor how much of it there is
 * elsewhere (RFC 6376 section 3.4.4), and verifiers differ in what they treat as white
 * space (signed_view_relax()). So each gap becomes one space, no line ends with one,
 * and all line ends are LF. Writes at most as much as it reads; returns the length. */
static size_t relax(const char *from, size_t length, char *to)
{
    const char *end = length > 0 ? from + length : from; /* no body is NULL */
    char *const start = to;
    char *line = to;
    bool is_gap = false;

    for (; from < end; from++) {
        bool is_end = *from == '\n' || *from == '\r';

        if (white_space_is_in_line(*from)) {
            is_gap = true;
            continue;
        }
        if (is_gap && (!is_end || is_separator(line, to)))
            *to++ = ' ';
        is_gap = false;
        *to++ = is_end ? '\n' : *from;
        line = is_end ? to : line;
        from += *from == '\r' && from + 1 < end && from[1] == '\n';
    }
    return (size_t)(to - start);
}

/* Replaces unsigned fields with what the body itself shows. */
static bool complete(const struct raw_mail *mail, const struct signed_cover *cover,
                     struct signed_view *view)
{
    const char *encoding = NULL;
    struct bare_body bare;

    if (!cover->is_covered[SIGNED_TYPE]) {
        bare_body_look(mail->body, mail->body_size_bytes, &bare);
        if (!add_field(&view->header, "Content-Type", bare.type))
            return false;
        encoding = bare.encoding;
    } else if (!is_composite(&view->header)) {
        encoding = bare_body_encoding(mail->body, mail->body_size_bytes);
    }
    return cover->is_covered[SIGNED_ENCODING] || !encoding ||
           add_field(&view->header, "Content-Transfer-Encoding", encoding);
}

static const char *skip_space(const char *text)
{
    return text + strspn(text, " \t\r\n");
}

/* Whether two texts are the same apart from white space. */
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

/* If the signed part cannot be read, or no SMS can be made of it, it says something
 * else. */
static bool is_same(const struct raw_mail *covered_mail, const struct message *message,
                    const struct text_options *options, bool *is_same_out,
                    struct error *err)
{
    struct message *covered;
    struct error why;
    bool is_compared = true;

    *is_same_out = false;
    if (!message_parse(covered_mail, options, &covered, &why))
        return why.kind == ERROR_REFUSED || no_memory(err);
    if (!covered->refusal)
        is_compared = compare(message, covered, options, is_same_out);
    message_free(&covered);
    return is_compared || no_memory(err);
}

/* room is a buffer that can hold a body as long as the mail's. */
static bool check(const struct raw_mail *mail, const struct message *message,
                  const struct signed_cover *cover, struct signed_view *view,
                  const struct text_options *options, char *room, struct error *err)
{
    struct raw_mail covered = {.body = room,
                               .body_size_bytes =
                                   relax(mail->body, mail->body_size_bytes, room)};
    bool has_same = false;

    if (!complete(&covered, cover, view))
        return no_memory(err);
    covered.header = view->header;
    if (!is_same(&covered, message, options, &has_same, err))
        return false;
    return has_same ||
           error_set(err, ERROR_REFUSED, NULL,
                     "%s must be signed, because the text of the SMS depends on it",
                     view->uncovered ? view->uncovered : "white space");
}

bool signed_text_check(const struct raw_mail *mail, const struct message *message,
                       const struct signed_cover *cover,
                       const struct text_options *options, struct error *err)
{
    char *room = malloc(mail->body_size_bytes + 1);
    struct signed_view view = {.uncovered = NULL};
    bool is_good =
        (room && signed_view_make(&mail->header, cover, &view)) || no_memory(err);

    is_good = is_good && check(mail, message, cover, &view, options, room, err);
    signed_view_free(&view);
    free(room);
    return is_good;
}
