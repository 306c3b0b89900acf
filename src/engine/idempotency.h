/* idempotency.h - which commands were done already, so that a repeated one is not done again.
 *
 * A key is remembered for 24 hours after its first event, or until LIMIT_IDEMPOTENCY_KEYS younger
 * ones have come. The entries stand in a ring in the order of their events; a table of positions
 * finds them by key. What is forgotten depends on the events' times only. */
#ifndef ENGINE_IDEMPOTENCY_H
#define ENGINE_IDEMPOTENCY_H

#include "engine/event.h"

#define IDEMPOTENCY_MS ((int64_t)24 * 3600 * 1000)
struct idempotency_entry {
    struct command_key cause;
    uint64_t seq;
    int64_t at_ms;
    uint64_t conversation, id; /* as in struct outcome */
};

/* The tag is the key's hash: a look at another key's slot ends here, without a look at the ring. */
struct idempotency_slot {
    uint32_t place;       /* 1 + position in the ring; 0: empty */
    uint32_t tag;
};

struct idempotency {
    struct idempotency_entry *ring;
    struct idempotency_slot *table; /* twice as long as the ring */
    size_t room, first, count;      /* room: a power of two, or 0 */
};

/* The key is looked for soon, and may be added: asks the memory for what that will touch. The table is far
 * larger than the caches, so each of these waits would otherwise come one after the other. */
void idempotency_expect(const struct idempotency *idempotency, struct digest key);
const struct idempotency_entry *idempotency_find(const struct idempotency *idempotency, struct digest key);
void idempotency_add(struct idempotency *idempotency, const struct idempotency_entry *entry);
void idempotency_forget(struct idempotency *idempotency, int64_t now_ms); /* those of 24 hours ago */

/* The i-th, oldest first; i < count. */
struct idempotency_entry *idempotency_at(const struct idempotency *idempotency, size_t i);
void idempotency_free(struct idempotency *idempotency);

#endif
