/* SPDX-License-Identifier: ISC */
/* Reads the standard input of sms-milterctl. */
#ifndef SMS_MILTER_CTL_INPUT_H
#define SMS_MILTER_CTL_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/* Reads standard input to its end and keeps at most limit_bytes of it. *data_out gets a
 * buffer that the caller frees; a NUL follows the data and is not counted in *size_out.
 * On failure reports the reason on standard error. */
bool input_read(size_t limit_bytes, char **data_out, size_t *size_out);

#endif
