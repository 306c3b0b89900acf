/* deadline.h - the heap of everything that happens by itself when its time has come.
 *
 * One deadline a thing (an offer, a wrap-up, a session, an agent's lease, a conversation), embedded in
 * it. Equal times come in a fixed order (kind, then id), so a heap that is rebuilt gives the same order.
 *
 * Most deadlines are put off again and again (each message, each heartbeat). Putting off only notes
 * the new time; the heap learns of it when the old time comes to the top. The top itself is always
 * true once deadline_settle has run. */
#ifndef ENGINE_DEADLINE_H
#define ENGINE_DEADLINE_H

#include "engine/state.h"

#define DEADLINE_NEVER INT64_MAX

/* Sets, moves or (DEADLINE_NEVER) takes away the deadline of the thing `id`. */
void deadline_set(struct engine *engine, struct deadline *deadline, enum deadline_kind kind, uint64_t id,
                  int64_t at_ms);
void deadline_clear(struct engine *engine, struct deadline *deadline);

/* Moves what was put off, until the top of the heap is true. */
void deadline_settle(struct engine *engine);

/* The earliest one that is due at `now_ms`, or NULL. */
struct deadline *deadline_due(struct engine *engine, int64_t now_ms);

#endif
