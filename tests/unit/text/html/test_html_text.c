/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/html/html_text.h"

/* Writes the text with "{Q:" and "{S:" where a mark begins and "}" where one ends. */
static char *write_marks(const struct marked_text *text)
{
    char *written = NULL;
    size_t length;
    FILE *out = open_memstream(&written, &length);

    assert_non_null(out);
    for (size_t at = 0; at <= text->length_bytes; at++) {
        for (size_t i = 0; i < text->span_count; i++)
            if (text->spans[i].end_bytes == at)
                fputc('}', out);
        for (size_t i = text->span_count; i-- > 0;)
            if (text->spans[i].start_bytes == at)
                fputs(text->spans[i].mark == MARK_QUOTE ? "{Q:" : "{S:", out);
        if (at < text->length_bytes)
            fputc(text->text[at], out);
    }
    fclose(out);
    return written;
}

struct row {
    const char *name, *html, *want;
};

static void check_row(const struct row *row, enum links links)
{
    struct marked_text text = {0};
    size_t size_bytes = strlen(row->html);
    char *html = malloc(size_bytes + 1), *got;

    /* No NUL after it: a reader that goes on is caught. */
    assert_non_null(html);
    memcpy(html, row->html, size_bytes);
    html = realloc(html, size_bytes > 0 ? size_bytes : 1);
    assert_non_null(html);
    html_text_append(html, size_bytes, links, &text);
    got = write_marks(&text);
    check_text(row->name, got, row->want);
    check_true(row->name, !text.is_lost);
    check_true(row->name, !text.text || utf8_is_valid(text.text));
    free(got);
    free(html);
    marked_text_free(&text);
}

static void check_rows(const struct row *rows, size_t count, enum links links)
{
    for (size_t i = 0; i < count; i++)
        check_row(&rows[i], links);
}

static void white_space_is_as_in_a_browser(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", ""},
        {"white space", " \n ", ""},
        {"only text", "No bus today", "No bus today"},
        {"text folds", "  No \r\n\t bus  ", "No bus"},
        {"inline elements share their spaces", "a<b> b</b> <i>c</i>d", "a b cd"},
        {"no space where there is none", "un<b>believ</b>able", "unbelievable"},
        {"a no-break space is a space", "1&nbsp;000 &nbsp; x", "1 000 x"},
        {"a filled line is empty", "<p>a</p><p>&nbsp;</p><p>b</p>", "a\nb"},
        {"blocks are lines", "<div>a</div><p>b</p>c<h1>d</h1>e", "a\nb\nc\nd\ne"},
        {"blocks in blocks", "<div><div><p>a</p></div></div><div>b</div>", "a\nb"},
        {"sections",
         "<header>a</header><main><section>b</section><article>c</article></main>"
         "<aside>d</aside><nav>e</nav><footer>f</footer>",
         "a\nb\nc\nd\ne\nf"},
        {"address, center, figure, form, fieldset",
         "<address>a</address><center>b</center><figure>c<figcaption>d</figcaption>"
         "</figure><form>e<fieldset><legend>f</legend>g</fieldset></form>",
         "a\nb\nc\nd\ne\nf\ng"},
        {"definitions", "<dl><dt>a<dd>b<dt>c<dd>d</dl>", "a\nb\nc\nd"},
        {"br ends a line", "a<br>b<br/>c", "a\nb\nc"},
        {"br leaves no blank line", "a<br><br><br>b", "a\nb"},
        {"br at the end of a block", "<p>a<br></p><p>b</p>", "a\nb"},
        {"hr ends a line", "a<hr>b", "a\nb"},
        {"wbr does not", "a<wbr>b", "ab"},
        {"pre keeps spaces and lines", "<pre>a  b\n c\n\nd\n</pre>e",
         "a  b\n c\n\nd\ne"},
        {"a line end behind pre does not count", "x<pre>\na</pre>", "x\na"},
        {"pre-wrap", "<div style='white-space: pre-wrap'>a  b\nc</div>d  e",
         "a  b\nc\nd e"},
        {"normal in pre", "<pre>a  b<div style='white-space:normal'>c  d</div></pre>",
         "a  b\nc d"},
        {"br in pre", "<pre>a<br>b</pre>", "a\nb"},
        {"a line separator is a line end", "a&#x2028;b", "a\nb"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void lists_have_dashes(void **state)
{
    static const struct row rows[] = {
        {"items", "Bring:<ul><li>lunch</li><li>coat</li></ul>Bye",
         "Bring:\n- lunch\n- coat\nBye"},
        {"items without end", "<ul><li>a<li>b</ul>", "- a\n- b"},
        {"a paragraph in an item", "<ul><li><p>a</p></li><li>\n<div>b</div></li></ul>",
         "- a\n- b"},
        {"two paragraphs in an item", "<ul><li><p>a</p><p>b</p></li></ul>", "- a\nb"},
        {"an empty item", "<ul><li></li><li> </li><li>a</li></ul>b", "- a\nb"},
        {"numbers", "<ol><li>a<li>b</ol>", "1. a\n2. b"},
        {"numbers from start", "<ol start=9><li>a<li>b</ol>", "9. a\n10. b"},
        {"numbers by value", "<ol><li>a<li value=5>b<li>c</ol>", "1. a\n5. b\n6. c"},
        {"a start that is none", "<ol start=x><li>a</ol>", "1. a"},
        {"nested", "<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n- b\n- c"},
        {"numbers go on behind a list in them",
         "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>", "1. a\n- b\n2. c"},
        {"a list in a list, without an item around it", "<ul>a<ul><li>b</ul>c</ul>d",
         "a\n- b\nc\nd"},
        {"a list as the only content of an item", "<ul><li><ul><li>a</ul></ul>", "- a"},
        {"an item without a list", "<li>a<li>b", "- a\n- b"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void tables_are_read_by_row(void **state)
{
    static const struct row rows[] = {
        {"a row is a line",
         "<table><tr><th>Day</th><th>Time</th></tr><tr><td>Mon</td><td>9</td></tr>"
         "</table>",
         "Day, Time\nMon, 9"},
        {"no comma behind a colon", "<table><tr><td>When:</td><td>9</td></tr></table>",
         "When: 9"},
        {"empty cells are left out", "<table><tr><td>a<td><td>&nbsp;<td>b<td></table>",
         "a, b"},
        {"Word has paragraphs in cells",
         "<table><tr><td><p>a</p></td>\n<td><p>b</p></td></tr></table>", "a, b"},
        {"a cell of two lines does not join",
         "<table><tr><td>a<br>b</td><td>c</td></tr></table>", "a\nb\nc"},
        {"a layout of single cells",
         "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\nb"},
        {"a table in a cell is a block",
         "<table><tr><td>a<table><tr><td>b<td>c</table>d</td></tr></table>e",
         "a\nb, c\nd\ne"},
        {"a cell behind a table in a cell",
         "<table><tr><td>a<table><tr><td>b</table></td><td>c</td></tr></table>",
         "a\nb\nc"},
        {"a table in the second cell",
         "<table><tr><td>a</td><td><table><tr><td>b</table></td></tr></table>", "a\nb"},
        {"rows and cells without end", "<table><tbody><tr><td>a<td>b<tr><td>c</table>",
         "a, b\nc"},
        {"cells without a table", "<td>a</td><td>b</td>", "a, b"},
        {"caption", "<table><caption>c</caption><tr><td>a</table>", "c\na"},
        {"an outer row goes on behind an inner table",
         "<table><tr><td>a</td><td>b</td><td><table><tr><td>c</table></td></tr><tr>"
         "<td>d<td>e</table>",
         "a, b\nc\nd, e"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void what_is_no_text_is_left_out(void **state)
{
    static const struct row rows[] = {
        {"head", "<head><title>t</title><style>s</style><meta name=x></head><body>a",
         "a"},
        {"script", "a<script>if (1 < 2) b('</p>')</script>c", "ac"},
        {"a head that swallows the body", "<head><title>t<body>a</body>", "a"},
        {"a style that swallows the body", "<head><style>p {}<body><p>a", "a"},
        {"text in the head", "<html><head>a</head><body>b", "ab"},
        {"noscript is shown", "<noscript>a</noscript>", "a"},
        {"template", "a<template>b</template>c", "ac"},
        {"object and iframe", "a<object>b</object><iframe>c</iframe>d", "ad"},
        {"svg and math", "a<svg><title>b</title><text>c</text></svg><math>d</math>e",
         "ae"},
        {"svg without end tag", "<table><tr><td><svg><path></td><td>a</table>", "a"},
        {"svg closed at once", "a<svg/>b", "ab"},
        {"audio and video", "a<audio>b</audio><video>c</video>d", "ad"},
        {"forms",
         "a<select><option>b</select><textarea>c</textarea><input value=d>"
         "<button>e</button>",
         "ae"},
        {"comment", "a<!-- b -->c", "ac"},
        {"comments of all kinds", "a<!-->b<!--->c<!-- x --!>d<!- y ->e<?php z?>f",
         "abcdef"},
        {"a comment with tags", "a<!-- <p>b</p> -->c", "ac"},
        {"Outlook's own part", "a<!--[if mso]><p>b</p><![endif]-->c", "ac"},
        {"what is not for Outlook, hidden from it",
         "a<!--[if !mso]><!-->b<!--<![endif]-->c", "abc"},
        {"what is not for Outlook, in the open", "a<![if !mso]>b<![endif]>c", "abc"},
        {"Office's filling", "<p>a<o:p>&nbsp;</o:p></p><p><o:p>&nbsp;</o:p></p>b",
         "a\nb"},
        {"XML of Office", "<?xml:namespace prefix = o ns = \"x\" /><xml>a</xml>b", "b"},
        {"doctype", "<!DOCTYPE html PUBLIC \"a\" \"b\">c", "c"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void what_is_hidden_is_left_out(void **state)
{
    static const struct row rows[] = {
        {"display", "<div style='display:none'>a</div>b", "b"},
        {"in capitals, with importance", "<p STYLE='DISPLAY : NONE !IMPORTANT'>a</p>b",
         "b"},
        {"with a reference", "<p style='display:&#110;one'>a</p>b", "b"},
        {"behind a font in quotes",
         "<p style=\"font-family:&quot;A;B&quot;;display:none\">a</p>b", "b"},
        {"all that is in it", "<div style='display:none'>a<p>b<div>c</div></div>d",
         "d"},
        {"whatever is said in it",
         "<div style='display:none'><p style='display:block'>a</p></div>b", "b"},
        {"a font around paragraphs",
         "<font style='display:none'><p>a</p><p>b</p></font>c", "c"},
        {"attribute", "<p hidden>a</p><p hidden=''>b</p>c", "c"},
        {"aria-hidden is seen", "<p aria-hidden=true>a</p>", "a"},
        {"preheader of all tricks",
         "<div class=preheader style='font-size:1px;line-height:1px;max-height:0;"
         "max-width:0;opacity:0;overflow:hidden;mso-hide:all'>a &zwnj;&nbsp;</div>b",
         "b"},
        {"a class called preheader is seen", "<div class=preheader>a</div>b", "a\nb"},
        {"hidden from Outlook", "<div style='mso-hide:all'>a</div>b", "b"},
        {"a button that is hidden from Outlook only",
         "<!--[if mso]><v:roundrect>x</v:roundrect><![endif]-->"
         "<a href='https://a.example/' style='mso-hide:all'>Go</a>",
         "Go (https://a.example/)"},
        {"font of no size, with one in it (MJML)",
         "<td style='font-size:0px'><div style='font-size:13px'>a</div>b</td>", "a"},
        {"a part of no size is none",
         "<div style='font-size:0'>a<b style='font-size:2em'>b</b></div>c", "c"},
        {"white on white", "<p style='color:#FFF;background:#ffffff'>a</p>b", "b"},
        {"white on white, with black in it",
         "<div style='color:white;background-color:#fff'>a<p "
         "style='color:#000'>b</div>",
         "b"},
        {"class in a style sheet",
         "<style>.x, p.y {display:none !important}</style><p class='a x'>a</p>"
         "<p class=y>b</p><div class=y>c</div>",
         "c"},
        {"id in a style sheet", "<style>#x{display:none}</style><p id=x>a</p>b", "b"},
        {"a style sheet for telephones",
         "<style>@media only screen and (max-width:600px){.x{display:none}}</style>"
         "<p class=x>a</p>",
         "a"},
        {"a style element for print",
         "<style media=print>.x{display:none}</style>"
         "<p class=x>a</p>",
         "a"},
        {"a style sheet, and its exception",
         "<style>.x{display:none}</style><p class=x style='display:block'>a</p>", "a"},
        {"a hidden line does not end the one around it",
         "a <span style='display:none'>b<br>c</span>d", "a d"},
        {"what follows is seen", "<p style='display:none'>a<p>b", "b"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void references_are_characters(void **state)
{
    static const struct row rows[] = {
        {"names", "&lt;b&gt; &amp; &quot;&eacute;&quot; &euro;", "<b> & \"é\" €"},
        {"numbers", "&#8364;&#x20AC;&#X41;", "€€A"},
        {"Windows-1252", "It&#146;s &#150; &#128;", "It’s – €"},
        {"no semicolon", "&nbspa&copy b&#65 c&eacute-", "a© bA cé-"},
        {"unknown", "AT&T &unknown; & &; &#; &#x; &1;",
         "AT&T &unknown; & &; &#; &#x; &1;"},
        {"of no character", "a&#0;b&#xD800;c&#x110000;", "a\uFFFDb\uFFFDc\uFFFD"},
        {"of two characters", "&nvlt;", "<\u20D2"},
        {"of a name that goes on", "&notit; &notin;", "\u00ACit; \u2209"},
        {"written twice", "&amp;lt;b&amp;gt;", "&lt;b&gt;"},
        {"in an attribute", "<a href='https://a.example/?x=1&copy=2&amp;y=3'>a</a>",
         "a (https://a.example/?x=1&copy=2&y=3)"},
        {"UTF-8, whatever the head says",
         "<meta charset=iso-8859-1><meta http-equiv=Content-Type content='text/html; "
         "charset=utf-16'>\u00E9 \u20AC \U0001F600",
         "\u00E9 \u20AC \U0001F600"},
        {"control characters", "a\001b\fc\177", "a b c"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void malformed_html_keeps_its_text(void **state)
{
    static const struct row rows[] = {
        {"an angle in text", "5 < 6 and a<3 b <- c", "5 < 6 and a<3 b <- c"},
        {"an angle at the end", "a <", "a <"},
        {"an address in angles", "Bob <bob@a.example> wrote",
         "Bob <bob@a.example> wrote"},
        {"a URL in angles", "See <https://a.example/x> now",
         "See <https://a.example/x> now"},
        {"unclosed elements", "<div><p>a<b>b<i>c", "abc"},
        {"unclosed paragraphs", "<p>a<p>b<p>c", "a\nb\nc"},
        {"misnested", "<b>a<i>b</b>c</i>d", "abcd"},
        {"misnested blocks", "<b><p>a</b>b</p>c", "ab\nc"},
        {"misnested blocks that are hidden",
         "<font style='font-size:0'><p>a</font>b</p>c", "b\nc"},
        {"a hidden span that the format around it ends",
         "<b><span style='display:none'>a</b>b", "b"},
        {"a hidden span in a block that a format leaves open",
         "<b><p><span style='display:none'>a</b>b</p>c", "c"},
        {"end tags of nothing", "a</div></td></table></b>b</>c</ x>d", "abcd"},
        {"end of no paragraph", "a</p>b", "a\nb"},
        {"br as an end tag", "a</br>b", "a\nb"},
        {"unknown elements", "<foo>a</foo><x-y>b</x-y>", "ab"},
        {"unclosed quote", "a<a href=\"https://x>b</a><p>c", "ab\nc"},
        {"unclosed comment", "a<!-- b > c", "a c"},
        {"cut in a tag", "a<span sty", "a"},
        {"cut in a value", "a<span style=\"x", "a"},
        {"cut in an end tag", "a</spa", "a"},
        {"cut behind a slash", "a</", "a</"},
        {"cut in a comment", "a<!-- b", "a"},
        {"cut in a reference", "a &am", "a &am"},
        {"cut in a link", "a <a href='https://x.example/'>b",
         "a b (https://x.example/)"},
        {"two bodies", "<body>a</body></html><html><body>b</body></html>", "ab"},
        {"attributes of all kinds",
         "<p a b=c d='e' f=\"g>h\" i = j / style='display:none' style=''>x</p>y", "y"},
        {"spaces in an end tag", "<p>a</p ><p>b</p\n>c", "a\nb\nc"},
        {"slash without space", "a<br/>b<hr/>c", "a\nb\nc"},
        {"capitals", "<P>a</P><DIV>b</DIV>", "a\nb"},
        {"the end tag of a link that a cell ends",
         "<td><a href='//x.example'>a<td>b</a>", "a (https://x.example), b"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void images_speak_where_nothing_else_does(void **state)
{
    static const struct row rows[] = {
        {"a picture in a text", "a<img src=x alt=Logo>", "a"},
        {"a picture alone", "<p><img src=x alt='School  closed'></p>", "School closed"},
        {"several", "<img alt=a><img alt=b>", "a\nb"},
        {"only spaces besides", "&nbsp;<p><img alt=a></p>", "a"},
        {"without words", "<img src=x><img alt=' '>", ""},
        {"tracking pixel", "<img width=1 height=1 alt=x><img width='0px' alt=y>", ""},
        {"pixel by its style", "<img style='width:1px' alt=x><img hidden alt=y>", ""},
        {"a picture beside a signature", "<img alt=a><div id=Signature>b</div>",
         "{S:b\n}a"},
        {"a picture in a signature", "<div id=Signature><img alt=a>b</div>", "{S:b\n}"},
        {"a picture beside a quote", "<img alt=a><blockquote type=cite>b</blockquote>",
         "{Q:b\n}"},
        {"a link that is a picture", "<a href='https://a.example/'><img alt=a></a>",
         "a (https://a.example/)"},
        {"a link that is a picture without words",
         "<a href='https://a.example/'><img></a>", "https://a.example/"},
        {"a link that is a picture in a text",
         "x<a href='https://a.example/'><img alt=a></a>", "x"},
        {"emoji by its words", "Hi <img alt='\U0001F600'>!", "Hi \U0001F600!"},
        {"emoji by its class", "Hi <img class='x emoji' alt=':-)'>", "Hi :-)"},
        {"emoji of Gmail", "Hi <img data-emoji='\U0001F44D' alt='thumbs'>",
         "Hi \U0001F44D"},
    };
    static const struct row text_rows[] = {
        {"words of a picture that is a link",
         "<a href='https://a.example/'><img alt=a></a>", "a"},
    };
    static const struct row url_rows[] = {
        {"URL of a picture", "<a href='https://a.example/'><img alt=a></a>",
         "https://a.example/"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
    check_rows(text_rows, COUNT(text_rows), LINKS_TEXT);
    check_rows(url_rows, COUNT(url_rows), LINKS_URL);
}

static void links_say_where_they_go(void **state)
{
    static const struct row rows[] = {
        {"a link", "See <a href='https://a.example/x'>here</a>.",
         "See here (https://a.example/x)."},
        {"space in its end", "<a href='https://a.example/x'>here </a>now",
         "here (https://a.example/x) now"},
        {"a block in it", "<a href='https://a.example/x'><p>Read</p></a>on",
         "Read (https://a.example/x)\non"},
        {"a button of a table",
         "<a href='https://a.example/x'><table><tr><td>Go</td></tr></table></a>b",
         "Go (https://a.example/x)\nb"},
        {"its text is the URL", "<a href='https://a.example/x'>https://a.example/x</a>",
         "https://a.example/x"},
        {"its text is the domain", "<a href='http://www.a.example/'>A.example</a>",
         "A.example"},
        {"no text in a text", "a<a href='https://a.example/'> </a>b", "a b"},
        {"a place in the mail", "<a href='#x'>a</a><a name=x>b</a>", "ab"},
        {"nothing that a phone could open",
         "<a href='javascript:x()'>a</a><a href='cid:1'>b</a><a href='file:///x'>c</a>"
         "<a href='data:x'>d</a><a href='x.html'>e</a>",
         "abcde"},
        {"mail", "<a href='mailto:a@b.example'>Mail us</a>", "Mail us (a@b.example)"},
        {"mail that is said", "<a href='mailto:a@b.example'>A@B.example</a>",
         "A@B.example"},
        {"telephone", "<a href='tel:+442079460000'>Call us</a>",
         "Call us (+442079460000)"},
        {"a link cut in two",
         "<a href='https://a.example/x'>Our</a> <a href='https://a.example/x'>page</a>",
         "Our (https://a.example/x) page"},
        {"mail without text", "Write <a href='mailto:a%40b.example?subject=x'></a>",
         "Write a@b.example"},
        {"telephone without text", "<a href='tel:+442079460000'><img></a>",
         "+442079460000"},
        {"safe link",
         "<a href='https://eur01.safelinks.protection.outlook.com/?url="
         "https%3A%2F%2Fa.example%2Fx&amp;data=1'>here</a>",
         "here (https://a.example/x)"},
        {"safe link whose text is a safe link",
         "<a href='https://eur01.safelinks.protection.outlook.com/?url="
         "https%3A%2F%2Fa.example%2Fx&amp;data=1'>"
         "https://eur01.safelinks.protection.outlook.com/?url="
         "https%3A%2F%2Fa.example%2Fx&amp;data=1</a> b",
         "https://a.example/x b"},
        {"the same in a list",
         "<ul><li><a href='https://a.safelinks.protection.outlook.com/?url="
         "https%3A%2F%2Fa.example%2Fx'>See https://a.safelinks.protection.outlook.com/"
         "?url=https%3A%2F%2Fa.example%2Fx</a></ul>",
         "- See https://a.example/x"},
        {"an end tag is missing",
         "<a href='https://a.example/1'>a <a href='https://a.example/2'>b</a>",
         "a (https://a.example/1) b (https://a.example/2)"},
        {"a hidden link", "a<a href='https://a.example/' style='display:none'>b</a>",
         "a"},
        {"a URL of two lines", "<a href=' https://a.example/\nx y '>a</a>",
         "a (https://a.example/x%20y)"},
    };
    static const struct row text_rows[] = {
        {"a link", "See <a href='https://a.example/x'>here</a>.", "See here."},
        {"mail without text", "<a href='mailto:a@b.example'></a>", "a@b.example"},
    };
    static const struct row url_rows[] = {
        {"a link", "See <a href='https://a.example/x'>here <b>it</b></a> is.",
         "See https://a.example/x is."},
        {"no text in a text", "a<a href='https://a.example/'><br> </a>", "a"},
        {"mail", "<a href='mailto:a@b.example'>Mail us</a>", "Mail us"},
        {"a place in the mail", "<a href='#x'>a</a>", "a"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
    check_rows(text_rows, COUNT(text_rows), LINKS_TEXT);
    check_rows(url_rows, COUNT(url_rows), LINKS_URL);
}

static void quotes_are_marked(void **state)
{
    static const struct row rows[] = {
        {"Gmail, answer above",
         "<div dir=ltr>Yes</div><br><div class='gmail_quote "
         "gmail_quote_container'><div "
         "dir=ltr class=gmail_attr>On Mon, Bob wrote:<br></div><blockquote "
         "class=gmail_quote style='margin:0'><div>Old</div></blockquote></div>",
         "Yes\n{Q:On Mon, Bob wrote:\n}{Q:Old\n}"},
        {"Gmail, answers below and between",
         "<div class=gmail_quote><div class=gmail_attr>On Mon, Bob wrote:</div>"
         "<blockquote class=gmail_quote>Q1</blockquote><div>A1</div>"
         "<blockquote class=gmail_quote>Q2</blockquote><div>A2</div></div>",
         "{Q:On Mon, Bob wrote:\n}{Q:Q1\n}A1\n{Q:Q2\n}A2"},
        {"Gmail, before there was gmail_attr",
         "Yes<div class=gmail_quote>On Mon, Bob wrote:<br><blockquote "
         "class=gmail_quote>Q</blockquote>No</div>",
         "Yes\n{Q:On Mon, Bob wrote:\n}{Q:Q\n}No"},
        {"Gmail, forwarded",
         "See<div class=gmail_quote><div class=gmail_attr>---- Forwarded ----<br>From: "
         "A</div><br>B<blockquote class=gmail_quote>C</blockquote>D</div>",
         "See\n{Q:{Q:---- Forwarded ----\nFrom: A\n}B\n{Q:C\n}D\n}"},
        {"Gmail, forwarded without a quote in it",
         "<div class=gmail_quote><div class=gmail_attr>Fwd</div>B</div>A",
         "{Q:{Q:Fwd\n}B\n}A"},
        {"Gmail, a quote in a quote",
         "a<div class=gmail_quote><div class=gmail_attr>I</div><blockquote "
         "class=gmail_quote>b<div class=gmail_quote><div class=gmail_attr>J</div>"
         "<blockquote class=gmail_quote>c</blockquote></div></blockquote>d</div>",
         "a\n{Q:I\n}{Q:b\n{Q:J\n}{Q:c\n}}d"},
        {"Apple Mail",
         "<div>Yes</div><div><br><blockquote type=cite><div>On 1 May, Bob wrote:</div>"
         "<br><div>Old</div></blockquote></div>",
         "Yes\n{Q:On 1 May, Bob wrote:\nOld\n}"},
        {"Thunderbird, answer below",
         "<div class=moz-cite-prefix>On 01/05, Bob wrote:<br></div><blockquote "
         "type='cite' cite='mid:x'>Old</blockquote><p>Yes</p>",
         "{Q:On 01/05, Bob wrote:\n}{Q:Old\n}Yes"},
        {"Thunderbird, forwarded",
         "See<div class=moz-forward-container><br>-------- Forwarded Message --------"
         "<table class=moz-email-headers-table><tr><th>Subject: </th><td>x</td></tr>"
         "</table>B</div>",
         "See\n{Q:-------- Forwarded Message --------\n{Q:Subject: x\n}B\n}"},
        {"Yahoo",
         "Yes<div id=yahoo_quoted_12 class=yahoo_quoted><div>On Mon, Bob wrote:</div>"
         "Old</div>",
         "Yes\n{Q:On Mon, Bob wrote:\nOld\n}"},
        {"Outlook on the web",
         "<div>Yes</div><hr><div id=divRplyFwdMsg><b>From:</b> A<br><b>Sent:</b> "
         "B</div>"
         "<div>Old</div><p>Older</p>",
         "Yes\n{Q:From: A\nSent: B\nOld\nOlder\n}"},
        {"Outlook on the web, answered",
         "Yes<div id=x_x_divRplyFwdMsg>From: A</div>Old", "Yes\n{Q:From: A\nOld\n}"},
        {"an anchor of Outlook is no quote", "<div id=appendonsend></div>a", "a"},
        {"new Outlook",
         "Yes<div id=mail-editor-reference-message-container><div>From: "
         "A</div>Old</div>"
         "b",
         "Yes\n{Q:From: A\nOld\n}b"},
        {"Outlook for phones",
         "Yes<div class=ms-outlook-mobile-reference-message>Old</div>",
         "Yes\n{Q:Old\n}"},
        {"Outlook for Windows",
         "<div class=WordSection1><p class=MsoNormal>Yes<o:p></o:p></p><div><div "
         "style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"
         "<p class=MsoNormal><b>Von:</b> A<br><b>Gesendet:</b> B<br></p></div></div>"
         "<p class=MsoNormal>Old</p></div>",
         "Yes\n{Q:Von: A\nGesendet: B\nOld\n}"},
        {"Outlook 2007, as a browser writes it",
         "Yes<div style='border-style: solid none none; border-color: rgb(181, 196, "
         "223) "
         "currentcolor'><p>From: A<br>Sent: B</p></div>Old",
         "Yes\n{Q:From: A\nSent: B\nOld\n}"},
        {"such a line without a header",
         "<div style='border-top:solid #E1E1E1 1.0pt'>Menu<br>Monday: soup</div>b",
         "Menu\nMonday: soup\nb"},
        {"Outlook for Mac", "<span id=OLK_SRC_BODY_SECTION>a</span>b", "{Q:a\n}b"},
        {"Proton, Zoho, Tutanota, Lotus",
         "<div class=protonmail_quote>a</div><div class=zmail_extra>b</div>"
         "<blockquote class=tutanota_quote>c</blockquote><div "
         "id=isForwardContent>d</div>"
         "<div id=isReplyContent>e</div>",
         "{Q:a\n}{Q:b\n}{Q:c\n}{Q:d\n}{Q:e\n}"},
        {"GroupWise", "<div class=GroupWiseReplyHeader>a</div>b", "{Q:a\n}b"},
        {"a block quote is the sender's own", "a<blockquote>b</blockquote>c",
         "a\nb\nc"},
        {"a class that only begins like it", "<div class='gmail_quotes x'>a</div>",
         "a"},
        {"in the middle of a line", "a<span class=protonmail_quote>b</span>c",
         "a\n{Q:b\n}c"},
        {"an empty quote", "a<blockquote type=cite> <br></blockquote>b", "a\nb"},
        {"a hidden quote",
         "a<blockquote type=cite style='display:none'>x</blockquote>b", "ab"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void signatures_are_marked(void **state)
{
    static const struct row rows[] = {
        {"Gmail",
         "a<div><span class=gmail_signature_prefix>-- </span><br><div dir=ltr "
         "class=gmail_signature data-smartmail=gmail_signature>Bob</div></div>",
         "a\n{S:--\n}{S:Bob\n}"},
        {"Thunderbird", "a<pre class=moz-signature cols=72>-- \nBob</pre>",
         "a\n{S:-- \nBob\n}"},
        {"Outlook on the web", "a<div id=Signature><p>Bob</p></div>", "a\n{S:Bob\n}"},
        {"the same, answered", "a<div id=x_x_signature>Bob</div>", "a\n{S:Bob\n}"},
        {"Outlook for phones",
         "a<div id=ms-outlook-mobile-signature>Get Outlook for iOS</div>",
         "a\n{S:Get Outlook for iOS\n}"},
        {"Samsung", "a<div id=composer_signature>Sent from my Galaxy</div>b",
         "a\n{S:Sent from my Galaxy\n}b"},
        {"Apple", "a<div id=AppleMailSignature dir=ltr>Bob</div>", "a\n{S:Bob\n}"},
        {"Proton and Zoho",
         "<div class='protonmail_signature_block x'>a</div><div class=zmail_signature>b"
         "</div>",
         "{S:a\n}{S:b\n}"},
        {"in a quote",
         "<blockquote type=cite>a<div class=moz-signature>b</div></blockquote>c",
         "{Q:a\n{S:b\n}}c"},
        {"a signature that links",
         "<div id=Signature><a href='https://a.example/'>A</a></div>",
         "{S:A (https://a.example/)\n}"},
    };

    (void)state;
    check_rows(rows, COUNT(rows), LINKS_BOTH);
}

static void text_is_appended(void **state)
{
    struct marked_text text = {0};

    (void)state;
    marked_text_append(&text, "before", 6);
    html_text_append("<p>a", 4, LINKS_BOTH, &text);
    html_text_append("", 0, LINKS_BOTH, &text);
    html_text_append("<blockquote type=cite>b", 23, LINKS_BOTH, &text);
    check_text("each on lines of its own", text.text, "before\na\nb\n");
    assert_int_equal(text.span_count, 1);
    check_number("the mark is where its text is", (long long)text.spans[0].start_bytes,
                 9);
    marked_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(white_space_is_as_in_a_browser),
        UNIT_TEST(lists_have_dashes),
        UNIT_TEST(tables_are_read_by_row),
        UNIT_TEST(what_is_no_text_is_left_out),
        UNIT_TEST(what_is_hidden_is_left_out),
        UNIT_TEST(references_are_characters),
        UNIT_TEST(malformed_html_keeps_its_text),
        UNIT_TEST(images_speak_where_nothing_else_does),
        UNIT_TEST(links_say_where_they_go),
        UNIT_TEST(quotes_are_marked),
        UNIT_TEST(signatures_are_marked),
        UNIT_TEST(text_is_appended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
