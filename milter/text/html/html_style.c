/* SPDX-License-Identifier: ISC */
#include "text/html/html_style.h"

#include <string.h>
#include <strings.h>

#include "text/html/html_char.h"

/* What has been moved that far to the left is out of sight. */
static const double off_screen_px = -900;

enum property {
    DISPLAY,
    VISIBILITY,
    OPACITY,
    MSO_HIDE,
    OVERFLOW,
    WIDTH,
    HEIGHT,
    MAX_WIDTH,
    MAX_HEIGHT,
    TEXT_INDENT,
    MARGIN_LEFT,
    POSITION,
    LEFT,
    TOP,
    FONT,
    FONT_SIZE,
    COLOR,
    BACKGROUND,
    BACKGROUND_COLOR,
    WHITE_SPACE,
    BORDER_TOP,
    BORDER_COLOR,
    BORDER_TOP_COLOR,
    PROPERTIES
};

static const struct {
    const char *name;
    size_t length;
} properties[PROPERTIES] = {
    [DISPLAY] = {"display", 7},
    [VISIBILITY] = {"visibility", 10},
    [OPACITY] = {"opacity", 7},
    [MSO_HIDE] = {"mso-hide", 8},
    [OVERFLOW] = {"overflow", 8},
    [WIDTH] = {"width", 5},
    [HEIGHT] = {"height", 6},
    [MAX_WIDTH] = {"max-width", 9},
    [MAX_HEIGHT] = {"max-height", 10},
    [TEXT_INDENT] = {"text-indent", 11},
    [MARGIN_LEFT] = {"margin-left", 11},
    [POSITION] = {"position", 8},
    [LEFT] = {"left", 4},
    [TOP] = {"top", 3},
    [FONT] = {"font", 4},
    [FONT_SIZE] = {"font-size", 9},
    [COLOR] = {"color", 5},
    [BACKGROUND] = {"background", 10},
    [BACKGROUND_COLOR] = {"background-color", 16},
    [WHITE_SPACE] = {"white-space", 11},
    [BORDER_TOP] = {"border-top", 10},
    [BORDER_COLOR] = {"border-color", 12},
    [BORDER_TOP_COLOR] = {"border-top-color", 16},
};

struct value {
    const char *text;
    size_t length; /* 0: not declared */
    bool is_important;
};

/* The colours in which Outlook draws the line above what it answers. */
static const long reply_colors[] = {0xE1E1E1, 0xB5C4DF};

/* After the comment at text, if there is one; else text. */
static const char *skip_comment(const char *text, const char *end)
{
    if (end - text < 2 || memcmp(text, "/*", 2) != 0)
        return text;
    for (text += 2; text < end; text++)
        if (*text == '*' && end - text >= 2 && text[1] == '/')
            return text + 2;
    return end;
}

static const char *skip_blank(const char *text, const char *end)
{
    for (const char *before = NULL; text != before;) {
        before = text;
        while (text < end && html_is_space(*text))
            text++;
        text = skip_comment(text, end);
    }
    return text;
}

/* The end of the string whose quote is at text. */
static const char *skip_string(const char *text, const char *end)
{
    char quote = *text++;

    while (text < end && *text != quote)
        text += *text == '\\' && end - text >= 2 ? 2 : 1;
    return text < end ? text + 1 : end;
}

/* The ";" that ends a declaration, which a string or brackets may hold too. */
static const char *find_end(const char *text, const char *end)
{
    unsigned brackets = 0;

    while (text < end && (*text != ';' || brackets > 0)) {
        if (*text == '"' || *text == '\'') {
            text = skip_string(text, end);
            continue;
        }
        if (*text == '(')
            brackets++;
        else if (*text == ')' && brackets > 0)
            brackets--;
        text++;
    }
    return text;
}

/* Takes "!important" from the end of a value. */
static void trim_value(struct value *value)
{
    static const char important[] = "important";
    const size_t length = sizeof important - 1;

    while (value->length > 0 && html_is_space(value->text[value->length - 1]))
        value->length--;
    if (value->is_important || value->length <= length ||
        strncasecmp(value->text + value->length - length, important, length) != 0)
        return;
    value->length -= length;
    while (value->length > 0 && html_is_space(value->text[value->length - 1]))
        value->length--;
    if (value->length == 0 || value->text[value->length - 1] != '!')
        return;
    value->length--;
    value->is_important = true;
    trim_value(value);
}

/* The last one wins, unless an important one was before. */
static void declare(struct value values[PROPERTIES], const char *name, size_t length,
                    struct value value)
{
    trim_value(&value);
    if (value.length == 0)
        return;
    for (unsigned i = 0; i < PROPERTIES; i++) {
        if (length != properties[i].length ||
            strncasecmp(name, properties[i].name, length) != 0)
            continue;
        if (value.is_important || !values[i].is_important)
            values[i] = value;
        return;
    }
}

static void read_declarations(const char *css, size_t length_bytes,
                              struct value values[PROPERTIES])
{
    const char *at = css, *end = css + length_bytes;

    while (at < end) {
        const char *name = skip_blank(at, end), *name_end = name, *value, *value_end;

        while (name_end < end && *name_end != ':' && *name_end != ';' &&
               *name_end != '/' && !html_is_space(*name_end))
            name_end++;
        value = skip_blank(name_end, end);
        if (value < end && *value == ':')
            value = skip_blank(value + 1, end);
        value_end = find_end(value, end);
        declare(values, name, (size_t)(name_end - name),
                (struct value){value, (size_t)(value_end - value), false});
        at = value_end < end ? value_end + 1 : end;
    }
}

static bool is_word(const struct value *value, const char *word)
{
    size_t length = strlen(word);

    return value->length == length && strncasecmp(value->text, word, length) == 0;
}

static bool begins_with(const struct value *value, const char *word)
{
    size_t length = strlen(word);

    return value->length >= length && strncasecmp(value->text, word, length) == 0;
}

/* "-1.5px": the number, and where its unit begins. */
static bool read_number(const struct value *value, double *number_out, size_t *used_out)
{
    double number = 0, place = 1;
    bool is_negative = false, has_digit = false, is_fraction = false;
    size_t at = 0;

    if (at < value->length && (value->text[at] == '-' || value->text[at] == '+'))
        is_negative = value->text[at++] == '-';
    for (; at < value->length; at++) {
        char c = value->text[at];

        if (c == '.' && !is_fraction) {
            is_fraction = true;
        } else if (c >= '0' && c <= '9') {
            has_digit = true;
            place = is_fraction ? place / 10 : place;
            number = is_fraction ? number + (c - '0') * place : number * 10 + (c - '0');
        } else {
            break;
        }
    }
    *number_out = is_negative ? -number : number;
    *used_out = at;
    return has_digit;
}

/* Whether a length is declared and no larger than a pixel, or 0 in any unit. */
static bool is_no_size(const struct value *value)
{
    struct value unit;
    double number;
    size_t used;

    if (!read_number(value, &number, &used))
        return false;
    unit = (struct value){value->text + used, value->length - used, false};
    return number <= 0 ||
           (number <= 1 && (begins_with(&unit, "px") || begins_with(&unit, "pt")));
}

static bool is_off_screen(const struct value *value)
{
    double number;
    size_t used;

    return read_number(value, &number, &used) && number <= off_screen_px;
}

/* The size in "italic 12px/1.5 Arial": what begins with a digit, but for the weight. */
static enum html_answer is_font_tiny(const struct value *font)
{
    bool is_start = true;

    for (size_t i = 0; i < font->length; i++) {
        struct value rest = {font->text + i, font->length - i, false};
        double number;
        size_t used;

        if (is_start && read_number(&rest, &number, &used) && number < 100)
            return is_no_size(&rest) ? HTML_YES : HTML_NO;
        is_start = html_is_space(font->text[i]);
    }
    return HTML_UNSAID;
}

/* A part of a size that is nothing is nothing: em and % say nothing new. */
static enum html_answer is_tiny(const struct value values[PROPERTIES])
{
    const struct value *size = &values[FONT_SIZE];
    struct value unit;
    double number;
    size_t used;

    if (size->length == 0)
        return is_font_tiny(&values[FONT]);
    if (is_no_size(size))
        return HTML_YES;
    if (!read_number(size, &number, &used))
        return is_word(size, "inherit") || is_word(size, "smaller") ||
                       is_word(size, "larger")
                   ? HTML_UNSAID
                   : HTML_NO;
    unit = (struct value){size->text + used, size->length - used, false};
    return is_word(&unit, "%") || is_word(&unit, "em") ? HTML_UNSAID : HTML_NO;
}

static long read_hex_color(const struct value *value)
{
    long color = 0;
    size_t digits = 0;

    for (size_t i = 1; i < value->length && digits < 7; i++, digits++) {
        int digit = html_hex_value(value->text[i]);

        if (digit < 0)
            break;
        color = color * 16 + digit;
    }
    if (digits == 3)
        return (color >> 8) * 0x110000 + (color >> 4 & 15) * 0x1100 +
               (color & 15) * 0x11;
    return digits == 6 ? color : -1;
}

static long read_rgb_color(const struct value *value)
{
    long color = 0;
    size_t at = strlen("rgb(");

    for (int part = 0; part < 3; part++) {
        struct value rest;
        double number;
        size_t used;

        while (at < value->length &&
               (html_is_space(value->text[at]) || value->text[at] == ','))
            at++;
        rest = (struct value){value->text + at, value->length - at, false};
        if (!read_number(&rest, &number, &used) || number < 0 || number > 255)
            return -1;
        color = color * 256 + (long)number;
        at += used;
    }
    return color;
}

/* 0xRRGGBB of the colour that a value begins with, -1 if it begins with none we know.
 */
static long read_color(const struct value *value)
{
    if (begins_with(value, "#"))
        return read_hex_color(value);
    if (begins_with(value, "rgb("))
        return read_rgb_color(value);
    if (begins_with(value, "white"))
        return value->length == 5 || html_is_space(value->text[5]) ? 0xFFFFFF : -1;
    if (begins_with(value, "black"))
        return value->length == 5 || html_is_space(value->text[5]) ? 0 : -1;
    return -1;
}

static enum html_answer is_faint(const struct value values[PROPERTIES])
{
    const struct value *color = &values[COLOR], *ground = &values[BACKGROUND_COLOR];
    long shown;

    if (color->length == 0 || is_word(color, "inherit"))
        return HTML_UNSAID;
    if (ground->length == 0)
        ground = &values[BACKGROUND];
    shown = read_color(color);
    return shown >= 0 && shown == read_color(ground) ? HTML_YES : HTML_NO;
}

static enum html_answer is_pre(const struct value *white_space)
{
    if (white_space->length == 0 || is_word(white_space, "inherit"))
        return HTML_UNSAID;
    return begins_with(white_space, "pre") || is_word(white_space, "break-spaces")
               ? HTML_YES
               : HTML_NO;
}

static bool is_hidden(const struct value values[PROPERTIES])
{
    bool is_cut = is_word(&values[OVERFLOW], "hidden");

    if (is_word(&values[DISPLAY], "none") || is_word(&values[VISIBILITY], "hidden") ||
        is_word(&values[VISIBILITY], "collapse"))
        return true;
    if (values[OPACITY].length > 0 && is_no_size(&values[OPACITY]))
        return true;
    if (is_no_size(&values[MAX_HEIGHT]))
        return true;
    if (is_cut && (is_no_size(&values[HEIGHT]) || is_no_size(&values[WIDTH]) ||
                   is_no_size(&values[MAX_WIDTH])))
        return true;
    if (is_off_screen(&values[TEXT_INDENT]) || is_off_screen(&values[MARGIN_LEFT]))
        return true;
    return (is_word(&values[POSITION], "absolute") ||
            is_word(&values[POSITION], "fixed")) &&
           (is_off_screen(&values[LEFT]) || is_off_screen(&values[TOP]));
}

/* Whether a value holds one of the colours. */
static bool is_reply_color(const struct value *value)
{
    for (size_t i = 0; i < value->length; i++) {
        const struct value rest = {value->text + i, value->length - i, false};

        if (value->text[i] != '#' && (value->text[i] | 0x20) != 'r')
            continue;
        for (size_t k = 0; k < sizeof reply_colors / sizeof *reply_colors; k++)
            if (read_color(&rest) == reply_colors[k])
                return true;
    }
    return false;
}

struct html_style html_style_read(const char *css, size_t length_bytes)
{
    struct value values[PROPERTIES] = {{0}};

    read_declarations(css, length_bytes, values);
    return (struct html_style){
        .is_hidden = is_hidden(values),
        .is_mso_hidden = is_word(&values[MSO_HIDE], "all"),
        .is_displayed =
            values[DISPLAY].length > 0 && !is_word(&values[DISPLAY], "none"),
        .is_tiny = is_tiny(values),
        .is_faint = is_faint(values),
        .is_pre = is_pre(&values[WHITE_SPACE]),
        .is_pixel = is_no_size(&values[WIDTH]) || is_no_size(&values[HEIGHT]),
        .has_reply_border = is_reply_color(&values[BORDER_TOP]) ||
                            is_reply_color(&values[BORDER_COLOR]) ||
                            is_reply_color(&values[BORDER_TOP_COLOR]),
    };
}
