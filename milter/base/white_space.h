/* SPDX-License-Identifier: ISC */
/* What counts as white space. There are four rules. They differ on purpose, because
 * each must agree with the programs that read the same octets elsewhere. */
#ifndef SMS_MILTER_BASE_WHITE_SPACE_H
#define SMS_MILTER_BASE_WHITE_SPACE_H

#include <stdbool.h>

/* For the grammar of header fields: only space and tab can fold a field (RFC 5322
 * section 2.2.3). If more characters counted, one program would see a new field where
 * another sees the rest of the field above. */
static inline bool white_space_is_folding(char c)
{
    return c == ' ' || c == '\t';
}

/* For the keys of mails: all white space of ASCII, in any locale. Two copies of a mail
 * are the same, even if a mail server has wrapped or indented one of them. */
static inline bool white_space_is_ascii(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* For texts whose lines are kept: the same without line ends. */
static inline bool white_space_is_in_line(char c)
{
    return white_space_is_ascii(c) && c != '\n' && c != '\r';
}

/* For what a signature covers: everything that some verifier treats as white space, and
 * so does not distinguish from a space. RFC 6376 section 3.4 names only space and tab,
 * but verifiers do not agree, so this is all control characters, except ESC, which
 * begins letters in ISO-2022. */
static inline bool white_space_is_unsigned(char c)
{
    return (unsigned char)c <= ' ' && c != '\x1B';
}

#endif
