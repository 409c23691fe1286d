/* SPDX-License-Identifier: ISC */
#include "reply.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

/* libmilter takes 32 lines of up to 980 octets (smfi_setmlreply). A client need not
 * take a line of more than 512 octets with code, status and CR LF (RFC 5321 section
 * 4.5.3.1.5). */
enum { REPLY_MAX_LINES = 32, REPLY_LINE_SIZE = 480 };

struct reply {
    char code[4]; /* RFC 5321 section 4.2 */
    char status[ERROR_STATUS_SIZE];
    char *lines[REPLY_MAX_LINES + 1]; /* NULL after the last */
    size_t line_count;
};

static void set_status(struct reply *reply, const struct error *err)
{
    const char *status = *err->status                 ? err->status
                         : err->kind == ERROR_REFUSED ? "5.7.1"
                                                      : "4.3.0";

    snprintf(reply->code, sizeof reply->code, "%s", error_reply_code(err));
    snprintf(reply->status, sizeof reply->status, "%s", status);
}

/* libmilter takes no control characters, and reads "%" as a format: it is doubled. */
static bool add_line(struct reply *reply, const char *text)
{
    char *line = malloc(REPLY_LINE_SIZE);
    size_t used = 0;

    if (!line)
        return false;
    for (; *text && used < REPLY_LINE_SIZE - 2; text++) {
        line[used++] = *text >= ' ' && *text <= '~' ? *text : '?';
        if (*text == '%')
            line[used++] = '%';
    }
    line[used] = '\0';
    reply->lines[reply->line_count++] = line;
    return true;
}

/* smfi_setmlreply() takes its lines as arguments, up to a NULL: what is after the
 * first NULL is not read. */
static bool set_lines(SMFICTX *ctx, struct reply *reply)
{
    char **l = reply->lines;

    return smfi_setmlreply(ctx, reply->code, reply->status, l[0], l[1], l[2], l[3],
                           l[4], l[5], l[6], l[7], l[8], l[9], l[10], l[11], l[12],
                           l[13], l[14], l[15], l[16], l[17], l[18], l[19], l[20],
                           l[21], l[22], l[23], l[24], l[25], l[26], l[27], l[28],
                           l[29], l[30], l[31], NULL) == MI_SUCCESS;
}

static sfsistat finish_reply(SMFICTX *ctx, struct reply *reply)
{
    sfsistat answer = *reply->code == '5' ? SMFIS_REJECT : SMFIS_TEMPFAIL;

    if (reply->line_count == 0 || !set_lines(ctx, reply))
        log_error("libmilter does not accept the reply %s %s", reply->code,
                  reply->status);
    for (size_t i = 0; i < reply->line_count; i++)
        free(reply->lines[i]);
    return answer;
}

sfsistat reply_for(SMFICTX *ctx, const struct error *err)
{
    struct reply reply = {.line_count = 0};

    set_status(&reply, err);
    add_line(&reply, err->text);
    return finish_reply(ctx, &reply);
}

sfsistat reply_no_memory(SMFICTX *ctx)
{
    struct error err;

    error_set(&err, ERROR_TEMPORARY, "4.3.0", "no memory");
    log_error("no memory");
    return reply_for(ctx, &err);
}

sfsistat reply_for_recipients(SMFICTX *ctx, const struct transaction *mail)
{
    struct reply reply = {.line_count = 0};
    char line[ERROR_TEXT_SIZE + 64];

    set_status(&reply, &mail->recipients[0].error);
    for (size_t i = 0; i < mail->recipient_count; i++) {
        if (i == REPLY_MAX_LINES - 1 && mail->recipient_count > REPLY_MAX_LINES) {
            snprintf(line, sizeof line, "and %zu more numbers",
                     mail->recipient_count - i);
            add_line(&reply, line);
            break;
        }
        snprintf(line, sizeof line, "%s: %s", mail->recipients[i].number.e164,
                 mail->recipients[i].error.text);
        add_line(&reply, line);
    }
    return finish_reply(ctx, &reply);
}

sfsistat reply_stopping(SMFICTX *ctx)
{
    struct error err;

    error_set(&err, ERROR_TEMPORARY, "4.3.2", "the SMS gateway is being stopped");
    return reply_for(ctx, &err);
}
