/* remote.h - the server that serves a folder, asked over HTTP.
 *
 * `beckon serve` writes its address and an operator's token to DIR/data/operator.json; whoever may
 * read that file may do what an administrator does. */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct remote {
    char url[300];
    char token[128]; /* may be empty */
    int64_t pid;
    bool elsewhere; /* another machine: its certificate is checked */
};

/* Another address for the same token. */
bool remote_set(struct err *err, const char *url, struct remote *out) WARN_UNUSED;

/* Reads an operator.json. */
bool remote_read(struct err *err, const char *file, struct remote *out) WARN_UNUSED;

/* The server that has DIR's lock now. false with an empty err: none. */
bool remote_find(struct err *err, const char *directory, struct remote *out) WARN_UNUSED;

/* One request; `body` NULL: GET. `answer` gets the JSON of the answer, or NULL if it is none; the
 * caller gives it up with json_decref. false: no answer, err says why. An answer with an error
 * status is an answer: *status has it. */
bool remote_call(struct err *err, const struct remote *remote, const char *path, json_t *body,
                 long *status, json_t **answer) WARN_UNUSED;

/* The same; an answer with an error status is an err with the server's sentence. */
bool remote_do(struct err *err, const struct remote *remote, const char *path, json_t *body,
               json_t **answer) WARN_UNUSED;

#endif
