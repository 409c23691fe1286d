/* SPDX-License-Identifier: ISC */
#include "text/language/language.h"

/* One line a language. */
#define LANGUAGES(ONE) \
    ONE(english)       \
    ONE(welsh)         \
    ONE(french)        \
    ONE(german)        \
    ONE(spanish)       \
    ONE(italian)       \
    ONE(portuguese)    \
    ONE(dutch)         \
    ONE(polish)        \
    ONE(swedish)       \
    ONE(danish)        \
    ONE(norwegian)     \
    ONE(finnish)       \
    ONE(icelandic)     \
    ONE(ukrainian)     \
    ONE(russian)       \
    ONE(romanian)      \
    ONE(czech)         \
    ONE(slovak)        \
    ONE(hungarian)     \
    ONE(greek)         \
    ONE(turkish)       \
    ONE(croatian)      \
    ONE(lithuanian)    \
    ONE(arabic)        \
    ONE(brands)

#define DECLARE(name) extern const struct language language_##name;
LANGUAGES(DECLARE)

#define POINT_TO(name) &language_##name,
const struct language *const languages[] = {LANGUAGES(POINT_TO)};

const size_t language_count = sizeof languages / sizeof *languages;
