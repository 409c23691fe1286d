/* SPDX-License-Identifier: ISC */
#include "journal/journal_record.h"

#include <stddef.h>
#include <string.h>

static const char *const state_names[] = {
    [SMS_SENDING] = "sending", [SMS_SENT] = "sent",       [SMS_REFUSED] = "refused",
    [SMS_FAILED] = "failed",   [SMS_UNKNOWN] = "unknown",
};

static const char *const verdict_names[] = {
    [MAIL_VERDICT_NONE] = "",
    [MAIL_VERDICT_DEFERRED] = "deferred",
    [MAIL_VERDICT_ACCEPTED] = "accepted",
    [MAIL_VERDICT_REJECTED] = "rejected",
};

const char *sms_state_name(enum sms_state state)
{
    return state_names[state];
}

const char *sms_state_word(enum sms_state state)
{
    return state == SMS_FAILED ? "deferred" : sms_state_name(state);
}

const char *mail_verdict_name(enum mail_verdict verdict)
{
    return verdict_names[verdict];
}

static size_t find_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return 0;
}

enum sms_state sms_state_read(const char *name)
{
    return (enum sms_state)find_name(state_names,
                                     sizeof state_names / sizeof *state_names, name);
}

enum mail_verdict mail_verdict_read(const char *name)
{
    return (enum mail_verdict)find_name(
        verdict_names, sizeof verdict_names / sizeof *verdict_names, name);
}
