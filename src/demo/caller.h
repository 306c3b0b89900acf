/* caller.h - many small HTTP requests at once, each with a callback: libcurl's multi interface.
 *
 * One thread uses a caller; only caller_wake may be called from another. */
#ifndef DEMO_CALLER_H
#define DEMO_CALLER_H

#include <jansson.h>

#include "base/buf.h"

struct caller;

/* status 0: no answer at all. json: the answer's object or array, NULL if it is none; lives until
 * the callback returns. retry_ms: what the server asked for, or 0. */
struct caller_answer {
    int status;
    json_t *json;
    int64_t retry_ms;
};
typedef void caller_done_fn(void *context, const struct caller_answer *answer);

struct caller_request {
    const char *method;     /* GET, POST */
    const char *path;       /* begins with '/' */
    const char *token;      /* bearer token; "" for none */
    const char *key;        /* idempotency key; "" for none */
    struct str body;        /* JSON; empty for none */
};

struct caller *caller_new(const char *base_url);
void caller_free(struct caller *caller); /* drops what is under way: no callbacks */

/* Everything in *request is copied. `done` is called from caller_turn, exactly once. */
void caller_send(struct caller *caller, const struct caller_request *request, caller_done_fn *done, void *context);

/* Moves data and calls back, waiting for at most wait_ms until there is something to do. */
void caller_turn(struct caller *caller, int wait_ms);
void caller_wake(struct caller *caller);

#endif
