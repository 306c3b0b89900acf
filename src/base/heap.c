#include "base/heap.h"

#include "base/memory.h"
#include "base/must.h"

static bool before(const struct heap_node *a, const struct heap_node *b)
{
    return a->key != b->key ? a->key < b->key : a->tie < b->tie;
}

static void put(struct heap *heap, size_t at, struct heap_node *node)
{
    heap->nodes[at] = node;
    node->place = at + 1;
}

static void up(struct heap *heap, size_t at, struct heap_node *node)
{
    for (; at && before(node, heap->nodes[(at - 1) / 2]); at = (at - 1) / 2)
        put(heap, at, heap->nodes[(at - 1) / 2]);
    put(heap, at, node);
}

static void down(struct heap *heap, size_t at, struct heap_node *node)
{
    for (;;) {
        size_t child = at * 2 + 1;
        if (child >= heap->count) break;
        if (child + 1 < heap->count && before(heap->nodes[child + 1], heap->nodes[child])) child++;
        if (!before(heap->nodes[child], node)) break;
        put(heap, at, heap->nodes[child]);
        at = child;
    }
    put(heap, at, node);
}

void heap_push(struct heap *heap, struct heap_node *node, int64_t key, uint64_t tie)
{
    must(!node->place);
    node->key = key;
    node->tie = tie;
    if (heap->count == heap->capacity) {
        heap->capacity = heap->capacity ? heap->capacity * 2 : 16;
        heap->nodes = memory_resize(heap->nodes, heap->capacity, sizeof *heap->nodes);
    }
    up(heap, heap->count++, node);
}

struct heap_node *heap_first(const struct heap *heap)
{
    return heap->count ? heap->nodes[0] : NULL;
}

void heap_remove(struct heap *heap, struct heap_node *node)
{
    must(node->place && heap->nodes[node->place - 1] == node);
    size_t at = node->place - 1;
    node->place = 0;
    struct heap_node *last = heap->nodes[--heap->count];
    if (last == node) return;
    if (at && before(last, heap->nodes[(at - 1) / 2])) up(heap, at, last);
    else down(heap, at, last);
}

void heap_free(struct heap *heap)
{
    memory_free(heap->nodes);
    *heap = (struct heap){ 0 };
}
