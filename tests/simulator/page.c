/* SPDX-License-Identifier: ISC */
#include "page.h"
#include "page_data.h"

const struct page_file page_files[] = {
    {"/", "text/html; charset=utf-8", page_html, sizeof(page_html)},
    {"/inbox.css", "text/css; charset=utf-8", page_css, sizeof(page_css)},
    {"/inbox.js", "text/javascript; charset=utf-8", page_js, sizeof(page_js)},
    {"/icon.svg", "image/svg+xml", page_icon, sizeof(page_icon)},
};

const size_t page_file_count = sizeof(page_files) / sizeof(page_files[0]);
