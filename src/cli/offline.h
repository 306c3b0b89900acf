/* offline.h - a workspace opened by a command, without a server.
 *
 * For commands that change the node's state while nobody serves the folder. Takes the folder's
 * lock; commands are given and waited for one by one. */
#ifndef CLI_OFFLINE_H
#define CLI_OFFLINE_H

#include "node/node.h"

struct offline {
    uv_loop_t loop;
    struct node *node;
};

bool offline_open(struct err *err, struct offline *offline, const char *directory) WARN_UNUSED;
/* Gives the command and waits until it is on disk or refused. */
struct outcome offline_do(struct offline *offline, const struct command *command);
void offline_close(struct offline *offline);

/* The same on any node whose loop the caller may run. */
struct outcome node_do(struct node *node, uv_loop_t *loop, const struct command *command);

/* A path below DIR/data, in `arena`. */
const char *data_path(struct arena *arena, const char *directory, const char *name);

/* Whether DIR is a workspace with data in it; otherwise err says what is missing. */
bool data_exists(struct err *err, const char *directory) WARN_UNUSED;

/* Takes the lock of the folder as a server does. -1 with err: somebody has it. */
int data_lock(struct err *err, const char *directory);

#endif
