/* heap.h - a binary heap of items that know their place in it.
 *
 * An item embeds a struct heap_node and stays owned by the caller; the heap holds pointers. Order is
 * (key, tie), both ascending, so that equal keys come out in a fixed order. Because a node knows its
 * place, removing or moving any item is O(log n). A heap of zeroes is empty. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

#include "base/must.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct heap_node {
    int64_t key;
    uint64_t tie;
    size_t place; /* 1 + index in the heap; 0 when in none */
};

struct heap {
    struct heap_node **nodes;
    size_t count, capacity;
};

static inline bool heap_holds(const struct heap_node *node) { return node->place != 0; }

void heap_push(struct heap *heap, struct heap_node *node, int64_t key, uint64_t tie);
struct heap_node *heap_first(const struct heap *heap); /* NULL if empty */
void heap_remove(struct heap *heap, struct heap_node *node); /* node must be in this heap */
void heap_free(struct heap *heap);

#endif
