/* intent_workspace.h - the model of a workspace's topics.
 *
 * Learned from the topics' examples at every start, quickly; or, if `beckon intents train DIR` has
 * put a better one into DIR/data/intents.model, that one, as long as it was made from the same files.
 * It is removed by removing the file. A server that starts with many examples learns in two steps: a
 * first model at once, and a better one while it serves already. */
#ifndef ASSISTANT_INTENT_WORKSPACE_H
#define ASSISTANT_INTENT_WORKSPACE_H

#include "assistant/intent.h"
#include "base/err.h"
#include "workspace/workspace.h"

#define INTENT_WORKSPACE_FILE "data/intents.model"

/* What a model of this workspace says that it was made from: the files' version, and what people taught. */
struct str intent_made_from(const struct workspace *workspace, struct arena *arena);

struct intent_wish {
    const struct workspace *workspace;
    bool at_once;     /* the first model will do */
    const bool *stop; /* see learning.h */
};

/* Never NULL. `figures` and `is_first` may be NULL. `is_first` says that a better one can be learned from the same files. If there is a file
 * that cannot be used, *why says so; else it is empty. */
struct intent *intent_of_workspace(struct err *why, const struct intent_wish *wish, struct intent_figures *figures, bool *is_first);

#endif
