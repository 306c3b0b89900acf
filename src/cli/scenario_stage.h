/* scenario_stage.h - a running server as the stage of a script: HTTP requests and event streams.
 *
 * The server is one that runs already (--against) or one that is started for the script on a copy of
 * the workspace, with the script's settings and with scripted actions (--start). */
#ifndef CLI_SCENARIO_STAGE_H
#define CLI_SCENARIO_STAGE_H

#include "cli/own_server.h"
#include "planner/stage.h"
#include "workspace/workspace.h"

struct live_options {
    const char *directory;        /* the workspace: skills, languages, identity secret */
    bool start;
    struct remote remote;         /* of a server that runs already */
    const char *crash_command;    /* or NULL */
};

struct live;
struct live *live_new(struct err *err, const struct live_options *options);
struct stage *live_stage(struct live *live);
/* Whether one's own server ended badly after the last play (a leak, a crash): err says how. */
bool live_ended_badly(const struct live *live, struct err *err);
void live_free(struct live *live);

/* --- scenario_actions.c: a back end that answers as the script says --- */

struct action_server;
struct action_server *action_server_start(struct err *err, const struct workspace *workspace);
/* The one-time code that an action was asked to send last, or empty. */
struct str action_server_code(struct action_server *server, struct arena *arena);
int action_server_port(const struct action_server *server);
/* From here on this action comes to this. Strings are copied. */
void action_server_set(struct action_server *server, struct str action, struct str outcome, struct str json, int64_t takes_ms);
void action_server_stop(struct action_server *server);

#endif
