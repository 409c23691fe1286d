/* SPDX-License-Identifier: ISC */
/* Writes JSON (RFC 8259) to standard output. Only this module of sms-milterctl uses
 * json-c. */
#ifndef SMS_MILTER_CTL_JSON_OUTPUT_H
#define SMS_MILTER_CTL_JSON_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* An object or an array. Its parent owns it once it was added. Without memory these
 * functions leave out what cannot be stored. */
struct json_object;

struct json_object *json_output_new(void);

/* Adds a member. text is valid UTF-8; NULL is written as null. */
void json_output_text(struct json_object *object, const char *name, const char *text);
void json_output_number(struct json_object *object, const char *name, long long number);

/* Adds an empty object or array and returns it, borrowed from its parent. */
struct json_object *json_output_object(struct json_object *object, const char *name);
struct json_object *json_output_array(struct json_object *object, const char *name);

/* Appends to an array. */
void json_output_item(struct json_object *array, const char *text);
struct json_object *json_output_item_object(struct json_object *array);

/* Prints the object on one line and frees it. Returns false, with errno set, on
 * failure. */
bool json_output_print(struct json_object *object);

/* The same for one of many objects: the line may still be in stdio's buffer. */
bool json_output_line(struct json_object *object);

#endif
