/* SPDX-License-Identifier: ISC */
#include "config/config_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/spelling.h"

/* ---- words ---- */

enum token { TOKEN_END, TOKEN_WORD, TOKEN_MARK };

struct scan {
    const char *text, *at;
    int line;
    /* The latest token: its beginning and its line. */
    const char *token;
    int token_line;
};

static void step(struct scan *scan)
{
    scan->line += *scan->at == '\n';
    scan->at++;
}

static bool is_mark(char octet)
{
    return octet != '\0' && strchr("={}(),", octet);
}

static bool is_of_word(char octet)
{
    return octet != '\0' && !strchr(" \t\r\n={}()+,\"'*", octet);
}

/* config_text.h makes sure that every string ends. */
static void skip_string(struct scan *scan)
{
    char quote = *scan->at;

    step(scan);
    while (*scan->at && *scan->at != quote) {
        if (*scan->at == '\\' && scan->at[1])
            step(scan);
        step(scan);
    }
    if (*scan->at)
        step(scan);
}

/* "${NAME}" stands for an environment variable and is a word of its own. */
static void skip_word(struct scan *scan)
{
    if (scan->at[0] == '$' && scan->at[1] == '{') {
        while (*scan->at && *scan->at != '}')
            step(scan);
        if (*scan->at)
            step(scan);
        return;
    }
    do
        step(scan);
    while (is_of_word(*scan->at) && !(scan->at[0] == '$' && scan->at[1] == '{'));
}

/* Skips what is neither word nor mark, as libconfuse does; "+=" counts as "=". */
static enum token next(struct scan *scan)
{
    while (*scan->at && !is_mark(*scan->at) && !is_of_word(*scan->at) &&
           *scan->at != '"' && *scan->at != '\'')
        step(scan);
    scan->token = scan->at;
    scan->token_line = scan->line;
    if (*scan->at == '\0')
        return TOKEN_END;
    if (is_mark(*scan->at)) {
        step(scan);
        return TOKEN_MARK;
    }
    if (*scan->at == '"' || *scan->at == '\'')
        skip_string(scan);
    else
        skip_word(scan);
    return TOKEN_WORD;
}

static bool next_is(struct scan *scan, char mark)
{
    return next(scan) == TOKEN_MARK && *scan->token == mark;
}

/* Moves past the mark that closes a list or a call. */
static bool skip_to(struct scan *scan, char mark)
{
    enum token token;

    do
        token = next(scan);
    while (token != TOKEN_END && !(token == TOKEN_MARK && *scan->token == mark));
    return token != TOKEN_END;
}

/* ---- options ---- */

static struct config_line *add(struct config_lines *lines, const struct scan *scan,
                               int section)
{
    struct config_line *line;
    const char *name = scan->token;
    int length = (int)(scan->at - name);

    if (lines->count == lines->room) {
        size_t room = lines->room ? lines->room * 2 : 64;
        struct config_line *grown = realloc(lines->items, room * sizeof *grown);

        if (!grown)
            return NULL;
        lines->items = grown;
        lines->room = room;
    }
    line = &lines->items[lines->count++];
    if (*name == '"' || *name == '\'') {
        name++;
        length -= 2;
    }
    snprintf(line->name, sizeof line->name, "%.*s", length, name);
    line->line = scan->token_line;
    line->section = section;
    line->is_unknown = line->is_left_out = false;
    line->begin = (size_t)(scan->token - scan->text);
    line->end = (size_t)(scan->at - scan->text);
    return line;
}

/* Reads what follows a name: a value, the arguments of a call, or the beginning of a
 * section. Returns false if it is none of these. */
static bool read_rest(struct scan *scan, bool *is_section_out)
{
    enum token token = next(scan);
    char mark = token == TOKEN_MARK ? *scan->token : '\0';

    *is_section_out = false;
    if (mark == '(')
        return skip_to(scan, ')');
    if (mark == '=') {
        token = next(scan);
        return token == TOKEN_WORD ||
               (token == TOKEN_MARK && *scan->token == '{' && skip_to(scan, '}'));
    }
    *is_section_out = true;
    return mark == '{' || (token == TOKEN_WORD && next_is(scan, '{'));
}

/* Gives a section whose end was not found an empty range, so that it is not partly
 * blanked. */
static void leave_open(struct config_lines *lines, int section)
{
    for (; section >= 0; section = lines->items[section].section)
        lines->items[section].end = lines->items[section].begin;
}

bool config_lines_read(const char *text, struct config_lines *lines)
{
    struct scan scan = {.text = text, .at = text, .line = 1};
    int section = CONFIG_NO_SECTION;

    for (;;) {
        enum token token = next(&scan);
        struct config_line *line;
        bool is_section;

        if (token == TOKEN_MARK && *scan.token == '}' && section >= 0) {
            lines->items[section].end = (size_t)(scan.at - text);
            section = lines->items[section].section;
            continue;
        }
        if (token != TOKEN_WORD)
            break;
        line = add(lines, &scan, section);
        if (!line)
            return false;
        if (!read_rest(&scan, &is_section)) {
            lines->count--;
            break;
        }
        line->end = (size_t)(scan.at - text);
        if (is_section)
            section = (int)lines->count - 1;
    }
    leave_open(lines, section);
    return true;
}

int config_lines_find(const struct config_lines *lines, int section, const char *name)
{
    for (size_t i = (size_t)(section + 1); i < lines->count; i++) {
        const struct config_line *line = &lines->items[i];

        if (line->section < section)
            break; /* end of the section */
        if (line->section == section && strcmp(line->name, name) == 0)
            return line->line;
    }
    return 0;
}

/* How many options begin at this line or above it. */
static size_t count_above(const struct config_lines *lines, int line)
{
    size_t low = 0, high = lines->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (lines->items[middle].line <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const char *section_name(const struct config_lines *lines, int section)
{
    return section == CONFIG_NO_SECTION ? "" : lines->items[section].name;
}

int config_lines_find_above(const struct config_lines *lines, const char *section,
                            const char *name, int line)
{
    for (size_t i = count_above(lines, line); i-- > 0;) {
        const struct config_line *found = &lines->items[i];

        if (strcmp(found->name, name) == 0 &&
            strcmp(section_name(lines, found->section), section) == 0)
            return (int)i;
    }
    return CONFIG_NO_SECTION;
}

bool config_lines_has_like(const struct config_lines *lines, int section,
                           const char *name)
{
    for (size_t i = (size_t)(section + 1); i < lines->count; i++) {
        const struct config_line *line = &lines->items[i];

        if (line->section < section)
            break;
        if (line->section == section && line->is_unknown &&
            spelling_is_close(line->name, name))
            return true;
    }
    return false;
}

void config_lines_blank(const struct config_line *line, char *text)
{
    for (size_t i = line->begin; i < line->end; i++)
        if (text[i] != '\n')
            text[i] = ' ';
}

void config_lines_free(struct config_lines *lines)
{
    free(lines->items);
    *lines = (struct config_lines){.items = NULL};
}
