/* SPDX-License-Identifier: ISC */
#include "text/html/html_image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const char white_space[] = " \t\r\n\f";

/* A family of four with its skin colours and joiners takes 41 bytes. */
enum { LONGEST_EMOJI = 48 };

static bool is_pictograph(uint32_t point)
{
    return (point >= 0x1F000 && point <= 0x1FAFF) ||
           (point >= 0x2600 && point <= 0x27BF) ||
           (point >= 0x2B00 && point <= 0x2BFF) ||
           (point >= 0x2190 && point <= 0x23FF) || point == 0x203C || point == 0x2049;
}

/* What turns a character into an emoji, or joins two of them. */
static bool is_emoji_joiner(uint32_t point)
{
    return point == 0x200D || point == 0xFE0F || point == 0x20E3 ||
           (point >= 0xE0020 && point <= 0xE007F);
}

static bool is_emoji(const char *text)
{
    bool has_pictograph = false;
    uint32_t point;

    if (strlen(text) > LONGEST_EMOJI)
        return false;
    while (utf8_next(&text, &point)) {
        if (is_pictograph(point))
            has_pictograph = true;
        else if (!is_emoji_joiner(point))
            return false;
    }
    return has_pictograph;
}

static bool has_class(const char *classes, const char *wanted)
{
    while (classes && *classes != '\0') {
        size_t length = strcspn(classes, white_space);

        if (length == strlen(wanted) && strncasecmp(classes, wanted, length) == 0)
            return true;
        classes += length;
        classes += strspn(classes, white_space);
    }
    return false;
}

/* A width or height of a pixel or less, as those have that report who reads. */
static bool is_pixel(const char *size)
{
    if (!size)
        return false;
    size += strspn(size, white_space);
    if (*size != '0' && *size != '1')
        return false;
    return size[1] == '\0' || strcmp(size + 1, "px") == 0;
}

enum html_image_kind html_image_read(const struct html_image *image,
                                     const char **words_out)
{
    const char *alt = image->alt ? image->alt : "";

    if (image->emoji && is_emoji(image->emoji)) {
        *words_out = image->emoji;
        return HTML_IMAGE_EMOJI;
    }
    if (alt[strspn(alt, white_space)] == '\0' || is_pixel(image->width) ||
        is_pixel(image->height))
        return HTML_IMAGE_MUTE;
    *words_out = alt;
    if (is_emoji(alt) || has_class(image->class, "emoji") ||
        has_class(image->class, "goomoji"))
        return HTML_IMAGE_EMOJI;
    return HTML_IMAGE_PICTURE;
}
