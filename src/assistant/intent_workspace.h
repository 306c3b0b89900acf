/* intent_workspace.h - the model of a workspace's topics.
 *
 * Learned from the topics' examples at every start, quickly; or, if `beckon intents train DIR` has
 * put a better one into DIR/data/intents.model, that one, as long as it was made from the same files.
 * It is removed by removing the file. */
#ifndef ASSISTANT_INTENT_WORKSPACE_H
#define ASSISTANT_INTENT_WORKSPACE_H

#include "assistant/intent.h"
#include "base/err.h"
#include "workspace/workspace.h"

#define INTENT_WORKSPACE_FILE "data/intents.model"

/* What a model of this workspace says that it was made from: the files' version, and what people taught. */
struct str intent_made_from(const struct workspace *workspace, struct arena *arena);

/* Never NULL. If there is a file that cannot be used, *why says so; else it is empty. */
struct intent *intent_of_workspace(struct err *why, const struct workspace *workspace, struct intent_figures *figures);

#endif
