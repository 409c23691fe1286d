/* SPDX-License-Identifier: ISC */
#include "ctl/preview.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/command_line.h"
#include "base/domain.h"
#include "base/utf8.h"
#include "config/config.h"
#include "config/config_file.h"
#include "config/text_options.h"
#include "ctl/ctl.h"
#include "ctl/input.h"
#include "ctl/recipient.h"
#include "delivery/convert.h"
#include "envelope/address.h"
#include "envelope/customer.h"
#include "session.h"
#include "text/mime/message.h"

static const char usage[] =
    "usage: sms-milterctl [-c FILE] preview [-f SENDER] [-r RECIPIENT]...\n"
    "                     [-o NAME=VALUE]... [--json | --text] < MAIL\n"
    "  show the SMS that the mail would become; nothing is sent\n"
    "  SENDER and RECIPIENT are those of the envelope\n"
    "  -o sets an option of the section \"text\" of the configuration\n";

enum form { FORM_BUBBLE, FORM_JSON, FORM_TEXT };

/* The options and arguments of the command line. */
struct request {
    const char *config_path; /* NULL: none was given */
    const char *sender;      /* NULL: taken from the mail */
    char **recipients;
    size_t recipient_count;
    struct text_options text; /* set by -o */
    enum form form;
};

/* The input of a preview. */
struct material {
    const struct config *config;
    struct session *session;
    struct raw_mail mail;
    struct message *message; /* for its fields */
};

/* ---- the command line ---- */

static bool set_option(struct request *request, const char *assignment)
{
    const char *equals = strchr(assignment, '=');
    struct error why;
    char name[32];

    if (!equals || equals == assignment || equals - assignment >= (long)sizeof name) {
        fprintf(stderr, "sms-milterctl: -o %s: not NAME=VALUE\n", assignment);
        return false;
    }
    memcpy(name, assignment, (size_t)(equals - assignment));
    name[equals - assignment] = '\0';
    if (text_options_set(&request->text, name, equals + 1, &why))
        return true;
    fprintf(stderr, "sms-milterctl: -o %s: \"%s\" %s\n", name, equals + 1, why.text);
    return false;
}

static bool add_recipient(struct request *request, char *recipient)
{
    char **grown =
        realloc(request->recipients, (request->recipient_count + 1) * sizeof *grown);

    if (!grown)
        return false;
    request->recipients = grown;
    grown[request->recipient_count++] = recipient;
    return true;
}

static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                        {"text", no_argument, NULL, 't'},
                                        COMMAND_LINE_HELP,
                                        {0}};
static const struct command_line command_line = {"sms-milterctl preview", ":f:r:o:h",
                                                 options, usage};

/* Only one output form may be chosen. */
static bool set_form(struct request *request, enum form form)
{
    bool is_first = request->form == FORM_BUBBLE || request->form == form;

    request->form = form;
    if (!is_first)
        command_line_fail(&command_line, "--json and --text cannot be used together");
    return is_first;
}

static bool check_text(int option, const char *value)
{
    if (!utf8_is_valid(value))
        command_line_fail(&command_line, "-%c: is not UTF-8", option);
    return utf8_is_valid(value);
}

static bool take_option(struct request *request, int option, char *value)
{
    switch (option) {
    case 'f':
        request->sender = value;
        return check_text(option, value);
    case 'r':
        return check_text(option, value) && add_recipient(request, value);
    case 'o':
        return set_option(request, value);
    case 'j':
        return set_form(request, FORM_JSON);
    case 't':
        return set_form(request, FORM_TEXT);
    default:
        return false;
    }
}

/* Returns an exit status if the program ends here, -1 if it goes on. */
static int read_request(int argc, char **argv, struct request *request)
{
    int option;

    command_line_begin();
    while ((option = command_line_next(&command_line, argc, argv, NULL)) != -1) {
        if (option == 'h')
            return command_line_help(&command_line);
        if (!take_option(request, option, optarg))
            return EX_USAGE;
    }
    return command_line_is_done(&command_line, argc, argv) ? -1 : EX_USAGE;
}

/* ---- the mail ---- */

/* If no file was given and none is in the usual place, the defaults apply. */
static int load_config(const char *path, const struct config **config_out)
{
    struct error err;

    if (!path && (access(DEFAULT_CONFIG_PATH, F_OK) == 0 || errno != ENOENT))
        path = DEFAULT_CONFIG_PATH;
    if (config_load_without_keys(path, config_out, &err))
        return EX_OK;
    fprintf(stderr, "sms-milterctl: %s\n", err.text);
    return EX_CONFIG;
}

/* The sender of the envelope, or the one that the mail names. */
static const char *find_sender(const struct request *request,
                               const struct material *material)
{
    if (request->sender)
        return request->sender;
    return material->message ? material->message->from_address : "";
}

static void add_number(struct preview *preview, const char *number)
{
    for (size_t i = 0; i < preview->number_count; i++)
        if (strcmp(preview->numbers[i], number) == 0)
            return;
    preview->numbers[preview->number_count++] = number;
}

/* Without any configured customer, only the number itself can be checked. */
static enum recipient_kind check_number(struct material *material, const char *path,
                                        struct error *err)
{
    struct transaction *mail = &material->session->mail;
    struct delivery_recipient *grown;
    struct phone_number number;
    struct address address;

    if (!address_parse(path, &address) ||
        !customer_is_sms_domain(material->config, address.domain))
        return RECIPIENT_IS_ORDINARY;
    if (!number_parse(address.local, address.local_length,
                      material->config->default_country, &number, err))
        return RECIPIENT_IS_REFUSED;
    grown = realloc(mail->recipients, (mail->recipient_count + 1) * sizeof *grown);
    if (!grown) {
        error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
        return RECIPIENT_IS_REFUSED;
    }
    mail->recipients = grown;
    grown[mail->recipient_count++] = (struct delivery_recipient){.number = number};
    return RECIPIENT_IS_SMS;
}

/* A number without a domain is checked like an SMS address with this number. */
static enum recipient_kind try_number(struct material *material, const char *written,
                                      struct error *err)
{
    const struct config *config = material->config;
    const struct customer *customer = material->session->mail.customer;
    struct phone_number number;
    char path[sizeof number.e164 + 1 + DOMAIN_SIZE];

    if (!recipient_parse(config, customer ? customer->name : NULL, written, &number,
                         err))
        return RECIPIENT_IS_REFUSED;
    snprintf(path, sizeof path, "%s@%s", number.e164, config->sms_domains.items[0]);
    return config->customer_count > 0
               ? session_add_recipient(material->session, path, err)
               : check_number(material, path, err);
}

/* Whether the recipient would be accepted at RCPT. is_asked: the caller wants to know
 * the reason if not. */
static void try_recipient(struct material *material, const char *path, bool is_asked,
                          struct preview *preview)
{
    struct preview_refusal *refusal = &preview->refusals[preview->refusal_count];
    struct error err;
    enum recipient_kind kind =
        is_asked && !strchr(path, '@') ? try_number(material, path, &err)
        : material->config->customer_count > 0
            ? session_add_recipient(material->session, path, &err)
            : check_number(material, path, &err);

    if (!is_asked || kind == RECIPIENT_IS_SMS)
        return;
    if (kind == RECIPIENT_IS_ORDINARY) {
        preview->ordinary[preview->ordinary_count++] = path;
        return;
    }
    *refusal = (struct preview_refusal){.recipient = path, .error = err};
    preview->refusal_count++;
}

/* The recipients that were given, or else the SMS addresses in To and Cc. */
static bool try_recipients(const struct request *request, struct material *material,
                           struct preview *preview)
{
    bool is_asked = request->recipient_count > 0;
    size_t count = is_asked            ? request->recipient_count
                   : material->message ? material->message->recipients.count
                                       : 0;
    char **paths = is_asked            ? request->recipients
                   : material->message ? material->message->recipients.items
                                       : NULL;
    const struct transaction *mail = &material->session->mail;

    preview->numbers = calloc(count + 1, sizeof *preview->numbers);
    preview->refusals = calloc(count + 1, sizeof *preview->refusals);
    preview->ordinary = calloc(count + 1, sizeof *preview->ordinary);
    if (!preview->numbers || !preview->refusals || !preview->ordinary)
        return false;
    for (size_t i = 0; i < count; i++)
        try_recipient(material, paths[i], is_asked, preview);
    for (size_t i = 0; i < mail->recipient_count; i++)
        add_number(preview, mail->recipients[i].number.e164);
    return true;
}

/* ---- the verdict ---- */

static void set_accepted(struct preview *preview, const char *acceptance)
{
    preview->is_accepted = true;
    preview->acceptance = acceptance;
}

static void convert(const struct material *material, const struct text_options *text,
                    struct preview *preview)
{
    const struct customer *customer = material->session->mail.customer;
    const struct config *config = material->config;
    const struct conversion conversion = {
        .mail = &material->mail,
        .auto_replies = customer ? customer->auto_replies : config->auto_replies,
        .text = text,
    };

    switch (convert_mail(&conversion, &preview->cuts, &preview->sms, NULL,
                         &preview->error)) {
    case CONVERSION_SMS:
        set_accepted(preview, "would be sent, if the sender is authenticated");
        break;
    case CONVERSION_DISCARD:
        set_accepted(preview, "automatic mail, would be dropped (auto-replies)");
        break;
    case CONVERSION_UNPROVED: /* needs a proof; a preview has none */
    case CONVERSION_FAILED:
        break;
    }
}

/* Decides by the checks that come before the text, if one of them decides. */
static void decide(const struct request *request, const struct material *material,
                   struct preview *preview)
{
    bool is_bounce = request->sender && address_is_null(request->sender);
    struct error err;

    if ((material->config->customer_count > 0 || is_bounce) &&
        !session_check_sender(material->session, &err)) {
        preview->is_accepted = false;
        preview->error = err;
    } else if (preview->refusal_count > 0 && preview->number_count == 0) {
        preview->is_accepted = false;
        preview->error = preview->refusals[0].error;
    } else if (request->recipient_count > 0 && preview->number_count == 0) {
        set_accepted(preview,
                     "no recipient is an SMS address: the mail would pass unchanged");
    }
}

static int exit_status(const struct preview *preview)
{
    if (preview->is_accepted)
        return EX_OK;
    return *error_reply_code(&preview->error) == '4' ? EX_TEMPFAIL : EX_UNAVAILABLE;
}

static int show(const struct preview *preview, enum form form)
{
    bool is_shown = form == FORM_JSON   ? preview_show_json(preview)
                    : form == FORM_TEXT ? preview_show_text(preview)
                                        : preview_show_bubble(preview);

    if (preview->cuts.costly_pattern)
        fprintf(stderr, "sms-milterctl: strip: %s takes too long and is skipped\n",
                preview->cuts.costly_pattern);
    return is_shown ? exit_status(preview) : EX_IOERR;
}

static int no_memory(void)
{
    fputs("sms-milterctl: out of memory\n", stderr);
    return EX_OSERR;
}

static int make_preview(struct request *request, struct material *material)
{
    const struct transaction *mail = &material->session->mail;
    struct preview preview = {.sender = find_sender(request, material)};
    int status;

    if (!session_begin_mail(material->session, preview.sender, NULL) ||
        !text_options_inherit(&request->text, mail->customer
                                                  ? &mail->customer->text
                                                  : &material->config->text) ||
        !try_recipients(request, material, &preview)) {
        status = no_memory();
    } else {
        preview.customer = mail->customer ? mail->customer->name : NULL;
        convert(material, &request->text, &preview);
        decide(request, material, &preview);
        status = show(&preview, request->form);
    }
    sms_text_free(&preview.sms);
    free(preview.numbers);
    free(preview.refusals);
    free(preview.ordinary);
    return status;
}

/* Reads the mail in the form in which the mail server would pass it: header and body
 * separately, each with its own limit. One octet above the limit shows that there is
 * more. */
static int read_mail(struct material *material)
{
    size_t limit_bytes = material->config->max_message_size_bytes;
    size_t size;
    char *octets;
    bool is_read;

    if (!input_read(MAIL_HEADER_MAX_BYTES + limit_bytes + 1, &octets, &size))
        return EX_IOERR;
    is_read = raw_mail_read(octets, size, limit_bytes, &material->mail);
    free(octets);
    return is_read ? EX_OK : no_memory();
}

/* The fields of a mail that cannot be read are not shown; the conversion says why. */
static int preview_mail(struct request *request, struct material *material)
{
    struct error ignored;
    int status;

    message_init();
    message_parse(&material->mail, &material->config->text, &material->message,
                  &ignored);
    status = make_preview(request, material);
    message_free(&material->message);
    message_shutdown();
    return status;
}

static int run(struct request *request)
{
    struct material material = {0};
    const struct config *config;
    int status = load_config(request->config_path, &config);

    if (status != EX_OK)
        return status;
    material.config = config;
    config_publish(config);
    material.session = session_new(config_acquire());
    status = material.session ? read_mail(&material) : no_memory();
    if (status == EX_OK)
        status = preview_mail(request, &material);
    raw_mail_free(&material.mail);
    session_free(&material.session);
    config_publish(NULL);
    return status;
}

int ctl_preview(const char *config_path, int argc, char **argv)
{
    struct request request = {.config_path = config_path};
    int status;

    text_options_clear(&request.text);
    status = read_request(argc, argv, &request);
    if (status < 0)
        status = run(&request);
    text_options_free(&request.text);
    free(request.recipients);
    return status;
}
