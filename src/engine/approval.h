/* approval.h - an action that a person has to allow before it runs: four eyes.
 *
 *   requested --given--> given --finished--> gone          (the very same action, with the same key)
 *       |  \--refused--> gone
 *       \---expired--> gone, and the conversation goes to the queue
 *
 * What is to be done, for whom and why are personal and stand in the event approval.requested (`seq`); here is only what a
 * rule asks for. It does not own its conversation, which may be let go before. */
#ifndef ENGINE_APPROVAL_H
#define ENGINE_APPROVAL_H

#include "engine/state.h"

#define APPROVALS_PER_CONVERSATION 4

struct approval *approval_find(const struct engine *engine, uint64_t id);
struct approval *approval_add(struct engine *engine, const struct approval *approval); /* a copy */
void approval_remove(struct engine *engine, struct approval *approval);
void approval_given(struct engine *engine, struct approval *approval, uint64_t agent);
size_t approval_count(const struct engine *engine, uint64_t conversation);

/* Supervisors, and agents with the skills that the topic needs if it is for them; nobody what they asked for themselves. */
bool approval_may_decide(const struct engine *engine, const struct approval *approval, const struct agent *agent);

#endif
