/* serve.h - what `beckon serve` does beside serving: the demo's back end and its traffic. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H

#include "cli/cli.h"
#include "node/node.h"

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
