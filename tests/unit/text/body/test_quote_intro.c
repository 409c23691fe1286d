/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/body/quote_intro.h"

enum {
    NONE = QUOTE_INTRO_NONE,
    SAYS = QUOTE_INTRO_ATTRIBUTION,
    MAIL = QUOTE_INTRO_MAIL
};

struct row {
    const char *name, *text;
    int want_kind;
    int want_lines;
    bool is_certain;
};

/* In a block of its own length, so that a sanitizer sees a read beyond the text. */
static struct quote_intro read_text(const char *text, size_t length)
{
    char *copy = malloc(length > 0 ? length : 1);
    const struct marked_text marked = {.text = copy, .length_bytes = length};
    struct body_lines lines;
    struct quote_intro intro;

    assert_non_null(copy);
    memcpy(copy, text, length);
    assert_true(body_lines_read(&marked, &lines));
    intro = quote_intro_read(lines.items, lines.count);
    body_lines_free(&lines);
    free(copy);
    return intro;
}

static void check_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct quote_intro got = read_text(rows[i].text, strlen(rows[i].text));

        check_number(rows[i].name, (long long)got.kind, rows[i].want_kind);
        check_number(rows[i].name, (long long)got.line_count, rows[i].want_lines);
        check_number(rows[i].name, got.is_certain, rows[i].is_certain);
    }
}

static const struct row attribution_rows[] = {
    {"certain", "On 23/11/2026 09:12, Jo Smith wrote:", SAYS, 1, true},
    {"wrapped", "On 23/11/2026 09:12, Jo Smith\n<jo@x> wrote:\n\n> a", SAYS, 2, true},
    {"uncertain", "He wrote:", SAYS, 1, false},
    {"between dashes as a separator",
     "---- On 23 Nov 2026 09:12:00 Jo <jo@x> wrote ----", SAYS, 1, true},
    {"a label before the verb", "From: Jo wrote:", SAYS, 1, false},
    {"a blank line first", "\nHe wrote:", NONE, 0, false},
    {"none", "Hello", NONE, 0, false},
    {"no lines", "", NONE, 0, false},
};

static void attributions_are_told_from_mails(void **state)
{
    (void)state;
    check_rows(attribution_rows, COUNT(attribution_rows));
}

/* Every phrase, with the marks that mail programs put around it. */
static const char *const separators[] = {
    "Original Message",           "Original message",
    "ORIGINAL MESSAGE",           "Original Appointment",
    "Ursprüngliche Nachricht",    "URSPRÜNGLICHE NACHRICHT",
    "Originalnachricht",          "Message d'origine",
    "Message d\u2019origine",     "Message original",
    "Mensaje original",           "Messaggio originale",
    "Mensagem original",          "Oorspronkelijk bericht",
    "Oprindelig meddelelse",      "Oprindelig besked",
    "Ursprungligt meddelande",    "Originalmeddelande",
    "Opprinnelig melding",        "Wiadomość oryginalna",
    "Oryginalna wiadomość",       "Alkuperäinen viesti",
    "Upprunaleg skilaboð",        "Neges Wreiddiol",
    "Forwarded message",          "Forwarded Message",
    "Weitergeleitete Nachricht",  "Message transféré",
    "Mensaje reenviado",          "Messaggio inoltrato",
    "Mensagem encaminhada",       "Mensagem reencaminhada",
    "Doorgestuurd bericht",       "Videresendt meddelelse",
    "Vidarebefordrat meddelande", "Vidarebefordrat brev",
    "Videresendt melding",        "Przekazana wiadomość",
    "Edelleenlähetetty viesti",   "Välitetty viesti",
    "Neges wedi'i hanfon ymlaen", "Neges wedi\u2019i hanfon ymlaen",
    "Neges a anfonwyd ymlaen",
};
static const char *const around[][2] = {
    {"-----", "-----"},         {"---------- ", " ---------"},
    {"> --- ", " ---"},         {"**** ", " ****"},
    {"____ ", " ____"},         {"-- ", ""},
    {"\u2014\u2014", "\u2014"}, {"- - - ", " - - -"},
    {"-----", ":-----"},
};

static void separators_are_mails(void **state)
{
    char text[128];

    (void)state;
    for (size_t i = 0; i < COUNT(separators); i++) {
        check_number(separators[i],
                     (long long)read_text(separators[i], strlen(separators[i])).kind,
                     NONE);
        for (size_t k = 0; k < COUNT(around); k++) {
            struct quote_intro got;

            snprintf(text, sizeof text, "%s%s%s", around[k][0], separators[i],
                     around[k][1]);
            got = read_text(text, strlen(text));
            check_number(text, (long long)got.kind, MAIL);
            check_number(text, (long long)got.line_count, 1);
            check_true(text, !got.is_certain);
        }
    }
}

static void announcements_are_mails(void **state)
{
    static const char *const phrases[] = {
        "Begin forwarded message:",
        "Anfang der weitergeleiteten Nachricht:",
        "Début du message transféré :",
        "Début du message transféré\u00a0:",
        "Début du message réexpédié :",
        "DÉBUT DU MESSAGE RÉEXPÉDIÉ:",
        "Inicio del mensaje reenviado:",
        "Inizio messaggio inoltrato:",
        "Início da mensagem reencaminhada:",
        "Begin doorgestuurd bericht:",
        "Start på videresendt besked:",
        "Vidarebefordrat brev:",
        "Videresendt melding:",
        "Początek przekazywanej wiadomości:",
        "> Begin forwarded message:",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(phrases); i++) {
        size_t length = strlen(phrases[i]);
        struct quote_intro got = read_text(phrases[i], length);

        check_number(phrases[i], (long long)got.kind, MAIL);
        check_number(phrases[i], (long long)got.line_count, 1);
        check_number(phrases[i], (long long)read_text(phrases[i], length - 1).kind,
                     NONE);
    }
}

#define RULE20 "____________________"
#define DASHES20 "--------------------"
#define HEADER "From: Jo Smith\nSent: 23 November 2026 09:12\nTo: Anna\nSubject: Bus"

static const struct row separator_rows[] = {
    {"a header", "-----Original Message-----\n" HEADER "\n\nHello", MAIL, 5, false},
    {"a header after a blank line", "Begin forwarded message:\n\n" HEADER "\n", MAIL, 6,
     false},
    {"a header after two", "Begin forwarded message:\n\n\n" HEADER "\n", MAIL, 7,
     false},
    {"not after three", "Begin forwarded message:\n\n\n\n" HEADER "\n", MAIL, 1, false},
    {"any fields",
     "-------- Forwarded Message --------\nSubject: \tBus\nDate: \tMon\nFrom: "
     "\tJo\n"
     "\nHello",
     MAIL, 4, false},
    {"one field", "---- Original message ----\nTo: all\nHello", MAIL, 2, false},
    {"text", "---- Original message ----\nHello: all\n", MAIL, 1, false},
    {"an attribution",
     "------- Original Message -------\nOn Monday, November 23rd, 2026 at 9:12 AM, "
     "Jo\n<jo@x> wrote:\n\nHello",
     MAIL, 3, false},
    {"an uncertain attribution is text",
     "------- Original Message -------\nHe wrote:\n", MAIL, 1, false},
    {"a header of another depth is text", "> -----Original Message-----\n>> From: Jo\n",
     MAIL, 1, false},
    {"a header in the same quote",
     "> -----Original Message-----\n>\n> From: Jo\n> To: Anna\n>\n> Hello", MAIL, 4,
     false},
    {"a rule and a header", RULE20 "____________\n" HEADER "\nHello", MAIL, 5, false},
    {"a rule of dashes", DASHES20 "\n\n" HEADER "\n", MAIL, 6, false},
    {"a rule of drawn lines",
     "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500"
     "\u2500\u2500\u2500\u2500\u2500\u2500\u2500\u2500\n" HEADER,
     MAIL, 5, false},
    {"a rule and a separator", RULE20 "\n-----Original Message-----\n" HEADER "\nHello",
     MAIL, 6, false},
    {"a rule of 19 marks is its own", "___________________\n" HEADER, NONE, 0, false},
    {"a rule and text", RULE20 "\nHello", NONE, 0, false},
    {"a rule and two rules", RULE20 "\n" RULE20 "\n" HEADER, NONE, 0, false},
    {"a rule and a field", RULE20 "\nFrom: Jo\n\nHello", NONE, 0, false},
    {"a rule at the end", RULE20, NONE, 0, false},
    {"Notes", "----- Forwarded by Jo Smith/Org on 23/11/2026 09:12 -----\n" HEADER,
     MAIL, 5, false},
    {"Notes alone", "----- Forwarded by Jo Smith/Org on 23/11/2026 09:12 -----", MAIL,
     1, false},
    {"Notes, wrapped",
     "---------------------- Forwarded by Jo/Org on 23/11/2026 09:12\n"
     "---------------------------\n\n" HEADER,
     MAIL, 7, false},
    {"Notes de", "----- Weitergeleitet von Jo/Org am 23.11.2026 09:12 -----", MAIL, 1,
     false},
    {"no date, no Notes", "----- Forwarded by the school -----", NONE, 0, false},
    {"one dash is a list", "- Original message", NONE, 0, false},
    {"more words", "--- Original message was lost ---", NONE, 0, false},
    {"an announcement in a sentence", "Begin forwarded message: yes", NONE, 0, false},
    {"a sentence", "The original message:", NONE, 0, false},
};

static void a_separator_takes_what_follows(void **state)
{
    (void)state;
    check_rows(separator_rows, COUNT(separator_rows));
}

static const struct row header_rows[] = {
    {"Outlook en", HEADER "\n\nHello", MAIL, 4, false},
    {"Outlook de",
     "Von: Jo\nGesendet: Montag, 23. November 2026 09:12\nAn: Anna\nBetreff: Bus\n",
     MAIL, 4, false},
    {"GMX, whose date is first",
     "Gesendet: Montag, 23. November 2026 um 09:12 Uhr\nVon: Jo <jo@x>\nAn: "
     "anna@x\nBetreff: Bus",
     MAIL, 4, false},
    {"Outlook fr",
     "De : Jo\nEnvoyé : lundi 23 novembre 2026 09:12\nÀ : Anna\nObjet : Bus\n", MAIL, 4,
     false},
    {"no-break space before the colon",
     "De\u00a0: Jo\nEnvoyé\u00a0: lundi 23 novembre 2026 09:12\nÀ\u202f: "
     "Anna\nObjet\u00a0: Bus",
     MAIL, 4, false},
    {"Outlook es",
     "De: Jo\nEnviado el: lunes, 23 de noviembre de 2026 9:12\nPara: Anna\nCC: "
     "Bo\nAsunto: Bus",
     MAIL, 5, false},
    {"Apple es", "De: Jo <jo@x>\nFecha: lunes\nPara: Anna\nAsunto: Bus", MAIL, 4,
     false},
    {"Outlook it",
     "Da: Jo\nInviato: lunedì 23 novembre 2026 09:12\nA: Anna\nOggetto: Bus", MAIL, 4,
     false},
    {"Apple it", "Da: Jo <jo@x>\nData: 23/11/2026\nA: Anna\nOggetto: Bus", MAIL, 4,
     false},
    {"Outlook pt",
     "De: Jo\nEnviada em: segunda-feira, 23 de novembro de 2026 09:12\nPara: "
     "Anna\nAssunto: Bus",
     MAIL, 4, false},
    {"Outlook nl",
     "Van: Jo\nVerzonden: maandag 23 november 2026 09:12\nAan: Anna\nOnderwerp: Bus",
     MAIL, 4, false},
    {"Apple nl", "Van: Jo <jo@x>\nDatum: 23-11-2026\nAan: Anna\nOnderwerp: Bus", MAIL,
     4, false},
    {"Outlook pl",
     "Od: Jo\nWysłano: 23 listopada 2026 09:12\nDo: Anna\nDW: Bo\nTemat: Bus", MAIL, 5,
     false},
    {"Outlook sv",
     "Från: Jo\nSkickat: den 23 november 2026 09:12\nTill: Anna\nKopia: Bo\nÄmne: Bus",
     MAIL, 5, false},
    {"Outlook da", "Fra: Jo\nSendt: 23. november 2026 09:12\nTil: Anna\nEmne: Bus",
     MAIL, 4, false},
    {"Apple no", "Fra: Jo <jo@x>\nDato: mandag\nTil: Anna\nKopi: Bo\nEmne: Bus", MAIL,
     5, false},
    {"Outlook fi",
     "Lähettäjä: Jo\nLähetetty: maanantai 23. marraskuuta 2026 9.12\nVastaanottaja: "
     "Anna\n"
     "Kopio: Bo\nAihe: Bus",
     MAIL, 5, false},
    {"Apple fi", "Lähettäjä: Jo <jo@x>\nPäivämäärä: 23.11.2026\nAihe: Bus", MAIL, 3,
     false},
    {"Outlook cy",
     "Oddi wrth: Jo\nAnfonwyd: 23 Tachwedd 2026 09:12\nAt: Anna\nPwnc: Bws", MAIL, 4,
     false},
    {"Dyddiad cy", "Oddi wrth: Jo <jo@x>\nDyddiad: Llun\nAt: Anna\nPwnc: Bws", MAIL, 4,
     false},
    {"Outlook is",
     "Frá: Jo\nSent: mánudagur, 23. nóvember 2026 09:12\nTil: Anna\nEfni: Rúta", MAIL,
     4, false},
    {"Expéditeur", "Expéditeur: Jo <jo@x>\nDate: lundi\nDestinataire: Anna", MAIL, 3,
     false},
    {"Mittente", "Mittente: jo@x\nData: oggi\nOggetto: Bus", MAIL, 3, false},
    {"Remetente", "Remetente: jo@x\nData: hoje\nAssunto: Bus", MAIL, 3, false},
    {"Afzender", "Afzender: jo@x\nDatum: nu\nOnderwerp: Bus", MAIL, 3, false},
    {"Absender", "Absender: jo@x\nDatum: nun\nBetreff: Bus", MAIL, 3, false},
    {"Gmail", "From: Jo <jo@x>\nDate: Mon\nSubject: Bus\nTo: <anna@x>", MAIL, 4, false},
    {"Apple", "From: Jo <jo@x>\nSubject: Bus\nDate: Mon\nTo: Anna", MAIL, 4, false},
    {"languages mixed", "From: Jo\nGesendet: Mo 23.11.2026 09:12\nTo: Anna\nObjet: Bus",
     MAIL, 4, false},
    {"capitals", "FROM: Jo\nSENT: Monday, November 23, 2026 9:12 AM\nÀ: Anna", MAIL, 3,
     false},
    {"bold labels",
     "*From:* Jo\n*Sent:* 23 November 2026 09:12\n*To:* Anna\n*Subject:* Bus", MAIL, 4,
     false},
    {"bold in Markdown", "**From:** Jo\n**Sent:** 23 November 2026 09:12\n**To:** Anna",
     MAIL, 3, false},
    {"bold without colon", "*From*: Jo\n*Sent*: 23 November 2026 09:12\n*To*: Anna",
     MAIL, 3, false},
    {"tabs", "From:\tJo\nSent:\t23/11/2026 9:12\nTo:\tAnna", MAIL, 3, false},
    {"a link", "From: Jo Smith [mailto:jo@x] \nDate: Mon\nTo: Anna", MAIL, 3, false},
    {"no space", "From:Jo\nSent:23/11/2026 9:12\nTo:Anna", MAIL, 3, false},
    {"a quote", "> From: Jo\n> Sent: 23/11/2026 9:12\n> To: Anna\nHello", MAIL, 3,
     false},
    {"a blank line between fields",
     "From: Jo\n\nSent: 23/11/2026 9:12\n\nTo: Anna\n\nSubject: Bus\n\nTo all: hello",
     MAIL, 7, false},
    {"two blank lines end it",
     "From: Jo\nSent: 23/11/2026 9:12\nTo: Anna\n\n\nSubject: Bus", MAIL, 3, false},
    {"a field that was there is text", HEADER "\n\nTo: all parents", MAIL, 4, false},
    {"an attachment behind a blank line is text",
     HEADER "\n\nAttachments: none this time", MAIL, 4, false},
    {"a second From begins another",
     "From: Jo\nSent: 23/11/2026 9:12\nTo: Anna\nFrom: Bo\nSent: Sun", MAIL, 3, false},
    {"importance and attachments",
     HEADER "\nImportance: High\nAttachments: a.pdf; b.pdf\nReply-To: bo@x\n"
            "Resent-From: c@x\n\nHello",
     MAIL, 8, false},
    {"copies",
     "From: Jo\nSent: 23/11/2026 9:12\nTo: Anna\nCc: Bo\nBcc: Cy\nSubject: Bus", MAIL,
     6, false},
    {"folded fields",
     "From: Jo\nSent: 23/11/2026 9:12\nTo: Anna;\n  Bo;\n\tCy\nSubject: Bus\n  to "
     "school\nHello",
     MAIL, 7, false},
    {"folded fields in a quote",
     "> From: Jo\n> Sent: 23/11/2026 9:12\n> To: Anna;\n>   Bo\n> Subject: Bus\n> "
     "Hello",
     MAIL, 5, false},
    {"fields wrapped without indent",
     "From: Jo\nSent: 23/11/2026 9:12\nTo: Anna; Bo;\nCy; Dee;\nEve\nSubject: "
     "Bus\nHello",
     MAIL, 6, false},
    {"no subject, an address", "From: Jo\nDate: Mon\nTo: anna@x", MAIL, 3, false},
    {"text right behind it", HEADER "\nHello all\n\nBye", MAIL, 4, false},
    {"indented", "    From: Jo\n    Sent: 23/11/2026 9:12\n    To: Anna", MAIL, 3,
     false},

    {"two languages",
     "Oddi wrth/From: Jo\nAnfonwyd/Sent: 23 Tachwedd 2026 09:12\nAt/To: Anna\n"
     "Pwnc/Subject: Bus",
     MAIL, 4, false},
    {"two languages, spaces around the slash",
     "From / Oddi wrth: Jo <jo@x>\nSent / Anfonwyd: Mon\nTo / At: Anna", MAIL, 3,
     false},
    {"two languages, bold",
     "*Oddi wrth/From:* Jo\n*Dyddiad/Sent:* 23/11/2026 09:12\n*At/To:* Anna", MAIL, 3,
     false},
    {"numbered labels",
     "1. From: Jo\n2. Sent: 23 November 2026 09:12\n3. To: Anna\n4. Subject: Bus", MAIL,
     4, false},
    {"labels numbered as links", "[1]From: Jo <jo@x>\n[2]Date: Mon\n[3]To: Anna", MAIL,
     3, false},
    {"an address in Cc alone", "From: Jo\nDate: Mon\nTo: Anna\nCc: bo@x", MAIL, 4,
     false},
    {"an address that is wrapped", "From: Jo Smith\n  <jo@x>\nDate: Mon\nTo: Anna",
     MAIL, 4, false},
    {"a number with an address",
     "From: 01234567890 <fax@x>\nSent: Mon\nTo: Anna\nSubject: Fax", MAIL, 4, false},
    {"a name of a room", "From: 5a Office\nSent: 23/11/2026 9:12\nTo: Anna", MAIL, 3,
     false},
    {"Sent and To alone", "From: Jo\nSent: 23 November 2026 09:12\nTo: Anna", MAIL, 3,
     false},
    {"Sent and Subject alone", "From: Jo\nSent: 23-Nov-2026 09:12\nSubject: Bus", MAIL,
     3, false},
    {"a rule of underscores makes up for an address",
     RULE20 "\nFrom: Jo\nDate: Mon\nTo: Anna\nSubject: Bus", MAIL, 5, false},
    {"categories", HEADER "\nCategories: School\nFlag Status: Red", MAIL, 6, false},
    {"a link behind it", HEADER "\nhttps://x/y", MAIL, 4, false},
    {"a sentence with a colon behind it", HEADER "\nNo, it is this: 9", MAIL, 4, false},
};

static void headers_are_mails(void **state)
{
    (void)state;
    check_rows(header_rows, COUNT(header_rows));
}

static const struct row text_rows[] = {
    {"one further field",
     "From: Monday the school opens at 9\nTo: all parents\nBring a lunch.", NONE, 0,
     false},
    {"hours", "From: 9am\nTo: 3pm", NONE, 0, false},
    {"a time table", "From: Monday\nTo: Friday\nSubject: Maths", NONE, 0, false},
    {"a journey", "From: Cardiff\nTo: London\nDate: 23/11/2026", NONE, 0, false},
    {"an alarm", "Host: web1\nState: DOWN\nDate: Mon\nTo: ops@x\nSubject: down", NONE,
     0, false},
    {"no From", "Date: Mon\nSubject: Bus\nTo: anna@x", NONE, 0, false},
    {"a date first without From", "Sent: Mon\nTo: anna@x\nSubject: Bus", NONE, 0,
     false},
    {"a date first, From without value", "Sent: Mon\nFrom:\nTo: anna@x\nSubject: Bus",
     NONE, 0, false},
    {"From within", "Date: Mon\nFrom: Jo\nSent: Mon\nTo: Anna", NONE, 0, false},
    {"From without value", "From:\nSent: Mon\nTo: Anna\nSubject: Bus", NONE, 0, false},
    {"bold From without value", "*From:*\nSent: Mon\nTo: Anna", NONE, 0, false},
    {"two of a kind", "From: Jo\nTo: anna@x\nAn: bo@x", NONE, 0, false},
    {"further fields of no mail", "From: jo@x\nTo: Anna\nRoom: 4\nYear: 7", NONE, 0,
     false},
    {"priority is no further kind", "From: jo@x\nTo: Anna\nPriority: high", NONE, 0,
     false},
    {"fields too far away",
     "From: jo@x\na\nb\nc\nd\ne\nSent: Mon\nTo: Anna\nSubject: Bus", NONE, 0, false},
    {"fields of another depth", "From: Jo\n> Sent: Mon\n> To: Anna", NONE, 0, false},
    {"no colon", "From Jo\nSent Mon\nTo Anna", NONE, 0, false},
    {"a sentence", "From Monday on: bring\nSent: Mon\nTo: Anna", NONE, 0, false},
    {"a colon far away",
     "From the first day of this very long school term on: Jo\nSent: Mon\nTo: Anna",
     NONE, 0, false},
    {"two blank lines between", "From: Jo\n\n\nSent: Mon\nTo: Anna", NONE, 0, false},
    {"prose de", "Von: Montag an\nBis: Freitag\nDatum: 23.11.", NONE, 0, false},
    {"a voice mail",
     "From: 01234567890\nTo: 200\nDate: Mon, 3 Nov 2025 09:14\nSubject: "
     "Voicemail\nDuration: 0:32",
     NONE, 0, false},
    {"a telephone number",
     "From: +44 1234 567890\nSent: 23 November 2026 09:12\nTo: Anna", NONE, 0, false},
    {"a number in brackets",
     "From: (01234) 567890\nSent: 23 November 2026 09:12\nTo: Anna", NONE, 0, false},
    {"an IP address", "From: 10.0.0.1\nDate: Mon\nTo: ops@x\nSubject: Disk full", NONE,
     0, false},
    {"an IP address of version 6",
     "From: fe80::1\nSent: 23 November 2026 09:12\nTo: Anna", NONE, 0, false},
    {"an IP address below a rule",
     RULE20 "\nFrom: 10.0.0.1\nDate: Mon\nTo: Anna\nSubject: Disk full", NONE, 0,
     false},
    {"a time", "From: 9am\nSent: 23 November 2026 09:12\nTo: Anna", NONE, 0, false},
    {"a time behind a day", "From: Monday 9:30\nSent: 23 November 2026 09:12\nTo: Anna",
     NONE, 0, false},
    {"a time de", "Von: 18 Uhr\nGesendet: 23.11.2026 09:12\nAn: alle@x", NONE, 0,
     false},
    {"a date", "From: 3 November 2026\nSent: 23/11/2026 09:12\nTo: Anna", NONE, 0,
     false},
    {"a machine's further fields",
     "From: Disk\nSent: 23 November 2026 09:12\nTo: ops@x\nSubject: Full\nStatus: BAD",
     NONE, 0, false},
    {"a web form", "From: Jo <jo@x>\nDate: Mon\nSubject: Trip\nMessage: we come", NONE,
     0, false},
    {"a further field between",
     "From: Jo <jo@x>\nPhone: 01234\nDate: Mon\nSubject: Trip", NONE, 0, false},
    {"a further field, all indented",
     "  From: Jo <jo@x>\n  Date: Mon\n  Subject: Trip\n  Room: 4", NONE, 0, false},
    {"a trip", "From: Main gate\nTo: Church Lane\nDate: Friday 7 Nov\nSubject: Walk",
     NONE, 0, false},
    {"a trip fr",
     "De : Paris\nÀ : Lyon\nDate : 3 novembre\nObjet : visite du musée\nBonjour", NONE,
     0, false},
    {"a trip below a rule of dashes",
     DASHES20 "\nDe: Madrid\nPara: Toledo\nFecha: 3\nAsunto: visita", NONE, 0, false},
    {"Sent without a time", "From: Jo\nSent: 23 November 2026\nTo: Anna", NONE, 0,
     false},
    {"Sent without a year", "From: Jo\nSent: 23 November 09:12\nTo: Anna", NONE, 0,
     false},
    {"Sent by somebody", "From: Gate\nTo: Lane\nSent: by Mrs Smith", NONE, 0, false},
    {"Sent and Cc alone", "From: Jo\nSent: 23/11/2026 09:12\nCc: Anna", NONE, 0, false},
    {"Date is not Sent", "From: Gate\nDate: 23/11/2026 09:12\nTo: Lane\nSubject: Walk",
     NONE, 0, false},
    {"at is no address", "From: Gate @ Lane\nTo: Lane\nDate: 3\nSubject: Walk", NONE, 0,
     false},
    {"an address in the subject is nobody's",
     "From: Gate\nTo: Lane\nDate: 3\nSubject: ask jo@x", NONE, 0, false},
    {"labels of two kinds", "From/To: jo@x\nDate: Mon\nSubject: Bus", NONE, 0, false},
    {"a label and a word", "From/Gate: jo@x\nDate: Mon\nTo: Anna\nSubject: Bus", NONE,
     0, false},
};

static void fields_of_a_text_are_no_header(void **state)
{
    (void)state;
    check_rows(text_rows, COUNT(text_rows));
}

/* Reads the lines of a long text from each line on, as a module that cuts a mail does.
 */
static size_t count_intros(const char *line, size_t times)
{
    char *text = unit_repeat(line, times);
    const struct marked_text marked = {.text = text, .length_bytes = strlen(text)};
    struct body_lines lines;
    size_t found = 0;

    assert_true(body_lines_read(&marked, &lines));
    for (size_t i = 0; i < lines.count; i++)
        found += quote_intro_read(&lines.items[i], lines.count - i).line_count > 0;
    body_lines_free(&lines);
    free(text);
    return found;
}

static void long_texts_are_read_in_bounds(void **state)
{
    static const char *const pieces[] = {
        "-",      "On 23/11/2026 09:12, Jo ",
        "wrote:", "From: ",
        "\u2014", "a ",
        ">",      ":",
        "*",      "\u200b",
        "@",      " ",
    };
    char header[64 + 512] = "From: Jo\nSent: 23/11/2026 9:12\nTo: Anna";

    (void)state;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        char *text = unit_repeat(pieces[i], ((size_t)1 << 20) / strlen(pieces[i]));

        check_number(pieces[i], (long long)read_text(text, strlen(text)).kind, NONE);
        free(text);
    }
    for (size_t i = 0; i < 256; i++)
        strcat(header, "\n ");
    check_number("a header of blank lines",
                 (long long)read_text(header, strlen(header)).line_count, 3);
    check_number("colons", (long long)count_intros("a:\n", 100000), 0);
    check_number("verbs", (long long)count_intros("Jo wrote:\n", 50000), 50000);
    check_number("rules", (long long)count_intros(RULE20 "\n", 50000), 0);
    check_number("lone From", (long long)count_intros("From: Jo\n", 50000), 0);
    check_number("long From",
                 (long long)count_intros("From: Jo\n a\n a\n a\n a\n", 20000), 0);
    check_number("separators", (long long)count_intros("--Original Message--\n", 50000),
                 50000);
    check_number(
        "many words",
        (long long)count_intros("a b c d e f g h i j k l m n o p q r s t u v w x y z a "
                                "b c d e f g h i j k l m n o p q r s t u v w x y z:\n",
                                5000),
        0);
}

/* A header has a limited length, so its lines are not counted to the end of the mail.
 * */
static void a_header_has_an_end(void **state)
{
    char *folded = unit_repeat("\n  Anna;", 1000);
    char *text = malloc(strlen(folded) + 64);
    struct quote_intro got;

    (void)state;
    assert_non_null(text);
    strcpy(text, "From: Jo\nSent: 23/11/2026 9:12\nTo: Bo;");
    strcat(text, folded);
    got = read_text(text, strlen(text));
    check_number("kind", (long long)got.kind, MAIL);
    check_true("many lines", got.line_count >= 100 && got.line_count <= 1000);
    free(text);
    free(folded);
}

static void characters_cut_off_are_read_in_bounds(void **state)
{
    static const char text[] =
        "\u2014\u2014Message d\u2019origine\u2014\u2014\nDe\u00a0: "
        "Jo\nÀ\u202f: Anna\nOn 23/11/2026 09:12, Jo a écrit\u00a0:";

    (void)state;
    for (size_t start = 0; start < sizeof text; start++)
        for (size_t end = start; end < sizeof text; end++)
            read_text(text + start, end - start);
    check_number("the whole", (long long)read_text(text, sizeof text - 1).line_count,
                 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(attributions_are_told_from_mails),
        UNIT_TEST(separators_are_mails),
        UNIT_TEST(announcements_are_mails),
        UNIT_TEST(a_separator_takes_what_follows),
        UNIT_TEST(headers_are_mails),
        UNIT_TEST(fields_of_a_text_are_no_header),
        UNIT_TEST(long_texts_are_read_in_bounds),
        UNIT_TEST(a_header_has_an_end),
        UNIT_TEST(characters_cut_off_are_read_in_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
