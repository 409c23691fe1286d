/* SPDX-License-Identifier: ISC */
#include "text/compose.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/template.h"
#include "text/body/body_text.h"
#include "text/tidy.h"

/* Whether the body begins with the subject, as separate words. */
static bool body_says_subject(const char *subject, const char *body)
{
    size_t length = strlen(subject);

    return strncasecmp(subject, body, length) == 0 &&
           (body[length] == '\0' || strchr(" \n.,:;!?", body[length]));
}

/* Whether the field has text that the template shows. */
static bool says(const struct template *template, enum template_field field,
                 const char *value)
{
    return *value != '\0' && template_has_field(template, field);
}

/* The sender's own words in the body, tidied. */
static char *own_words(const struct message *message,
                       const struct text_options *options, bool has_subject,
                       struct cuts *cuts)
{
    char *written = body_text_new(&message->body, options, has_subject, cuts);
    char *tidied = written ? tidy_text(written) : NULL;

    free(written);
    return tidied;
}

static char *fill(const struct template *template,
                  const char *const values[TEMPLATE_FIELDS])
{
    char *filled = template_fill(template, values);
    char *tidied = filled ? tidy_text(filled) : NULL;

    free(filled);
    return tidied;
}

/* A header field becomes one line, even if an encoded word contains line ends, which
 * RFC 2047 section 5 forbids. Otherwise a subject could look like lines of the body. */
static char *tidy_field(const char *value)
{
    char *tidied = tidy_text(value);

    for (char *line_end = tidied; line_end && (line_end = strchr(line_end, '\n'));)
        *line_end = ' ';
    return tidied;
}

char *compose_text(const struct message *message, const struct text_options *options,
                   struct cuts *cuts)
{
    const struct template *template = options->template;
    char *subject = tidy_field(message->subject);
    char *name = tidy_field(message->from_name);
    char *address = tidy_field(message->from_address);
    char *body = NULL, *text = NULL;
    bool has_subject = subject && says(template, TEMPLATE_SUBJECT, subject);

    body = own_words(message, options, has_subject, cuts);
    if (!subject || !name || !address || !body)
        goto cleanup;
    if (!has_subject && !says(template, TEMPLATE_BODY, body) &&
        (template_has_field(template, TEMPLATE_SUBJECT) ||
         template_has_field(template, TEMPLATE_BODY))) {
        text = strdup("");
        goto cleanup;
    }
    if (template_has_field(template, TEMPLATE_BODY) && body_says_subject(subject, body))
        *subject = '\0';
    text = fill(template, (const char *const[TEMPLATE_FIELDS]){
                              [TEMPLATE_SUBJECT] = subject,
                              [TEMPLATE_BODY] = body,
                              [TEMPLATE_FROM_NAME] = name,
                              [TEMPLATE_FROM_ADDRESS] = address,
                          });
cleanup:
    free(subject);
    free(name);
    free(address);
    free(body);
    return text;
}

bool compose_sms(const struct message *message, const struct text_options *options,
                 struct cuts *cuts, struct sms_text **sms_out, struct error *err)
{
    char *text;
    bool is_made;

    *sms_out = NULL;
    if (message->refusal)
        return error_set(err, ERROR_REFUSED, "5.6.0", "%s", message->refusal);
    text = compose_text(message, options, cuts);
    if (!text)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    is_made = sms_text_new(text, options, cuts, sms_out, err);
    free(text);
    return is_made;
}
