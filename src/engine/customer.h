/* customer.h - who writes to us: identity, open conversations, and what was resolved lately.
 *
 * Identified and erased customers stay. An anonymous one of whom nothing is remembered any more (no
 * conversation, no resolution within the recontact window) is let go after CUSTOMER_IDLE_MS, or when a new
 * one comes and LIMIT_IDLE_CUSTOMERS younger ones are there. Called by apply.c only; what is let go depends on
 * the events and their times only. */
#ifndef ENGINE_CUSTOMER_H
#define ENGINE_CUSTOMER_H

#include "engine/state.h"

#define CUSTOMER_IDLE_MS ((int64_t)48 * 3600 * 1000)

/* NULL if unknown, or let go by the next event at `now_ms`. */
struct customer *customer_find(const struct engine *engine, uint64_t id, int64_t now_ms);
struct customer *customer_new(struct engine *engine, uint64_t id, struct digest identity);
void customer_erase(struct engine *engine, struct customer *customer);

/* Puts the customer on the list of those that nothing is remembered of, since `at_ms`, or takes it off. */
void customer_refresh_idle(struct engine *engine, struct customer *customer, int64_t at_ms);

/* Lets the oldest of that list go while there are too many. */
void customer_make_room(struct engine *engine);
void customer_add_conversation(struct engine *engine, struct customer *customer, struct conversation *conversation);
void customer_remove_conversation(struct engine *engine, struct customer *customer,
                                  struct conversation *conversation, int64_t at_ms);

/* One resolution is kept for a customer and topic: the latest. */
void customer_add_resolution(struct engine *engine, const struct resolution *resolution);
/* The latest on this topic within the recontact window, or NULL. */
const struct resolution *customer_resolution(const struct engine *engine, const struct customer *customer,
                                             const struct symbol *topic, int64_t now_ms);

void customer_let_go(struct engine *engine, int64_t at_ms);

#endif
