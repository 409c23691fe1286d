/* SPDX-License-Identifier: ISC */
#include "text/compose.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum {
    NEXT_LINE = 0x85,
    NO_BREAK_SPACE = 0xA0,
    LINE_SEPARATOR = 0x2028,
    PARAGRAPH_SEPARATOR = 0x2029
};

static bool is_line_end(uint32_t point)
{
    return point == '\n' || point == '\v' || point == '\f' || point == NEXT_LINE ||
           point == LINE_SEPARATOR || point == PARAGRAPH_SEPARATOR;
}

static bool is_blank(uint32_t point)
{
    return point == ' ' || point == '\t' || point == '\r' || point == NO_BREAK_SPACE;
}

static bool is_control(uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

/* Writes the white space between two words: a line end if there was one, else a space.
 */
static char *put_gap(char *out, bool is_first, unsigned line_ends, bool has_blank)
{
    if (is_first || (line_ends == 0 && !has_blank))
        return out;
    *out++ = line_ends > 0 ? '\n' : ' ';
    return out;
}

/* A copy without control characters, with one space or one line end where there was
 * white space, and none at either end. It is never longer than text. */
static char *tidy(const char *text)
{
    char *tidied = malloc(strlen(text) + 1);
    char *out = tidied;
    unsigned line_ends = 0;
    bool has_blank = false;

    for (;;) {
        const char *start = text;
        uint32_t point;

        if (!tidied || !utf8_next(&text, &point))
            break;
        if (is_line_end(point)) {
            line_ends++;
        } else if (is_blank(point)) {
            has_blank = true;
        } else if (!is_control(point)) {
            out = put_gap(out, out == tidied, line_ends, has_blank);
            memcpy(out, start, (size_t)(text - start));
            out += text - start;
            line_ends = 0;
            has_blank = false;
        }
    }
    if (tidied)
        *out = '\0';
    return tidied;
}

/* Whether the body opens with the subject as words of its own. */
static bool body_says_subject(const char *subject, const char *body)
{
    size_t length = strlen(subject);

    return strncasecmp(subject, body, length) == 0 &&
           (body[length] == '\0' || strchr(" \n.,:;!?", body[length]));
}

char *compose_text(const struct message *message, const struct template *template)
{
    char *subject = tidy(message->subject);
    char *body = tidy(message->text);
    char *name = tidy(message->from_name);
    char *address = tidy(message->from_address);
    char *filled = NULL, *composed = NULL;

    if (!subject || !body || !name || !address)
        goto cleanup;
    if (*subject == '\0' && *body == '\0') {
        composed = strdup("");
        goto cleanup;
    }
    if (template_has_field(template, TEMPLATE_BODY) && body_says_subject(subject, body))
        *subject = '\0';
    filled = template_fill(template, (const char *const[TEMPLATE_FIELDS]){
                                         [TEMPLATE_SUBJECT] = subject,
                                         [TEMPLATE_BODY] = body,
                                         [TEMPLATE_FROM_NAME] = name,
                                         [TEMPLATE_FROM_ADDRESS] = address,
                                     });
    if (filled)
        composed = tidy(filled);
cleanup:
    free(subject);
    free(body);
    free(name);
    free(address);
    free(filled);
    return composed;
}
