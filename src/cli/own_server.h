/* own_server.h - a beckon server started for a scenario or a test, on a copy of a workspace in a
 * temporary folder: a free port, no rate limits, only warnings in its output.
 *
 * The copy links to the workspace's folders and has a workspace.yaml of its own. */
#ifndef CLI_OWN_SERVER_H
#define CLI_OWN_SERVER_H

#include <sys/types.h>

#include "cli/remote.h"
#include "planner/script.h"

struct own_server_options {
    const char *directory;          /* the workspace */
    const struct script *script;    /* its settings take the place of the workspace's; or NULL */
    int action_port;                /* where the actions' back end listens; 0: as the workspace says */
    bool limited;                   /* with the usual rate limits */
    bool with_staff;                /* keep the workspace's `staff:` */
    const char *program;            /* NULL: the program that runs */
    const char *const *arguments;   /* more of `serve`'s, NULL at the end; or NULL */
    const char *temporary;          /* where the folder is made; NULL: $TMPDIR or /tmp */
};

struct own_server;

/* Starts it and waits until it is ready; it may still be learning. */
struct own_server *own_server_start(struct err *err, const struct own_server_options *options);
const struct remote *own_server_remote(const struct own_server *server);
const char *own_server_folder(const struct own_server *server);
pid_t own_server_pid(const struct own_server *server); /* 0: it does not run */

/* SIGKILL; and a new process on the same folder. */
void own_server_kill(struct own_server *server);
bool own_server_launch(struct err *err, struct own_server *server) WARN_UNUSED;
bool own_server_crash(struct err *err, struct own_server *server) WARN_UNUSED; /* both */

/* SIGTERM; false if it did not end well, with the end of what it wrote. */
bool own_server_end(struct err *err, struct own_server *server) WARN_UNUSED;
/* The same, and removes the copy. */
bool own_server_stop(struct err *err, struct own_server *server) WARN_UNUSED;

#endif
