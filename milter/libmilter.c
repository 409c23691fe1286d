/* SPDX-License-Identifier: ISC */
#include "libmilter.h"

#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"
#include "base/log.h"

/* ---- packets ---- */

/* How libmilter reports a read error (SMFIC_RECVERR of libmilter.h). It then closes the
 * connection. */
enum { READ_ERROR = 4 };

static _Thread_local char current_command;
static _Thread_local int current_socket = -1; /* of the latest packet */
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
    void (*free_connection)(struct smfi_str *); /* closes its socket, too */
} library;

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

static void find_library(void)
{
    void *read = dlsym(RTLD_NEXT, "mi_rd_cmd"), *engine = dlsym(RTLD_NEXT, "mi_engine");
    void *clear_macros = dlsym(RTLD_NEXT, "mi_clr_macros");
    void *free_connection = dlsym(RTLD_NEXT, "mi_clr_ctx");

    memcpy(&library.read, &read, sizeof library.read);
    memcpy(&library.engine, &engine, sizeof library.engine);
    memcpy(&library.clear_macros, &clear_macros, sizeof library.clear_macros);
    memcpy(&library.free_connection, &free_connection, sizeof library.free_connection);
}

bool libmilter_is_usable(struct error *err)
{
    pthread_once(&library_once, find_library);
    return (library.read && library.engine && library.free_connection) ||
           error_set(err, ERROR_REFUSED, NULL,
                     "functions of libmilter cannot be found (mi_rd_cmd, mi_engine, "
                     "mi_clr_ctx), so no connection can be served: install the "
                     "libmilter of the system's packages, as a shared library");
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
    current_socket = peer;
    current_command = *command_out;
    tell_command();
    if (!data || libmilter_check_packet(*command_out, data, size_out))
        return data;
    free(data);
    return read_nothing(command_out, size_out);
}

/* ---- threads ---- */

enum { IS_STARTED = 0 };    /* MI_SUCCESS of mfapi.h */
enum { MORE_MAY_COME = 1 }; /* what mi_engine() returns, MI_CONTINUE of mfapi.h */

/* A mail server that is silent for longer is gone (MI_TIMEOUT of libmilter's
 * libmilter.h). */
enum { LONGEST_SILENCE_S = 7210 };

/* The socket of a connection is known when its first packet has been read. Mail servers
 * send it at once. Until then mi_engine() looks for it after pauses, each twice as long
 * as the one before. LONGEST_SILENCE_S is their limit, too. */
enum { FIRST_PAUSE_MS = 10, LONGEST_PAUSE_MS = 640 };

static void pause_for(int *pause_ms)
{
    poll(NULL, 0, *pause_ms);
    if (*pause_ms < LONGEST_PAUSE_MS)
        *pause_ms *= 2;
}

static void wait_for_packet(void)
{
    struct pollfd awaited = {.fd = current_socket, .events = POLLIN};

    if (poll(&awaited, 1, LONGEST_SILENCE_S * 1000) == 0)
        shutdown(current_socket, SHUT_RDWR); /* mi_engine() then ends the connection */
}

/* mi_engine() itself waits for a packet for only a millisecond. */
static void *serve(void *connection)
{
    int64_t until_ms = clock_now_ms() + (int64_t)LONGEST_SILENCE_S * 1000;
    int pause_ms = FIRST_PAUSE_MS;

    while (mi_engine(connection) == MORE_MAY_COME) {
        if (current_socket >= 0)
            wait_for_packet();
        else if (clock_now_ms() < until_ms)
            pause_for(&pause_ms);
        else
            break; /* it has no session yet that would have to be freed */
    }
    library.free_connection(connection);
    return NULL;
}

__attribute__((weak)) int mi_pool_controller_init(void)
{
    return IS_STARTED;
}

/* Without a thread the connection is closed. libmilter is not told, because it ends the
 * daemon after 16 such failures in a row. */
__attribute__((weak)) int mi_start_session(struct smfi_str *connection)
{
    pthread_t thread;
    int status;

    pthread_once(&library_once, find_library);
    status = pthread_create(&thread, NULL, serve, connection);
    if (status == 0) {
        pthread_detach(thread);
        return IS_STARTED;
    }
    log_error("no thread for a connection from the mail server: %s: the connection is "
              "closed, and the mail server defers its mail",
              strerror(status));
    library.free_connection(connection);
    return IS_STARTED;
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
