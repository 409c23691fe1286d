/* SPDX-License-Identifier: ISC */
#include "config/config_text.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/regular_file.h"
#include "secret/secret.h"

/* A file with ten thousand customers takes 3 MB. */
enum { MAX_FILE_BYTES = 64 * 1024 * 1024 };

/* Sections and lists are nested at most three deep. */
enum { MAX_DEPTH = 16 };

/* ---- reading ---- */

/* The caller frees it. */
static char *read_open_file(int fd, const char *path, size_t size, struct error *err)
{
    char *text = malloc(size + 1);
    size_t length = 0;

    if (!text) {
        error_set(err, ERROR_TEMPORARY, NULL, "no memory");
        return NULL;
    }
    if (regular_file_read(fd, path, text, size, &length, err)) {
        text[length] = '\0';
        if (strlen(text) == length)
            return text;
        error_set(err, ERROR_REFUSED, NULL, "%s: is not a text file", path);
    }
    secret_wipe(text, length);
    free(text);
    return NULL;
}

static char *read_file(const char *path, struct error *err)
{
    struct stat st;
    int fd = regular_file_open(path, MAX_FILE_BYTES, &st, err);
    char *text = fd >= 0 ? read_open_file(fd, path, (size_t)st.st_size, err) : NULL;

    if (fd >= 0)
        close(fd);
    return text;
}

/* ---- strings, comments, braces ---- */

struct scan {
    const char *path;
    char *at;
    int line;
    int opened[MAX_DEPTH]; /* the lines of the open braces */
    int depth;
};

static bool wrong_at(const struct scan *scan, int line, const char *what,
                     struct error *err)
{
    return error_set(err, ERROR_REFUSED, NULL, "%s:%d: %s", scan->path, line, what);
}

static void step(struct scan *scan)
{
    scan->line += *scan->at == '\n';
    scan->at++;
}

static void blank(struct scan *scan)
{
    if (*scan->at != '\n')
        *scan->at = ' ';
    step(scan);
}

static bool skip_string(struct scan *scan, struct error *err)
{
    char quote = *scan->at;
    int first_line = scan->line;

    step(scan);
    while (*scan->at && *scan->at != quote) {
        if (*scan->at == '\\' && scan->at[1])
            step(scan);
        step(scan);
    }
    if (*scan->at == '\0')
        return wrong_at(scan, first_line, "the string that begins here is not closed",
                        err);
    step(scan);
    return true;
}

static bool blank_long_comment(struct scan *scan, struct error *err)
{
    int first_line = scan->line;

    blank(scan);
    blank(scan);
    while (*scan->at && !(scan->at[0] == '*' && scan->at[1] == '/'))
        blank(scan);
    if (*scan->at == '\0')
        return wrong_at(scan, first_line, "the comment that begins here is not closed",
                        err);
    blank(scan);
    blank(scan);
    return true;
}

static bool open_brace(struct scan *scan, struct error *err)
{
    if (scan->depth == MAX_DEPTH)
        return wrong_at(scan, scan->line, "braces are nested too deeply", err);
    scan->opened[scan->depth++] = scan->line;
    step(scan);
    return true;
}

/* "//" begins a comment only where a word could begin, not in the middle of an
 * address. */
static bool begins_line_comment(const struct scan *scan, const char *text)
{
    if (*scan->at == '#')
        return true;
    return scan->at[0] == '/' && scan->at[1] == '/' &&
           (scan->at == text || strchr(" \t\n\r={}()+,", scan->at[-1]));
}

static bool scan_next(struct scan *scan, const char *text, struct error *err)
{
    if (*scan->at == '"' || *scan->at == '\'')
        return skip_string(scan, err);
    if (scan->at[0] == '/' && scan->at[1] == '*')
        return blank_long_comment(scan, err);
    if (*scan->at == '{')
        return open_brace(scan, err);
    if (*scan->at == '}' && scan->depth > 0)
        scan->depth--; /* libconfuse reports a closing brace too many */
    if (begins_line_comment(scan, text))
        while (*scan->at && *scan->at != '\n')
            blank(scan);
    else
        step(scan);
    return true;
}

static bool prepare(char *text, const char *path, struct error *err)
{
    struct scan scan = {.path = path, .at = text, .line = 1};

    while (*scan.at)
        if (!scan_next(&scan, text, err))
            return false;
    return scan.depth == 0 || wrong_at(&scan, scan.opened[scan.depth - 1],
                                       "the { here is not closed by a }", err);
}

/* ---- the whole ---- */

char *config_text_read(const char *path, struct error *err)
{
    char *text = read_file(path, err);

    if (text && !prepare(text, path, err))
        config_text_free(&text);
    return text;
}

void config_text_free(char **text)
{
    if (!*text)
        return;
    secret_wipe(*text, strlen(*text));
    free(*text);
    *text = NULL;
}
