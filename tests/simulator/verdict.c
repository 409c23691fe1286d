/* SPDX-License-Identifier: ISC */
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The vendor's exact words. */
static const char data_not_valid[] = "Data is not valid, no messages sent";
static const char sms_not_allowed[] = "Customer does not allow sending SMS";
static const char partner_not_allowed[] =
    "Partner account not authorized for this customer";

/* transmitDateTime has seven fractional digits of a second. */
enum { VENDOR_FRACTION_DIGITS = 7 };

static const char key_mark[] = "{key}";

static void set_error(struct verdict *verdict, const char *text)
{
    free(verdict->error);
    verdict->error = strdup(text);
    verdict->error_bytes = verdict->error == NULL ? 0 : strlen(text);
}

static void set_warning(struct verdict *verdict, const char *text)
{
    verdict->warning = text;
    verdict->warning_bytes = strlen(text);
}

static void refuse(struct verdict *verdict, const char *reason)
{
    verdict->is_queued = false;
    verdict->has_id = false;
    verdict->reason = reason;
    free(verdict->error);
    verdict->error = NULL;
}

static void refuse_data(struct verdict *verdict, const char *reason)
{
    refuse(verdict, reason);
    set_error(verdict, data_not_valid);
}

static void refuse_with_warning(struct verdict *verdict, const char *warning,
                                const char *reason)
{
    refuse(verdict, reason);
    set_warning(verdict, warning);
}

static void queue(struct verdict *verdict, const struct api_sms *sms)
{
    char text[80];

    verdict->is_queued = true;
    verdict->has_id = true;
    stamp_message_id(verdict->id, sms->customer);
    snprintf(text, sizeof(text), "OK %zu messages queued for sending",
             sms->recipient_count);
    set_error(verdict, text);
}

/* Replaces {key} in text with the key, like an API that repeats its input. */
static void set_error_with_key(struct verdict *verdict, const char *text, size_t bytes,
                               const char *key)
{
    FILE *out = open_memstream(&verdict->error, &verdict->error_bytes);
    const char *mark;

    if (out == NULL)
        return;
    while ((mark = memmem(text, bytes, key_mark, strlen(key_mark))) != NULL) {
        fwrite(text, 1, (size_t)(mark - text), out);
        fputs(key, out);
        bytes -= (size_t)(mark - text) + strlen(key_mark);
        text = mark + strlen(key_mark);
    }
    fwrite(text, 1, bytes, out);
    fclose(out);
}

static void break_invalid(struct verdict *verdict, const struct api_sms *sms)
{
    (void)sms;
    refuse_data(verdict, "fault invalid");
}

static void break_no_sms(struct verdict *verdict, const struct api_sms *sms)
{
    (void)sms;
    refuse_with_warning(verdict, sms_not_allowed, "fault no-sms");
}

static void break_no_partner(struct verdict *verdict, const struct api_sms *sms)
{
    (void)sms;
    refuse_with_warning(verdict, partner_not_allowed, "fault no-partner");
}

static void break_remark(struct verdict *verdict, const struct api_sms *sms)
{
    (void)sms;
    verdict->warning = fault_text(verdict->fault, &verdict->warning_bytes);
}

static void break_shortfall(struct verdict *verdict, const struct api_sms *sms)
{
    (void)sms;
    refuse(verdict, "fault shortfall");
    set_error(verdict, "OK 0 messages queued for sending");
}

static void break_error(struct verdict *verdict, const struct api_sms *sms)
{
    size_t bytes;
    const char *text = fault_text(verdict->fault, &bytes);

    refuse(verdict, "fault error");
    set_error_with_key(verdict, text, bytes, sms->password);
}

static void break_no_id(struct verdict *verdict, const struct api_sms *sms)
{
    (void)sms;
    verdict->has_id = false;
}

static void (*const breaks[])(struct verdict *, const struct api_sms *) = {
    [FAULT_INVALID] = break_invalid,       [FAULT_NO_SMS] = break_no_sms,
    [FAULT_NO_PARTNER] = break_no_partner, [FAULT_REMARK] = break_remark,
    [FAULT_SHORTFALL] = break_shortfall,   [FAULT_ERROR] = break_error,
    [FAULT_NO_ID] = break_no_id,
};

/* Returns false if the partner may not send for the customer, or not in this way. */
static bool check_partner(struct verdict *verdict, const struct api_request *request,
                          const struct accounts *accounts)
{
    if (!accounts_knows_partner(accounts, request->partner_key))
        refuse_with_warning(verdict, partner_not_allowed, "PartnerKey is wrong");
    else if (!request->has_style_class)
        refuse_data(verdict, "styleClass is missing");
    else
        return true;
    return false;
}

void verdict_reach(struct verdict *verdict, const struct api_request *request,
                   const struct api_sms *sms, const struct accounts *accounts,
                   struct fault_list *faults, bool is_partner)
{
    const char *wrong = sms->wrong;

    memset(verdict, 0, sizeof(*verdict));
    if (wrong == NULL)
        wrong = accounts_check_customer(accounts, sms->customer, sms->password);
    if (wrong != NULL) {
        refuse_data(verdict, wrong);
        return;
    }
    if (is_partner && !check_partner(verdict, request, accounts))
        return;
    queue(verdict, sms);
    verdict->fault = fault_list_pick(faults, FAULT_AT_SMS,
                                     &request->recipients[sms->first_recipient],
                                     sms->recipient_count);
    if (verdict->fault != NULL)
        breaks[fault_kind(verdict->fault)](verdict, sms);
}

void verdict_clear(struct verdict *verdict)
{
    free(verdict->error);
    verdict->error = NULL;
    fault_release(&verdict->fault);
}

static json_object *text_or_null(const char *text, size_t bytes)
{
    return text == NULL ? NULL : json_object_new_string_len(text, (int)bytes);
}

json_object *verdict_to_json(const struct verdict *verdict, const char *client_ref)
{
    json_object *json = json_object_new_object();
    json_object *warnings = json_object_new_array();
    const char *id = verdict->has_id ? verdict->id : NULL;
    const char *status = verdict->is_queued ? "In Queue" : NULL;
    char now[STAMP_TIME_BYTES] = "";

    if (verdict->warning != NULL)
        json_object_array_add(warnings,
                              text_or_null(verdict->warning, verdict->warning_bytes));
    stamp_time(now, VENDOR_FRACTION_DIGITS);
    json_object_object_add(json, "WarningMessages", warnings);
    json_object_object_add(json, "errorMsg",
                           text_or_null(verdict->error, verdict->error_bytes));
    json_object_object_add(json, "MessageSentId", json_object_new_int(0));
    json_object_object_add(json, "MessageId", id ? json_object_new_string(id) : NULL);
    json_object_object_add(json, "statusMsg",
                           status ? json_object_new_string(status) : NULL);
    json_object_object_add(json, "transmitDateTime",
                           verdict->is_queued ? json_object_new_string(now) : NULL);
    json_object_object_add(json, "ClientRef",
                           client_ref ? json_object_new_string(client_ref) : NULL);
    return json;
}
