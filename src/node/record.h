/* record.h - an event as it stands in the log: personal fields sealed, the rest in the clear.
 *
 * Fields are sealed under the key of the event's customer or, if it has none, of its agent; the
 * event's kind and the field's place are bound in, so that a sealed text opens only where it was
 * written. Empty personal fields stay empty and are not sealed. */
#ifndef NODE_RECORD_H
#define NODE_RECORD_H

#include "engine/event.h"
#include "privacy/vault.h"

/* Whose key seals the event's personal fields. */
uint64_t record_subject(const struct event *event);

/* Appends the event with its personal fields sealed. May make a key: see vault_take_new. */
void record_encode(struct vault *vault, const struct event *event, struct buf *out);

/* Decodes a record; personal fields stay sealed. Strings point into `record`. */
bool record_decode(struct err *err, struct str record, uint64_t seq, struct event *event) WARN_UNUSED;

/* Opens the personal fields in place, their text in `arena`. Where the key is gone (the customer was
 * erased) the field becomes empty; the return is false if any did. */
bool record_open(struct vault *vault, struct event *event, struct arena *arena);

/* Copies the event and all its strings into `arena`. */
struct event record_copy(const struct event *event, struct arena *arena);

#endif
