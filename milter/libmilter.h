/* SPDX-License-Identifier: ISC */
/* Functions of this program that libmilter calls instead of its own or those of the C
 * library. It calls them through the dynamic linker, which finds the program's
 * functions first.
 *
 * Reading: libmilter trusts some packets more than it should. Each packet is checked
 * after it is read and before it is used, so that no peer of the socket can crash the
 * daemon with one.
 *
 * Threads: libmilter has a pool of threads for all connections. With the pool a mail
 * could wait until the mail of another connection was finished, for as long as the API
 * took. Here each connection has a thread of its own.
 *
 * Logging: libmilter's lines go to the log of the daemon, after "libmilter: ", and not
 * to syslog(3), where they would ignore the level and the target of all other lines. */
#ifndef SMS_MILTER_LIBMILTER_H
#define SMS_MILTER_LIBMILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>

#include "base/error.h"

/* Commands of the milter protocol (SMFIC_* of libmilter/mfdef.h). */
enum {
    PACKET_ABORT = 'A',
    PACKET_CONNECT = 'C',
    PACKET_MACROS = 'D',
    PACKET_END_OF_BODY = 'E', /* may bring a last piece of the body */
    PACKET_HELO = 'H',
    PACKET_QUIT_NC = 'K', /* a new connection follows on the same socket */
    PACKET_NEGOTIATION = 'O',
};

/* The command of the packet that this thread read last; in a callback, the one for
 * which it was called. 0 if the thread has read none, or if libmilter does not call our
 * mi_rd_cmd(), as when it is linked statically. */
char libmilter_command(void);

/* Makes a packet safe for libmilter. *size_bytes is the length of its data and may
 * become smaller. Returns false for a packet that must end the connection. */
bool libmilter_check_packet(char command, const char *data, size_t *size_bytes);

/* Returns false if the functions of libmilter that are called here cannot be found, as
 * when it is linked statically: its pool of threads is then left out by the linker.
 * Call it before the socket is opened. */
bool libmilter_is_usable(struct error *err);

struct smfi_str; /* SMFICTX: a connection */

/* Sets the function that is called for each command before libmilter handles it.
 * libmilter ignores a command in the wrong place, and continues with the mail that the
 * command should have ended. Call it before any connection begins. */
void libmilter_on_command(void (*look_at)(struct smfi_str *connection, char command));

/* As in engine.c of libmilter: serves a connection as long as packets arrive. */
int mi_engine(struct smfi_str *connection);

/* As in comm.c of libmilter: returns the data of the next packet; NULL if there is none
 * or *command_out is an error. */
char *mi_rd_cmd(int peer, struct timeval *timeout, char *command_out, size_t *size_out,
                char *name);

/* These two replace the pool of worker.c in libmilter. The pool wakes an idle thread
 * for a connection, but counts this thread as idle until it runs. Another connection
 * that has a packet meanwhile is given to the same thread: no other is started for it,
 * and it waits until any thread has finished its work. mi_start_session() takes over
 * the connection. Both return MI_SUCCESS. */
int mi_pool_controller_init(void);
int mi_start_session(struct smfi_str *connection);

/* libmilter calls the first one if it was built with _FORTIFY_SOURCE. */
void __syslog_chk(int priority, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void syslog(int priority, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
