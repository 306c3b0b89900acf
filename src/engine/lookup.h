/* lookup.h - finding things by a 128-bit digest (session tokens, logins, customers' identities).
 *
 * A thing embeds a struct lookup_link and stays owned by the caller. A digest of zero means "none"
 * and is never stored. */
#ifndef ENGINE_LOOKUP_H
#define ENGINE_LOOKUP_H

#include "base/map.h"
#include "engine/event.h"

struct lookup_link {
    struct digest digest;
    struct lookup_link *next; /* with the same key in the map */
};

struct lookup {
    struct map map;
};

static inline bool digest_is_zero(struct digest digest) { return !digest.high && !digest.low; }

struct lookup_link *lookup_find(const struct lookup *lookup, struct digest digest); /* NULL if absent */
void lookup_put(struct lookup *lookup, struct lookup_link *link);    /* link->digest must be new, or zero */
void lookup_remove(struct lookup *lookup, struct lookup_link *link); /* must be in, or zero */
void lookup_free(struct lookup *lookup);

#endif
