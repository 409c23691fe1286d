/* SPDX-License-Identifier: ISC */
/* Functions shared by the fuzz harnesses. A harness is a libFuzzer target: it gets
 * octets, and aborts if the result breaks a promise of the header that it tests. */
#ifndef SMS_MILTER_TESTS_FUZZ_FUZZ_H
#define SMS_MILTER_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program and names the broken promise, unless is_so. */
void fuzz_require(bool is_so, const char *promise);

/* Removes the first octet of an input, which chooses options, and returns it; 0 if the
 * input is empty. */
unsigned fuzz_take_choice(const uint8_t **data, size_t *size);

/* The rest of the input as valid UTF-8 without NUL, which is what most modules expect.
 * The caller frees it. */
char *fuzz_text(const uint8_t *data, size_t size);

/* Text options chosen by the bits of choice. The caller frees them with
 * text_options_free(). */
struct text_options fuzz_options(unsigned choice);

#endif
