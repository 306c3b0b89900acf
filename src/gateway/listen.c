#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "gateway/answer.h"
#include "gateway/server.h"

/* The listening socket is our own rather than libwebsockets': who has too many connections is sent
 * away before any memory is spent, and stopping to accept does not touch the others. */

#define BACKLOG 4096
#define AT_ONCE 64 /* accepted before the loop goes on */

struct listener {
    struct gateway *gateway;
    uv_poll_t poll;
    uv_timer_t retry;
    int fd, closing;
};

union socket_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Dead clients are noticed: what they do not confirm for so long ends the connection, and what a client
 * that reads nothing leaves waiting. */
#define UNCONFIRMED_MS 60000u
/* What the kernel may keep for one client (it doubles this); the rest waits here, where it is counted. */
#define SEND_BUFFER 131072

#define TOO_MANY \
    "{\"error\":{\"code\":\"too_many_connections\",\"message\":\"Too many open connections; close some first.\"}}"

/* As far as it goes: over TLS there is nothing to say this early. */
static void send_away(const struct gateway *gateway, int fd)
{
    char answer[1024];
    int len = snprintf(answer, sizeof answer, "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\n"
                       "Content-Length: %zu\r\nRetry-After: 5\r\nCache-Control: no-store\r\nConnection: close\r\n"
                       ANSWER_COMMON ANSWER_DATA_POLICY "\r\n%s", sizeof TOO_MANY - 1, TOO_MANY);
    if (!gateway->tls) (void)!send(fd, answer, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
    close(fd);
}

static struct address address_of(const union socket_address *from)
{
    struct address address = { { 0 } };
    if (from->any.sa_family == AF_INET6) {
        memcpy(address.bytes, &from->v6.sin6_addr, 16);
    } else {
        address.bytes[10] = address.bytes[11] = 0xff;
        memcpy(address.bytes + 12, &from->v4.sin_addr, 4);
    }
    return address;
}

static bool has_room(const struct gateway *gateway, struct address address)
{
    int given = gateway->options.limits.connections_per_address;
    size_t max = given ? (size_t)given : LIMIT_CONNECTIONS_PER_ADDRESS;
    if (gateway->connections >= LIMIT_CONNECTIONS) return false;
    /* Behind a proxy all come from one address. */
    if (given < 0 || gateway->options.trust_proxy) return true;
    return peers_count(&gateway->peers, address) < max;
}

static void take(struct gateway *gateway, int fd, const union socket_address *from)
{
    int on = 1;
    struct address address = address_of(from);
    if (!has_room(gateway, address)) {
        gateway->counters.refused_connections++;
        send_away(gateway, fd);
        return;
    }
    int send_buffer = SEND_BUFFER;
    unsigned unconfirmed_ms = UNCONFIRMED_MS;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unconfirmed_ms, sizeof unconfirmed_ms);
    wire_adopt(gateway, fd, address);
}

static void on_ready(uv_poll_t *poll, int status, int events);

static void on_retry(uv_timer_t *timer)
{
    struct listener *listener = timer->data;
    uv_poll_start(&listener->poll, UV_READABLE, on_ready);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
    struct listener *listener = poll->data;
    UNUSED(events);
    if (status < 0) return;
    for (int i = 0; i < AT_ONCE; i++) {
        union socket_address from = { 0 };
        socklen_t len = sizeof from;
        int fd = accept4(listener->fd, &from.any, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            take(listener->gateway, fd, &from);
        } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
            /* Nothing can be taken now: look again in a moment rather than spin. */
            uv_poll_stop(poll);
            uv_timer_start(&listener->retry, on_retry, 200, 0);
            return;
        } else if (errno != ECONNABORTED && errno != EINTR) {
            return;
        }
    }
}

static bool read_address(const char *text, int port, union socket_address *out, socklen_t *len)
{
    *out = (union socket_address){ 0 };
    if (inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1) {
        out->v6.sin6_family = AF_INET6;
        out->v6.sin6_port = htons((uint16_t)port);
        *len = sizeof out->v6;
        return true;
    }
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons((uint16_t)port);
    *len = sizeof out->v4;
    return inet_pton(AF_INET, text, &out->v4.sin_addr) == 1;
}

/* The address as a client on this machine would write it. */
static void write_url(struct gateway *gateway, const union socket_address *bound)
{
    const char *address = gateway->options.address;
    bool v6 = bound->any.sa_family == AF_INET6;
    gateway->port = ntohs(v6 ? bound->v6.sin6_port : bound->v4.sin_port);
    if (strcmp(address, "0.0.0.0") == 0) address = "127.0.0.1";
    if (strcmp(address, "::") == 0) address = "::1";
    snprintf(gateway->url, sizeof gateway->url, "%s://%s%s%s:%d", gateway->tls ? "https" : "http", v6 ? "[" : "",
             address, v6 ? "]" : "", gateway->port);
}

static bool bind_socket(struct err *err, struct gateway *gateway, int *out)
{
    const struct gateway_options *options = &gateway->options;
    union socket_address address;
    socklen_t len;
    int on = 1;
    if (!read_address(options->address, options->port, &address, &len))
        return err_set(err, "%s is no IPv4 or IPv6 address; write it in numbers, such as 127.0.0.1", options->address);
    int fd = socket(address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return err_set(err, "cannot make a socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, &address.any, len) || listen(fd, BACKLOG) || getsockname(fd, &address.any, &len)) {
        err_set(err, "cannot listen on %s port %d: %s%s", options->address, options->port, strerror(errno),
                errno == EADDRINUSE ? "; another program has it, choose another with --port" : "");
        close(fd);
        return false;
    }
    write_url(gateway, &address);
    *out = fd;
    return true;
}

bool listen_start(struct err *err, struct gateway *gateway)
{
    int fd = -1;
    if (!bind_socket(err, gateway, &fd)) return false;
    struct listener *listener = MEMORY_NEW(struct listener);
    listener->gateway = gateway;
    listener->fd = fd;
    must(uv_poll_init_socket(gateway->loop, &listener->poll, fd) == 0);
    must(uv_timer_init(gateway->loop, &listener->retry) == 0);
    listener->poll.data = listener->retry.data = listener;
    must(uv_poll_start(&listener->poll, UV_READABLE, on_ready) == 0);
    gateway->listener = listener;
    return true;
}

static void on_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;
    if (++listener->closing == 2) memory_free(listener);
}

void listen_stop(struct gateway *gateway)
{
    struct listener *listener = gateway->listener;
    if (!listener) return;
    gateway->listener = NULL;
    uv_poll_stop(&listener->poll);
    close(listener->fd);
    uv_close((uv_handle_t *)&listener->poll, on_closed);
    uv_close((uv_handle_t *)&listener->retry, on_closed);
}
