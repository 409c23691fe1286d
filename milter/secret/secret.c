/* SPDX-License-Identifier: ISC */
#include "secret/secret.h"

#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/regular_file.h"
#include "secret/secret_memory.h"

struct secret {
    struct secret *next, *previous; /* in the list of all living keys */
    unsigned references;
    uint64_t serial;
    size_t length;
    char text[];
};

/* Guards the list of all keys, the last serial number, and the reference count of each
 * key. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct secret *known;
static uint64_t last_serial;

void secret_wipe(void *memory, size_t size_bytes)
{
    if (memory)
        explicit_bzero(memory, size_bytes);
}

/* Only printable ASCII is allowed. Anything else in a key file is a mistake (another
 * encoding, a second line, a binary file), and it is better to find it at start than
 * when the API refuses the key. */
static bool is_key(const char *text, size_t length)
{
    if (length == 0)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return true;
}

/* Adds the secret to the list of keys to mask before anyone can use it. */
static void make_known(struct secret *secret)
{
    pthread_mutex_lock(&lock);
    secret->previous = NULL;
    secret->next = known;
    if (known)
        known->previous = secret;
    known = secret;
    secret->serial = ++last_serial;
    pthread_mutex_unlock(&lock);
}

static bool make_secret(const char *text, size_t length,
                        const struct secret **secret_out, struct error *err)
{
    struct secret *secret;

    if (length > SECRET_MAX_BYTES)
        return error_set(err, ERROR_REFUSED, NULL, "is too long for a key");
    if (!is_key(text, length))
        return error_set(err, ERROR_REFUSED, NULL,
                         "is not a key: one line of printable ASCII without spaces");
    secret = secret_memory_alloc(sizeof *secret + length + 1);
    if (!secret)
        return error_set(err, ERROR_TEMPORARY, NULL, "cannot be read: out of memory");
    memcpy(secret->text, text, length);
    secret->text[length] = '\0';
    secret->length = length;
    secret->references = 1;
    make_known(secret);
    secret_registers_wipe();
    *secret_out = secret;
    return true;
}

bool secret_from_text(const char *text, const struct secret **secret_out,
                      struct error *err)
{
    *secret_out = NULL;
    return make_secret(text, strlen(text), secret_out, err);
}

/* Whether this looks like a secret of Docker: such files can be read by everyone and
 * written by nobody, and their mode cannot be changed. */
static bool is_mounted_secret(const struct stat *st, const char *path)
{
    static const char folder[] = "/run/secrets/";

    return (st->st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0 ||
           strncmp(path, folder, sizeof folder - 1) == 0;
}

static const char advice_for_mounted[] =
    "; where a container's secret is defined, set its mode to 0440 and its group to "
    "the daemon's group, or pass it in a variable that api-key-env names";

static bool check_owner(const struct stat *st, const char *path, struct error *err)
{
    if (st->st_mode & (S_IWGRP | S_IROTH | S_IWOTH))
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s has mode %04o: a key file must not be readable by others "
                         "or writable by its group (chmod 0640)%s",
                         path, (unsigned)st->st_mode & 07777,
                         is_mounted_secret(st, path) ? advice_for_mounted : "");
    if (st->st_uid != 0 && st->st_uid != geteuid())
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s belongs to user %u: a key file must belong to root or to "
                         "the user that sms-milter runs as (here %u)",
                         path, (unsigned)st->st_uid, (unsigned)geteuid());
    return true;
}

static size_t without_line_end(const char *text, size_t length)
{
    while (length > 0 && (text[length - 1] == '\n' || text[length - 1] == '\r'))
        length--;
    return length;
}

bool secret_from_file(const char *path, const struct secret **secret_out,
                      struct error *err)
{
    char buffer[SECRET_MAX_BYTES + 3]; /* the longest key, CR LF, one octet more */
    size_t length = 0;
    struct error why;
    struct stat st;
    bool is_read;
    int fd;

    *secret_out = NULL;
    fd = regular_file_open(path, INT_MAX, &st, err);
    if (fd < 0)
        return false;
    is_read = check_owner(&st, path, err) &&
              regular_file_read(fd, path, buffer, sizeof buffer, &length, err);
    if (is_read && length == sizeof buffer)
        is_read = error_set(err, ERROR_REFUSED, NULL, "%s is too long for a key", path);
    else if (is_read &&
             !make_secret(buffer, without_line_end(buffer, length), secret_out, &why))
        is_read = error_set(err, why.kind, NULL, "%s %s", path, why.text);
    secret_wipe(buffer, sizeof buffer);
    close(fd);
    return is_read;
}

/* Only the reference count and the links of the list change. */
static struct secret *counted(const struct secret *secret)
{
    return (struct secret *)(uintptr_t)secret;
}

const struct secret *secret_acquire(const struct secret *secret)
{
    pthread_mutex_lock(&lock);
    counted(secret)->references++;
    pthread_mutex_unlock(&lock);
    return secret;
}

/* The caller holds the lock. */
static void forget(const struct secret *secret)
{
    if (secret->previous)
        secret->previous->next = secret->next;
    else
        known = secret->next;
    if (secret->next)
        secret->next->previous = secret->previous;
}

void secret_release(const struct secret **secret)
{
    struct secret *released = *secret ? counted(*secret) : NULL;
    bool is_last;

    *secret = NULL;
    if (!released)
        return;
    pthread_mutex_lock(&lock);
    is_last = --released->references == 0;
    if (is_last)
        forget(released);
    pthread_mutex_unlock(&lock);
    if (is_last)
        secret_memory_free(released, sizeof *released + released->length + 1);
}

bool secret_is_same(const struct secret *a, const struct secret *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

uint64_t secret_serial(const struct secret *secret)
{
    return secret->serial;
}

const char *secret_text(const struct secret *secret)
{
    return secret->text;
}

static size_t count_backslashes(const char *text)
{
    return strspn(text, "\\");
}

static bool is_hex_of(const char *text, char wanted)
{
    char digits[5] = {0};
    char *end;

    strncpy(digits, text, 4);
    return strlen(digits) == 4 && strtoul(digits, &end, 16) == (unsigned char)wanted &&
           *end == '\0';
}

/* The length of one character of the key at text, in every form that JSON allows, also
 * for JSON inside a JSON string (RFC 8259 section 7): with backslashes before it, or as
 * "u" and four digits after them. 0 if it is not there. is_escaped says that the
 * backslashes have already been read. */
static size_t match_character(char wanted, const char *text, bool is_escaped)
{
    size_t escape = count_backslashes(text);

    if (text[escape] == wanted)
        return escape + 1;
    return (escape > 0 || is_escaped) && text[escape] == 'u' &&
                   is_hex_of(text + escape + 1, wanted)
               ? escape + 5
               : 0;
}

/* The length of the key at text, in any of its spellings; 0 if it is not there. A run
 * of backslashes in the key matches a run of any length in text. */
static size_t match_key(const struct secret *secret, const char *text)
{
    const char *key = secret->text, *at = text;
    bool is_escaped = false;

    while (*key) {
        size_t run = count_backslashes(key);
        size_t length = run ? count_backslashes(at) : 0;

        if (length == 0)
            length = match_character(*key, at, is_escaped);
        if (length == 0)
            return 0;
        key += run ? run : 1;
        at += length;
        is_escaped = run > 0;
    }
    return (size_t)(at - text);
}

/* Without a backslash in text, the key can only appear in its own form. */
static bool may_contain(const struct secret *secret, const char *text,
                        bool has_backslash)
{
    return has_backslash || strstr(text, secret->text);
}

/* If the key does not begin at the first backslash of a run, it begins at none of them.
 * Trying each would take quadratic time. */
static size_t length_of_no_key(const char *text)
{
    size_t escape = count_backslashes(text);

    return escape > 0 ? escape : 1;
}

void secret_mask(const struct secret *secret, char *text, size_t begins_within)
{
    const char begins[] = {'\\', *secret->text, '\0'};
    char *at = text + strcspn(text, begins);

    while (*at && (size_t)(at - text) < begins_within) {
        size_t length = match_key(secret, at);

        memset(at, '*', length);
        at += length ? length : length_of_no_key(at);
        at += strcspn(at, begins);
    }
}

void secret_mask_known(char *text, size_t begins_within, size_t min_length)
{
    bool has_backslash = strchr(text, '\\') != NULL;

    pthread_mutex_lock(&lock);
    for (const struct secret *secret = known; secret; secret = secret->next)
        if (secret->length >= min_length && may_contain(secret, text, has_backslash))
            secret_mask(secret, text, begins_within);
    pthread_mutex_unlock(&lock);
}
