/* online.h - is the workspace's language model there? One small question, only when somebody asks for it. */
#ifndef CLI_ONLINE_H
#define CLI_ONLINE_H

#include "workspace/workspace.h"

struct online {
    bool asked;       /* the workspace has a model */
    bool good;
    int64_t took_ms;
    uint64_t tokens;
    struct err err;   /* why not */
};

void online_ask(const struct workspace *workspace, struct online *out);

#endif
