/* SPDX-License-Identifier: ISC */
/* A point in time as administrators write it, or copy it from a log. */
#ifndef SMS_MILTER_CTL_SINCE_H
#define SMS_MILTER_CTL_SINCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Reads a day ("2026-11-25", from its beginning), a day and a time (RFC 3339 with "T"
 * or a space; seconds, their fraction and the offset may be missing: without an offset
 * it is local time), or an age before now_s ("45s", "30m", "2h", "7d", "2w"). Nothing
 * may be before or behind it. What is before 1970 is 0. Fails with examples in
 * err->text. */
bool since_parse(const char *text, int64_t now_s, int64_t *since_s_out,
                 struct error *err);

#endif
