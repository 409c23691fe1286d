/* SPDX-License-Identifier: ISC */
#include "milter.h"

#include <libmilter/mfapi.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/patience.h"
#include "delivery/deliver.h"
#include "libmilter.h"
#include "reply.h"
#include "service.h"
#include "session.h"

/* How long the queue of connections not yet accepted may be; Postfix alone opens a
 * hundred at once. */
enum { LISTEN_BACKLOG = 1024 };

/* For all sessions; set before any of them begins. */
static struct delivery_services services;

/* ---- callbacks ---- */

/* libmilter calls most callbacks in nearly any order, before negotiation as well: each
 * asks for its session with one of the first two functions here, and answers with
 * answer_misplaced() where there is none. */

/* Stands for the session of a connection where none could be made. */
static struct session no_session;

/* NULL before negotiation, and where there is no_session. */
static struct session *session_of(SMFICTX *ctx)
{
    struct session *session = smfi_getpriv(ctx);

    return session == &no_session ? NULL : session;
}

/* The session where a mail has begun and not ended, NULL elsewhere. */
static struct session *session_in_mail(SMFICTX *ctx)
{
    struct session *session = session_of(ctx);
    bool is_over =
        session && session->mail.is_at_end && libmilter_command() != PACKET_END_OF_BODY;

    return session && session->mail.has_begun && !is_over ? session : NULL;
}

/* For a step that needs no reply. The mail server waits for one unless SMFIP_NR_* of
 * the step was negotiated, and takes none if it was. */
static sfsistat answer_silently(const struct session *session, unsigned long no_reply)
{
    return session->negotiated_steps & no_reply ? SMFIS_NOREPLY : SMFIS_CONTINUE;
}

/* For a step that may not come now, or that has no session. no_reply is its SMFIP_NR_*,
 * 0 if it has none. */
static sfsistat answer_misplaced(SMFICTX *ctx, unsigned long no_reply)
{
    const struct session *session = session_of(ctx);
    struct error err;

    if (session && session->negotiated_steps & no_reply)
        return SMFIS_NOREPLY;
    if (smfi_getpriv(ctx) == &no_session)
        return service_is_stopping() ? reply_stopping(ctx) : reply_no_memory(ctx);
    error_set(&err, ERROR_TEMPORARY, "4.5.1",
              "the mail server sent the commands of this mail in a wrong order");
    return reply_for(ctx, &err);
}

/* What the mail server is asked to tell at MAIL, whatever its configuration says. */
static char mail_macros[] =
    "i {auth_type} {auth_authen} {cert_subject} {cert_issuer} {verify} v";

/* And at RCPT: how it reads the address that the client wrote. */
static char recipient_macros[] = "i {rcpt_addr}";

static void ask_for_macros(SMFICTX *ctx)
{
    if (smfi_setsymlist(ctx, SMFIM_ENVFROM, mail_macros) != MI_SUCCESS ||
        smfi_setsymlist(ctx, SMFIM_ENVRCPT, recipient_macros) != MI_SUCCESS)
        log_warning(
            "the mail server cannot be asked for its macros: client certificates prove "
            "nothing unless it sends {cert_subject} at MAIL");
}

/* Gives the connection its session; none stays from a negotiation before. Returns NULL
 * without memory, and when the daemon has stopped. */
static struct session *begin_session(SMFICTX *ctx)
{
    struct session *session = session_of(ctx);
    const struct config *config = config_acquire();

    session_free(&session);
    session = config ? session_new(config) : NULL;
    smfi_setpriv(ctx, session ? session : &no_session);
    return session;
}

static void warn_unguarded(void)
{
    log_warning("this libmilter does not let sms-milter check its packets: any program "
                "that may connect to the socket can end the daemon");
}

/* Whether libmilter calls our mi_rd_cmd(). It does not if it was linked with
 * -Bsymbolic. */
static bool is_guarded(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    if (libmilter_command() == PACKET_NEGOTIATION)
        return true;
    pthread_once(&once, warn_unguarded);
    return false;
}

/* Asks for the steps that are used and for no reply where none is given. The context of
 * a connection begins here: this callback is the first of a mail server that keeps to
 * the protocol.
 *
 * A refusal here has no words for the client, and libmilter logs it as an error. So a
 * connection is not refused while the daemon is being stopped: on_end_of_message() then
 * defers the mail. And it is not refused where no session can be made: each callback
 * then answers with the reason. */
static sfsistat on_negotiate(SMFICTX *ctx, unsigned long offered_actions,
                             unsigned long offered_steps, unsigned long unused1,
                             unsigned long unused2, unsigned long *actions_out,
                             unsigned long *steps_out, unsigned long *reserved1_out,
                             unsigned long *reserved2_out)
{
    const unsigned long unneeded = SMFIP_NOUNKNOWN | SMFIP_NR_CONN | SMFIP_NR_HELO |
                                   SMFIP_NR_MAIL | SMFIP_NR_HDR | SMFIP_NR_EOH |
                                   SMFIP_SKIP;
    struct session *session;

    (void)unused1;
    (void)unused2;
    if (!(offered_actions & SMFIF_DELRCPT) || (offered_steps & SMFIP_NODATA) == 0) {
        log_error("the mail server uses too old a milter protocol: Postfix needs "
                  "milter_protocol = 6");
        return SMFIS_REJECT;
    }
    *actions_out = SMFIF_DELRCPT;
    *steps_out = offered_steps & unneeded;
    *reserved1_out = 0;
    *reserved2_out = 0;
    session = begin_session(ctx);
    if (!session) {
        *steps_out = 0; /* each step gets a reply */
        return SMFIS_CONTINUE;
    }
    session->negotiated_steps = *steps_out;
    /* Unguarded, nobody knows which piece of a body is the last: see on_body(). */
    session->can_skip = is_guarded() && (offered_steps & SMFIP_SKIP);
    ask_for_macros(ctx);
    return SMFIS_CONTINUE;
}

static sfsistat on_connect(SMFICTX *ctx, char *host, _SOCK_ADDR *peer)
{
    struct session *session = session_of(ctx);

    (void)host;
    if (!session)
        return answer_misplaced(ctx, SMFIP_NR_CONN);
    session_set_peer(session, peer);
    return answer_silently(session, SMFIP_NR_CONN);
}

static sfsistat on_helo(SMFICTX *ctx, char *helo)
{
    struct session *session = session_of(ctx);

    if (!session)
        return answer_misplaced(ctx, SMFIP_NR_HELO);
    session_set_helo(session, helo);
    return answer_silently(session, SMFIP_NR_HELO);
}

/* NULL where the mail server does not tell it, or has nothing to tell. */
static const char *macro_of(SMFICTX *ctx, const char *name)
{
    char copy[32];
    const char *value;

    snprintf(copy, sizeof copy, "%s", name);
    value = smfi_getsymval(ctx, copy);
    return value && *value ? value : NULL;
}

/* Sendmail says so in {verify}; Postfix does not know that macro, and tells the names
 * of a certificate only when it is verified (smtpd_milter.c). */
static bool is_certificate_verified(SMFICTX *ctx)
{
    const char *verified = macro_of(ctx, "{verify}"), *server = macro_of(ctx, "v");

    return verified ? strcmp(verified, "OK") == 0
                    : server && strncmp(server, "Postfix", 7) == 0;
}

static sfsistat on_mail(SMFICTX *ctx, char **args)
{
    struct session *session = session_of(ctx);
    struct client_proof proof = {.login = macro_of(ctx, "{auth_authen}")};

    if (!session)
        return answer_misplaced(ctx, SMFIP_NR_MAIL);
    if (is_certificate_verified(ctx))
        proof.certificate = (struct client_certificate){
            .subject = macro_of(ctx, "{cert_subject}"),
            .issuer = macro_of(ctx, "{cert_issuer}"),
        };
    /* No reply goes to MAIL: without memory each SMS recipient gets one. */
    if (!session_begin_mail(session, args[0], &proof))
        log_error("no memory");
    return answer_silently(session, SMFIP_NR_MAIL);
}

/* The true reason, whatever the client is told. */
static void log_refusal(SMFICTX *ctx, const struct session *session,
                        const struct error *err)
{
    const char *queue_id = macro_of(ctx, "i"); /* Postfix has none at the first RCPT */
    char recipient[SESSION_RECIPIENT_SIZE];

    session_describe_recipient(session, recipient);
    log_info("%s%s%s recipient refused: status=%s reason=%s", queue_id ? queue_id : "",
             queue_id ? ": " : "", recipient, err->status, err->text);
}

static sfsistat on_recipient(SMFICTX *ctx, char **args)
{
    struct session *session = session_in_mail(ctx);
    struct error err;

    if (!session)
        return answer_misplaced(ctx, 0);
    if (!session_is_disguised(session, args[0], macro_of(ctx, "{rcpt_addr}"), &err) &&
        session_add_recipient(session, args[0], &err) != RECIPIENT_IS_REFUSED)
        return SMFIS_CONTINUE;
    log_refusal(ctx, session, &err);
    session_veil(session, &err);
    return reply_for(ctx, &err);
}

/* Ordinary mail ends here for us: its content is never read. */
static sfsistat on_data(SMFICTX *ctx)
{
    struct session *session = session_in_mail(ctx);

    if (!session)
        return answer_misplaced(ctx, 0);
    if (session->mail.recipient_count > 0)
        return SMFIS_CONTINUE;
    session_end_mail(session);
    return SMFIS_ACCEPT;
}

static sfsistat on_header(SMFICTX *ctx, char *name, char *value)
{
    struct session *session = session_in_mail(ctx);

    if (!session)
        return answer_misplaced(ctx, SMFIP_NR_HDR);
    session_add_header(session, name, value);
    return answer_silently(session, SMFIP_NR_HDR);
}

static sfsistat on_end_of_header(SMFICTX *ctx)
{
    struct session *session = session_in_mail(ctx);

    if (!session)
        return answer_misplaced(ctx, SMFIP_NR_EOH);
    session_end_header(session);
    return answer_silently(session, SMFIP_NR_EOH);
}

static sfsistat on_body(SMFICTX *ctx, unsigned char *piece, size_t size)
{
    struct session *session = session_in_mail(ctx);
    bool is_last = libmilter_command() == PACKET_END_OF_BODY;
    bool is_wanted = session && session_add_body(session, piece, size);

    /* The end of the message follows in the same packet, and answers for both:
     * libmilter leaves it out where its piece has another answer than this. */
    if (is_last)
        return SMFIS_CONTINUE;
    if (!session)
        return answer_misplaced(ctx, 0);
    return is_wanted || !session->can_skip ? SMFIS_CONTINUE : SMFIS_SKIP;
}

/* Takes the recipients off the mail whose SMS is on its way, in every spelling they
 * came in. One that stays gets bounced by the mail server: wrong, but not silent. */
static void delete_recipients(SMFICTX *ctx, const struct transaction *mail)
{
    for (size_t i = 0; i < mail->path_count; i++) {
        const struct sms_path *path = &mail->paths[i];

        if (mail->recipients[path->recipient].state != RECIPIENT_FAILED &&
            smfi_delrcpt(ctx, path->path) != MI_SUCCESS)
            log_error("the mail server did not remove a recipient whose SMS was sent: "
                      "it may deliver or bounce the mail, too");
    }
}

static sfsistat answer_verdict(SMFICTX *ctx, const struct transaction *mail,
                               enum verdict verdict, const struct error *reason)
{
    switch (verdict) {
    case VERDICT_DISCARD:
        if (mail->customer->after_sending == AFTER_SENDING_DISCARD)
            return SMFIS_DISCARD;
        delete_recipients(ctx, mail);
        return SMFIS_ACCEPT;
    case VERDICT_ACCEPT:
        delete_recipients(ctx, mail);
        return SMFIS_ACCEPT;
    case VERDICT_REJECT:
        if (*reason->text == '\0')
            return reply_for_recipients(ctx, mail);
        break;
    case VERDICT_DEFER:
        break;
    }
    return reply_for(ctx, reason);
}

static struct delivery describe_delivery(const struct session *session,
                                         const char *queue_id)
{
    const struct transaction *mail = &session->mail;
    const void *peer = session->has_peer ? &session->peer : NULL;

    return (struct delivery){
        .config = session->config,
        .customer = mail->customer,
        .sender = mail->sender,
        .queue_id = queue_id ? queue_id : "",
        .evidence = {.sender = mail->sender,
                     .sender_domain = mail->sender_domain,
                     .peer = peer,
                     .helo = session->helo,
                     .login = mail->login,
                     .certificate = {mail->certificate_subject,
                                     mail->certificate_issuer}},
        .mail = &mail->content,
        .recipients = mail->recipients,
        .recipient_count = mail->recipient_count,
        .ordinary_recipient_count = mail->ordinary_recipient_count,
    };
}

/* The mail server shall not give up a filter that works: Sendmail's default is to wait
 * for 10 s (sendmail's cf/README, Xfilters, R), Postfix's for 300 s
 * (milter_content_timeout), from each report on. */
enum { PROGRESS_MS = 3000 };

/* Legal at the end of a message alone, and with no flag of the negotiation (libmilter's
 * smfi_progress()). It fails where the mail server has hung up: the mail goes on to its
 * outcome then, which the journal keeps for the retry. */
static bool report_progress(void *data)
{
    return smfi_progress(data) == MI_SUCCESS;
}

static sfsistat finish_mail(SMFICTX *ctx, struct session *session)
{
    struct delivery delivery = describe_delivery(session, macro_of(ctx, "i"));
    struct error reason;
    enum verdict verdict;

    patience_begin(&delivery.patience, PROGRESS_MS, report_progress, ctx);
    verdict = deliver_mail(&services, &delivery, &reason);
    return answer_verdict(ctx, &session->mail, verdict, &reason);
}

static sfsistat on_end_of_message(SMFICTX *ctx)
{
    struct session *session = session_in_mail(ctx);
    sfsistat answer;

    if (!session)
        return answer_misplaced(ctx, 0);
    if (session->mail.is_lost) {
        answer = reply_no_memory(ctx);
    } else if (session->mail.recipient_count == 0) {
        answer = SMFIS_ACCEPT; /* a mail server that left out DATA */
    } else if (!service_enter_end_of_mail()) {
        answer = reply_stopping(ctx);
    } else {
        answer = finish_mail(ctx, session);
        service_leave_end_of_mail();
    }
    session_end_mail(session);
    return answer;
}

static sfsistat on_abort(SMFICTX *ctx)
{
    struct session *session = session_of(ctx);

    if (session)
        session_end_mail(session);
    return SMFIS_CONTINUE;
}

/* For SMFIC_QUIT_NC, after which another connection follows on the same socket,
 * without negotiation: what was negotiated stays. */
static void restart_session(struct session *session)
{
    session_end_mail(session);
    session_set_peer(session, NULL);
    session_set_helo(session, "");
    session_renew_config(session);
}

/* Called with each command, whether libmilter then has a callback for it or not: no
 * recipient counts for the sender of a mail that is over, and no mail for a client that
 * is gone. */
static void look_at_command(SMFICTX *ctx, char command)
{
    struct session *session = session_of(ctx);

    if (!session)
        return;
    switch (command) {
    case PACKET_CONNECT:
        session_set_peer(session, NULL);
        session_end_mail(session);
        break;
    case PACKET_HELO: /* RFC 5321 section 4.1.4 */
    case PACKET_ABORT:
    case PACKET_NEGOTIATION:
        session_end_mail(session);
        break;
    case PACKET_END_OF_BODY:
        if (session->mail.is_at_end)
            session_end_mail(session); /* libmilter passed over its end */
        session->mail.is_at_end = true;
        break;
    case PACKET_QUIT_NC:
        restart_session(session);
        break;
    default:
        break;
    }
}

/* Called at SMFIC_QUIT_NC, too. */
static sfsistat on_close(SMFICTX *ctx)
{
    struct session *session = session_of(ctx);

    if (libmilter_command() == PACKET_QUIT_NC)
        return SMFIS_CONTINUE;
    smfi_setpriv(ctx, NULL);
    session_free(&session);
    return SMFIS_CONTINUE;
}

static struct smfiDesc description = {
    .xxfi_name = (char[]){"sms-milter"},
    .xxfi_version = SMFI_VERSION,
    .xxfi_flags = SMFIF_DELRCPT,
    .xxfi_connect = on_connect,
    .xxfi_helo = on_helo,
    .xxfi_envfrom = on_mail,
    .xxfi_envrcpt = on_recipient,
    .xxfi_header = on_header,
    .xxfi_eoh = on_end_of_header,
    .xxfi_body = on_body,
    .xxfi_eom = on_end_of_message,
    .xxfi_abort = on_abort,
    .xxfi_close = on_close,
    .xxfi_data = on_data,
    .xxfi_negotiate = on_negotiate,
};

bool milter_open(const struct config *config, const struct delivery_services *wanted,
                 struct error *err)
{
    if (!libmilter_is_usable(err))
        return false;
    services = *wanted;
    libmilter_on_command(look_at_command);
    smfi_setbacklog(LISTEN_BACKLOG);
    if (smfi_register(description) != MI_SUCCESS)
        return error_set(err, ERROR_TEMPORARY, NULL, "libmilter cannot be initialised");
    return service_open(config, err);
}
