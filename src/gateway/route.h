/* route.h - the one table of routes. Matching, rights, the check of bodies and queries, the OpenAPI
 * description and docs/api.md come from it. */
#ifndef GATEWAY_ROUTE_H
#define GATEWAY_ROUTE_H

#include "engine/command.h"
#include "gateway/request.h"

enum {
    ROUTE_KEY = 1,       /* needs an Idempotency-Key */
    ROUTE_CORS = 2,      /* the workspace's host pages may use it */
    ROUTE_UNLIMITED = 4, /* no rate limit: probes */
    ROUTE_ANY_BODY = 8,  /* the body is not JSON, or is not looked at */
    ROUTE_OWN_BODY = 16, /* JSON of somebody else's protocol: the handler reads it */
    ROUTE_LONG_BODY = 32, /* up to LIMIT_LONG_BODY, of those whom `who` allows */
};

#define ROUTE_NO_COMMAND COMMAND_KINDS

typedef void route_fn(struct request *request);

struct route {
    enum http_method method;   /* GET answers HEAD too */
    const char *path;          /* {conversation} {offer} {agent} {customer} {paraphrase} {version} are numbers, {name} is a name */
    int who;                   /* bits of enum who; 0: anybody */
    int flags;
    enum command_kind command; /* the body is this command's; or ROUTE_NO_COMMAND */
    route_fn *handle;          /* NULL: the command is submitted as it is (act.h) */
    const struct command_field *fields; /* of a body that is no command */
    size_t field_count;
    const char *query;         /* names that may stand in the query, separated by spaces; or NULL */
    const char *answer;        /* schema of the answer, see openapi.c; NULL: not JSON */
    const char *summary;
};

extern const struct route route_table[];
extern const size_t route_count;

/* What is known of a path. */
struct route_match {
    const struct route *route; /* NULL: no route has this path and method */
    int methods;               /* bits 1 << method of the routes with this path */
    uint64_t conversation, target;
    struct str name;
};
struct route_match route_match(enum http_method method, struct str path);

/* Whether the request's address may make another customer or conversation now; false: it was answered. */
enum route_new { ROUTE_NEW_CUSTOMER, ROUTE_NEW_CONVERSATION };
bool route_allow_new(struct request *request, enum route_new what) WARN_UNUSED;

/* How many bytes of body are taken of this request, by its path and session. */
size_t route_body_max(struct request *request);

/* Checks session, rights, headers and query, and calls the handler. */
void route_run(struct request *request);

#endif
