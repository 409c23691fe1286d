/* SPDX-License-Identifier: ISC */
/* What an image says in words. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_IMAGE_H
#define SMS_MILTER_TEXT_HTML_HTML_IMAGE_H

enum html_image_kind {
    HTML_IMAGE_MUTE,    /* it has no words, or nobody is to see it */
    HTML_IMAGE_PICTURE, /* its words stand for it where there is nothing else */
    HTML_IMAGE_EMOJI,   /* its words are a character of the text */
};

/* The attributes of an image, NULL where it has none such. */
struct html_image {
    const char *alt, *class, *emoji, *width, *height;
};

/* Tells the kind; *words_out is one of the attributes, unless the image is mute. */
enum html_image_kind html_image_read(const struct html_image *image,
                                     const char **words_out);

#endif
