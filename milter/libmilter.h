/* SPDX-License-Identifier: ISC */
/* Functions that libmilter finds in this program instead of its own or the C library's.
 * It calls them through the dynamic linker, and the program comes first there.
 *
 * What it reads: libmilter trusts some packets more than it may. Each packet is looked
 * at between its reading and its use, so that no peer of the socket can end the daemon
 * with one.
 *
 * What it logs: its lines go to the log of the daemon, behind "libmilter: ", and not to
 * syslog(3) past the level and the target of all other lines. */
#ifndef SMS_MILTER_LIBMILTER_H
#define SMS_MILTER_LIBMILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/time.h>

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

/* The command of the packet that this thread has read last, so in a callback the one
 * that it was called for. 0: the thread has read none, or libmilter does not ask for
 * our mi_rd_cmd(), as where it is linked statically. */
char libmilter_command(void);

/* Makes a packet fit for libmilter. *size_bytes is the length of its data, and may
 * become smaller. Returns false for a packet that ends the connection. */
bool libmilter_check_packet(char command, const char *data, size_t *size_bytes);

struct smfi_str; /* SMFICTX: a connection */

/* Chooses what is called with each command, before libmilter sees it. libmilter passes
 * over a command in the wrong place, and goes on in the mail that it should have ended.
 * Call it before any connection begins. */
void libmilter_on_command(void (*look_at)(struct smfi_str *connection, char command));

/* As engine.c of libmilter has it: serves a connection as long as packets come. */
int mi_engine(struct smfi_str *connection);

/* As comm.c of libmilter has it: the data of the next packet, NULL where there is none
 * or *command_out is an error. */
char *mi_rd_cmd(int peer, struct timeval *timeout, char *command_out, size_t *size_out,
                char *name);

/* libmilter calls the first where it was built with _FORTIFY_SOURCE. */
void __syslog_chk(int priority, int flag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void syslog(int priority, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
