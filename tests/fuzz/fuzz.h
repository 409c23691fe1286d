/* SPDX-License-Identifier: ISC */
/* What the fuzz harnesses share. A harness is a libFuzzer target: it is given octets,
 * and aborts where what comes of them breaks a promise of the header that it tests. */
#ifndef SMS_MILTER_TESTS_FUZZ_FUZZ_H
#define SMS_MILTER_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program, with the promise that was broken. */
void fuzz_require(bool is_so, const char *promise);

/* The first octet of an input, which chooses options; 0 where there is none. It is
 * taken off the input. */
unsigned fuzz_take_choice(const uint8_t **data, size_t *size);

/* The rest of the input as the valid UTF-8 without NUL that most modules are promised;
 * the caller frees it. */
char *fuzz_text(const uint8_t *data, size_t size);

/* A text section whose options the bits of choice choose. The caller frees it with
 * text_options_free(). */
struct text_options fuzz_options(unsigned choice);

#endif
