/* SPDX-License-Identifier: ISC */
/* JSON (RFC 8259) on standard output. The one user of json-c in sms-milterctl. */
#ifndef SMS_MILTER_CTL_JSON_OUTPUT_H
#define SMS_MILTER_CTL_JSON_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

/* An object or an array; its parent owns it once it is in one. Without memory, all of
 * these leave out what there is none for. */
struct json_object;

struct json_object *json_output_new(void);

/* Adds a member; text is valid UTF-8, NULL is null. */
void json_output_text(struct json_object *object, const char *name, const char *text);
void json_output_number(struct json_object *object, const char *name, long long number);

/* Adds an empty object or array, and returns it: borrowed from its parent. */
struct json_object *json_output_object(struct json_object *object, const char *name);
struct json_object *json_output_array(struct json_object *object, const char *name);

/* Appends to an array. */
void json_output_item(struct json_object *array, const char *text);
struct json_object *json_output_item_object(struct json_object *array);

/* Prints the object on one line and frees it; false, with errno, if that fails. */
bool json_output_print(struct json_object *object);

/* The same for one of many: the line may still be in stdio's buffer. */
bool json_output_line(struct json_object *object);

#endif
