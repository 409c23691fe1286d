/* SPDX-License-Identifier: ISC */
#include "text/mime/mail_part.h"

#include <string.h>
#include <strings.h>

#include "text/mime/calendar_text.h"
#include "text/mime/charset.h"

void mail_part_unify_line_ends(char *text)
{
    char *end = strchr(text, '\r');

    if (!end)
        return;
    for (text = end; *text; text++) {
        if (*text == '\r' && text[1] == '\n')
            continue;
        *end++ = *text == '\r' ? '\n' : *text;
    }
    *end = '\0';
}

bool mail_part_is(GMimeObject *part, const char *type, const char *subtype)
{
    return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type,
                                       subtype);
}

/* "Content-Type: text", as mail programs older than MIME wrote it. */
static bool has_bare_text_type(GMimeObject *part)
{
    const char *value = g_mime_object_get_header(part, "Content-Type");

    return value && strcasecmp(value, "text") == 0;
}

static bool is_attachment(GMimeObject *part)
{
    const char *disposition = g_mime_object_get_disposition(part);

    return disposition && strcasecmp(disposition, "attachment") == 0;
}

bool mail_part_has_file_name(GMimeObject *part)
{
    return g_mime_object_get_content_type_parameter(part, "name") ||
           g_mime_object_get_content_disposition_parameter(part, "filename");
}

static GByteArray *read_stream(GMimeDataWrapper *content, bool is_decoded)
{
    GByteArray *bytes = g_byte_array_new();
    GMimeStream *out = g_mime_stream_mem_new();

    g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(out), bytes);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(out), FALSE);
    if (is_decoded) {
        g_mime_data_wrapper_write_to_stream(content, out);
    } else {
        GMimeStream *in = g_mime_data_wrapper_get_stream(content);

        g_mime_stream_reset(in);
        g_mime_stream_write_to_stream(in, out);
    }
    g_object_unref(out);
    return bytes;
}

/* GMime drops the last octets where padding is missing, so there always is some. */
size_t mail_part_decode_base64(const char *data, size_t length, char *octets_out)
{
    GMimeEncoding state;
    size_t count;

    g_mime_encoding_init_decode(&state, GMIME_CONTENT_ENCODING_BASE64);
    count = g_mime_encoding_step(&state, data, length, octets_out);
    return count + g_mime_encoding_step(&state, "==", 2, octets_out + count);
}

static GByteArray *decode_base64(GMimeDataWrapper *content)
{
    GByteArray *bytes = read_stream(content, false);
    guint length = bytes->len;
    char *data;

    g_byte_array_set_size(bytes, length + MAIL_PART_BASE64_SLACK);
    data = (char *)bytes->data;
    bytes->len = (guint)mail_part_decode_base64(data, length, data);
    return bytes;
}

GByteArray *mail_part_decode(GMimePart *part)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);

    if (!content)
        return g_byte_array_new();
    if (g_mime_data_wrapper_get_encoding(content) == GMIME_CONTENT_ENCODING_BASE64)
        return decode_base64(content);
    return read_stream(content, true);
}

bool mail_part_is_plain(GMimeObject *part)
{
    return mail_part_is(part, "text", "plain") ||
           mail_part_is(part, "text", "markdown") || has_bare_text_type(part);
}

bool mail_part_is_html(GMimeObject *part)
{
    return mail_part_is(part, "text", "html") ||
           mail_part_is(part, "application", "xhtml+xml");
}

bool mail_part_is_calendar(GMimeObject *part)
{
    return mail_part_is(part, "text", "calendar");
}

bool mail_part_is_text(GMimeObject *part)
{
    return GMIME_IS_PART(part) && !is_attachment(part) &&
           (mail_part_is_plain(part) || mail_part_is_html(part) ||
            mail_part_is_calendar(part));
}

char *mail_part_convert(GMimeObject *part, GByteArray *bytes, size_t *length_out)
{
    const char *charset = g_mime_object_get_content_type_parameter(part, "charset");
    char named[CHARSET_NAME_SIZE];
    char *text;

    if (!charset && mail_part_is_html(part) &&
        charset_of_html((const char *)bytes->data, bytes->len, named))
        charset = named;
    if (mail_part_is_calendar(part))
        bytes->len = (guint)calendar_text_unfold((char *)bytes->data, bytes->len);
    text = charset_to_utf8(charset, (const char *)bytes->data, bytes->len, length_out);
    if (!text)
        return NULL;
    mail_part_unify_line_ends(text);
    *length_out = strlen(text);
    return text;
}

char *mail_part_read(GMimeObject *part, size_t *length_out)
{
    GByteArray *bytes = mail_part_decode(GMIME_PART(part));
    char *text = mail_part_convert(part, bytes, length_out);

    g_byte_array_unref(bytes);
    return text;
}

bool mail_part_has_parameter(GMimeObject *part, const char *name, const char *value)
{
    const char *has = g_mime_object_get_content_type_parameter(part, name);

    return has && strcasecmp(has, value) == 0;
}
