/* demo_backend.c - beckon demo-backend: the demo firm's back end on its own, until a signal ends it. */
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "demo/backend.h"

int cli_demo_backend(int argc, char **argv)
{
    struct cli_args args;
    struct err err = { "" };
    struct arena arena = { 0 };
    int64_t port;
    if (!cli_parse(&args, argc, argv) || !cli_number(&args, "port", 0, 65535, DEMO_BACKEND_PORT, &port)) return CLI_USAGE;
    const char *directory = args.count ? args.operands[0] : "demo";
    const char *database = cli_value(&args, "db", NULL);
    if (!database) {
        mkdir(arena_format(&arena, "%s/data", directory).data, 0700); /* if it fails, opening the file says why */
        database = arena_format(&arena, "%s/data/firm.db", directory).data;
    }

    /* Blocked before the thread starts, so that only sigwait below sees them. */
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);

    struct demo_backend *backend = demo_backend_start(&err, database, (int)port, directory);
    arena_free(&arena);
    if (!backend) return cli_fail(&err);
    printf("http://127.0.0.1:%d\n", demo_backend_port(backend));
    fflush(stdout);
    int signal_number;
    sigwait(&ends, &signal_number);
    demo_backend_stop(backend);
    return CLI_OK;
}
