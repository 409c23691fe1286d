/* SPDX-License-Identifier: ISC */
/* Harness for the callbacks: it sends packets of the milter protocol through the real
 * libmilter.
 *
 * libmilter accepts connections on a socket of the harness. When it would pass a
 * connection to its thread pool, the harness takes it (libmilter calls the harness's
 * mi_start_session()) and lets libmilter's engine read it to its end. So each input is
 * one connection, which ends before the next one begins. The callbacks call a
 * deliver_mail() that checks its arguments.
 *
 * An input is an octet of choices, then packets. An octet below 32 stands for one of
 * the packets of a correct mail server. Any other octet is a command, followed by two
 * octets for the length of its data, and the data. With CHOICE_RAW the octets are sent
 * unchanged. */
#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <libmilter/mfapi.h>
#include <poll.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "delivery/deliver.h"
#include "milter.h"
#include "service.h"

enum {
    CHOICE_VERDICT = 3,    /* two bits: the verdict for each mail */
    CHOICE_KEEP = 4,       /* after-sending = "accept" */
    CHOICE_NEGOTIATED = 8, /* negotiation and a client are sent before the packets */
    CHOICE_SHY = 16,       /* the server can leave out no step (only SMFIP_NODATA) */
    CHOICE_RAW = 32,
};

enum { MOST_PACKETS = 400, STREAM_SIZE = 256 * 1024, LIMIT_BYTES = 16384 };

/* The result of mi_engine() while the peer may send more (libmilter.h of libmilter). */
enum { MI_MORE = 1 };

/* Exported by libmilter but declared in none of its headers. */
int mi_engine(SMFICTX *ctx);
void mi_clr_ctx(SMFICTX *ctx);
int mi_start_session(SMFICTX *ctx);

static unsigned choice;
static bool has_own_addresses; /* the input contains some of its own, in any form */
static sem_t session_is_over;
static int socket_file = -1; /* O_PATH; of a socket without a name */

/* ---- what the daemon logs and does ---- */

/* None of these lines may be logged, whatever a mail server sends. */
static void check_line(const char *format, va_list args)
{
    char line[2048];

    vsnprintf(line, sizeof line, format, args);
    fuzz_require(!strstr(line, "claimed not to reply"),
                 "no answer where none was negotiated");
    fuzz_require(!strstr(line, "private data not NULL"), "a session is freed");
    fuzz_require(!strstr(line, "does not take the reply"), "replies are well formed");
    fuzz_require(strcmp(line, "no memory") != 0, "there is memory");
}

#define DEFINE_LOG(name)               \
    void name(const char *format, ...) \
    {                                  \
        va_list args;                  \
        va_start(args, format);        \
        check_line(format, args);      \
        va_end(args);                  \
    }
DEFINE_LOG(log_error)
DEFINE_LOG(log_warning)
DEFINE_LOG(log_info)
DEFINE_LOG(log_errno)

/* Senders and numbers of the correct packets contain the number of their mail. */
static void check_belongs_together(const struct delivery *delivery)
{
    unsigned mail, number;

    if (has_own_addresses || sscanf(delivery->sender, "mail%u@", &mail) != 1)
        return;
    for (size_t i = 0; i < delivery->recipient_count; i++) {
        const char *e164 = delivery->recipients[i].number.e164;

        fuzz_require(sscanf(e164, "+447700%6u", &number) == 1 && number == mail,
                     "a number is sent to for its own sender");
    }
}

/* Reads the octets, so that AddressSanitizer detects those that may not be read. */
static void read_octets(const char *octets, size_t size)
{
    static volatile char last;

    for (size_t i = 0; i < size; i++)
        last = octets[i];
}

static void read_all(const struct raw_mail *mail)
{
    for (size_t i = 0; i < mail->header.count; i++) {
        const struct mail_field *field = &mail->header.fields[i];

        read_octets(field->name, field->name_length + 1);
        read_octets(field->value, field->value_length + 1);
    }
    read_octets(mail->body, mail->body_size_bytes);
}

static void check_delivery(const struct delivery *delivery)
{
    const char *at = strrchr(delivery->sender, '@');

    fuzz_require(delivery->customer && delivery->recipient_count > 0,
                 "a mail has a customer and recipients");
    fuzz_require(at && strcmp(at + 1, "school.example") == 0,
                 "the sender's domain is the customer's");
    fuzz_require(delivery->recipient_count <= delivery->customer->max_recipients,
                 "max-recipients holds");
    read_all(delivery->mail);
    fuzz_require(strlen(delivery->evidence.helo) < 256, "HELO is a text");
    fuzz_require(delivery->queue_id != NULL, "the queue id is a text");
    check_belongs_together(delivery);
}

/* The words of the API may contain anything. */
static void set_reason(const struct delivery *delivery, struct error *reason)
{
    bool is_refused = (choice & CHOICE_VERDICT) == VERDICT_REJECT;
    size_t length = delivery->mail->body_size_bytes;

    if (length > sizeof reason->text - 1)
        length = sizeof reason->text - 1;
    *reason = (struct error){.kind = is_refused ? ERROR_REFUSED : ERROR_TEMPORARY};
    snprintf(reason->status, sizeof reason->status, is_refused ? "5.7.1" : "4.4.1");
    if (length > 0)
        memcpy(reason->text, delivery->mail->body, length);
    if (*reason->text == '\0')
        snprintf(reason->text, sizeof reason->text, "100%% refused");
}

enum verdict deliver_mail(const struct delivery_services *services,
                          struct delivery *delivery, struct error *reason_out)
{
    enum verdict verdict = choice & CHOICE_VERDICT;

    (void)services;
    check_delivery(delivery);
    set_reason(delivery, reason_out);
    for (size_t i = 0; i < delivery->recipient_count; i++) {
        delivery->recipients[i].state =
            verdict == VERDICT_REJECT ? RECIPIENT_FAILED : RECIPIENT_SENT;
        delivery->recipients[i].error = *reason_out;
    }
    if (verdict == VERDICT_REJECT && delivery->recipient_count > 1)
        *reason_out->text = '\0'; /* each recipient has a reason of its own */
    return verdict;
}

/* ---- start ---- */

static char listen_place[64], folder[] = "/tmp/fuzz-milter-XXXXXX";

static struct config *make_config(void)
{
    static char sms_domain[] = "sms.local", domain[] = "school.example", all[] = "+44";
    struct config *config = config_new();
    struct customer *customer = calloc(1, sizeof *customer);
    struct problem_list problems = {.items = NULL};

    fuzz_require(config && customer, "there is memory");
    config->listen = strdup(listen_place);
    config->listen_mode = 0600;
    config->max_message_size_bytes = LIMIT_BYTES;
    config->customers = customer;
    config->customer_count = 1;
    *customer = (struct customer){.name = strdup("school"),
                                  .default_country = strdup("44"),
                                  .max_recipients = 3,
                                  .is_enabled = true};
    fuzz_require(string_list_add(&config->sms_domains, sms_domain) &&
                     string_list_add(&customer->domains, domain) &&
                     string_list_add(&customer->allow, all) &&
                     config_index_domains(config, &problems),
                 "there is memory");
    return config;
}

/* Runs in the thread that accepts. */
int mi_start_session(SMFICTX *ctx)
{
    while (mi_engine(ctx) == MI_MORE)
        ;
    mi_clr_ctx(ctx);
    sem_post(&session_is_over);
    return MI_SUCCESS;
}

static struct config *start(void)
{
    const struct delivery_services services = {NULL, NULL};
    struct config *config;
    struct error err;
    const char *path = listen_place + strlen("unix:");

    fuzz_require(mkdtemp(folder), "there is room for a socket");
    snprintf(listen_place, sizeof listen_place, "unix:%s/s", folder);
    sem_init(&session_is_over, 0, 0);
    config = make_config();
    config_publish(config);
    fuzz_require(milter_open(config, &services, &err), "the socket opens");
    socket_file = open(path, O_PATH | O_CLOEXEC);
    fuzz_require(socket_file >= 0, "the socket is there");
    unlink(path); /* leaves no file, however this ends */
    rmdir(folder);
    fuzz_require(service_start(&err), "libmilter starts");
    return config;
}

/* ---- packets ---- */

struct stream {
    unsigned char octets[STREAM_SIZE];
    size_t size, packet_count;
    unsigned mail_count;
    bool is_in_mail; /* a MAIL was sent, and nothing since that ends a mail */
};

static void put(struct stream *stream, char command, const void *data, size_t size)
{
    unsigned char *end = stream->octets + stream->size;
    size_t length = size + 1;

    if (stream->size + 5 + size > STREAM_SIZE)
        return;
    for (int i = 0; i < 4; i++)
        end[i] = (unsigned char)(length >> (24 - 8 * i));
    end[4] = (unsigned char)command;
    memcpy(end + 5, data, size);
    stream->size += 5 + size;
    stream->packet_count++;
    if (command == 'M')
        stream->is_in_mail = true;
    else if (!strchr("RTLNBDU", command) || !command)
        stream->is_in_mail = false;
}

static void put_options(struct stream *stream, unsigned steps)
{
    const unsigned char data[] = {0,
                                  0,
                                  0,
                                  6,
                                  0,
                                  0,
                                  1,
                                  0xFF,
                                  0,
                                  (unsigned char)(steps >> 16),
                                  (unsigned char)(steps >> 8),
                                  (unsigned char)steps};

    put(stream, 'O', data, sizeof data);
}

static void put_sender(struct stream *stream)
{
    char path[64];
    int length =
        snprintf(path, sizeof path, "<mail%u@school.example>", ++stream->mail_count);

    put(stream, 'M', path, (size_t)length + 1);
}

/* A number outside a mail is 999999, which no mail has. */
static void put_number(struct stream *stream)
{
    char path[64];
    unsigned number = stream->is_in_mail ? stream->mail_count : 999999;
    int length = snprintf(path, sizeof path, "<+447700%06u@sms.local>", number);

    put(stream, 'R', path, (size_t)length + 1);
}

/* With the NUL at the end of the text. */
#define PACKET(command, text)      \
    {                              \
        command, text, sizeof text \
    }

/* Adds a packet of a correct mail server. */
static void put_good(struct stream *stream, unsigned which)
{
    enum { ALL_STEPS = 0x1FFFFF, NODATA_ALONE = 0x200 };
    static const struct {
        char command;
        const char *data;
        size_t size;
    } packets[] = {
        PACKET('C', "mail.example\0"
                    "4\0\x19"
                    "192.0.2.1"),
        PACKET('H', "mail.example"),
        PACKET('D', "M{auth_authen}\0office\0{verify}\0OK\0{cert_subject}\0CN=x"),
        PACKET('D', "R{rcpt_addr}\0+447700900123@sms.local"),
        PACKET('D', "Ci\0"
                    "4bXyz1\0v\0Postfix 3.7"),
        {'T', "", 0},
        PACKET('L', "Subject\0Word"),
        {'N', "", 0},
        PACKET('B', "School is shut.\r\n"),
        {'E', "", 0},
        {'A', "", 0},
        {'K', "", 0},
        PACKET('U', "HELP"),
        {'Q', "", 0},
        PACKET('R', "<parent@ordinary.example>"),
        PACKET('M', "<x@elsewhere.example>"),
        PACKET('M', "<>"),
        PACKET('D', "M{auth_authen}"),
        PACKET('E', "The last piece"),
        PACKET('R', "<sms.local!+447700000000>"),
        PACKET('C', "mail.example\0U"),
    };
    enum { COUNT = sizeof packets / sizeof *packets };

    if (which < COUNT)
        put(stream, packets[which].command, packets[which].data, packets[which].size);
    else if (which == COUNT)
        put_options(stream, ALL_STEPS);
    else if (which == COUNT + 1)
        put_options(stream, NODATA_ALONE);
    else if (which % 2)
        put_sender(stream);
    else
        put_number(stream);
}

static void put_packets(struct stream *stream, const uint8_t *data, size_t size)
{
    enum { FIRST_OTHER = 32 };

    while (size > 0 && stream->packet_count < MOST_PACKETS) {
        uint8_t command = *data++;
        size_t length;

        size--;
        if (command < FIRST_OTHER) {
            put_good(stream, command);
            continue;
        }
        length = size > 1 ? data[0] + 256u * data[1] : 0;
        data += size > 1 ? 2 : 0;
        size -= size > 1 ? 2 : 0;
        length = length < size ? length : size;
        has_own_addresses |= command == 'M' || command == 'R';
        put(stream, (char)command, data, length);
        data += length;
        size -= length;
    }
}

static void fill(struct stream *stream, const uint8_t *data, size_t size)
{
    stream->size = stream->packet_count = 0;
    stream->mail_count = 0;
    stream->is_in_mail = false;
    has_own_addresses = choice & CHOICE_RAW;
    if (choice & CHOICE_NEGOTIATED) {
        put_options(stream, choice & CHOICE_SHY ? 0x200 : 0x1FFFFF);
        put_good(stream, 0);
    }
    if (!(choice & CHOICE_RAW)) {
        put_packets(stream, data, size);
        return;
    }
    size = size < STREAM_SIZE - stream->size ? size : STREAM_SIZE - stream->size;
    memcpy(stream->octets + stream->size, data, size);
    stream->size += size;
    stream->packet_count += size; /* at most */
}

/* ---- the connection ---- */

static int connect_to_milter(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int peer = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    snprintf(address.sun_path, sizeof address.sun_path, "/proc/self/fd/%d",
             socket_file);
    fuzz_require(peer >= 0 &&
                     connect(peer, (struct sockaddr *)&address, sizeof address) == 0,
                 "the socket listens");
    return peer;
}

/* Sends as much as the socket accepts, and closes the sending side after the last
 * octet. */
static size_t send_some(int peer, const struct stream *stream, size_t sent)
{
    ssize_t n = send(peer, stream->octets + sent, stream->size - sent,
                     MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n < 0 && errno == EAGAIN)
        return sent;
    sent = n < 0 ? stream->size : sent + (size_t)n; /* it has closed */
    if (sent == stream->size)
        shutdown(peer, SHUT_WR);
    return sent;
}

/* Sends everything, and reads until the daemon closes the connection. Returns the size
 * of the answers. */
static size_t converse(int peer, const struct stream *stream, unsigned char *answers,
                       size_t room)
{
    size_t sent = send_some(peer, stream, 0), got = 0;

    for (;;) {
        short wanted = (short)(POLLIN | (sent < stream->size ? POLLOUT : 0));
        struct pollfd poller = {.fd = peer, .events = wanted};
        ssize_t n;

        poll(&poller, 1, -1);
        if (poller.revents & POLLOUT && sent < stream->size)
            sent = send_some(peer, stream, sent);
        if (!(poller.revents & ~POLLOUT))
            continue;
        n = recv(peer, answers + got, room - got, 0);
        if (n <= 0)
            return n < 0 ? 0 : got; /* after a reset some answers are lost */
        got += (size_t)n;
        fuzz_require(got < room, "there are not more answers than commands");
    }
}

static void check_answers(const unsigned char *answers, size_t size, size_t most)
{
    size_t count = 0;

    while (size >= 5) {
        size_t length = ((size_t)answers[0] << 24) + ((size_t)answers[1] << 16) +
                        ((size_t)answers[2] << 8) + answers[3];

        fuzz_require(length > 0 && length <= size - 4, "an answer is whole");
        fuzz_require(strchr("acdrstyO-", answers[4]) != NULL,
                     "an answer is one of the protocol's");
        if (answers[4] == 'y')
            fuzz_require((answers[5] == '4' || answers[5] == '5') &&
                             answers[3 + length] == '\0',
                         "a reply has a code and an end");
        count += answers[4] != '-'; /* deleted recipients come before the answer */
        answers += 4 + length;
        size -= 4 + length;
    }
    fuzz_require(size == 0, "the last answer is whole");
    fuzz_require(count <= most, "no command has two answers");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config *config;
    static struct stream stream;
    static unsigned char answers[8 * STREAM_SIZE];
    size_t answers_size;
    int peer;

    if (!config)
        config = start();
    choice = fuzz_take_choice(&data, &size);
    config->customers[0].after_sending =
        choice & CHOICE_KEEP ? AFTER_SENDING_ACCEPT : AFTER_SENDING_DISCARD;
    fill(&stream, data, size);
    peer = connect_to_milter();
    answers_size = converse(peer, &stream, answers, sizeof answers);
    close(peer);
    while (sem_wait(&session_is_over) != 0)
        ;
    check_answers(answers, answers_size, stream.packet_count);
    return 0;
}
