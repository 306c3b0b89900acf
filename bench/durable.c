/* durable.c - what the whole server takes: messages a second from POST to acknowledgement, and how
 * long an acknowledgement takes, against this disk in the same run. Beside both stands the least server there can
 * be (bare.h) under the same load: client and server share the machine.
 *
 *   1. closed loop: CLIENTS connections post as fast as they are answered; the peer is a bare SQLite
 *      file that takes the same rows in groups of the same size;
 *   2. open loop: 2,000 messages a second; the peer is one fdatasync of 4 kB, repeated meanwhile. */
#include <pthread.h>

#include "bare.h"

#define CLIENTS 128
#define SECONDS 5
#define RATE 2000
#define SAMPLES_MAX 200000
#define ROW_LEN 210     /* bytes of the message's record, as the log has it */

static const char text[] = "Hello, my parcel should have come on Tuesday and the shop says it is on its way. Can you look?";

struct client {
    int fd;
    char token[1024];
    char path[96];
    char reply[REPLY_MAX];
    size_t reply_len;
    int64_t sent_us;
    bool waiting;
};

struct load {
    struct client *clients;
    int epoll;
    unsigned long key;
    size_t acknowledged, failed;
    int64_t *latencies;
    size_t samples;
};

static void open_client(struct client *client, int port, int index)
{
    char conversation[32];
    client->fd = connect_from(port, index);
    if (client->fd < 0) die("connect");
    if (!post(client->fd, "/v1/session", NULL, "{}", client->reply) ||
        !field(client->reply, "token", client->token, sizeof client->token) ||
        !post(client->fd, "/v1/conversations", client->token, "{}", client->reply) ||
        !field(client->reply, "conversation", conversation, sizeof conversation)) {
        fprintf(stderr, "bench: %s\n", client->reply);
        exit(1);
    }
    snprintf(client->path, sizeof client->path, "/v1/conversations/%s/human", conversation);
    if (!post(client->fd, client->path, client->token, "{}", client->reply)) die("ask for a person");
    snprintf(client->path, sizeof client->path, "/v1/conversations/%s/messages", conversation);
}

static void send_message(struct load *load, struct client *client)
{
    char request[2048];
    int len = snprintf(request, sizeof request,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAuthorization: Bearer %s\r\n"
        "Idempotency-Key: m%lu\r\nContent-Length: %zu\r\n\r\n{\"text\":\"%s\"}",
        client->path, client->token, ++load->key, strlen(text) + 11, text);
    client->sent_us = now_us();
    client->waiting = true;
    client->reply_len = 0;
    if (write(client->fd, request, (size_t)len) != len) die("write");
}

static void on_readable(struct load *load, struct client *client)
{
    ssize_t got = read(client->fd, client->reply + client->reply_len, REPLY_MAX - 1 - client->reply_len);
    if (got <= 0) die("the server closed a connection");
    client->reply_len += (size_t)got;
    client->reply[client->reply_len] = '\0';
    if (!reply_len(client->reply, client->reply_len)) return;
    if (strstr(client->reply, " 200 ")) load->acknowledged++;
    else if (load->failed++ == 0) fprintf(stderr, "bench: %s\n", client->reply);
    if (load->samples < SAMPLES_MAX) load->latencies[load->samples++] = now_us() - client->sent_us;
    client->waiting = false;
}

static void poll_once(struct load *load, int64_t timeout_us, bool again)
{
    struct epoll_event ready[256];
    /* To the microsecond: a load that polls without sleeping takes a core away from the server. */
    struct timespec timeout = { timeout_us / 1000000, timeout_us % 1000000 * 1000 };
    int count = epoll_pwait2(load->epoll, ready, 256, &timeout, NULL);
    for (int i = 0; i < count; i++) {
        on_readable(load, ready[i].data.ptr);
        struct client *client = ready[i].data.ptr;
        if (again && !client->waiting) send_message(load, client);
    }
}

static void drain(struct load *load)
{
    for (int i = 0; i < CLIENTS; i++)
        while (load->clients[i].waiting) poll_once(load, 1000000, false);
}

/* --- the peers --- */

/* Rows a second of a bare SQLite file with the log's own settings, in groups of `group`. */
static double raw_rows(const char *directory, size_t group)
{
    struct raw raw;
    char record[4096] = { 0 };
    raw_open(&raw, directory);
    int64_t from = now_us();
    while (now_us() - from < 2000000) {
        sql(raw.db, "BEGIN");
        for (size_t i = 0; i < group; i++) raw_insert(&raw, record, ROW_LEN);
        sql(raw.db, "COMMIT");
    }
    double rate = (double)raw.rows * 1e6 / (double)(now_us() - from);
    raw_close(&raw);
    return rate;
}

struct syncer {
    char path[128];
    volatile bool stop;
    int64_t times[10000];
    size_t count;
};

/* One fdatasync of 4 kB now and then while the server is under load: the disk as the server finds it. */
static void *sync_again(void *context)
{
    struct syncer *syncer = context;
    char page[4096] = { 1 };
    int fd = open(syncer->path, O_RDWR | O_CREAT, 0600);
    if (fd < 0) die(syncer->path);
    while (!syncer->stop && syncer->count < 10000) {
        int64_t from = now_us();
        if (pwrite(fd, page, sizeof page, (off_t)((syncer->count % 256) * sizeof page)) < 0 || fdatasync(fd)) die("fdatasync");
        syncer->times[syncer->count++] = now_us() - from;
        usleep(20000);
    }
    close(fd);
    unlink(syncer->path);
    return NULL;
}

static unsigned long metric(int port, const char *name)
{
    char request[] = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", reply[REPLY_MAX];
    int fd = connect_from(port, 1);
    if (fd < 0 || !exchange(fd, request, sizeof request - 1, reply)) die("metrics");
    close(fd);
    char key[96];
    snprintf(key, sizeof key, "\n%s ", name);
    const char *at = strstr(reply, key);
    return at ? strtoul(at + strlen(key), NULL, 10) : 0;
}

/* The loop's thread has the process's name; the others are named by what they do. */
#define THREADS(X) X("beckon", loop) X("beckon-log", log) X("beckon-views", views) X("beckon-move", mover)

struct cpu {
#define MEMBER(name, member) double member;
    THREADS(MEMBER)
#undef MEMBER
    double all, client;
};

static struct cpu cpu_now(const struct bench_server *server)
{
    struct cpu cpu = { .all = cpu_us(server->pid, NULL), .client = cpu_us(getpid(), NULL) };
#define READ(name, in) cpu.in = cpu_us(server->pid, name);
    THREADS(READ)
#undef READ
    return cpu;
}

/* Told in processor time, since that is the same on a machine that has other work too. */
static void print_cpu(struct cpu before, struct cpu after, size_t messages)
{
    double each = 1.0 / (double)(messages ? messages : 1);
    printf("processor time of the server, a message\t%.0f\tµs\t\t", (after.all - before.all) * each);
#define PRINT(name, member) printf(#member " %.0f, ", (after.member - before.member) * each);
    THREADS(PRINT)
#undef PRINT
    printf("and this client %.0f µs\t\n", (after.client - before.client) * each);
}

/* Messages a second, each client sending its next one when the last is acknowledged. */
static double closed_loop(struct load *load)
{
    size_t before = load->acknowledged;
    int64_t from = now_us();
    for (int i = 0; i < CLIENTS; i++) send_message(load, &load->clients[i]);
    while (now_us() - from < SECONDS * 1000000) poll_once(load, 1000000, true);
    drain(load);
    return (double)(load->acknowledged - before) * 1e6 / (double)(now_us() - from);
}

static void add_clients(struct load *load)
{
    for (int i = 0; i < CLIENTS; i++) {
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &load->clients[i] };
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, load->clients[i].fd, &event);
    }
}

/* The same clients before the least server there can be (bare.h): what HTTP and this disk leave to anybody. */
struct bare {
    struct load load;
    pid_t pid;
};

static struct bare bare_start(const struct load *load, const struct bench_server *server)
{
    int port;
    struct bare bare = { .pid = bare_serve(server->directory, ROW_LEN, strlen(load->clients[0].reply), &port) };
    bare.load = (struct load){ .clients = calloc(CLIENTS, sizeof(struct client)), .epoll = epoll_create1(0),
                               .latencies = load->latencies };
    for (int i = 0; i < CLIENTS; i++) {
        bare.load.clients[i] = load->clients[i];
        bare.load.clients[i].fd = connect_from(port, i);
        if (bare.load.clients[i].fd < 0) die("bare server");
    }
    add_clients(&bare.load);
    return bare;
}

static void bare_stop(struct bare *bare)
{
    for (int i = 0; i < CLIENTS; i++) close(bare->load.clients[i].fd);
    kill(bare->pid, SIGKILL);
    waitpid(bare->pid, NULL, 0);
    free(bare->load.clients);
    close(bare->load.epoll);
}

static void compare_bare(struct bare *bare, double rate, double raw)
{
    double cpu = cpu_us(bare->pid, NULL), client = cpu_us(getpid(), NULL), bare_rate = closed_loop(&bare->load);
    double each = 1.0 / (double)bare->load.acknowledged;
    printf("durable messages beside the least server there can be\t%.0f\t/s\t\tone that only inserts raw rows: %.0f/s, "
           "%.2f of raw; %.0f µs a message, its client %.0f\t%.2f\n", rate, bare_rate, bare_rate / raw,
           (cpu_us(bare->pid, NULL) - cpu) * each, (cpu_us(getpid(), NULL) - client) * each, rate / bare_rate);
}

static void measure_throughput(struct load *load, struct bare *bare, const struct bench_server *server)
{
    unsigned long commits = metric(server->port, "beckon_commits_total"), events = metric(server->port, "beckon_events_total");
    struct cpu cpu = cpu_now(server);
    double rate = closed_loop(load);
    struct cpu cpu_after = cpu_now(server);
    commits = metric(server->port, "beckon_commits_total") - commits;
    events = metric(server->port, "beckon_events_total") - events;
    size_t group = commits ? (events + commits / 2) / commits : CLIENTS;
    double raw = raw_rows(server->directory, group ? group : 1);
    printf("durable messages, %d clients\t%.0f\t/s\t>= 0.5 of raw SQLite\traw SQLite, groups of %zu: %.0f/s\t%.2f\n", CLIENTS,
           rate, group, raw, rate / raw);
    print_cpu(cpu, cpu_after, load->acknowledged);
    compare_bare(bare, rate, raw);
    if (load->failed) printf("messages refused\t%zu\t\t0\t\t\n", load->failed);
}

/* RATE messages a second, whatever becomes of them: being late counts. */
static void open_loop(struct load *load)
{
    load->samples = 0;
    int64_t from = now_us(), interval = 1000000 / RATE, sent = 0;
    for (int next = 0; now_us() - from < SECONDS * 1000000;) {
        int64_t due = from + sent * interval, now = now_us();
        struct client *client = &load->clients[next % CLIENTS];
        if (now < due || client->waiting) {
            poll_once(load, now < due ? due - now : 1000, false);
            continue;
        }
        send_message(load, client);
        client->sent_us = due;
        next++;
        sent++;
        poll_once(load, 0, false);
    }
    drain(load);
    qsort(load->latencies, load->samples, sizeof *load->latencies, by_value);
}

static double percentile_ms(const int64_t *sorted, size_t count, size_t percent)
{
    return (double)sorted[count * percent / 100] / 1000;
}

/* The median and the 99th percentile, beside the same of one fdatasync meanwhile. */
struct waits {
    double p50, p99, sync, sync99;
};

static struct waits measure_waits(struct load *load, const char *directory)
{
    static struct syncer syncer;
    pthread_t thread;
    syncer = (struct syncer){ .count = 0 };
    snprintf(syncer.path, sizeof syncer.path, "%s/sync", directory);
    pthread_create(&thread, NULL, sync_again, &syncer);
    open_loop(load);
    syncer.stop = true;
    pthread_join(thread, NULL);
    qsort(syncer.times, syncer.count, sizeof *syncer.times, by_value);
    return (struct waits){ percentile_ms(load->latencies, load->samples, 50), percentile_ms(load->latencies, load->samples, 99),
                           percentile_ms(syncer.times, syncer.count, 50), percentile_ms(syncer.times, syncer.count, 99) };
}

static void measure_latency(struct load *load, struct bare *bare, const struct bench_server *server)
{
    struct waits ours = measure_waits(load, server->directory), least = measure_waits(&bare->load, server->directory);
    printf("acknowledgement p50 at %d/s\t%.2f\tms\t< 2 fdatasync\tfdatasync of 4 kB: %.2f ms; the least server %.2f of it\t%.2f\n",
           RATE, ours.p50, ours.sync, least.p50 / least.sync, ours.p50 / ours.sync);
    printf("acknowledgement p99 at %d/s\t%.2f\tms\t< 6 fdatasync\tfdatasync of 4 kB: %.2f ms (p99 %.2f); the least server "
           "%.2f of it\t%.2f\n", RATE, ours.p99, ours.sync, ours.sync99, least.p99 / least.sync, ours.p99 / ours.sync);
}

int main(void)
{
    signal(SIGPIPE, SIG_IGN);
    raise_files();
    struct bench_server server = bench_serve(18800);
    wait_until_learned(&server);
    hurry();
    struct load load = { .clients = calloc(CLIENTS, sizeof(struct client)), .epoll = epoll_create1(0),
                         .latencies = calloc(SAMPLES_MAX, sizeof(int64_t)) };
    for (int i = 0; i < CLIENTS; i++) open_client(&load.clients[i], server.port, i);
    add_clients(&load);
    struct bare bare = bare_start(&load, &server);
    measure_throughput(&load, &bare, &server);
    measure_latency(&load, &bare, &server);
    bare_stop(&bare);
    for (int i = 0; i < CLIENTS; i++) close(load.clients[i].fd);
    free(load.clients);
    free(load.latencies);
    bench_stop(&server);
    return load.failed != 0;
}
