/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/body/quote_attribution.h"

struct row {
    const char *name, *text;
    int want_lines; /* 0: no attribution */
    bool is_certain;
};

/* In a block of its own length, so that a sanitizer sees a read beyond the text. */
static struct quote_attribution read_text(const char *text)
{
    size_t length = strlen(text);
    char *copy = malloc(length > 0 ? length : 1);
    const struct marked_text marked = {.text = copy, .length_bytes = length};
    struct body_lines lines;
    struct quote_attribution attribution;

    assert_non_null(copy);
    memcpy(copy, text, length);
    assert_true(body_lines_read(&marked, &lines));
    attribution = quote_attribution_read(lines.items, lines.count);
    body_lines_free(&lines);
    free(copy);
    return attribution;
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct quote_attribution got = read_text(rows[i].text);

        check_number(rows[i].name, (long long)got.line_count, rows[i].want_lines);
        check_number(rows[i].name, got.is_certain, rows[i].is_certain);
    }
}

static const struct row program_rows[] = {
    {"Gmail en-GB", "On Mon, 23 Nov 2026 at 09:12, Jo Smith <jo@x> wrote:", 1, true},
    {"Gmail en-US", "On Mon, Nov 23, 2026 at 9:12 AM Jo Smith <jo@x> wrote:", 1, true},
    {"Gmail with narrow no-break space",
     "On Mon, Nov 23, 2026 at 9:12\u202fAM Jo Smith <jo@x> wrote:", 1, true},
    {"Gmail of old", "2026-11-23 9:12 GMT+01:00 Jo <jo@x>:", 1, true},
    {"Thunderbird en", "On 23/11/2026 09:12, Jo Smith wrote:", 1, true},
    {"Thunderbird en without time", "On 11/23/26, Jo Smith wrote:", 1, true},
    {"Apple en", "On Nov 23, 2026, at 9:12 AM, Jo wrote:", 1, true},
    {"Apple en-GB", "On 23 Nov 2026, at 09:12, Jo Smith <jo@x> wrote:", 1, true},
    {"Yahoo en", "On Monday, 23 November 2026 at 09:12:00 GMT, Jo <jo@x> wrote:", 1,
     true},
    {"Proton", "On Monday, November 23rd, 2026 at 9:12 AM, Jo <jo@x> wrote:", 1, true},
    {"month between dashes", "On 23-Nov-2026 Jo Smith wrote:", 1, true},
    {"Eudora", "At 09:12 23/11/2026, Jo Smith wrote:", 1, true},
    {"Exchange", "Jo Smith <jo@x> wrote:", 1, true},
    {"a bare address", "jo@x wrote:", 1, true},
    {"an address in brackets", "Jo Smith (jo@x) wrote:", 1, true},
    {"an address with its link", "Jo Smith <jo@x<mailto:jo@x>> wrote:", 1, true},
    {"family name first", "\"Smith, Jo\" <jo@x> wrote:", 1, true},
    {"a day without time, but an address", "On Monday Jo Smith <jo@x> wrote:", 1, true},
    {"through a list",
     "On Mon, 23 Nov 2026 at 09:12, 'Jo Smith' via Staff <staff@x> wrote:", 1, true},
    {"in italics", "*On 23/11/2026 09:12, Jo Smith wrote:*", 1, true},
    {"a mark of direction before it",
     "\u200eOn 23 Nov 2026, at 09:12, Jo <jo@x> wrote:", 1, true},
    {"Zoho", "---- On Mon, 23 Nov 2026 09:12:00 +0000 Jo Smith <jo@x> wrote ----", 1,
     true},
    {"Notes", "Jo Smith <jo@x> wrote on 23.11.2026 09:12:", 1, true},
    {"Notes with seconds", "Jo Smith <jo@x> wrote on 23/11/2026 09:12:02:", 1, true},
    {"GroupWise", ">>> Jo Smith <jo@x> 11/23/2026 9:12 AM >>>", 1, true},
    {"GroupWise without address", ">>> Jo Smith 11/23/2026 9:12 AM >>>", 1, true},
    {"GroupWise with message id",
     ">>> On 23/11/2026 at 09:12, in message <5F.1@x>, Jo wrote:", 1, true},
    {"Horde en", "Quoting Jo Smith <jo@x>:", 1, true},
    {"Horde de", "Zitat von Jo <jo@x>:", 1, true},
    {"Horde without name", "Quoting jo@x:", 1, true},

    {"Apple and Thunderbird de", "Am 23.11.2026 um 09:12 schrieb Jo:", 1, true},
    {"Gmail de", "Am Mo., 23. Nov. 2026 um 09:12 Uhr schrieb Jo <jo@x>:", 1, true},
    {"particles of a name", "Am 23.11.2026 um 09:12 schrieb Anna van der Berg:", 1,
     true},
    {"a day written out de", "Am Montag, den 23. November 2026 um 09:12 schrieb Jo:", 1,
     true},
    {"Open-Xchange de", "Jo Smith <jo@x> hat am 23.11.2026 09:12 geschrieben:", 1,
     true},
    {"Yahoo de",
     "Am Montag, 23. November 2026 um 09:12:00 MEZ hat Jo <jo@x> Folgendes "
     "geschrieben:",
     1, true},
    {"Yahoo pl",
     "W dniu poniedziałek, 23 listopada 2026 09:12:00 CET Jo <jo@x> napisał(a):", 1,
     true},
    {"Roundcube nl", "Jo Smith schreef op 2026-11-23 09:12:", 1, true},
    {"Android de", "Jo Smith <jo@x> schrieb am Mo., 23. Nov. 2026, 09:12:", 1, true},
    {"Gmail fr", "Le lun. 23 nov. 2026 à 09:12, Jo <jo@x> a écrit :", 1, true},
    {"Gmail fr with no-break space",
     "Le lun. 23 nov. 2026 à 09:12, Jo <jo@x> a écrit\u00a0:", 1, true},
    {"Thunderbird fr", "Le 23/11/2026 à 09:12, Jo a écrit :", 1, true},
    {"hours in French", "Le 23 novembre 2026 à 09h12, Jo a écrit :", 1, true},
    {"Gmail es", "El lun, 23 nov 2026 a las 9:12, Jo (<jo@x>) escribió:", 1, true},
    {"Thunderbird es", "El 23/11/26 a las 9:12, Jo escribió:", 1, true},
    {"afternoon es", "El lun, 23 nov 2026 a las 9:12 p. m., Jo (<jo@x>) escribió:", 1,
     true},
    {"Gmail it", "Il giorno lun 23 nov 2026 alle ore 09:12 Jo <jo@x> ha scritto:", 1,
     true},
    {"Thunderbird it", "Il 23/11/2026 09:12, Jo ha scritto:", 1, true},
    {"in data it", "In data 23/11/2026 09:12, Jo ha scritto:", 1, true},
    {"Gmail pt", "Em seg., 23 de nov. de 2026 às 09:12, Jo <jo@x> escreveu:", 1, true},
    {"Apple pt", "No dia 23/11/2026, às 09:12, Jo <jo@x> escreveu:", 1, true},
    {"Gmail nl", "Op ma 23 nov 2026 om 09:12 schreef Jo <jo@x>:", 1, true},
    {"Thunderbird nl", "Op 23-11-2026 om 09:12 schreef Jo:", 1, true},
    {"Apple nl", "Op 23 nov. 2026 om 09:12 heeft Jo <jo@x> het volgende geschreven:", 1,
     true},
    {"Outlook nl", "Op 23 nov. 2026 om 09:12 schreef Jo <jo@x> het volgende:", 1, true},
    {"Gmail pl", "pon., 23 lis 2026 o 09:12 Jo <jo@x> napisał(a):", 1, true},
    {"Thunderbird pl", "W dniu 23.11.2026 o 09:12, Jo pisze:", 1, true},
    {"Apple pl",
     "Wiadomość napisana przez Jo <jo@x> w dniu 23 lis 2026, o godz. 09:12:", 1, true},
    {"Gmail sv", "Den mån 23 nov. 2026 kl 09:12 skrev Jo <jo@x>:", 1, true},
    {"Thunderbird sv", "Den 2026-11-23 kl. 09:12, skrev Jo:", 1, true},
    {"Apple sv", "23 nov. 2026 kl. 09:12 skrev Jo <jo@x>:", 1, true},
    {"Gmail da", "Den man. 23. nov. 2026 kl. 09.12 skrev Jo <jo@x>:", 1, true},
    {"Thunderbird da and no", "Den 23.11.2026 09:12, skrev Jo:", 1, true},
    {"Gmail no", "man. 23. nov. 2026 kl. 09:12 skrev Jo <jo@x>:", 1, true},
    {"Gmail fi", "ma 23. marrask. 2026 klo 9.12 Jo (jo@x) kirjoitti:", 1, true},
    {"Thunderbird fi", "Jo kirjoitti 23.11.2026 klo 9.12:", 1, true},
    {"Gmail is", "Þann mán., 23. nóv. 2026 kl. 09:12 skrifaði Jo <jo@x>:", 1, true},
    {"Gmail cy", "Ar Llun, 23 Tach 2026 am 09:12, ysgrifennodd Jo <jo@x>:", 1, true},
    {"Thunderbird cy", "Ar 23/11/2026 09:12, ysgrifennodd Jo:", 1, true},
};

static void attributions_of_mail_programs_are_certain(void **state)
{
    (void)state;
    check_rows(program_rows, COUNT(program_rows));
}

/* Some programs write no verb. Then the date with its time and the address are enough.
 * */
static const struct row verbless_rows[] = {
    {"day, date, time, name, address", "Mon, 23 Nov 2026 at 9:12, Jo <jo@x>:", 1, true},
    {"no name", "23. 11. 2026 9:12, <jo@x>:", 1, true},
    {"a whole date", "23.11.2026, 09:12, \"Jo Smith\" <jo@x>:", 1, true},
    {"no time", "Mon, 23 Nov 2026, Jo <jo@x>:", 0, false},
    {"no year", "Mon, 23 Nov at 9:12, Jo <jo@x>:", 0, false},
    {"words behind the address", "Mon, 23 Nov 2026 at 9:12, Jo <jo@x> is here:", 0,
     false},
    {"no brackets around the address", "Mon, 23 Nov 2026 at 9:12 mail jo@x:", 0, false},
    {"a sentence before the address",
     "On 23 Nov 2026 at 9:12 please write to our office <jo@x>:", 0, false},
    {"a name only, which a quote must follow", "23.11.26 09:12, Jo Smith:", 1, false},
    {"a sentence behind the date", "23.11.26 09:12, bring your boots:", 0, false},
};

/* Word orders and scripts of other languages. */
static const struct row order_rows[] = {
    {"Turkish: name, date, verb", "Ayşe Yılmaz, 23.11.2026 09:12 tarihinde yazdı:", 1,
     true},
    {"without the word behind the date", "Ayşe Yılmaz, 23.11.2026 09:12 yazdı:", 1,
     false},
    {"a sentence before the date",
     "Ayşe bugün okulda bize 23.11.2026 09:12 tarihinde yazdı:", 1, false},
    {"Hungarian: the date in brackets",
     "Szabó Péter <p@x> ezt írta (időpont: 2026. nov. 23., H, 9:12):", 1, true},
    {"and wrapped",
     "Szabó Péter <p@x> ezt írta (időpont: 2026. nov.\n23., H, 9:12):", 2, true},
    {"Arabic: a verb of five words",
     "\u202bفي الاثنين، 17 أغسطس 2026 في 3:53 م تمت كتابة ما يلي بواسطة "
     "\u202aSara\u202c\u200f <\u202as@x\u202c\u200f>:\u202c",
     1, true},
    {"Arabic digits", "في الأحد، ٣ فبراير ٢٠١٩ ٥:٤١ ص، كتب رافي روري <r@x>:", 1, true},
    {"an Arabic sentence with a date", "في 13 سبتمبر 2026 كتب الطلاب إلى المدير:", 1,
     false},
    {"Cyrillic sentences have small words, too",
     "23 листопада 2026 року директор школи нам пише:", 1, false},
    {"a label and a date of the sender's own", "Date: 24/11/2026\nMrs Smith wrote:", 0,
     false},
};

static void other_word_orders_are_known(void **state)
{
    (void)state;
    check_rows(order_rows, COUNT(order_rows));
}

static void attributions_without_a_verb_have_all_else(void **state)
{
    (void)state;
    check_rows(verbless_rows, COUNT(verbless_rows));
}

static const struct row wrapped_rows[] = {
    {"before the verb", "On Mon, 23 Nov 2026 at 09:12, Jo Smith <jo@x>\nwrote:\n> a", 2,
     true},
    {"before the address", "On Mon, 23 Nov 2026 at 09:12, Jo Smith\n<jo@x> wrote:", 2,
     true},
    {"behind the date", "On Mon, 23 Nov 2026 at 09:12,\nJo Smith <jo@x> wrote:", 2,
     true},
    {"within the date", "On Monday, 23 November 2026 at\n09:12, Jo Smith wrote:", 2,
     true},
    {"over three lines",
     "On Mon, 23 Nov 2026 at 09:12,\nJo Smith <jo@x>\nwrote:\n\n> a", 3, true},
    {"within an address",
     "On 23 Nov 2026, at 09:12, Jo <jo@x\n<mailto:jo@x>> wrote:", 2, true},
    {"a name and an address", "Jo Smith\n<jo@x> wrote:", 2, true},
    {"an initial before the address",
     "On 23 Nov 2026, at 09:12, Jo S.\n<jo@x> wrote:", 2, true},
    {"the verb alone", "Jo Smith <jo@x>\nwrote:", 2, true},
    {"a verb before the name",
     "Am Mo., 23. Nov. 2026 um 09:12 Uhr schrieb\nJo <jo@x>:", 2, true},
    {"a verb before the date",
     "Jo Smith <jo@x> schrieb am Mo.,\n23. Nov. 2026, 09:12:", 2, true},
    {"GroupWise, whose marks are before the first line only",
     ">>> On 23/11/2026 at 09:12, in message\n<5F.1@x>, Jo Smith\n<jo@x> wrote:", 3,
     true},
    {"GroupWise's end", ">>> Jo Smith <jo@x> 11/23/2026\n9:12 AM >>>", 2, true},

    {"in a quote", "> On Mon, 23 Nov 2026 at 09:12, Jo <jo@x> wrote:\n>> a", 1, true},
    {"wrapped in a quote", "> On Mon, 23 Nov 2026 at 09:12, Jo\n> <jo@x> wrote:", 2,
     true},
    {"in quotes of different depth",
     "> On Mon, 23 Nov 2026 at 09:12, Jo\n>> <jo@x> wrote:", 0, false},
    {"four lines are too many",
     "On Mon, 23 Nov 2026\nat 09:12,\nJo Smith <jo@x>\nwrote:", 0, false},
    {"a blank line ends it", "On Mon, 23 Nov 2026 at 09:12, Jo\n\n<jo@x> wrote:", 0,
     false},
    {"prose is not its first line",
     "See you on 23/11/2026 at 9:15\nJo <jo@x> wrote:", 0, false},
    {"a sentence is not its first line",
     "On 23/11/2026 at 9:15 we meet.\nJo <jo@x> wrote:", 0, false},
    {"a greeting is not its first line",
     "Hello Jo\nOn 23/11/2026 09:12, Jo <jo@x> wrote:", 0, false},
    {"a number is not its first line",
     "Room 12\nOn 23/11/2026 09:12, Jo <jo@x> wrote:", 0, false},
    {"a greeting before an address", "Hello Jo\nAnna <a@x> wrote:", 0, false},
    {"an uncertain one is not wrapped", "On Monday\nTom wrote:", 0, false},
};

static void attributions_may_be_wrapped_and_quoted(void **state)
{
    (void)state;
    check_rows(wrapped_rows, COUNT(wrapped_rows));
}

static const struct row uncertain_rows[] = {
    {"prose en", "as Tom wrote:", 1, false},
    {"three words in small letters are no name",
     "Jo van der old Smith <jo@x> wrote:", 1, false},
    {"pronoun", "He wrote:", 1, false},
    {"a weekday is no date", "On Monday Jo wrote:", 1, false},
    {"small words alone are no name",
     "On 2 March 2026 at 15:19 the headteacher wrote:", 1, false},
    {"nor before the verb", "the headteacher wrote on 2 March 2026 at 15:19:", 1,
     false},
    {"nor in German", "Am 2. März 2026 um 15:19 schrieb die schule:", 1, false},
    {"nor in Ukrainian", "2 березня 2026 р. о 15:19 директорка пише:", 1, false},
    {"nor in Turkish", "müdür, 23.11.2026 09:12 tarihinde yazdı:", 1, false},
    {"a day without year or time", "On Monday 23 November the council wrote:", 1,
     false},
    {"a date and words in small letters", "On 23/11/2026 the headteacher wrote:", 1,
     false},
    {"a date, a time and a sentence",
     "On 23/11/2026 at 9:15 after the meeting the council members wrote:", 1, false},
    {"a date behind many words",
     "On Monday we met them all and 23/11/2026 09:12 Jo wrote:", 1, false},
    {"an address in a sentence", "Here is the answer that our teacher <jo@x> wrote:", 1,
     false},
    {"an address far from the verb",
     "Jo <jo@x> has a daughter in year four who wrote:", 1, false},
    {"a date in a sentence", "This is what Tom at our meeting on 23/11/2026 wrote:", 1,
     false},
    {"prose de", "Am 23.11.2026 schrieb die Schule allen Eltern folgendes:", 1, false},
    {"prose de with date behind", "Der Elternbeirat schrieb am 23.11.2026:", 1, false},
    {"nobody between date and verb", "24 ноября 2026 в 9:00 5Б пишет:", 1, false},
    {"prose fr", "Comme Tom a écrit :", 1, false},
    {"prose nl", "Zoals Tom schreef:", 1, false},
};

static void a_verb_and_a_colon_may_be_prose(void **state)
{
    (void)state;
    check_rows(uncertain_rows, COUNT(uncertain_rows));
}

static const struct row prose_rows[] = {
    {"a long line",
     "This is what the one of us who was asked to write it all down for those who had "
     "not been at the meeting of the parents and the teachers, and who could not have "
     "known what we all had said there on that day, wrote:",
     0, false},
    {"no line", "", 0, false},
    {"a blank line", "\nOn 23/11/2026 09:12, Jo wrote:", 0, false},
    {"words behind the colon", "On Monday Tom wrote: please come.", 0, false},
    {"words behind the colon, and another",
     "On 23/11/2026 09:12 Tom wrote: please bring:", 0, false},
    {"no colon", "On 23/11/2026 09:12, Jo Smith wrote", 0, false},
    {"a verb within", "Tom wrote a letter to all of us:", 0, false},
    {"a part of a word", "These must be rewrote:", 0, false},
    {"no verb", "Please bring on 23/11/2026 at 09:12:", 0, false},
    {"an address without verb", "Please write to jo@x:", 0, false},
    {"quoting without address", "Quoting Shakespeare:", 0, false},
    {"quoting within a sentence",
     "Quoting what the old school secretary jo@x said to us:", 0, false},
    {"a list of dates", "23/11/2026 9:12 school closed:", 0, false},
    {"two angle brackets only", ">> Jo Smith 11/23/2026 9:12 AM >>>", 0, false},
    {"arrows", "School opens 23/11/2026 9:12 >>>", 0, false},
    {"arrows in a deep quote", ">>> Click here >>>", 0, false},
    {"dashes behind a verb", "On 23/11/2026 09:12, Jo Smith wrote ---", 0, false},
    {"prose de", "Am Montag schrieb Anna einen Brief: Sie kommt.", 0, false},
    {"prose de with colon", "Am Montag schrieb Anna einen Brief an die Schule:", 0,
     false},
    {"an exam it", "Esame scritto:", 0, false},
    {"in writing fr", "Merci de répondre par écrit :", 0, false},
    {"prose es", "El lunes María escribió: llego tarde.", 0, false},
    {"prose it", "Il 23 novembre Anna ha scritto una lettera:", 0, false},
    {"prose pt", "Em novembro ela escreveu uma carta.", 0, false},
    {"prose pl", "W poniedziałek Anna napisała list: przyjdzie.", 0, false},
    {"prose sv", "Den som skrev brevet:", 0, false},
    {"prose da", "Den mand skrev et brev: kom nu.", 0, false},
    {"prose fi", "Anna kirjoitti kirjeen: tulen.", 0, false},
    {"prose cy", "Ar Llun ysgrifennodd Anna lythyr at yr ysgol:", 0, false},
    {"an hour", "Doors open at 9:", 0, false},
    {"a colon alone", ":", 0, false},
    {"rules and a colon", "-- :", 0, false},
    {"three marks alone", ">>> >>>", 0, false},
};

static void prose_is_no_attribution(void **state)
{
    (void)state;
    check_rows(prose_rows, COUNT(prose_rows));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(attributions_of_mail_programs_are_certain),
        UNIT_TEST(other_word_orders_are_known),
        UNIT_TEST(attributions_without_a_verb_have_all_else),
        UNIT_TEST(attributions_may_be_wrapped_and_quoted),
        UNIT_TEST(a_verb_and_a_colon_may_be_prose),
        UNIT_TEST(prose_is_no_attribution),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
