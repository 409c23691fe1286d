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

/* Reads the options, and fills the accounts, faults and latency of simulator. Returns
 * false if they are wrong; *problem says why. The texts in *options_out belong to
 * argv. */
bool options_parse(int argc, char **argv, struct simulator *simulator,
                   struct options *options_out, struct problem *problem);

/* The text that --help prints. Borrowed: a literal. */
const char *options_help(void);

#endif
