/* consult.h - turns that may consult the workspace's language model: how many at once, what they spent, and how it went.
 *
 * Loop thread only, but for the model_use of a turn, which a pool thread reads. A turn without a place does
 * without the model and is answered by the assistant alone. Budgets outlive a reload of the files, and the day's
 * also a restart: it is counted anew from the log. Nobody but this folder includes it. */
#ifndef NODE_CONSULT_H
#define NODE_CONSULT_H

#include "assistant/model_use.h"
#include "base/map.h"

struct node;
struct content;
struct event;
struct workspace;

struct consult {
    struct model_use use;
    bool placed;           /* it may consult; consult_end gives the place back */
};

/* Threads for the turns that wait for the model; before the pool's first work. */
void consult_make_room(const struct workspace *workspace);

void consult_start(struct node *node);
void consult_stop(struct node *node);

/* A place for a turn of this conversation, if there is a model and it may do one of `uses` (MODEL_USE_ bits).
 * `cancelled` is looked at by the pool thread; texts live as long as content and customer do. */
void consult_begin(struct consult *consult, struct node *node, const struct content *content, uint64_t conversation, unsigned uses,
                   const atomic_bool *cancelled);
/* Gives the place back and counts. */
void consult_end(struct consult *consult, struct node *node, uint64_t conversation, const struct model_trace *trace);

/* That an event says a model used. */
uint64_t consult_tokens(const struct event *event);

/* Tokens that the log says a conversation used before this start; and the end of a conversation. */
void consult_learn(struct node *node, uint64_t conversation, uint64_t tokens);
void consult_forget(struct node *node, uint64_t conversation);

#endif
