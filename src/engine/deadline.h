/* deadline.h - the heap of everything that happens by itself when its time has come.
 *
 * One deadline a thing (an offer, a wrap-up, a session, an agent's lease, a conversation), embedded in
 * it. Equal times come in a fixed order (kind, then id), so a heap that is rebuilt gives the same order. */
#ifndef ENGINE_DEADLINE_H
#define ENGINE_DEADLINE_H

#include "engine/state.h"

#define DEADLINE_NEVER INT64_MAX

/* Sets, moves or (DEADLINE_NEVER) takes away the deadline of the thing `id`. */
void deadline_set(struct engine *engine, struct deadline *deadline, enum deadline_kind kind, uint64_t id,
                  int64_t at_ms);
void deadline_clear(struct engine *engine, struct deadline *deadline);

/* The earliest one that is due at `now_ms`, or NULL. */
struct deadline *deadline_due(const struct engine *engine, int64_t now_ms);

#endif
