#include "engine/deadline.h"

void deadline_clear(struct engine *engine, struct deadline *deadline)
{
    if (heap_holds(&deadline->node)) heap_remove(&engine->deadlines, &deadline->node);
}

void deadline_set(struct engine *engine, struct deadline *deadline, enum deadline_kind kind, uint64_t id,
                  int64_t at_ms)
{
    deadline->kind = kind;
    deadline->at_ms = at_ms;
    if (heap_holds(&deadline->node) && deadline->node.key <= at_ms && at_ms != DEADLINE_NEVER) return;
    deadline_clear(engine, deadline);
    if (at_ms != DEADLINE_NEVER)
        heap_push(&engine->deadlines, &deadline->node, at_ms, (uint64_t)kind << 60 | id);
}

void deadline_settle(struct engine *engine)
{
    for (struct heap_node *first; (first = heap_first(&engine->deadlines)); ) {
        struct deadline *deadline = CONTAINER_OF(first, struct deadline, node);
        if (deadline->at_ms == first->key) return;
        uint64_t tie = first->tie;
        heap_remove(&engine->deadlines, first);
        heap_push(&engine->deadlines, first, deadline->at_ms, tie);
    }
}

struct deadline *deadline_due(struct engine *engine, int64_t now_ms)
{
    deadline_settle(engine);
    struct heap_node *first = heap_first(&engine->deadlines);
    return first && first->key <= now_ms ? CONTAINER_OF(first, struct deadline, node) : NULL;
}
