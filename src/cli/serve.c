/* serve.c - beckon serve: one workspace on one port until it is told to stop. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <curl/curl.h>
#include <sodium.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "cli/offline.h"
#include "cli/serve.h"
#include "gateway/gateway.h"

#define OPEN_FILES 20000
#define TOKEN_BYTES 24

struct server {
    uv_loop_t loop;
    struct node *node;
    struct gateway *gateway;
    struct serve_demo *demo;
    struct serve_staff *staff;
    char token[64];
    uv_signal_t on_term, on_int, on_hup;
    struct cli_args args;
    int64_t port, rate;
    int stops;
};

static void raise_open_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        return;
    rlim_t wanted = limit.rlim_max == RLIM_INFINITY || limit.rlim_max > OPEN_FILES ? OPEN_FILES : limit.rlim_max;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/* Whoever reads the file may do everything, so it is made unreadable for others before it is filled. */
static bool write_operator_file(struct err *err, const struct server *server, const char *directory)
{
    struct arena arena = { 0 };
    struct buf text;
    const char *path = data_path(&arena, directory, "operator.json");
    buf_init(&text, 4096);
    buf_add_str(&text, STR("{\"url\":"));
    buf_add_json_str(&text, str_of(gateway_url(server->gateway)));
    buf_add_str(&text, STR(",\"token\":"));
    buf_add_json_str(&text, str_of(server->token));
    buf_add_format(&text, ",\"pid\":%ld}\n", (long)getpid());
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool fine = fd >= 0 && write(fd, text.data, text.len) == (ssize_t)text.len;
    if (!fine)
        err_set(err, "cannot write %s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    buf_free(&text);
    arena_free(&arena);
    return fine;
}

static void remove_operator_file(const char *directory)
{
    struct arena arena = { 0 };
    unlink(data_path(&arena, directory, "operator.json"));
    arena_free(&arena);
}

static void on_stop(uv_signal_t *signal, int number)
{
    struct server *server = signal->data;
    if (server->stops++)
        _exit(128 + number); /* whoever asks twice will not wait; what was acknowledged is on disk */
    uv_stop(signal->loop);
}

static void say_complaint(const struct server *server)
{
    const char *complaint = assistant_complains(node_assistant(server->node));
    if (*complaint)
        cli_say("%s", complaint);
}

static void say_reloaded(void *context, const char *problem)
{
    const struct server *server = context;
    if (problem) {
        cli_say("the workspace's files have a mistake, the old version stays in force: %s", problem);
        return;
    }
    cli_say("took the workspace's files again, version %.*s", STR_ARG(node_workspace(server->node)->version));
    say_complaint(server);
}

static void on_reload(uv_signal_t *signal, int number)
{
    UNUSED(number);
    struct server *server = signal->data;
    node_reload(server->node, say_reloaded, server);
}

static void watch_signals(struct server *server)
{
    const struct { uv_signal_t *handle; uv_signal_cb on_signal; int number; } watched[] = {
        { &server->on_term, on_stop, SIGTERM }, { &server->on_int, on_stop, SIGINT },
        { &server->on_hup, on_reload, SIGHUP },
    };
    for (size_t i = 0; i < ARRAY_LEN(watched); i++) {
        must(uv_signal_init(&server->loop, watched[i].handle) == 0);
        watched[i].handle->data = server;
        must(uv_signal_start(watched[i].handle, watched[i].on_signal, watched[i].number) == 0);
        uv_unref((uv_handle_t *)watched[i].handle);
    }
}

static void close_signals(struct server *server)
{
    uv_close((uv_handle_t *)&server->on_term, NULL);
    uv_close((uv_handle_t *)&server->on_int, NULL);
    uv_close((uv_handle_t *)&server->on_hup, NULL);
}

static bool listen_on(struct err *err, struct server *server)
{
    const struct cli_args *args = &server->args;
    unsigned char random[TOKEN_BYTES];
    randombytes_buf(random, sizeof random);
    memcpy(server->token, "op_", 3);
    sodium_bin2base64(server->token + 3, sizeof server->token - 3, random, sizeof random,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    struct gateway_options options = {
        .node = server->node, .loop = &server->loop, .address = cli_value(args, "address", NULL), .port = (int)server->port,
        .tls_cert = cli_value(args, "tls-cert", NULL), .tls_key = cli_value(args, "tls-key", NULL),
        .trust_proxy = cli_given(args, "trust-proxy"), .log_fd = cli_given(args, "quiet") ? -1 : STDERR_FILENO,
        .operator_token = server->token, .directory = args->operands[0], .demo_backend = serve_demo_url(server->demo),
    };
    if (server->rate == 0)
        options.limits = (struct gateway_limits){ -1, -1, -1, -1 };
    else if (server->rate > 0)
        options.limits.requests_per_address_s = (int)server->rate;
    server->gateway = gateway_start(err, &options);
    return server->gateway != NULL;
}

/* Passwords that stand in the files are for whoever tries things out, and not for the log of a service. */
static void print_logins(const struct server *server)
{
    const struct workspace *workspace = node_workspace(server->node);
    if (!workspace->staff_count || (!server->demo && !isatty(STDOUT_FILENO)))
        return;
    printf("\n  %-12s %-20s %-14s %s\n", "login", "password", "role", "name");
    for (size_t i = 0; i < workspace->staff_count; i++) {
        const struct staff *staff = &workspace->staff[i];
        printf("  %-12.*s %-20.*s %-14.*s %.*s\n", STR_ARG(staff->login), STR_ARG(staff->password),
               STR_ARG(staff->role), STR_ARG(staff->name));
    }
}

static bool see_agent(void *context, const struct agent_view *agent)
{
    UNUSED(agent);
    *(bool *)context = true;
    return false;
}

static void print_first_steps(const struct server *server)
{
    bool staffed = false;
    engine_each_agent(node_engine(server->node), see_agent, &staffed);
    if (!staffed)
        printf("\nNobody is on the staff yet. Add the first person:\n  beckon agent add %s LOGIN --role administrator\n",
               server->args.operands[0]);
}

static void print_welcome(const struct server *server)
{
    const char *url = gateway_url(server->gateway);
    const struct workspace *workspace = node_workspace(server->node);
    printf("beckon " BECKON_VERSION " serves %.*s\n\n", STR_ARG(workspace->name));
    printf("  a page with the widget   %s/\n", url);
    printf("  the chat, full page      %s/chat\n", url);
    printf("  for agents               %s/agent\n", url);
    printf("  for supervisors          %s/supervisor\n", url);
    print_logins(server);
    print_first_steps(server);
    serve_demo_print(server->demo);
    printf("\nCtrl-C stops it.\n");
    fflush(stdout);
}

/* Passwords are hashed while the node opens its stores and learns. */
static void on_files(void *context, const struct workspace *workspace, bool first)
{
    struct server *server = context;
    if (first)
        serve_staff_begin(&server->staff, workspace);
}

static bool start(struct err *err, struct server *server)
{
    const char *directory = server->args.operands[0];
    struct node_options options = { .directory = directory, .loop = &server->loop, .on_files = on_files, .context = server };
    return serve_demo_start(err, &server->demo, directory, &options) && (server->node = node_open(err, &options)) &&
           serve_staff_add(err, &server->staff, server->node, &server->loop) && listen_on(err, server) && write_operator_file(err, server, directory) &&
           serve_demo_traffic(err, server->demo, &server->args, gateway_url(server->gateway),
                              node_workspace(server->node));
}

static void stop(struct server *server)
{
    serve_staff_end(server->staff);
    serve_demo_stop_traffic(server->demo);
    if (server->gateway) {
        remove_operator_file(server->args.operands[0]);
        gateway_stop(server->gateway);
    }
    if (server->node)
        node_close(server->node);
    if (server->gateway)
        gateway_free(server->gateway);
    serve_demo_stop(server->demo);
    close_signals(server);
    uv_run(&server->loop, UV_RUN_DEFAULT);
    uv_loop_close(&server->loop);
}

int cli_serve(int argc, char **argv)
{
    struct server server = { 0 };
    struct err err = { "" };
    if (!cli_parse(&server.args, argc, argv))
        return CLI_USAGE;
    if (cli_given(&server.args, "tls-cert") != cli_given(&server.args, "tls-key"))
        return cli_usage_error(&server.args, "give --tls-cert and --tls-key together");
    if (!cli_number(&server.args, "port", 0, 65535, 8080, &server.port) ||
        !cli_number(&server.args, "rate-limit", 0, 1000000, -1, &server.rate))
        return CLI_USAGE;
    must(sodium_init() >= 0);
    must(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); /* before there are threads that use it */
    raise_open_files();
    signal(SIGPIPE, SIG_IGN);
    must(uv_loop_init(&server.loop) == 0);
    watch_signals(&server);
    bool started = start(&err, &server);
    if (started) {
        if (!server.stops) { /* a signal during the start has ended an earlier run of the loop */
            print_welcome(&server);
            say_complaint(&server);
            uv_run(&server.loop, UV_RUN_DEFAULT);
        }
        cli_say("stopping");
    }
    int status = started ? CLI_OK : cli_fail_at(&err, server.args.operands[0]);
    stop(&server);
    curl_global_cleanup();
    return status;
}
