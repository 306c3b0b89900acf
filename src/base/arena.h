/* arena.h - memory of one request: taken piece by piece, freed whole.
 *
 * The arena owns all that it gives out; pieces live until arena_reset or arena_free. An arena that
 * is all zeroes is empty and ready to use. Not for anything that outlives the request. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/must.h"
#include "base/str.h"

struct arena_block;

struct arena {
    struct arena_block *first;
    size_t used; /* bytes given out of the first block */
};

/* `len` zeroed bytes, aligned for any type; never NULL. */
void *arena_take(struct arena *arena, size_t len);

#define ARENA_NEW(arena, type) ((type *)arena_take((arena), sizeof(type)))
#define ARENA_NEW_ARRAY(arena, type, count) ((type *)arena_take((arena), sizeof(type) * (count)))

/* A list whose `room` items are all taken, with twice the room; a first one has `least`. What it was stays in the arena. */
void *arena_grow(struct arena *arena, const void *items, size_t *room, size_t least, size_t size);

#define ARENA_GROW(arena, items, room, least) ((items) = arena_grow((arena), (items), &(room), (least), sizeof *(items)))

struct str arena_copy(struct arena *arena, struct str s);        /* NUL-terminated too */
const char *arena_cstr(struct arena *arena, struct str s);       /* NUL-terminated copy */
struct str arena_format(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Frees everything; the arena can be used again. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
