/* SPDX-License-Identifier: ISC */
#include "text/html/html_element.h"

#include <stdlib.h>
#include <string.h>

/* Sorted by name. A name that is not here has no effect on the text, like the o:p and
 * v:shape of Office. */
static const struct html_element elements[] = {
    {"a", HTML_LINK},           {"abbr", HTML_INLINE},      {"acronym", HTML_INLINE},
    {"address", HTML_BLOCK},    {"applet", HTML_DROPPED},   {"article", HTML_BLOCK},
    {"aside", HTML_BLOCK},      {"audio", HTML_DROPPED},    {"b", HTML_FORMAT},
    {"base", HTML_NOTHING},     {"bdi", HTML_INLINE},       {"bdo", HTML_INLINE},
    {"big", HTML_FORMAT},       {"blockquote", HTML_QUOTE}, {"body", HTML_NOTHING},
    {"br", HTML_BREAK},         {"button", HTML_INLINE},    {"canvas", HTML_DROPPED},
    {"caption", HTML_BLOCK},    {"center", HTML_BLOCK},     {"cite", HTML_INLINE},
    {"code", HTML_FORMAT},      {"col", HTML_NOTHING},      {"colgroup", HTML_NOTHING},
    {"datalist", HTML_DROPPED}, {"dd", HTML_TERM},          {"del", HTML_DROPPED},
    {"details", HTML_BLOCK},    {"dfn", HTML_INLINE},       {"dir", HTML_LIST},
    {"div", HTML_BLOCK},        {"dl", HTML_LIST},          {"dt", HTML_TERM},
    {"em", HTML_FORMAT},        {"embed", HTML_NOTHING},    {"fieldset", HTML_BLOCK},
    {"figcaption", HTML_BLOCK}, {"figure", HTML_BLOCK},     {"font", HTML_FORMAT},
    {"footer", HTML_BLOCK},     {"form", HTML_BLOCK},       {"frame", HTML_NOTHING},
    {"frameset", HTML_NOTHING}, {"h1", HTML_BLOCK},         {"h2", HTML_BLOCK},
    {"h3", HTML_BLOCK},         {"h4", HTML_BLOCK},         {"h5", HTML_BLOCK},
    {"h6", HTML_BLOCK},         {"head", HTML_NOTHING},     {"header", HTML_BLOCK},
    {"hr", HTML_BREAK},         {"html", HTML_NOTHING},     {"i", HTML_FORMAT},
    {"iframe", HTML_RAWTEXT},   {"img", HTML_IMAGE},        {"input", HTML_NOTHING},
    {"ins", HTML_INLINE},       {"kbd", HTML_INLINE},       {"label", HTML_INLINE},
    {"legend", HTML_BLOCK},     {"li", HTML_ITEM},          {"link", HTML_NOTHING},
    {"listing", HTML_PRE},      {"main", HTML_BLOCK},       {"map", HTML_INLINE},
    {"mark", HTML_INLINE},      {"math", HTML_FOREIGN},     {"menu", HTML_LIST},
    {"meta", HTML_NOTHING},     {"nav", HTML_BLOCK},        {"nobr", HTML_FORMAT},
    {"noembed", HTML_RAWTEXT},  {"noframes", HTML_RAWTEXT}, {"noscript", HTML_NOTHING},
    {"object", HTML_DROPPED},   {"ol", HTML_ORDERED_LIST},  {"optgroup", HTML_NOTHING},
    {"option", HTML_NOTHING},   {"p", HTML_PARAGRAPH},      {"param", HTML_NOTHING},
    {"picture", HTML_INLINE},   {"plaintext", HTML_PLAIN},  {"pre", HTML_PRE},
    {"q", HTML_INLINE},         {"s", HTML_DROPPED},        {"samp", HTML_INLINE},
    {"script", HTML_SCRIPT},    {"section", HTML_BLOCK},    {"select", HTML_DROPPED},
    {"small", HTML_FORMAT},     {"source", HTML_NOTHING},   {"span", HTML_INLINE},
    {"strike", HTML_DROPPED},   {"strong", HTML_FORMAT},    {"style", HTML_RAWTEXT},
    {"sub", HTML_INLINE},       {"summary", HTML_BLOCK},    {"sup", HTML_INLINE},
    {"svg", HTML_FOREIGN},      {"table", HTML_TABLE},      {"tbody", HTML_ROWS},
    {"td", HTML_CELL},          {"template", HTML_DROPPED}, {"textarea", HTML_RCDATA},
    {"tfoot", HTML_ROWS},       {"th", HTML_CELL},          {"thead", HTML_ROWS},
    {"time", HTML_INLINE},      {"title", HTML_RCDATA},     {"tr", HTML_ROW},
    {"track", HTML_NOTHING},    {"tt", HTML_FORMAT},        {"u", HTML_FORMAT},
    {"ul", HTML_LIST},          {"var", HTML_INLINE},       {"video", HTML_DROPPED},
    {"wbr", HTML_NOTHING},      {"xml", HTML_DROPPED},      {"xmp", HTML_RAW_PRE},
};

_Static_assert(sizeof elements / sizeof *elements <= HTML_ELEMENTS,
               "count of elements");

static int compare_names(const void *name, const void *element)
{
    return strcmp(name, ((const struct html_element *)element)->name);
}

const struct html_element *html_element_find(const char *name, size_t length_bytes)
{
    char lower[sizeof elements->name];

    if (length_bytes >= sizeof lower)
        return NULL;
    for (size_t i = 0; i < length_bytes; i++)
        lower[i] = (char)(name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20 : name[i]);
    lower[length_bytes] = '\0';
    return bsearch(lower, elements, sizeof elements / sizeof *elements,
                   sizeof *elements, compare_names);
}

size_t html_element_index(const struct html_element *element)
{
    return (size_t)(element - elements);
}
