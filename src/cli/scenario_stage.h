/* scenario_stage.h - a running server as the stage of a script: HTTP requests and event streams.
 *
 * The server is one that runs already (--against) or one that is started for the script on a copy of
 * the workspace, with the script's settings and with scripted actions (--start). */
#ifndef CLI_SCENARIO_STAGE_H
#define CLI_SCENARIO_STAGE_H

#include "cli/remote.h"
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

/* --- scenario_server.c: a server of one's own --- */

struct own_server;
/* Copies the workspace with these settings, points its actions at `action_port`, starts and waits
 * until it is ready. */
struct own_server *own_server_start(struct err *err, const char *directory, const struct script *script,
                                    int action_port);
const struct remote *own_server_remote(const struct own_server *server);
/* SIGKILL and a new process on the same folder. */
bool own_server_crash(struct err *err, struct own_server *server) WARN_UNUSED;
/* SIGTERM; false if it did not end well, with the end of what it said. Removes the copy. */
bool own_server_stop(struct err *err, struct own_server *server) WARN_UNUSED;

/* --- scenario_actions.c: a back end that answers as the script says --- */

struct action_server;
struct action_server *action_server_start(struct err *err, const struct workspace *workspace);
int action_server_port(const struct action_server *server);
/* From here on this action comes to this. Strings are copied. */
void action_server_set(struct action_server *server, struct str action, struct str outcome, struct str json, int64_t takes_ms);
void action_server_stop(struct action_server *server);

#endif
