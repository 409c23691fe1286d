/* SPDX-License-Identifier: ISC */
#include "ctl/bounce_header.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"
#include "delivery/mail_key.h"
#include "text/mime/raw_mail.h"

/* Twice as much as Postfix keeps of a header (header_size_limit limits one field). */
enum { MOST_OCTETS = 256 * 1024 };

static bool has_empty_line(const char *mail, size_t size)
{
    return (size > 0 && *mail == '\n') || memmem(mail, size, "\n\n", 2);
}

/* Reads at most MOST_OCTETS of standard input, and little more than the header. */
static size_t read_header(char *mail)
{
    size_t size = 0;
    ssize_t got = 1;

    while (got != 0 && size < MOST_OCTETS && !has_empty_line(mail, size)) {
        got = read(STDIN_FILENO, mail + size, MOST_OCTETS - size);
        if (got > 0)
            size += (size_t)got;
        else if (got < 0 && errno != EINTR)
            return size;
    }
    return size;
}

/* Cuts the id as mail_key.c does. */
static char *copy_id(char *id)
{
    if (!id)
        return NULL;
    if (strlen(id) >= MAIL_KEY_ID_SIZE)
        id[MAIL_KEY_ID_SIZE - 1] = '\0';
    utf8_make_printable(id);
    return id;
}

static char *find_message_id(const char *octets, size_t size)
{
    struct raw_mail mail;
    char *id = NULL;

    if (raw_mail_read(octets, size, 0, &mail) && mail.header.has_end) {
        size_t i = 0;

        while (i < mail.header.count &&
               !mail_field_is(&mail.header.fields[i], "Message-ID"))
            i++;
        id = i < mail.header.count ? copy_id(mail_field_unfold(&mail.header.fields[i]))
                                   : strdup("");
    }
    raw_mail_free(&mail);
    return id;
}

char *bounce_header_message_id(void)
{
    char *mail = isatty(STDIN_FILENO) ? NULL : malloc(MOST_OCTETS), *id;

    if (!mail)
        return NULL;
    id = find_message_id(mail, read_header(mail));
    free(mail);
    return id;
}
