/* SPDX-License-Identifier: ISC */
#include "fault_spec.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum value_rule { NO_VALUE, NEEDS_TEXT, NEEDS_STATUS, MAY_BE_NUMBER };

static const struct kind {
    const char *name;
    enum value_rule rule;
    unsigned long long number; /* if VALUE is not given */
    unsigned long long most;   /* the largest VALUE */
} kinds[] = {
    [FAULT_INVALID] = {"invalid", NO_VALUE, 0, 0},
    [FAULT_NO_SMS] = {"no-sms", NO_VALUE, 0, 0},
    [FAULT_NO_PARTNER] = {"no-partner", NO_VALUE, 0, 0},
    [FAULT_REMARK] = {"remark", NEEDS_TEXT, 0, 0},
    [FAULT_SHORTFALL] = {"shortfall", NO_VALUE, 0, 0},
    [FAULT_ERROR] = {"error", NEEDS_TEXT, 0, 0},
    [FAULT_NO_ID] = {"no-id", NO_VALUE, 0, 0},
    [FAULT_HTTP] = {"http", NEEDS_STATUS, 0, 599},
    [FAULT_RESET_BEFORE] = {"reset-before", NO_VALUE, 0, 0},
    [FAULT_RESET_AFTER] = {"reset-after", NO_VALUE, 0, 0},
    [FAULT_CLOSE_AFTER] = {"close-after", NO_VALUE, 0, 0},
    [FAULT_HALF] = {"half", NO_VALUE, 0, 0},
    [FAULT_NOT_JSON] = {"not-json", NO_VALUE, 0, 0},
    [FAULT_EMPTY] = {"empty", NO_VALUE, 0, 0},
    [FAULT_HUGE] = {"huge", MAY_BE_NUMBER, 64ULL << 20, 1ULL << 40},
    [FAULT_SLOW] = {"slow", MAY_BE_NUMBER, 100, 3600 * 1000},
    [FAULT_NEVER] = {"never", NO_VALUE, 0, 0},
    [FAULT_HOLD] = {"hold", NO_VALUE, 0, 0},
    [FAULT_FEWER] = {"fewer", NO_VALUE, 0, 0},
    [FAULT_REVERSED] = {"reversed", NO_VALUE, 0, 0},
    [FAULT_OBJECT] = {"object", NO_VALUE, 0, 0},
};

enum { KIND_COUNT = sizeof(kinds) / sizeof(kinds[0]), SMALLEST_STATUS = 200 };

/* name[=value] with escapes decoded. */
struct field {
    char *name;
    char *value; /* after name in the same memory; NULL if there is no = */
    size_t value_bytes;
};

const char *fault_spec_kind_name(enum fault_kind kind)
{
    return kinds[kind].name;
}

void fault_spec_clear(struct fault_spec *spec)
{
    free(spec->line);
    free(spec->value);
    free(spec->number);
    free(spec->customer);
    free(spec->retry_after);
    memset(spec, 0, sizeof(*spec));
}

static int hex_digit(char c)
{
    if (!isxdigit((unsigned char)c))
        return -1;
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Reads the NN of \xNN and moves *at past it. */
static bool take_hex(const char **at, char *byte_out)
{
    int high = hex_digit((*at)[0]);
    int low = high < 0 ? -1 : hex_digit((*at)[1]);

    if (low < 0)
        return false;
    *byte_out = (char)(high << 4 | low);
    *at += 2;
    return true;
}

/* Reads what follows a backslash: r, n, t, xNN, or a character that stands for itself.
 * Moves *at past it. Returns false at the end of the line, or if NN is not
 * hexadecimal. */
static bool take_escape(const char **at, char *byte_out)
{
    static const char letters[] = "rnt", bytes[] = "\r\n\t";
    char letter = **at;
    const char *known;

    if (letter == '\0')
        return false;
    ++*at;
    if (letter == 'x')
        return take_hex(at, byte_out);
    known = strchr(letters, letter);
    *byte_out = known == NULL ? letter : bytes[known - letters];
    return true;
}

/* Reads the next field from *at, up to a comma without a backslash before it. */
static bool take_field(const char **at, struct field *field, struct problem *problem)
{
    char *end = malloc(strlen(*at) + 1);

    field->name = end;
    field->value = NULL;
    field->value_bytes = 0;
    if (end == NULL)
        return problem_set(problem, "out of memory");
    while (**at != '\0' && **at != ',') {
        char byte = *(*at)++;
        if (byte == '\\' && !take_escape(at, &byte)) {
            free(field->name);
            return problem_set(problem, "\\ wants r, n, t, xNN or the character meant");
        }
        if (byte == '=' && field->value == NULL) {
            byte = '\0';
            field->value = end + 1;
        }
        *end++ = byte;
    }
    *end = '\0';
    *at += **at == ',';
    if (field->value != NULL)
        field->value_bytes = (size_t)(end - field->value);
    return true;
}

static bool parse_number(const char *text, unsigned long long most,
                         unsigned long long *number_out)
{
    *number_out = 0;
    if (text == NULL || *text == '\0')
        return false;
    for (; *text != '\0'; text++) {
        if (!isdigit((unsigned char)*text))
            return false;
        *number_out = *number_out * 10 + (unsigned)(*text - '0');
        if (*number_out > most)
            return false;
    }
    return true;
}

static bool is_kind(const char *name, enum fault_kind *kind_out)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        *kind_out = (enum fault_kind)i;
        if (strcmp(kinds[i].name, name) == 0)
            return true;
    }
    return false;
}

static bool set_value_number(struct fault_spec *spec, const struct field *field,
                             struct problem *problem)
{
    const struct kind *kind = &kinds[spec->kind];

    spec->value_number = kind->number;
    if (field->value == NULL && kind->rule == MAY_BE_NUMBER)
        return true;
    if (!parse_number(field->value, kind->most, &spec->value_number))
        return problem_set(problem, "%s wants a number up to %llu", kind->name,
                           kind->most);
    if (kind->rule == NEEDS_STATUS && spec->value_number < SMALLEST_STATUS)
        return problem_set(problem, "%s wants a status from %d to %llu", kind->name,
                           SMALLEST_STATUS, kind->most);
    return true;
}

static bool set_kind(struct fault_spec *spec, const struct field *field,
                     struct problem *problem)
{
    enum value_rule rule;

    if (!is_kind(field->name, &spec->kind))
        return problem_set(problem, "no fault is called '%s'", field->name);
    rule = kinds[spec->kind].rule;
    if (rule == NO_VALUE && field->value != NULL)
        return problem_set(problem, "%s takes no value", field->name);
    if (rule == NEEDS_TEXT && field->value == NULL)
        return problem_set(problem, "%s wants %s=TEXT", field->name, field->name);
    if (rule == NEEDS_STATUS || rule == MAY_BE_NUMBER)
        return set_value_number(spec, field, problem);
    spec->value_bytes = field->value_bytes;
    spec->value = malloc(field->value_bytes + 1);
    if (spec->value == NULL)
        return problem_set(problem, "out of memory");
    memcpy(spec->value, field->value == NULL ? "" : field->value,
           field->value_bytes + 1);
    return true;
}

static bool set_text(char **text, const struct field *field, struct problem *problem)
{
    if (field->value == NULL || *field->value == '\0')
        return problem_set(problem, "%s wants a value", field->name);
    free(*text);
    *text = strdup(field->value);
    return *text != NULL || problem_set(problem, "out of memory");
}

static bool set_count(unsigned long long *count, const struct field *field,
                      struct problem *problem)
{
    if (parse_number(field->value, 1ULL << 40, count) && *count > 0)
        return true;
    return problem_set(problem, "%s wants a number above 0", field->name);
}

static bool set_option(struct fault_spec *spec, const struct field *field,
                       struct problem *problem)
{
    if (strcmp(field->name, "number") == 0)
        return set_text(&spec->number, field, problem);
    if (strcmp(field->name, "customer") == 0)
        return set_text(&spec->customer, field, problem);
    if (strcmp(field->name, "count") == 0)
        return set_count(&spec->count, field, problem);
    if (strcmp(field->name, "every") == 0)
        return set_count(&spec->every, field, problem);
    if (strcmp(field->name, "retry-after") == 0 && spec->kind == FAULT_HTTP)
        return set_text(&spec->retry_after, field, problem);
    return problem_set(problem, "%s takes no option '%s'",
                       fault_spec_kind_name(spec->kind), field->name);
}

bool fault_spec_parse(const char *line, size_t size, struct fault_spec *spec_out,
                      struct problem *problem)
{
    bool (*set)(struct fault_spec *, const struct field *, struct problem *) = set_kind;
    const char *at;

    memset(spec_out, 0, sizeof(*spec_out));
    at = spec_out->line = strndup(line, size);
    if (at == NULL)
        return problem_set(problem, "out of memory");
    do {
        struct field field;
        bool ok;
        if (!take_field(&at, &field, problem))
            return false;
        ok = set(spec_out, &field, problem);
        free(field.name);
        if (!ok)
            return false;
        set = set_option;
    } while (*at != '\0');
    return true;
}
