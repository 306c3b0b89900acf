/* store.h - the durable side of a simulated node: real log, real keys, real sealing, a faulty disk.
 *
 * Events are sealed and wait in a batch; store_commit puts keys and records on disk as the node
 * does. After STORE_DEAD the process is gone: store_restart opens everything anew, and the engine
 * must be rebuilt from what the disk holds. */
#ifndef SIMULATION_STORE_H
#define SIMULATION_STORE_H

#include "disk.h"
#include "engine/engine.h"
#include "log/log.h"
#include "node/record.h"

struct store;

enum store_result { STORE_DONE, STORE_FULL, STORE_DEAD };

struct store *store_new(uint64_t seed);
void store_free(struct store *store);
struct disk *store_disk(struct store *store);

/* Seals the event into the batch; *sealed is the event as it stands in the log, with strings that
 * live until the batch ends. */
void store_add(struct store *store, const struct event *event, struct event *sealed);
size_t store_waiting(const struct store *store); /* events in the batch */

/* Writes the batch, which is empty afterwards, and deletes the keys of customers who were erased.
 * STORE_FULL: nothing of it is on disk. STORE_DEAD: nobody knows. */
enum store_result store_commit(struct store *store);
enum store_result store_snapshot(struct store *store, const struct engine *engine);
uint64_t store_committed(const struct store *store);

/* The process ends (the disk may have been crashed before) and starts again. The batch is lost.
 * False if it ended again at once. */
bool store_restart(struct store *store);
/* Forgets the batch and the keys that were made for it, after STORE_FULL; there is room again. False
 * if the process died of it. */
bool store_roll_back(struct store *store);

/* Deletes the customer's key, if it is still there. */
void store_erase(struct store *store, uint64_t customer);

/* An engine from the newest snapshot and the records behind it. */
struct engine *store_recover(struct store *store);
/* Every event in the log from `from` on, in order, sealed. */
typedef void store_event_fn(void *context, const struct event *event);
void store_each(struct store *store, uint64_t from, store_event_fn *each, void *context);
/* One event with its personal fields opened; false if they cannot be any more. */
bool store_open_event(struct store *store, uint64_t seq, struct arena *arena, struct event *event);

#endif
