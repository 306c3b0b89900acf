#include "engine/deadline.h"

void deadline_clear(struct engine *engine, struct deadline *deadline)
{
    if (heap_holds(&deadline->node)) heap_remove(&engine->deadlines, &deadline->node);
}

void deadline_set(struct engine *engine, struct deadline *deadline, enum deadline_kind kind, uint64_t id,
                  int64_t at_ms)
{
    if (heap_holds(&deadline->node) && deadline->node.key == at_ms) return;
    deadline_clear(engine, deadline);
    deadline->kind = kind;
    if (at_ms != DEADLINE_NEVER)
        heap_push(&engine->deadlines, &deadline->node, at_ms, (uint64_t)kind << 60 | id);
}

struct deadline *deadline_due(const struct engine *engine, int64_t now_ms)
{
    struct heap_node *first = heap_first(&engine->deadlines);
    return first && first->key <= now_ms ? CONTAINER_OF(first, struct deadline, node) : NULL;
}
