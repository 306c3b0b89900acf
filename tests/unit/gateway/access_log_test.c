/* The line for each request: a reader that is too slow costs lines, and how many is told and counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/must.h"
#include "gateway/access_log.h"

static const struct access_line line = { .now_ms = 1790000000123, .method = "GET", .route = "/v1/me", .session = "agent",
                                         .status = 200, .took_us = 1500, .bytes = 12 };

/* Reads what comes until all is written. */
static void drain(struct access_log *log, int from, struct buf *got)
{
    char piece[65536];
    for (int quiet = 0; quiet < 20;) {
        ssize_t len = read(from, piece, sizeof piece);
        if (len > 0) buf_add(got, piece, (size_t)len);
        quiet = len > 0 || log->busy || log->filling.len ? 0 : quiet + 1;
        access_log_flush(log);
        uv_run(log->loop, UV_RUN_NOWAIT);
    }
}

static size_t count(struct str text, struct str word)
{
    size_t found = 0;
    for (ptrdiff_t at = 0; (at = str_find(text, word, (size_t)at)) >= 0; at += (ptrdiff_t)word.len) found++;
    return found;
}

static void lines_that_nobody_takes_are_counted(void **state)
{
    UNUSED(state);
    uv_loop_t loop;
    struct access_log log = { 0 };
    struct buf got;
    int ends[2];
    size_t given = 0;
    must(uv_loop_init(&loop) == 0 && pipe2(ends, O_CLOEXEC) == 0 && fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0);
    buf_init(&got, 64 << 20);
    access_log_start(&log, &loop, ends[1]);
    while (log.dropped_total < 10) {
        access_log_line(&log, &line);
        given++;
    }
    drain(&log, ends[0], &got);
    access_log_line(&log, &line);
    drain(&log, ends[0], &got);
    assert_int_equal(count(buf_str(&got), STR("\n")), given + 1 - 10);
    assert_int_equal(count(buf_str(&got), STR("\"dropped\":10}\n")), 1);
    access_log_line(&log, &line);
    assert_int_equal(log.dropped_total, 10); /* it is a counter: it never falls */
    drain(&log, ends[0], &got);
    access_log_stop(&log);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(uv_loop_close(&loop), 0);
    buf_free(&got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_nobody_takes_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
