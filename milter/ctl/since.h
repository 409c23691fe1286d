/* SPDX-License-Identifier: ISC */
/* Reads a point in time as administrators write it or copy it from a log. */
#ifndef SMS_MILTER_CTL_SINCE_H
#define SMS_MILTER_CTL_SINCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* Reads one of
 * - a day ("2026-11-25"), which means its beginning;
 * - a day and a time (RFC 3339 with "T" or a space). Seconds, their fraction and the
 *   offset may be missing; without an offset it is local time;
 * - an age before now_s ("45s", "30m", "2h", "7d", "2w").
 * No text may stand before or after it. A time before 1970 is returned as 0. On failure
 * err->text gives examples. */
bool since_parse(const char *text, int64_t now_s, int64_t *since_s_out,
                 struct error *err);

#endif
