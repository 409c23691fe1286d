/* SPDX-License-Identifier: ISC */
/* The words of a header field that are not ASCII (RFC 2047). GMime decodes them too,
 * but believes the charset that they name, and joins the halves of a character that was
 * cut between two of them only in one of the two forms. */
#ifndef SMS_MILTER_TEXT_MIME_ENCODED_WORDS_H
#define SMS_MILTER_TEXT_MIME_ENCODED_WORDS_H

/* Returns an unfolded field with its encoded words decoded, in a new string of valid
 * UTF-8 that the caller frees; NULL without memory. What is no encoded word stays as it
 * is. */
char *encoded_words_decode(const char *field);

#endif
