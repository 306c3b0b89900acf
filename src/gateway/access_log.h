/* access_log.h - one JSON line for each request.
 *
 *   {"time":"2026-11-22T20:07:09.123Z","method":"POST","route":"/v1/login","status":200,"ms":41.2,
 *    "bytes":143,"session":"none"}
 *
 * `route` is the pattern, never the path as sent: no token, name or text of a person gets here. Lines
 * are collected and written by a thread of the pool; a reader of the log that is too slow costs lines,
 * not service: how many stands in the next line as "dropped". */
#ifndef GATEWAY_ACCESS_LOG_H
#define GATEWAY_ACCESS_LOG_H

#include <uv.h>

#include "base/buf.h"

struct access_log {
    uv_loop_t *loop;
    int fd;                   /* -1: nothing is written */
    struct buf filling, writing;
    uv_fs_t write;
    bool busy;
    uint64_t dropped;         /* lines since the last one that was taken */
    uint64_t dropped_total;
};

struct access_line {
    int64_t now_ms;           /* since 1970 */
    const char *method, *route, *session;
    int status;
    uint64_t took_us, bytes;
};

void access_log_start(struct access_log *log, uv_loop_t *loop, int fd);
void access_log_line(struct access_log *log, const struct access_line *line);
/* Writes what there is; called now and then, so that a quiet server's lines come out too. */
void access_log_flush(struct access_log *log);
/* Writes the rest and waits for it. Runs the loop. */
void access_log_stop(struct access_log *log);

/* ms since 1970 as 2026-11-22T20:07:09.123Z. */
void time_text(int64_t ms, char text[32]);

#endif
