/* The demo's traffic against the real server: it lives on the public API alone, stays within its
 * bounds, and what it does is what customers and agents do. */
#include <stdio.h>
#include <unistd.h>

#include "../support/checks.h"
#include "../support/server.h"
#include "demo/traffic.h"
#include "workspace/workspace.h"

#define RATE_PER_MINUTE 240
#define LONGEST_S 60

/* Enough has happened to judge it. An agent takes more than a minute to resolve: that is not waited for. */
static bool lively(const struct traffic_figures *figures)
{
    return figures->customers >= 30 && figures->accepted >= 4 && figures->messages >= 60 && figures->rated >= 1;
}

static void play(struct checks *checks, const struct remote *remote, const struct workspace *workspace)
{
    struct err err;
    struct traffic_figures figures = { 0 };
    struct traffic *traffic = traffic_start(&err, remote->url, workspace, 1, RATE_PER_MINUTE);
    uint64_t most_open = 0;
    if (!check(checks, traffic != NULL, "the traffic starts")) return;
    for (int i = 0; i < LONGEST_S * 2 && !lively(&figures); i++) {
        usleep(500000);
        traffic_figures(traffic, &figures);
        if (figures.open > most_open) most_open = figures.open;
    }
    traffic_stop(traffic);
    printf("# customers %d, at most %d at once, messages %d, accepted %d, declined %d, resolved %d, rated %d\n",
           (int)figures.customers, (int)most_open, (int)figures.messages, (int)figures.accepted, (int)figures.declined,
           (int)figures.resolved, (int)figures.rated);
    printf("# requests %d, tried again %d, refused %d\n", (int)figures.requests, (int)figures.errors, (int)figures.refused);
    check(checks, lively(&figures), "customers come and talk, agents accept, customers rate");
    check(checks, most_open <= TRAFFIC_OPEN_MAX, "never more than %d at once", TRAFFIC_OPEN_MAX);
    check(checks, figures.errors == 0, "every request is answered");
    check(checks, figures.refused * 50 <= figures.requests, "hardly any is refused");
}

int main(int argc, char **argv)
{
    UNUSED(argc);
    struct err err;
    struct arena arena = { 0 };
    struct checks checks = { 0 };
    struct problems problems = { 0 };
    struct workspace *workspace = workspace_read("demo", &problems);
    struct own_server_options options = { .directory = "demo", .with_staff = true, .program = server_program(&arena, argv[0]) };
    struct own_server *server = own_server_start(&err, &options);
    if (check(&checks, workspace && server, "the demo is served%s%s", server ? "" : ": ", server ? "" : err.text)) {
        play(&checks, own_server_remote(server), workspace);
        bool stopped = own_server_stop(&err, server);
        check(&checks, stopped, "the server stops in good order%s%s", stopped ? "" : ": ", stopped ? "" : err.text);
    }
    problems_free(&problems);
    workspace_free(workspace);
    arena_free(&arena);
    return checks_end(&checks);
}
