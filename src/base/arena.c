#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdio.h>

#include "base/memory.h"

#define BLOCK_LEN 4096
#define BLOCK_MOST (16 * BLOCK_LEN) /* blocks of an arena that goes on growing: each costs the allocator some work */

struct arena_block {
    struct arena_block *next;
    size_t len;
    alignas(max_align_t) char data[];
};

static struct arena_block *block_new(size_t len, struct arena_block *next)
{
    struct arena_block *block = memory_new(1, sizeof(struct arena_block) + len);
    block->next = next;
    block->len = len;
    return block;
}

void *arena_take(struct arena *arena, size_t len)
{
    size_t aligned = (len + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    must(aligned >= len);
    if (aligned > BLOCK_LEN / 2 && arena->first) {
        /* A large piece gets a block of its own behind the one that is being filled. */
        arena->first->next = block_new(aligned, arena->first->next);
        return arena->first->next->data;
    }
    if (!arena->first || arena->first->len - arena->used < aligned) {
        size_t room = !arena->first ? BLOCK_LEN : arena->first->len < BLOCK_MOST / 2 ? arena->first->len * 2 : BLOCK_MOST;
        arena->first = block_new(aligned > room ? aligned : room, arena->first);
        arena->used = 0;
    }
    void *piece = arena->first->data + arena->used;
    arena->used += aligned;
    return piece;
}

void *arena_grow(struct arena *arena, const void *items, size_t *room, size_t least, size_t size)
{
    size_t before = *room;
    *room = before ? before * 2 : least;
    void *longer = arena_take(arena, *room * size);
    if (before) memcpy(longer, items, before * size);
    return longer;
}

struct str arena_copy(struct arena *arena, struct str s)
{
    char *copy = arena_take(arena, s.len + 1);
    if (s.len) memcpy(copy, s.data, s.len);
    return str_make(copy, s.len);
}

const char *arena_cstr(struct arena *arena, struct str s)
{
    return arena_copy(arena, s).data;
}

struct str arena_format(struct arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    must(len >= 0);
    char *text = arena_take(arena, (size_t)len + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)len + 1, format, args);
    va_end(args);
    return str_make(text, (size_t)len);
}

void arena_reset(struct arena *arena)
{
    while (arena->first) {
        struct arena_block *next = arena->first->next;
        memory_free(arena->first);
        arena->first = next;
    }
    arena->used = 0;
}

void arena_free(struct arena *arena)
{
    arena_reset(arena);
}
