/* SPDX-License-Identifier: ISC */
#include "text/body/quote_attribution.h"

#include <string.h>

#include "base/utf8.h"
#include "text/body/quote_date.h"
#include "text/body/quote_phrases.h"
#include "text/body/quote_words.h"

enum {
    MAX_LINES = 3,
    MAX_TOKENS = 64,
    MAX_UNCERTAIN_CHARACTERS = 200, /* of a line that has a verb and a colon only */
    MAX_OPENING_TOKENS = 5,         /* the day is one of the first words of a date */
    MAX_NAME_TOKENS = 10,
    /* Words in small letters within a name, such as "van der". Prose has more of
     * them. */
    MAX_SMALL_WORDS = 2,
    MAX_TOKENS_BEHIND = 2 /* after date or address: "Uhr", "p. m.", "het volgende" */
};

/* A word with an "@"; the other parts are those of dates (quote_date.h). */
enum { PART_ADDRESS = 1024 };

struct token {
    const char *text; /* without quotes, brackets and commas around it */
    size_t length;
    unsigned parts;
    bool is_small;    /* a word of three letters or more that begins with a small one */
    bool is_caseless; /* of a script whose letters do not tell names from words */
    bool has_brackets; /* "<jo@x>" */
};

/* The words of lines that may be an attribution, without the colon. */
struct sentence {
    struct quote_words words;
    struct token tokens[MAX_TOKENS];
    size_t count;
    size_t first_line_count; /* how many of them are in the first line */
    bool begins_with_date;
    size_t address; /* the first token with an address; count if there is none */
    size_t verb;    /* its last word; count if there is none */
    struct quote_verb kind;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

/* A word of three letters or more that begins with a small one. */
static bool is_small_word(const struct token *token)
{
    return utf8_count(token->text, token->length) >= 3 &&
           utf8_is_small(utf8_first(token->text, token->length)) &&
           is_letter(token->text[1]);
}

static void trim(struct token *token)
{
    while (token->length > 0 && strchr("\"'([<", *token->text)) {
        token->text++;
        token->length--;
    }
    while (token->length > 0 && strchr(",;.\"'>]", token->text[token->length - 1]))
        token->length--;
}

/* Arabic, Hebrew and others. */
static bool is_caseless_word(const struct token *token)
{
    uint32_t first = utf8_first(token->text, token->length);

    return first >= 0x590 && first < 0x900;
}

/* "napisał(a)" keeps its bracket, "9:12)" need not lose it. */
static struct token read_token(const char *text, size_t length)
{
    struct token token = {.text = text, .length = length};

    trim(&token);
    if (memchr(text, '@', length))
        token.parts = PART_ADDRESS;
    else
        token.parts = quote_date_read_word(token.text, token.length);
    token.is_small = token.parts == 0 && is_small_word(&token);
    token.is_caseless = is_caseless_word(&token);
    token.has_brackets = *text == '<' && memchr(text, '>', length);
    return token;
}

/* Returns false if there are too many. */
static bool read_tokens(struct sentence *sentence, size_t start, size_t end)
{
    const char *text = sentence->words.text;

    while (start < end) {
        const char *space = memchr(text + start, ' ', end - start);
        size_t length = space ? (size_t)(space - text) - start : end - start;

        if (length > 0) {
            if (sentence->count == MAX_TOKENS)
                return false;
            sentence->tokens[sentence->count++] = read_token(text + start, length);
        }
        start += length + 1;
    }
    return true;
}

static unsigned parts_between(const struct sentence *sentence, size_t from, size_t to)
{
    unsigned parts = 0;

    for (size_t i = from; i < to; i++)
        parts |= sentence->tokens[i].parts;
    return parts;
}

static bool has_caseless_word(const struct sentence *sentence, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (sentence->tokens[i].is_caseless)
            return true;
    return false;
}

static size_t small_words_between(const struct sentence *sentence, size_t from,
                                  size_t to)
{
    size_t small = 0;

    for (size_t i = from; i < to; i++)
        small += sentence->tokens[i].is_small;
    return small;
}

/* Where the words after the last part of a date begin; from if there is none. */
static size_t behind_date(const struct sentence *sentence, size_t from, size_t to)
{
    for (size_t i = to; i > from; i--)
        if (sentence->tokens[i - 1].parts & (unsigned)~PART_ADDRESS)
            return i;
    return from;
}

/* Whether a date begins with the token: "On Mon, 23", "Il giorno lun 23", "23", "pon.,
 * 23". A number further on is something else. */
static bool begins_date(const struct sentence *sentence, size_t from, size_t to)
{
    const struct token *first = &sentence->tokens[from];
    size_t tokens = 2;

    if (from >= to)
        return false;
    if (quote_phrases_is_opener(first->text, first->length))
        tokens = MAX_OPENING_TOKENS;
    if (tokens > to - from)
        tokens = to - from;
    return parts_between(sentence, from, from + tokens) & (unsigned)~PART_ADDRESS;
}

static struct quote_verb read_verb(const struct sentence *sentence, size_t at)
{
    const struct token *token = &sentence->tokens[at];

    return quote_phrases_verb(sentence->tokens[0].text, token->text, token->length);
}

/* The verb at the end, or else the first one. */
static void find_verb(struct sentence *sentence)
{
    size_t count = sentence->count;

    sentence->verb = count - 1;
    sentence->kind = read_verb(sentence, sentence->verb);
    if (sentence->kind.word_count > 0)
        return;
    for (size_t i = 0; i < count; i++) {
        sentence->kind = read_verb(sentence, i);
        if (sentence->kind.word_count == 0)
            continue;
        sentence->verb = i;
        return;
    }
    sentence->verb = count;
}

static void find_address(struct sentence *sentence)
{
    size_t at = 0;

    while (at < sentence->count && !(sentence->tokens[at].parts & PART_ADDRESS))
        at++;
    sentence->address = at;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* What says that words beside it are a name. */
enum sign { NO_SIGN, TIME, ADDRESS };

static enum sign sign_of(bool has_address, unsigned parts)
{
    return has_address ? ADDRESS : parts & QUOTE_DATE_TIME ? TIME : NO_SIGN;
}

/* Whether the tokens may be a name. With a time or an address beside it, it may have
 * small words, and letters without case. It may be of small words alone only with an
 * address: "at 09:12 the headteacher wrote" is somebody's own sentence. */
static bool is_name(const struct sentence *sentence, size_t from, size_t to,
                    enum sign sign)
{
    size_t small;

    if (from > to || to - from > MAX_NAME_TOKENS)
        return false;
    small = small_words_between(sentence, from, to);
    if (sign == NO_SIGN)
        return small == 0 && !has_caseless_word(sentence, from, to);
    return small <= MAX_SMALL_WORDS &&
           (small == 0 || small < to - from || sign == ADDRESS);
}

/* "Jo <jo@x> wrote", "Jo <jo@x> hat am 23.11.2026 09:12 geschrieben". */
static bool is_address_before_verb(const struct sentence *sentence)
{
    size_t address = sentence->address, verb = sentence->verb, from;

    if (address >= verb || !is_name(sentence, 0, address, ADDRESS))
        return false;
    from = behind_date(sentence, address, verb);
    if (!quote_date_is_date(parts_between(sentence, address, verb)))
        from = address + 1;
    return from - address <= MAX_NAME_TOKENS && verb - from <= MAX_TOKENS_BEHIND;
}

/* "Ayşe Yılmaz, 23.11.2026 09:12 tarihinde yazdı": the words of such a verb show that
 * it is one. */
static bool is_date_before_verb(const struct sentence *sentence)
{
    size_t verb_start = sentence->verb + 1 - sentence->kind.word_count, date = 0;

    while (date < verb_start &&
           !(sentence->tokens[date].parts & (unsigned)~PART_ADDRESS))
        date++;
    return sentence->kind.has_date_before && date > 0 &&
           is_name(sentence, 0, date, sentence->address < date ? ADDRESS : TIME) &&
           behind_date(sentence, date, verb_start) == verb_start &&
           quote_date_is_date(parts_between(sentence, date, verb_start));
}

/* "On 23 Nov 2026 at 09:12, Jo <jo@x> wrote", or as above. Without anybody between date
 * and verb it is a class: "24 ноября в 9:00 5Б пишет". */
static bool ends_in_verb(const struct sentence *sentence)
{
    size_t verb = sentence->verb, name_end = smaller(sentence->address, verb);
    bool has_address = sentence->address < verb;
    unsigned parts = parts_between(sentence, 0, verb);
    size_t name = behind_date(sentence, 0, name_end);

    if (sentence->begins_with_date && quote_date_is_date(parts))
        return (has_address || name < name_end) &&
               is_name(sentence, name, name_end, sign_of(has_address, parts));
    return is_address_before_verb(sentence) || is_date_before_verb(sentence);
}

/* "Am 23.11.2026 um 09:12 schrieb Jo <jo@x>". */
static bool has_verb_between(const struct sentence *sentence)
{
    size_t verb = sentence->verb, count = sentence->count;
    size_t verb_start = verb + 1 - sentence->kind.word_count;
    unsigned parts = parts_between(sentence, 0, verb);
    bool has_address = sentence->address > verb && sentence->address < count;
    size_t name_end = has_address ? sentence->address : count;

    if (!sentence->begins_with_date || !sentence->kind.has_name_behind ||
        !quote_date_is_date(parts) ||
        behind_date(sentence, 0, verb_start) + MAX_TOKENS_BEHIND < verb_start)
        return false;
    if (has_address && count - name_end > 1 + MAX_TOKENS_BEHIND)
        return false;
    return is_name(sentence, verb + 1, name_end, sign_of(has_address, parts));
}

/* "Jo <jo@x> wrote on 23.11.2026 09:12". */
static bool has_date_behind(const struct sentence *sentence)
{
    size_t verb = sentence->verb, count = sentence->count;
    unsigned parts = parts_between(sentence, verb, count);
    enum sign sign = sign_of(sentence->address < count, parts);

    return quote_date_is_date(parts) && sign != NO_SIGN &&
           count - behind_date(sentence, verb, count) <= MAX_TOKENS_BEHIND &&
           is_name(sentence, 0, smaller(sentence->address, verb), sign);
}

/* "Mon, 23 Nov 2026 at 9:12, Jo <jo@x>", as Gmail writes it in Russian: a whole date
 * with its time, and an address that is last and that nobody writes so, or has a word
 * before it that says whose the mail is ("от jo@x"). */
static bool is_date_before_address(const struct sentence *sentence)
{
    size_t address = sentence->address, name = behind_date(sentence, 0, address);
    const struct token *before = &sentence->tokens[address - 1];
    unsigned parts = parts_between(sentence, 0, address);

    return sentence->begins_with_date && quote_date_is_date(parts) &&
           (parts & (QUOTE_DATE_YEAR | QUOTE_DATE_WHOLE)) &&
           (parts & QUOTE_DATE_TIME) && address == sentence->count - 1 &&
           (sentence->tokens[address].has_brackets ||
            quote_phrases_is_sender_word(before->text, before->length)) &&
           is_name(sentence, name, address, ADDRESS);
}

/* "Quoting Jo <jo@x>", and "2026-11-23 9:12 GMT+01:00 Jo <jo@x>". */
static bool has_no_verb(const struct sentence *sentence)
{
    const struct quote_words *words = &sentence->words;
    size_t count = sentence->count, address = sentence->address;

    if (address == count || count - address > MAX_TOKENS_BEHIND)
        return false;
    if (quote_phrases_begins_quoting(words->text, words->length))
        return is_name(sentence, 1, address, ADDRESS);
    if (address > 0 && is_date_before_address(sentence))
        return true;
    return count > 2 && (sentence->tokens[0].parts & QUOTE_DATE_WHOLE) &&
           (sentence->tokens[1].parts & QUOTE_DATE_TIME) &&
           is_name(sentence, 2, address, ADDRESS);
}

/* An attribution may go over several lines, but the line before one is none of it. The
 * first line must hold the beginning: of the date, or the name with its address. */
static bool is_wrapped_well(const struct sentence *sentence)
{
    size_t next = sentence->first_line_count, count = sentence->count;

    if (next == count)
        return true;
    if (sentence->verb >= next && begins_date(sentence, next, count) &&
        quote_date_is_date(parts_between(sentence, next, sentence->verb)))
        return false;
    return begins_date(sentence, 0, next) || sentence->address <= next ||
           sentence->verb < next;
}

/* "Date: 24 November", which the sender wrote above "Mrs Smith wrote:". */
static bool begins_with_label_of_date(const struct sentence *sentence)
{
    const struct token *first = &sentence->tokens[0];
    enum quote_field field;

    if (first->length < 2 || first->text[first->length - 1] != ':')
        return false;
    field = quote_phrases_field(first->text, first->length - 1);
    return field == QUOTE_FIELD_DATE || field == QUOTE_FIELD_SENT;
}

static bool is_certain(const struct sentence *sentence)
{
    size_t verb = sentence->verb, count = sentence->count;

    if (!is_wrapped_well(sentence) || begins_with_label_of_date(sentence))
        return false;
    if (verb == count)
        return has_no_verb(sentence);
    if (verb == count - 1)
        return ends_in_verb(sentence);
    return has_verb_between(sentence) || has_date_behind(sentence);
}

/* GroupWise: ">>> Jo <jo@x> 11/23/2026 9:12 AM >>>", whose first marks look like those
 * of a quote. */
static bool is_between_marks(const struct sentence *sentence)
{
    const char *text = sentence->words.text;
    size_t length = sentence->words.length;
    unsigned parts = parts_between(sentence, 0, sentence->count);

    return length > 4 && strcmp(text + length - 4, " >>>") == 0 &&
           (quote_date_is_date(parts) || (parts & PART_ADDRESS));
}

static bool ends_in(const struct body_line *line, const char *end)
{
    size_t length = strlen(end);

    return line->words_bytes >= length &&
           memcmp(line->words + line->words_bytes - length, end, length) == 0;
}

/* Whether the attribution may end with this line: in a colon, which may be in italics,
 * or as GroupWise and Zoho ("---- On ... Jo wrote ----") do. */
static bool may_be_end(const struct body_line *first, const struct body_line *line)
{
    if (ends_in(line, ":") || ends_in(line, ":*") || ends_in(line, ":_"))
        return true;
    if (ends_in(line, ">>>"))
        return first->depth >= 3 ||
               (first->length_bytes > 3 && memcmp(first->text, ">>>", 3) == 0);
    return ends_in(line, "---") && first->words_bytes > 2 &&
           memcmp(first->words, "--", 2) == 0;
}

/* Quote marks are before all lines of an attribution. GroupWise's own are before the
 * first only. */
static bool has_depth_of(const struct body_line *first, const struct body_line *line)
{
    return line->depth == first->depth ||
           (first->depth >= 3 && line->depth == first->depth - 3);
}

static bool has_open_bracket(const struct body_line *line)
{
    const char *open = memrchr(line->words, '(', line->words_bytes);

    return open && !memchr(open, ')', (size_t)(line->words + line->words_bytes - open));
}

/* A sentence that ends with the line is not continued by the next one, unless an
 * address follows, "Jo Smith Jr.", or a bracket is open: "(időpont: 2026. nov." */
static bool is_continued(const struct body_line *line, const struct body_line *next)
{
    if (next->words_bytes > 0 && *next->words == '<')
        return true;
    return !strchr(".!?", line->words[line->words_bytes - 1]) || has_open_bracket(line);
}

/* How many lines an attribution would take; 0 if there can be none. */
static size_t count_lines(const struct body_line *lines, size_t count)
{
    for (size_t i = 0; i < count && i < MAX_LINES; i++) {
        if (lines[i].words_bytes == 0 || lines[i].words_bytes >= QUOTE_WORDS_SIZE)
            return 0;
        if (i > 0 && (!has_depth_of(lines, &lines[i]) ||
                      !is_continued(&lines[i - 1], &lines[i])))
            return 0;
        if (may_be_end(lines, &lines[i]))
            return i + 1;
    }
    return 0;
}

/* Reads the words, without dashes and marks of italics around them and without the
 * colon. */
static bool read_sentence(const struct body_line *lines, size_t line_count,
                          struct sentence *sentence)
{
    struct quote_words *words = &sentence->words;
    size_t start = 0, end;

    quote_words_clear(words);
    sentence->count = 0;
    for (size_t i = 0; i < line_count; i++) {
        if (!quote_words_add(words, &lines[i]))
            return false;
        if (i == 0)
            start = strspn(words->text, "-*_ ");
        end = words->length;
        while (i + 1 == line_count && end > start &&
               strchr("-*_: ", words->text[end - 1]))
            end--;
        if (start < end && !read_tokens(sentence, start, end))
            return false;
        start = end;
        if (i == 0)
            sentence->first_line_count = sentence->count;
    }
    return sentence->count > 0;
}

/* "23.11.26 09:12, Jo Smith", as Thunderbird writes it in Ukrainian. */
static bool is_date_before_name(const struct sentence *sentence)
{
    return sentence->count > 2 && (sentence->tokens[0].parts & QUOTE_DATE_WHOLE) &&
           (sentence->tokens[1].parts & QUOTE_DATE_TIME) &&
           is_name(sentence, 2, sentence->count, NO_SIGN);
}

/* Whether one line that ends in a colon may be an attribution: a verb stands at its
 * end, or a verb and a date are in it, or it is a date with a name. */
static bool is_possible(const struct body_line *line, const struct sentence *sentence)
{
    size_t verb = sentence->verb, count = sentence->count;

    if (!ends_in(line, ":") ||
        utf8_count(line->words, line->words_bytes) >= MAX_UNCERTAIN_CHARACTERS)
        return false;
    return verb == count - 1 || is_date_before_name(sentence) ||
           (verb < count && quote_date_is_date(parts_between(sentence, 0, count)));
}

struct quote_attribution quote_attribution_read(const struct body_line *lines,
                                                size_t count)
{
    const struct quote_attribution none = {0};
    size_t line_count = count_lines(lines, count);
    struct sentence sentence;

    if (line_count == 0 || !read_sentence(lines, line_count, &sentence))
        return none;
    if (is_between_marks(&sentence))
        return (struct quote_attribution){line_count, true};
    if (ends_in(&lines[line_count - 1], ">>>"))
        return none;
    find_address(&sentence);
    find_verb(&sentence);
    sentence.begins_with_date = begins_date(&sentence, 0, sentence.first_line_count);
    if (is_certain(&sentence))
        return (struct quote_attribution){line_count, true};
    if (is_possible(lines, &sentence))
        return (struct quote_attribution){1, false};
    return none;
}
