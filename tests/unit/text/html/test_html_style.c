/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <string.h>

#include "text/html/html_style.h"

static struct html_style read_style(const char *css)
{
    return html_style_read(css, strlen(css));
}

static void some_styles_hide(void **state)
{
    static const struct {
        const char *name, *css;
        bool want;
    } rows[] = {
        {"nothing", "", false},
        {"display", "display:none", true},
        {"another display", "display:block", false},
        {"spaces and case", " DISPLAY :\tNone ;", true},
        {"importance", "display:none!important", true},
        {"importance with spaces", "display: none ! IMPORTANT ", true},
        {"the last one wins", "display:none;display:block", false},
        {"but for an important one", "display:none!important;display:block", true},
        {"behind a comment", "/* x:y; */ display:/**/none", true},
        {"in a comment", "/* display:none */", false},
        {"in a comment without end", "/* display:none", false},
        {"behind a URL", "background:url(data:x;y);display:none", true},
        {"in a string", "font-family:'x;display:none'", false},
        {"behind nonsense", ";;: x;: ;y;display:none", true},
        {"a longer name", "x-display:none;displays:none", false},
        {"visibility", "visibility:hidden", true},
        {"visibility of a row", "visibility:collapse", true},
        {"opacity", "opacity:0", true},
        {"some opacity", "opacity:0.9", false},
        {"no height at most", "max-height:0px", true},
        {"no height, and cut", "height:0;overflow:hidden", true},
        {"no height, not cut", "height:0", false},
        {"no width, and cut", "width:1px;overflow:hidden", true},
        {"some width, and cut", "width:100%;overflow:hidden", false},
        {"far left", "position:absolute;left:-9999px", true},
        {"far left, without position", "left:-9999px", false},
        {"a little left", "position:absolute;left:-9px", false},
        {"indented away", "text-indent:-9999px", true},
        {"margin", "margin-left:-1000em", true},
        {"size of nothing", "max-height:;opacity:", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, read_style(rows[i].css).is_hidden, rows[i].want);
    check_true("Outlook's own", read_style("mso-hide:all").is_mso_hidden);
    check_true("displayed", read_style("display:inline").is_displayed);
    check_true("the style ends where its length says",
               !html_style_read("display:none", 11).is_hidden);
}

static void some_text_cannot_be_read(void **state)
{
    static const struct {
        const char *name, *css;
        enum html_answer want_tiny, want_faint;
    } rows[] = {
        {"nothing said", "", HTML_UNSAID, HTML_UNSAID},
        {"no size", "font-size:0", HTML_YES, HTML_UNSAID},
        {"no size, with a unit", "font-size:0.0em", HTML_YES, HTML_UNSAID},
        {"a pixel", "font-size:1px", HTML_YES, HTML_UNSAID},
        {"a point", "font-size:1.0pt", HTML_YES, HTML_UNSAID},
        {"a size", "font-size:11px", HTML_NO, HTML_UNSAID},
        {"an em", "font-size:1em", HTML_UNSAID, HTML_UNSAID},
        {"a root em", "font-size:1rem", HTML_NO, HTML_UNSAID},
        {"a part", "font-size:90%", HTML_UNSAID, HTML_UNSAID},
        {"a word", "font-size:small", HTML_NO, HTML_UNSAID},
        {"inherited", "font-size:inherit", HTML_UNSAID, HTML_UNSAID},
        {"all of the font", "font:italic bold 12px/30px Georgia", HTML_NO, HTML_UNSAID},
        {"all of the font, of no size", "font:0/0 a", HTML_YES, HTML_UNSAID},
        {"all of the font, with its weight", "font:700 0px a", HTML_YES, HTML_UNSAID},
        {"a font without a size", "font:inherit", HTML_UNSAID, HTML_UNSAID},
        {"a colour", "color:red", HTML_UNSAID, HTML_NO},
        {"white on white", "color:#fff;background-color:white", HTML_UNSAID, HTML_YES},
        {"in three ways", "color:rgb(255, 255,255);background:#FFFFFF url(x)",
         HTML_UNSAID, HTML_YES},
        {"black on white", "color:#000;background:#fff", HTML_UNSAID, HTML_NO},
        {"names of colours we do not know", "color:whitesmoke;background:whitesmoke",
         HTML_UNSAID, HTML_NO},
        {"no colours", "color:#ffff;background:#ffff", HTML_UNSAID, HTML_NO},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct html_style style = read_style(rows[i].css);

        check_number(rows[i].name, style.is_tiny, rows[i].want_tiny);
        check_number(rows[i].name, style.is_faint, rows[i].want_faint);
    }
}

static void white_space_is_kept(void **state)
{
    (void)state;
    check_number("unsaid", read_style("x:y").is_pre, HTML_UNSAID);
    check_number("pre", read_style("white-space:pre").is_pre, HTML_YES);
    check_number("pre-line", read_style("white-space:pre-line").is_pre, HTML_YES);
    check_number("break-spaces", read_style("white-space:break-spaces").is_pre,
                 HTML_YES);
    check_number("normal", read_style("white-space:normal").is_pre, HTML_NO);
    check_number("inherit", read_style("white-space:inherit").is_pre, HTML_UNSAID);
}

static void a_border_begins_a_reply(void **state)
{
    static const struct {
        const char *name, *css;
        bool want;
    } rows[] = {
        {"Outlook", "border:none;border-top:solid #E1E1E1 1.0pt", true},
        {"Outlook 2007", "border:none;border-top:solid #B5C4DF 1.0pt", true},
        {"a browser", "border-top:1pt solid rgb(225, 225, 225)", true},
        {"a browser, in parts", "border-color:rgb(181,196,223) currentcolor", true},
        {"another colour", "border-top:solid #E1E1E2 1.0pt", false},
        {"another border", "border-bottom:solid #E1E1E1 1.0pt", false},
        {"no border", "color:#E1E1E1", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, read_style(rows[i].css).has_reply_border,
                     rows[i].want);
}

static void an_image_may_be_a_pixel(void **state)
{
    (void)state;
    check_true("width", read_style("width:1px").is_pixel);
    check_true("height", read_style("height:0").is_pixel);
    check_true("larger", !read_style("width:10px;height:10px").is_pixel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(some_styles_hide),        UNIT_TEST(some_text_cannot_be_read),
        UNIT_TEST(white_space_is_kept),     UNIT_TEST(a_border_begins_a_reply),
        UNIT_TEST(an_image_may_be_a_pixel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
