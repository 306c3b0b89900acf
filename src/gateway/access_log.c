#include "gateway/access_log.h"

#include <stdio.h>
#include <time.h>

#define FLUSH_AT 16384u
#define KEPT_MAX (1u << 20)

void time_text(int64_t ms, char text[32])
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    size_t len = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(text + len, 32 - len, ".%03dZ", (int)(ms % 1000));
}

void access_log_start(struct access_log *log, uv_loop_t *loop, int fd)
{
    log->loop = loop;
    log->fd = fd;
    buf_init(&log->filling, KEPT_MAX);
    buf_init(&log->writing, KEPT_MAX);
}

static void on_written(uv_fs_t *write)
{
    struct access_log *log = write->data;
    ssize_t result = write->result;
    uv_fs_req_cleanup(write);
    log->busy = false;
    if (result > 0 && (size_t)result < log->writing.len) {
        /* A pipe that took a part: the rest comes first. */
        buf_drop_front(&log->writing, (size_t)result);
        log->busy = true;
        uv_buf_t piece = uv_buf_init(log->writing.data, (unsigned)log->writing.len);
        log->write.data = log;
        if (uv_fs_write(log->loop, &log->write, log->fd, &piece, 1, -1, on_written) == 0) return;
        log->busy = false;
    }
    buf_clear(&log->writing);
    if (log->filling.len >= FLUSH_AT) access_log_flush(log);
}

void access_log_flush(struct access_log *log)
{
    if (log->busy || !log->filling.len) return;
    struct buf full = log->filling;
    log->filling = log->writing;
    log->writing = full;
    uv_buf_t piece = uv_buf_init(full.data, (unsigned)full.len);
    log->busy = true;
    log->write.data = log;
    if (uv_fs_write(log->loop, &log->write, log->fd, &piece, 1, -1, on_written) == 0) return;
    log->busy = false;
    buf_clear(&log->writing);
}

void access_log_line(struct access_log *log, const struct access_line *line)
{
    if (log->fd < 0) return;
    if (log->filling.len > KEPT_MAX - 512) {
        log->dropped++;
        log->dropped_total++;
        return;
    }
    char time[32];
    time_text(line->now_ms, time);
    buf_add_format(&log->filling, "{\"time\":\"%s\",\"method\":\"%s\",\"route\":\"%s\",\"status\":%d,"
                   "\"ms\":%.3f,\"bytes\":%llu,\"session\":\"%s\"", time, line->method, line->route,
                   line->status, (double)line->took_us / 1000, (unsigned long long)line->bytes, line->session);
    if (log->dropped) buf_add_format(&log->filling, ",\"dropped\":%llu", (unsigned long long)log->dropped);
    log->dropped = 0;
    buf_add_str(&log->filling, STR("}\n"));
    if (log->filling.len >= FLUSH_AT) access_log_flush(log);
}

void access_log_stop(struct access_log *log)
{
    for (int i = 0; i < 1000 && (log->busy || log->filling.len); i++) {
        access_log_flush(log);
        if (log->busy) uv_run(log->loop, UV_RUN_ONCE);
    }
    buf_free(&log->filling);
    buf_free(&log->writing);
}
