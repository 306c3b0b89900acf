#include "engine/approval.h"

#include "base/memory.h"
#include "engine/agent.h"
#include "engine/conversation.h"
#include "engine/deadline.h"

struct approval *approval_find(const struct engine *engine, uint64_t id)
{
    return id ? map_get(&engine->approvals, id) : NULL;
}

static void count(struct engine *engine, const struct approval *approval, int by)
{
    struct conversation *conversation = map_get(&engine->conversations, approval->conversation);
    if (!conversation) return;
    conversation->approvals = (size_t)((ptrdiff_t)conversation->approvals + by);
    conversation_refresh_deadline(engine, conversation);
}

struct approval *approval_add(struct engine *engine, const struct approval *approval)
{
    struct approval *added = pool_take(&engine->approval_pool);
    *added = *approval;
    map_put(&engine->approvals, added->id, added);
    count(engine, added, 1);
    if (!added->given_by && !added->settled && !added->free) deadline_set(engine, &added->deadline, DEADLINE_APPROVAL, added->id, added->expires_at);
    return added;
}

void approval_remove(struct engine *engine, struct approval *approval)
{
    deadline_clear(engine, &approval->deadline);
    map_remove(&engine->approvals, approval->id);
    count(engine, approval, -1);
    pool_give(&engine->approval_pool, approval);
}

void approval_given(struct engine *engine, struct approval *approval, uint64_t agent)
{
    deadline_clear(engine, &approval->deadline);
    approval->given_by = agent;
}

void approval_settle(struct engine *engine, struct approval *approval, uint64_t seq)
{
    const struct conversation *conversation = map_get(&engine->conversations, approval->conversation);
    if (!approval->flow || !conversation || conversation->state != CONVERSATION_ASSISTANT) {
        approval_remove(engine, approval);
        return;
    }
    deadline_clear(engine, &approval->deadline);
    approval->settled = seq;
}

uint64_t approval_owed(const struct engine *engine, const struct conversation *conversation)
{
    struct map_slot slot;
    uint64_t first = 0;
    for (size_t i = 0; conversation->approvals && map_next(&engine->approvals, &i, &slot); ) {
        const struct approval *approval = slot.value;
        if (approval->conversation == conversation->id && approval->settled && (!first || approval->settled < first)) first = approval->settled;
    }
    return first;
}

void approval_told(struct engine *engine, struct conversation *conversation, uint64_t seq)
{
    uint64_t *ids = conversation->approvals ? map_sorted_keys(&engine->approvals) : NULL;
    for (size_t i = 0, count = ids ? engine->approvals.count : 0; i < count; i++) {
        struct approval *approval = map_get(&engine->approvals, ids[i]);
        if (approval->conversation == conversation->id && approval->settled && (!seq || approval->settled == seq)) approval_remove(engine, approval);
    }
    memory_free(ids);
}

size_t approval_count(const struct engine *engine, uint64_t conversation)
{
    struct map_slot slot;
    size_t count = 0;
    for (size_t i = 0; map_next(&engine->approvals, &i, &slot); )
        count += ((const struct approval *)slot.value)->conversation == conversation;
    return count;
}

bool approval_may_decide(const struct engine *engine, const struct approval *approval, const struct agent *agent)
{
    if (approval->free || approval->asked_by == agent->id) return false;
    if (agent->role != ROLE_AGENT) return true;
    uint64_t needed = symbol_list_skills(&engine->settings, approval->skills->text);
    return !approval->supervisor && (symbol_list_skills(&engine->settings, agent->skills) & needed) == needed;
}
