/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/mime/calendar_text.h"

#define EVENT(properties)                                        \
    "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\n" properties \
    "END:VEVENT\nEND:VCALENDAR\n"

static void an_event_is_one_line(void **state)
{
    static const struct {
        const char *name, *calendar, *want;
    } rows[] = {
        {"what, when, where",
         EVENT("SUMMARY:Fair\nDTSTART:20261203T180000\nLOCATION:Hall\n"),
         "Fair, Thu 3 Dec 2026 18:00, Hall\n"},
        {"in the event's own time zone",
         EVENT("DTSTART;TZID=Europe/London:20261203T180000\n"),
         "Thu 3 Dec 2026 18:00\n"},
        {"a zone in quotes, with a colon",
         EVENT("DTSTART;TZID=\"(UTC+00:00) London\":20261203T180000\n"),
         "Thu 3 Dec 2026 18:00\n"},
        {"UTC", EVENT("DTSTART:20261203T180000Z\n"), "Thu 3 Dec 2026 18:00 UTC\n"},
        {"all day", EVENT("DTSTART;VALUE=DATE:20261203\nSUMMARY:Fair\n"),
         "Fair, Thu 3 Dec 2026\n"},
        {"a time that is none", EVENT("DTSTART:soon\n"), "soon\n"},
        {"a day that there is not", EVENT("DTSTART:20260231T180000\n"),
         "20260231T180000\n"},
        {"an hour that there is not", EVENT("DTSTART:20261203T240000\n"),
         "20261203T240000\n"},
        {"a time cut off", EVENT("DTSTART:20261203T18\n"), "20261203T18\n"},
        {"something behind the time", EVENT("DTSTART:20261203T180000+01\n"),
         "20261203T180000+01\n"},
        {"a leap day", EVENT("DTSTART:20280229\n"), "Tue 29 Feb 2028\n"},
        {"a fold within a character", EVENT("SUMMARY:caf\xC3\r\n \xA9\n"),
         "caf\xC3\xA9\n"},
        {"a fold at the end", "BEGIN:VEVENT\nSUMMARY:a\n ", "a\n"},
        {"escapes of text", EVENT("SUMMARY:Tea\\, cake\\; and\\nmore \\\\ \\x\n"),
         "Tea, cake; and more \\ x\n"},
        {"folded lines", EVENT("SUMMARY:Par\n ents' ev\n\tening\n"),
         "Parents' evening\n"},
        {"parameters", EVENT("SUMMARY;LANGUAGE=en-GB:Fair\n"), "Fair\n"},
        {"any case", EVENT("summary:Fair\n"), "Fair\n"},
        {"an alarm's own summary is not the event's",
         EVENT("BEGIN:VALARM\nSUMMARY:Ring\nEND:VALARM\nSUMMARY:Fair\n"), "Fair\n"},
        {"a time zone before the event",
         "BEGIN:VTIMEZONE\nDTSTART:19700329T010000\nEND:VTIMEZONE\n" EVENT(
             "DTSTART:20261203T180000\n"),
         "Thu 3 Dec 2026 18:00\n"},
        {"the first of two events", EVENT("SUMMARY:One\n") EVENT("SUMMARY:Two\n"),
         "One\n"},
        {"a cancelled one", "METHOD:CANCEL\nBEGIN:VEVENT\nSUMMARY:Fair\nEND:VEVENT\n",
         "Cancelled: Fair\n"},
        {"a cancelled nothing", "METHOD:CANCEL\nBEGIN:VEVENT\nEND:VEVENT\n", ""},
        {"an answer", "METHOD:REPLY\nBEGIN:VEVENT\nSUMMARY:Fair\nEND:VEVENT\n", ""},
        {"no event", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\n", ""},
        {"an event of nothing", EVENT(""), ""},
        {"an event that is cut off", "BEGIN:VEVENT\nSUMMARY:Fair", "Fair\n"},
        {"a property of another name", EVENT("SUMMARYX:Fair\n"), ""},
        {"a property without a value", EVENT("SUMMARY\nLOCATION;x=\"y\n"), ""},
        {"nothing", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *calendar = unit_repeat(rows[i].calendar, 1);
        struct marked_text out = {0};

        calendar[calendar_text_unfold(calendar, strlen(calendar))] = '\0';
        calendar_text_append(calendar, &out);
        free(calendar);
        check_text(rows[i].name, out.text ? out.text : "", rows[i].want);
        marked_text_free(&out);
    }
}

static void a_long_summary_is_cut_at_a_character(void **state)
{
    char *long_text = unit_repeat("\u20ac", 3000);
    char *calendar = unit_repeat("", 0);
    struct marked_text out = {0};

    (void)state;
    calendar = realloc(calendar, strlen(long_text) + 64);
    assert_non_null(calendar);
    strcpy(calendar, "BEGIN:VEVENT\nSUMMARY:x");
    strcat(calendar, long_text);
    calendar_text_append(calendar, &out);
    check_true("something is left", out.length_bytes > 1000);
    check_true("no half character", utf8_is_valid(out.text));
    marked_text_free(&out);
    free(calendar);
    free(long_text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(an_event_is_one_line),
        UNIT_TEST(a_long_summary_is_cut_at_a_character),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
