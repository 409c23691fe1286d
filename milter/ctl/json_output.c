/* SPDX-License-Identifier: ISC */
#include "ctl/json_output.h"

#include <errno.h>
#include <json.h>
#include <stdio.h>

struct json_object *json_output_new(void)
{
    return json_object_new_object();
}

/* Adds a value to an object. Returns NULL if one of them is NULL. */
static struct json_object *add(struct json_object *object, const char *name,
                               struct json_object *value)
{
    if (object && json_object_object_add(object, name, value) == 0)
        return value;
    json_object_put(value);
    return NULL;
}

static struct json_object *append(struct json_object *array, struct json_object *value)
{
    if (array && json_object_array_add(array, value) == 0)
        return value;
    json_object_put(value);
    return NULL;
}

void json_output_text(struct json_object *object, const char *name, const char *text)
{
    add(object, name, text ? json_object_new_string(text) : NULL);
}

void json_output_number(struct json_object *object, const char *name, long long number)
{
    add(object, name, json_object_new_int64(number));
}

struct json_object *json_output_object(struct json_object *object, const char *name)
{
    return add(object, name, json_object_new_object());
}

struct json_object *json_output_array(struct json_object *object, const char *name)
{
    return add(object, name, json_object_new_array());
}

void json_output_item(struct json_object *array, const char *text)
{
    append(array, json_object_new_string(text));
}

struct json_object *json_output_item_object(struct json_object *array)
{
    return append(array, json_object_new_object());
}

bool json_output_line(struct json_object *object)
{
    const char *text =
        json_object_to_json_string_ext(object, JSON_C_TO_STRING_NOSLASHESCAPE);
    bool is_printed = text && puts(text) >= 0;
    int saved = errno;

    json_object_put(object);
    errno = saved;
    return is_printed;
}

bool json_output_print(struct json_object *object)
{
    return json_output_line(object) && fflush(stdout) == 0;
}
