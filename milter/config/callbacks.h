/* SPDX-License-Identifier: ISC */
/* What libconfuse calls while it reads a file: with what it finds wrong, with each
 * value, and at the end of a customer's section. All of them work on what loading.h
 * has. */
#ifndef SMS_MILTER_CONFIG_CALLBACKS_H
#define SMS_MILTER_CONFIG_CALLBACKS_H

#include <confuse.h>
#include <stdarg.h>

/* What libconfuse itself finds wrong; it reads no further then. */
void callback_error(cfg_t *cfg, const char *format, va_list args);

/* A value of an option: it is checked, and handed back in *result. What is wrong with
 * it is noted. */
int callback_text(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result);
int callback_number(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result);

/* The same, compiled: *result is a struct template or a struct pattern, which
 * callback_free_template() or callback_free_pattern() frees. */
int callback_template(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result);
int callback_pattern(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result);
void callback_free_template(void *template);
void callback_free_pattern(void *pattern);

/* include(): the files are read after the one that includes them, in order, since
 * libconfuse nests includes only ten deep, too few for a folder of customers. */
int callback_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv);

/* The end of a customer's section: takes it over, so that libconfuse never holds more
 * than one (it looks through all it has for each new title). */
int callback_customer(cfg_t *cfg, cfg_opt_t *opt);

#endif
