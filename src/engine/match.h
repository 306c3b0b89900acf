/* match.h - who is offered what.
 *
 * The rule, as it is printed in the agent's app: the conversation that has waited longest goes
 * first, and of the agents who can take it the one who has been idle longest is asked. An agent can
 * take it when online, with a free place, with the skills and the language, and not resting from
 * this conversation after declining it.
 *
 * Only what has changed since the last match is looked at (engine->fresh, engine->fresh_agents):
 * before that, no conversation that waits and agent who could take it were left over. */
#ifndef ENGINE_MATCH_H
#define ENGINE_MATCH_H

#include "engine/decide.h"

void match_run(struct decision *decision);

/* The longest idle agent who can take it, or NULL. */
struct agent *match_agent(const struct engine *engine, const struct conversation *conversation, int64_t now_ms);
/* The conversation without an offer that has waited longest and that this agent can take, or NULL. */
struct conversation *match_conversation(const struct engine *engine, const struct agent *agent, int64_t now_ms);

#endif
