/* pool.h - many small things of one size, taken and given back without malloc.
 *
 * The pool owns its memory; what is given back is handed out again. pool_free gives everything back
 * at once, so an engine is freed without walking its state. A pool is set up by POOL_OF. */
#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

#include <stddef.h>

struct pool_block;
struct pool_hole;

struct pool {
    size_t size; /* of an item */
    struct pool_block *blocks;
    struct pool_hole *holes;
};

#define POOL_OF(type) ((struct pool){ .size = sizeof(type) })

void *pool_take(struct pool *pool); /* zeroed, never NULL */
void pool_give(struct pool *pool, void *item);
void pool_free(struct pool *pool);

#endif
