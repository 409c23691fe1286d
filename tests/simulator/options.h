/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_OPTIONS_H
#define SIMULATOR_OPTIONS_H

#include "http.h"

/* The command line. */
struct options {
    struct http_options http;
    bool wants_help;
    bool wants_version;
};

/* Reads it, and fills the accounts, faults and latency of simulator. False: *problem
 * says what is wrong. The texts in *options_out are argv's. */
bool options_parse(int argc, char **argv, struct simulator *simulator,
                   struct options *options_out, struct problem *problem);

/* What --help prints. Borrowed: a literal. */
const char *options_help(void);

#endif
