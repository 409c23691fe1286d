/* SPDX-License-Identifier: ISC */
#include "envelope/auth_results.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "envelope/authres_scan.h"

/* At most this many results, of all methods in all our fields. See
 * AUTH_RESULTS_MAX_FIELDS. */
enum { MAX_RESULTS = 200 };

const char *auth_method_name(enum auth_method method)
{
    static const char *const names[] = {"spf", "dkim", "dmarc"};

    return names[method];
}

/* ---- one result ---- */

static bool is_of_method(const struct authres_result *result, enum auth_method method)
{
    /* A result about smtp.helo says nothing about the sender, and may stand beside the
     * other. */
    if (method == AUTH_SPF && result->property_count > 0 &&
        !authres_has(result, "smtp", "mailfrom"))
        return false;
    return strcmp(result->method, auth_method_name(method)) == 0;
}

static bool is_pass(const struct authres_result *result)
{
    return strcmp(result->result, "pass") == 0;
}

/* Reads the domain of "user@domain" or "domain". */
static bool read_domain(const char *value, char domain_out[DOMAIN_SIZE])
{
    const char *domain = value ? domain_find(value, strlen(value)) : NULL;
    struct error ignored;

    return value && domain_normalize(domain ? domain : value, domain_out, &ignored);
}

/* The domain of header.i equals header.d or is below it (RFC 6376 section 3.5, i=). It
 * is used if header.d is missing, but not if there are two. */
static bool read_signer(const struct authres_result *result,
                        char domain_out[DOMAIN_SIZE])
{
    const char *name = authres_has(result, "header", "d") ? "d" : "i";

    return read_domain(authres_find(result, "header", name), domain_out);
}

/* The domain that a result is about; "" if the result names none. */
static void identify(const struct authres_result *result, enum auth_method method,
                     char domain_out[DOMAIN_SIZE])
{
    bool is_known = false;

    switch (method) {
    case AUTH_SPF:
        is_known = read_domain(authres_find(result, "smtp", "mailfrom"), domain_out);
        break;
    case AUTH_DKIM:
        is_known = read_signer(result, domain_out);
        break;
    case AUTH_DMARC:
        is_known = read_domain(authres_find(result, "header", "from"), domain_out);
        break;
    }
    if (!is_known)
        *domain_out = '\0';
}

/* ---- one field ---- */

static bool has_method(const struct authres *field, enum auth_method method)
{
    for (size_t i = 0; i < field->result_count; i++)
        if (is_of_method(&field->results[i], method))
            return true;
    return false;
}

static enum auth_outcome outcome_of(const struct authres_result *result)
{
    if (is_pass(result))
        return AUTH_PASS;
    return strcmp(result->result, "temperror") == 0 ||
                   strcmp(result->result, "tempfail") == 0 /* OpenDMARC 1.4 */
               ? AUTH_TEMPERROR
               : AUTH_FAIL;
}

/* The best result that a field has for a domain: a signature that fails does not
 * invalidate one that passes (RFC 6376 section 6.1). */
static enum auth_outcome best_of(const struct authres *field, enum auth_method method,
                                 const char *domain)
{
    enum auth_outcome best = AUTH_MISSING;
    char found[DOMAIN_SIZE];

    for (size_t i = 0; i < field->result_count; i++) {
        const struct authres_result *result = &field->results[i];
        enum auth_outcome outcome = outcome_of(result);

        if (!is_of_method(result, method))
            continue;
        identify(result, method, found);
        if (strcmp(found, domain) != 0)
            continue;
        if (outcome == AUTH_PASS)
            return AUTH_PASS;
        if (best != AUTH_TEMPERROR)
            best = outcome;
    }
    return best;
}

/* ---- contradictions ---- */

static bool contradict(enum auth_method method, const char *domain, struct error *err)
{
    return error_set(err, ERROR_REFUSED, NULL,
                     "Authentication-Results contradict each other: %s of %s",
                     auth_method_name(method), *domain ? domain : "no domain");
}

/* A mail has one MAIL FROM and one From. If a field has two SPF or two DMARC results
 * for the same domain, both must be a pass, or neither. */
static bool check_field(const struct authres *field, enum auth_method method,
                        struct error *err)
{
    char domain[DOMAIN_SIZE];

    for (size_t i = 0; i < field->result_count && method != AUTH_DKIM; i++) {
        const struct authres_result *result = &field->results[i];

        if (!is_of_method(result, method))
            continue;
        identify(result, method, domain);
        if (best_of(field, method, domain) == AUTH_PASS && !is_pass(result))
            return contradict(method, domain, err);
    }
    return true;
}

/* Whether lower agrees with top about every domain that both mention. If top mentions
 * no domain ("dkim=none"), it says of each domain that it did not pass. */
static bool check_pair(const struct authres *top, const struct authres *lower,
                       enum auth_method method, struct error *err)
{
    bool is_without_domain = best_of(top, method, "") != AUTH_MISSING;
    char domain[DOMAIN_SIZE];

    for (size_t i = 0; i < lower->result_count; i++) {
        const struct authres_result *result = &lower->results[i];
        enum auth_outcome above, below;

        if (!is_of_method(result, method))
            continue;
        identify(result, method, domain);
        above = best_of(top, method, domain);
        below = best_of(lower, method, domain);
        if (above == AUTH_MISSING && is_without_domain)
            above = AUTH_FAIL;
        if (above != AUTH_MISSING && (above == AUTH_PASS) != (below == AUTH_PASS))
            return contradict(method, domain, err);
    }
    return true;
}

/* The topmost field with a result of the method; NULL if there is none. */
static const struct authres *find_top(const struct auth_results *results,
                                      enum auth_method method)
{
    for (size_t i = 0; i < results->count; i++)
        if (has_method(results->fields[i], method))
            return results->fields[i];
    return NULL;
}

static bool check_method(const struct auth_results *results, enum auth_method method,
                         struct error *err)
{
    const struct authres *top = find_top(results, method);

    for (size_t i = 0; i < results->count; i++) {
        const struct authres *field = results->fields[i];

        if (!check_field(field, method, err) ||
            (field != top && has_method(field, method) &&
             !check_pair(top, field, method, err)))
            return false;
    }
    return true;
}

/* ---- all fields ---- */

static bool check_versions(const struct authres *field, struct error *err)
{
    bool is_known = field->version == 1;

    for (size_t i = 0; i < field->result_count; i++)
        is_known = is_known && field->results[i].method_version == 1;
    return is_known || error_set(err, ERROR_REFUSED, NULL,
                                 "Authentication-Results of an unknown version");
}

static bool is_too_much(const struct auth_results *results)
{
    size_t count = 0;

    for (size_t i = 0; i < results->count; i++)
        count += results->fields[i]->result_count;
    return results->count == AUTH_RESULTS_MAX_FIELDS || count > MAX_RESULTS;
}

/* Whether the field has no authserv-id and begins with a result. Microsoft 365 writes
 * such a field into mail that it sends: "dkim=none (message not signed) ...". It
 * belongs to no filter. */
static bool is_nobodys(const struct mail_field *field, const char *authserv_id)
{
    struct authres_scan scan;
    struct error ignored;
    char *method = NULL;
    bool is_one =
        authres_scan_begin(&scan, field->value, field->value_length, &ignored) &&
        authres_scan_space(&scan, NULL) &&
        authres_scan_keyword(&scan, false, "", &method) &&
        authres_scan_is_at(&scan, '=') && strcasecmp(method, authserv_id) != 0;

    free(method);
    return is_one;
}

static bool add_field(const struct mail_field *field, const char *authserv_id,
                      struct auth_results *results, struct error *err)
{
    struct authres *parsed;
    struct error why;

    if (mail_field_is_odd(field))
        return error_set(
            err, ERROR_REFUSED, NULL,
            "Authentication-Results has a line break that is not folding white space");
    if (!authres_parse(field->value, field->value_length, &parsed, &why))
        return (why.kind == ERROR_REFUSED && is_nobodys(field, authserv_id)) ||
               error_set(err, why.kind, NULL, "%s", why.text);
    if (strcasecmp(parsed->authserv_id, authserv_id) != 0) {
        authres_free(&parsed);
        return true;
    }
    results->fields[results->count++] = parsed;
    if (!check_versions(parsed, err))
        return false;
    if (parsed->is_odd)
        return error_set(
            err, ERROR_REFUSED, NULL,
            "Authentication-Results are in a form that no known filter writes");
    return !is_too_much(results) ||
           error_set(err, ERROR_REFUSED, NULL, "too many Authentication-Results");
}

bool auth_results_read(const struct mail_header *header, const char *authserv_id,
                       struct auth_results *results_out, struct error *err)
{
    *results_out = (struct auth_results){.count = 0};
    for (size_t i = 0; i < header->count; i++)
        if (mail_field_is(&header->fields[i], "Authentication-Results") &&
            !add_field(&header->fields[i], authserv_id, results_out, err))
            return false;
    return check_method(results_out, AUTH_SPF, err) &&
           check_method(results_out, AUTH_DKIM, err) &&
           check_method(results_out, AUTH_DMARC, err);
}

void auth_results_free(struct auth_results *results)
{
    while (results->count > 0)
        authres_free(&results->fields[--results->count]);
}

enum auth_outcome auth_results_of(const struct auth_results *results,
                                  enum auth_method method, const char *domain)
{
    const struct authres *top = find_top(results, method);

    return top ? best_of(top, method, domain) : AUTH_MISSING;
}

bool auth_results_next_domain(const struct auth_results *results,
                              enum auth_method method, size_t *place,
                              char domain_out[DOMAIN_SIZE])
{
    const struct authres *top = find_top(results, method);

    while (top && *place < top->result_count) {
        const struct authres_result *result = &top->results[(*place)++];

        if (!is_of_method(result, method))
            continue;
        identify(result, method, domain_out);
        if (*domain_out != '\0')
            return true;
    }
    return false;
}
