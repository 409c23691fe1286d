/* SPDX-License-Identifier: ISC */
#include "journal/journal_sqlite_checkpoint.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal_sqlite_db.h"

/* The log is copied when it has this many pages of 4 KiB: SQLite's own default. */
enum { FULL_LOG_PAGES = 1000 };

struct journal_sqlite_checkpoint {
    pthread_t thread;
    sqlite3 *db;     /* the thread's own connection */
    sqlite3 *writer; /* the connection that writes */
    int log_pages;   /* in the log after its latest commit; only its thread uses it */
    pthread_mutex_t lock; /* guards the members below */
    pthread_cond_t changed;
    bool is_wanted, is_carried_over, is_stopping;
};

static int on_commit(void *data, sqlite3 *db, const char *name, int log_pages)
{
    struct journal_sqlite_checkpoint *checkpoint = data;

    (void)db;
    (void)name;
    checkpoint->log_pages = log_pages;
    return SQLITE_OK;
}

/* A failure does no harm: the log stays, and the next checkpoint copies it. */
static void carry_over(sqlite3 *db)
{
    sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

static void *run(void *data)
{
    struct journal_sqlite_checkpoint *checkpoint = data;

    pthread_mutex_lock(&checkpoint->lock);
    while (!checkpoint->is_stopping) {
        if (!checkpoint->is_wanted) {
            pthread_cond_wait(&checkpoint->changed, &checkpoint->lock);
            continue;
        }
        pthread_mutex_unlock(&checkpoint->lock);
        carry_over(checkpoint->db);
        pthread_mutex_lock(&checkpoint->lock);
        checkpoint->is_wanted = false;
        checkpoint->is_carried_over = true;
    }
    pthread_mutex_unlock(&checkpoint->lock);
    return NULL;
}

void journal_sqlite_checkpoint_note(struct journal_sqlite_checkpoint *checkpoint)
{
    bool is_carried_over;

    pthread_mutex_lock(&checkpoint->lock);
    is_carried_over = checkpoint->is_carried_over;
    checkpoint->is_carried_over = false;
    if (!is_carried_over && !checkpoint->is_wanted &&
        checkpoint->log_pages >= FULL_LOG_PAGES) {
        checkpoint->is_wanted = true;
        pthread_cond_signal(&checkpoint->changed);
    }
    pthread_mutex_unlock(&checkpoint->lock);
    if (is_carried_over)
        carry_over(checkpoint->writer);
}

bool journal_sqlite_checkpoint_new(sqlite3 *db, const char *path,
                                   struct journal_sqlite_checkpoint **checkpoint_out,
                                   struct error *err)
{
    struct journal_sqlite_checkpoint *checkpoint = calloc(1, sizeof *checkpoint);
    int status;

    *checkpoint_out = NULL;
    if (!checkpoint)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    if (!journal_db_open_to_checkpoint(path, &checkpoint->db, err)) {
        free(checkpoint);
        return false;
    }
    checkpoint->writer = db;
    pthread_mutex_init(&checkpoint->lock, NULL);
    pthread_cond_init(&checkpoint->changed, NULL);
    status = pthread_create(&checkpoint->thread, NULL, run, checkpoint);
    if (status != 0) {
        sqlite3_close(checkpoint->db);
        free(checkpoint);
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no thread: %s",
                         strerror(status));
    }
    sqlite3_wal_hook(db, on_commit, checkpoint); /* in place of SQLite's own */
    *checkpoint_out = checkpoint;
    return true;
}

void journal_sqlite_checkpoint_free(struct journal_sqlite_checkpoint **checkpoint)
{
    if (!*checkpoint)
        return;
    pthread_mutex_lock(&(*checkpoint)->lock);
    (*checkpoint)->is_stopping = true;
    pthread_cond_signal(&(*checkpoint)->changed);
    pthread_mutex_unlock(&(*checkpoint)->lock);
    pthread_join((*checkpoint)->thread, NULL);
    sqlite3_wal_hook((*checkpoint)->writer, NULL, NULL);
    sqlite3_close((*checkpoint)->db);
    pthread_cond_destroy(&(*checkpoint)->changed);
    pthread_mutex_destroy(&(*checkpoint)->lock);
    free(*checkpoint);
    *checkpoint = NULL;
}
