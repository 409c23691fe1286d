/* SPDX-License-Identifier: ISC */
#include "envelope/authres.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope/authres_scan.h"

/* A mail has few signatures, and a result few properties. A field with more was not
 * written by a filter that we trust. */
enum { RESULTS_MAX = 100, PROPERTIES_MAX = 100 };

static void free_property(struct authres_property *property)
{
    free(property->ptype);
    free(property->name);
    free(property->value);
}

static void free_result(struct authres_result *result)
{
    free(result->method);
    free(result->result);
    free(result->reason);
    for (size_t i = 0; i < result->property_count; i++)
        free_property(&result->properties[i]);
    free(result->properties);
}

void authres_free(struct authres **authres)
{
    if (!*authres)
        return;
    free((*authres)->authserv_id);
    for (size_t i = 0; i < (*authres)->result_count; i++)
        free_result(&(*authres)->results[i]);
    free((*authres)->results);
    free(*authres);
    *authres = NULL;
}

static bool tell_no_memory(const struct authres_scan *scan)
{
    return error_set(scan->err, ERROR_TEMPORARY, "4.3.0", "no memory");
}

/* Appends an item to an array whose capacity is the next power of two. */
static bool append(const struct authres_scan *scan, void **array, size_t *count,
                   const void *item, size_t item_size)
{
    if ((*count & (*count - 1)) == 0) {
        size_t room = *count ? 2 * *count : 1;
        void *longer = realloc(*array, room * item_size);

        if (!longer)
            return tell_no_memory(scan);
        *array = longer;
    }
    memcpy((char *)*array + *count * item_size, item, item_size);
    (*count)++;
    return true;
}

/* Takes over *property, or frees it. */
static bool add_property(const struct authres_scan *scan, struct authres_result *result,
                         struct authres_property *property)
{
    void *array = result->properties;
    bool is_added =
        result->property_count == PROPERTIES_MAX
            ? authres_scan_refuse(scan, "too many properties")
            : append(scan, &array, &result->property_count, property, sizeof *property);

    result->properties = array;
    if (!is_added)
        free_property(property);
    return is_added;
}

/* Takes over *result, or frees it. */
static bool add_result(const struct authres_scan *scan, struct authres *authres,
                       struct authres_result *result)
{
    void *array = authres->results;
    bool is_added =
        authres->result_count == RESULTS_MAX
            ? authres_scan_refuse(scan, "too many results")
            : append(scan, &array, &authres->result_count, result, sizeof *result);

    authres->results = array;
    if (!is_added)
        free_result(result);
    return is_added;
}

/* Reads the rest of propspec, after its ptype and ".". */
static bool read_property(struct authres_scan *scan, struct authres_property *property)
{
    struct authres_pvalue_place place;

    if (!authres_scan_space(scan, NULL) ||
        !authres_scan_keyword(scan, true, "a property is missing", &property->name) ||
        !authres_scan_space(scan, NULL) ||
        !authres_scan_expect(scan, '=', "\"=\" is missing after a property") ||
        !authres_scan_space(scan, &place.is_behind_space))
        return false;
    place.is_base64 =
        strcmp(property->ptype, "header") == 0 && strcmp(property->name, "b") == 0;
    return authres_scan_pvalue(scan, place, &property->value);
}

/* Reads what Exchange does with the mail ("action=none"): a property without a
 * ptype. */
static bool read_action(struct authres_scan *scan, struct authres_property *property)
{
    property->name = property->ptype;
    property->ptype = strdup("");
    if (!property->ptype)
        return tell_no_memory(scan);
    return authres_scan_space(scan, NULL) &&
           authres_scan_value(scan, "", &property->value);
}

static bool read_reason(struct authres_scan *scan, struct authres_result *result)
{
    bool is_quoted = authres_scan_is_at(scan, '"');

    if (!authres_scan_value(scan, "", &result->reason))
        return false;
    scan->is_odd |= !is_quoted && strchr(result->reason, '.');
    return true;
}

/* Reads a reasonspec, or "action", after its "=". */
static bool read_bare(struct authres_scan *scan, struct authres_result *result,
                      struct authres_property *property)
{
    if (strcmp(property->ptype, "action") == 0)
        return read_action(scan, property);
    if (strcmp(property->ptype, "reason") != 0)
        return authres_scan_refuse(scan, "a property without ptype");
    if (result->reason || result->property_count > 0)
        return authres_scan_refuse(scan,
                                   "a second reason, or a reason after a property");
    return authres_scan_space(scan, NULL) && read_reason(scan, result);
}

/* Whether RFC 8601 section 2.3 defines this ptype. */
static bool is_known_ptype(const char *ptype)
{
    static const char *const known[] = {"smtp", "header", "body", "policy"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(ptype, known[i]) == 0)
            return true;
    return false;
}

/* Reads one reasonspec or propspec. */
static bool read_detail(struct authres_scan *scan, struct authres_result *result)
{
    struct authres_property property = {0};
    bool is_read;

    is_read =
        authres_scan_keyword(scan, false, "a ptype is missing", &property.ptype) &&
        authres_scan_space(scan, NULL);
    if (is_read && authres_scan_accept(scan, '.'))
        is_read = read_property(scan, &property);
    else if (is_read)
        is_read =
            authres_scan_expect(scan, '=', "\".\" or \"=\" is missing after a word") &&
            read_bare(scan, result, &property);
    if (is_read && property.value) {
        scan->is_odd |= !is_known_ptype(property.ptype);
        return add_property(scan, result, &property);
    }
    free_property(&property);
    return is_read;
}

/* Reads up to the ";" that ends a result, or to the end of the field. */
static bool read_details(struct authres_scan *scan, struct authres_result *result)
{
    for (;;) {
        bool is_apart;

        if (!authres_scan_space(scan, &is_apart))
            return false;
        if (scan->next == scan->end || authres_scan_is_at(scan, ';'))
            break;
        if (!is_apart)
            return authres_scan_refuse(scan,
                                       "text without white space or \";\" before it");
        if (!read_detail(scan, result))
            return false;
    }
    if (!result->reason)
        result->reason = strdup("");
    return result->reason || tell_no_memory(scan);
}

static bool read_method(struct authres_scan *scan, struct authres_result *result)
{
    bool is_apart, is_apart_behind;

    result->method_version = 1;
    if (!authres_scan_keyword(scan, false, "a method is missing", &result->method) ||
        !authres_scan_space(scan, &is_apart))
        return false;
    if (!authres_scan_accept(scan, '/'))
        return true;
    if (!authres_scan_space(scan, &is_apart_behind))
        return false;
    scan->is_odd |= is_apart || is_apart_behind;
    return authres_scan_number(scan, &result->method_version) &&
           authres_scan_space(scan, NULL);
}

/* Reads a resinfo, after its ";". */
static bool read_result(struct authres_scan *scan, struct authres *authres)
{
    struct authres_result result = {0};

    if (read_method(scan, &result) &&
        authres_scan_expect(scan, '=', "\"=\" is missing after a method") &&
        authres_scan_space(scan, NULL) &&
        authres_scan_keyword(scan, false, "a result is missing", &result.result) &&
        read_details(scan, &result))
        return add_result(scan, authres, &result);
    free_result(&result);
    return false;
}

/* The last result may end with ";" too. */
static bool read_results(struct authres_scan *scan, struct authres *authres)
{
    do {
        if (!read_result(scan, authres))
            return false;
        if (!authres_scan_accept(scan, ';'))
            return true;
        if (!authres_scan_space(scan, NULL))
            return false;
    } while (scan->next < scan->end);
    return true;
}

/* Whether no-result ("none") stands here, and not a longer word that begins with it. */
static bool is_at_none(const struct authres_scan *scan)
{
    static const char none[] = "none";
    size_t left = (size_t)(scan->end - scan->next);

    return left >= strlen(none) && strncasecmp(scan->next, none, strlen(none)) == 0 &&
           (left == strlen(none) || strchr(" \t\r\n(;=/", scan->next[strlen(none)]));
}

static bool read_none(struct authres_scan *scan)
{
    scan->next += strlen("none");
    if (!authres_scan_space(scan, NULL))
        return false;
    authres_scan_accept(scan, ';');
    return authres_scan_space(scan, NULL);
}

static bool read_authserv_id(struct authres_scan *scan, struct authres *authres)
{
    if (!authres_scan_space(scan, NULL) ||
        !authres_scan_value(scan, "/", &authres->authserv_id))
        return false;
    return *authres->authserv_id || authres_scan_refuse(scan, "an empty authserv-id");
}

/* [ CFWS authres-version ] */
static bool read_version(struct authres_scan *scan, struct authres *authres)
{
    bool is_apart;

    authres->version = 1;
    if (!authres_scan_space(scan, &is_apart))
        return false;
    if (!is_apart || scan->next == scan->end || authres_scan_is_at(scan, ';'))
        return true;
    return authres_scan_number(scan, &authres->version) &&
           authres_scan_space(scan, NULL);
}

/* authres-payload */
static bool read_field(struct authres_scan *scan, struct authres *authres)
{
    if (!read_authserv_id(scan, authres) || !read_version(scan, authres) ||
        !authres_scan_expect(scan, ';', "\";\" is missing after the authserv-id") ||
        !authres_scan_space(scan, NULL))
        return false;
    if (is_at_none(scan) ? !read_none(scan) : !read_results(scan, authres))
        return false;
    return scan->next == scan->end ||
           authres_scan_refuse(scan, "text after the last result");
}

bool authres_parse(const char *value, size_t length, struct authres **authres_out,
                   struct error *err)
{
    struct authres_scan scan;
    struct authres *authres;

    *authres_out = NULL;
    if (!authres_scan_begin(&scan, value, length, err))
        return false;
    authres = calloc(1, sizeof *authres);
    if (!authres)
        return tell_no_memory(&scan);
    if (!read_field(&scan, authres)) {
        authres_free(&authres);
        return false;
    }
    authres->is_odd = scan.is_odd;
    *authres_out = authres;
    return true;
}

static bool is_called(const struct authres_property *property, const char *ptype,
                      const char *name)
{
    return strcmp(property->ptype, ptype) == 0 && strcmp(property->name, name) == 0;
}

const char *authres_find(const struct authres_result *result, const char *ptype,
                         const char *name)
{
    const char *value = NULL;

    for (size_t i = 0; i < result->property_count; i++) {
        const struct authres_property *property = &result->properties[i];

        if (!is_called(property, ptype, name))
            continue;
        if (value)
            return NULL;
        value = property->value;
    }
    return value;
}

bool authres_has(const struct authres_result *result, const char *ptype,
                 const char *name)
{
    for (size_t i = 0; i < result->property_count; i++)
        if (is_called(&result->properties[i], ptype, name))
            return true;
    return false;
}
