/* SPDX-License-Identifier: ISC */
#include "text/html/html_link.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "text/html/html_char.h"

enum {
    /* Filters that pass a mail to each other wrap each other's links. */
    MOST_WRAPS = 4,
    /* Places in a text that begin like the host of a URL, of which we look on, and how
     * many characters are that beginning. */
    MOST_PLACES = 16,
    BEGINNING = 8,
};

static bool begins_with(const char *text, const char *beginning)
{
    return strncasecmp(text, beginning, strlen(beginning)) == 0;
}

/* A copy of length bytes without control characters and white space at its ends; a
 * space in it is "%20". NULL without memory. */
static char *copy_url(const char *text, size_t length)
{
    char *copy = malloc(length * 3 + 1), *out = copy;

    while (length > 0 && html_is_space(*text)) {
        text++;
        length--;
    }
    while (length > 0 && html_is_space(text[length - 1]))
        length--;
    for (size_t i = 0; copy && i < length; i++) {
        if (text[i] == ' ') {
            memcpy(out, "%20", 3);
            out += 3;
        } else if ((unsigned char)text[i] > ' ' && text[i] != 0x7F) {
            *out++ = text[i];
        }
    }
    if (copy)
        *out = '\0';
    return copy;
}

/* Replaces "%2F" by "/" in place, where it means no NUL. sign is the "%". */
static void decode_percent(char *text, char sign)
{
    char *out = text;

    while (*text != '\0') {
        int high = *text == sign ? html_hex_value(text[1]) : -1;
        int low = high >= 0 ? html_hex_value(text[2]) : -1;

        if (low >= 0 && high + low > 0) {
            *out++ = (char)(high * 16 + low);
            text += 3;
        } else {
            *out++ = *text++;
        }
    }
    *out = '\0';
}

/* The value of a parameter of a URL, as it is written there; NULL without it. */
static const char *find_parameter(const char *url, const char *name, size_t *length_out)
{
    const char *at = strchr(url, '?');
    size_t length = strlen(name);

    while (at && *at != '\0' && *at != '#') {
        at++;
        if (strncasecmp(at, name, length) == 0 && at[length] == '=') {
            *length_out = strcspn(at + length + 1, "&#");
            return at + length + 1;
        }
        at += strcspn(at, "&#");
    }
    return NULL;
}

/* The URL that a parameter holds, in a new string; NULL without it or memory. */
static char *unwrap_parameter(const char *url, const char *name)
{
    size_t length;
    const char *value = find_parameter(url, name, &length);
    char *unwrapped = value ? strndup(value, length) : NULL;

    if (unwrapped)
        decode_percent(unwrapped, '%');
    return unwrapped;
}

/* Proofpoint's second form has "-3A" for "%3A" and "_" for "/". */
static char *unwrap_dashes(const char *url)
{
    size_t length;
    const char *value = find_parameter(url, "u", &length);
    char *unwrapped = value ? strndup(value, length) : NULL;

    for (char *at = unwrapped; at && *at != '\0'; at++)
        if (*at == '_')
            *at = '/';
    if (unwrapped)
        decode_percent(unwrapped, '-');
    return unwrapped;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '-' || c == '+')
        return 62;
    return c == '_' || c == '/' ? 63 : -1;
}

/* Decodes base64 in place, up to the first byte that is none. */
static void decode_base64(char *text)
{
    char *out = text;
    uint32_t bits = 0;
    unsigned count = 0;

    for (int value; (value = base64_value(*text)) >= 0; text++) {
        bits = (bits << 6 | (uint32_t)value) & 0xFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            *out++ = (char)(bits >> count & 0xFF);
        }
    }
    *out = '\0';
}

/* Puts the characters of replaced in the place of each "*" of text, or as many as the
 * letter says in "**A" (two, and so on). out has room for both strings. */
static void put_back(char *out, const char *text, const char *replaced)
{
    for (; *text != '\0'; text++) {
        int count = 1;
        uint32_t point;

        if (*text != '*' || *replaced == '\0') {
            *out++ = *text;
            continue;
        }
        if (text[1] == '*' && base64_value(text[2]) >= 0) {
            count = base64_value(text[2]) + 2;
            text += 2;
        }
        for (const char *start = replaced; count > 0 && utf8_next(&replaced, &point);
             count--) {
            memcpy(out, start, (size_t)(replaced - start));
            out += replaced - start;
            start = replaced;
        }
    }
    *out = '\0';
}

/* Proofpoint's third form: "/v3/__URL__;BASE64!!...", where base64 has the characters
 * for which there is a "*" in the URL. */
static char *unwrap_underscores(const char *url)
{
    const char *start = strstr(url, "/v3/__");
    const char *end = start ? strstr(start + 6, "__;") : NULL;
    char *masked = end ? strndup(start + 6, (size_t)(end - start - 6)) : NULL;
    char *replaced = end ? strndup(end + 3, strcspn(end + 3, "!")) : NULL;
    char *unwrapped = NULL;

    if (masked && replaced) {
        decode_base64(replaced);
        unwrapped = malloc(strlen(masked) + strlen(replaced) + 1);
    }
    if (unwrapped)
        put_back(unwrapped, masked, replaced);
    free(masked);
    free(replaced);
    return unwrapped;
}

static const char *skip_scheme(const char *url)
{
    const char *colon = strstr(url, "://");

    return colon ? colon + 3 : url;
}

/* Whether a URL is in a domain, or in one below it. */
static bool is_in_domain(const char *url, const char *domain)
{
    const char *host = skip_scheme(url);
    size_t length = strcspn(host, "/?#:"), wanted = strlen(domain);

    if (length < wanted || strncasecmp(host + length - wanted, domain, wanted) != 0)
        return false;
    return length == wanted || host[length - wanted - 1] == '.';
}

static bool has_path(const char *url, const char *path)
{
    const char *host = skip_scheme(url);

    return begins_with(host + strcspn(host, "/?#"), path);
}

/* What a filter or search engine has wrapped, in a new string; NULL if it is not, and
 * without memory. */
static char *unwrap_once(const char *url)
{
    if (is_in_domain(url, "safelinks.protection.outlook.com"))
        return unwrap_parameter(url, "url");
    if (is_in_domain(url, "urldefense.proofpoint.com") && has_path(url, "/v1/"))
        return unwrap_parameter(url, "u");
    if (is_in_domain(url, "urldefense.proofpoint.com") && has_path(url, "/v2/"))
        return unwrap_dashes(url);
    if (is_in_domain(url, "urldefense.proofpoint.com") ||
        is_in_domain(url, "urldefense.com") || is_in_domain(url, "urldefense.us"))
        return unwrap_underscores(url);
    if (is_in_domain(url, "linkprotect.cudasvc.com") && has_path(url, "/url"))
        return unwrap_parameter(url, "a");
    if (begins_with(skip_scheme(url), "www.google.") && has_path(url, "/url?")) {
        char *unwrapped = unwrap_parameter(url, "q");

        return unwrapped ? unwrapped : unwrap_parameter(url, "url");
    }
    return NULL;
}

static bool is_web(const char *url)
{
    return begins_with(url, "http://") || begins_with(url, "https://");
}

/* Unwraps link->target as often as it is wrapped; what is not the URL of a page inside
 * stays wrapped. */
static void unwrap(struct html_link *link)
{
    for (int i = 0; i < MOST_WRAPS; i++) {
        char *inner = unwrap_once(link->target);
        char *url = inner && is_web(inner) && utf8_is_valid(inner)
                        ? copy_url(inner, strlen(inner))
                        : NULL;

        free(inner);
        if (!url)
            return;
        if (link->wrapped)
            free(link->target);
        else
            link->wrapped = link->target;
        link->target = url;
    }
}

/* The address in "mailto:head@school.example?subject=x"; NULL if it is none. */
static char *copy_address(const char *url)
{
    static const char *const schemes[] = {"mailto:", "tel:", "sms:", "smsto:"};

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        size_t length = strlen(schemes[i]);
        char *address, *cleaned;

        if (!begins_with(url, schemes[i]))
            continue;
        address = strndup(url + length, strcspn(url + length, "?"));
        if (!address)
            return NULL;
        decode_percent(address, '%');
        cleaned = utf8_is_valid(address) ? copy_url(address, strlen(address)) : NULL;
        free(address);
        return cleaned;
    }
    return NULL;
}

bool html_link_read(const char *href, struct html_link *link_out)
{
    char *url = copy_url(href, strlen(href));

    *link_out = (struct html_link){.kind = HTML_LINK_NOWHERE};
    if (!url)
        return false;
    if (begins_with(url, "//") && url[2] != '\0') {
        char *absolute = malloc(strlen("https:") + strlen(url) + 1);

        if (absolute)
            strcpy(stpcpy(absolute, "https:"), url);
        free(url);
        url = absolute;
        if (!url)
            return false;
    }
    if (is_web(url)) {
        *link_out = (struct html_link){.kind = HTML_LINK_WEB, .target = url};
        unwrap(link_out);
        return true;
    }
    link_out->target = copy_address(url);
    if (link_out->target && strlen(link_out->target) > HTML_LINK_LONGEST_ADDRESS)
        html_link_free(link_out);
    else if (link_out->target)
        link_out->kind = HTML_LINK_ADDRESS;
    free(url);
    return true;
}

void html_link_free(struct html_link *link)
{
    free(link->target);
    free(link->wrapped);
    *link = (struct html_link){.kind = HTML_LINK_NOWHERE};
}

static const char *skip_www(const char *host)
{
    return begins_with(host, "www.") ? host + 4 : host;
}

static bool is_word_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-' || c == '_' || c == '%' || (unsigned char)c >= 0x80;
}

/* Whether a host may begin at at: at the beginning of the text, after white space, a
 * bracket, a quote or a "/", or after "www.". */
static bool is_host_start(const char *text, const char *at)
{
    if (at == text || html_is_space(at[-1]) || strchr("/(<[\"'", at[-1]))
        return true;
    return at - text >= 4 && begins_with(at - 4, "www.");
}

/* Whether a URL may end before at: "a.example" is not said in "a.example.org". */
static bool is_url_end(const char *at, const char *end)
{
    if (at == end)
        return true;
    if (*at == '.')
        return end - at < 2 || !is_word_character(at[1]);
    return !is_word_character(*at);
}

bool html_link_is_said(const char *text, size_t length_bytes, const char *url)
{
    const char *end = text + length_bytes, *host = skip_www(skip_scheme(url));
    size_t host_length = strcspn(host, "/?#"), length = strlen(host);
    size_t beginning = host_length < BEGINNING ? host_length : BEGINNING;
    unsigned places = 0;

    while (length > host_length && host[length - 1] == '/')
        length--;
    if (host_length == 0 || host_length > HTML_LINK_LONGEST_HOST)
        return false;
    for (const char *at = text; (size_t)(end - at) >= length && places < MOST_PLACES;
         at++) {
        if ((*at ^ *host) & ~0x20 || !is_host_start(text, at) ||
            strncasecmp(at, host, beginning) != 0)
            continue;
        places++;
        if (strncasecmp(at, host, host_length) == 0 &&
            memcmp(at + host_length, host + host_length, length - host_length) == 0 &&
            is_url_end(at + length, end))
            return true;
    }
    return false;
}

static bool mail_is_said(const char *text, size_t length_bytes, const char *address)
{
    size_t length = strlen(address);

    if (length > HTML_LINK_LONGEST_ADDRESS)
        return false;
    for (; length_bytes >= length; text++, length_bytes--)
        if (strncasecmp(text, address, length) == 0)
            return true;
    return false;
}

/* How many digits from the last one on two numbers must have in common: all that are
 * left without country code and trunk 0 of the shortest. */
enum { COMMON_DIGITS = 6 };

static size_t last_digits(const char *text, size_t length_bytes,
                          char digits_out[COMMON_DIGITS])
{
    size_t count = 0;

    while (length_bytes-- > 0 && count < COMMON_DIGITS)
        if (text[length_bytes] >= '0' && text[length_bytes] <= '9')
            digits_out[count++] = text[length_bytes];
    return count;
}

bool html_link_address_is_said(const char *text, size_t length_bytes,
                               const char *address)
{
    char wanted[COMMON_DIGITS], has[COMMON_DIGITS];
    size_t count;

    if (strchr(address, '@'))
        return mail_is_said(text, length_bytes, address);
    count = last_digits(address, strlen(address), wanted);
    return last_digits(text, length_bytes, has) == count &&
           memcmp(wanted, has, count) == 0;
}
