/* SPDX-License-Identifier: ISC */
#include "delivery/convert.h"

#include "delivery/signed_text.h"
#include "text/compose.h"
#include "text/mime/message.h"

/* An SMS with only the subject would not be what the sender wrote. */
static bool check_mail_cut(const struct conversion *conversion,
                           const struct message *message, struct error *err)
{
    return !conversion->mail->is_body_cut || message->body.length_bytes > 0 ||
           error_set(err, ERROR_REFUSED, "5.3.4",
                     "the mail has no text in its first %zu bytes (max-message-size): "
                     "send it without the attachment",
                     conversion->mail->body_size_bytes);
}

/* The missing fields may be those that say how to read the body. */
static bool check_header_cut(const struct conversion *conversion, struct error *err)
{
    return !conversion->mail->header.is_cut ||
           error_set(err, ERROR_REFUSED, "5.3.4",
                     "the header of the mail is longer than %d KiB: write a new mail",
                     MAIL_HEADER_MAX_BYTES / 1024);
}

static bool refuse_automatic(const struct message *message, struct error *err)
{
    if (message->is_report)
        return error_set(err, ERROR_REFUSED, "5.7.1",
                         "automatic mail (%s: a delivery report or receipt) is never "
                         "sent as an SMS",
                         message->automatic_sign);
    return error_set(err, ERROR_REFUSED, "5.7.1",
                     "automatic mail (%s) is not sent as an SMS here",
                     message->automatic_sign);
}

/* A report is never sent as SMS, whatever the configuration says: if a mailbox forwards
 * all its mail as SMS, each SMS that fails would cause the next one, without end. */
static enum auto_replies choose(const struct conversion *conversion,
                                const struct message *message)
{
    if (!message->automatic_sign)
        return AUTO_REPLIES_SEND;
    if (message->is_report && conversion->auto_replies == AUTO_REPLIES_SEND)
        return AUTO_REPLIES_REFUSE;
    return conversion->auto_replies;
}

static bool make_key(const struct conversion *conversion, const struct message *message,
                     struct mail_key *key_out)
{
    const struct mail_key_question question = {
        .mail = conversion->mail,
        .message = message,
        .customer = conversion->customer,
        .sender = conversion->sender,
        .queue_id = conversion->queue_id,
        .reused_ids = conversion->reused_ids,
        .is_signed = conversion->proof->is_signed,
        .may_come_signed = conversion->proof->may_come_signed,
    };

    return mail_key_make(&question, key_out);
}

/* A preview has no proof. */
static enum conversion_result check_signed(const struct conversion *conversion,
                                           const struct message *message,
                                           struct error *err)
{
    const struct sender_proof *proof = conversion->proof;

    if (!proof || *proof->signer == '\0' ||
        signed_text_check(conversion->mail, message, &proof->cover, conversion->text,
                          err))
        return CONVERSION_SMS;
    return err->kind == ERROR_REFUSED ? CONVERSION_UNPROVED : CONVERSION_FAILED;
}

static enum conversion_result
convert_message(const struct conversion *conversion, const struct message *message,
                struct cuts *cuts, struct sms_text **sms_out, struct mail_key *key_out,
                struct error *err)
{
    enum auto_replies wish = choose(conversion, message);
    enum conversion_result result;

    if (wish == AUTO_REPLIES_DISCARD)
        return CONVERSION_DISCARD;
    if ((wish == AUTO_REPLIES_REFUSE && !refuse_automatic(message, err)) ||
        !check_mail_cut(conversion, message, err) ||
        !compose_sms(message, conversion->text, cuts, sms_out, err))
        return CONVERSION_FAILED;
    result = check_signed(conversion, message, err);
    if (result == CONVERSION_SMS && key_out &&
        !make_key(conversion, message, key_out)) {
        error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
        result = CONVERSION_FAILED;
    }
    if (result != CONVERSION_SMS)
        sms_text_free(sms_out);
    return result;
}

enum conversion_result convert_mail(const struct conversion *conversion,
                                    struct cuts *cuts, struct sms_text **sms_out,
                                    struct mail_key *key_out, struct error *err)
{
    enum conversion_result result;
    struct message *message;

    *sms_out = NULL;
    if (!check_header_cut(conversion, err) ||
        !message_parse(conversion->mail, conversion->text, &message, err))
        return CONVERSION_FAILED;
    result = convert_message(conversion, message, cuts, sms_out, key_out, err);
    message_free(&message);
    return result;
}
