/* SPDX-License-Identifier: ISC */
/* A customer's key at the API: where it comes from, and which is the current one. */
#ifndef SMS_MILTER_SECRET_API_KEY_H
#define SMS_MILTER_SECRET_API_KEY_H

#include <stdbool.h>

#include "base/error.h"
#include "secret/secret.h"

struct api_key;

/* From a file, see secret_from_file(). The caller frees *key_out with api_key_free().
 * On failure *key_out is NULL and *err says why, without a byte of the key. So it is
 * for all four. */
bool api_key_new_from_file(const char *path, struct api_key **key_out,
                           struct error *err);

/* From an environment variable, whose memory is overwritten, so that /proc/PID/environ
 * and programs that we might start have it no more. What was taken so is kept, and
 * given to all that name the same variable later. */
bool api_key_new_from_environment(const char *name, struct api_key **key_out,
                                  struct error *err);

/* From a credential that systemd passes (systemd.exec(5), LoadCredential=), a file in
 * $CREDENTIALS_DIRECTORY. */
bool api_key_new_from_credential(const char *name, struct api_key **key_out,
                                 struct error *err);

/* From text of the caller's, which it wipes itself. */
bool api_key_new_from_text(const char *text, struct api_key **key_out,
                           struct error *err);

/* Frees and clears *key; does nothing when it is NULL already. Those who have a
 * reference to one of its secrets keep it. */
void api_key_free(struct api_key **key);

/* Its option and what that names, such as "api-key-file /etc/sms-milter/keys/x", for an
 * administrator to find it; no key. Borrowed until api_key_free(). */
const char *api_key_source(const struct api_key *key);

/* Whether api_key_renew() can find another: it comes from a file. */
bool api_key_is_renewable(const struct api_key *key);

/* Where both have the same current key, key takes the very secret of older: what is
 * known of that is known of this (secret_serial()). Nobody else may use key yet. */
void api_key_share(struct api_key *key, struct api_key *older);

/* The file that it is read from, borrowed; NULL: it is from none. */
const char *api_key_path(const struct api_key *key);

/* A reference to the current key, to be given back by secret_release(). Any thread. */
const struct secret *api_key_acquire(struct api_key *key);

enum api_key_renewal {
    API_KEY_SAME,       /* its source has no other key */
    API_KEY_UNREADABLE, /* its source cannot be read: the current one stays. Said once
                           for each reason, and then API_KEY_SAME */
    API_KEY_RENEWED,    /* its source had another, which is the current one now */
    API_KEY_IS_ANOTHER, /* somebody had renewed it before: nothing was read */
};

/* After the API refused a key that api_key_acquire() gave: reads its source again if it
 * still is the current one. A key from the environment or from text has no other before
 * the next start or reload. *err is filled for API_KEY_UNREADABLE alone. Any thread. */
enum api_key_renewal api_key_renew(struct api_key *key, const struct secret *refused,
                                   struct error *err);

#endif
