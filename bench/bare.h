/* bare.h - the least server that keeps the promise: it reads a message over HTTP, inserts a row into a bare
 * SQLite file, and answers when the group that came together is on disk. No parsing, no session, no rule, no
 * sealing, no chain, no view. What it reaches beside the same client is what HTTP and the disk leave to anybody. */
#ifndef BENCH_BARE_H
#define BENCH_BARE_H

#include <sqlite3.h>

#include "client.h"

#define BARE_CLIENTS_MAX 1024

struct raw {
    sqlite3 *db;
    sqlite3_stmt *insert;
    sqlite3_int64 rows;
    char path[128];
};

static inline void sql(sqlite3 *db, const char *statement)
{
    if (sqlite3_exec(db, statement, NULL, NULL, NULL)) {
        fprintf(stderr, "bench: %s: %s\n", statement, sqlite3_errmsg(db));
        exit(1);
    }
}

/* A bare SQLite file with the log's own settings and columns. */
static inline void raw_open(struct raw *raw, const char *directory)
{
    *raw = (struct raw){ .rows = 0 };
    snprintf(raw->path, sizeof raw->path, "%s/raw-%d.db", directory, (int)getpid());
    if (sqlite3_open(raw->path, &raw->db)) die("sqlite");
    sql(raw->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                 "CREATE TABLE row(seq INTEGER PRIMARY KEY, at INTEGER, record BLOB, hash BLOB)");
    if (sqlite3_prepare_v2(raw->db, "INSERT INTO row VALUES(?1, ?2, ?3, ?4)", -1, &raw->insert, NULL)) die("prepare");
}

static inline void raw_insert(struct raw *raw, const char *record, size_t len)
{
    sqlite3_bind_int64(raw->insert, 1, ++raw->rows);
    sqlite3_bind_int64(raw->insert, 2, now_us());
    sqlite3_bind_blob(raw->insert, 3, record, (int)len, SQLITE_STATIC);
    sqlite3_bind_blob(raw->insert, 4, record, 32, SQLITE_STATIC);
    if (sqlite3_step(raw->insert) != SQLITE_DONE) die("insert");
    sqlite3_reset(raw->insert);
}

static inline void raw_close(struct raw *raw)
{
    sqlite3_finalize(raw->insert);
    sqlite3_close(raw->db);
    unlink(raw->path);
}

/* As long as beckon's answer to a message. */
static inline int bare_answer(char answer[1024], size_t len)
{
    int head = snprintf(answer, 1024, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-Filling: ");
    while ((size_t)head + 15 < len) answer[head++] = 'x';
    return head + snprintf(answer + head, 1024 - (size_t)head, "\r\n\r\n{\"seq\":123}");
}

/* One turn of the loop is one group. A client's request is one write, so it is one read. */
static inline void bare_turn(struct raw *raw, int epoll, int listener, size_t row_len, const char *answer, size_t answer_len)
{
    struct epoll_event ready[BARE_CLIENTS_MAX];
    int fds[BARE_CLIENTS_MAX], count = epoll_wait(epoll, ready, BARE_CLIENTS_MAX, -1), waiting = 0;
    for (int i = 0; i < count; i++) {
        char request[REPLY_MAX] = { 0 };
        int fd = ready[i].data.fd;
        if (fd == listener) {
            struct epoll_event event = { .events = EPOLLIN, .data.fd = accept(listener, NULL, NULL) };
            epoll_ctl(epoll, EPOLL_CTL_ADD, event.data.fd, &event);
            continue;
        }
        if (read(fd, request, sizeof request) <= 0) {
            close(fd);
            continue;
        }
        if (!waiting) sql(raw->db, "BEGIN");
        raw_insert(raw, request, row_len);
        fds[waiting++] = fd;
    }
    if (waiting) sql(raw->db, "COMMIT");
    for (int i = 0; i < waiting; i++)
        if (write(fds[i], answer, answer_len) != (ssize_t)answer_len) die("write");
}

/* Serves on a port of its own until it is killed. */
static inline pid_t bare_serve(const char *directory, size_t row_len, size_t answer_len, int *port)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&at, len) || listen(listener, BARE_CLIENTS_MAX) ||
        getsockname(listener, (struct sockaddr *)&at, &len)) die("bare server");
    *port = ntohs(at.sin_port);
    pid_t pid = fork();
    if (pid) {
        close(listener);
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct raw raw;
    char answer[1024];
    answer_len = (size_t)bare_answer(answer, answer_len);
    raw_open(&raw, directory);
    int epoll = epoll_create1(0);
    struct epoll_event event = { .events = EPOLLIN, .data.fd = listener };
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) bare_turn(&raw, epoll, listener, row_len, answer, answer_len);
}

#endif
