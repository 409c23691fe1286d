/* SPDX-License-Identifier: ISC */
/* What is known while a configuration is read: which file, where its options stand, and
 * what is wrong so far. For config_file.c and what it is made of. */
#ifndef SMS_MILTER_CONFIG_LOADING_H
#define SMS_MILTER_CONFIG_LOADING_H

#include <confuse.h>
#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"
#include "config/config_lines.h"

/* An option that is not in a customer's section, or such a section. */
struct global {
    char section[CONFIG_NAME_SIZE], name[CONFIG_NAME_SIZE]; /* "": in no section */
    struct place place;
};

/* There are about forty; more are told and left out. */
enum { MAX_GLOBALS = 64 };

struct loading {
    struct config *config; /* its files are all files, in the order in which they are
                              read */
    size_t customer_room;
    struct string_list included; /* what include() was told, files and directories */
    struct problem_list *problems;
    struct global globals[MAX_GLOBALS];
    size_t global_count;
    /* The file being read. */
    struct place place; /* without line */
    struct config_lines lines;
    int customer_section; /* the latest in lines that ended */
    bool is_cut_short;    /* some file was not read to its end */
    bool has_no_memory;
    bool is_country_unclear; /* a global option is wrong, which may be what was to be
                                default-country, or one with a slip in its name */
    bool is_without_keys;    /* they are left where they are */
};

/* The one load that is under way, NULL if there is none. libconfuse hands no pointer of
 * ours to its callbacks, and its scanner is global anyway. */
extern struct loading *loading;

/* A line of the file that is being read. */
struct place loading_place_at(int line);

/* Where an option stands when libconfuse has just read a value of it, which may be some
 * lines below. */
struct place loading_place_of(const cfg_t *cfg, const char *option);

/* An option that is written in some file; NULL if it is in none. section is "" for one
 * in no section. */
const struct global *loading_find_global(const char *section, const char *option);

/* Remembers where an option stands. Returns false if it is remembered already. */
bool loading_note_global(const struct config_line *line);

/* Where the options stand that a start may fail for. */
void loading_find_places(struct config_places *places);

/* Notes that an option is wrong; value is NULL if that is not about one. Returns what a
 * callback of libconfuse returns to go on reading after it: an administrator who
 * corrects one mistake wants to know of the next. */
int loading_fail_option(const cfg_t *cfg, const char *option, const char *value,
                        const char *what);

/* Returns what a callback of libconfuse returns to end there. */
int loading_fail_memory(void);

#endif
