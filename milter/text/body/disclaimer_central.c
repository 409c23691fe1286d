/* SPDX-License-Identifier: ISC */
/* Disclaimers in German, Dutch and Polish. */
#include "text/body/disclaimer_phrases.h"

const struct disclaimer_phrases disclaimer_german = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("diese %", "dieser %", "dieses %"),
    [DISCLAIMER_WEAK] =
        DISCLAIMER_PHRASES("vertraulich", "irrtümlich", "löschen", "vernichten",
                           "viren", "anhäng", "anlage", "sofort", "umgehend"),
    [DISCLAIMER_LEGAL] = DISCLAIMER_PHRASES(
        "adressat", "empfänger", "absender", "haftung", "unbefugt", "unerlaubt",
        "nicht gestattet", "rechtlich geschützt", "rechtsverbindlich", "weitergabe"),
    [DISCLAIMER_LIKELY] =
        DISCLAIMER_PHRASES("ausschließlich für den", "irrtümlich erhalten",
                           "versehentlich erhalten", "diese % enthält vertraulich",
                           "diese % ist vertraulich", "diese % ist ausschließlich"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "nicht der richtige adressat", "nicht der richtige empfänger",
        "nicht der vorgesehene", "nicht der beabsichtigte",
        "nicht der bestimmungsgemäße", "nicht der adressat",
        "nicht der empfänger dieser", "wenn sie diese % irrtümlich",
        "falls sie diese % irrtümlich", "sollten sie diese % irrtümlich",
        "sollten sie diese % versehentlich", "oder diese % irrtümlich",
        "vertrauliche und/oder rechtlich", "vertrauliche oder rechtlich",
        "unbefugte weitergabe dieser", "an die umwelt bevor sie",
        "bevor sie diese % drucken", "bevor sie diese % ausdrucken",
        "wirklich ausgedruckt werden", "auf viren geprüft", "auf viren überprüft",
        "virenfrei.www", "virenfrei. www"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "diese % kann vertraulich", "diese % könnte vertraulich",
        "diese % und alle anh", "diese % und alle angehäng", "diese % und alle mit",
        "diese % und etwaige", "diese % und eventuelle", "diese % und ihre anhänge",
        "diese % einschließlich", "diese % ist nur für den adressat",
        "diese % ist nur für den empf", "der inhalt dieser %",
        "die information in dieser %", "die informationen in dieser %",
        "die in dieser % enthalt"),
    [DISCLAIMER_HEADING] = DISCLAIMER_PHRASES(
        "haftungsausschluss", "vertraulichkeitshinweis", "rechtlicher hinweis",
        "rechtliche hinweise", "datenschutzhinweis"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("vertraulichkeit"),
    [DISCLAIMER_COMPANY] = DISCLAIMER_PHRASES("amtsgericht", "registergericht",
                                              "geschäftsführer", "ust-id", "ustid"),
    [DISCLAIMER_COMPANY_LINE] =
        DISCLAIMER_PHRASES("sitz der gesellschaft", "handelsregister", "hrb#"),
    [DISCLAIMER_LIST] =
        DISCLAIMER_PHRASES("sie erhalten diese % weil", "klicken sie", "verteiler",
                           "mailingliste", "newsletter", "http"),
    [DISCLAIMER_LIST_KEY] = DISCLAIMER_PHRASES("newsletter abmelden", "abbestellen"),
}};

const struct disclaimer_phrases disclaimer_dutch = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("dit %", "deze %"),
    [DISCLAIMER_WEAK] =
        DISCLAIMER_PHRASES("vertrouwelijk", "per abuis", "ten onrechte", "verwijder",
                           "vernietig", "bijlage", "virus", "onmiddellijk"),
    [DISCLAIMER_LEGAL] = DISCLAIMER_PHRASES(
        "geadresseerde", "afzender", "aansprakelijk", "openbaarmaking",
        "vermenigvuldiging", "verspreiding", "niet toegestaan", "uitsluitend bestemd",
        "uitsluitend bedoeld"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES(
        "dit % is uitsluitend", "dit % is vertrouwelijk", "deze % is uitsluitend",
        "deze % is vertrouwelijk", "deze % is alleen bestemd"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "niet de geadresseerde", "niet de beoogde ontvanger",
        "niet de bedoelde ontvanger", "geen rechten worden ontleend", "dit % per abuis",
        "deze % per abuis", "dit % ten onrechte", "deze % ten onrechte",
        "denk aan het milieu voor", "voordat u deze % print",
        "voordat u deze % afdrukt", "voordat u dit % print",
        "gecontroleerd op virussen", "op virussen gecontroleerd",
        "als dit % niet voor u", "als deze % niet voor u", "indien dit % niet voor u",
        "indien deze % niet voor u", "virusvrij.www", "virusvrij. www"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "dit % en eventuele", "dit % kan vertrouwelijk", "dit % met eventuele",
        "deze % en eventuele", "deze % en alle bij", "deze % en alle meegezonden",
        "deze % en de bij", "deze % en de daarbij", "deze % en de inhoud",
        "deze % inclusief", "deze % kan vertrouwelijk", "de informatie verzonden met d",
        "de informatie in dit %", "de informatie in deze %", "de inhoud van dit %",
        "de inhoud van deze %"),
    [DISCLAIMER_HEADING] = DISCLAIMER_PHRASES("disclaimer"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("vertrouwelijkheid", "vrijwaring"),
    [DISCLAIMER_COMPANY] = DISCLAIMER_PHRASES("kamer van koophandel", "btw-nummer"),
    [DISCLAIMER_COMPANY_LINE] = DISCLAIMER_PHRASES("kvk#"),
    [DISCLAIMER_LIST] =
        DISCLAIMER_PHRASES("u ontvangt deze % omdat", "je ontvangt deze % omdat",
                           "klik", "nieuwsbrief", "http"),
    [DISCLAIMER_LIST_KEY] = DISCLAIMER_PHRASES("uitschrijven", "afmelden"),
}};

const struct disclaimer_phrases disclaimer_polish = {{
    [DISCLAIMER_SELF] = DISCLAIMER_PHRASES("ta %", "tej %", "tę %", "niniejsz"),
    [DISCLAIMER_WEAK] = DISCLAIMER_PHRASES("poufn", "omyłkow", "pomyłk", "usunięcie",
                                           "usunąć", "załącznik", "wirus"),
    [DISCLAIMER_LEGAL] =
        DISCLAIMER_PHRASES("adresat", "nadawc", "odbiorc", "wyłącznie dla", "zabronion",
                           "rozpowszechnianie", "ujawni", "odpowiedzialności"),
    [DISCLAIMER_LIKELY] = DISCLAIMER_PHRASES("ta % jest przeznaczona wyłącznie"),
    [DISCLAIMER_CERTAIN] = DISCLAIMER_PHRASES(
        "nie są państwo adresat", "nie jest pan/pani adresat", "nie jesteś adresat",
        "nie jesteś zamierzonym", "nie są państwo zamierzon", "otrzymali państwo tę %",
        "otrzymałeś tę % przez pomyłkę", "otrzymał tę % przez pomyłkę",
        "zanim wydrukujesz tę", "zanim wydrukujesz ten", "zanim wydrukujesz pomyśl",
        "pomyśl o środowisku zanim", "pomyśl o środowisku przed",
        "została sprawdzona na obecność wirusów"),
    [DISCLAIMER_OPENING] = DISCLAIMER_PHRASES(
        "niniejsza % jest przeznaczona", "niniejsza % oraz", "niniejsza % może",
        "niniejsza % wraz", "niniejsza % i ", "niniejsza % zawiera informacje",
        "niniejszy % jest przeznaczony", "niniejszy % oraz", "niniejszy % może",
        "niniejszy % wraz", "ta % oraz załącz", "ta % oraz wszelkie", "ta % oraz jej",
        "ta % i wszelkie", "ta % i jej", "ta % może zawierać", "treść tej %",
        "treść niniejszej %", "informacje zawarte w tej %",
        "informacje zawarte w niniejszej %", "informacje zawarte w niniejszym %",
        "wolny od wirusów", "wolne od wirusów", "administratorem danych osobowych",
        "administratorem państwa danych"),
    [DISCLAIMER_HEADING] = DISCLAIMER_PHRASES("klauzula poufności"),
    [DISCLAIMER_TITLE] = DISCLAIMER_PHRASES("poufność", "zastrzeżenie"),
    [DISCLAIMER_COMPANY] = DISCLAIMER_PHRASES("sąd rejonowy", "krs ", "nip ", "regon"),
    [DISCLAIMER_LIST] = DISCLAIMER_PHRASES("kliknij", "subskry", "http"),
    [DISCLAIMER_LIST_KEY] =
        DISCLAIMER_PHRASES("wypisać się", "wypisz się", "zrezygnować z subskrypcji",
                           "zrezygnować z otrzymywania"),
}};
