/* SPDX-License-Identifier: ISC */
/* What mail says in a language: the words that mail programs, organisations and people
 * put around a text. Each language is one file of this folder, and one line of
 * languages.c. No rule names a language: it asks language_index.h for all words of one
 * kind.
 *
 * To add a language: write its file, add it to languages.c and language.am, and put
 * mails with their SMS into tests/mail. Take the words of mail programs from their
 * public translations or from real mails. A word that is not certain stays out: a quote
 * that is sent costs a little, a sentence of the sender that is lost costs more.
 *
 * The words of all languages are looked for in every mail, since nobody knows which
 * language it is in. So a word of one language must not be a name or a word that means
 * something else in another: "jo " (Lithuanian "his") was the beginning of "Jo Smith",
 * "ma " (Hungarian "today") the end of "Jo Smith, MA". Leave such a word out.
 *
 * All words are in small letters, in composed form (NFC), with "'" for any apostrophe
 * and one space between words. They are written as the language writes them: accents of
 * Greek, the dotless i of Turkish, commas or cedillas of Romanian and the vowel marks
 * and forms of alif of Arabic make no difference, since utf8_fold() is applied to the
 * words and to the text. A word stands once in its list. Several languages may have the
 * same word in the same list.
 *
 * "Phrase" below means that phrase.h compares it: it matches the beginning of longer
 * words, unless it ends in a space. "%" stands for a word that means a mail (MAIL_WORD,
 * with or without MAIL_ADJECTIVE) and "#" for a number. "e-mail" is written "email"
 * there. "Whole" means that nothing else may stand beside it. */
#ifndef SMS_MILTER_TEXT_LANGUAGE_LANGUAGE_H
#define SMS_MILTER_TEXT_LANGUAGE_LANGUAGE_H

#include <stddef.h>

enum {
    LANGUAGE_MOST_BYTES = 128,     /* a word or phrase is shorter */
    LANGUAGE_LABEL_CHARACTERS = 32 /* a label is shorter */
};

/* The lists of a language. */
enum language_list {
    /* ---- the header of a mail that is quoted or forwarded ----
     * Labels of fields, whole, without the colon: "from", "sent". A label has one
     * field in all languages; where two languages disagree ("a" is "to" in Italian),
     * the label is left out of the one where it is rarer. A test finds such conflicts.
     * A label alone cuts nothing, so common words may be here. */
    LABEL_FROM,
    LABEL_SENT, /* a date by a name that only mails have: "sent", not "date" */
    LABEL_DATE,
    LABEL_TO,
    LABEL_CC,
    LABEL_SUBJECT,
    LABEL_OTHER,           /* "reply-to", "importance", "attachments" */
    LABEL_OTHER_BEGINNING, /* what a longer label begins with: "resent-" */

    /* ---- what stands above a quoted mail ----
     * Not here: what people write as a heading of their own text ("message"). Hyphens
     * of "e-mail" stay in these. */
    QUOTE_SEPARATOR,    /* whole, between dashes: "original message" */
    QUOTE_NOTES,        /* begins a line of dashes with a date: "forwarded by " */
    QUOTE_ANNOUNCEMENT, /* whole, with its colon: "begin forwarded message:" */
    QUOTE_QUOTING,      /* begins an attribution without a verb: "quoting " */

    /* ---- "On Mon, 23 Nov 2026 at 09:12, Jo wrote:" ----
     * Verbs may have several words, the last of which is looked for; of two verbs that
     * end alike the one with more words counts. A verb alone is not enough for a cut:
     * a date or an address must be there as well, or quoted lines below. */
    ATTRIBUTION_OPENER,           /* one word before the date: "on" */
    ATTRIBUTION_VERB,             /* after the name: "wrote", "has written" */
    ATTRIBUTION_VERB_NAME_BEHIND, /* the same, and some program puts the name after it:
                                   * "schrieb" */
    ATTRIBUTION_VERB_DATE_BEFORE, /* after the date, which follows the name: "tarihinde
                                   * yazdı" */
    ATTRIBUTION_SENDER,           /* one word before the name, where there is no verb */

    TIME_UNIT, /* whole, after the number of an hour: "am", "uhr" */

    /* ---- the end of a text ----
     * Closings are phrases of whole words. Not here: what may be the last sentence of a
     * text ("see you tomorrow") or a word that begins one. */
    CLOSING,       /* the sender's name may follow on the line: "kind regards" */
    THANKS,        /* a name after it is whom somebody thanks: "thanks", "cheers" */
    FORMULA,       /* phrase that begins a closing of a whole sentence */
    FORMULA_WISH,  /* phrase that such a sentence has further on */
    CLOSING_JOINT, /* phrase between two closings, ends in a space: "and " */
    GREETING,      /* phrase that begins a line which says nothing yet: "dear " */
    AFTERTHOUGHT,  /* phrase that begins a postscript: "ps " */

    /* ---- signatures that nothing announces: phrases ---- */
    ABOUT_SENDER, /* begins a line that reads like a sentence: "working hours" */
    OF_TODAY,     /* makes such a line news again: "today", "cancel" */
    LEAD,         /* in a sentence that leads to the contact data below it: "call " */

    /* ---- contact data ---- */
    CONTACT_LABEL,   /* one word, whole: "tel", "website" */
    STREET_WORD,     /* phrase in an address that ends with a postcode: "road " */
    STREET_NUMBERED, /* phrase in a line that may have a house number: "po box" */
    STREET_END,      /* anywhere in such a line: "straße" */
    OFFICIAL,        /* phrase that begins what the law wants, before a colon or a
                      * number: "vat#" */
    OFFICIAL_PLACE,  /* the same, before a colon only: "registered office" */
    OF_OTHERS,       /* phrase that begins a line with contact data of somebody else, or
                      * with something to do: "her ", "call " */
    TITLE_WORD,      /* phrase that is a small word of names, titles and addresses:
                      * "of ", "teacher". Not here: words of sentences */
    NEWS_WORD, /* phrase that no name, title or address has: "tomorrow", "closed". The
                * more the better: it keeps lines */

    /* ---- footers of phones and mail programs ----
     * A line is a footer if each of its words has one of the roles FOOTER_SENT to
     * FOOTER_EXCUSE, and the right ones are there. One word each; "*" at its end stands
     * for any ending. Of a word with several roles the first one here counts. Not here:
     * words that make a sentence of school life together with the others. */
    FOOTER_OPENING, /* begins any line that may be a footer: a quick look at lines */
    FOOTER_FROM_MY, /* phrase that begins one with a make of phones that is not known */
    FOOTER_SLOGAN,  /* phrase that is a footer as it is */
    FOOTER_LINK,    /* what a link in a footer begins with, whatever its words say */
    FOOTER_SENT,    /* "sent", with FOOTER_FROM and a device */
    FOOTER_SENT_FROM, /* the same where "from" is an ending of the device */
    FOOTER_FROM,      /* "from", "via" */
    FOOTER_GET,       /* "get", with a program: "Get Outlook for iOS" */
    FOOTER_PROGRAM,   /* a program that praises itself */
    FOOTER_DEVICE,    /* a phone, its make or network, a mail service */
    FOOTER_FILLER,    /* "my", "the" */
    FOOTER_EXCUSE,    /* "please", "excuse": anything may follow, with a FOOTER_FAULT */
    FOOTER_FAULT,     /* phrase: what people ask to be forgiven for, "typo" */

    /* ---- warnings of mail systems above a text: phrases ---- */
    BANNER_TAG,            /* whole line: "external email" */
    BANNER_ALERT,          /* begins it, as it begins other texts: "caution" */
    BANNER_FROM_ELSEWHERE, /* in it, after an alert: "% originated from outside" */
    BANNER_ELSEWHERE,      /* the same, if there is BANNER_ADVICE: "external sender" */
    BANNER_FIRST_CONTACT, /* begins it and is enough: Exchange's tip on first contact */
    BANNER_LINK,          /* in it and enough: the page that Exchange's tip links to */
    BANNER_ADVICE,        /* what its further lines say: "do not click" */

    /* ---- words that phrases have signs for ----
     * Beginnings of words; a space at the end stands for the end of the word. */
    MAIL_WORD,      /* "%": "email", "message". If it means a letter on paper as well,
                     * no phrase of DISCLAIMER_CERTAIN may say only that one received it
                     * in error */
    MAIL_ADJECTIVE, /* beside it: "electr" */
    NUMBER_WORD,    /* before the number of "#": "no", "nr" */

    /* ---- disclaimers, and what lists and scanners add: phrases ----
     * No phrase may be one that a school writes about anything but the mail itself:
     * "The meeting is confidential", "intended solely for staff" and "received this
     * letter in error" must not be enough. Points count for each language by itself. */
    DISCLAIMER_SELF,    /* names the mail, as does any phrase with "%" */
    DISCLAIMER_WEAK,    /* a word that other texts have as well: 1 point */
    DISCLAIMER_LEGAL,   /* a word of lawyers: 1 point */
    DISCLAIMER_LIKELY,  /* 2 points of lawyers */
    DISCLAIMER_TELLING, /* 3 points of lawyers */
    DISCLAIMER_CERTAIN, /* enough wherever it stands */
    DISCLAIMER_OPENING, /* 2 points; where it begins a piece, enough with a word of
                         * lawyers or two weak ones */
    DISCLAIMER_HEADING, /* enough as a line, or before a colon with a word of lawyers
                         * after it, where it begins a piece */
    DISCLAIMER_TITLE,   /* enough as a line, where it begins a piece */
    DISCLAIMER_COMPANY, /* what the law wants on a company's paper: 1 point of
                         * another kind */
    DISCLAIMER_COMPANY_LINE, /* the same; enough where it begins a piece, if it has "#"
                              * or ":" or a number follows */
    DISCLAIMER_LIST,         /* what mailing lists write: 1 point of a third kind */
    DISCLAIMER_LIST_KEY,     /* 2 points of that kind, one of which is needed: how to
                              * unsubscribe */
    LANGUAGE_LISTS
};

/* The words of one list, or why there are none. */
struct language_words {
    const char *const *words; /* ends in NULL; NULL where there are none */
    const char *reason;       /* NULL where there are words */
};

#define WORDS(...)                     \
    {                                  \
        .words = (const char *const[]) \
        {                              \
            __VA_ARGS__, NULL          \
        }                              \
    }
#define NONE(why)     \
    {                 \
        .reason = why \
    }

/* Nobody has found words for it that are certain; yours are welcome. */
#define NOT_KNOWN NONE("no words are known that are certain")

struct language {
    const char *name; /* in English */
    struct language_words lists[LANGUAGE_LISTS];
};

/* Begins the file of a language: LANGUAGE(english) = {...}; */
#define LANGUAGE(name)                            \
    extern const struct language language_##name; \
    const struct language language_##name

/* All languages, and last what is of none: names of brands and programs, whose lists
 * may be empty. Where the first of several counts, it is the first here. */
extern const struct language *const languages[];
extern const size_t language_count;

#endif
