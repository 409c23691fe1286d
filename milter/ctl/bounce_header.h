/* SPDX-License-Identifier: ISC */
/* Reads the header of the mail that bounces, as pipe(8) of Postfix passes it. */
#ifndef SMS_MILTER_CTL_BOUNCE_HEADER_H
#define SMS_MILTER_CTL_BOUNCE_HEADER_H

/* The Message-ID of the mail on standard input, in the form of the journal; "" if the
 * mail has none. Reads only to the end of the header, and only a header of a usual
 * size. NULL without memory, if the header is incomplete, or if standard input is a
 * terminal. The caller frees the result. */
char *bounce_header_message_id(void);

#endif
