/* SPDX-License-Identifier: ISC */
#include "html_vectors.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <json.h>

#include "../../unit.h"
#include "text/html/html_char.h"
#include "text/html/html_decode.h"
#include "text/html/html_token.h"

enum { REPLACEMENT = 0xFFFD };

/* What a vector begins in. */
struct beginning {
    const char *state;   /* as the vectors name it */
    const char *element; /* whose start tag came before; NULL: none */
    const char *before;  /* what stands before the input, so that it begins there */
};

static const struct beginning beginnings[] = {
    {"Data state", NULL, ""},
    {"PLAINTEXT state", "plaintext", ""},
    {"RCDATA state", "textarea", ""},
    {"RAWTEXT state", "style", ""},
    {"Script data state", "script", ""},
    {"CDATA section state", NULL, "<![CDATA["},
};

/* ---- strings ---- */

static struct json_object *new_string(const char *text, size_t length)
{
    return json_object_new_string_len(text, (int)length);
}

static void put_point(FILE *out, uint32_t point)
{
    if (point < 0x80) {
        fputc((int)point, out);
    } else if (point < 0x800) {
        fprintf(out, "%c%c", (int)(0xC0 | point >> 6), (int)(0x80 | (point & 0x3F)));
    } else if (point < 0x10000) {
        fprintf(out, "%c%c%c", (int)(0xE0 | point >> 12),
                (int)(0x80 | (point >> 6 & 0x3F)), (int)(0x80 | (point & 0x3F)));
    } else {
        fprintf(out, "%c%c%c%c", (int)(0xF0 | point >> 18),
                (int)(0x80 | (point >> 12 & 0x3F)), (int)(0x80 | (point >> 6 & 0x3F)),
                (int)(0x80 | (point & 0x3F)));
    }
}

/* The value of "\uD83D" at text; UINT32_MAX for anything else. */
static uint32_t read_escape(const char *text, const char *end)
{
    uint32_t value = 0;

    if (end - text < 6 || text[0] != '\\' || text[1] != 'u')
        return UINT32_MAX;
    for (int i = 2; i < 6; i++)
        value = value * 16 + (uint32_t)html_hex_value(text[i]);
    return value;
}

/* A string in which "\u0041" is written for "A". A surrogate without the other one
 * becomes three bytes, which is no UTF-8 but goes through the tokenizer all the same.
 */
static struct json_object *unescape(const char *text, size_t length)
{
    const char *end = text + length;
    char *written = NULL;
    size_t written_bytes;
    FILE *out = open_memstream(&written, &written_bytes);
    struct json_object *string;

    assert_non_null(out);
    while (text < end) {
        uint32_t point = read_escape(text, end), low;

        if (point == UINT32_MAX) {
            fputc(*text++, out);
            continue;
        }
        text += 6;
        low = read_escape(text, end);
        if (point >= 0xD800 && point < 0xDC00 && low >= 0xDC00 && low < 0xE000) {
            point = 0x10000 + (point - 0xD800) * 0x400 + (low - 0xDC00);
            text += 6;
        }
        put_point(out, point);
    }
    fclose(out);
    string = new_string(written, written_bytes);
    free(written);
    return string;
}

/* A value of a vector with all its strings unescaped. */
static struct json_object *unescape_all(struct json_object *value)
{
    struct json_object *copy;

    if (json_object_is_type(value, json_type_string))
        return unescape(json_object_get_string(value),
                        (size_t)json_object_get_string_len(value));
    if (json_object_is_type(value, json_type_array)) {
        copy = json_object_new_array();
        for (size_t i = 0; i < json_object_array_length(value); i++)
            json_object_array_add(copy,
                                  unescape_all(json_object_array_get_idx(value, i)));
        return copy;
    }
    if (json_object_is_type(value, json_type_object)) {
        copy = json_object_new_object();
        json_object_object_foreach(value, key, inner)
        {
            struct json_object *name = unescape(key, strlen(key));

            json_object_object_add(copy, json_object_get_string(name),
                                   unescape_all(inner));
            json_object_put(name);
        }
        return copy;
    }
    return json_object_get(value);
}

/* ---- tokens ---- */

/* What a piece of the source stands for. */
static char *decode(struct html_slice slice, enum html_context context,
                    size_t *length_out)
{
    struct html_decoder decoder = {
        .at = slice.text, .end = slice.text + slice.length_bytes, .context = context};
    struct html_slice piece;
    char *decoded = NULL;
    FILE *out = open_memstream(&decoded, length_out);

    assert_non_null(out);
    while (html_decode_next(&decoder, &piece)) {
        assert_true(piece.length_bytes > 0);
        fwrite(piece.text, 1, piece.length_bytes, out);
    }
    fclose(out);
    return decoded;
}

static struct json_object *decoded_string(struct html_slice slice,
                                          enum html_context context)
{
    size_t length;
    char *decoded = decode(slice, context, &length);
    struct json_object *string = new_string(decoded, length);

    free(decoded);
    return string;
}

/* The name of an element, an attribute or a DOCTYPE; the caller frees it. */
static char *name_of(struct html_slice slice)
{
    size_t length;
    char *name = decode(slice, HTML_VERBATIM, &length);

    for (size_t i = 0; i < length; i++)
        if (name[i] >= 'A' && name[i] <= 'Z')
            name[i] = (char)(name[i] | 0x20);
    return name;
}

static struct json_object *new_token(const char *kind)
{
    struct json_object *token = json_object_new_array();

    json_object_array_add(token, json_object_new_string(kind));
    return token;
}

/* In RCDATA, which the program never decodes, a NUL is U+FFFD as in raw text. */
static struct json_object *replace_nuls(struct json_object *string)
{
    const char *text = json_object_get_string(string);
    size_t length = (size_t)json_object_get_string_len(string), written_bytes;
    char *written = NULL;
    FILE *out = open_memstream(&written, &written_bytes);

    assert_non_null(out);
    for (size_t i = 0; i < length; i++)
        if (text[i] == '\0')
            put_point(out, REPLACEMENT);
        else
            fputc(text[i], out);
    fclose(out);
    json_object_put(string);
    string = new_string(written, written_bytes);
    free(written);
    return string;
}

/* Adds text to the last token if that is text, else a token. */
static void add_characters(struct json_object *tokens, struct json_object *text)
{
    size_t count = json_object_array_length(tokens);
    struct json_object *last =
        count > 0 ? json_object_array_get_idx(tokens, count - 1) : NULL;
    char *both;
    int length;

    if (!last || strcmp(json_object_get_string(json_object_array_get_idx(last, 0)),
                        "Character") != 0) {
        last = new_token("Character");
        json_object_array_add(last, text);
        json_object_array_add(tokens, last);
        return;
    }
    length = json_object_get_string_len(json_object_array_get_idx(last, 1));
    both = malloc((size_t)(length + json_object_get_string_len(text)) + 1);
    assert_non_null(both);
    memcpy(both, json_object_get_string(json_object_array_get_idx(last, 1)),
           (size_t)length);
    memcpy(both + length, json_object_get_string(text),
           (size_t)json_object_get_string_len(text));
    json_object_array_put_idx(
        last, 1, new_string(both, (size_t)(length + json_object_get_string_len(text))));
    free(both);
    json_object_put(text);
}

/* The first of the attributes of a name counts. Those that the program knows must be
 * the same as in the token. */
static struct json_object *read_attributes(const struct html_reader *reader,
                                           const struct html_token *tag)
{
    struct html_reader inner = {.at = tag->text.text + tag->text.length_bytes,
                                .end = reader->at,
                                .saves_text = reader->saves_text};
    struct json_object *attributes = json_object_new_object();
    struct html_slice name, value;

    while (html_attribute_read(&inner, &name, &value)) {
        char *key = name_of(name);

        if (!json_object_object_get_ex(attributes, key, NULL)) {
            json_object_object_add(attributes, key,
                                   decoded_string(value, HTML_IN_VALUE));
            for (unsigned i = 0; i < HTML_ATTRIBUTES; i++)
                if (strcmp(key, html_attribute_name((enum html_attribute)i)) == 0)
                    assert_true(tag->given & 1U << i &&
                                tag->values[i].text == value.text);
        }
        free(key);
    }
    return attributes;
}

static struct json_object *read_tag(const struct html_reader *reader,
                                    const struct html_token *tag)
{
    bool is_start = tag->kind == HTML_START_TAG;
    struct json_object *token = new_token(is_start ? "StartTag" : "EndTag");
    char *name = name_of(tag->text);

    json_object_array_add(token, json_object_new_string(name));
    if (is_start)
        json_object_array_add(token, read_attributes(reader, tag));
    if (is_start && tag->is_closed)
        json_object_array_add(token, json_object_new_boolean(true));
    free(name);
    return token;
}

/* ---- DOCTYPE: the program only needs to know where it ends ---- */

struct doctype {
    const char *at, *end;
    bool is_cut; /* the source ends before its ">" */
    bool is_correct;
    struct html_slice ids[2]; /* public and system */
    bool has_id[2];
};

static bool skip_space(struct doctype *doctype)
{
    while (doctype->at < doctype->end && html_is_space(*doctype->at))
        doctype->at++;
    return doctype->at < doctype->end;
}

static bool skip_word(struct doctype *doctype, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(doctype->end - doctype->at) < length ||
        strncasecmp(doctype->at, word, length) != 0)
        return false;
    doctype->at += length;
    return true;
}

/* False if there is none, or its quote has no end. */
static bool read_id(struct doctype *doctype, int which)
{
    const char *start, *end;

    if (!skip_space(doctype) || (*doctype->at != '"' && *doctype->at != '\''))
        return false;
    start = doctype->at + 1;
    end = memchr(start, *doctype->at, (size_t)(doctype->end - start));
    doctype->has_id[which] = true;
    doctype->at = end ? end + 1 : doctype->end;
    doctype->ids[which] =
        (struct html_slice){start, (size_t)((end ? end : doctype->end) - start)};
    return end;
}

/* Reads what stands after the name. */
static bool read_ids(struct doctype *doctype)
{
    bool is_public = skip_word(doctype, "public");

    if (is_public) {
        if (!read_id(doctype, 0))
            return false;
        if (!skip_space(doctype))
            return !doctype->is_cut;
    } else if (!skip_word(doctype, "system")) {
        return false;
    }
    if (!read_id(doctype, 1))
        return false;
    return skip_space(doctype) || !doctype->is_cut;
}

static struct json_object *read_doctype(const struct html_reader *reader,
                                        struct html_slice text)
{
    struct doctype doctype = {.at = text.text, .end = text.text + text.length_bytes};
    struct json_object *token = new_token("DOCTYPE");
    const char *name;
    char *lower = NULL;

    doctype.is_cut = doctype.end == reader->end;
    skip_space(&doctype);
    name = doctype.at;
    while (doctype.at < doctype.end && !html_is_space(*doctype.at))
        doctype.at++;
    if (doctype.at > name) {
        lower = name_of((struct html_slice){name, (size_t)(doctype.at - name)});
        doctype.is_correct =
            skip_space(&doctype) ? read_ids(&doctype) : !doctype.is_cut;
    }
    json_object_array_add(token, lower ? json_object_new_string(lower) : NULL);
    for (int i = 0; i < 2; i++)
        json_object_array_add(token, doctype.has_id[i]
                                         ? decoded_string(doctype.ids[i], HTML_VERBATIM)
                                         : NULL);
    json_object_array_add(token, json_object_new_boolean(doctype.is_correct));
    free(lower);
    return token;
}

/* ---- vectors ---- */

static void add_token(struct json_object *tokens, const struct html_reader *reader,
                      const struct html_token *token, bool is_rcdata)
{
    struct json_object *comment;

    switch (token->kind) {
    case HTML_TEXT:
        add_characters(tokens, decoded_string(token->text, HTML_IN_TEXT));
        return;
    case HTML_RAW_TEXT:
        add_characters(
            tokens, is_rcdata ? replace_nuls(decoded_string(token->text, HTML_IN_TEXT))
                              : decoded_string(token->text, HTML_VERBATIM));
        return;
    case HTML_CDATA:
        /* The program drops it, and decodes only line ends in it. */
        add_characters(tokens, new_string(token->text.text, token->text.length_bytes));
        return;
    case HTML_START_TAG:
    case HTML_END_TAG:
        json_object_array_add(tokens, read_tag(reader, token));
        return;
    case HTML_COMMENT:
        comment = new_token("Comment");
        json_object_array_add(comment, decoded_string(token->text, HTML_VERBATIM));
        json_object_array_add(tokens, comment);
        return;
    case HTML_DOCTYPE:
        json_object_array_add(tokens, read_doctype(reader, token->text));
        return;
    }
}

static struct json_object *read_tokens(const struct html_vectors *vectors,
                                       const struct beginning *beginning,
                                       const char *last_start_tag,
                                       struct json_object *input)
{
    const char *element = last_start_tag ? last_start_tag : beginning->element;
    size_t before = strlen(beginning->before);
    size_t length = before + (size_t)json_object_get_string_len(input);
    char *html = malloc(length > 0 ? length : 1);
    struct html_reader reader = {.at = html, .saves_text = vectors->saves_text};
    struct json_object *tokens = json_object_new_array();
    struct html_token token;

    assert_non_null(html);
    memcpy(html, beginning->before, before);
    memcpy(html + before, json_object_get_string(input), length - before);
    reader.end = html + length;
    reader.is_foreign = before > 0;
    if (beginning->element)
        reader.raw = html_element_find(element, strlen(element));
    while (html_token_read(&reader, &token)) {
        add_token(tokens, &reader, &token,
                  strcmp(beginning->state, "RCDATA state") == 0);
        reader.raw = NULL; /* the vectors leave that to the tree */
    }
    free(html);
    return tokens;
}

static const char *text_member(struct json_object *vector, const char *name)
{
    struct json_object *member = NULL;

    json_object_object_get_ex(vector, name, &member);
    return member ? json_object_get_string(member) : NULL;
}

/* Whether a vector gives the tokens that it wants. If asked, prints what it gave. */
static bool run_in(const struct html_vectors *vectors,
                   const struct beginning *beginning, struct json_object *vector,
                   struct json_object *input, struct json_object *want)
{
    struct json_object *got =
        read_tokens(vectors, beginning, text_member(vector, "lastStartTag"), input);
    bool is_good = json_object_equal(got, want) != 0;

    if (!is_good && vectors->tells) {
        printf("vector: %s (%s), %s\n", text_member(vector, "description"),
               beginning->state, json_object_to_json_string(input));
        check_text(text_member(vector, "description"),
                   json_object_to_json_string_ext(got, JSON_C_TO_STRING_PLAIN),
                   json_object_to_json_string_ext(want, JSON_C_TO_STRING_PLAIN));
    }
    json_object_put(got);
    return is_good;
}

static bool begins_in(struct json_object *vector, const char *state)
{
    struct json_object *states;

    if (!json_object_object_get_ex(vector, "initialStates", &states))
        return strcmp(state, "Data state") == 0;
    for (size_t i = 0; i < json_object_array_length(states); i++)
        if (strcmp(json_object_get_string(json_object_array_get_idx(states, i)),
                   state) == 0)
            return true;
    return false;
}

static struct json_object *member_of(struct json_object *vector, const char *name)
{
    struct json_object *member = NULL, *is_escaped;

    json_object_object_get_ex(vector, name, &member);
    if (json_object_object_get_ex(vector, "doubleEscaped", &is_escaped) &&
        json_object_get_boolean(is_escaped))
        return unescape_all(member);
    return json_object_get(member);
}

static void run_vector(struct html_vectors *vectors, struct json_object *vector)
{
    struct json_object *input = member_of(vector, "input");
    struct json_object *want = member_of(vector, "output");

    for (size_t i = 0; i < COUNT(beginnings); i++) {
        bool is_good, is_data = i == 0;

        if (!begins_in(vector, beginnings[i].state))
            continue;
        is_good = run_in(vectors, &beginnings[i], vector, input, want);
        *(is_data ? &vectors->data_state : &vectors->other_states) += 1;
        *(is_data ? &vectors->data_state_failed : &vectors->other_states_failed) +=
            !is_good;
    }
    json_object_put(input);
    json_object_put(want);
}

bool html_vectors_run(struct html_vectors *vectors, const char *path)
{
    struct json_object *file = json_object_from_file(path), *tests;

    if (!file)
        return false;
    if (json_object_object_get_ex(file, "tests", &tests))
        for (size_t i = 0; i < json_object_array_length(tests); i++)
            run_vector(vectors, json_object_array_get_idx(tests, i));
    json_object_put(file);
    return true;
}

const char *html_vectors_path(const char *from_top)
{
    static char path[4096];
    const char *top = getenv("srcdir"); /* automake's */

    snprintf(path, sizeof path, "%s/%s", top ? top : ".", from_top);
    return path;
}
