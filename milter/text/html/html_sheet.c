/* SPDX-License-Identifier: ISC */
#include "text/html/html_sheet.h"

#include <string.h>

#include "text/html/html_char.h"
#include "text/html/html_style.h"

/* FNV-1a, of the lower case: mails are read in quirks mode, where .Big is .big. The
 * kind is ".", "#", or "" for the name of an element. */
static uint64_t hash_name(const char *kind, const char *name, size_t length)
{
    uint64_t hash = 0xCBF29CE484222325;

    hash = (hash ^ (unsigned char)*kind) * 0x100000001B3;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)name[i];

        hash = (hash ^ (c >= 'A' && c <= 'Z' ? c | 0x20U : c)) * 0x100000001B3;
    }
    return hash;
}

static bool is_name_character(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '-' || c == '_' || (unsigned char)c >= 0x80;
}

static size_t name_length(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && is_name_character(*at))
        at++;
    return (size_t)(at - start);
}

/* Reads a selector of the kinds that count. */
static bool read_selector(const char *at, const char *end, struct html_sheet_rule *out)
{
    size_t length;
    const char *kind;

    while (at < end && html_is_space(*at))
        at++;
    while (end > at && html_is_space(end[-1]))
        end--;
    length = name_length(at, end);
    out->element = length > 0 ? hash_name("", at, length) : 0;
    kind = at + length;
    if (kind == end || (*kind != '.' && *kind != '#'))
        return false;
    length = name_length(kind + 1, end);
    out->name = hash_name(*kind == '.' ? "." : "#", kind + 1, length);
    return length > 0 && kind + 1 + length == end;
}

static void set_rule(struct html_sheet *sheet, const struct html_sheet_rule *rule,
                     bool is_hidden)
{
    size_t i = 0;

    while (i < sheet->rule_count && (sheet->rules[i].name != rule->name ||
                                     sheet->rules[i].element != rule->element))
        i++;
    if (is_hidden && i == sheet->rule_count && i < HTML_SHEET_RULES)
        sheet->rules[sheet->rule_count++] = *rule;
    if (!is_hidden && i < sheet->rule_count)
        sheet->rules[i] = sheet->rules[--sheet->rule_count];
}

static void add_rule(struct html_sheet *sheet, const char *selectors,
                     const char *selectors_end, const char *block,
                     const char *block_end)
{
    struct html_style style = html_style_read(block, (size_t)(block_end - block));

    if (!style.is_hidden && !style.is_displayed)
        return;
    while (selectors < selectors_end) {
        const char *end = memchr(selectors, ',', (size_t)(selectors_end - selectors));
        struct html_sheet_rule rule;

        if (!end)
            end = selectors_end;
        if (read_selector(selectors, end, &rule))
            set_rule(sheet, &rule, style.is_hidden);
        selectors = end < selectors_end ? end + 1 : end;
    }
}

/* After a comment, or the sign of an HTML comment, which is nothing in CSS. */
static const char *skip_nothing(const char *at, const char *end)
{
    size_t left = (size_t)(end - at);

    if (left >= 4 && memcmp(at, "<!--", 4) == 0)
        return at + 4;
    if (left >= 3 && memcmp(at, "-->", 3) == 0)
        return at + 3;
    if (left < 2 || memcmp(at, "/*", 2) != 0)
        return at < end && html_is_space(*at) ? at + 1 : at;
    at = memmem(at + 2, left - 2, "*/", 2);
    return at ? at + 2 : end;
}

/* The "}" that ends a block whose text begins at at, or the end. */
static const char *find_block_end(const char *at, const char *end)
{
    for (unsigned depth = 1; at < end; at++) {
        if (*at == '{')
            depth++;
        else if (*at == '}' && --depth == 0)
            break;
    }
    return at;
}

void html_sheet_add(struct html_sheet *sheet, const char *css, size_t length_bytes)
{
    const char *at = css, *end = css + length_bytes;

    while (at < end) {
        const char *next = skip_nothing(at, end), *block, *block_end;

        if (next != at) {
            at = next;
            continue;
        }
        for (block = at; block < end && *block != '{'; block++)
            if (*block == ';' || *block == '}')
                break;
        if (block == end || *block != '{') { /* "@import x;", or nonsense */
            at = block < end ? block + 1 : end;
            continue;
        }
        block_end = find_block_end(block + 1, end);
        if (*at != '@')
            add_rule(sheet, at, block, block + 1, block_end);
        at = block_end < end ? block_end + 1 : end;
    }
}

static bool has_rule(const struct html_sheet *sheet, uint64_t element, uint64_t name)
{
    for (size_t i = 0; i < sheet->rule_count; i++)
        if (sheet->rules[i].name == name &&
            (sheet->rules[i].element == 0 || sheet->rules[i].element == element))
            return true;
    return false;
}

bool html_sheet_hides(const struct html_sheet *sheet, const char *element,
                      struct html_slice classes, struct html_slice id)
{
    const char *at = classes.text, *end = at + classes.length_bytes;
    uint64_t hash;

    if (sheet->rule_count == 0 || classes.length_bytes + id.length_bytes == 0)
        return false;
    hash = hash_name("", element, strlen(element));
    if (id.length_bytes > 0 &&
        has_rule(sheet, hash, hash_name("#", id.text, id.length_bytes)))
        return true;
    while (at < end) {
        const char *start = at;

        while (at < end && !html_is_space(*at))
            at++;
        if (at == start)
            at++;
        else if (has_rule(sheet, hash, hash_name(".", start, (size_t)(at - start))))
            return true;
    }
    return false;
}
