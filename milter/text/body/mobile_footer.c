/* SPDX-License-Identifier: ISC */
/* The footers of phones and mail programs, which signature.h declares. */
#include "text/body/signature.h"

#include <string.h>

#include "text/body/phrase.h"

enum {
    MAX_LINE_BYTES = 1000, /* links that a mail system has wrapped are long */
    MAX_BYTES = 160,       /* without them */
    MAX_WORDS = 16,
    MAX_UNKNOWN_WORDS = 2, /* a make of phones that the tables do not have */
    MAX_MODEL_DIGITS = 4   /* "Windows 10"; more are a number to call */
};

/* Words that lines begin with that may be a footer: a quick look at most lines. */
static const char *const openings[] = {
    "sent ",     "this m",    "this e",   "get ",     "yahoo ",     "outlook ",
    "envoy",     "message ",  "ce ",      "cet ",     "provenance", "télécharger",
    "obtenez",   "mail ",     "von mein", "gesendet", "versendet",  "diese ",
    "mit ",      "holen",     "laden ",   "enviad",   "este ",      "esta ",
    "mensaje",   "mensagem",  "obtener",  "obtenir ", "obtén",      "descarga",
    "inviat",    "scarica",   "ottieni",  "obter",    "obtenha",    "baix",
    "verzonden", "verstuurd", "download", "gestuurd", "deze ",      "dit ",
    "wysłan",    "wiadomo",   "ta ",      "pobierz",  "uzyskaj",    "skicka",
    "hämta",     "sendt",     "hent ",    "skaff",    "last ned",   "få ",
    "lähetetty", "hanki",     "lataa",    "anfonwyd", "wedi",       "cael ",
    "lawrlwyt",  "sendur",    "denne ",   "detta ",   "dette ",     "bluemail",
    "ladda ",    "hentet ",   "mymail",   "email ",   "e-mail ",    "messaggio"};

/* Lines that are a footer as they are. */
static const char *const slogans[] = {"yahoo mail: search, organize, conquer",
                                      "yahoo mail: search, organise, conquer",
                                      "sent from nine",
                                      "sent from type app",
                                      "sent from type app for android",
                                      "sent from type app for ios"};

/* Beginnings that a make of phones follows, which the tables may not have. */
static const char *const from_my[] = {"sent from my ",
                                      "sent via my ",
                                      "sent using my ",
                                      "sent on my ",
                                      "sent with my ",
                                      "envoyé de mon ",
                                      "envoyé depuis mon ",
                                      "envoyé à partir de mon ",
                                      "gesendet von meinem ",
                                      "von meine",
                                      "enviado desde mi ",
                                      "enviado do meu ",
                                      "enviado a partir do meu ",
                                      "inviato dal mio ",
                                      "verzonden vanaf mijn ",
                                      "verstuurd vanaf mijn ",
                                      "wysłane z mojego ",
                                      "wysłano z mojego ",
                                      "skickat från min ",
                                      "sendt fra min ",
                                      "anfonwyd o fy "};

/* What people ask to be forgiven for below "Sent from my phone, please excuse". */
static const char *const faults[] = {
    "typo",         "brevity",   "brief",       "short",        "errors",
    "mistakes",     "spelling",  "autocorrect", "auto-correct", "thumbs",
    "fingers",      "fautes",    "brièveté",    "tippfehler",   "kürze",
    "rechtschreib", "errores",   "erratas",     "brevedad",     "errori",
    "brevità",      "erros",     "brevidade",   "typefouten",   "kortheid",
    "stavfel",      "tastefeil", "slåfejl"};

enum role {
    UNKNOWN,
    SENT,
    SENT_FROM,
    FROM,
    GET,
    PROGRAM,
    DEVICE,
    FILLER,
    EXCUSE,
    ROLES
};

/* Words by what they are; "*" stands for any ending. */
static const char *const sent_words[] = {
    "sent",       "envoyé*", "gesendet", "versendet", "geschickt",
    "verschickt", "enviad*", "inviat*",  "verzonden", "verstuurd",
    "gestuurd",   "wysłan*", "skickat",  "skickad*",  "sendt",
    "anfonwyd",   "anfon",   "hanfon",   "sendur"};

static const char *const sent_from_words[] = {"lähetetty", "provenance"};

static const char *const from_words[] = {
    "from",  "via",    "with",   "using", "by",   "on",   "de",     "depuis",
    "von",   "mit",    "über",   "desde", "da",   "dal",  "do",     "del",
    "vanaf", "vanuit", "met",    "z",     "ze",   "från", "fra",    "o",
    "om",    "o'm",    "fy",     "oddi",  "úr",   "frá",  "partir", "avec",
    "con",   "com",    "pomocą", "med",   "genom"};

static const char *const get_words[] = {
    "get",           "download", "télécharger", "obtenez", "obtenir", "beziehen",
    "herunterladen", "holen",    "laden",       "obtener", "obtén",   "descarga*",
    "scarica*",      "ottieni",  "obter",       "obtenha", "baix*",   "downloaden",
    "verkrijg*",     "pobierz",  "uzyskaj",     "hämta",   "hent",    "skaff",
    "last",          "få",       "hanki",       "lataa",   "cael",    "lawrlwyth*",
    "sæktu",         "ladda",    "skaffa",      "hentet"};

static const char *const program_words[] = {"outlook*", "bluemail*", "mymail",
                                            "typeapp", "d'outlook*"};

static const char *const device_words[] = {
    "iphon*",     "ipad*",        "ipod*",        "ios",
    "samsung*",   "galaxy*",      "huawei*",      "blackberry*",
    "android*",   "phone",        "smartphone*",  "mobile*",
    "nokia*",     "lumia",        "windows*",     "verizon*",
    "t-mobile",   "sony*",        "xperia*",      "htc",
    "lg",         "motorola*",    "moto",         "oneplus*",
    "xiaomi*",    "redmi*",       "pixel*",       "oppo*",
    "honor*",     "realme*",      "vivo",         "fairphone*",
    "tablet*",    "cellphone",    "cell",         "handheld",
    "device*",    "wireless",     "vodafone*",    "at&t",
    "sprint",     "telstra*",     "rogers",       "telus",
    "orange*",    "sfr",          "bouygues",     "telekom",
    "telefónica", "movistar",     "swisscom",     "kpn",
    "telia*",     "telenor*",     "elisa*",       "mac*",
    "laptop*",    "computer",     "pc",           "surface",
    "kindle",     "watch",        "yahoo*",       "gmail*",
    "aol*",       "gmx*",         "web.de",       "t-online",
    "proton*",    "protonmail",   "k-9",          "thunderbird*",
    "hotmail",    "icloud*",      "zoho*",        "fastmail",
    "tutanota*",  "posteo",       "mailbox.org",  "typeapp*",
    "em",         "zimbra*",      "mailspring*",  "postbox*",
    "boxer",      "webmail*",     "téléphone*",   "portable",
    "handy*",     "telefon*",     "telefoon*",    "teléfono*",
    "telefone*",  "móvil*",       "celular*",     "cellulare*",
    "telefonino", "telemóvel*",   "dispositivo*", "dispositif",
    "appareil",   "gerät*",       "urządzenia",   "mobilnego",
    "smartfona",  "smartfonu",    "komórki",      "mobiltelefon*",
    "mobil*",     "toestel",      "apparaat",     "enhet",
    "puhelime*",  "älypuhelime*", "kännykä*",     "ffôn*",
    "ffon*",      "symudol",      "dyfais",       "síma",
    "farsíma",    "wp",           "microsoft",    "pegasus",
    "spark",      "airmail",      "superhuman",   "edison",
    "ee"};

static const char *const filler_words[] = {
    /* English */
    "my", "the", "this", "all", "a", "an", "our", "new", "secure", "email", "emails",
    "mail", "mails", "message", "messages", "app", "application", "apps", "for", "to",
    "and", "using", "network", "3g", "4g", "5g", "lte", "touch", "pro", "max", "plus",
    "mini", "ultra", "edge", "note", "s", "air", "fold", "flip", "neo", "lite", "duo",
    "smart", "u.s", "cellular", "was", "beta", "version", "client", "work", "workspace",
    "one", "desktop", "web", "edition", "exchange", "activesync", "am", "im",
    /* Welsh */
    "y", "ac", "hon", "hwn", "neges", "ebost", "wedi", "i", "wedi'i",
    /* French */
    "pour", "et", "en", "mon", "ma", "mes", "le", "la", "les", "un", "une",
    "l'appareil*", "l'application*", "son", "ce", "cet", "cette", "été", "à",
    "courrier",
    /* German */
    "für", "und", "meinem", "meiner", "meinem/meiner", "meiner/meinem", "mein", "diese",
    "dieser", "nachricht", "wurde", "ist", "der", "die", "das", "dem", "den", "sie",
    "sich", "ihr", "kostenlos", "gerät", "geräts",
    /* Spanish, Italian, Portuguese */
    "para", "per", "e", "mi", "mio", "mia", "il", "lo", "meu", "minha", "os", "este",
    "esta", "mensaje", "mensagem", "messaggio", "questo", "questa", "posta", "correo",
    "correio", "applicazione", "aplicación", "aplicação",
    /* Dutch */
    "voor", "mijn", "bericht", "dit", "deze", "is",
    /* Polish */
    "dla", "mojego", "moje", "mojej", "aplikacji", "aplikację", "wiadomość", "ta",
    "została", "systemu", "system", "poczta", "pocztę", "program",
    /* Nordic */
    "till", "för", "til", "og", "och", "netværk", "min", "mitt", "mine", "din", "deg",
    "dig", "ner", "applikation*", "appen", "sovelluks*", "dette", "denne", "detta",
    "meddelande", "meddelelse", "melding", "besked", "epost", "epost-appen",
    "sähköposti*", "viesti", "tämä", "ned"};

static const char *const excuse_words[] = {
    "please",   "excuse",  "pardon",   "forgive",      "apologies", "sorry",
    "so",       "excusez", "désolé",   "entschuldig*", "bitte",     "perdón",
    "disculp*", "scusa*",  "desculp*", "beklager",     "undskyld",  "ursäkta"};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define WORDS(array)        \
    {                       \
        array, COUNT(array) \
    }

static const struct vocabulary {
    const char *const *words;
    size_t count;
} vocabularies[ROLES] = {
    [SENT] = WORDS(sent_words),           /* "gesendet" */
    [SENT_FROM] = WORDS(sent_from_words), /* the same where "from" is an ending */
    [FROM] = WORDS(from_words),
    [GET] = WORDS(get_words),         /* "beziehen" */
    [PROGRAM] = WORDS(program_words), /* that praises itself: "Get Outlook for iOS" */
    [DEVICE] = WORDS(device_words),   /* a phone, its make or network, a mail service */
    [FILLER] = WORDS(filler_words),
    [EXCUSE] = WORDS(excuse_words), /* "please excuse typos" */
};

/* A word without the punctuation around it. */
struct word {
    const char *text;
    size_t length;
};

static bool is_word(struct word word, const char *known)
{
    size_t length = strlen(known);

    if (known[length - 1] == '*')
        return word.length >= --length && memcmp(word.text, known, length) == 0;
    return word.length == length && memcmp(word.text, known, length) == 0;
}

/* A model's number, such as "10", "S21" or "K-9". */
static bool is_model(struct word word)
{
    size_t digits = 0;

    for (size_t i = 0; i < word.length; i++)
        digits += word.text[i] >= '0' && word.text[i] <= '9';
    return digits > 0 && digits <= MAX_MODEL_DIGITS;
}

static enum role read_role(struct word word)
{
    for (size_t role = 0; role < ROLES; role++)
        for (size_t i = 0; i < vocabularies[role].count; i++)
            if (*vocabularies[role].words[i] == *word.text &&
                is_word(word, vocabularies[role].words[i]))
                return (enum role)role;
    return is_model(word) ? FILLER : UNKNOWN;
}

/* The next word behind *at, which moves behind it; empty at the end. */
static struct word next_word(const char **at)
{
    static const char around[] = ".,;:!-";
    struct word word = {.text = *at + strspn(*at, " .,;:!-")};

    word.length = strcspn(word.text, " ");
    *at = word.text + word.length;
    while (word.length > 0 && strchr(around, word.text[word.length - 1]))
        word.length--;
    return word;
}

/* How often each role was met. */
struct tally {
    unsigned of[ROLES];
};

static bool is_complete(const struct tally *tally)
{
    const unsigned *of = tally->of;

    return (of[SENT] > 0 && of[FROM] > 0 && of[DEVICE] + of[PROGRAM] > 0) ||
           (of[SENT_FROM] > 0 && of[DEVICE] + of[PROGRAM] > 0) ||
           (of[GET] > 0 && of[PROGRAM] > 0);
}

/* Whether all words of a line have a part in a footer: a sentence that goes on, or says
 * something else, has others. Words that are not known may only stand before the device
 * whose make they are. */
static bool are_footer(const struct phrase_text *text, unsigned max_unknown)
{
    struct tally tally = {0};
    const char *at = text->text;
    bool is_open = false; /* a device is to follow */

    for (unsigned i = 0; i < MAX_WORDS; i++) {
        struct word word = next_word(&at);
        enum role role;

        if (word.length == 0)
            return !is_open && is_complete(&tally);
        role = read_role(word);
        if (role == EXCUSE)
            return !is_open && is_complete(&tally) &&
                   phrase_is_in(text, faults, COUNT(faults));
        tally.of[role]++;
        if (tally.of[UNKNOWN] > max_unknown)
            return false;
        is_open = role == UNKNOWN || (is_open && role != DEVICE);
    }
    return false;
}

/* The length of a link in brackets that begins here, with the brackets:
 * "<https://aka.ms>". 0 if there is none. */
static size_t link_length(const char *at, size_t length)
{
    const char *end;

    if (length < 6 || (*at != '<' && *at != '(') ||
        (memcmp(at + 1, "http", 4) != 0 && memcmp(at + 1, "www.", 4) != 0))
        return 0;
    end = memchr(at, *at == '<' ? '>' : ')', length);
    return end ? (size_t)(end + 1 - at) : 0;
}

/* The words of a line without the links in it, such as of
 * "Get Outlook for iOS<https://aka.ms/o0ukef>". */
static void read_words(struct phrase_text *text, const struct body_line *line)
{
    const char *at = line->words, *start = at, *end = at + line->words_bytes;

    phrase_text_begin(text);
    while (at < end) {
        size_t link = link_length(at, (size_t)(end - at));

        if (link > 0)
            phrase_text_add(text, start, (size_t)(at - start));
        at += link > 0 ? link : 1;
        if (link > 0)
            start = at;
    }
    phrase_text_add(text, start, (size_t)(end - start));
}

static bool is_slogan(const struct phrase_text *text)
{
    for (size_t i = 0; i < COUNT(slogans); i++) {
        const char *end = phrase_match(text->text, slogans[i]);

        if (end && end[strspn(end, ".! ")] == '\0')
            return true;
    }
    return false;
}

static char ascii_small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

/* Two bytes tell most lines apart. The second one may be the first of a letter outside
 * ASCII, which is the same for both its cases. */
static bool has_opening(const struct body_line *line)
{
    char first, second;

    if (line->words_bytes < 2)
        return false;
    first = ascii_small(line->words[0]);
    second = ascii_small(line->words[1]);
    if (first == '[' || first == '*' || first == '_') /* a link's text, emphasis */
        return true;
    for (size_t i = 0; i < COUNT(openings); i++)
        if (first == openings[i][0] && second == openings[i][1] &&
            body_line_begins(line, openings[i]))
            return true;
    return false;
}

bool signature_is_mobile_footer(const struct body_line *line)
{
    struct phrase_text text;

    if (line->words_bytes > MAX_LINE_BYTES || !has_opening(line))
        return false;
    read_words(&text, line);
    if (text.length_bytes > MAX_BYTES)
        return false;
    return is_slogan(&text) ||
           are_footer(&text, phrase_begins(&text, from_my, COUNT(from_my))
                                 ? MAX_UNKNOWN_WORDS
                                 : 0);
}
