#include "wire.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int wire_open(const struct remote *remote, int receive_buffer)
{
    const char *colon = strrchr(remote->url, ':');
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons((uint16_t)atoi(colon + 1)) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && receive_buffer) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
    if (fd >= 0) close(fd);
    return -1;
}

bool wire_send(int fd, const void *data, size_t len)
{
    const char *at = data;
    while (len) {
        ssize_t sent = send(fd, at, len, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

bool wire_read(int fd, struct buf *out, size_t max, int ms)
{
    char piece[16384];
    while (out->len < max) {
        struct pollfd poller = { fd, POLLIN, 0 };
        if (poll(&poller, 1, ms) <= 0) return false;
        ssize_t got = recv(fd, piece, sizeof piece, 0);
        if (got <= 0) return true;
        buf_add(out, piece, (size_t)got);
    }
    return false;
}

int wire_status(const struct remote *remote, struct str request, int ms)
{
    struct buf answer;
    int status = 0, fd = wire_open(remote, 0);
    if (fd < 0) return 0;
    buf_init(&answer, 1 << 20);
    wire_send(fd, request.data, request.len);
    wire_read(fd, &answer, 12, ms);
    if (str_starts(buf_str(&answer), STR("HTTP/1.1 "))) status = atoi(buf_cstr(&answer) + 9);
    buf_free(&answer);
    close(fd);
    return status;
}
