/* state.h - pieces of "how things are" that several answers share, as JSON. */
#ifndef GATEWAY_STATE_H
#define GATEWAY_STATE_H

#include "gateway/request.h"

/* {"online","low_ms","high_ms"}: what a person would take now. */
void state_human(const struct gateway *gateway, struct str language, struct buf *out);

/* A conversation as GET /v1/conversations/{id} shows it to this session: the fields of one object,
 * without its brackets. */
void state_add_conversation(struct request *request, const struct conversation_view *view, struct buf *out);

/* A member of staff as the board shows them: the whole object. */
void state_add_agent(const struct gateway *gateway, const struct agent_view *agent, struct buf *out);

/* Place in the queue and estimate; false when it does not wait. */
bool state_place(const struct gateway *gateway, uint64_t conversation, struct queue_place *out);

#endif
