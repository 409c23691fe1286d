/* SPDX-License-Identifier: ISC */
/* The octets of a text, whatever charset they are said to be in -> UTF-8. */
#ifndef SMS_MILTER_TEXT_MIME_CHARSET_H
#define SMS_MILTER_TEXT_MIME_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

/* Returns a new string of valid UTF-8 without NUL that the caller frees, its length in
 * *length_out; NULL without memory. charset is the name that the mail gives, any case,
 * or NULL. Where it is missing, unknown to iconv or plainly wrong, the text itself
 * tells: a byte order mark, well-formed UTF-8, the escapes of ISO-2022, else
 * Windows-1252. What is malformed all the same becomes U+FFFD. */
char *charset_to_utf8(const char *charset, const char *bytes, size_t size_bytes,
                      size_t *length_out);

/* Octets of the longest name of a charset, with the NUL (RFC 2978 section 2.3 allows 40
 * characters). */
enum { CHARSET_NAME_SIZE = 41 };

/* The charset that an HTML document says it is in, within its first 1024 octets as the
 * HTML standard wants it. False if it says none. */
bool charset_of_html(const char *html, size_t size_bytes,
                     char name_out[CHARSET_NAME_SIZE]);

#endif
