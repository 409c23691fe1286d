/* SPDX-License-Identifier: ISC */
/* Decodes the encoded words of a header field (RFC 2047). GMime decodes them too, but
 * it trusts the charset that they name. It also joins a character that was split
 * between two words in only one of the two encodings. */
#ifndef SMS_MILTER_TEXT_MIME_ENCODED_WORDS_H
#define SMS_MILTER_TEXT_MIME_ENCODED_WORDS_H

/* Decodes the encoded words of an unfolded field. Returns a new string of valid UTF-8,
 * which the caller frees; NULL without memory. All other text is unchanged. */
char *encoded_words_decode(const char *field);

#endif
