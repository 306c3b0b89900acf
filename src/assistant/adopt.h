/* adopt.h - learning from texts that nobody has sorted: what customers wrote before.
 *
 * Self-training in rounds: a model sorts the pool, what it is surest of is learned from as if a person
 * had sorted it, and the next model, which knows more, sorts the pool again and may change its mind.
 * Real history is neither balanced nor all about known topics, so a text is only adopted if the gate
 * holds it to be inside. Examples that a person gave weigh more (TRAINING_REPEAT). */
#ifndef ASSISTANT_ADOPT_H
#define ASSISTANT_ADOPT_H

#include "assistant/training.h"

/* Learns from the chosen examples and the pool; sets training->adopted and the topics of the pool.
 * `adopted` may be NULL. */
void adopt_pool(struct training *training, const struct chosen *chosen, const struct trust *trust, struct intent_adopted *adopted);

#endif
