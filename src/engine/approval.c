#include "engine/approval.h"

#include "engine/agent.h"
#include "engine/deadline.h"

struct approval *approval_find(const struct engine *engine, uint64_t id)
{
    return id ? map_get(&engine->approvals, id) : NULL;
}

struct approval *approval_add(struct engine *engine, const struct approval *approval)
{
    struct approval *added = pool_take(&engine->approval_pool);
    *added = *approval;
    map_put(&engine->approvals, added->id, added);
    if (!added->given_by) deadline_set(engine, &added->deadline, DEADLINE_APPROVAL, added->id, added->expires_at);
    return added;
}

void approval_remove(struct engine *engine, struct approval *approval)
{
    deadline_clear(engine, &approval->deadline);
    map_remove(&engine->approvals, approval->id);
    pool_give(&engine->approval_pool, approval);
}

void approval_given(struct engine *engine, struct approval *approval, uint64_t agent)
{
    deadline_clear(engine, &approval->deadline);
    approval->given_by = agent;
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
    if (approval->asked_by == agent->id) return false;
    if (agent->role != ROLE_AGENT) return true;
    uint64_t needed = symbol_list_skills(&engine->settings, approval->skills->text);
    return !approval->supervisor && (symbol_list_skills(&engine->settings, agent->skills) & needed) == needed;
}
