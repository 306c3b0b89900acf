/* slots.h - what a step asks for, found in the customer's words.
 *
 * A choice is taken by its value, its label, its number in the list, or words that mean it; a date becomes
 * YYYY-MM-DD, a yes "yes". What is found fits the slot's type. */
#ifndef ASSISTANT_SLOTS_H
#define ASSISTANT_SLOTS_H

#include <jansson.h>

#include "assistant/turn.h"
#include "workspace/steps.h"

/* In `text`; empty if it is not there. `asked`: the text answers the question, so more of it may be the value.
 * `facts` has the list that a choice may be from. */
struct str slots_find(struct turn *turn, const struct step *step, const json_t *facts, struct str text, bool asked);

/* Whether a value that comes from elsewhere may be the slot's. */
bool slots_fits(struct turn *turn, const struct step *step, const json_t *facts, struct str value);

/* What there is to choose from; gives how many, at most `max`. `values` and `labels` may be NULL. */
size_t slots_choices(struct turn *turn, const struct step *step, const json_t *facts, struct str *values, struct str *labels, size_t max);

#endif
