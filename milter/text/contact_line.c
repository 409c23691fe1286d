/* SPDX-License-Identifier: ISC */
#include "text/contact_line.h"

#include <string.h>

#include "text/phrase.h"

enum {
    MAX_LINE_BYTES = 250,
    LONE_NUMBER_DIGITS = 9, /* a number without a label: a date has 8 */
    LONE_NUMBER_MOST = 15,  /* ITU-T E.164: more are several numbers, or none */
    LABELLED_DIGITS = 5,    /* an extension has fewer, a local number more */
    /* Other words beside contact data, where a colon stands behind a label, and where
     * none does. */
    WORDS_WITH_COLON = 3,
    WORDS_WITHOUT_COLON = 1,
    WORDS_WITH_POSTCODE = 4 /* its own two among them */
};

static const char *const labels[] = {
    /* English */
    "t", "m", "e", "w", "f", "p", "d", "dd", "ddi", "tel", "telephone", "phone", "ph",
    "mobile", "mob", "cell", "fax", "direct", "dial", "switchboard", "email", "mail",
    "web", "website", "url", "skype", "twitter", "facebook", "instagram", "linkedin",
    /* Welsh */
    "ffôn", "symudol", "ebost", "gwefan", "ffacs",
    /* French */
    "tél", "téléphone", "portable", "fixe", "télécopie", "courriel", "mél",
    /* German */
    "telefon", "mobil", "handy", "durchwahl", "telefax", "internet",
    /* Spanish, Italian, Portuguese */
    "teléfono", "tfno", "tlfno", "móvil", "correo", "telefono", "cellulare", "sito",
    "telefone", "telemóvel", "telem", "celular", "tlm",
    /* Dutch */
    "telefoon", "mobiel",
    /* Polish */
    "kom", "telefaks", "faks", "strona", "www",
    /* Nordic */
    "epost", "telefonnr", "växel", "hemsida", "direktnr", "tlf", "mobiltlf",
    "hjemmeside", "nettside", "puh", "puhelin", "gsm", "sähköposti", "sími", "netfang"};

/* Words that a street has, in addresses that end with a postcode. */
static const char *const street_words[] = {
    "road ", "street ", "lane ", "avenue ", "drive ", "close ", "way ",
    "st ",   "rd ",     "ave ",  "heol ",   "stryd ", "ffordd"};

/* What the law wants on paper and in mails of organisations. */
static const char *const official[] = {"registered office",
                                       "registered in",
                                       "registered charity",
                                       "registered company",
                                       "registered address",
                                       "registered number",
                                       "charity#",
                                       "company#",
                                       "company registration",
                                       "company reg",
                                       "vat#",
                                       "vat reg",
                                       "rhif elusen",
                                       "elusen gofrestredig",
                                       "rhif cwmni",
                                       "swyddfa gofrestredig",
                                       "siret",
                                       "siren#",
                                       "rcs ",
                                       "sitz der gesellschaft",
                                       "handelsregister",
                                       "amtsgericht",
                                       "geschäftsführer:",
                                       "ust-id",
                                       "hrb#",
                                       "registro mercantil",
                                       "cif:",
                                       "nif:",
                                       "p.iva",
                                       "p. iva",
                                       "partita iva",
                                       "c.f.",
                                       "codice fiscale",
                                       "kvk",
                                       "btw",
                                       "krs",
                                       "nip:",
                                       "nip#",
                                       "regon",
                                       "org.nr",
                                       "orgnr",
                                       "org. nr",
                                       "organisationsnummer",
                                       "cvr",
                                       "y-tunnus",
                                       "kennitala"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What the words of a line are. */
struct tally {
    unsigned digits, emails, home_pages, links, labels, words;
    bool has_colon;    /* behind a label */
    bool has_slash;    /* in a number, as in a date */
    bool has_postcode; /* at the end */
};

/* A word of a phrase_text: up to the next space. */
struct word {
    const char *text;
    size_t length;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c & 0x80);
}

static bool begins(struct word word, const char *beginning)
{
    size_t length = strlen(beginning);

    return word.length >= length && memcmp(word.text, beginning, length) == 0;
}

static bool is_label(struct word word)
{
    while (word.length > 0 && strchr(".:", word.text[word.length - 1]))
        word.length--;
    for (size_t i = 0; i < COUNT(labels); i++)
        if (*labels[i] == *word.text && strlen(labels[i]) == word.length &&
            memcmp(labels[i], word.text, word.length) == 0)
            return true;
    return false;
}

static bool is_email(struct word word)
{
    const char *at_sign = memchr(word.text, '@', word.length);
    size_t before = at_sign ? (size_t)(at_sign - word.text) : 0;

    return before > 0 && memchr(at_sign, '.', word.length - before);
}

/* A page of a site has a path; its home page has none. */
static bool is_home_page(struct word url)
{
    const char *path = memchr(url.text, '/', url.length);

    if (path && begins(url, "http") && path[1] == '/') {
        size_t host = (size_t)(path + 2 - url.text);

        path = memchr(url.text + host, '/', url.length - host);
    }
    return !path || (size_t)(path + 1 - url.text) == url.length;
}

static void count_number(struct tally *tally, struct word word)
{
    for (size_t i = 0; i < word.length; i++) {
        tally->digits += is_digit(word.text[i]);
        tally->has_slash |= word.text[i] == '/';
    }
}

/* Digits and what is written between them. */
static bool is_number(struct word word)
{
    return strspn(word.text, "0123456789+-./,#;") >= word.length;
}

static void count_word(struct tally *tally, struct word word)
{
    if (begins(word, "http://") || begins(word, "https://") || begins(word, "www."))
        (*(is_home_page(word) ? &tally->home_pages : &tally->links))++;
    else if (is_email(word))
        tally->emails++;
    else if (is_number(word))
        count_number(tally, word);
    else if (is_label(word)) {
        tally->labels++;
        tally->has_colon |= word.text[word.length - 1] == ':';
    } else
        tally->words++;
}

/* A label and its value without a space between them, "tel:01632", are two words. */
static void count_label_and_value(struct tally *tally, struct word word)
{
    const char *colon = memchr(word.text, ':', word.length);
    size_t label_length = colon ? (size_t)(colon + 1 - word.text) : 0;

    if (label_length > 0 && label_length < word.length &&
        is_label((struct word){word.text, label_length})) {
        count_word(tally, (struct word){word.text, label_length});
        word.text += label_length;
        word.length -= label_length;
    }
    count_word(tally, word);
}

/* "ls1 4ab", "sw1a 2aa": a British postcode at the end of the text. */
static bool ends_in_postcode(const struct phrase_text *text)
{
    const char *end = text->text + text->length_bytes;
    size_t area = 0, district = 0;

    if (text->length_bytes > 0 && end[-1] == '.')
        end--;
    if (end - text->text < 6 || !is_letter(end[-1]) || !is_letter(end[-2]) ||
        !is_digit(end[-3]) || end[-4] != ' ')
        return false;
    end -= 4;
    while (end > text->text && end[-1] != ' ')
        end--;
    while (is_letter(end[area]))
        area++;
    while (is_digit(end[area + district]))
        district++;
    return area >= 1 && area <= 2 && district >= 1 && district <= 2 &&
           (end[area + district] == ' ' || end[area + district + 1] == ' ');
}

static struct tally count_words(const struct phrase_text *text)
{
    struct tally tally = {.has_postcode = ends_in_postcode(text)};
    struct word word = {text->text, 0};

    while (*word.text) {
        word.length = strcspn(word.text, " ");
        count_label_and_value(&tally, word);
        word.text += word.length;
        word.text += *word.text == ' ';
    }
    return tally;
}

static bool has_value(const struct tally *tally)
{
    return tally->digits >= LABELLED_DIGITS || tally->emails > 0 ||
           tally->home_pages > 0 || tally->links > 0;
}

static bool is_lone_number(const struct tally *tally)
{
    return tally->digits >= LONE_NUMBER_DIGITS && tally->digits <= LONE_NUMBER_MOST &&
           !tally->has_slash;
}

static bool is_labelled(const struct tally *tally)
{
    return tally->labels > 0 && has_value(tally) &&
           tally->words <= (tally->has_colon ? WORDS_WITH_COLON : WORDS_WITHOUT_COLON);
}

/* "1 High Street, Leeds LS1 4AB"; not "Meet at Leeds LS1 4AB". */
static bool is_address(const struct tally *tally, const struct body_line *line,
                       const struct phrase_text *text)
{
    return tally->has_postcode &&
           (tally->words <= WORDS_WITH_POSTCODE ||
            memchr(line->words, ',', line->words_bytes) ||
            phrase_is_in(text, street_words, COUNT(street_words)));
}

/* "Jo Smith <jo@school.example>". */
static bool is_mailbox(const struct tally *tally, const struct body_line *line)
{
    return tally->emails > 0 && tally->words <= WORDS_WITH_COLON &&
           line->words[line->words_bytes - 1] == '>' &&
           memchr(line->words, '<', line->words_bytes);
}

enum contact contact_line_read(const struct body_line *line)
{
    struct phrase_text text;
    struct tally tally;

    if (line->words_bytes == 0 || line->words_bytes > MAX_LINE_BYTES)
        return CONTACT_NO;
    phrase_text_begin(&text);
    phrase_text_add(&text, line->words, line->words_bytes);
    tally = count_words(&text);
    if (tally.words == 0 && tally.labels == 0 && tally.links > 0 && tally.emails == 0 &&
        tally.home_pages == 0)
        return CONTACT_LINK;
    if (tally.words == 0 &&
        (tally.emails > 0 || tally.home_pages > 0 || is_lone_number(&tally)))
        return CONTACT_DATA;
    if (is_labelled(&tally) || is_mailbox(&tally, line) ||
        is_address(&tally, line, &text) ||
        phrase_begins(&text, official, COUNT(official)))
        return CONTACT_DATA;
    return CONTACT_NO;
}
