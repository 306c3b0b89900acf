/* approval.h - an action that a person has to allow before it runs: four eyes.
 *
 *   requested --given--> given --finished--> settled --told--> gone   (the very same action, with the same key)
 *       |  \--refused--> settled --told--> gone
 *       \---expired--> gone, and the conversation goes to the queue
 *   free --finished--> gone                               (of staff, within the limit: it runs at once)
 *
 * Settled is only what a flow of the assistant waits for, while the assistant has the conversation: the end is a turn that it
 * owes, as a message of the customer is, after those that it owes already. When a person takes the conversation they have the
 * result as well, and it is gone.
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
/* It has ended, by the event `seq`: the assistant owes a turn for it, or nobody waits and it is removed. */
void approval_settle(struct engine *engine, struct approval *approval, uint64_t seq);
/* The end that the assistant has to go on with next; 0: none. */
uint64_t approval_owed(const struct engine *engine, const struct conversation *conversation);
/* The turn `seq` was answered; SEQ 0: all of them are for a person now. */
void approval_told(struct engine *engine, struct conversation *conversation, uint64_t seq);
size_t approval_count(const struct engine *engine, uint64_t conversation);

/* Supervisors, and agents with the skills that the topic needs if it is for them; nobody what they asked for themselves. */
bool approval_may_decide(const struct engine *engine, const struct approval *approval, const struct agent *agent);

#endif
