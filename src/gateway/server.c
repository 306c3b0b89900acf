#include "gateway/server.h"

#include <sodium.h>
#include <sys/resource.h>

#include "base/memory.h"
#include "node/handle.h"

#define TICK_MS 500
#define STOP_MS 10000        /* requests under way may take so long when the server stops */
#define RATE_ROWS 16384      /* of four buckets */
#define OPEN_FILES 20480     /* libwebsockets' tables grow with the limit on open files */
#define BODY_MAX (16u << 20) /* of one answer */
#define OUT_MAX (2u << 20)

int64_t gateway_clock(const struct gateway *gateway)
{
    return (int64_t)uv_now(gateway->loop);
}

int gateway_port(const struct gateway *gateway)
{
    return gateway->port;
}

const char *gateway_url(const struct gateway *gateway)
{
    return gateway->url;
}

static void on_tick(uv_timer_t *timer)
{
    struct gateway *gateway = timer->data;
    int64_t now = gateway_clock(gateway);
    connections_tick(gateway, now);
    streams_tick(gateway, now);
    access_log_flush(&gateway->log);
}

static const char *copy(struct arena *arena, const char *text)
{
    return text ? arena_cstr(arena, str_of(text)) : NULL;
}

static void copy_options(struct gateway *gateway, const struct gateway_options *options)
{
    struct arena *arena = &gateway->arena;
    gateway->options = *options;
    gateway->options.address = copy(arena, options->address ? options->address : "127.0.0.1");
    gateway->options.tls_cert = copy(arena, options->tls_cert);
    gateway->options.tls_key = copy(arena, options->tls_key);
    gateway->options.operator_token = copy(arena, options->operator_token);
    gateway->options.directory = copy(arena, options->directory ? options->directory : ".");
    gateway->options.demo_backend = copy(arena, options->demo_backend);
}

/* Enough open files for LIMIT_CONNECTIONS, and not so many that tables for them cost megabytes. */
static void set_open_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit)) return;
    limit.rlim_cur = limit.rlim_max < OPEN_FILES ? limit.rlim_max : OPEN_FILES;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

struct gateway *gateway_start(struct err *err, const struct gateway_options *options)
{
    must(sodium_init() >= 0);
    struct gateway *gateway = MEMORY_NEW(struct gateway);
    copy_options(gateway, options);
    gateway->node = options->node;
    gateway->loop = options->loop;
    gateway->started_ms = node_now(options->node);
    gateway->passwords.loop = options->loop;
    buf_init(&gateway->body, BODY_MAX);
    buf_init(&gateway->out, OUT_MAX);
    peers_start(&gateway->peers);
    files_start(&gateway->files);
    gateway->rates = rate_new(RATE_ROWS);
    access_log_start(&gateway->log, gateway->loop, options->log_fd);
    gateway->tick = MEMORY_NEW(uv_timer_t);
    must(uv_timer_init(gateway->loop, gateway->tick) == 0);
    gateway->tick->data = gateway;
    set_open_files();
    if (!wire_start(err, gateway) || !listen_start(err, gateway)) {
        gateway_stop(gateway);
        gateway_free(gateway);
        return NULL;
    }
    must(uv_timer_start(gateway->tick, on_tick, TICK_MS, TICK_MS) == 0);
    streams_start(gateway);
    return gateway;
}

/* Runs the loop until nobody is left or the time is up; the tick wakes it. */
static void run_until_quiet(struct gateway *gateway, int64_t for_ms)
{
    int64_t until = gateway_clock(gateway) + for_ms;
    while ((gateway->connections || gateway->requests) && gateway_clock(gateway) < until)
        uv_run(gateway->loop, UV_RUN_ONCE);
}

void gateway_stop(struct gateway *gateway)
{
    gateway->stopping = true;
    listen_stop(gateway);
    uv_update_time(gateway->loop);
    streams_stop(gateway);
    connections_stop(gateway, false);
    run_until_quiet(gateway, STOP_MS);
    connections_stop(gateway, true);
    run_until_quiet(gateway, 1000);
    wire_stop(gateway);
    access_log_stop(&gateway->log);
    handle_close(gateway->tick);
    uv_run(gateway->loop, UV_RUN_NOWAIT);
    gateway->stopped = true;
}

void gateway_free(struct gateway *gateway)
{
    /* A request that the node has still not answered may come back to this memory: then it stays. */
    if (gateway->requests) return;
    streams_free(gateway);
    peers_free(&gateway->peers);
    files_free(&gateway->files);
    rate_free(gateway->rates);
    buf_free(&gateway->body);
    buf_free(&gateway->out);
    arena_free(&gateway->arena);
    memory_free(gateway);
}
