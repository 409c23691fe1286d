/* SPDX-License-Identifier: ISC */
#include "text/body/quote_phrases.h"

#include <string.h>

#include "text/body/quote_words.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* With its length, since most labels are told apart by that. */
#define LABEL(text, field)                          \
    {                                               \
        text, sizeof(text) - 1, QUOTE_FIELD_##field \
    }

static const struct label {
    const char *text;
    size_t length;
    enum quote_field field;
} labels[] = {
    LABEL("from", FROM),
    LABEL("von", FROM),
    LABEL("de", FROM),
    LABEL("da", FROM),
    LABEL("van", FROM),
    LABEL("od", FROM),
    LABEL("från", FROM),
    LABEL("fra", FROM),
    LABEL("frå", FROM),
    LABEL("frá", FROM),
    LABEL("lähettäjä", FROM),
    LABEL("oddi wrth", FROM),
    LABEL("oddiwrth", FROM),
    LABEL("expéditeur", FROM),
    LABEL("remitente", FROM),
    LABEL("mittente", FROM),
    LABEL("remetente", FROM),
    LABEL("afzender", FROM),
    LABEL("absender", FROM),
    LABEL("nadawca", FROM),
    LABEL("avsändare", FROM),
    LABEL("avsender", FROM),
    LABEL("afsender", FROM),
    LABEL("sendandi", FROM),

    LABEL("sent", SENT),
    LABEL("gesendet", SENT),
    LABEL("gesendet am", SENT),
    LABEL("envoyé", SENT),
    LABEL("envoyé le", SENT),
    LABEL("enviado", SENT),
    LABEL("enviado el", SENT),
    LABEL("enviado em", SENT),
    LABEL("enviada", SENT),
    LABEL("enviada em", SENT),
    LABEL("inviato", SENT),
    LABEL("verzonden", SENT),
    LABEL("wysłano", SENT),
    LABEL("wysłane", SENT),
    LABEL("skickat", SENT),
    LABEL("sendt", SENT),
    LABEL("lähetetty", SENT),
    LABEL("anfonwyd", SENT),

    LABEL("date", DATE),
    LABEL("datum", DATE),
    LABEL("fecha", DATE),
    LABEL("data", DATE),
    LABEL("dato", DATE),
    LABEL("päivämäärä", DATE),
    LABEL("päiväys", DATE),
    LABEL("pvm", DATE),
    LABEL("dyddiad", DATE),
    LABEL("dagsetning", DATE),
    LABEL("dags", DATE),

    LABEL("to", TO),
    LABEL("an", TO),
    LABEL("à", TO),
    LABEL("a", TO),
    LABEL("para", TO),
    LABEL("aan", TO),
    LABEL("do", TO),
    LABEL("till", TO),
    LABEL("til", TO),
    LABEL("vastaanottaja", TO),
    LABEL("vastaanottajat", TO),
    LABEL("at", TO),
    LABEL("i", TO),
    LABEL("empfänger", TO),
    LABEL("destinataire", TO),
    LABEL("destinataires", TO),
    LABEL("destinatario", TO),
    LABEL("destinatari", TO),
    LABEL("destinatário", TO),
    LABEL("ontvanger", TO),
    LABEL("adresat", TO),
    LABEL("mottagare", TO),
    LABEL("mottaker", TO),
    LABEL("modtager", TO),
    LABEL("viðtakandi", TO),

    LABEL("cc", CC),
    LABEL("bcc", CC),
    LABEL("kopie", CC),
    LABEL("kopie (cc)", CC),
    LABEL("blindkopie", CC),
    LABEL("copie", CC),
    LABEL("copie à", CC),
    LABEL("cci", CC),
    LABEL("copia", CC),
    LABEL("con copia", CC),
    LABEL("cco", CC),
    LABEL("ccn", CC),
    LABEL("cópia", CC),
    LABEL("dw", CC),
    LABEL("udw", CC),
    LABEL("do wiadomości", CC),
    LABEL("kopia", CC),
    LABEL("kopi", CC),
    LABEL("kopio", CC),
    LABEL("copi", CC),
    LABEL("afrit", CC),

    LABEL("subject", SUBJECT),
    LABEL("betreff", SUBJECT),
    LABEL("objet", SUBJECT),
    LABEL("sujet", SUBJECT),
    LABEL("asunto", SUBJECT),
    LABEL("oggetto", SUBJECT),
    LABEL("assunto", SUBJECT),
    LABEL("onderwerp", SUBJECT),
    LABEL("temat", SUBJECT),
    LABEL("ämne", SUBJECT),
    LABEL("emne", SUBJECT),
    LABEL("aihe", SUBJECT),
    LABEL("otsikko", SUBJECT),
    LABEL("pwnc", SUBJECT),
    LABEL("testun", SUBJECT),
    LABEL("efni", SUBJECT),

    LABEL("reply-to", OTHER),
    LABEL("reply to", OTHER),
    LABEL("antwort an", OTHER),
    LABEL("répondre à", OTHER),
    LABEL("responder a", OTHER),
    LABEL("rispondi a", OTHER),
    LABEL("antwoord aan", OTHER),
    LABEL("odpowiedź do", OTHER),
    LABEL("svar till", OTHER),
    LABEL("svar til", OTHER),
    LABEL("vastausosoite", OTHER),
    LABEL("ateb i", OTHER),
    LABEL("sender", OTHER),
    LABEL("organization", OTHER),
    LABEL("organisation", OTHER),
    LABEL("message-id", OTHER),
    LABEL("importance", OTHER),
    LABEL("priority", OTHER),
    LABEL("sensitivity", OTHER),
    LABEL("wichtigkeit", OTHER),
    LABEL("priorität", OTHER),
    LABEL("vertraulichkeit", OTHER),
    LABEL("priorité", OTHER),
    LABEL("importancia", OTHER),
    LABEL("prioridad", OTHER),
    LABEL("importância", OTHER),
    LABEL("prioridade", OTHER),
    LABEL("importanza", OTHER),
    LABEL("priorità", OTHER),
    LABEL("urgentie", OTHER),
    LABEL("prioriteit", OTHER),
    LABEL("ważność", OTHER),
    LABEL("priorytet", OTHER),
    LABEL("prioritet", OTHER),
    LABEL("viktighet", OTHER),
    LABEL("vigtighed", OTHER),
    LABEL("tärkeys", OTHER),
    LABEL("pwysigrwydd", OTHER),
    LABEL("attachment", OTHER),
    LABEL("attachments", OTHER),
    LABEL("anlage", OTHER),
    LABEL("anlagen", OTHER),
    LABEL("anhänge", OTHER),
    LABEL("pièce jointe", OTHER),
    LABEL("pièces jointes", OTHER),
    LABEL("adjuntos", OTHER),
    LABEL("datos adjuntos", OTHER),
    LABEL("allegati", OTHER),
    LABEL("anexos", OTHER),
    LABEL("bijlage", OTHER),
    LABEL("bijlagen", OTHER),
    LABEL("załączniki", OTHER),
    LABEL("bifogade filer", OTHER),
    LABEL("bilagor", OTHER),
    LABEL("vedlegg", OTHER),
    LABEL("vedhæftede filer", OTHER),
    LABEL("liitteet", OTHER),
    LABEL("viðhengi", OTHER),
    LABEL("atodiadau", OTHER),
    LABEL("categories", OTHER),
    LABEL("kategorien", OTHER),
    LABEL("catégories", OTHER),
    LABEL("categorías", OTHER),
    LABEL("categorieën", OTHER),
    LABEL("follow up flag", OTHER),
    LABEL("flag status", OTHER),
};

static const char *const separators[] = {
    "original message",
    "original mail",
    "original email",
    "original e-mail",
    "original appointment",
    "replied message",
    "forwarded message",
    "forwarded mail",
    "neges wreiddiol",
    "y neges wreiddiol",
    "neges wedi'i hanfon ymlaen",
    "neges a anfonwyd ymlaen",
    "neges ymlaen",
    "message d'origine",
    "message original",
    "message initial",
    "mail original",
    "mail d'origine",
    "e-mail d'origine",
    "courriel original",
    "message transféré",
    "message réexpédié",
    "mail transféré",
    "courriel transféré",
    "ursprüngliche nachricht",
    "ursprüngliche mail",
    "ursprüngliche message",
    "ursprünglicher termin",
    "urspr. nachricht",
    "originalnachricht",
    "original-nachricht",
    "original nachricht",
    "weitergeleitete nachricht",
    "weitergeleitete mail",
    "mensaje original",
    "correo original",
    "mensaje reenviado",
    "correo reenviado",
    "messaggio originale",
    "messaggio inoltrato",
    "mensagem original",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "oorspronkelijk bericht",
    "oorspronkelijke bericht",
    "origineel bericht",
    "doorgestuurd bericht",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "przekazana wiadomość",
    "wiadomość przekazana",
    "treść przekazanej wiadomości",
    "ursprungligt meddelande",
    "originalmeddelande",
    "vidarebefordrat meddelande",
    "vidarebefordrat brev",
    "vidarebefordrat mejl",
    "oprindelig meddelelse",
    "oprindelig besked",
    "original meddelelse",
    "videresendt meddelelse",
    "videresendt besked",
    "opprinnelig melding",
    "original melding",
    "opprinnelig e-post",
    "videresendt melding",
    "videresendt e-post",
    "opphavleg melding",
    "vidaresend melding",
    "alkuperäinen viesti",
    "edelleenlähetetty viesti",
    "välitetty viesti",
    "upprunaleg skilaboð",
    "upphafleg skilaboð",
    "áframsend skilaboð",
    "framsend skilaboð",
};

static const char *const notes[] = {
    "forwarded by ",        "weitergeleitet von ",  "transféré par ",
    "réexpédié par ",       "reenviado por ",       "inoltrato da ",
    "encaminhado por ",     "reencaminhado por ",   "doorgestuurd door ",
    "przesłane przez ",     "przekazane przez ",    "vidarebefordrat av ",
    "videresendt af ",      "videresendt av ",      "edelleenlähettäjä ",
    "lähettänyt edelleen ", "anfonwyd ymlaen gan ",
};

static const char *const announcements[] = {
    "begin forwarded message:",
    "dechrau neges a anfonwyd ymlaen:",
    "dechrau'r neges a anfonwyd ymlaen:",
    "début du message transféré:",
    "début du message réexpédié:",
    "anfang der weitergeleiteten nachricht:",
    "beginn der weitergeleiteten nachricht:",
    "inicio del mensaje reenviado:",
    "inizio messaggio inoltrato:",
    "inizio del messaggio inoltrato:",
    "início da mensagem reencaminhada:",
    "início da mensagem encaminhada:",
    "begin doorgestuurd bericht:",
    "początek przekazywanej wiadomości:",
    "początek przekazanej wiadomości:",
    "vidarebefordrat brev:",
    "vidarebefordrat mejl:",
    "vidarebefordrat meddelande:",
    "början på vidarebefordrat brev:",
    "start på videresendt besked:",
    "start på videresendt meddelelse:",
    "start på videresendt melding:",
    "videresendt meddelelse:",
    "videresendt melding:",
    "välitetty viesti alkaa:",
    "edelleenlähetetty viesti alkaa:",
    "upphaf áframsendra skilaboða:",
};

static const char *const quotings[] = {
    "quoting ", "zitat von ", "citando a ", "citando ",   "citerar ",
    "citeren ", "citerer ",   "citat fra ", "siterer ",   "cytat od ",
    "cytując ", "cytowanie ", "lainaus ",   "citazione ", "dyfynnu ",
};

/* "at" is Eudora's, "in" is Italian "in data", "con" is Spanish "con fecha", "no" is
 * Portuguese "no dia", "w" is Polish "w dniu". */
static const char *const openers[] = {
    "on", "at", "ar", "le", "am", "el",   "con", "il", "in",
    "em", "no", "a",  "op", "w",  "dnia", "den", "på", "þann",
};

#define VERB(text, before, has_name_behind)             \
    {                                                   \
        text, sizeof(text) - 1, before, has_name_behind \
    }

static const struct quote_verb verbs[] = {
    VERB("wrote", NULL, false),        VERB("writes", NULL, false),
    VERB("written", "has", false),     VERB("ysgrifennodd", NULL, true),
    VERB("ysgrifennu", "wedi", false), VERB("écrit", "a", false),
    VERB("schrieb", NULL, true),       VERB("schreibt", NULL, false),
    VERB("geschrieben", NULL, false),  VERB("escribió", NULL, false),
    VERB("escribe", NULL, false),      VERB("escrito", "ha", false),
    VERB("scritto", "ha", false),      VERB("scrive", NULL, false),
    VERB("escreveu", NULL, false),     VERB("escreve", NULL, false),
    VERB("schreef", NULL, true),       VERB("schrijft", NULL, false),
    VERB("geschreven", NULL, false),   VERB("napisał(a)", NULL, false),
    VERB("napisał/a", NULL, false),    VERB("napisał", NULL, false),
    VERB("napisała", NULL, false),     VERB("napisana", NULL, false),
    VERB("pisze", NULL, false),        VERB("skrev", NULL, true),
    VERB("skriver", NULL, false),      VERB("kirjoitti", NULL, false),
    VERB("kirjoittaa", NULL, false),   VERB("skrifaði", NULL, true),
    VERB("skrifar", NULL, false),
};

static bool is_any(const char *words, size_t length, const char *const *phrases,
                   size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (quote_words_are(words, length, phrases[i]))
            return true;
    return false;
}

static bool begins_any(const char *words, size_t length, const char *const *phrases,
                       size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (quote_words_begin(words, length, phrases[i]))
            return true;
    return false;
}

enum quote_field quote_phrases_field(const char *label, size_t length)
{
    for (size_t i = 0; i < COUNT(labels); i++)
        if (labels[i].length == length &&
            quote_words_are(label, length, labels[i].text))
            return labels[i].field;
    if (quote_words_begin(label, length, "resent-"))
        return QUOTE_FIELD_OTHER;
    return QUOTE_FIELD_NONE;
}

bool quote_phrases_is_separator(const char *words, size_t length)
{
    return is_any(words, length, separators, COUNT(separators));
}

bool quote_phrases_begins_notes(const char *words, size_t length)
{
    return begins_any(words, length, notes, COUNT(notes));
}

bool quote_phrases_is_announcement(const char *words, size_t length)
{
    return is_any(words, length, announcements, COUNT(announcements));
}

bool quote_phrases_begins_quoting(const char *words, size_t length)
{
    return begins_any(words, length, quotings, COUNT(quotings));
}

bool quote_phrases_is_opener(const char *word, size_t length)
{
    return is_any(word, length, openers, COUNT(openers));
}

const struct quote_verb *quote_phrases_verb(const char *word, size_t length)
{
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (verbs[i].length == length && quote_words_are(word, length, verbs[i].word))
            return &verbs[i];
    return NULL;
}
