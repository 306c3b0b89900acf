/* promise.h - what a command promises to whoever gave it, seen from outside the engine (P1).
 *
 * The shadow (invariant.h) knows events only. Whether something had to happen and did not, only the
 * command tells: a request that was taken and led nowhere has no event. */
#ifndef SIMULATION_PROMISE_H
#define SIMULATION_PROMISE_H

#include "engine/engine.h"

struct promise {
    struct conversation_view before; /* the command's conversation; id 0: there is none */
    struct digest code;              /* the one-time code that was waited for; zero: none */
};

void promise_note(struct promise *promise, const struct engine *engine, const struct command *command);
/* Ends the program if the command was taken and what it promises did not happen. `events` are its own. */
void promise_check(const struct promise *promise, const struct engine *engine, const struct command *command,
                   const struct outcome *outcome, const struct events *events);

#endif
