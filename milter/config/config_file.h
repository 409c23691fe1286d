/* SPDX-License-Identifier: ISC */
/* sms-milter.conf(5): reading it, and saying what is wrong with it. */
#ifndef SMS_MILTER_CONFIG_CONFIG_FILE_H
#define SMS_MILTER_CONFIG_CONFIG_FILE_H

#include "config/config.h"

/* Reads a file and all that it includes. On success *config_out holds the caller's one
 * reference; on failure it is NULL and err->text is "FILE:LINE: option: what is wrong",
 * of the first place where something is.
 * For one thread at a time: libconfuse's scanner is global. */
bool config_load(const char *path, const struct config **config_out, struct error *err);

/* The same with all that is wrong with it, in the order of files and lines. Where
 * something is, it is false, and *config_out has what could be read, to look for more
 * that is wrong and for nothing else; NULL without memory. The caller releases it and
 * frees the problems in any case. */
bool config_load_all(const char *path, struct problem_list *problems,
                     const struct config **config_out);

/* As config_load() for a program that sends nothing: the keys are neither read nor
 * checked, and customers have NULL for theirs. path is NULL for the defaults alone. */
bool config_load_without_keys(const char *path, const struct config **config_out,
                              struct error *err);

#endif
