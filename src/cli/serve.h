/* serve.h - what `beckon serve` does beside serving: the workspace's staff, the demo's back end and its traffic. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include "cli/cli.h"
#include "node/node.h"

/* The workspace's `staff:` at the first start, or at the next one if that was cut short: while the log holds
 * little else. Later the list says nothing, since somebody may have been removed on purpose. */
struct serve_staff;

/* Begins to hash the passwords, beside whatever the caller does next. */
void serve_staff_begin(struct serve_staff **staff, const struct workspace *workspace);
/* Adds those who are to be added; begins by itself if nothing has begun. Runs the loop. */
bool serve_staff_add(struct err *err, struct serve_staff **staff, struct node *node, uv_loop_t *loop) WARN_UNUSED;
void serve_staff_end(struct serve_staff *staff); /* NULL is allowed */

struct serve_demo;

/* If the workspace in `directory` is the demo: starts its back end in a thread or process of its
 * own and points `options` at it. *demo is NULL otherwise. */
bool serve_demo_start(struct err *err, struct serve_demo **demo, const char *directory,
                      struct node_options *options) WARN_UNUSED;
/* --traffic: virtual customers and agents at the server's own public API. */
bool serve_demo_traffic(struct err *err, struct serve_demo *demo, const struct cli_args *args, const char *url,
                        const struct workspace *workspace) WARN_UNUSED;
/* Where the demo's back end listens, or NULL. */
const char *serve_demo_url(const struct serve_demo *demo);
void serve_demo_print(const struct serve_demo *demo);
void serve_demo_stop_traffic(struct serve_demo *demo);
void serve_demo_stop(struct serve_demo *demo);

#endif
