#include "engine/pool.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "base/memory.h"
#include "base/must.h"

/* Under the address sanitizer an item that was given back may not be touched. */
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(at, len) ((void)(at), (void)(len))
#endif

#define ITEMS_PER_BLOCK 64

struct pool_block {
    struct pool_block *next;
    alignas(max_align_t) char items[];
};

struct pool_hole {
    struct pool_hole *next;
};

static void add_hole(struct pool *pool, void *item)
{
    struct pool_hole *hole = item;
    hole->next = pool->holes;
    pool->holes = hole;
    ASAN_POISON_MEMORY_REGION(item, pool->size);
}

static void add_block(struct pool *pool)
{
    must(pool->size >= sizeof(struct pool_hole) && pool->size % alignof(void *) == 0);
    struct pool_block *block = memory_new(1, sizeof *block + pool->size * ITEMS_PER_BLOCK);
    block->next = pool->blocks;
    pool->blocks = block;
    for (size_t i = ITEMS_PER_BLOCK; i-- > 0; ) add_hole(pool, block->items + i * pool->size);
}

void *pool_take(struct pool *pool)
{
    if (!pool->holes) add_block(pool);
    struct pool_hole *hole = pool->holes;
    ASAN_UNPOISON_MEMORY_REGION(hole, pool->size);
    pool->holes = hole->next;
    return memset(hole, 0, pool->size);
}

void pool_give(struct pool *pool, void *item)
{
    add_hole(pool, item);
}

void pool_free(struct pool *pool)
{
    while (pool->blocks) {
        struct pool_block *next = pool->blocks->next;
        ASAN_UNPOISON_MEMORY_REGION(pool->blocks->items, pool->size * ITEMS_PER_BLOCK);
        memory_free(pool->blocks);
        pool->blocks = next;
    }
    pool->holes = NULL;
}
