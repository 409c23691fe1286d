/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_PAGE_H
#define SIMULATOR_PAGE_H

#include <stddef.h>

/* The files of the inbox page. make writes them into page_data.c, so they are part of
 * the program. */
struct page_file {
    const char *path;
    const char *type;
    const unsigned char *data;
    size_t bytes;
};

extern const struct page_file page_files[];
extern const size_t page_file_count;

#endif
