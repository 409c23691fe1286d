/* SPDX-License-Identifier: ISC */
/* Converts the octets of a text to UTF-8, whatever their declared charset is. */
#ifndef SMS_MILTER_TEXT_MIME_CHARSET_H
#define SMS_MILTER_TEXT_MIME_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

/* Returns a new string of valid UTF-8 without NUL, which the caller frees, and its
 * length in *length_out. NULL without memory. charset is the name that the mail gives,
 * in any case, or NULL. If it is missing, unknown to iconv or clearly wrong, the text
 * itself decides: a byte order mark, well-formed UTF-8, the escapes of ISO-2022,
 * otherwise Windows-1252. Bytes that are still malformed become U+FFFD. */
char *charset_to_utf8(const char *charset, const char *bytes, size_t size_bytes,
                      size_t *length_out);

/* The size of the longest charset name with its NUL (RFC 2978 section 2.3 allows 40
 * characters). */
enum { CHARSET_NAME_SIZE = 41 };

/* Finds the charset that an HTML document declares in its first 1024 octets, as the
 * HTML standard requires. Returns false if it declares none. */
bool charset_of_html(const char *html, size_t size_bytes,
                     char name_out[CHARSET_NAME_SIZE]);

#endif
