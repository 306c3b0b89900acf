/* chunk.h - bytes for many streams: written once, shared by counting. */
#ifndef GATEWAY_CHUNK_H
#define GATEWAY_CHUNK_H

#include "base/str.h"
#include "engine/event.h"

struct chunk {
    uint32_t holders, len;
    uint64_t seq;          /* 0: a signal */
    char data[];
};

/* Each has one holder: the caller. */
struct chunk *chunk_of_event(const struct event *event, enum viewer_role role);
struct chunk *chunk_of_signal(const char *name, struct str json);
struct chunk *chunk_hold(struct chunk *chunk);
void chunk_drop(struct chunk *chunk); /* NULL is allowed */

static inline struct str chunk_str(const struct chunk *chunk) { return str_make(chunk->data, chunk->len); }

/* The stream's form of an event: id, event, data. */
void chunk_write_event(const struct event *event, enum viewer_role role, struct buf *out);

#endif
