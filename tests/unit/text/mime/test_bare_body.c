/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/mime/bare_body.h"

#define X76 \
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define PLAIN_PART "--b\nContent-Type: text/plain; charset=UTF-8\n\nFire\n"
#define HTML_PART "--b\nContent-Type: text/html\n\n<p>Fire\n"
#define CLOSE "--b--\n"
#define MIXED "multipart/mixed; boundary=\"b\""
#define ALTERNATIVE "multipart/alternative; boundary=\"b\""

static void a_body_tells_what_it_is(void **state)
{
    static const struct {
        const char *name, *body, *type, *encoding;
    } rows[] = {
        {"nothing", "", "text/plain", "7bit"},
        {"a text", "No bus today.\n", "text/plain", "7bit"},
        {"a text in UTF-8",
         "Gr\xC3\xBC\xC3\x9F"
         "e\n",
         "text/plain", "7bit"},
        {"a text of long lines", X76 " " X76 "\n", "text/plain", "7bit"},

        {"escapes", "Gr=C3=BC=C3=9Fe\n", "text/plain", "quoted-printable"},
        {"escapes as on the wire", "Gr=C3=BC=C3=9Fe\r\n", "text/plain",
         "quoted-printable"},
        {"escapes of a charset of one octet", "caf=E9\n", "text/plain",
         "quoted-printable"},
        {"a line that goes on", "No b=\nus\n", "text/plain", "quoted-printable"},
        {"an equals sign", "1 + 1 =3D 2\n", "text/plain", "quoted-printable"},
        {"a blank at the end of a line", "No bus=20\n", "text/plain",
         "quoted-printable"},
        {"a dot at the beginning of a line", "a=\n=2E\n", "text/plain",
         "quoted-printable"},
        {"From at the beginning of a line", "=46rom here\n", "text/plain",
         "quoted-printable"},
        {"an equals sign as it is", "speed = 12\n", "text/plain", "7bit"},
        {"digits behind an equals sign", "speed=12\n", "text/plain", "7bit"},
        {"a value that has the form of an escape", "Disk of srv1: used=95%\n",
         "text/plain", "7bit"},
        {"one at the end of a line", "load=80\nused=99\n", "text/plain", "7bit"},
        {"one before a blank", "load=80 is high\n", "text/plain", "7bit"},
        {"one beside an escape", "used=3D95%, load=80\n", "text/plain",
         "quoted-printable"},
        {"an apostrophe of Windows-1252", "it=92s shut\n", "text/plain",
         "quoted-printable"},
        {"its quotation marks", "the =93bus=94 is late\n", "text/plain",
         "quoted-printable"},
        {"a dash behind a blank", "shut =96 all day\n", "text/plain",
         "quoted-printable"},
        {"two octets of one character", "b=99=99\n", "text/plain", "quoted-printable"},
        {"a letter that needs no escape", "=41larm\n", "text/plain", "7bit"},
        {"a blank within a line that needs none", "No=20bus\n", "text/plain", "7bit"},
        {"small letters behind it", "a=c3=bc\n", "text/plain", "quoted-printable"},
        {"tabs at the beginning of a line", "a\n=09=09b\n", "text/plain",
         "quoted-printable"},
        {"a month", "month=09\nx\n", "text/plain", "quoted-printable"},
        {"a month within", "month=09 x\n", "text/plain", "7bit"},
        {"escapes and an octet that is not ASCII", "a=C3=BC \xC3\xBC\n", "text/plain",
         "7bit"},
        {"escapes on a line that is too long", X76 "=3D\n", "text/plain", "7bit"},

        {"base64", "Tm8gYnVzIHRvZGF5Lgo=\n", "text/plain", "base64"},
        {"base64 without a line end", "Tm8gYnVzIHRvZGF5Lgo=", "text/plain", "base64"},
        {"base64 in lines",
         "Tm8gYnVzIHRvZGF5LiBObyBidXMgdG9tb3Jyb3cuIE5vIGJ1cyBhdCBhbGwuIE5vIGJ1cyB0b2Rh"
         "\n"
         "eS4K\n",
         "text/plain", "base64"},
        {"base64 in one long line",
         "Tm8gYnVzIHRvZGF5LiBObyBidXMgdG9tb3Jyb3cuIE5vIGJ1cyBhdCBhbGwuIE5vIGJ1cyB0b2Rh"
         "eS4K\n",
         "text/plain", "base64"},
        {"base64 without its padding", "Tm8gYnVzIHRvZGF5Lgo\n", "text/plain", "base64"},
        {"a long word", "Donaudampfschifffahrtsgesellschaftskapitaen\n", "text/plain",
         "7bit"},
        {"a word of three letters", "Yes\n", "text/plain", "7bit"},
        {"digits of a telephone", "07700900123\n", "text/plain", "7bit"},
        {"base64 of ISO-2022-JP", "GyRCJDMkcxsoQgo=\n", "text/plain", "base64"},
        {"a word of four letters", "Fire\n", "text/plain", "7bit"},
        {"a word of eight", "evacuate\n", "text/plain", "7bit"},
        {"digits", "1234\n", "text/plain", "7bit"},
        {"words", "Fire Fire\n", "text/plain", "7bit"},
        {"base64 and a line below it", "Tm8gYnVzIHRvZGF5Li4u\n\n-- \nlist\n",
         "text/plain", "7bit"},
        {"a name and an address", "<p.smith@school.example>\n", "text/plain", "7bit"},

        {"HTML", "<html><body>Fire</body></html>\n", "text/html", "7bit"},
        {"HTML below empty lines", "\n\n <!DOCTYPE HTML>\n<p>Fire\n", "text/html",
         "7bit"},
        {"a paragraph", "<p>Fire</p>\n", "text/html", "7bit"},
        {"HTML in escapes", "<div style=3D\"x\">Fire</div>\n", "text/html",
         "quoted-printable"},
        {"HTML in base64", "PGh0bWw+RmlyZTwvaHRtbD4K\n", "text/html", "base64"},
        {"a text with a tag in it", "Fire <b>now</b>\n", "text/plain", "7bit"},
        {"an address in angle brackets", "<head@school.example>\n", "text/plain",
         "7bit"},
        {"a number in angle brackets", "<1> Fire\n", "text/plain", "7bit"},

        {"a plain text and its HTML", PLAIN_PART HTML_PART CLOSE, ALTERNATIVE, "7bit"},
        {"a prologue", "This is MIME.\n" PLAIN_PART HTML_PART CLOSE, ALTERNATIVE,
         "7bit"},
        {"three forms",
         PLAIN_PART HTML_PART "--b\nContent-Type: text/calendar\n\nx\n" CLOSE,
         ALTERNATIVE, "7bit"},
        {"HTML with its pictures",
         PLAIN_PART "--b\nContent-Type:\n multipart/related; boundary=c\n\n--c\n\n"
                    "--c--\n" CLOSE,
         ALTERNATIVE, "7bit"},
        {"no type is plain", "--b\n\nFire\n" HTML_PART CLOSE, ALTERNATIVE, "7bit"},
        {"a type in the next line",
         PLAIN_PART "--b\nContent-Type:\n\ttext/html\n\n<p>Fire\n" CLOSE, ALTERNATIVE,
         "7bit"},
        {"white space behind the delimiter",
         "--b \nContent-Type: text/plain\n\nFire\n--b\t\nContent-Type: text/html\n\n"
         "x\n--b-- \n",
         ALTERNATIVE, "7bit"},
        {"one part", PLAIN_PART CLOSE, MIXED, "7bit"},
        {"two plain texts", PLAIN_PART PLAIN_PART CLOSE, MIXED, "7bit"},
        {"HTML first", HTML_PART PLAIN_PART CLOSE, ALTERNATIVE, "7bit"},
        {"HTML between two plain texts", PLAIN_PART HTML_PART PLAIN_PART CLOSE, MIXED,
         "7bit"},
        {"HTML alone", HTML_PART CLOSE, MIXED, "7bit"},
        {"an invitation", "BEGIN:VCALENDAR\nVERSION:2.0\n", "text/calendar", "7bit"},
        {"a picture", PLAIN_PART "--b\nContent-Type: image/png\n\nx\n" CLOSE, MIXED,
         "7bit"},
        {"HTML that is attached",
         PLAIN_PART "--b\nContent-Type: text/html\nContent-Disposition: attachment\n\n"
                    "x\n" CLOSE,
         MIXED, "7bit"},
        {"a multipart within",
         "--b\nContent-Type: multipart/alternative; boundary=c\n\n--c\n\nx\n--c--\n"
         "--b\nContent-Type: image/png\n\nx\n" CLOSE,
         MIXED, "7bit"},
        {"not closed", PLAIN_PART HTML_PART, "text/plain", "7bit"},
        {"closed by another", PLAIN_PART "--c--\n", "text/plain", "7bit"},
        {"no field below the delimiter", "--b\nHello there\n" CLOSE, "text/plain",
         "7bit"},
        {"a signature", "No bus\n-- \nHead\n--\nx\n", "text/plain", "7bit"},
        {"a drawn line", "----------\n\nNo bus\n----------\n", "text/plain", "7bit"},
        {"a quotation mark in a boundary", "--\"b\n\nx\n--\"b--\n", "text/plain",
         "7bit"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t size = strlen(rows[i].body);
        /* In memory of its own size, so that a read beyond the end is seen. */
        char *body = malloc(size ? size : 1);
        struct bare_body bare;

        assert_non_null(body);
        memcpy(body, rows[i].body, size);
        bare_body_look(body, size, &bare);
        check_text(rows[i].name, bare.type, rows[i].type);
        check_text(rows[i].name, bare.encoding, rows[i].encoding);
        free(body);
    }
}

static void no_body_is_a_text(void **state)
{
    struct bare_body bare;

    (void)state;
    bare_body_look(NULL, 0, &bare);
    check_text("type", bare.type, "text/plain");
    check_text("encoding", bare.encoding, "7bit");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_body_tells_what_it_is),
        UNIT_TEST(no_body_is_a_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
