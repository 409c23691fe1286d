/* SPDX-License-Identifier: ISC */
#include "start_check.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/api_client.h"
#include "base/account.h"
#include "base/folder.h"
#include "config/config_environment.h"
#include "config/config_file.h"
#include "journal/journal_place.h"

static const struct place nowhere;

static void fail_memory(struct problem_list *problems)
{
    problem_add(problems, &nowhere, "", "no memory");
}

bool start_check_load(const char *path, const char *open_journal,
                      const struct config **config_out, struct problem_list *problems)
{
    const struct config *config;
    struct error why;

    config_load_all(path, problems, config_out);
    config = *config_out;
    if (!config)
        return false;
    if (!api_client_check_options(&config->api, &why))
        problem_add_error(problems, &config->places.ca_file, "", &why);
    if (config->journal && !journal_place_is_good(config->journal, &why))
        problem_add_error(problems, &config->places.journal, "journal", &why);
    if (!config_check_audit_logs(config, open_journal, problems))
        fail_memory(problems);
    problem_list_sort(problems);
    return problem_list_is_empty(problems);
}

bool start_check_socket(const struct config *config, struct problem_list *problems,
                        bool *is_in_use_out)
{
    size_t told = problems->count;

    config_check_socket(config, problems, is_in_use_out);
    problem_list_sort(problems);
    return problems->count == told;
}

bool start_check_journal(const struct config *config, bool is_thorough,
                         struct problem_list *problems)
{
    struct error why;

    if (!config->journal ||
        !journal_place_is_good(config->journal,
                               &why) || /* start_check_load() told it */
        journal_place_check(config->journal, is_thorough, &why))
        return true;
    problem_add_error(problems, &config->places.journal, "journal", &why);
    problem_list_sort(problems);
    return false;
}

/* ---- root ---- */

/* The owner of the folder counts first, because root may have created the file by
 * mistake. */
static bool find_owner(const char *path, char *owner_out, size_t owner_size,
                       char *path_out, size_t path_size)
{
    char name[ACCOUNT_NAME_SIZE];
    struct stat folder, file;

    if (!path || !folder_of(path, path_out, path_size) || stat(path_out, &folder) < 0)
        return false;
    if (folder.st_uid == 0 && stat(path, &file) == 0 && file.st_uid != 0) {
        folder = file;
        snprintf(path_out, path_size, "%s", path);
    }
    account_user_name(folder.st_uid, name);
    snprintf(owner_out, owner_size, "%s", name);
    return true;
}

bool start_check_root(const struct config *config, char *owner_out, size_t owner_size,
                      char *path_out, size_t path_size)
{
    const char *journal = config->journal ? strchr(config->journal, ':') : NULL;
    const char *path = config->listen ? config_socket_path(config->listen) : NULL;

    if (geteuid() != 0)
        return false;
    if (find_owner(journal ? journal + 1 : NULL, owner_out, owner_size, path_out,
                   path_size) ||
        find_owner(path, owner_out, owner_size, path_out, path_size))
        return true;
    folder_user(owner_out, owner_size);
    *path_out = '\0';
    return true;
}
