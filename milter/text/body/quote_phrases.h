/* SPDX-License-Identifier: ISC */
/* What mail programs write between the lines of a mail and those of the mail that it
 * answers or forwards. English, Welsh, French, German, Spanish, Italian, Portuguese,
 * Dutch, Polish, Swedish, Danish, Norwegian, Finnish and Icelandic. Words are given as
 * in struct quote_words; their case does not matter. */
#ifndef SMS_MILTER_TEXT_BODY_QUOTE_PHRASES_H
#define SMS_MILTER_TEXT_BODY_QUOTE_PHRASES_H

#include <stdbool.h>
#include <stddef.h>

/* The fields that are shown of a mail's header. */
enum quote_field {
    QUOTE_FIELD_NONE,
    QUOTE_FIELD_FROM,
    QUOTE_FIELD_SENT, /* a date by a name that only mails have: "Sent", not "Date" */
    QUOTE_FIELD_DATE,
    QUOTE_FIELD_TO,
    QUOTE_FIELD_CC,
    QUOTE_FIELD_SUBJECT,
    QUOTE_FIELD_OTHER
};

enum { QUOTE_LABEL_BYTES = 32 }; /* the longest label is shorter */

/* The field that a label, without its colon, names. */
enum quote_field quote_phrases_field(const char *label, size_t length);

/* "original message": what stands between dashes. */
bool quote_phrases_is_separator(const char *words, size_t length);

/* "forwarded by ": what a separator begins with that names who and when. */
bool quote_phrases_begins_notes(const char *words, size_t length);

/* "begin forwarded message:", alone on its line. */
bool quote_phrases_is_announcement(const char *words, size_t length);

/* "quoting ": what an attribution without a verb begins with. */
bool quote_phrases_begins_quoting(const char *words, size_t length);

/* "on": what the date of an attribution begins with. */
bool quote_phrases_is_opener(const char *word, size_t length);

/* A verb of attributions. */
struct quote_verb {
    const char *word;
    size_t length;
    const char *before;   /* the word that must stand before it; NULL if none must */
    bool has_name_behind; /* in some program's attributions the name comes after it */
};

/* The verb that is this word; NULL if it is none. */
const struct quote_verb *quote_phrases_verb(const char *word, size_t length);

#endif
