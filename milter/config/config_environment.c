/* SPDX-License-Identifier: ISC */
#include "config/config_environment.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/account.h"
#include "base/folder.h"
#include "base/unix_socket.h"

/* ---- the socket ---- */

const char *config_socket_path(const char *listen)
{
    const char *colon = strchr(listen, ':');

    return strncmp(listen, "unix:", 5) == 0 || strncmp(listen, "local:", 6) == 0
               ? colon + 1
               : NULL;
}

/* The group that the mail server needs, if the configuration names none. */
static const char *guess_group(const struct config *config, const char *path)
{
    static const char postfix[] = "postfix", queue[] = "/var/spool/postfix/";
    struct error ignored;
    gid_t gid;

    if (config->listen_group)
        return config->listen_group;
    return strncmp(path, queue, sizeof queue - 1) == 0 &&
                   account_find_group(postfix, &gid, &ignored)
               ? postfix
               : NULL;
}

static void check_unix_socket(const struct config *config, const char *path,
                              struct problem_list *problems, bool *is_in_use_out)
{
    struct folder_plan plan = {.group = guess_group(config, path), .mode = 02750};
    struct error why;
    gid_t gid;

    if (plan.group && !account_find_group(plan.group, &gid, &why))
        plan.group = NULL; /* reported below */
    if (!unix_socket_check(path, &plan, is_in_use_out, &why))
        problem_add_error(problems, &config->places.listen, "listen", &why);
    if (config->listen_group &&
        !unix_socket_check_group(path, config->listen_group, &why))
        problem_add_error(problems, &config->places.listen_group, "listen-group", &why);
}

/* Whether a socket of this host may use the address, with any port. */
static bool is_own(const struct addrinfo *found)
{
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_bound = fd >= 0 && bind(fd, found->ai_addr, found->ai_addrlen) == 0;

    if (fd >= 0)
        close(fd);
    return is_bound;
}

static void check_host(const struct config *config, const char *host, int family,
                       struct problem_list *problems)
{
    const struct addrinfo wanted = {
        .ai_family = family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    int status = getaddrinfo(host, NULL, &wanted, &found);

    if (status != 0)
        problem_add(problems, &config->places.listen, "listen",
                    "\"%.200s\": the host %.200s has no address: %s", config->listen,
                    host, gai_strerror(status));
    else if (!is_own(found))
        problem_add(problems, &config->places.listen, "listen",
                    "\"%.200s\": %.200s is not an address of this host: %s",
                    config->listen, host, strerror(errno));
    if (found)
        freeaddrinfo(found);
}

static void check_network_socket(const struct config *config,
                                 struct problem_list *problems)
{
    const char *colon = strchr(config->listen, ':'), *at = strchr(colon, '@');
    char host[NI_MAXHOST], *end;
    unsigned long port = strtoul(colon + 1, &end, 10);
    size_t length;

    if (port < 1 || port > 65535 || end != at) {
        problem_add(problems, &config->places.listen, "listen",
                    "\"%.200s\" needs a port from 1 to 65535", config->listen);
        return;
    }
    snprintf(host, sizeof host, "%s", at + 1 + (at[1] == '['));
    length = strlen(host);
    if (at[1] == '[' && length > 0 && host[length - 1] == ']')
        host[length - 1] = '\0';
    check_host(config, host,
               strncmp(config->listen, "inet6:", 6) == 0 ? AF_INET6 : AF_INET,
               problems);
}

void config_check_socket(const struct config *config, struct problem_list *problems,
                         bool *is_in_use_out)
{
    const char *path = config->listen ? config_socket_path(config->listen) : NULL;

    *is_in_use_out = false;
    if (path)
        check_unix_socket(config, path, problems, is_in_use_out);
    else if (config->listen)
        check_network_socket(config, problems);
}

/* ---- paths that are the same file ---- */

/* One way to recognise a file: by its device and inode, or, if it does not exist yet or
 * is a link, by its name in its folder. */
struct identity {
    dev_t device;
    ino_t inode;
    const char *name;                /* of this audit log; NULL: none */
    const struct customer *customer; /* of this audit log; NULL: none */
    const char *what;                /* what the file is, if it is no audit log */
    const struct place *place;       /* the place of its option; NULL: none */
};

struct identities {
    struct identity *items;
    size_t count, room;
    bool has_no_memory;
};

static void add_identity(struct identities *all, const struct identity *identity,
                         const struct stat *st, const char *name)
{
    if (all->count == all->room) {
        size_t room = all->room ? all->room * 2 : 64;
        struct identity *grown = realloc(all->items, room * sizeof *grown);

        if (!grown) {
            all->has_no_memory = true;
            return;
        }
        all->items = grown;
        all->room = room;
    }
    all->items[all->count] = *identity;
    all->items[all->count].device = st->st_dev;
    all->items[all->count].inode = st->st_ino;
    all->items[all->count].name = name;
    all->count++;
}

static const char *name_in_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Adds all ways to recognise the file. path must outlive the identities. If the folder
 * does not exist, the path itself is the name. */
static void add_path(struct identities *all, const struct identity *identity,
                     const char *path)
{
    const struct stat nowhere = {.st_ino = 0};
    char folder[PATH_MAX];
    struct stat st;

    if (!path || *path == '\0')
        return;
    if (stat(path, &st) == 0)
        add_identity(all, identity, &st, "");
    if (folder_of(path, folder, sizeof folder) && stat(folder, &st) == 0)
        add_identity(all, identity, &st, name_in_folder(path));
    else
        add_identity(all, identity, &nowhere, path);
}

static void add_other(struct identities *all, const char *what,
                      const struct place *place, const char *path)
{
    const struct identity identity = {.what = what, .place = place};

    add_path(all, &identity, path);
}

static void add_globals(struct identities *all, const struct config *config)
{
    const struct config_places *places = &config->places;

    for (size_t i = 0; i < config->files.count; i++)
        add_other(all, "a file of the configuration", NULL, config->files.items[i]);
    if (config->listen)
        add_other(all, "the socket", &places->listen,
                  config_socket_path(config->listen));
    add_other(all, "a blocklist", &places->blocklist, config->blocklist_path);
    add_other(all, "the ca-file", &places->ca_file, config->api.ca_file);
}

static void add_customers(struct identities *all, const struct config *config)
{
    for (size_t i = 0; i < config->customer_count; i++) {
        const struct customer *customer = &config->customers[i];
        const struct identity audit = {.customer = customer,
                                       .place = &customer->places.audit_log};

        add_other(all, "a key file", &customer->places.key, customer->key_path);
        add_other(all, "a blocklist", &customer->places.blocklist,
                  customer->blocklist_path);
        add_path(all, &audit, customer->audit_path);
    }
}

static const char *const journal_suffixes[] = {"", "-wal", "-shm", "-lock", "-journal"};
enum { JOURNAL_FILES = sizeof journal_suffixes / sizeof *journal_suffixes };

/* First the names after the path as written, then those after the path that links lead
 * to. */
enum { JOURNAL_PATHS = 2 * JOURNAL_FILES };

static bool make_beside(const char *path, char *paths[JOURNAL_FILES])
{
    for (size_t i = 0; i < JOURNAL_FILES; i++)
        if (asprintf(&paths[i], "%s%s", path, journal_suffixes[i]) < 0) {
            paths[i] = NULL;
            return false;
        }
    return true;
}

/* The paths of the database and of the files next to it. SQLite puts its own files next
 * to the target of a link; the daemon puts its lock next to the link. */
static bool make_journal_paths(const char *journal, char *paths[JOURNAL_PATHS])
{
    const char *colon = journal ? strchr(journal, ':') : NULL;
    char *end = colon ? folder_follow_links(colon + 1) : NULL;
    bool is_made = !colon || (end && make_beside(colon + 1, paths) &&
                              make_beside(end, paths + JOURNAL_FILES));

    free(end);
    return is_made;
}

/* Sorts by file. For the same file, other uses come before audit logs, and audit logs
 * are in the order of their customers. */
static int compare_identities(const void *left, const void *right)
{
    const struct identity *a = left, *b = right;
    int order;

    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    if (a->inode != b->inode)
        return a->inode < b->inode ? -1 : 1;
    order = strcmp(a->name, b->name);
    return order ? order : (a->customer > b->customer) - (a->customer < b->customer);
}

static bool is_same(const struct identity *a, const struct identity *b)
{
    return a->device == b->device && a->inode == b->inode &&
           strcmp(a->name, b->name) == 0;
}

static void tell_same(const struct identity *audit, const struct identity *other,
                      struct problem_list *problems)
{
    const struct customer *customer = audit->customer;
    const struct place *place = other->place;

    if (other->customer)
        problem_add(problems, audit->place, "audit-log",
                    "\"%s\" is already the audit log of another customer (%s:%d)",
                    customer->audit_path, place->file, place->line);
    else if (place && place->file)
        problem_add(problems, audit->place, "audit-log",
                    "\"%s\" is already used as %s (%s:%d): it would be overwritten",
                    customer->audit_path, other->what, place->file, place->line);
    else
        problem_add(problems, audit->place, "audit-log",
                    "\"%s\" is already used as %s: it would be overwritten",
                    customer->audit_path, other->what);
}

/* If two audit logs have the same path, config_finish.c reports it. */
static bool is_told(const struct identity *audit, const struct identity *other)
{
    return other->customer &&
           strcmp(other->customer->audit_path, audit->customer->audit_path) == 0;
}

static void check_same(const struct config *config, const struct identities *all,
                       bool *is_taken, struct problem_list *problems)
{
    const struct identity *first = all->items;

    for (const struct identity *next = first; next < all->items + all->count; next++) {
        bool *taken;

        if (!is_same(first, next))
            first = next;
        if (first->customer == next->customer || !next->customer)
            continue;
        taken = &is_taken[next->customer - config->customers];
        if (!*taken && !is_told(next, first))
            tell_same(next, first, problems);
        *taken = true;
    }
}

/* is_taken has one element for each customer. */
static bool find_taken(const struct config *config, const char *open_journal,
                       bool *is_taken, struct problem_list *problems)
{
    struct identities all = {.items = NULL};
    char *paths[JOURNAL_PATHS] = {NULL}, *open_paths[JOURNAL_PATHS] = {NULL};
    bool is_done = make_journal_paths(config->journal, paths) &&
                   make_journal_paths(open_journal, open_paths);

    add_globals(&all, config);
    for (size_t i = 0; i < JOURNAL_PATHS; i++) {
        add_other(&all, "a file of the journal", &config->places.journal, paths[i]);
        add_other(&all, "a file of the journal in use", NULL, open_paths[i]);
    }
    add_customers(&all, config);
    if (all.count > 1)
        qsort(all.items, all.count, sizeof *all.items, compare_identities);
    if (all.count > 0)
        check_same(config, &all, is_taken, problems);
    is_done = is_done && !all.has_no_memory;
    for (size_t i = 0; i < JOURNAL_PATHS; i++) {
        free(paths[i]);
        free(open_paths[i]);
    }
    free(all.items);
    return is_done;
}

/* ---- audit logs ---- */

static void check_audit_log(const struct customer *customer,
                            struct problem_list *problems)
{
    struct error why;
    gid_t gid;

    if (customer->audit_group &&
        !account_find_group(customer->audit_group, &gid, &why)) {
        problem_add_error(problems, &customer->places.audit_group, "audit-group", &why);
        if (!audit_log_check(customer->audit_path, NULL, &why))
            problem_add_error(problems, &customer->places.audit_log, "audit-log", &why);
    } else if (!audit_log_check(customer->audit_path, customer->audit_group, &why)) {
        problem_add_error(problems, &customer->places.audit_log, "audit-log", &why);
    }
}

bool config_check_audit_logs(const struct config *config, const char *open_journal,
                             struct problem_list *problems)
{
    size_t count = config->customer_count;
    bool *is_taken = calloc(count ? count : 1, sizeof *is_taken);
    bool is_done;

    if (!is_taken)
        return false;
    is_done = find_taken(config, open_journal, is_taken, problems);
    for (size_t i = 0; i < count; i++)
        if (config->customers[i].audit_path && !is_taken[i])
            check_audit_log(&config->customers[i], problems);
    free(is_taken);
    return is_done;
}
