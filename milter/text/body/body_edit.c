/* SPDX-License-Identifier: ISC */
#include "text/body/body_edit.h"

#include <stdint.h>

#include "base/utf8.h"

/* Punctuation and white space outside ASCII, as far as mails have it around words. */
static bool is_mark(uint32_t point)
{
    return (point >= 0x80 && point < 0xC0) || (point >= 0x2000 && point < 0x2070) ||
           (point >= 0x2500 && point < 0x25A0) || (point >= 0x3000 && point < 0x3004) ||
           point == 0xFEFF;
}

static bool is_word(uint32_t point)
{
    if (point >= 0x80)
        return !is_mark(point);
    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') ||
           (point >= 'a' && point <= 'z');
}

bool body_edit_is_wordy(const struct body_line *line)
{
    const char *at = line->words, *end = at + line->words_bytes;
    uint32_t point;

    if (line->is_cut)
        return false;
    while (at < end && utf8_next(&at, &point))
        if (is_word(point))
            return true;
    return false;
}

/* A text of more lines than are read says so in what was cut. */
static void tell_unread(const struct marked_text *text, struct body_edit *edit)
{
    const struct body_line *last;
    const char *behind;

    if (edit->lines.count == 0)
        return;
    last = &edit->lines.items[edit->lines.count - 1];
    behind = last->text + last->length_bytes;
    cuts_add(edit->cuts, CUT_OVERLONG, behind,
             (size_t)(text->text + text->length_bytes - behind));
}

bool body_edit_begin(struct body_edit *edit, const struct marked_text *text,
                     bool may_be_empty, struct cuts *cuts)
{
    *edit = (struct body_edit){.may_be_empty = may_be_empty, .cuts = cuts};
    if (!body_lines_read(text, &edit->lines))
        return false;
    tell_unread(text, edit);
    for (size_t i = 0; i < edit->lines.count; i++)
        edit->wordy_lines += body_edit_is_wordy(&edit->lines.items[i]);
    return true;
}

void body_edit_end(struct body_edit *edit)
{
    body_lines_free(&edit->lines);
}

void body_edit_cut(struct body_edit *edit, size_t first, size_t end,
                   enum cut_reason reason)
{
    for (size_t i = first; i < end; i++) {
        struct body_line *line = &edit->lines.items[i];

        if (line->is_cut)
            continue;
        cuts_add(edit->cuts, reason, line->text, line->length_bytes);
        edit->wordy_lines -= body_edit_is_wordy(line);
        line->is_cut = true;
    }
}

bool body_edit_try_cut(struct body_edit *edit, size_t first, size_t end,
                       enum cut_reason reason)
{
    size_t wordy = 0;

    for (size_t i = first; i < end; i++)
        wordy += body_edit_is_wordy(&edit->lines.items[i]);
    if (wordy == edit->wordy_lines && wordy > 0 && !edit->may_be_empty)
        return false;
    body_edit_cut(edit, first, end, reason);
    return true;
}
