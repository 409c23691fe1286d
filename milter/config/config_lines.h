/* SPDX-License-Identifier: ISC */
/* Where the options of a configuration file stand: libconfuse tells the line where a
 * value or a section ends, which may be far below the option's own. Of config_file.c
 * alone. */
#ifndef SMS_MILTER_CONFIG_CONFIG_LINES_H
#define SMS_MILTER_CONFIG_CONFIG_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* No option's name is longer; a longer word is cut, and so is no option. */
enum { CONFIG_NAME_SIZE = 32, CONFIG_NO_SECTION = -1 };

/* An option, or a section, as it is written. */
struct config_line {
    char name[CONFIG_NAME_SIZE];
    int line;
    int section;       /* the index of the one that it stands in, CONFIG_NO_SECTION */
    size_t begin, end; /* the octets from its name to behind its value */
    /* Set by config_file.c. */
    bool is_unknown;  /* there is no such option */
    bool is_left_out; /* it is made blank, or its section is */
};

/* In the order of the text. Starts as {0}. */
struct config_lines {
    struct config_line *items;
    size_t count;
    size_t room;
};

/* Reads a text of config_text.h's. It ends where the text is not understood, which is
 * libconfuse's to complain about. False without memory. */
bool config_lines_read(const char *text, struct config_lines *lines);

/* The line of an option within a section, 0 where it is not there. */
int config_lines_find(const struct config_lines *lines, int section, const char *name);

/* The last option of this name in a section of that name ("": in none) at or above a
 * line, and its index; CONFIG_NO_SECTION where there is none. */
int config_lines_find_above(const struct config_lines *lines, const char *section,
                            const char *name, int line);

/* Whether a section has an unknown option whose name is nearly this one. */
bool config_lines_has_like(const struct config_lines *lines, int section,
                           const char *name);

/* Makes an option blank in the text, but for its line ends, so that nobody reads it. */
void config_lines_blank(const struct config_line *line, char *text);

/* Frees the items and leaves it empty. */
void config_lines_free(struct config_lines *lines);

#endif
