/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/body/body_lines.h"
#include "text/body/signature.h"
#include "text/marked_text.h"

static void read_lines(const char *text, struct body_lines *lines_out)
{
    const struct marked_text marked = {.text = (char *)(uintptr_t)text,
                                       .length_bytes = strlen(text)};

    assert_true(body_lines_read(&marked, lines_out));
}

static bool of_line(bool (*is)(const struct body_line *), const char *text)
{
    struct body_lines lines;
    bool result;

    read_lines(text, &lines);
    assert_int_equal(lines.count, 1);
    result = is(&lines.items[0]);
    body_lines_free(&lines);
    return result;
}

static void a_separator_is_two_hyphens(void **state)
{
    static const struct {
        const char *line;
        bool want;
    } rows[] = {
        {"-- ", true},    {"--", true},
        {"-- \r", true},  {"--\r", true},
        {"--  ", true},   {"--\t", true},
        {"---", false},   {"-", false},
        {"- -", false},   {"-- Tom", false},
        {"--Tom", false}, {"----", false},
        {"--- ", false},  {"\xE2\x80\x94", false},
        {" ", false},     {"== ", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].line, of_line(signature_is_separator, rows[i].line),
                     rows[i].want);
}

static void a_footer_of_a_phone_is_known(void **state)
{
    static const char *const rows[] = {
        "Sent from my iPhone",
        "sent from my iphone",
        "SENT FROM MY IPHONE",
        "Sent from my iPhone.",
        "  Sent from my iPhone  ",
        "Sent from my iPhone\r",
        "> Sent from my iPhone",
        "*Sent from my iPhone*",
        "Sent from my iPad",
        "Sent from my iPad Pro",
        "Sent from my iPhone 15 Pro Max",
        "Sent from my Samsung Galaxy smartphone.",
        "Sent from my Samsung Galaxy S21 5G",
        "Sent from my Samsung device",
        "Sent from Samsung tablet.",
        "Sent from my Galaxy",
        "Sent from my Huawei Mobile",
        "Sent from my Huawei phone",
        "Sent from my BlackBerry",
        "Sent from my BlackBerry 10 smartphone.",
        "Sent from my BlackBerry 10 smartphone on the EE network.",
        "Sent from my BlackBerry® wireless device",
        "Sent from my Android phone with K-9 Mail. Please excuse my brevity.",
        "Sent from my Android device with K-9 Mail.",
        "Sent from my Android",
        "Sent from my phone",
        "Sent from my mobile",
        "Sent from my mobile phone",
        "Sent from my mobile device",
        "Sent from my Nokia Lumia",
        "Sent from my Nokia phone",
        "Sent from my Windows Phone",
        "Sent from my Windows 10 phone",
        "Sent from my Verizon Wireless 4G LTE smartphone",
        "Sent from my Verizon, Samsung Galaxy smartphone",
        "Sent from my T-Mobile 4G LTE Device",
        "Sent via the Samsung Galaxy S21, an AT&T 5G smartphone",
        "Sent from my Sony Xperia™ smartphone",
        "Sent from my HTC",
        "Sent from my LG Mobile",
        "Sent from my OnePlus",
        "Sent from my Xiaomi",
        "Sent from my Pixel 8",
        "Sent from my Zyxxo phone",
        "Sent from my shiny new iPad",
        "Sent from a mobile device",
        "Sent on my iPhone",
        "Sent using my phone",
        "This message was sent from my Android phone with K-9 Mail.",
        "This email was sent from my mobile device",
        "Sent from Outlook for iOS",
        "Sent from Outlook for Android",
        "Sent from Outlook Mobile",
        "Sent from Outlook",
        "Sent from my iPhone using Outlook",
        "Get Outlook for iOS",
        "Get Outlook for Android",
        "Get Outlook for Mac",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "Get Outlook for iOS <https://aka.ms/o0ukef>",
        "Get Outlook for iOS (https://aka.ms/o0ukef)",
        "[Get Outlook for iOS](https://aka.ms/o0ukef)",
        "Get BlueMail for Android",
        "Sent from Mail for Windows",
        "Sent from Mail for Windows 10",
        "Sent from Mail<https://go.microsoft.com/fwlink/?LinkId=550986> for Windows",
        "Sent from Yahoo Mail on Android",
        "Sent from Yahoo Mail for iPhone",
        "Sent from Yahoo Mail for iPhone<https://overview.mail.yahoo.com/?.src=iOS>",
        "Yahoo Mail: Search, Organize, Conquer",
        "Sent from AOL on Android",
        "Sent from the all new AOL app for Android",
        "Sent from Gmail Mobile",
        "Sent from Proton Mail",
        "Sent from Proton Mail for iOS",
        "Sent with Proton Mail secure email.",
        "Sent with ProtonMail Secure Email.",
        "Sent with BlackBerry Work (www.blackberry.com)",
        "Sent via BlackBerry from T-Mobile",
        "Sent from Workspace ONE Boxer",
        "Sent with Airmail",
        "Sent from my iPhone, please excuse typos",
        "Sent from my iPhone. Please excuse any typos.",
        "Sent from my phone - please excuse brevity and spelling",
        "Sent from my mobile so please forgive typos",
        "Sent from my iPhone - apologies for any errors",
        /* Welsh */
        "Anfonwyd o fy iPhone",
        "Anfonwyd o fy ffôn",
        "Anfonwyd o Outlook",
        /* French */
        "Envoyé de mon iPhone",
        "ENVOYÉ DE MON IPHONE",
        "Envoyé de mon iPad",
        "Envoyé de mon téléphone",
        "Envoyé depuis mon iPhone",
        "Envoyé depuis mon mobile Orange",
        "Envoyé depuis l'application Mail Orange",
        "Envoyé depuis l’application Mail Orange",
        "Envoyé depuis mon appareil mobile Samsung.",
        "Envoyé à partir d'Outlook pour iOS",
        "Envoyé à partir de Outlook pour Android",
        "Envoyé depuis Outlook pour iOS",
        "Envoyé à partir de mon smartphone Samsung Galaxy.",
        "Télécharger Outlook pour iOS",
        "Télécharger Outlook pour Android<https://aka.ms/AAb9ysg>",
        "Obtenir Outlook pour iOS",
        "Provenance : Courrier pour Windows 10",
        /* German */
        "Von meinem iPhone gesendet",
        "Von meinem iPad gesendet",
        "Gesendet von meinem iPhone",
        "Gesendet von meinem Samsung Galaxy Smartphone.",
        "Von meinem Samsung Galaxy Smartphone gesendet.",
        "Von meinem/meiner Samsung Galaxy Smartphone gesendet.",
        "Von meinem Huawei Mobiltelefon gesendet",
        "Gesendet mit der GMX Mail App",
        "Gesendet mit der WEB.DE Mail App",
        "Gesendet mit der Telekom Mail App",
        "Gesendet von Mail für Windows 10",
        "Gesendet von Outlook für iOS",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Outlook für iOS beziehen",
        "Outlook für Android herunterladen",
        "Holen Sie sich Outlook für Android",
        "Laden Sie Outlook für iOS",
        /* Spanish */
        "Enviado desde mi iPhone",
        "Enviado desde mi smartphone Samsung Galaxy.",
        "Enviado desde mi móvil",
        "Enviado desde Outlook para iOS",
        "Enviado desde Correo para Windows 10",
        "Obtener Outlook para iOS",
        "Obtener Outlook para Android",
        /* Italian */
        "Inviato da iPhone",
        "Inviato da iPad",
        "Inviato dal mio iPhone",
        "Inviato dal mio dispositivo Samsung",
        "Inviato da Posta per Windows 10",
        "Inviato da Outlook per iOS",
        "Scarica Outlook per iOS",
        "Ottieni Outlook per iOS",
        /* Portuguese */
        "Enviado do meu iPhone",
        "Enviado a partir do meu telemóvel Samsung",
        "Enviado a partir do meu smartphone Samsung Galaxy.",
        "Enviado do Outlook para iOS",
        "Obter o Outlook para iOS",
        "Obter o Outlook para Android",
        /* Dutch */
        "Verzonden vanaf mijn iPhone",
        "Verstuurd vanaf mijn iPhone",
        "Verstuurd vanaf mijn iPad",
        "Verzonden vanaf mijn Samsung-apparaat",
        "Verzonden vanuit Mail voor Windows 10",
        "Outlook voor iOS downloaden",
        "Download Outlook voor Android",
        /* Polish */
        "Wysłane z iPhone'a",
        "Wysłane z iPhone’a",
        "Wysłano z iPhone'a",
        "Wysłane z iPada",
        "Wysłane z mojego Samsung",
        "Wysłane z mojego telefonu",
        "Wysłane z telefonu Huawei",
        "Pobierz aplikację Outlook dla systemu iOS",
        "Pobierz program Outlook dla systemu Android",
        /* Swedish */
        "Skickat från min iPhone",
        "Skickat från min Samsung Galaxy-smartphone.",
        "Skickat från Outlook för iOS",
        "Hämta Outlook för iOS",
        "Skickades från E-post för Windows 10",
        /* Danish and Norwegian */
        "Sendt fra min iPhone",
        "Sendt fra min iPad",
        "Sendt fra Outlook til iOS",
        "Sendt fra Outlook for iOS",
        "Sendt fra min mobil",
        "Sendt fra Mail til Windows 10",
        "Hent Outlook til iOS",
        "Hent Outlook for iOS",
        "Skaff deg Outlook for iOS",
        "Få Outlook til Android",
        /* Finnish */
        "Lähetetty iPhonesta",
        "Lähetetty iPadista",
        "Lähetetty Outlookista",
        "Lähetetty Outlook for iOS -sovelluksesta",
        "Lähetetty Samsung-puhelimesta",
        "Hanki Outlook for iOS",
        "Hanki Outlook for Android",
        "Ladda ner Outlook för iOS",
        "Skaffa Outlook för iOS",
        "Hentet Outlook til iOS",
        "Sent from Type App for Android",
        "Sent from Nine",
        "Wysłane z iPhona",
        /* Icelandic */
        "Sent úr iPhone",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_true(rows[i], of_line(signature_is_mobile_footer, rows[i]));
}

static void a_link_tells_a_footer_in_any_language(void **state)
{
    (void)state;
    check_true("words that are not known",
               of_line(signature_is_mobile_footer,
                       "iOS-ekin Outlook lortu<https://aka.ms/o0ukef>"));
    check_true("another page",
               !of_line(signature_is_mobile_footer,
                        "iOS-ekin Outlook lortu<https://aka.ms/outlook>"));
    check_true("a sentence", !of_line(signature_is_mobile_footer,
                                      "Please all get Outlook before we meet on Friday "
                                      "<https://aka.ms/o0ukef>"));
    check_true("without the program",
               !of_line(signature_is_mobile_footer, "See <https://aka.ms/o0ukef>"));
}

static void prose_is_no_footer(void **state)
{
    static const char *const rows[] = {
        " ",
        "Sent",
        "Sent from",
        "Sent from my",
        "Sent from the school office at 9",
        "Sent from the school office",
        "Sent from my heart",
        "Sent from my iPhone is a nice app",
        "Sent from my iPhone because the school's network is down",
        "Sent from my phone on Monday, did you get it?",
        "Sent from my mobile 07700 900123",
        "Sent from my heart to all of you, thank you for a wonderful year and goodbye",
        "Sent from my mother to your phone shop in town every other week",
        "Sent my phone to the repair shop",
        "Sent from Nine Elms",
        "Sent from nine to five",
        "Sent by nine",
        "Ladda ner formuläret",
        "Skaffa Outlook före fredag",
        "Sent by post",
        "Sent via the school office",
        "Sent to your phone",
        "Sent mail",
        "Sent home at three",
        "Sent for your information",
        "Sent with love",
        "Get your phone",
        "Get Outlook for your child before Friday",
        "Get well soon",
        "Get the bus",
        "This message was sent to all parents",
        "This is my phone",
        "This phone was sent from Samsung to us and must go back",
        "Outlook for Friday: rain",
        "Outlook: sunny",
        "Yahoo",
        "Message from the head",
        "Mail",
        "Please call me on my iPhone",
        "I sent this from my iPhone",
        "The tablet was sent from Samsung",
        "Envoyé par la poste",
        "Envoyé de Paris",
        "Ce message a été envoyé à tous les parents",
        "Gesendet an alle Eltern",
        "Von meinem Sohn",
        "Von meinem Handy aus kann ich nicht",
        "Diese Nachricht wurde an alle Eltern gesendet",
        "Enviado por correo",
        "Este es mi móvil",
        "Enviado do Porto",
        "Inviato da Roma",
        "Verzonden naar alle ouders",
        "Deze telefoon is gevonden",
        "Wysłane pocztą",
        "Pobierz formularz",
        "Skickat till alla",
        "Hämta barnen klockan tre",
        "Sendt til alle",
        "Hent børnene klokken tre",
        "Lähetetty kaikille",
        "Anfonwyd at bob rhiant",
        "Sent from my iPhone https://school.example/form",
    };
    char *long_line = unit_repeat("Sent from my iPhone ", 10);
    char *longer_line = unit_repeat("Sent from my iPhone ", 60000);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_true(rows[i], !of_line(signature_is_mobile_footer, rows[i]));
    check_true("200 bytes", !of_line(signature_is_mobile_footer, long_line));
    check_true("a megabyte", !of_line(signature_is_mobile_footer, longer_line));
    free(long_line);
    free(longer_line);
}

/* What is left of a text after its signature is cut, in a new string. */
static char *without_signature(const char *text)
{
    struct body_lines lines;
    size_t found;
    char *kept;

    read_lines(text, &lines);
    found = signature_find(lines.items, lines.count);
    assert_true(found <= lines.count);
    kept = unit_repeat(text, 1);
    if (found < lines.count)
        kept[lines.items[found].text - text] = '\0';
    body_lines_free(&lines);
    return kept;
}

static void what_stands_below_closing_and_name_is_found(void **state)
{
    static const struct {
        const char *name, *kept, *signature;
    } rows[] = {
        {"closing, name, number", "No bus.\n\nKind regards\n\nJo Smith\n",
         "Tel: 01632 960123\n"},
        {"title and school between", "No bus.\n\nKind regards,\nJo Smith\n",
         "Headteacher\nGreenfield School\nTel: 01632 960123\n"},
        {"address", "No bus.\n\nBest wishes\nJo\n",
         "Greenfield School\n1 High Street, Leeds LS1 4AB\n"},
        {"postcode with its town", "No bus.\n\nBest wishes\nJo\n",
         "Greenfield School\nHigh Street\nLeeds LS1 4AB\n"},
        {"email alone", "No bus.\nThanks\nJo\n", "jo@school.example\n"},
        {"email in brackets", "No bus.\nThanks\nJo\n",
         "Jo Smith <jo@school.example>\n"},
        {"labelled email", "No bus.\nThanks\nJo\n", "E: jo@school.example\n"},
        {"several on a line", "No bus.\nThanks\nJo\n",
         "T: 01632 960123 | M: 07700 900123 | E: jo@school.example\n"},
        {"no spaces behind labels", "No bus.\nThanks\nJo\n",
         "t:01632960123 e:jo@school.example\n"},
        {"labels without colons", "No bus.\nThanks\nJo\n",
         "t 01632 960123\nm 07700 900123\n"},
        {"home page", "No bus.\nThanks\nJo\n", "www.school.example\n"},
        {"home page with scheme", "No bus.\nThanks\nJo\n", "https://school.example/\n"},
        {"lone number", "No bus.\nThanks\nJo\n", "01632 960123\n"},
        {"lone international number", "No bus.\nThanks\nJo\n", "+44 (0)1632 960 123\n"},
        {"charity", "No bus.\nThanks\nJo\n", "Registered charity no. 1234567\n"},
        {"company", "No bus.\nThanks\nJo\n",
         "Registered in England and Wales 1234567\n"},
        {"contact data is the line below the closing", "No bus.\nKind regards\n",
         "jo@school.example\n"},
        {"name on the line of the closing", "No bus.\nKind regards, Jo Smith\n",
         "Head\nTel: 01632 960123\n"},
        {"name without comma", "No bus.\nKind regards Mrs Smith\n",
         "Office\nTel: 01632 960123\n"},
        {"exclamation mark", "No bus.\nThank you!\nJo\n", "Tel: 01632 960123\n"},
        {"full stop", "No bus.\nRegards.\nJo\n", "Tel: 01632 960123\n"},
        {"CR", "No bus.\r\nRegards\r\nJo\r\n", "Tel: 01632 960123\r\n"},
        {"blank lines between", "No bus.\n\nRegards\n\n\nJo\n\n\n",
         "Office\n\n\nTel: 01632 960123\n\n\n"},
        {"links with other data", "No bus.\nRegards\nJo\n",
         "Tel: 01632 960123\nhttps://facebook.example/greenfield\n"},
        {"a motto", "No bus.\nRegards\nJo\n",
         "Head\n\"Every child matters here\"\nTel: 01632 960123\n"},
        {"pupils' numbers of streets", "No bus.\nRegards\nJo\n",
         "School Business Manager\nGreenfield School\n12 High Street\nLeeds\n"
         "LS1 4AB\nTel: 01632 960123\n"},
        {"titles in small letters", "No bus.\nRegards\nJo\n",
         "Head of the school office\nTel: 01632 960123\n"},
        {"a German address", "Kein Bus.\nMfG\nJo\n",
         "Musterstraße 12\n10115 Berlin\nTel.: 030/1234567\n"},
        {"two labels for one number", "No bus.\nRegards\nJo\n",
         "Pennaeth / Headteacher\nFfôn/Tel: 01632 960123\n"},
        {"name and all on a line", "No bus.\nRegards\n",
         "Jo Smith | Head | Greenfield School | 01632 960123 | jo@school.example\n"},
        {"praise", "No bus.\nRegards\nJo\n",
         "Ofsted rated Outstanding 2024\nTel: 01632 960123\n"},
        {"a logo and a rule", "No bus.\nRegards\nJo\n",
         "[cid:image001.png@01D0.ABCD]\n________\nTel: 01632 960123\n"},
        {"two languages", "No bus.\nCofion gorau / Kind regards\nJo\n",
         "Tel: 01632 960123\n"},
        {"thanks in two languages", "No bus.\nDiolch / Thanks\nJo\n",
         "Tel: 01632 960123\n"},
        {"joined by an ampersand", "No bus.\nKind Regards & Best Wishes\nJo\n",
         "Tel: 01632 960123\n"},
        {"joined by and", "No bus.\nKind regards and thanks\nJo\n",
         "Tel: 01632 960123\n"},
        {"joined by a German and", "Kein Bus.\nLiebe Grüße und bis bald\nJo\n",
         "Tel: 01632 960123\n"},
        {"joined by a Spanish and", "Sin bus.\nSaludos y gracias\nJo\n",
         "Tel: 01632 960123\n"},
        {"German and English", "No bus.\nMit freundlichen Grüßen | Best regards\nJo\n",
         "Tel: 01632 960123\n"},
        {"shortened", "No bus.\nRgds\nJo\n", "Tel: 01632 960123\n"},
        {"in sport", "No bus.\nYours in sport\nJo\n", "Tel: 01632 960123\n"},
        {"shortened in Spanish", "No hay bus.\nAtte.\nJo\n", "Tel: 01632 960123\n"},
        {"a French formula",
         "Pas de bus.\nVeuillez agréer, Madame, Monsieur, nos salutations "
         "distinguées.\nJo\n",
         "Tél. : 01 23 45 67 89\n"},
        {"working days", "No bus.\nRegards\nJo\n",
         "Tel: 01632 960123\nI work Monday to Wednesday and every other Friday.\n"},
        {"fifteen lines", "No bus.\nRegards\nJo\n",
         "A\nB\nC\nD\nE\nF\nG\nH\nI\nJ\nK\nL\nM\nTel: 01632 960123\n"},
        {"the last of two closings", "Thanks\nJo\n\nNo bus.\n\nRegards\nJo\n",
         "Tel: 01632 960123\n"},
        {"a closing that is above the name of a school", "No bus.\nDiolch\nJo\n",
         "Ffôn: 01632 960123\n"},
        {"Welsh", "Dim bws.\nCofion gorau\nJo\n",
         "Pennaeth\nFfôn: 01632 960123\nE-bost: jo@ysgol.example\n"},
        {"Welsh, formal", "Dim bws.\nYn gywir,\nJo\n", "Ffôn 01632 960123\n"},
        {"French", "Pas de bus.\n\nBien cordialement,\nJo\n",
         "Tél. : 01 23 45 67 89\n"},
        {"French, upper case", "Pas de bus.\n\nCORDIALEMENT\nJo\n",
         "TÉL : 01 23 45 67 89\n"},
        {"French, with a name", "Pas de bus.\n\nCordialement, Jo Martin\n",
         "Courriel : jo@ecole.example\n"},
        {"German", "Kein Bus.\n\nMit freundlichen Grüßen\n\nJo Maier\n",
         "Schulleitung\nTelefon: 030 1234567\nFax: 030 1234568\n"},
        {"German, short", "Kein Bus.\nMfG\nJo Maier\n", "Tel.: 030/1234567\n"},
        {"German, kind", "Kein Bus.\nViele Grüße\nJo\n", "Durchwahl: 030 1234567\n"},
        {"Spanish", "Sin autobús.\nUn saludo,\nJo\n", "Teléfono: 912 345 678\n"},
        {"Spanish, formal", "Sin autobús.\nAtentamente\nJo\n", "Móvil: 612 345 678\n"},
        {"Italian", "Niente bus.\nCordiali saluti\nJo\n", "Telefono: 06 1234567\n"},
        {"Italian, formal", "Niente bus.\nDistinti saluti\nJo\n",
         "Cell. 345 1234567\n"},
        {"Portuguese", "Sem autocarro.\nCom os melhores cumprimentos,\nJo\n",
         "Telefone: 212 345 678\n"},
        {"Portuguese, Brazil", "Sem ônibus.\nAtenciosamente\nJo\n",
         "Telefone: 11 2345 6789\n"},
        {"Dutch", "Geen bus.\nMet vriendelijke groet,\nJo\n",
         "Telefoon: 020 123 4567\n"},
        {"Dutch, several", "Geen bus.\nMet vriendelijke groeten\nJo\n",
         "T 020 123 4567\n"},
        {"Polish", "Nie ma autobusu.\nZ poważaniem\nJo\n", "tel. 22 123 45 67\n"},
        {"Polish, kind", "Nie ma autobusu.\nPozdrawiam,\nJo\n", "kom. 601 123 456\n"},
        {"Swedish", "Ingen buss.\nMed vänlig hälsning\nJo\n",
         "Telefon: 08-123 45 67\n"},
        {"Swedish, several", "Ingen buss.\nVänliga hälsningar\nJo\n",
         "E-post: jo@skola.example\n"},
        {"Danish", "Ingen bus.\nMed venlig hilsen\nJo\n", "Tlf. 12 34 56 78\n"},
        {"Norwegian", "Ingen buss.\nVennlig hilsen\nJo\n", "Tlf.: 12 34 56 78\n"},
        {"Nordic, short", "Ingen buss.\nMvh\nJo\n", "Mobil: 070-123 45 67\n"},
        {"Finnish", "Ei bussia.\nYstävällisin terveisin\nJo\n", "Puh. 09 123 4567\n"},
        {"Finnish, short", "Ei bussia.\nTerveisin\nJo\n", "Puhelin: 09 123 4567\n"},
        {"Icelandic", "Enginn strætó.\nBestu kveðjur\nJo\n", "Sími: 555 1234\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t size = strlen(rows[i].kept) + strlen(rows[i].signature) + 1;
        char *text = calloc(1, size), *kept;

        assert_non_null(text);
        strcat(strcpy(text, rows[i].kept), rows[i].signature);
        kept = without_signature(text);
        check_text(rows[i].name, kept, rows[i].kept);
        free(kept);
        free(text);
    }
}

static void contact_data_at_the_end_is_found(void **state)
{
    static const struct {
        const char *name, *kept, *signature;
    } rows[] = {
        {"three lines", "The school is closed.\n\n",
         "Tel: 01632 960123\nFax: 01632 960124\nwww.school.example\n"},
        {"the name stays", "The school is closed.\n\nJo Smith\n",
         "Tel: 01632 960123\nEmail: jo@school.example\nwww.school.example\n"},
        {"blank lines between", "The school is closed.\n\nJo Smith\n\n",
         "Tel: 01632 960123\n\nEmail: jo@school.example\n\nwww.school.example\n"},
        {"a line of them with bars", "The school is closed.\n\n",
         "Jo Smith | Head | Greenfield School | 01632 960123 | jo@school.example\n"},
        {"a line of two with bars below a name", "The school is closed.\n\nJo Smith\n",
         "School Business Manager\nGreenfield Primary School\n"
         "T: 01632 960123 | E: jo@school.example\n"},
        {"name and title right below the text",
         "The school is closed.\nJo Smith\nHead\n",
         "T: 01632 960123\nE: jo@school.example\nW: school.example\n"},
        {"below a sentence in a signature",
         "No bus.\n\nRegards\nJo\nProud to achieve together.\n\n",
         "Tel: 01632 960123\njo@school.example\nwww.school.example\n"},
        {"address and charity", "The school is closed.\n\nJo Smith\n",
         "1 High Street, Leeds LS1 4AB\n01632 960123\nCharity no. 1234567\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t size = strlen(rows[i].kept) + strlen(rows[i].signature) + 1;
        char *text = calloc(1, size), *kept;

        assert_non_null(text);
        strcat(strcpy(text, rows[i].kept), rows[i].signature);
        kept = without_signature(text);
        check_text(rows[i].name, kept, rows[i].kept);
        free(kept);
        free(text);
    }
}

static void what_the_sender_says_is_no_signature(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"nothing", ""},
        {"blank lines", "\n\n\n"},
        {"one line", "No bus."},
        {"a closing alone", "Kind regards"},
        {"closing and name", "No bus.\n\nKind regards\nJo Smith\n"},
        {"a title is no contact data",
         "No bus.\n\nKind regards\nJo Smith\nHeadteacher\nGreenfield School\n"},
        {"no closing, name and title", "No bus.\n\nJo Smith\nHeadteacher\n"},
        {"a number in prose", "No bus.\n\nThanks\n\nPlease call 01632 960123 now.\n"},
        {"a number in prose, without a closing",
         "Please call 01632 960123 before nine.\n"},
        {"numbers in prose", "No bus.\nPlease call 01632 960123 before nine.\n"
                             "Or write to jo@school.example if you like.\n"
                             "Or look at www.school.example for the news.\n"},
        {"thanks above the text",
         "Thanks\n\nThe bus leaves at nine tomorrow.\nBring boots.\n"
         "Tel: 01632 960123\n"},
        {"a text between name and number",
         "Thanks\nJo\nPlease remember that the trip leaves at nine.\n"
         "Tel: 01632 960123\n"},
        {"a text below", "No bus.\n\nRegards\nJo\nTel: 01632 960123\n\n"
                         "School is closed Monday.\n"},
        {"a postscript", "No bus.\n\nRegards\nJo\nTel: 01632 960123\n\n"
                         "PS bring boots\n"},
        {"a postscript with full stops",
         "No bus.\n\nRegards\nJo\nTel: 01632 960123\n\nP.S. bring boots\n"},
        {"a link below thanks is what the mail is about",
         "Please fill this in.\n\nMany thanks\n\nhttps://forms.example/r/abc\n"},
        {"a link below name and thanks",
         "Please fill this in.\n\nMany thanks\nJo\nhttps://forms.example/r/abc\n"},
        {"a question below",
         "Regards\nJo\nTel: 01632 960123\nCan you come on Friday then?\n"},
        {"sixteen lines below a closing",
         "No bus.\nRegards\nJo\nA\nB\nC\nD\nE\nF\nG\nH\nI\nJ\nK\nL\nM\nN\n"
         "Tel: 01632 960123\n"},
        {"two lines of contact data without a closing",
         "The school is closed.\n\nTel: 01632 960123\nwww.school.example\n"},
        {"nothing stands above",
         "Tel: 01632 960123\nFax: 01632 960124\nwww.school.example\n"},
        {"only a name stands above",
         "Greenfield School\nTel: 01632 960123\nFax: 01632 960124\n"
         "www.school.example\n"},
        {"the data is announced",
         "Our new numbers are as follows:\nTel: 01632 960123\nFax: 01632 960124\n"
         "Mobile: 07700 900123\n"},
        {"thanks to somebody is no closing",
         "Thanks to all who came\nJo\nTel: 01632 960123\n"},
        {"regards in a sentence", "As regards the bus\nJo\nTel: 01632 960123\n"},
        {"a label without a value", "No bus.\nRegards\nJo\nTel:\n"},
        {"a date is no number", "No bus.\nRegards\nJo\n12/10/2026\n"},
        {"thanks to a person above the text",
         "Thanks Mrs Smith\nTom will be in at 10 today\n01234 567890\n"},
        {"thanks to a person below a greeting",
         "Hello\nThank you Mrs Smith\n\nBen Smith\nMobile: 07700 900123\n"},
        {"thanks in French", "Bonjour\nMerci Madame\nPaul\nTél. 06 12 34 56 78\n"},
        {"thanks in Welsh", "Diolch Mrs Jones\nTomos\nFfôn: 07700 900123\n"},
        {"cheers to a person", "No bus.\nCheers Tom\nOffice\n07700 900123\n"},
        {"a closing that is first", "Cheers\nTom Smith\nTel: 07700 900123\n"},
        {"a closing below a greeting alone",
         "Dear Mrs Smith\n\nThanks\nTom Smith\nTel: 07700 900123\n"},
        {"orders below the name",
         "Match is on Saturday.\n\nThanks\nMr Jones\n\nMeet 9am at the gate\n"
         "Bring boots and water\nPostcode GF1 2AB\n"},
        {"orders in capitals",
         "Match on Saturday.\nThanks\nMr Jones\nBRING BOOTS\nTel: 07700 900123\n"},
        {"a bank account below the name",
         "Pay now.\n\nMany thanks\nMrs Jones\n\nSort code 12-34-56\n"
         "Account 12345678\nRef BEN SMITH\nPhone 01234 567890\n"},
        {"contacts that are announced",
         "School closed.\n\nMany thanks,\nMrs Jones\n\nEmergency contacts:\n"
         "Tel: 01234 567890\noffice@school.example\n"},
        {"data that a closing stands before",
         "Ben is ill. Please call:\n\nRegards\nOffice\n01632 960123\n"},
        {"small letters below the name",
         "Swimming today.\nThanks\nJo\nLunch provided\nwww.school.example\n"},
        {"a room below the name",
         "Swimming today.\nThanks\nJo\nRoom 12\n01234 567890\n"},
        {"a motto that may be a sentence",
         "No bus.\nRegards\nJo\nEvery child matters here\nTel: 01632 960123\n"},
        {"hours that are new", "No bus.\nRegards\nJo\nOffice open late today\n"
                               "Tel: 01632 960123\n"},
        {"somebody else's number", "No bus.\nRegards\nJo\nHer mobile: 07700 900123\n"},
        {"staff of a registered office",
         "No bus.\nRegards\nJo\nRegistered office staff ring 01234 567890\n"},
        {"a registered charity without a number",
         "No bus.\nRegards\nJo\nRegistered charity Save the Owls\n"},
        {"a sentence without its end leads to the data",
         "Please email your choices to\n\nyear6@school.example\n"
         "office@school.example\nhead@school.example\n"},
        {"a sentence leads to the data",
         "School reopens. Any problems please ring one of us.\n\n"
         "01632 960123\n01632 960124\n01632 960125\n"},
        {"a sentence leads to the data below a name",
         "Report your child absent to\n\nGreenfield School\nPhone 01632 960123\n"
         "Email absence@school.example\nWeb www.school.example\n"},
        {"data right below the text",
         "Ben is ill, collect him please.\n07700 900123\n01234 567890\n"
         "office@school.example\n"},
        {"bars right below the text",
         "Ben is ill, collect him please.\nT: 01632 960123 | E: jo@school.example\n"},
        {"bars that are announced",
         "Write to\n\nJo Smith | Head | 01632 960123 | jo@school.example\n"},
        {"a bar and one number", "The school is closed.\n\nGate | 01632 960123\n"},
        {"bars between news",
         "The school is closed.\n\nBring a coat | 01632 960123 | jo@school.example\n"},
        {"a date and time are none", "No bus.\nRegards\nJo\n2026-11-23 10:30\n"},
        {"an amount is none", "No bus.\nRegards\nJo\n12.50\n"},
        {"a long line is no contact data",
         "No bus.\nRegards\nJo\nWe meet at the corner of High Street as always and "
         "then go on\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *kept = without_signature(rows[i].text);

        check_text(rows[i].name, kept, rows[i].text);
        free(kept);
    }
}

static void lines_cut_before_are_not_seen(void **state)
{
    static const char text[] = "No bus.\n\nRegards\nJo\nTel: 01632 960123\n"
                               "This is a disclaimer that was cut before.\n"
                               "Jo Smith, a signature in HTML, says this.\n";
    struct body_lines lines;

    (void)state;
    read_lines(text, &lines);
    check_number("a sentence below",
                 (long long)signature_find(lines.items, lines.count), 7);
    lines.items[5].is_cut = true;
    lines.items[6].is_signature = true;
    check_number("both not seen", (long long)signature_find(lines.items, lines.count),
                 4);
    lines.items[2].is_cut = true;
    check_number("no closing", (long long)signature_find(lines.items, lines.count), 7);
    body_lines_free(&lines);
}

static void a_postscript_is_found(void **state)
{
    static const struct {
        const char *name, *text;
        size_t want;
    } rows[] = {
        {"below a name", "No bus.\nRegards\nJo\n\nPS: bring boots\n", 4},
        {"with full stops", "No bus.\nP.S. bring boots\n", 1},
        {"of several lines", "No bus.\nPS bring boots\nand a coat.\n", 1},
        {"a note", "No bus.\nNB: bring boots\n", 1},
        {"no text above", "PS bring boots\n", 1},
        {"another word", "No bus.\nPSHE is on\n", 2},
        {"none", "No bus.\n\n", 2},
        {"nothing", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct body_lines lines;

        read_lines(rows[i].text, &lines);
        check_number(rows[i].name,
                     (long long)signature_find_postscript(lines.items, lines.count),
                     (long long)rows[i].want);
        body_lines_free(&lines);
    }
}

static bool is_all(const char *text)
{
    struct body_lines lines;
    bool result;

    read_lines(text, &lines);
    result = signature_is_all(lines.items, lines.count);
    body_lines_free(&lines);
    return result;
}

#define REGARDS "Kind regards\n"

static void a_mail_may_be_nothing_but_a_signature(void **state)
{
    static const struct {
        const char *name, *text;
        bool want;
    } rows[] = {
        {"closing, name and number", REGARDS "\nJo Smith\nTel: 01632 960123\n", true},
        {"a closing alone", REGARDS, true},
        {"contact data on a line with bars",
         REGARDS "Jo | Head | 01632 960123 | jo@school.example\n", true},
        {"no closing", "Jo Smith\nTel: 01632 960123\n", false},
        {"thanks are an answer", "Many thanks\nJo Smith\n", false},
        {"a text above", "No bus.\n" REGARDS "Jo Smith\n", false},
        {"a text below", REGARDS "Jo Smith\nThe bus comes late today.\n", false},
        {"nothing", "\n\n", false},
        {"no line at all", "", false},
    };
    char *names = unit_repeat("Jo Smith\n", 25), *text = NULL;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, is_all(rows[i].text), rows[i].want);
    assert_true(asprintf(&text, REGARDS "%s", names) > 0);
    check_true("too many lines", !is_all(text));
    text[strlen(text) - strlen("Jo Smith\n")] = '\0';
    check_true("as many as may be", is_all(text));
    free(text);
    free(names);
}

static void size_does_not_matter(void **state)
{
    char *lines = unit_repeat("Tel: 01632 960123\n", 1000000 / 18);
    char *blank = unit_repeat("\n", 1000000);
    char *line = unit_repeat("Kind regards ", 1048576 / 13);
    char *tails[] = {lines, blank, line};

    (void)state;
    for (size_t i = 0; i < COUNT(tails); i++) {
        char *kept = without_signature(tails[i]);

        check_true("kept as it is", strcmp(kept, tails[i]) == 0);
        free(kept);
        free(tails[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_separator_is_two_hyphens),
        UNIT_TEST(a_footer_of_a_phone_is_known),
        UNIT_TEST(a_link_tells_a_footer_in_any_language),
        UNIT_TEST(prose_is_no_footer),
        UNIT_TEST(what_stands_below_closing_and_name_is_found),
        UNIT_TEST(contact_data_at_the_end_is_found),
        UNIT_TEST(what_the_sender_says_is_no_signature),
        UNIT_TEST(lines_cut_before_are_not_seen),
        UNIT_TEST(a_postscript_is_found),
        UNIT_TEST(a_mail_may_be_nothing_but_a_signature),
        UNIT_TEST(size_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
