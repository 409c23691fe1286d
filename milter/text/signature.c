/* SPDX-License-Identifier: ISC */
#include "text/signature.h"

#include <string.h>

#include "text/contact_line.h"
#include "text/phrase.h"

enum {
    MAX_TAIL_LINES = 25,      /* that are looked at from the end up */
    MAX_LINES_BELOW = 15,     /* a closing; more are a text */
    MAX_NAME_BYTES = 60,      /* of the line below a closing */
    MAX_CLOSING_BYTES = 60,   /* with a name on the same line */
    MAX_NAME_WORDS = 3,       /* on the same line as the closing */
    RUN_LINES = 3,            /* of contact data that need no closing above them */
    SENTENCE_WORDS = 6,       /* with a full stop: somebody says something */
    LAST_SENTENCE_WORDS = 4,  /* the same, below all contact data */
    LONG_LINE_WORDS = 14,     /* with or without a full stop */
    SENTENCE_ABOVE_WORDS = 3, /* above a run that has no closing */
};

static const char *const closings[] = {
    /* English */
    "kind regards", "kindest regards", "best regards", "warm regards",
    "warmest regards", "with kind regards", "with kindest regards", "with best regards",
    "with regards", "regards", "best wishes", "with best wishes", "kind wishes",
    "warm wishes", "best", "many thanks", "thanks", "thank you", "with thanks",
    "thanks again", "thanks in advance", "many thanks in advance",
    "thank you in advance", "many thanks and kind regards",
    "many thanks and best wishes", "thanks and kind regards", "thanks and regards",
    "thank you and kind regards", "thank you for your support",
    "thank you for your continued support", "thank you for your cooperation",
    "yours sincerely", "yours faithfully", "yours truly", "yours", "sincerely",
    "sincerely yours", "faithfully", "respectfully", "cordially", "cheers",
    "all the best", "take care", "kr", "br",
    /* Welsh */
    "cofion", "cofion gorau", "cofion cynnes", "cofion caredig", "yn gywir",
    "yn gynnes", "yr eiddoch yn gywir", "yr eiddoch yn ffyddlon", "dymuniadau gorau",
    "gyda dymuniadau gorau", "diolch", "diolch yn fawr", "llawer o ddiolch",
    "gyda diolch", "hwyl", "pob hwyl",
    /* French */
    "cordialement", "bien cordialement", "très cordialement", "bien à vous",
    "bien à toi", "merci", "merci d'avance", "sincèrement", "salutations",
    "meilleures salutations", "salutations distinguées", "sincères salutations",
    "cordiales salutations", "bonne journée", "amicalement", "respectueusement",
    /* German */
    "mit freundlichen grüßen", "mit freundlichem gruß", "mit freundlichen grüssen",
    "mit freundlichem gruss", "mit besten grüßen", "mit lieben grüßen",
    "mit herzlichen grüßen", "freundliche grüße", "freundliche grüsse", "viele grüße",
    "liebe grüße", "beste grüße", "schöne grüße", "herzliche grüße", "viele grüsse",
    "liebe grüsse", "beste grüsse", "herzliche grüsse", "gruß", "grüße",
    "hochachtungsvoll", "mfg", "vg", "lg", "danke", "vielen dank", "besten dank",
    "herzlichen dank",
    /* Spanish */
    "saludos", "un saludo", "saludos cordiales", "un cordial saludo",
    "cordiales saludos", "un saludo cordial", "reciba un cordial saludo", "atentamente",
    "muy atentamente", "cordialmente", "muchas gracias", "gracias", "un abrazo",
    /* Italian */
    "cordiali saluti", "distinti saluti", "saluti", "un saluto", "cari saluti",
    "i migliori saluti", "migliori saluti", "un cordiale saluto", "cordialità",
    "in fede", "grazie", "grazie mille",
    /* Portuguese */
    "atenciosamente", "cumprimentos", "com os melhores cumprimentos",
    "melhores cumprimentos", "os melhores cumprimentos", "com os meus cumprimentos",
    "cordiais cumprimentos", "saudações", "respeitosamente", "obrigado", "obrigada",
    "muito obrigado", "muito obrigada", "abraços", "um abraço",
    /* Dutch */
    "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet",
    "vriendelijke groeten", "met hartelijke groet", "hartelijke groet",
    "hartelijke groeten", "groeten", "groet", "groetjes", "hoogachtend", "mvg",
    "bedankt", "alvast bedankt", "dank je wel", "dank u wel",
    /* Polish */
    "z poważaniem", "pozdrawiam", "z wyrazami szacunku", "serdecznie pozdrawiam",
    "pozdrawiam serdecznie", "z pozdrowieniami", "dziękuję", "dziękujemy",
    /* Swedish */
    "med vänlig hälsning", "med vänliga hälsningar", "vänlig hälsning",
    "vänliga hälsningar", "hälsningar", "bästa hälsningar", "hälsning", "tack",
    "tack på förhand",
    /* Danish and Norwegian */
    "med venlig hilsen", "venlig hilsen", "de bedste hilsner", "bedste hilsner",
    "mange hilsner", "kærlig hilsen", "hilsen", "med vennlig hilsen", "vennlig hilsen",
    "beste hilsen", "med vennlige hilsener", "mange takk", "tak", "takk",
    "på forhånd tak", "på forhånd takk", "mvh",
    /* Finnish */
    "ystävällisin terveisin", "terveisin", "parhain terveisin", "ystävällisesti", "t.",
    "terv.", "kiitos", "kiittäen", "kunnioittavasti",
    /* Icelandic */
    "með kveðju", "bestu kveðjur", "með bestu kveðju", "kær kveðja", "kveðja"};

/* Lines of a signature that read like sentences. */
static const char *const about_the_sender[] = {
    "working days", "working hours", "working pattern", "i work ",     "my working",
    "office hours", "school hours",  "opening hours",   "office open", "days of work",
    "part time",    "part-time",     "my hours"};

/* What begins another piece of the text, below a signature or above. */
static const char *const afterthoughts[] = {"ps ", "ps:", "p.s", "pps",
                                            "nb ", "nb:", "n.b", "p.p.s"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

bool signature_is_separator(const struct body_line *line)
{
    return line->words_bytes == 2 && memcmp(line->words, "--", 2) == 0;
}

/* The last lines that are seen, the last one first. */
struct tail {
    const struct body_line *lines;
    size_t at[MAX_TAIL_LINES];
    size_t count;
};

static struct tail read_tail(const struct body_line *lines, size_t count)
{
    struct tail tail = {.lines = lines};

    while (count > 0 && tail.count < MAX_TAIL_LINES) {
        const struct body_line *line = &lines[--count];

        if (line->words_bytes > 0 && !line->is_cut && !line->is_signature)
            tail.at[tail.count++] = count;
    }
    return tail;
}

static const struct body_line *tail_line(const struct tail *tail, size_t from_end)
{
    return &tail->lines[tail->at[from_end]];
}

static size_t count_words(const char *text, size_t length)
{
    size_t words = 0;

    for (size_t i = 0; i < length; i++)
        words += text[i] != ' ' && (i == 0 || text[i - 1] == ' ');
    return words;
}

/* Whether a word of the line begins with a capital, or with a letter outside ASCII,
 * which may be one. */
static bool is_capital(char c)
{
    return (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* Whether the last words of the line could be a name. */
static bool ends_with_name(const struct body_line *line, size_t words)
{
    const char *end = line->words + line->words_bytes;

    if (words > MAX_NAME_WORDS)
        return false;
    for (; words > 0; words--) {
        while (end > line->words && end[-1] == ' ')
            end--;
        while (end > line->words && end[-1] != ' ')
            end--;
        if (!is_capital(*end))
            return false;
    }
    return true;
}

enum closing { CLOSING_NONE, CLOSING_ALONE, CLOSING_WITH_NAME };

/* "Kind regards," or "Kind regards, Jo Smith". */
static enum closing read_closing(const struct body_line *line)
{
    struct phrase_text text;

    if (line->words_bytes > MAX_CLOSING_BYTES)
        return CLOSING_NONE;
    phrase_text_begin(&text);
    phrase_text_add(&text, line->words, line->words_bytes);
    for (size_t i = 0; i < COUNT(closings); i++) {
        const char *rest =
            *closings[i] == *text.text ? phrase_match(text.text, closings[i]) : NULL;

        if (!rest)
            continue;
        rest += strspn(rest, ",.!;:-");
        if (*rest == '\0')
            return CLOSING_ALONE;
        if (*rest == ' ' && ends_with_name(line, count_words(rest, strlen(rest))))
            return CLOSING_WITH_NAME;
    }
    return CLOSING_NONE;
}

static bool ends_sentence(const struct body_line *line)
{
    char last = line->words[line->words_bytes - 1];

    return last == '.' || last == '!' || last == '?' || last == ':';
}

/* Whether somebody says something in a line that is no contact data; words is from how
 * many words on a line with a full stop does. */
static bool is_prose(const struct body_line *line, size_t words)
{
    struct phrase_text text;
    size_t count;

    phrase_text_begin(&text);
    phrase_text_add(&text, line->words, line->words_bytes);
    if (phrase_begins(&text, about_the_sender, COUNT(about_the_sender)))
        return false;
    count = count_words(text.text, text.length_bytes);
    return (count >= words && ends_sentence(line)) || count >= LONG_LINE_WORDS ||
           phrase_begins(&text, afterthoughts, COUNT(afterthoughts));
}

static bool is_name(const struct body_line *line)
{
    return line->words_bytes < MAX_NAME_BYTES && contact_line_read(line) == CONTACT_NO;
}

/* Whether lines from this one to the end are a signature: contact data, and nothing
 * that somebody would miss. */
static bool are_signature(const struct tail *tail, size_t from_end)
{
    bool has_contact = false;

    for (size_t i = 0; i <= from_end; i++) {
        const struct body_line *line = tail_line(tail, i);
        enum contact contact = contact_line_read(line);

        if (contact == CONTACT_NO &&
            is_prose(line, has_contact ? SENTENCE_WORDS : LAST_SENTENCE_WORDS))
            return false;
        has_contact |= contact == CONTACT_DATA;
    }
    return has_contact;
}

/* The signature below a closing that stands so far from the end; count if there is
 * none. */
static size_t find_below_closing(const struct tail *tail, size_t from_end,
                                 enum closing closing, size_t count)
{
    size_t first = from_end - 1; /* the line below */

    if (closing == CLOSING_NONE || is_prose(tail_line(tail, first), SENTENCE_WORDS))
        return count;
    if (closing == CLOSING_ALONE && is_name(tail_line(tail, first))) {
        if (first == 0)
            return count;
        first--;
    }
    return are_signature(tail, first) ? tail->at[first] : count;
}

/* Whether one of the lines from this one up is a sentence, so that something is left
 * that was worth sending. */
static bool has_sentence(const struct tail *tail, size_t from_end)
{
    for (; from_end < tail->count; from_end++) {
        const struct body_line *line = tail_line(tail, from_end);

        if (count_words(line->words, line->words_bytes) >= SENTENCE_ABOVE_WORDS &&
            contact_line_read(line) == CONTACT_NO)
            return true;
    }
    return false;
}

/* Contact data that no closing announces; count if there is none. A line that ends with
 * a colon says that the data is what the text is about. */
static size_t find_run(const struct tail *tail, size_t count)
{
    size_t run = 0;
    const struct body_line *above;

    while (run < tail->count && contact_line_read(tail_line(tail, run)) == CONTACT_DATA)
        run++;
    if (run < RUN_LINES || run == tail->count)
        return count;
    above = tail_line(tail, run);
    if (above->words[above->words_bytes - 1] == ':' || !has_sentence(tail, run))
        return count;
    return tail->at[run - 1];
}

size_t signature_find(const struct body_line *lines, size_t count)
{
    const struct tail tail = read_tail(lines, count);

    for (size_t i = 1; i < tail.count && i <= MAX_LINES_BELOW; i++) {
        enum closing closing = read_closing(tail_line(&tail, i));
        size_t found = find_below_closing(&tail, i, closing, count);

        if (found < count)
            return found;
    }
    return find_run(&tail, count);
}
