/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>

#include "api/breaker.h"

/* A request is named by a letter: an upper-case one begins ("A"), its end is "a" and
 * how: "+" answered, "-" failed, "?" no word. "." is a second that passes. What is to
 * be seen then stands after it: "!" opened, "=" closed again. "|" begins nothing, but
 * the address must be refused. */
struct row {
    const char *name, *story;
};

static const struct breaker_limits limits = {.failures = 3, .cooldown_s = 10};

#define OPENED "Aa-Bb-Cc-!"
#define COOLDOWN "|.........|."

static const struct row rows[] = {
    {"answers never open it", "Aa+Bb+Cc+Dd+E"},
    {"so many failures in a row open it", OPENED "|"},
    {"one less does not", "Aa-Bb-C"},
    {"an answer between begins the count again", "Aa-Bb-Cc+Dd-Ee-Ff-!|"},
    {"what speaks not about the server does not count", "Aa-Bb-Cc?Dd?Ee-!|"},
    {"nor does it begin the count again", "Aa-Bb?Cc-Dd-!|"},
    {"those side by side count too", "ABCa-b-c-!|"},
    {"it is open for the whole cooldown", OPENED COOLDOWN "D"},
    {"a single probe is let through", OPENED COOLDOWN "D|..|"},
    {"however long it takes", OPENED COOLDOWN "D" COOLDOWN "|"},
    {"its answer closes", OPENED COOLDOWN "Dd+=EFGe+f+g+H"},
    {"its failure opens for another cooldown, not told again",
     OPENED COOLDOWN "Dd-" COOLDOWN "Ee-" COOLDOWN "Ff+=G"},
    {"without a word the next one is the probe", OPENED COOLDOWN "Dd?E|e+=F"},
    {"a late answer closes", "X" OPENED "x+=D"},
    {"a late answer closes while a probe is under way",
     "X" OPENED COOLDOWN "D|x+=Ed-Ff-G"},
    {"a late failure does not prolong it", "X" OPENED ".....x-|....|.D"},
    {"nor end a probe", "X" OPENED COOLDOWN "Dx-|d+=E"},
    {"nor count after it closed again", "XYZ" OPENED COOLDOWN "Dd+=x-y-z-E"},
    {"a probe that was overtaken says nothing about the next",
     "X" OPENED COOLDOWN "Dx+=Ee-Ff-Gg-!" COOLDOWN "Hd?|d-|h+=I"},
    {"after it closed the count begins anew", OPENED COOLDOWN "Dd+=Ee-Ff-Gg-!|"},
};

struct play {
    struct breaker breaker;
    int64_t now_ms;
    unsigned turns[26];
    enum breaker_change change;
};

static void end_letter(struct play *play, char letter, char how)
{
    enum breaker_result result = how == '+'   ? BREAKER_ANSWERED
                                 : how == '-' ? BREAKER_FAILED
                                              : BREAKER_NO_WORD;

    play->change = breaker_end(&play->breaker, "https://a/", play->turns[letter - 'a'],
                               result, &limits, play->now_ms);
}

static bool is_open(const struct play *play)
{
    int64_t again_ms;

    return breaker_is_open(&play->breaker, "https://a/", play->now_ms, &again_ms);
}

static void play_row(const struct row *row)
{
    struct play play = {.now_ms = 1000};
    char name[160];

    for (const char *c = row->story; *c; c++) {
        snprintf(name, sizeof name, "%s: before \"%s\"", row->name, c + 1);
        if (*c == '.') {
            play.now_ms += 1000;
        } else if (*c == '|') {
            check_true(name, is_open(&play));
        } else if (*c >= 'A' && *c <= 'Z') {
            check_true(name, !is_open(&play));
            play.turns[*c - 'A'] = breaker_begin(&play.breaker, "https://a/");
        } else {
            bool has_sign = c[2] == '!' || c[2] == '=';

            end_letter(&play, *c, c[1]);
            check_number(name, play.change,
                         !has_sign     ? BREAKER_UNCHANGED
                         : c[2] == '!' ? BREAKER_OPENED
                                       : BREAKER_CLOSED);
            c += has_sign ? 2 : 1;
        }
    }
    breaker_clear(&play.breaker);
}

static void it_opens_and_closes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        play_row(&rows[i]);
}

static enum breaker_change fail_once(struct breaker *breaker, const char *url,
                                     const struct breaker_limits *of)
{
    return breaker_end(breaker, url, breaker_begin(breaker, url), BREAKER_FAILED, of,
                       1000);
}

static void it_says_how_long(void **state)
{
    static const struct {
        const char *name;
        int64_t now_ms;
        bool is_open;
        int64_t again_ms;
    } times[] = {
        {"at once", 1000, true, 10000},      {"later", 4000, true, 7000},
        {"the last moment", 10999, true, 1}, {"over", 11000, false, 0},
        {"long over", 99000, false, 0},
    };
    const struct breaker_limits one = {.failures = 1, .cooldown_s = 10};
    struct breaker breaker = {.count = 0};
    int64_t again_ms;

    (void)state;
    check_number("opened", fail_once(&breaker, "u", &one), BREAKER_OPENED);
    for (size_t i = 0; i < COUNT(times); i++) {
        check_true(times[i].name, breaker_is_open(&breaker, "u", times[i].now_ms,
                                                  &again_ms) == times[i].is_open);
        check_number(times[i].name, again_ms, times[i].again_ms);
    }
    breaker_begin(&breaker, "u");
    check_true("a probe", breaker_is_open(&breaker, "u", 11000, &again_ms));
    check_number("nobody knows how long it takes", again_ms, 0);
    breaker_clear(&breaker);
}

static void addresses_fail_for_themselves(void **state)
{
    const struct breaker_limits two = {.failures = 2, .cooldown_s = 10};
    struct breaker breaker = {.count = 0};
    int64_t again_ms;

    (void)state;
    check_number("a 1", fail_once(&breaker, "a", &two), BREAKER_UNCHANGED);
    check_number("b 1", fail_once(&breaker, "b", &two), BREAKER_UNCHANGED);
    check_number("a 2", fail_once(&breaker, "a", &two), BREAKER_OPENED);
    check_true("a", breaker_is_open(&breaker, "a", 1000, &again_ms));
    check_true("b", !breaker_is_open(&breaker, "b", 1000, &again_ms));
    check_true("c", !breaker_is_open(&breaker, "c", 1000, &again_ms));
    breaker_clear(&breaker);
    check_true("forgotten", !breaker_is_open(&breaker, "a", 1000, &again_ms));
}

/* Each reload may name new addresses. Those whose breaker is open are kept. */
static void memory_is_bounded(void **state)
{
    const struct breaker_limits two = {.failures = 2, .cooldown_s = 10};
    struct breaker breaker = {.count = 0};
    int64_t again_ms;
    char url[32];

    (void)state;
    fail_once(&breaker, "open", &two);
    fail_once(&breaker, "open", &two);
    for (int i = 0; i < 3 * BREAKER_MAX_ADDRESSES; i++) {
        snprintf(url, sizeof url, "failed once %d", i);
        fail_once(&breaker, url, &two);
    }
    check_number("full", (long long)breaker.count, BREAKER_MAX_ADDRESSES);
    check_true("kept", breaker_is_open(&breaker, "open", 1000, &again_ms));
    for (int i = 0; i < 3 * BREAKER_MAX_ADDRESSES; i++) {
        snprintf(url, sizeof url, "dead %d", i);
        fail_once(&breaker, url, &two);
        fail_once(&breaker, url, &two);
    }
    check_number("full of dead ones", (long long)breaker.count, BREAKER_MAX_ADDRESSES);
    check_true("one more has none", !breaker_is_open(&breaker, url, 1000, &again_ms));
    check_true("still kept", breaker_is_open(&breaker, "open", 1000, &again_ms));
    breaker_clear(&breaker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(it_opens_and_closes),
        UNIT_TEST(it_says_how_long),
        UNIT_TEST(addresses_fail_for_themselves),
        UNIT_TEST(memory_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
