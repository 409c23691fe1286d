/* SPDX-License-Identifier: ISC */
#include "listener.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_BYTES = 64, PORT_BYTES = 8, MAX_PORT = 65535 };

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");

    return digits > 0 && digits < PORT_BYTES && text[digits] == '\0' &&
           atol(text) <= MAX_PORT;
}

/* Splits "[HOST]:PORT" or "HOST:PORT". */
static bool split(const char *address, char host[HOST_BYTES], const char **port_out)
{
    const char *colon = strrchr(address, ':');
    bool has_brackets = *address == '[';
    size_t size;

    if (colon == NULL || colon == address || !is_port(colon + 1))
        return false;
    if (has_brackets && colon[-1] != ']')
        return false;
    size = (size_t)(colon - address) - (has_brackets ? 2 : 0);
    if (size == 0 || size >= HOST_BYTES ||
        (!has_brackets && memchr(address, ':', size) != NULL))
        return false;
    memcpy(host, address + has_brackets, size);
    host[size] = '\0';
    *port_out = colon + 1;
    return true;
}

bool listener_check_address(const char *address, struct problem *problem)
{
    char host[HOST_BYTES];
    const char *port;

    if (split(address, host, &port))
        return true;
    return problem_set(problem, "--listen wants ADDR:PORT, for example 127.0.0.1:0");
}

static int listen_on(const struct addrinfo *info)
{
    int fd = socket(info->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int yes = 1;

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, info->ai_addr, info->ai_addrlen) == 0 && listen(fd, SOMAXCONN) == 0)
        return fd;
    close(fd);
    return -1;
}

static bool name_socket(int fd, char name_out[LISTENER_NAME_BYTES])
{
    struct sockaddr_storage bound;
    socklen_t size = sizeof(bound);
    char host[HOST_BYTES], port[PORT_BYTES];

    if (getsockname(fd, (struct sockaddr *)&bound, &size) != 0 ||
        getnameinfo((struct sockaddr *)&bound, size, host, sizeof(host), port,
                    sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return false;
    snprintf(name_out, LISTENER_NAME_BYTES,
             bound.ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, port);
    return true;
}

int listener_open(const char *address, char name_out[LISTENER_NAME_BYTES],
                  struct problem *problem)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE};
    struct addrinfo *found = NULL;
    char host[HOST_BYTES];
    const char *port;
    int fd, result;

    if (!listener_check_address(address, problem) || !split(address, host, &port))
        return -1;
    result = getaddrinfo(host, port, &hints, &found);
    if (result != 0) {
        problem_set(problem, "--listen %s: %s", address, gai_strerror(result));
        return -1;
    }
    fd = listen_on(found);
    freeaddrinfo(found);
    if (fd < 0 || !name_socket(fd, name_out)) {
        problem_set(problem, "cannot listen on %s: %s", address, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}
