/* SPDX-License-Identifier: ISC */
/* Warnings that mail systems put above what comes from elsewhere, which disclaimer.h
 * declares. */
#include "text/body/disclaimer.h"

#include <string.h>

#include "text/body/phrase.h"

enum {
    MAX_BANNERS = 4,
    MAX_LINES = 8,        /* of a banner */
    MAX_LINE_BYTES = 600, /* the text of the mail may stand on the same line */
    WRAPPED_BYTES = 50,   /* a line that is at least so long may have been wrapped */
    RULE_CHARACTERS = 3
};

/* Lines that are a banner as they are, with or without brackets and a colon. */
static const char *const tags[] = {
    /* English */
    "external", "external email", "external sender", "external message",
    "external mail", "ext", "caution external email", "caution: external email",
    "caution: external sender", "warning: external email",
    /* Other languages */
    "externe", "extern", "externer absender", "externe email", "email externe",
    "message externe", "expéditeur externe", "externo", "correo externo",
    "remitente externo", "esterno", "mittente esterno", "email esterna",
    "email externo", "remetente externo", "zewnętrzny", "wiadomość zewnętrzna",
    "extern avsändare", "externt meddelande", "ekstern", "ekstern afsender",
    "ekstern avsender", "ulkoinen", "ulkoinen lähettäjä", "allanol", "ebost allanol"};

/* Words that a banner begins with, and other texts as well. */
static const char *const alerts[] = {
    /* English */
    "caution", "warning", "attention", "alert", "external", "notice", "security",
    "note", "be careful", "important", "this", "the sender of this", "please note",
    /* Welsh */
    "rhybudd", "gofal", "pwyll", "byddwch yn ofalus", "daeth", "mae'r",
    /* French, German */
    "avertissement", "prudence", "avis", "ce ", "cet ", "achtung", "warnung",
    "vorsicht", "hinweis", "diese ",
    /* Spanish, Italian, Portuguese */
    "atención", "precaución", "advertencia", "aviso", "cuidado", "este ", "attenzione",
    "avviso", "avvertenza", "avvertimento", "questo ", "questa ", "atenção", "alerta",
    "esta ",
    /* Dutch, Polish */
    "let op", "waarschuwing", "pas op", "dit ", "deze ", "uwaga", "ostrzeżenie", "ta ",
    "ostrożnie",
    /* Nordic */
    "varning", "obs", "se upp", "detta ", "advarsel", "vigtigt", "denne ", "viktig",
    "varoitus", "huomio", "huom", "tämä ", "viðvörun", "aðvörun"};

/* What a banner says after that: the mail comes from elsewhere. */
static const char *const from_elsewhere[] = {
    /* English */
    "% originated from outside", "% originated outside",
    "% has originated from outside", "% originates from outside",
    "% was sent from outside", "% is from outside", "% came from outside",
    "% comes from outside", "% has come from outside", "% was received from outside",
    "% has been sent from outside", "% originated from an external",
    "% is from an external", "% came from an external", "% comes from an external",
    "% was sent from an external", "% was sent by an external",
    "% has been received from an external", "% has been sent from an external",
    "% was received from an external", "% originated externally",
    "% was sent by someone outside", "% was sent from someone outside",
    "sent from outside", "sender is from outside", "sender of this % is from outside",
    "% has been received from outside", "this is an external %",
    /* Welsh */
    "ebost hwn o'r tu allan", "neges hon o'r tu allan", "ebost hwn yn dod o'r tu allan",
    "neges hon yn dod o'r tu allan", "ebost hwn wedi dod o'r tu allan",
    "neges hon wedi dod o'r tu allan", "o'r tu allan i'r sefydliad",
    "o'r tu allan i'n sefydliad", "o'r tu allan i'ch sefydliad",
    /* French */
    "% provient de l'extérieur", "% provient d'un expéditeur externe",
    "% vient de l'extérieur", "% a été envoyé de l'extérieur",
    "% émane d'un expéditeur externe", "% provient de l'exterieur",
    "% provient d'une source externe", "% émane de l'extérieur",
    /* German */
    "% stammt von außerhalb", "% stammt von einem externen", "% kommt von außerhalb",
    "% kommt von einem externen", "% wurde von außerhalb", "% wurde von einem externen",
    /* Spanish */
    "% procede de fuera", "% proviene de fuera", "% se originó fuera",
    "% ha sido enviado desde fuera", "% se ha originado fuera",
    "% proviene del exterior", "% procede del exterior",
    /* Italian */
    "% proviene dall'esterno", "% proviene da un mittente esterno",
    "% proviene da una fonte esterna", "% è stata inviata dall'esterno",
    /* Portuguese */
    "% teve origem fora", "% foi enviado de fora", "% foi enviada de fora",
    "% foi originado fora", "% provém do exterior", "% provém de fora",
    /* Dutch */
    "% komt van buiten", "% is afkomstig van buiten", "% is afkomstig van een externe",
    "% komt van een externe", "% is van buiten", "% is verzonden van buiten",
    /* Polish */
    "% pochodzi spoza", "% pochodzi z zewnątrz", "% została wysłana spoza",
    "% pochodzi od nadawcy zewnętrznego", "% została wysłana z zewnątrz",
    /* Nordic */
    "% kommer från en extern", "% kommer utifrån", "% kommer från någon utanför",
    "% skickades från en extern", "% kommer fra en ekstern", "% kommer udefra",
    "% er sendt fra en ekstern", "% kommer utenfra", "% er sendt udefra",
    "% on peräisin organisaation"};

/* The same in words that need some advice beside them: "our external email address" is
 * no warning. */
static const char *const elsewhere_words[] = {
    /* English */
    "external email", "external mail", "external message", "external sender",
    "sender is external",
    /* Welsh */
    "o'r tu allan", "tu allan i'r sefydliad", "tu allan i'n sefydliad",
    "ffynhonnell allanol", "anfonwr allanol", "ebost allanol",
    /* French, German */
    "% externe", "externe %", "externer absender", "externen absender",
    /* Spanish, Italian, Portuguese */
    "% externo", "remitente externo", "fuera de la organización",
    "fuera de su organización", "% esterna", "% esterno", "mittente esterno",
    "dall'esterno dell'organizzazione", "% externa", "fora da organização",
    "exterior da organização",
    /* Dutch, Polish */
    "externe afzender", "zewnętrzna %", "% zewnętrzna", "nadawca zewnętrzny",
    /* Nordic */
    "extern avsändare", "utanför organisationen", "ekstern afsender",
    "ekstern avsender", "uden for organisationen", "utenfor organisasjonen",
    "organisaation ulkopuolelta", "ulkopuolinen lähettäjä",
    "ulkopuoliselta lähettäjältä", "organisaatiosi ulkopuolelta", "utan fyrirtækis",
    "remetente externo"};

/* Beginnings that are enough: Exchange's tip on first contact. */
static const char *const first_contact[] = {
    /* English */
    "you don't often get email", "you do not often get email",
    "some people who received this message don't often get email",
    "some people who received this message do not often get",
    /* Welsh */
    "nid ydych yn aml yn cael ebost", "nid ydych chi'n cael ebost",
    /* French, German */
    "vous n'obtenez pas souvent", "vous ne recevez pas souvent",
    "certaines personnes qui ont reçu ce message", "sie erhalten nicht häufig email",
    "sie erhalten nicht oft", "sie erhalten selten",
    "einige personen die diese nachricht erhalten haben",
    /* Spanish, Italian, Portuguese */
    "no suele recibir correo", "no suele obtener correo", "no recibe con frecuencia",
    "non si ricevono spesso messaggi", "non si riceve spesso", "non ricevi spesso",
    "você não costuma receber email", "não costuma receber email",
    "não recebe frequentemente email",
    /* Dutch, Polish */
    "u ontvangt niet vaak email", "je ontvangt niet vaak email",
    "nie otrzymujesz często wiadomości", "nie często otrzymujesz",
    /* Nordic */
    "du får inte ofta epost", "du får inte ofta email", "du får ikke ofte mail",
    "du får ikke ofte email", "du får ikke ofte epost", "du modtager ikke ofte",
    "et saa usein sähköposti", "et saa kovin usein"};

/* What the lines below a banner's first one say, in the same paragraph. */
static const char *const advice[] = {
    /* English */
    "do not click", "don't click", "do not open", "don't open", "use caution",
    "exercise caution", "learn why", "learn more about", "phishing", "content is safe",
    "outside of the organi", "outside of your organi", "verify the sender",
    "https://aka.ms/learnabout", "http://aka.ms/learnabout", "aka.ms/learnabout",
    /* Welsh */
    "peidiwch â chlicio", "peidiwch a chlicio", "peidiwch ag agor",
    /* French, German */
    "ne cliquez", "n'ouvrez", "ne pas cliquer", "découvrez pourquoi",
    "découvrir pourquoi", "klicken sie nicht", "klicken sie nur", "öffnen sie keine",
    "öffnen sie nur", "nicht auf links", "keine links", "erfahren sie warum",
    /* Spanish, Italian, Portuguese */
    "no haga clic", "no abra", "por qué esto es importante", "non cliccare",
    "non fare clic", "non aprire", "scopri perché", "informazioni sul perché",
    "perché è importante", "não clique", "não abra", "saiba por que", "saiba porque",
    /* Dutch, Polish */
    "klik niet", "klik geen", "open geen", "waarom dit belangrijk", "nie klikaj",
    "nie otwieraj", "dlaczego jest to ważne", "dowiedz się dlaczego",
    /* Nordic */
    "klicka inte", "öppna inte", "varför det här är viktigt", "varför detta är viktigt",
    "klik ikke", "åbn ikke", "hvorfor dette er vigtigt", "ikke klikk", "klikk ikke",
    "åpne ikke", "ikke åpne", "hvorfor dette er viktig", "älä napsauta", "älä avaa",
    "älä klikkaa", "miksi tämä on tärkeää"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_rule(const struct body_line *line)
{
    char mark = line->words_bytes > 0 ? line->words[0] : '\0';

    if (!mark || !strchr("_-*=~", mark) || line->words_bytes < RULE_CHARACTERS)
        return false;
    for (size_t i = 0; i < line->words_bytes; i++)
        if (line->words[i] != mark && line->words[i] != ' ')
            return false;
    return true;
}

static bool is_gap(const struct body_line *line)
{
    return line->words_bytes == 0 || is_rule(line);
}

static size_t skip_gap(const struct body_line *lines, size_t start, size_t count)
{
    while (start < count && is_gap(&lines[start]))
        start++;
    return start;
}

/* The words of this line and those below it in its paragraph. */
static void read_paragraph(struct phrase_text *text, const struct body_line *lines,
                           size_t start, size_t count)
{
    phrase_text_begin(text);
    for (size_t i = start; i < count && i - start < MAX_LINES && !is_gap(&lines[i]);
         i++)
        phrase_text_add(text, lines[i].words, lines[i].words_bytes);
}

static void read_one_line(struct phrase_text *text, const struct body_line *line)
{
    phrase_text_begin(text);
    phrase_text_add(text, line->words, line->words_bytes);
}

static bool is_tag(const struct phrase_text *text)
{
    for (size_t i = 0; i < COUNT(tags); i++) {
        const char *end = phrase_match(text->text, tags[i]);

        if (end && end[strspn(end, ".:!- ")] == '\0')
            return true;
    }
    return false;
}

static bool gives_advice(const struct phrase_text *text)
{
    return phrase_is_in(text, advice, COUNT(advice));
}

/* Whether the mail system says where the mail comes from: an alert, in the beginning.
 */
static bool is_warning(const struct phrase_text *text)
{
    if (!phrase_begins(text, alerts, COUNT(alerts)))
        return false;
    return phrase_is_in(text, from_elsewhere, COUNT(from_elsewhere)) ||
           (phrase_is_in(text, elsewhere_words, COUNT(elsewhere_words)) &&
            gives_advice(text));
}

/* Whether a program broke a sentence, or a link off it, between two lines. */
static bool is_broken(const struct body_line *line, const struct body_line *next)
{
    char first = *next->words;

    return (line->words_bytes >= WRAPPED_BYTES && first >= 'a' && first <= 'z') ||
           body_line_begins(next, "<http");
}

/* Where the banner ends that begins with this line, whose words are in *banner. It goes
 * on until it has warned, and then with advice; the text of the mail may follow without
 * a blank line. */
static size_t find_end(const struct body_line *lines, size_t start, size_t count,
                       struct phrase_text *banner, bool is_warned)
{
    size_t at = start + 1;

    for (; at < count && at - start < MAX_LINES && !is_gap(&lines[at]); at++) {
        struct phrase_text text;

        read_one_line(&text, &lines[at]);
        if (is_warned && !gives_advice(&text) && !is_broken(&lines[at - 1], &lines[at]))
            break;
        phrase_text_add(banner, lines[at].words, lines[at].words_bytes);
        is_warned |= is_warning(banner);
    }
    return at;
}

/* The end of the banner that begins with this line; the line itself if none does. */
static size_t read_banner(const struct body_line *lines, size_t start, size_t count)
{
    struct phrase_text line, paragraph;

    if (lines[start].words_bytes > MAX_LINE_BYTES)
        return start;
    read_one_line(&line, &lines[start]);
    if (is_tag(&line))
        return start + 1;
    if (phrase_begins(&line, first_contact, COUNT(first_contact)))
        return find_end(lines, start, count, &line, true);
    read_paragraph(&paragraph, lines, start, count);
    if (!is_warning(&paragraph))
        return start;
    return find_end(lines, start, count, &line, is_warning(&line));
}

size_t disclaimer_banner_lines(const struct body_line *lines, size_t count)
{
    size_t found = 0;

    for (size_t i = 0; i < MAX_BANNERS; i++) {
        size_t start = skip_gap(lines, found, count), end;

        if (start == count)
            break;
        end = read_banner(lines, start, count);
        if (end == start)
            break;
        found = skip_gap(lines, end, count);
    }
    return found;
}
