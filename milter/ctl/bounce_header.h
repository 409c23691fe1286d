/* SPDX-License-Identifier: ISC */
/* The mail that is to be bounced, as pipe(8) of Postfix hands it over. */
#ifndef SMS_MILTER_CTL_BOUNCE_HEADER_H
#define SMS_MILTER_CTL_BOUNCE_HEADER_H

/* The Message-ID of the mail on standard input, as the journal has it; "" if it has
 * none. Reads no further than to the end of the header, and only a header of a usual
 * size. NULL without memory, or where there is no whole header, or where standard input
 * is a terminal. The caller frees it. */
char *bounce_header_message_id(void);

#endif
