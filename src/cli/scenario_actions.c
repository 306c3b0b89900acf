/* scenario_actions.c - a small HTTP server on a thread: the systems behind the workspace's actions. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "cli/scenario_stage.h"

#define REQUEST_MAX 65536
#define SCRIPTED_MAX 200

struct scripted {
    struct str action, outcome, json;
    int64_t takes_ms;
};

struct action_server {
    const struct workspace *workspace;
    int fd, port;
    pthread_t thread;
    pthread_mutex_t lock;
    struct arena arena;               /* under the lock, as the next two */
    struct scripted scripted[SCRIPTED_MAX];
    size_t count;
    char code[8];                     /* that came last: of an action that sends one */
    bool stop;
};

/* A path fits a template such as /customers/{customer}/orders/{order}; a query is left aside. */
static bool path_fits(struct str path, struct str template)
{
    struct str part, wanted;
    path = str_slice(path, 0, strcspn(path.data, "? "));
    ptrdiff_t query = str_find_char(template, '?', 0);
    if (query >= 0) template = str_slice(template, 0, (size_t)query);
    for (;;) {
        bool more = str_split(&path, '/', &part), expected = str_split(&template, '/', &wanted);
        if (more != expected) return false;
        if (!more) return true;
        if (!str_starts(wanted, STR("{")) && !str_equal(part, wanted)) return false;
    }
}

static const struct action *find_action(const struct action_server *server, const char *request)
{
    struct str rest = str_of(request), method;
    str_split(&rest, ' ', &method);
    for (size_t i = 0; i < server->workspace->action_count; i++) {
        const struct action *action = &server->workspace->actions[i];
        if (str_equal(action->method, method) && path_fits(rest, action->url)) return action;
    }
    return NULL;
}

/* Head and body, as far as Content-Length says. */
static bool read_request(int fd, char request[REQUEST_MAX + 1])
{
    size_t len = 0;
    for (;;) {
        struct pollfd poller = { fd, POLLIN, 0 };
        if (poll(&poller, 1, 2000) <= 0) return false;
        ssize_t got = read(fd, request + len, REQUEST_MAX - len);
        if (got <= 0) return false;
        len += (size_t)got;
        request[len] = 0;
        const char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "content-length:");
        size_t body = length && length < end ? strtoul(length + 15, NULL, 10) : 0;
        if (end && len >= (size_t)(end - request) + 4 + body) return true;
        if (len == REQUEST_MAX) return false;
    }
}

static void note_code(struct action_server *server, const char *request)
{
    const char *code = strstr(request, "\"code\":\"");
    if (code && strspn(code + 8, "0123456789") == 6) snprintf(server->code, sizeof server->code, "%.6s", code + 8);
}

static void answer(struct action_server *server, int fd)
{
    char request[REQUEST_MAX + 1];
    struct buf reply;
    if (!read_request(fd, request)) return;
    const struct action *action = find_action(server, request);
    struct scripted found = { STR_EMPTY, STR("failed"), STR("{}"), 0 };
    buf_init(&reply, 1 << 20);
    pthread_mutex_lock(&server->lock);
    note_code(server, request);
    for (size_t i = server->count; action && i-- > 0;)
        if (str_equal(server->scripted[i].action, action->name)) {
            found = server->scripted[i];
            break;
        }
    pthread_mutex_unlock(&server->lock);
    int status = str_equal(found.outcome, STR("done")) ? 200 : str_equal(found.outcome, STR("refused")) ? 422 : 500;
    if (str_equal(found.outcome, STR("timed_out"))) found.takes_ms = action->timeout_ms + 1000;
    for (int64_t waited = 0; waited < found.takes_ms && !__atomic_load_n(&server->stop, __ATOMIC_ACQUIRE); waited += 20)
        usleep(20000);
    buf_add_format(&reply, "HTTP/1.1 %d Scripted\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n"
                   "Connection: close\r\n\r\n%.*s", status, found.json.len, STR_ARG(found.json));
    if (send(fd, reply.data, reply.len, MSG_NOSIGNAL) < 0) shutdown(fd, SHUT_RDWR); /* the caller's loss */
    buf_free(&reply);
}

static void *serve(void *context)
{
    struct action_server *server = context;
    while (!__atomic_load_n(&server->stop, __ATOMIC_ACQUIRE)) {
        struct pollfd poller = { server->fd, POLLIN, 0 };
        if (poll(&poller, 1, 100) <= 0) continue;
        int fd = accept(server->fd, NULL, NULL);
        if (fd < 0) continue;
        answer(server, fd);
        close(fd);
    }
    return NULL;
}

struct action_server *action_server_start(struct err *err, const struct workspace *workspace)
{
    struct action_server *server = MEMORY_NEW(struct action_server);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    server->workspace = workspace;
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->fd < 0 || bind(server->fd, (struct sockaddr *)&address, len) || listen(server->fd, 64) ||
        getsockname(server->fd, (struct sockaddr *)&address, &len)) {
        err_set(err, "cannot listen for the actions: %s", strerror(errno));
        if (server->fd >= 0) close(server->fd);
        memory_free(server);
        return NULL;
    }
    server->port = ntohs(address.sin_port);
    pthread_mutex_init(&server->lock, NULL);
    must(pthread_create(&server->thread, NULL, serve, server) == 0);
    return server;
}

struct str action_server_code(struct action_server *server, struct arena *arena)
{
    pthread_mutex_lock(&server->lock);
    struct str code = arena_copy(arena, str_of(server->code));
    pthread_mutex_unlock(&server->lock);
    return code;
}

int action_server_port(const struct action_server *server)
{
    return server->port;
}

void action_server_set(struct action_server *server, struct str action, struct str outcome, struct str json, int64_t takes_ms)
{
    pthread_mutex_lock(&server->lock);
    must(server->count < SCRIPTED_MAX);
    server->scripted[server->count++] = (struct scripted){ arena_copy(&server->arena, action),
        arena_copy(&server->arena, outcome), arena_copy(&server->arena, json), takes_ms };
    pthread_mutex_unlock(&server->lock);
}

void action_server_stop(struct action_server *server)
{
    if (!server) return;
    __atomic_store_n(&server->stop, true, __ATOMIC_RELEASE);
    pthread_join(server->thread, NULL);
    close(server->fd);
    pthread_mutex_destroy(&server->lock);
    arena_free(&server->arena);
    memory_free(server);
}
