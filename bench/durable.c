/* durable.c - what the whole server takes: messages a second from POST to acknowledgement, and how
 * long an acknowledgement takes, against this disk in the same run.
 *
 *   1. closed loop: CLIENTS connections post as fast as they are answered; the peer is a bare SQLite
 *      file that takes the same rows in groups of the same size;
 *   2. open loop: 2,000 messages a second; the peer is one fdatasync of 4 kB, repeated meanwhile. */
#include <pthread.h>
#include <sqlite3.h>

#include "client.h"

#define CLIENTS 128
#define SECONDS 5
#define RATE 2000
#define SAMPLES_MAX 200000

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

static void sql(sqlite3 *db, const char *statement)
{
    if (sqlite3_exec(db, statement, NULL, NULL, NULL)) {
        fprintf(stderr, "bench: %s: %s\n", statement, sqlite3_errmsg(db));
        exit(1);
    }
}

/* Rows a second of a bare SQLite file with the log's own settings, in groups of `group`. */
static double raw_rows(const char *directory, size_t group, size_t row_len)
{
    char path[128];
    sqlite3 *db;
    sqlite3_stmt *insert;
    snprintf(path, sizeof path, "%s/raw.db", directory);
    if (sqlite3_open(path, &db)) die("sqlite");
    sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE row(seq INTEGER PRIMARY KEY, at INTEGER, record BLOB, hash BLOB)");
    if (sqlite3_prepare_v2(db, "INSERT INTO row VALUES(?1, ?2, ?3, ?4)", -1, &insert, NULL)) die("prepare");
    char record[4096] = { 0 };
    size_t rows = 0;
    int64_t from = now_us();
    while (now_us() - from < 2000000) {
        sql(db, "BEGIN");
        for (size_t i = 0; i < group; i++) {
            sqlite3_bind_int64(insert, 1, (sqlite3_int64)++rows);
            sqlite3_bind_int64(insert, 2, from);
            sqlite3_bind_blob(insert, 3, record, (int)row_len, SQLITE_STATIC);
            sqlite3_bind_blob(insert, 4, record, 32, SQLITE_STATIC);
            sqlite3_step(insert);
            sqlite3_reset(insert);
        }
        sql(db, "COMMIT");
    }
    double rate = (double)rows * 1e6 / (double)(now_us() - from);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    unlink(path);
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

static void measure_throughput(struct load *load, struct bench_server *server)
{
    unsigned long commits = metric(server->port, "beckon_commits_total"), events = metric(server->port, "beckon_events_total");
    struct stat before, after;
    char path[128];
    snprintf(path, sizeof path, "%s/data/log.db", server->directory);
    stat(path, &before);
    struct cpu cpu = cpu_now(server);
    int64_t from = now_us();
    for (int i = 0; i < CLIENTS; i++) send_message(load, &load->clients[i]);
    while (now_us() - from < SECONDS * 1000000) poll_once(load, 1000000, true);
    drain(load);
    double rate = (double)load->acknowledged * 1e6 / (double)(now_us() - from);
    struct cpu cpu_after = cpu_now(server);
    commits = metric(server->port, "beckon_commits_total") - commits;
    events = metric(server->port, "beckon_events_total") - events;
    stat(path, &after);
    size_t group = commits ? (events + commits / 2) / commits : CLIENTS;
    size_t row_len = 210;
    double raw = raw_rows(server->directory, group ? group : 1, row_len);
    printf("durable messages, %d clients\t%.0f\t/s\t>= 0.5 of raw SQLite\traw SQLite, groups of %zu: %.0f/s\t%.2f\n", CLIENTS,
           rate, group, raw, rate / raw);
    print_cpu(cpu, cpu_after, load->acknowledged);
    if (load->failed) printf("messages refused\t%zu\t\t0\t\t\n", load->failed);
}

static void measure_latency(struct load *load, struct bench_server *server)
{
    static struct syncer syncer;
    pthread_t thread;
    snprintf(syncer.path, sizeof syncer.path, "%s/sync", server->directory);
    pthread_create(&thread, NULL, sync_again, &syncer);
    load->samples = 0;
    int64_t from = now_us(), interval = 1000000 / RATE;
    size_t sent = 0, late = 0;
    for (int next = 0; now_us() - from < SECONDS * 1000000;) {
        int64_t due = from + (int64_t)sent * interval, now = now_us();
        if (now < due) {
            poll_once(load, due - now, false);
            continue;
        }
        struct client *client = &load->clients[next++ % CLIENTS];
        if (client->waiting) {
            late++;
            poll_once(load, 1000, false);
            continue;
        }
        send_message(load, client);
        client->sent_us = due; /* an open loop: being late counts */
        sent++;
        poll_once(load, 0, false);
    }
    drain(load);
    syncer.stop = true;
    pthread_join(thread, NULL);
    qsort(load->latencies, load->samples, sizeof *load->latencies, by_value);
    qsort(syncer.times, syncer.count, sizeof *syncer.times, by_value);
    double fsync_us = (double)syncer.times[syncer.count / 2];
    double p50 = (double)load->latencies[load->samples / 2], p99 = (double)load->latencies[load->samples * 99 / 100];
    printf("acknowledgement p50 at %d/s (%zu sent)\t%.2f\tms\t< 2 fdatasync\tfdatasync of 4 kB: %.2f ms\t%.2f\n", RATE, sent,
           p50 / 1000, fsync_us / 1000, p50 / fsync_us);
    double fsync99_us = (double)syncer.times[syncer.count * 99 / 100];
    printf("acknowledgement p99 at %d/s\t%.2f\tms\t< 6 fdatasync\tfdatasync of 4 kB: %.2f ms (p99 %.2f)\t%.2f\n", RATE,
           p99 / 1000, fsync_us / 1000, fsync99_us / 1000, p99 / fsync_us);
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
    for (int i = 0; i < CLIENTS; i++) {
        open_client(&load.clients[i], server.port, i);
        struct epoll_event event = { .events = EPOLLIN, .data.ptr = &load.clients[i] };
        epoll_ctl(load.epoll, EPOLL_CTL_ADD, load.clients[i].fd, &event);
    }
    measure_throughput(&load, &server);
    measure_latency(&load, &server);
    for (int i = 0; i < CLIENTS; i++) close(load.clients[i].fd);
    free(load.clients);
    free(load.latencies);
    bench_stop(&server);
    return load.failed != 0;
}
