/* agent.h - a member of staff: presence, places, what they can, and what they have at the moment.
 *
 * A place is one conversation at a time. A place is taken by an active conversation, by a pending
 * offer and by a wrap-up; never are more taken than `capacity`, unless it was lowered meanwhile.
 * These functions change the state and are called by apply.c only, but for the lease, which is
 * volatile. The lists of an agent are kept in ascending id, so that they come out the same after a
 * snapshot. */
#ifndef ENGINE_AGENT_H
#define ENGINE_AGENT_H

#include "engine/state.h"

#define AGENT_CAPACITY 3 /* if none is given */

struct agent *agent_find(const struct engine *engine, uint64_t id); /* NULL if unknown */
struct agent *agent_new(struct engine *engine, uint64_t id);
/* The agent must have nothing any more but sessions and wrap-ups, which go as well. */
void agent_free(struct engine *engine, struct agent *agent);

/* Names that the settings do not know stay in the lists and count again when they come back. */
void agent_set_lists(struct agent *agent, struct str skills, struct str languages);
/* After a change of lists, settings, state or capacity: into the right group, and the right sums. */
void agent_regroup(struct engine *engine, struct agent *agent);
void agent_leave_group(struct engine *engine, struct agent *agent);

int agent_free_places(const struct agent *agent); /* negative after capacity was lowered */
/* Skills and language of `group`, whatever the agent's state. */
bool agent_suits(const struct engine *engine, const struct agent *agent, const struct group *group);

void agent_add_active(struct engine *engine, struct agent *agent, struct conversation *conversation);
void agent_remove_active(struct engine *engine, struct agent *agent, struct conversation *conversation);
void agent_add_offer(struct engine *engine, struct agent *agent, struct offer *offer);
void agent_remove_offer(struct engine *engine, struct agent *agent, struct offer *offer);

struct wrapup *agent_wrapup(const struct agent *agent, uint64_t conversation); /* NULL if none */
void agent_wrap(struct engine *engine, struct agent *agent, uint64_t conversation, int64_t until);
void agent_unwrap(struct engine *engine, struct wrapup *wrapup);

struct session *agent_open_session(struct engine *engine, struct agent *agent, uint64_t id,
                                   struct digest token, int64_t expires_at);
void agent_close_session(struct engine *engine, struct session *session);
void agent_close_all_sessions(struct engine *engine, struct agent *agent);
struct session *agent_session(const struct agent *agent, uint64_t id); /* NULL if none */

/* The agent is there: good for lease_ms more. Does nothing when offline. */
void agent_renew_lease(struct engine *engine, struct agent *agent, int64_t now_ms);

/* To be looked at by the next match. */
void agent_freshen(struct engine *engine, struct agent *agent);

/* -1 if the text names none. */
int agent_state_of(struct str name);
int agent_role_of(struct str name);
int agent_pool_of(struct str name);
extern const char *const agent_role_names[ROLES];
extern const char *const agent_pool_names[POOLS];

#endif
