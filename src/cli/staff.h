/* staff.h - members of staff, over a running server or in the folder itself.
 *
 * Both ways speak the JSON of the HTTP API: a list as GET /v1/agents gives it, and the bodies of its
 * POSTs. The caller gives JSON values up with json_decref. */
#ifndef CLI_STAFF_H
#define CLI_STAFF_H

#include "cli/offline.h"
#include "cli/remote.h"

struct staff_desk {
    bool remote;
    struct remote server;
    struct offline offline;
};

bool staff_open(struct err *err, struct staff_desk *desk, const char *directory) WARN_UNUSED;
void staff_close(struct staff_desk *desk);

/* An array of {"agent","login","name","role","pool","capacity","skills","languages","state"}. */
bool staff_list(struct err *err, struct staff_desk *desk, json_t **list) WARN_UNUSED;
/* The number of the person with this login; 0 with err if there is none. */
uint64_t staff_find(struct err *err, struct staff_desk *desk, const char *login);

/* A command about `agent` (0: a new one); *id gets what it made. */
bool staff_do(struct err *err, struct staff_desk *desk, enum command_kind kind, uint64_t agent, json_t *body,
              uint64_t *id) WARN_UNUSED;

/* Fills a command about staff from the body of a request, with the checks that the server makes. */
struct staff_wish {
    const struct node *node;
    enum command_kind kind;
    uint64_t agent;
    json_t *body;
    struct str password_hash; /* of the password in the body, if it was hashed before */
};
bool staff_command(struct err *err, const struct staff_wish *wish, struct arena *arena,
                   struct command *command) WARN_UNUSED;

#endif
