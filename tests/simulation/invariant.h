/* invariant.h - the promises, as conditions that hold after every event and after every command.
 *
 * The checks know the engine's structs but not its ways: whatever the engine keeps in heaps and
 * sums is worked out again here by looking at everything. A broken promise ends the program with a
 * sentence. They hold state of their own (the "shadow"), built from the events alone. */
#ifndef SIMULATION_INVARIANT_H
#define SIMULATION_INVARIANT_H

#include "engine/state.h"

struct shadow;

struct shadow *shadow_new(void);
void shadow_free(struct shadow *shadow);

/* Before `event` is applied to `replica`, which has seen all events before it: may it happen?
 * P1: a request leads into the queue; P3: one owner, and only who is there, free and suitable; the
 * longest wait goes first, to the longest idle; the assistant is silent after a hand-over. */
void shadow_before(struct shadow *shadow, const struct engine *replica, const struct event *event);

/* After it was applied: sums and lists of the state are sound; visible to whom it concerns only. */
void shadow_after(struct shadow *shadow, const struct engine *replica, const struct event *event);

/* Takes over what the event tells, with no checks: for a log that was checked before. */
void shadow_follow(struct shadow *shadow, const struct engine *replica, const struct event *event);

/* Whether the engine was awake when the command came. If not, a rest may be over that it has not
 * seen yet, and an offer need not be the very first by the rule. */
void shadow_expect_order(struct shadow *shadow, bool expect);

/* One-time codes (invariant_proof.c): the shadow gives it each event. */
struct proofs;
struct proofs *proofs_new(void);
void proofs_free(struct proofs *proofs);
void proofs_take(struct proofs *proofs, const struct event *event);

/* What the assistant has done is told (invariant_turn.c): likewise. */
struct acts;
struct acts *acts_new(void);
void acts_free(struct acts *acts);
void acts_take(struct acts *acts, const struct event *event);
/* Of the state after an event of the conversation. */
void acts_check(const struct acts *acts, const struct engine *engine, uint64_t conversation);

/* Four eyes (invariant_approval.c): likewise. */
struct approvals;
struct approvals *approvals_new(void);
void approvals_free(struct approvals *approvals);
void approvals_take(struct approvals *approvals, const struct event *event);
/* Of the state: what has ended is a turn of the assistant, or a person's. */
void approvals_check(const struct engine *engine);

/* Between two commands: besides, nothing that could be offered is left over, nothing is half done. */
void invariant_settled(const struct engine *engine);

/* After COMMAND_WAKE: nothing is due any more. */
void invariant_awake(const struct engine *engine);

/* What customers are told about their wait, worked out by looking at everybody. */
void invariant_places(const struct engine *engine);

/* The durable states are equal, byte for byte (P8). */
void invariant_equal(const struct engine *a, const struct engine *b);

/* What agents confirmed and supervisors reviewed (invariant_paraphrase.c); `shadow` is filled by _follow. */
void invariant_paraphrase_before(const struct map *shadow, const struct engine *replica, const struct event *event);
void invariant_paraphrase_follow(struct map *shadow, const struct event *event);
void invariant_paraphrase_after(const struct map *shadow, const struct engine *replica, const struct event *event);
void invariant_paraphrase_free(struct map *shadow);

/* Ends the program with what is wrong. */
_Noreturn void invariant_broken(const char *format, ...) PRINTF_LIKE(1, 2);
#define invariant(condition, ...) ((condition) ? (void)0 : invariant_broken(__VA_ARGS__))

#endif
