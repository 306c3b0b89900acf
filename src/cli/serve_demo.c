#include "cli/serve.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "cli/offline.h"
#include "demo/backend.h"
#include "demo/traffic.h"
#include "workspace/workspace.h"

#define TRAFFIC_RATE_MAX 100000

struct serve_demo {
    struct demo_backend *backend;
    struct traffic *traffic;
    char url[64];
};

/* The demo's actions go to the demo back end's own port, with a token that says what it is. The port alone
 * would not do: a real back end may listen there, and must not be taken for a firm that does not exist. */
static bool is_demo(const char *directory)
{
    char url[64];
    struct problems problems = { 0 };
    struct workspace *workspace = workspace_read_settings(directory, &problems);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", DEMO_BACKEND_PORT);
    bool is = workspace && str_equal(workspace->action_base_url, str_of(url)) &&
        str_starts(workspace->action_token, STR("whimbrel-demo-"));
    problems_free(&problems);
    if (workspace)
        workspace_free(workspace);
    return is;
}

bool serve_demo_start(struct err *err, struct serve_demo **out, const char *directory, struct node_options *options)
{
    *out = NULL;
    if (!is_demo(directory))
        return true;
    struct arena arena = { 0 };
    struct serve_demo *demo = MEMORY_NEW(struct serve_demo);
    const char *data = data_path(&arena, directory, ""), *books = data_path(&arena, directory, "firm.db");
    if (mkdir(data, 0700) && errno != EEXIST)
        err_set(err, "cannot make the folder %s: %s", data, strerror(errno));
    else {
        /* Two demos may run on one machine: the second takes a free port. */
        demo->backend = demo_backend_start(err, books, DEMO_BACKEND_PORT, directory);
        if (!demo->backend)
            demo->backend = demo_backend_start(err, books, 0, directory);
    }
    arena_free(&arena);
    if (!demo->backend) {
        memory_free(demo);
        return err_wrap(err, "the demo's back end does not start");
    }
    snprintf(demo->url, sizeof demo->url, "http://127.0.0.1:%d", demo_backend_port(demo->backend));
    options->action_base_url = demo->url;
    *out = demo;
    return true;
}

bool serve_demo_traffic(struct err *err, struct serve_demo *demo, const struct cli_args *args, const char *url,
                        const struct workspace *workspace)
{
    const char *rate = cli_value(args, "traffic", NULL);
    if (!rate)
        return true;
    if (!demo)
        return err_set(err, "--traffic plays the demo's customers; this workspace is not the demo");
    int64_t per_minute = 0;
    if (*rate && (!str_to_i64(str_of(rate), &per_minute) || per_minute < 1 || per_minute > TRAFFIC_RATE_MAX))
        return err_set(err, "--traffic %s: give a whole number of conversations a minute, 1 to %d", rate, TRAFFIC_RATE_MAX);
    demo->traffic = traffic_start(err, url, workspace, 1, (double)per_minute);
    return demo->traffic != NULL;
}

const char *serve_demo_url(const struct serve_demo *demo)
{
    return demo ? demo->url : NULL;
}

void serve_demo_print(const struct serve_demo *demo)
{
    if (demo)
        printf("\n  the demo firm's back end listens at %s; codes that it sends to phones: %s/outbox\n", demo->url, demo->url);
}

void serve_demo_stop_traffic(struct serve_demo *demo)
{
    if (demo)
        traffic_stop(demo->traffic);
    if (demo)
        demo->traffic = NULL;
}

void serve_demo_stop(struct serve_demo *demo)
{
    if (!demo)
        return;
    demo_backend_stop(demo->backend);
    memory_free(demo);
}
