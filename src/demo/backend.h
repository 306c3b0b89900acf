/* backend.h - the demo firm's back end as a small HTTP server on a thread of its own.
 *
 * It stands for the systems that a real firm has: beckon's assistant calls it over HTTP like any
 * other. Its own thread and loop, so that a call that blocks an assistant's worker never waits for
 * itself. It listens on 127.0.0.1 only. What it answers is firm_routes.h. */
#ifndef DEMO_BACKEND_H
#define DEMO_BACKEND_H

#include "base/err.h"

#define DEMO_BACKEND_PORT 8181

struct demo_backend;

/* Opens the books in the file `database`, takes `port` (0: a free one), reads action.token and
 * identity.secret in `directory`, starts the thread. NULL with a reason if one of them fails. */
struct demo_backend *demo_backend_start(struct err *err, const char *database, int port, const char *directory);

int demo_backend_port(const struct demo_backend *backend);

/* Ends the thread and frees everything. NULL is allowed. */
void demo_backend_stop(struct demo_backend *backend);

#endif
