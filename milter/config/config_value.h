/* SPDX-License-Identifier: ISC */
/* Says which values each option of sms-milter.conf(5) may have. */
#ifndef SMS_MILTER_CONFIG_CONFIG_VALUE_H
#define SMS_MILTER_CONFIG_CONFIG_VALUE_H

#include <stdbool.h>

#include "base/error.h"

/* Whether an option may have this value, or may have it in its list. If not, err->text
 * says what is wrong, in words that can follow the value: "is not an absolute path". */
bool config_value_check_text(const char *option, const char *value, struct error *err);

/* Reads the value of an option that is a whole number. *err is as above. */
bool config_value_read_number(const char *option, const char *value, long *number_out,
                              struct error *err);

/* The enumerator of a word, for an option whose values are words. value must have
 * passed config_value_check_text(). */
int config_value_choice(const char *option, const char *value);

#endif
