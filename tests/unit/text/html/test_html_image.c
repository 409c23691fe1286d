/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include "text/html/html_image.h"

static void images_have_words(void **state)
{
    static const struct {
        const char *name;
        struct html_image image;
        enum html_image_kind want_kind;
        const char *want;
    } rows[] = {
        {"nothing", {.alt = NULL}, HTML_IMAGE_MUTE, NULL},
        {"no words", {.alt = " \n"}, HTML_IMAGE_MUTE, NULL},
        {"words", {.alt = "a"}, HTML_IMAGE_PICTURE, "a"},
        {"of a size",
         {.alt = "a", .width = "10", .height = "100%"},
         HTML_IMAGE_PICTURE,
         "a"},
        {"a pixel wide", {.alt = "a", .width = "1"}, HTML_IMAGE_MUTE, NULL},
        {"of no height", {.alt = "a", .height = " 0px"}, HTML_IMAGE_MUTE, NULL},
        {"emoji", {.alt = "\U0001F600"}, HTML_IMAGE_EMOJI, "\U0001F600"},
        {"emoji of two",
         {.alt = "\u2764\uFE0F\u200D\U0001F525"},
         HTML_IMAGE_EMOJI,
         "\u2764\uFE0F\u200D\U0001F525"},
        {"emoji with words",
         {.alt = "\U0001F600 a"},
         HTML_IMAGE_PICTURE,
         "\U0001F600 a"},
        {"joiners alone", {.alt = "\uFE0F\u200D"}, HTML_IMAGE_PICTURE, "\uFE0F\u200D"},
        {"emoji by class", {.alt = ":-)", .class = "a EMOJI"}, HTML_IMAGE_EMOJI, ":-)"},
        {"emoji by class of Gmail",
         {.alt = "x", .class = "goomoji"},
         HTML_IMAGE_EMOJI,
         "x"},
        {"emoji by data",
         {.emoji = "\U0001F44D", .alt = "x"},
         HTML_IMAGE_EMOJI,
         "\U0001F44D"},
        {"data that is no emoji",
         {.emoji = "<b>", .alt = "x"},
         HTML_IMAGE_PICTURE,
         "x"},
        {"another class", {.alt = "x", .class = "emojis"}, HTML_IMAGE_PICTURE, "x"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *words = NULL;

        check_number(rows[i].name, html_image_read(&rows[i].image, &words),
                     rows[i].want_kind);
        check_text(rows[i].name, words, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(images_have_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
