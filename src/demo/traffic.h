/* traffic.h - virtual customers and agents, so that the demo's pages are alive.
 *
 * They use nothing but the public HTTP API of a running server, from a thread of their own: what
 * they can do, any client can. Customers come by a Poisson process with a curve over the day, ask
 * what the workspace's topics expect and sometimes odd things, want a person now and then, read,
 * rate and leave. Agents are the workspace's staff outside the pool `employee`: they go online,
 * take and decline offers, answer after a human delay, resolve, and have breaks. Conversations of
 * real visitors they decline at first, and take only when nobody else does.
 *
 * It is bounded: never more than TRAFFIC_OPEN_MAX customers at a time. When the server says that it
 * has too much to do, they wait as long as it asks for. The seed decides every choice. */
#ifndef DEMO_TRAFFIC_H
#define DEMO_TRAFFIC_H

#include "workspace/workspace.h"

#define TRAFFIC_OPEN_MAX 50
#define TRAFFIC_RATE_DEFAULT (20.0 / 60) /* conversations a minute */

struct traffic;

struct traffic_figures {
    uint64_t customers; /* who have come */
    uint64_t open;      /* who are here now */
    uint64_t messages;  /* said by customers and agents */
    uint64_t accepted, declined, resolved, rated;
    uint64_t requests, errors; /* errors: no answer, or 5xx and 429, which are tried again */
    uint64_t refused;          /* 4xx: somebody was too late, or something is wrong */
};

/* `base_url` such as http://127.0.0.1:8080. Copies what it needs of the workspace. A rate of 0 is
 * the default. NULL with a reason if it cannot start. */
struct traffic *traffic_start(struct err *err, const char *base_url, const struct workspace *workspace, uint64_t seed,
                              double rate_per_minute);

void traffic_figures(const struct traffic *traffic, struct traffic_figures *out);

/* Ends the thread in the middle of whatever it does. NULL is allowed. */
void traffic_stop(struct traffic *traffic);

#endif
