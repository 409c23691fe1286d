/* SPDX-License-Identifier: ISC */
/* What the value of each option of sms-milter.conf(5) must be. */
#ifndef SMS_MILTER_CONFIG_CONFIG_VALUE_H
#define SMS_MILTER_CONFIG_CONFIG_VALUE_H

#include <stdbool.h>

#include "base/error.h"

/* Whether an option may have this text, or have it in its list. Otherwise err->text
 * says what is wrong, to stand behind the value: "is not an absolute path". */
bool config_value_check_text(const char *option, const char *value, struct error *err);

/* Reads the whole number of an option that has one. *err as above. */
bool config_value_read_number(const char *option, const char *value, long *number_out,
                              struct error *err);

/* The enumerator that a word stands for, in an option whose values are words; value has
 * passed config_value_check_text(). */
int config_value_choice(const char *option, const char *value);

#endif
