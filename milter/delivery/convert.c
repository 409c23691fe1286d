/* SPDX-License-Identifier: ISC */
#include "delivery/convert.h"

#include "text/compose.h"
#include "text/message.h"

/* An SMS of the subject alone is not what the sender wrote. */
static bool check_mail_cut(const struct conversion *conversion,
                           const struct message *message, struct error *err)
{
    return !conversion->is_mail_cut || message->body.length_bytes > 0 ||
           error_set(err, ERROR_REFUSED, "5.3.4",
                     "the mail has no text in its first %zu bytes (max-message-size): "
                     "leave the attachment out",
                     conversion->size_bytes);
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

/* No administrator may want a report sent: a mailbox whose rule forwards all it gets
 * would answer each SMS that fails with the next one, without end. */
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
        .mail = {conversion->mail, conversion->size_bytes},
        .message = message,
        .customer = conversion->customer,
        .sender = conversion->sender,
        .queue_id = conversion->queue_id,
        .is_signed = conversion->is_signed,
    };

    return mail_key_make(&question, key_out);
}

static enum conversion_result
convert_message(const struct conversion *conversion, const struct message *message,
                struct cuts *cuts, struct sms_text **sms_out, struct mail_key *key_out,
                struct error *err)
{
    enum auto_replies wish = choose(conversion, message);

    if (wish == AUTO_REPLIES_DISCARD)
        return CONVERSION_DISCARD;
    if ((wish == AUTO_REPLIES_REFUSE && !refuse_automatic(message, err)) ||
        !check_mail_cut(conversion, message, err) ||
        !compose_sms(message, conversion->text, cuts, sms_out, err))
        return CONVERSION_FAILED;
    if (key_out && !make_key(conversion, message, key_out)) {
        sms_text_free(sms_out);
        error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
        return CONVERSION_FAILED;
    }
    return CONVERSION_SMS;
}

enum conversion_result convert_mail(const struct conversion *conversion,
                                    struct cuts *cuts, struct sms_text **sms_out,
                                    struct mail_key *key_out, struct error *err)
{
    enum conversion_result result;
    struct message *message;

    *sms_out = NULL;
    if (!message_parse(conversion->mail, conversion->size_bytes, conversion->text,
                       &message, err))
        return CONVERSION_FAILED;
    result = convert_message(conversion, message, cuts, sms_out, key_out, err);
    message_free(&message);
    return result;
}
