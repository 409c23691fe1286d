/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_FAULT_SPEC_H
#define SIMULATOR_FAULT_SPEC_H

#include "fault.h"

/* KIND[=VALUE][,number=PREFIX][,customer=ID][,count=N][,every=N][,retry-after=S],
 * parsed. Only fault.c uses this. */
struct fault_spec {
    enum fault_kind kind;
    char *line;  /* as written */
    char *value; /* never NULL; a NUL follows value_bytes */
    size_t value_bytes;
    unsigned long long value_number;
    char *number; /* this and the next two: NULL if not given */
    char *customer;
    char *retry_after;
    unsigned long long count; /* 0: no limit */
    unsigned long long every; /* 0: every match */
};

/* Parses size bytes of line into *spec_out. The caller clears it with
 * fault_spec_clear(), also after a failure. */
bool fault_spec_parse(const char *line, size_t size, struct fault_spec *spec_out,
                      struct problem *problem);

void fault_spec_clear(struct fault_spec *spec);

/* Borrowed: a literal. */
const char *fault_spec_kind_name(enum fault_kind kind);

#endif
