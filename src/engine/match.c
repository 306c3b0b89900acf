#include "engine/match.h"

#include "engine/agent.h"
#include "engine/conversation.h"

struct pair {
    const struct engine *engine;
    const struct agent *agent;
    const struct conversation *conversation;
    int64_t now_ms;
};

static bool may_take_conversation(const void *context, const struct heap_node *node)
{
    const struct pair *pair = context;
    const struct conversation *conversation = CONTAINER_OF(node, struct conversation, queued);
    return !conversation_rests(conversation, pair->agent->id, pair->now_ms);
}

static bool may_take_personal(const void *context, const struct heap_node *node)
{
    const struct pair *pair = context;
    const struct conversation *conversation = CONTAINER_OF(node, struct conversation, queued);
    return agent_suits(pair->engine, pair->agent, conversation->group) && may_take_conversation(context, node);
}

static bool may_be_taken_by(const void *context, const struct heap_node *node)
{
    const struct pair *pair = context;
    return !conversation_rests(pair->conversation, CONTAINER_OF(node, struct agent, free)->id, pair->now_ms);
}

static bool stands_before(const struct group_head *head, const struct heap_node *best)
{
    return !best || head->key < best->key || (head->key == best->key && head->tie < best->tie);
}

struct agent *match_agent(const struct engine *engine, const struct conversation *conversation, int64_t now_ms)
{
    const struct group *need = conversation->group;
    struct pair pair = { .engine = engine, .conversation = conversation, .now_ms = now_ms };
    if (conversation->to_agent) {
        struct agent *agent = conversation->queued_for;
        bool can = agent && heap_holds(&agent->free) && agent_suits(engine, agent, need) &&
                   may_be_taken_by(&pair, &agent->free);
        return can ? agent : NULL;
    }
    struct heap_node *best = NULL;
    struct group_filter filter = group_with_all(need->skills, need->languages);
    for (size_t i = 0; (i = groups_next(&engine->free, i, filter)) < engine->free.count; i++) {
        const struct group_head *head = &engine->free.heads[i];
        if (stands_before(head, best)) best = group_first(&head->group->members, may_be_taken_by, &pair, best);
    }
    return best ? CONTAINER_OF(best, struct agent, free) : NULL;
}

struct conversation *match_conversation(const struct engine *engine, const struct agent *agent, int64_t now_ms)
{
    const struct group *can = agent->group;
    struct pair pair = { .engine = engine, .agent = agent, .now_ms = now_ms };
    struct heap_node *best = group_first(&agent->personal, may_take_personal, &pair, NULL);
    struct group_filter filter = group_within(can->skills, can->languages);
    for (size_t i = 0; (i = groups_next(&engine->queue, i, filter)) < engine->queue.count; i++) {
        const struct group_head *head = &engine->queue.heads[i];
        if (stands_before(head, best)) best = group_first(&head->group->members, may_take_conversation, &pair, best);
    }
    return best ? CONTAINER_OF(best, struct conversation, queued) : NULL;
}

static void make_offer(struct decision *decision, struct conversation *conversation, const struct agent *agent)
{
    struct event *event = decide_event(decision, EVENT_OFFER_MADE, conversation);
    event->agent = agent->id;
    event->offer_made = (struct event_offer_made){
        .offer = decision->engine->last_offer + 1,
        .expires_at = decision->now_ms + decision->engine->settings.offer_patience_ms,
        .topic = conversation->topic->text, .language = conversation->language->text,
        .wait_from = conversation->wait_from, .appointment = conversation->appointment };
    decide_emit(decision, event);
}

/* Candidates stand in the order of the conversation that they would take or are. */
static void add_candidate(struct engine *engine, struct candidate *candidate, bool is_agent,
                          const struct conversation *conversation)
{
    candidate->is_agent = is_agent;
    candidate->last_offer = engine->last_offer;
    heap_push(&engine->candidates, &candidate->node, conversation->wait_from, conversation->id << 1 | is_agent);
}

static void try_agent(struct decision *decision, struct agent *agent)
{
    struct engine *engine = decision->engine;
    if (!heap_holds(&agent->free)) return;
    struct conversation *conversation = match_conversation(engine, agent, decision->now_ms);
    if (conversation) add_candidate(engine, &agent->candidate, true, conversation);
}

/* What an agent would take may be gone since the candidate was added: then the next is looked for. */
static void take_candidate(struct decision *decision, struct candidate *candidate)
{
    struct engine *engine = decision->engine;
    if (!candidate->is_agent) {
        struct conversation *conversation = CONTAINER_OF(candidate, struct conversation, candidate);
        if (conversation->state != CONVERSATION_WAITING || conversation->offer) return;
        const struct agent *agent = match_agent(engine, conversation, decision->now_ms);
        if (agent) make_offer(decision, conversation, agent);
        return;
    }
    struct agent *agent = CONTAINER_OF(candidate, struct agent, candidate);
    uint64_t wanted = candidate->node.tie >> 1;
    if (!heap_holds(&agent->free)) return;
    struct conversation *conversation = candidate->last_offer == engine->last_offer
        ? conversation_get(engine, wanted) : match_conversation(engine, agent, decision->now_ms);
    if (conversation && conversation->id == wanted) {
        make_offer(decision, conversation, match_agent(engine, conversation, decision->now_ms));
        try_agent(decision, agent);
    } else if (conversation) {
        add_candidate(engine, candidate, true, conversation);
    }
}

void match_run(struct decision *decision)
{
    struct engine *engine = decision->engine;
    for (struct agent *agent; (agent = TAILQ_FIRST(&engine->fresh_agents)); ) {
        TAILQ_REMOVE(&engine->fresh_agents, agent, of_fresh);
        agent->fresh = false;
        try_agent(decision, agent);
    }
    for (struct conversation *conversation; (conversation = TAILQ_FIRST(&engine->fresh)); ) {
        TAILQ_REMOVE(&engine->fresh, conversation, of_fresh);
        conversation->fresh = false;
        if (conversation->state != CONVERSATION_WAITING || conversation->offer) continue;
        conversation_looked(engine, conversation);
        add_candidate(engine, &conversation->candidate, false, conversation);
    }
    for (struct heap_node *first; (first = heap_first(&engine->candidates)); ) {
        heap_remove(&engine->candidates, first);
        take_candidate(decision, CONTAINER_OF(first, struct candidate, node));
    }
}
