/* SPDX-License-Identifier: ISC */
/* Reads sms-milter.conf(5) and says what is wrong with it. */
#ifndef SMS_MILTER_CONFIG_CONFIG_FILE_H
#define SMS_MILTER_CONFIG_CONFIG_FILE_H

#include "config/config.h"

/* Reads a file and all files that it includes. On success *config_out is the caller's
 * only reference. On failure *config_out is NULL, and err->text is "FILE:LINE: option:
 * what is wrong" for the first mistake. Only one thread may call this at a time,
 * because libconfuse's scanner is global. */
bool config_load(const char *path, const struct config **config_out, struct error *err);

/* Like config_load(), but collects all mistakes in the order of files and lines. If
 * there are any, returns false, and *config_out holds what could be read: use it only
 * to look for more mistakes. *config_out is NULL without memory. The caller always
 * releases *config_out and frees the problems. */
bool config_load_all(const char *path, struct problem_list *problems,
                     const struct config **config_out);

/* Like config_load(), for a program that sends nothing: keys are neither read nor
 * checked, and the api_key of each customer is NULL. With path NULL the result has the
 * defaults only. */
bool config_load_without_keys(const char *path, const struct config **config_out,
                              struct error *err);

#endif
