/* SPDX-License-Identifier: ISC */
#include "secret/api_key.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct api_key {
    char *path;           /* path of its file; NULL: the key cannot be read again */
    char *source;         /* the option that names it, and the path or name there */
    pthread_mutex_t lock; /* guards the members below */
    const struct secret *current;
    const struct secret *replaced; /* the key before, kept for masking */
    char *complaint;               /* why the last reading failed; NULL: it succeeded */
};

/* Returns NULL without memory. */
static char *name_source(const char *option, const char *value)
{
    char *source;

    if (asprintf(&source, "%s%s%s", option, *value ? " " : "", value) < 0)
        return NULL;
    return source;
}

/* Takes over the reference to secret. value is what the option says, or "" if that is
 * the key itself. */
static bool make_key(const char *path, const char *option, const char *value,
                     const struct secret *secret, struct api_key **key_out,
                     struct error *err)
{
    struct api_key *key = calloc(1, sizeof *key);

    if (key) {
        key->path = path ? strdup(path) : NULL;
        key->source = name_source(option, value);
    }
    if (!key || !key->source || (path && !key->path)) {
        if (key) {
            free(key->path);
            free(key->source);
        }
        free(key);
        secret_release(&secret);
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    }
    pthread_mutex_init(&key->lock, NULL);
    key->current = secret;
    *key_out = key;
    return true;
}

bool api_key_new_from_file(const char *path, struct api_key **key_out,
                           struct error *err)
{
    const struct secret *secret;

    *key_out = NULL;
    return secret_from_file(path, &secret, err) &&
           make_key(path, "api-key-file", path, secret, key_out, err);
}

bool api_key_new_from_text(const char *text, struct api_key **key_out,
                           struct error *err)
{
    const struct secret *secret;

    *key_out = NULL;
    return secret_from_text(text, &secret, err) &&
           make_key(NULL, "api-key", "", secret, key_out, err);
}

/* ---- the environment ---- */

/* A key taken from the environment. It is kept until the process ends. */
struct taken {
    struct taken *next;
    const struct secret *secret;
    char name[];
};

static pthread_mutex_t taken_lock = PTHREAD_MUTEX_INITIALIZER; /* guards taken_list */
static struct taken *taken_list;

static const struct taken *find_taken(const char *name)
{
    const struct taken *taken = taken_list;

    while (taken && strcmp(taken->name, name) != 0)
        taken = taken->next;
    return taken;
}

/* The same variable may be in the environment more than once. Nothing in the
 * environment is moved, because other threads may be reading it. */
static void wipe_variable(const char *name)
{
    size_t length = strlen(name);

    for (char **variable = environ; variable && *variable; variable++)
        if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=')
            secret_wipe(*variable + length + 1, strlen(*variable + length + 1));
}

static const struct taken *keep(const char *name, const struct secret *secret)
{
    struct taken *taken = malloc(sizeof *taken + strlen(name) + 1);

    if (!taken)
        return NULL;
    strcpy(taken->name, name);
    taken->secret = secret;
    taken->next = taken_list;
    taken_list = taken;
    return taken;
}

/* The caller holds the lock. The variable is overwritten even if its value is not a
 * valid key, because it may be a key with a mistake in it. */
static const struct taken *take_variable(const char *name, struct error *err)
{
    const char *value = getenv(name);
    const struct secret *secret;
    const struct taken *taken;
    struct error why;
    bool is_key;

    if (!value || !*value) {
        error_set(err, ERROR_REFUSED, NULL,
                  "the environment variable %s is not set or is empty", name);
        return NULL;
    }
    is_key = secret_from_text(value, &secret, &why);
    wipe_variable(name);
    if (!is_key) {
        error_set(err, why.kind, NULL, "%s %s", name, why.text);
        return NULL;
    }
    taken = keep(name, secret);
    if (!taken) {
        secret_release(&secret);
        error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    }
    return taken;
}

bool api_key_new_from_environment(const char *name, struct api_key **key_out,
                                  struct error *err)
{
    const struct secret *secret = NULL;
    const struct taken *taken;

    *key_out = NULL;
    pthread_mutex_lock(&taken_lock);
    taken = find_taken(name);
    if (!taken)
        taken = take_variable(name, err);
    if (taken)
        secret = secret_acquire(taken->secret);
    pthread_mutex_unlock(&taken_lock);
    return secret && make_key(NULL, "api-key-env", name, secret, key_out, err);
}

/* ---- systemd ---- */

/* Accepts only the name of a file directly in that folder. */
static bool is_file_name(const char *name)
{
    return *name && !strchr(name, '/') && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0;
}

bool api_key_new_from_credential(const char *name, struct api_key **key_out,
                                 struct error *err)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    const struct secret *secret;
    char *path = NULL;
    bool is_made;

    *key_out = NULL;
    if (!is_file_name(name))
        return error_set(err, ERROR_REFUSED, NULL,
                         "\"%.200s\" is not the name of a credential", name);
    if (!folder || *folder != '/')
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s: systemd passes no credentials to this process "
                         "(CREDENTIALS_DIRECTORY is not set): is LoadCredential= in "
                         "its unit?",
                         name);
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    is_made = secret_from_file(path, &secret, err) &&
              make_key(path, "api-key-credential", name, secret, key_out, err);
    free(path);
    return is_made;
}

/* ---- use ---- */

const char *api_key_path(const struct api_key *key)
{
    return key->path;
}

void api_key_free(struct api_key **key)
{
    if (!*key)
        return;
    secret_release(&(*key)->current);
    secret_release(&(*key)->replaced);
    pthread_mutex_destroy(&(*key)->lock);
    free((*key)->path);
    free((*key)->source);
    free((*key)->complaint);
    free(*key);
    *key = NULL;
}

const char *api_key_source(const struct api_key *key)
{
    return key->source;
}

bool api_key_is_renewable(const struct api_key *key)
{
    return key->path != NULL;
}

const struct secret *api_key_acquire(struct api_key *key)
{
    const struct secret *secret;

    pthread_mutex_lock(&key->lock);
    secret = secret_acquire(key->current);
    pthread_mutex_unlock(&key->lock);
    return secret;
}

void api_key_share(struct api_key *key, struct api_key *older)
{
    const struct secret *secret = api_key_acquire(older);

    if (secret_is_same(key->current, secret)) {
        secret_release(&key->current);
        key->current = secret;
        return;
    }
    secret_release(&secret);
}

/* Whether the reason differs from the last one. Without memory every reason counts as
 * new. */
static bool is_news(struct api_key *key, const char *complaint)
{
    bool is_new = !key->complaint || strcmp(key->complaint, complaint) != 0;

    if (is_new) {
        free(key->complaint);
        key->complaint = strdup(complaint);
    }
    return is_new;
}

/* The caller holds the lock, so if many sessions were refused only one of them
 * reads. */
static enum api_key_renewal read_again(struct api_key *key, struct error *err)
{
    const struct secret *secret;

    if (!key->path)
        return API_KEY_SAME;
    if (!secret_from_file(key->path, &secret, err))
        return is_news(key, err->text) ? API_KEY_UNREADABLE : API_KEY_SAME;
    free(key->complaint);
    key->complaint = NULL;
    if (secret_is_same(secret, key->current)) {
        secret_release(&secret);
        return API_KEY_SAME;
    }
    secret_release(&key->replaced);
    key->replaced = key->current;
    key->current = secret;
    return API_KEY_RENEWED;
}

enum api_key_renewal api_key_renew(struct api_key *key, const struct secret *refused,
                                   struct error *err)
{
    enum api_key_renewal renewal = API_KEY_IS_ANOTHER;

    pthread_mutex_lock(&key->lock);
    if (secret_is_same(key->current, refused))
        renewal = read_again(key, err);
    pthread_mutex_unlock(&key->lock);
    return renewal;
}
