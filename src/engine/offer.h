/* offer.h - one agent is asked to take one conversation.
 *
 *     pending --> accepted | declined | expired | cancelled
 *
 * Only pending offers are kept; the other states are the outcome in offer.ended. The queue owns the
 * conversation meanwhile, and the offer takes one of the agent's places. At most one offer a
 * conversation is pending, and none outlives its agent's presence. Which agent is asked is for
 * match.h to say. Called by apply.c only. */
#ifndef ENGINE_OFFER_H
#define ENGINE_OFFER_H

#include "engine/state.h"

#define OFFER_OUTCOMES(X) \
    X(ACCEPTED, "accepted") X(DECLINED, "declined") X(EXPIRED, "expired") X(CANCELLED, "cancelled")

enum offer_outcome {
#define X(outcome, name) OFFER_##outcome,
    OFFER_OUTCOMES(X)
#undef X
    OFFER_OUTCOME_COUNT
};
extern const char *const offer_outcome_names[OFFER_OUTCOME_COUNT];
int offer_outcome_of(struct str name); /* -1 if the text names none */

struct offer *offer_find(const struct engine *engine, uint64_t id); /* NULL unless pending */
struct offer *offer_make(struct engine *engine, const struct offer *offer);

/* Frees the place. Unless accepted, the conversation goes back into the heaps it came from; after
 * a decline or expiry it rests for this agent. */
void offer_end(struct engine *engine, struct offer *offer, enum offer_outcome outcome, int64_t at_ms);

#endif
