#include "engine/engine.h"

#include "base/memory.h"
#include "engine/agent.h"
#include "engine/conversation.h"
#include "engine/deadline.h"
#include "engine/paraphrase.h"
#include "engine/state.h"

struct engine *engine_new(void)
{
    struct engine *engine = MEMORY_NEW(struct engine);
    settings_default(&engine->settings);
    symbols_init(&engine->symbols, &engine->settings);
    engine->handle_time_ms = engine->settings.handle_time_ms;
    TAILQ_INIT(&engine->resolutions);
    TAILQ_INIT(&engine->resolved);
    TAILQ_INIT(&engine->idle);
    TAILQ_INIT(&engine->fresh);
    TAILQ_INIT(&engine->fresh_agents);
    engine->customer_pool = POOL_OF(struct customer);
    engine->conversation_pool = POOL_OF(struct conversation);
    engine->agent_pool = POOL_OF(struct agent);
    engine->offer_pool = POOL_OF(struct offer);
    engine->wrapup_pool = POOL_OF(struct wrapup);
    engine->session_pool = POOL_OF(struct session);
    engine->resolution_pool = POOL_OF(struct resolution);
    engine->decliners_pool = POOL_OF(struct decliners);
    engine->proof_pool = POOL_OF(struct proof);
    engine->approval_pool = POOL_OF(struct approval);
    engine->guests_pool = POOL_OF(struct guests);
    return engine;
}

static void free_agents(struct engine *engine)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); ) {
        struct agent *agent = slot.value;
        agent_leave_group(engine, agent);
        heap_free(&agent->personal);
        agent_set_lists(agent, STR_EMPTY, STR_EMPTY);
    }
}

static void free_groups(struct engine *engine)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) conversation_unqueue(engine, slot.value);
    free_agents(engine);
    groups_free(&engine->queue);
    groups_free(&engine->free);
}

void engine_free(struct engine *engine)
{
    if (!engine) return;
    free_groups(engine);
    struct map *maps[] = { &engine->customers, &engine->conversations, &engine->open, &engine->agents, &engine->offers, &engine->approvals };
    for (size_t i = 0; i < ARRAY_LEN(maps); i++) map_free(maps[i]);
    struct lookup *lookups[] = { &engine->tokens, &engine->logins, &engine->identities };
    for (size_t i = 0; i < ARRAY_LEN(lookups); i++) lookup_free(lookups[i]);
    struct heap *heaps[] = { &engine->waiting, &engine->deadlines, &engine->candidates };
    for (size_t i = 0; i < ARRAY_LEN(heaps); i++) heap_free(heaps[i]);
    struct pool *pools[] = { &engine->customer_pool, &engine->conversation_pool, &engine->agent_pool,
        &engine->offer_pool, &engine->wrapup_pool, &engine->session_pool, &engine->resolution_pool,
        &engine->decliners_pool, &engine->guests_pool, &engine->proof_pool, &engine->approval_pool };
    for (size_t i = 0; i < ARRAY_LEN(pools); i++) pool_free(pools[i]);
    paraphrases_free(engine);
    idempotency_free(&engine->idempotency);
    symbols_free(&engine->symbols);
    arena_free(&engine->settings_arena);
    memory_free((char *)(uintptr_t)engine->version.data);
    memory_free((char *)(uintptr_t)engine->settings_text.data);
    memory_free(engine);
}

/* All that wait are looked at once more: should the log end within a command, nobody is forgotten. */
void engine_start(struct engine *engine, int64_t now_ms)
{
    struct map_slot slot;
    if (now_ms > engine->now_ms) engine->now_ms = now_ms;
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); ) agent_renew_lease(engine, slot.value, engine->now_ms);
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) {
        struct conversation *conversation = slot.value;
        if (conversation->state == CONVERSATION_WAITING) conversation_freshen(engine, conversation);
    }
    deadline_settle(engine);
}

int64_t engine_next_wake(const struct engine *engine)
{
    if (!TAILQ_EMPTY(&engine->fresh) || !TAILQ_EMPTY(&engine->fresh_agents)) return engine->now_ms;
    const struct heap_node *first = heap_first(&engine->deadlines);
    return first ? first->key : INT64_MAX;
}

uint64_t engine_seq(const struct engine *engine) { return engine->seq; }
int64_t engine_at_ms(const struct engine *engine) { return engine->at_ms; }
const struct settings *engine_settings(const struct engine *engine) { return &engine->settings; }
