/* SPDX-License-Identifier: ISC */
/* What sms-milterctl is given on standard input. */
#ifndef SMS_MILTER_CTL_INPUT_H
#define SMS_MILTER_CTL_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Reads standard input to its end, limit_bytes of it at the most (what is behind them
 * is read and dropped). *data_out is the caller's to free and has a NUL behind it that
 * *size_out does not count. Says on standard error why it cannot. */
bool input_read(size_t limit_bytes, char **data_out, size_t *size_out);

#endif
