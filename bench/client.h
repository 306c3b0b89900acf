/* client.h - what the programs of this folder share: a server of their own and a small HTTP client.
 *
 * The client is one epoll loop with keep-alive connections, each from its own loopback address, so
 * that limits by address do not stand in the way of what is measured. A row of the table goes to
 * stdout: name, value, unit, target, peer, ratio, separated by tabs. */
#ifndef BENCH_CLIENT_H
#define BENCH_CLIENT_H

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REPLY_MAX 16384

struct bench_server {
    pid_t pid;
    int port;
    char directory[64];
};

static inline int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline void die(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static inline void run(const char *command)
{
    if (system(command)) die(command);
}

static inline void raise_files(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* A blocking connection to the server from 127.a.b.c, picked by `index`. */
static inline int connect_from(int port, int index)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET };
    from.sin_addr.s_addr = htonl(0x7f010000u + (unsigned)(index / 64) + 1);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons((uint16_t)port);
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(fd, IPPROTO_IP, 24 /* IP_BIND_ADDRESS_NO_PORT */, &one, sizeof one);
    if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof from) || connect(fd, (struct sockaddr *)&to, sizeof to)) {
        if (fd >= 0) close(fd);
        return -1;
    }
    return fd;
}

/* How long the whole answer in `text` is, or 0 if it is not complete yet. */
static inline size_t reply_len(const char *text, size_t len)
{
    const char *head_end = memmem(text, len, "\r\n\r\n", 4);
    if (!head_end) return 0;
    size_t head = (size_t)(head_end - text) + 4, body = 0;
    for (const char *line = text; line && line < head_end; line = memchr(line, '\n', (size_t)(head_end - line))) {
        if (*line == '\n') line++;
        if (strncasecmp(line, "content-length:", 15) == 0) body = strtoul(line + 15, NULL, 10);
    }
    return len >= head + body ? head + body : 0;
}

/* One request and its answer on a blocking connection; false when it failed. The answer is a string. */
static inline bool exchange(int fd, const char *request, size_t request_len, char reply[REPLY_MAX])
{
    size_t len = 0;
    if (write(fd, request, request_len) != (ssize_t)request_len) return false;
    for (;;) {
        ssize_t got = read(fd, reply + len, REPLY_MAX - 1 - len);
        if (got <= 0) return false;
        len += (size_t)got;
        reply[len] = '\0';
        if (reply_len(reply, len)) return true;
    }
}

static inline bool post(int fd, const char *path, const char *token, const char *body, char reply[REPLY_MAX])
{
    static unsigned long key;
    char request[4096];
    int len = snprintf(request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n%s%s%sIdempotency-Key: b%d-%lu\r\n"
        "Content-Length: %zu\r\n\r\n%s", path, token ? "Authorization: Bearer " : "", token ? token : "",
        token ? "\r\n" : "", (int)getpid(), ++key, strlen(body), body);
    return exchange(fd, request, (size_t)len, reply) && strstr(reply, " 200 ") != NULL;
}

/* The value of "name":"…" or "name":number in the answer. */
static inline bool field(const char *reply, const char *name, char *out, size_t max)
{
    char key[64];
    snprintf(key, sizeof key, "\"%s\":", name);
    const char *at = strstr(reply, key);
    if (!at) return false;
    at += strlen(key);
    if (*at == '"') at++;
    size_t len = strcspn(at, "\",}]");
    if (len >= max) return false;
    memcpy(out, at, len);
    out[len] = '\0';
    return true;
}

static inline bool reachable(int port)
{
    char reply[REPLY_MAX];
    static const char request[] = "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    int fd = connect_from(port, 1);
    bool ready = fd >= 0 && exchange(fd, request, sizeof request - 1, reply) && strstr(reply, " 200 ");
    if (fd >= 0) close(fd);
    return ready;
}

/* What measures is short and must not be late: as worker_hurry (src/node/worker.h), for threads made later too. */
static inline void hurry(void)
{
    struct { uint32_t size, policy; uint64_t flags; int32_t niceness; uint32_t priority; uint64_t slice_ns, rest[2]; }
        attributes = { .size = 48, .niceness = getpriority(PRIO_PROCESS, 0), .slice_ns = 100000 };
    (void)!syscall(SYS_sched_setattr, 0, &attributes, 0);
}

/* A server that is learning has a core less; it says so. What is measured is what it does all day, not its first seconds. */
static inline bool learning(int port)
{
    char reply[REPLY_MAX];
    static const char request[] = "GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    int fd = connect_from(port, 1);
    bool is_learning = fd < 0 || !exchange(fd, request, sizeof request - 1, reply) || !strstr(reply, "\"learning\":false");
    if (fd >= 0) close(fd);
    return is_learning;
}

static inline void wait_until_learned(const struct bench_server *server)
{
    for (int i = 0; i < 1200 && learning(server->port); i++) usleep(100000);
    if (learning(server->port)) die("the server does not end learning");
}

/* Starts `build/beckon serve` on a copy of the demo without its back end's data; BENCH_PORT takes the place of
 * `port`, where that is taken. */
static inline struct bench_server bench_serve(int port)
{
    struct bench_server server = { .port = getenv("BENCH_PORT") ? atoi(getenv("BENCH_PORT")) : port };
    char command[512], port_text[16];
    snprintf(server.directory, sizeof server.directory, "/var/tmp/beckon-bench-%d", (int)getpid());
    snprintf(command, sizeof command, "rm -rf %s && cp -r demo %s && rm -rf %s/data", server.directory,
             server.directory, server.directory);
    run(command);
    snprintf(port_text, sizeof port_text, "%d", server.port);
    server.pid = fork();
    if (server.pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        int null = open("/dev/null", O_WRONLY);
        dup2(null, 1);
        if (!getenv("BENCH_LOG")) dup2(null, 2);
        execl("build/beckon", "beckon", "serve", server.directory, "--port", port_text, "--quiet", "--rate-limit", "0", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 200 && !reachable(server.port); i++) usleep(50000);
    if (!reachable(server.port)) die("the server did not start");
    return server;
}

static inline void bench_stop(struct bench_server *server)
{
    char command[256];
    kill(server->pid, SIGTERM);
    waitpid(server->pid, NULL, 0);
    snprintf(command, sizeof command, "rm -rf %s", server->directory);
    run(command);
}

static inline bool read_line(const char *path, char *line, size_t max)
{
    FILE *file = fopen(path, "r");
    bool read = file && fgets(line, (int)max, file);
    if (file) fclose(file);
    return read;
}

static inline long resident_kb(pid_t pid)
{
    char path[64], line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file)) sscanf(line, "VmRSS: %ld", &kb);
    if (file) fclose(file);
    return kb;
}

/* Microseconds of processor time that the thread of that name has had so far; NULL: all threads together. */
static inline double cpu_us(pid_t pid, const char *thread)
{
    char path[512], name[32] = "", line[96] = "";
    double sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *tasks = opendir(path);
    for (struct dirent *task; tasks && (task = readdir(tasks));) {
        if (task->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/comm", (int)pid, task->d_name);
        if (read_line(path, name, sizeof name)) name[strcspn(name, "\n")] = '\0';
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, task->d_name);
        if ((!thread || strcmp(name, thread) == 0) && read_line(path, line, sizeof line)) sum += strtod(line, NULL) / 1000;
    }
    if (tasks) closedir(tasks);
    return sum;
}

static inline int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

#endif
