/* conversation.h - one customer's matter: its states, and its place in queue, deadlines and lists.
 *
 *               opened                         reopened
 *                 |            +--------------------------------------+
 *                 v            v                                      |
 *            [ assistant ] --------- idle, customer, staff ----> [ resolved ]
 *                 |    \                                              ^
 *       requested |     \ taken over, assigned                       |
 *                 v      \                                            |
 *            [ waiting ] --+---- accepted ----> [ active ] -----------+
 *                 ^                                 |
 *                 +------- transferred, gone -------+
 *
 * These functions change the state and are called by apply.c only. What the state means for the rest
 * of the world is decided elsewhere. */
#ifndef ENGINE_CONVERSATION_H
#define ENGINE_CONVERSATION_H

#include "engine/state.h"

/* A resolved conversation is let go when it can neither be reopened nor rated nor looked back at any more. */
#define CONVERSATION_RATING_MS ((int64_t)24 * 3600 * 1000)

struct conversation *conversation_get(const struct engine *engine, uint64_t id); /* NULL if unknown */
/* NULL if unknown, or if it is let go by the next event at `now_ms`. */
struct conversation *conversation_find(const struct engine *engine, uint64_t id, int64_t now_ms);

struct conversation *conversation_new(struct engine *engine, uint64_t id, struct customer *customer);

/* Moves to a state, which must be allowed; leaves queue, owner and lists of the old state. */
void conversation_assistant(struct engine *engine, struct conversation *conversation);
void conversation_resolve(struct engine *engine, struct conversation *conversation);
void conversation_activate(struct engine *engine, struct conversation *conversation, struct agent *agent);

/* Into the queue, or to another place in it. wait_from, skills, to_agent, language are set already. */
void conversation_wait(struct engine *engine, struct conversation *conversation);

/* A new conversation's first state, or the state that a snapshot says, with no move. */
void conversation_place(struct engine *engine, struct conversation *conversation);

/* Out of the heaps that offers are made from, and back again when no offer is pending. */
void conversation_unqueue(struct engine *engine, struct conversation *conversation);
void conversation_requeue(struct engine *engine, struct conversation *conversation);

/* The group for what it needs under the present settings. */
/* While it waits it is counted in its group. Groups of before are gone when the settings change. */
void conversation_join_group(struct engine *engine, struct conversation *conversation);

/* After anything that its deadline follows from has changed. */
void conversation_refresh_deadline(struct engine *engine, struct conversation *conversation);

/* To be looked at by the next match. */
void conversation_freshen(struct engine *engine, struct conversation *conversation);

/* Now somebody who could take it is looked for: rests that have ended need no deadline any more. */
void conversation_looked(struct engine *engine, struct conversation *conversation);

bool conversation_rests(const struct conversation *conversation, uint64_t agent, int64_t now_ms);
void conversation_rest(struct engine *engine, struct conversation *conversation, uint64_t agent, int64_t until);
void conversation_forget_decliners(struct engine *engine, struct conversation *conversation);

bool conversation_has_guest(const struct conversation *conversation, uint64_t agent);
void conversation_add_guest(struct engine *engine, struct conversation *conversation, uint64_t agent);
void conversation_remove_guest(struct engine *engine, struct conversation *conversation, uint64_t agent);

/* Lets go of conversations whose time is over at `at_ms`. */
void conversation_let_go(struct engine *engine, int64_t at_ms);

static inline bool conversation_is_open(const struct conversation *conversation)
{
    return conversation->state != CONVERSATION_RESOLVED;
}

#endif
