/* SPDX-License-Identifier: ISC */
/* What mail programs write between the lines of a mail and those of the mail that it
 * answers or forwards, in the languages of language.h. The words that are asked about
 * are those of struct quote_words; their case does not matter. */
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

/* "от": what stands between the date and the name where there is no verb. */
bool quote_phrases_is_sender_word(const char *word, size_t length);

/* "am", "uhr": what stands after the number of an hour. */
bool quote_phrases_is_time_unit(const char *word, size_t length);

/* A verb of attributions. */
struct quote_verb {
    size_t word_count;    /* 0: it is none */
    bool has_name_behind; /* in some program's attributions the name comes after it */
    bool has_date_before; /* or the date between the name and the verb */
};

/* The verb whose last word this is. Its other words must stand before it in the
 * sentence. */
struct quote_verb quote_phrases_verb(const char *sentence, const char *word,
                                     size_t length);

#endif
