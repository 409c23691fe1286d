/* SPDX-License-Identifier: ISC */
#include "libmilter.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* ---- packets ---- */

/* How libmilter reports a read error (SMFIC_RECVERR of libmilter.h). It then closes the
 * connection. */
enum { READ_ERROR = 4 };

static _Thread_local char current_command;
static _Thread_local struct smfi_str *current_connection;
static void (*look_at_command)(struct smfi_str *connection, char command);

char libmilter_command(void)
{
    return current_command;
}

static size_t count_strings(const char *data, size_t size_bytes)
{
    size_t count = 0;

    for (size_t i = 0; i < size_bytes; i++)
        count += data[i] == '\0';
    return count;
}

/* The size without the last string. Each string ends with a NUL. */
static size_t drop_last_string(const char *data, size_t size_bytes)
{
    while (size_bytes > 0 && data[size_bytes - 1] != '\0')
        size_bytes--;
    do
        size_bytes--;
    while (size_bytes > 0 && data[size_bytes - 1] != '\0');
    return size_bytes;
}

/* The packet is a letter for the command to which the macros belong, then alternating
 * names and values. If the last name has no value, smfi_getsymval() reads past the end
 * of the list. */
static void check_macros(const char *data, size_t *size_bytes)
{
    if (*size_bytes == 0 || count_strings(data + 1, *size_bytes - 1) % 2 == 0)
        return;
    *size_bytes = 1 + drop_last_string(data + 1, *size_bytes - 1);
    log_warning("the mail server sent a macro without a value: the macro is ignored");
}

bool libmilter_check_packet(char command, const char *data, size_t *size_bytes)
{
    switch (command) {
    case PACKET_MACROS:
        check_macros(data, size_bytes);
        return true;
    case PACKET_CONNECT:
        /* libmilter reads a host name without a NUL past the end of the packet, and
         * then closes the connection anyway. */
        return memchr(data, '\0', *size_bytes) != NULL;
    default:
        return true;
    }
}

/* The functions that libmilter would call if this program did not replace them. */
static struct {
    char *(*read)(int, struct timeval *, char *, size_t *, char *);
    int (*engine)(struct smfi_str *);
    void (*clear_macros)(struct smfi_str *, int from);
} library;

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void find_library(void)
{
    void *read = dlsym(RTLD_NEXT, "mi_rd_cmd"), *engine = dlsym(RTLD_NEXT, "mi_engine");
    void *clear_macros = dlsym(RTLD_NEXT, "mi_clr_macros");

    memcpy(&library.read, &read, sizeof library.read);
    memcpy(&library.engine, &engine, sizeof library.engine);
    memcpy(&library.clear_macros, &clear_macros, sizeof library.clear_macros);
}

void libmilter_on_command(void (*look_at)(struct smfi_str *connection, char command))
{
    look_at_command = look_at;
}

/* A weak function yields to libmilter's own if libmilter is linked statically. */
__attribute__((weak)) int mi_engine(struct smfi_str *connection)
{
    int result;

    pthread_once(&library_once, find_library);
    current_connection = connection;
    result = library.engine(connection);
    current_connection = NULL;
    current_command = '\0';
    return result;
}

static void tell_command(void)
{
    if (!current_connection)
        return;
    if (current_command == PACKET_QUIT_NC && library.clear_macros)
        library.clear_macros(current_connection, 0);
    if (look_at_command)
        look_at_command(current_connection, current_command);
}

static char *read_nothing(char *command_out, size_t *size_out)
{
    *command_out = READ_ERROR;
    *size_out = 0;
    return NULL;
}

__attribute__((weak)) char *mi_rd_cmd(int peer, struct timeval *timeout,
                                      char *command_out, size_t *size_out, char *name)
{
    char *data;

    pthread_once(&library_once, find_library);
    data = library.read(peer, timeout, command_out, size_out, name);
    current_command = *command_out;
    tell_command();
    if (!data || libmilter_check_packet(*command_out, data, size_out))
        return data;
    free(data);
    return read_nothing(command_out, size_out);
}

/* ---- log lines ---- */

/* Severities (RFC 5424 section 6.2.1) are the lowest three bits of a priority. */
enum { SEVERITY_BITS = 7, SEVERITY_ERROR = 3, SEVERITY_WARNING = 4 };

/* Lines of libmilter contain a name and some numbers. */
enum { LIBMILTER_LINE_SIZE = 1024 };

static void log_line(int priority, const char *line)
{
    int severity = priority & SEVERITY_BITS;

    if (severity <= SEVERITY_ERROR)
        log_error("libmilter: %s", line);
    else if (severity == SEVERITY_WARNING)
        log_warning("libmilter: %s", line);
    else
        log_info("libmilter: %s", line);
}

void __syslog_chk(int priority, int flag, const char *format, ...)
{
    char line[LIBMILTER_LINE_SIZE];
    va_list args;

    (void)flag;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    log_line(priority, line);
}

void syslog(int priority, const char *format, ...)
{
    char line[LIBMILTER_LINE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    log_line(priority, line);
}
