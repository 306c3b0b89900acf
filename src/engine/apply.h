/* apply.h - the rules that need a little of what an event did, as engine_apply sees it. */
#ifndef ENGINE_APPLY_H
#define ENGINE_APPLY_H

#include "engine/state.h"

/* What a command came to whose first event is this one: the conversation and id of its outcome. */
uint64_t apply_outcome_id(const struct event *event);

/* After the settings or an agent's lists were taken from a snapshot or event: everything that
 * follows from settings is worked out anew. */
void apply_settings(struct engine *engine);

#endif
