/* SPDX-License-Identifier: ISC */
#include "fault.h"
#include "fault_spec.h"

#include <json-c/json.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* More than a test needs. It keeps a faulty script from making requests slow. */
enum { MAX_FAULTS = 1000 };

struct fault {
    struct fault *next;
    struct fault_spec spec;
    unsigned references;        /* this and is_removed: guarded by references_lock */
    bool is_removed;            /* removed from the list */
    unsigned long long matched; /* this and the next: guarded by the lock of the list */
    unsigned long long fired;
};

struct fault_list {
    pthread_mutex_t lock; /* guards everything below */
    struct fault *first;
    size_t count;
};

/* A fault may outlive its entry in the list, so the reference count has its own
 * lock. */
static pthread_mutex_t references_lock = PTHREAD_MUTEX_INITIALIZER;

enum fault_kind fault_kind(const struct fault *fault)
{
    return fault->spec.kind;
}

const char *fault_name(const struct fault *fault)
{
    return fault_spec_kind_name(fault->spec.kind);
}

unsigned long long fault_number(const struct fault *fault)
{
    return fault->spec.value_number;
}

const char *fault_text(const struct fault *fault, size_t *bytes_out)
{
    *bytes_out = fault->spec.value_bytes;
    return fault->spec.value;
}

const char *fault_retry_after(const struct fault *fault)
{
    return fault->spec.retry_after;
}

static void hold(struct fault *fault)
{
    pthread_mutex_lock(&references_lock);
    fault->references++;
    pthread_mutex_unlock(&references_lock);
}

void fault_release(struct fault **fault)
{
    unsigned left;

    if (*fault == NULL)
        return;
    pthread_mutex_lock(&references_lock);
    left = --(*fault)->references;
    pthread_mutex_unlock(&references_lock);
    if (left == 0) {
        fault_spec_clear(&(*fault)->spec);
        free(*fault);
    }
    *fault = NULL;
}

bool fault_is_removed(const struct fault *fault)
{
    bool is_removed;

    pthread_mutex_lock(&references_lock);
    is_removed = fault->is_removed;
    pthread_mutex_unlock(&references_lock);
    return is_removed;
}

static void remove_all(struct fault *first)
{
    pthread_mutex_lock(&references_lock);
    for (struct fault *fault = first; fault != NULL; fault = fault->next)
        fault->is_removed = true;
    pthread_mutex_unlock(&references_lock);
}

static void release_all(struct fault *fault)
{
    while (fault != NULL) {
        struct fault *next = fault->next;
        fault_release(&fault);
        fault = next;
    }
}

struct fault_list *fault_list_new(void)
{
    struct fault_list *list = calloc(1, sizeof(*list));

    if (list != NULL)
        pthread_mutex_init(&list->lock, NULL);
    return list;
}

void fault_list_clear(struct fault_list *list)
{
    struct fault *first;

    pthread_mutex_lock(&list->lock);
    first = list->first;
    list->first = NULL;
    list->count = 0;
    pthread_mutex_unlock(&list->lock);
    remove_all(first);
    release_all(first);
}

void fault_list_free(struct fault_list **list)
{
    if (*list == NULL)
        return;
    fault_list_clear(*list);
    pthread_mutex_destroy(&(*list)->lock);
    free(*list);
    *list = NULL;
}

static struct fault *fault_new(const char *line, size_t size, struct problem *problem)
{
    struct fault *fault = calloc(1, sizeof(*fault));

    if (fault == NULL) {
        problem_set(problem, "out of memory");
        return NULL;
    }
    fault->references = 1;
    if (!fault_spec_parse(line, size, &fault->spec, problem))
        fault_release(&fault);
    return fault;
}

/* Parses the lines into a separate list, so that a wrong line changes nothing. */
static bool parse_lines(const char *specs, struct fault **first_out, size_t *count_out,
                        struct problem *problem)
{
    struct fault **end = first_out;

    *first_out = NULL;
    *count_out = 0;
    while (*specs != '\0') {
        size_t size = strcspn(specs, "\r\n");
        if (size > 0) {
            *end = fault_new(specs, size, problem);
            if (*end == NULL)
                return false;
            end = &(*end)->next;
            ++*count_out;
        }
        specs += size + (specs[size] != '\0');
    }
    return true;
}

static void append(struct fault_list *list, struct fault *first, size_t count)
{
    struct fault **end = &list->first;

    while (*end != NULL)
        end = &(*end)->next;
    *end = first;
    list->count += count;
}

bool fault_list_add(struct fault_list *list, const char *specs, struct problem *problem)
{
    struct fault *first;
    size_t count;
    bool has_room;

    if (!parse_lines(specs, &first, &count, problem)) {
        release_all(first);
        return false;
    }
    pthread_mutex_lock(&list->lock);
    has_room = list->count + count <= MAX_FAULTS;
    if (has_room)
        append(list, first, count);
    pthread_mutex_unlock(&list->lock);
    if (has_room)
        return true;
    release_all(first);
    return problem_set(problem, "more than %d faults", MAX_FAULTS);
}

static bool is_unfiltered(const struct fault_spec *spec)
{
    return spec->number == NULL && spec->customer == NULL;
}

static enum fault_stage stage_of(const struct fault_spec *spec)
{
    if (spec->kind < FAULT_HTTP)
        return FAULT_AT_SMS;
    return spec->kind == FAULT_RESET_BEFORE && is_unfiltered(spec) ? FAULT_AT_HEADERS
                                                                   : FAULT_AT_REQUEST;
}

static bool is_meant_for(const struct fault_spec *spec,
                         const struct fault_subject *subject)
{
    if (spec->customer != NULL && strcmp(spec->customer, subject->customer) != 0)
        return false;
    return spec->number == NULL ||
           strncmp(spec->number, subject->number, strlen(spec->number)) == 0;
}

static bool matches(const struct fault_spec *spec, enum fault_stage stage,
                    const struct fault_subject *subjects, size_t count)
{
    if (stage_of(spec) != stage)
        return false;
    if (is_unfiltered(spec))
        return true;
    for (size_t i = 0; i < count; i++)
        if (is_meant_for(spec, &subjects[i]))
            return true;
    return false;
}

/* Counts a match and returns whether the fault is applied. The caller holds the list's
 * lock. */
static bool fires(struct fault *fault)
{
    fault->matched++;
    if (fault->spec.every > 0 && fault->matched % fault->spec.every != 0)
        return false;
    if (fault->spec.count > 0 && fault->fired >= fault->spec.count)
        return false;
    fault->fired++;
    return true;
}

struct fault *fault_list_pick(struct fault_list *list, enum fault_stage stage,
                              const struct fault_subject *subjects, size_t count)
{
    struct fault *fault;

    pthread_mutex_lock(&list->lock);
    fault = list->first;
    while (fault != NULL &&
           !(matches(&fault->spec, stage, subjects, count) && fires(fault)))
        fault = fault->next;
    if (fault != NULL)
        hold(fault);
    pthread_mutex_unlock(&list->lock);
    return fault;
}

static json_object *describe(const struct fault *fault)
{
    json_object *json = json_object_new_object();

    json_object_object_add(json, "spec", json_object_new_string(fault->spec.line));
    json_object_object_add(json, "kind", json_object_new_string(fault_name(fault)));
    json_object_object_add(json, "matched", json_object_new_uint64(fault->matched));
    json_object_object_add(json, "fired", json_object_new_uint64(fault->fired));
    return json;
}

char *fault_list_to_json(struct fault_list *list)
{
    json_object *json = json_object_new_array();
    char *text;

    pthread_mutex_lock(&list->lock);
    for (const struct fault *fault = list->first; fault; fault = fault->next)
        json_object_array_add(json, describe(fault));
    pthread_mutex_unlock(&list->lock);
    text = strdup(json_object_to_json_string_ext(
        json, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(json);
    return text;
}
