/* SPDX-License-Identifier: ISC */
/* A customer's key for the API: its source, and the key that is in use now. */
#ifndef SMS_MILTER_SECRET_API_KEY_H
#define SMS_MILTER_SECRET_API_KEY_H

#include <stdbool.h>

#include "base/error.h"
#include "secret/secret.h"

struct api_key;

/* Reads the key from a file, see secret_from_file(). The caller frees *key_out with
 * api_key_free(). On failure *key_out is NULL and *err says why, without any part of
 * the key. This also holds for the three functions below. */
bool api_key_new_from_file(const char *path, struct api_key **key_out,
                           struct error *err);

/* Takes the key from an environment variable and overwrites its memory, so that neither
 * /proc/PID/environ nor programs that we might start contain it. The key is kept for
 * later calls that name the same variable. */
bool api_key_new_from_environment(const char *name, struct api_key **key_out,
                                  struct error *err);

/* Reads the key from a credential that systemd passes (systemd.exec(5),
 * LoadCredential=), a file in $CREDENTIALS_DIRECTORY. */
bool api_key_new_from_credential(const char *name, struct api_key **key_out,
                                 struct error *err);

/* Copies the key from text, which the caller must wipe. */
bool api_key_new_from_text(const char *text, struct api_key **key_out,
                           struct error *err);

/* Frees and clears *key. Does nothing if *key is already NULL. References to its
 * secrets stay valid. */
void api_key_free(struct api_key **key);

/* The option and what it names, such as "api-key-file /etc/sms-milter/keys/x", so that
 * an administrator finds the key. It does not contain the key. Borrowed until
 * api_key_free(). */
const char *api_key_source(const struct api_key *key);

/* Whether api_key_renew() can find another key: true if the key comes from a file. */
bool api_key_is_renewable(const struct api_key *key);

/* If both have the same current key, key gets the secret of older, and with it the same
 * secret_serial(), so that what is known about that secret still applies. No other
 * thread may use key yet. */
void api_key_share(struct api_key *key, struct api_key *older);

/* The path of the key's file, borrowed; NULL if it comes from no file. */
const char *api_key_path(const struct api_key *key);

/* A reference to the current key, which the caller gives back with secret_release().
 * Any thread may call this. */
const struct secret *api_key_acquire(struct api_key *key);

enum api_key_renewal {
    API_KEY_SAME,       /* the source still has the same key */
    API_KEY_UNREADABLE, /* the source cannot be read, and the current key stays.
                           Returned once for each reason, then API_KEY_SAME */
    API_KEY_RENEWED,    /* the source had another key, which is the current one now */
    API_KEY_IS_ANOTHER, /* another thread has already renewed the key: nothing was read
                         */
};

/* Call it after the API refused a key from api_key_acquire(). Reads the source again if
 * the refused key is still the current one. A key from the environment or from text
 * cannot change before the next start or reload. *err is filled only for
 * API_KEY_UNREADABLE. Any thread may call this. */
enum api_key_renewal api_key_renew(struct api_key *key, const struct secret *refused,
                                   struct error *err);

#endif
