/* SPDX-License-Identifier: ISC */
/* Finds the lines of the options in a configuration file. libconfuse only reports the
 * line where a value or a section ends, which may be far below the option. Only for
 * config_file.c. */
#ifndef SMS_MILTER_CONFIG_CONFIG_LINES_H
#define SMS_MILTER_CONFIG_CONFIG_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* No option has a longer name. A longer word is cut, and then matches no option. */
enum { CONFIG_NAME_SIZE = 32, CONFIG_NO_SECTION = -1 };

/* An option or a section as it is written. */
struct config_line {
    char name[CONFIG_NAME_SIZE];
    int line;
    int section;       /* index of the section that contains it, or CONFIG_NO_SECTION */
    size_t begin, end; /* offsets of its name and of the first octet after its value */
    /* Set by config_file.c. */
    bool is_unknown;  /* no such option exists */
    bool is_left_out; /* it, or its section, is blanked */
};

/* In the order of the text. Initialise it with {0}. */
struct config_lines {
    struct config_line *items;
    size_t count;
    size_t room;
};

/* Finds the options in a text from config_text_read(). Stops where the text cannot be
 * understood; libconfuse then reports the mistake. Returns false without memory. */
bool config_lines_read(const char *text, struct config_lines *lines);

/* The line of an option within a section; 0 if the option is not there. */
int config_lines_find(const struct config_lines *lines, int section, const char *name);

/* The index of the last option with this name, at or above a line, in a section with
 * the name section ("": in no section). CONFIG_NO_SECTION if there is none. */
int config_lines_find_above(const struct config_lines *lines, const char *section,
                            const char *name, int line);

/* Whether a section has an unknown option with a name similar to this one. */
bool config_lines_has_like(const struct config_lines *lines, int section,
                           const char *name);

/* Overwrites an option in the text with blanks, so that it is not read. Line ends are
 * kept. */
void config_lines_blank(const struct config_line *line, char *text);

/* Frees the items and leaves the list empty. */
void config_lines_free(struct config_lines *lines);

#endif
