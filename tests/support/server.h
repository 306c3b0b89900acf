/* server.h - the real binary for a system test, and simple requests to it.
 *
 * The binary is build/beckon beside the test (the same variant), or $BECKON. */
#ifndef SUPPORT_SERVER_H
#define SUPPORT_SERVER_H

#include "cli/own_server.h"

/* Path of the binary that belongs to the test program argv[0]. */
const char *server_program(struct arena *arena, const char *argv0);

/* What came back. `status` 0: no answer at all. */
struct response {
    long status;
    json_t *json;        /* or NULL */
    struct buf text;
    char code[48];       /* of the error, or empty */
};
void response_free(struct response *response);

struct call {
    const char *method;  /* NULL: GET without a body, POST with one */
    const char *path;
    const char *token;   /* or NULL */
    const char *body;    /* or NULL; sent as it is */
    size_t body_len;     /* 0: up to the NUL */
    const char *key;     /* Idempotency-Key, or NULL */
    const char *headers[4]; /* more of them, such as "Content-Type: text/plain" */
};
struct response server_call(const struct remote *remote, const struct call *call);

/* A number in an answer's top level, or 0. */
uint64_t response_number(const struct response *response, const char *name);
/* A string in an answer's top level; "" if there is none. Lives as long as the response. */
const char *response_string(const struct response *response, const char *name);

/* Opens a customer's session; false if it does not work. */
struct visitor {
    char token[400];
    uint64_t customer, conversation;
};
bool visitor_come(const struct remote *remote, struct visitor *visitor, const char *body);
/* Opens a conversation too. */
bool visitor_open(const struct remote *remote, struct visitor *visitor);
/* Says something in it under the key; gives the status. */
long visitor_say(const struct remote *remote, struct visitor *visitor, const char *text, const char *key);

/* Adds a member of staff with the operator's token and logs in; the token of the session. */
bool staff_come(const struct remote *remote, const char *login, const char *role, char token[400], uint64_t *id);

/* Runs a command line with the shell; its exit status, and what it printed (both streams) in `out`,
 * which may be NULL. */
int shell(struct buf *out, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
