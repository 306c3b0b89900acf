#include "engine/conversation.h"

#include "engine/agent.h"
#include "engine/customer.h"
#include "engine/deadline.h"
#include "engine/proof.h"

#define MAY(state) (1u << CONVERSATION_##state)

/* X(STATE, name on the wire, where it may go) */
#define CONVERSATION_STATE_TABLE(X) \
    X(ASSISTANT, "assistant", MAY(WAITING) | MAY(ACTIVE) | MAY(RESOLVED)) \
    X(WAITING, "waiting", MAY(WAITING) | MAY(ACTIVE) | MAY(RESOLVED)) \
    X(ACTIVE, "active", MAY(WAITING) | MAY(ACTIVE) | MAY(RESOLVED)) \
    X(RESOLVED, "resolved", MAY(ASSISTANT))

const char *const conversation_state_names[CONVERSATION_STATES] = {
#define X(state, name, may) [CONVERSATION_##state] = name,
    CONVERSATION_STATE_TABLE(X)
#undef X
};

static const unsigned allowed_moves[CONVERSATION_STATES] = {
#define X(state, name, may) [CONVERSATION_##state] = may,
    CONVERSATION_STATE_TABLE(X)
#undef X
};

static int64_t let_go_at(const struct engine *engine, const struct conversation *conversation)
{
    int64_t rated = engine->settings.reopen_window_ms + CONVERSATION_RATING_MS, seen = engine->settings.look_back_ms;
    return conversation->resolved_at + (rated > seen ? rated : seen);
}

/* Nearly always it is an open one, and their map is small. */
struct conversation *conversation_get(const struct engine *engine, uint64_t id)
{
    struct conversation *conversation = id ? map_get(&engine->open, id) : NULL;
    return conversation || !id ? conversation : map_get(&engine->conversations, id);
}

struct conversation *conversation_find(const struct engine *engine, uint64_t id, int64_t now_ms)
{
    struct conversation *conversation = conversation_get(engine, id);
    if (!conversation || conversation_is_open(conversation)) return conversation;
    return let_go_at(engine, conversation) <= now_ms ? NULL : conversation;
}

struct conversation *conversation_new(struct engine *engine, uint64_t id, struct customer *customer)
{
    struct conversation *conversation = pool_take(&engine->conversation_pool);
    conversation->id = id;
    conversation->customer = customer;
    conversation->language = conversation->topic = conversation->skills = engine->symbols.none;
    map_put(&engine->conversations, id, conversation);
    customer_add_conversation(engine, customer, conversation);
    return conversation;
}

static struct group *group_of(struct engine *engine, struct conversation *conversation)
{
    uint64_t skills = symbol_skills(&engine->symbols, conversation->skills);
    int language = symbol_language(&engine->symbols, conversation->language);
    return groups_get(&engine->queue, skills, (uint32_t)1 << language);
}

void conversation_join_group(struct engine *engine, struct conversation *conversation)
{
    conversation->group = group_of(engine, conversation);
    if (!conversation->group->waiting++) engine->queue.crowded++;
}

static void leave_group(struct engine *engine, struct conversation *conversation)
{
    must(conversation->group->waiting);
    if (!--conversation->group->waiting) engine->queue.crowded--;
    conversation->group = NULL;
}

void conversation_unqueue(struct engine *engine, struct conversation *conversation)
{
    if (!heap_holds(&conversation->queued)) return;
    if (conversation->queued_for) heap_remove(&conversation->queued_for->personal, &conversation->queued);
    else groups_remove(&engine->queue, conversation->group, &conversation->queued);
    conversation->queued_for = NULL;
}

void conversation_requeue(struct engine *engine, struct conversation *conversation)
{
    must(conversation->state == CONVERSATION_WAITING && !heap_holds(&conversation->queued));
    if (conversation->offer) return;
    int64_t key = conversation->wait_from;
    if (!conversation->to_agent) {
        groups_push(&engine->queue, conversation->group, &conversation->queued, key, conversation->id);
    } else {
        /* Nobody there any more: it stands in no heap until its deadline queues it for everybody. */
        conversation->queued_for = map_get(&engine->agents, conversation->to_agent);
        if (conversation->queued_for)
            heap_push(&conversation->queued_for->personal, &conversation->queued, key, conversation->id);
    }
    conversation_freshen(engine, conversation);
}

static void enter(struct engine *engine, struct conversation *conversation)
{
    engine->state_count[conversation->state]++;
    switch (conversation->state) {
    case CONVERSATION_WAITING:
        conversation_join_group(engine, conversation);
        heap_push(&engine->waiting, &conversation->waiting, conversation->wait_from, conversation->id);
        conversation_requeue(engine, conversation);
        break;
    case CONVERSATION_ACTIVE:
        agent_add_active(engine, conversation->owner, conversation);
        break;
    case CONVERSATION_RESOLVED:
        TAILQ_INSERT_TAIL(&engine->resolved, conversation, of_resolved);
        break;
    case CONVERSATION_ASSISTANT:
    case CONVERSATION_STATES: break;
    }
    if (conversation_is_open(conversation)) {
        map_put(&engine->open, conversation->id, conversation);
        conversation->customer->open++;
    }
    conversation_refresh_deadline(engine, conversation);
}

static void leave(struct engine *engine, struct conversation *conversation)
{
    engine->state_count[conversation->state]--;
    switch (conversation->state) {
    case CONVERSATION_WAITING:
        must(!conversation->offer);
        conversation_unqueue(engine, conversation);
        heap_remove(&engine->waiting, &conversation->waiting);
        leave_group(engine, conversation);
        break;
    case CONVERSATION_ACTIVE:
        agent_remove_active(engine, conversation->owner, conversation);
        conversation->owner = NULL;
        break;
    case CONVERSATION_RESOLVED:
        TAILQ_REMOVE(&engine->resolved, conversation, of_resolved);
        return;
    case CONVERSATION_ASSISTANT:
    case CONVERSATION_STATES: break;
    }
    map_remove(&engine->open, conversation->id);
    conversation->customer->open--;
}

static void move(struct engine *engine, struct conversation *conversation, enum conversation_state to)
{
    must(allowed_moves[conversation->state] >> to & 1);
    leave(engine, conversation);
    conversation->state = to;
}

void conversation_place(struct engine *engine, struct conversation *conversation)
{
    enter(engine, conversation);
}

void conversation_assistant(struct engine *engine, struct conversation *conversation)
{
    move(engine, conversation, CONVERSATION_ASSISTANT);
    enter(engine, conversation);
}

void conversation_wait(struct engine *engine, struct conversation *conversation)
{
    if (conversation->state != CONVERSATION_WAITING) conversation_forget_decliners(engine, conversation);
    move(engine, conversation, CONVERSATION_WAITING);
    enter(engine, conversation);
}

void conversation_activate(struct engine *engine, struct conversation *conversation, struct agent *agent)
{
    conversation_forget_decliners(engine, conversation);
    move(engine, conversation, CONVERSATION_ACTIVE);
    conversation->owner = agent;
    enter(engine, conversation);
}

void conversation_resolve(struct engine *engine, struct conversation *conversation)
{
    conversation_forget_decliners(engine, conversation);
    if (conversation->guests) pool_give(&engine->guests_pool, conversation->guests);
    conversation->guests = NULL;
    proof_forget(engine, conversation);
    move(engine, conversation, CONVERSATION_RESOLVED);
    enter(engine, conversation);
}

/* Of the rests whose end nobody has noticed yet: it may have passed. */
static int64_t earliest_rest(const struct conversation *conversation)
{
    int64_t earliest = DEADLINE_NEVER;
    for (size_t i = 0; conversation->decliners && i < conversation->decliners->count; i++) {
        int64_t until = conversation->decliners->items[i].until;
        if (until > conversation->looked_ms && until < earliest) earliest = until;
    }
    return earliest;
}

static int64_t next_deadline(const struct engine *engine, const struct conversation *conversation)
{
    const struct settings *settings = &engine->settings;
    int64_t at = DEADLINE_NEVER, other = DEADLINE_NEVER;
    if (conversation->state == CONVERSATION_ASSISTANT) {
        at = conversation->last_at + settings->idle_close_ms + (conversation->approvals ? settings->approval_patience_ms : 0);
        if (conversation->turn) other = conversation->turn_at + settings->assistant_patience_ms;
    } else if (conversation->state == CONVERSATION_WAITING && !conversation->offer) {
        at = earliest_rest(conversation);
        if (conversation->to_agent) other = conversation->queued_at + 2 * settings->offer_patience_ms;
    }
    return other < at ? other : at;
}

void conversation_refresh_deadline(struct engine *engine, struct conversation *conversation)
{
    deadline_set(engine, &conversation->deadline, DEADLINE_CONVERSATION, conversation->id,
                 next_deadline(engine, conversation));
}

void conversation_looked(struct engine *engine, struct conversation *conversation)
{
    if (conversation->looked_ms == engine->now_ms) return;
    conversation->looked_ms = engine->now_ms;
    if (conversation->decliners) conversation_refresh_deadline(engine, conversation);
}

void conversation_freshen(struct engine *engine, struct conversation *conversation)
{
    if (conversation->fresh) return;
    conversation->fresh = true;
    TAILQ_INSERT_TAIL(&engine->fresh, conversation, of_fresh);
}

bool conversation_rests(const struct conversation *conversation, uint64_t agent, int64_t now_ms)
{
    for (size_t i = 0; conversation->decliners && i < conversation->decliners->count; i++) {
        const struct decliner *decliner = &conversation->decliners->items[i];
        if (decliner->agent == agent) return decliner->until > now_ms;
    }
    return false;
}

/* The slot of this agent, else a new one, else that of the rest that ends first. */
static struct decliner *decliner_slot(struct decliners *decliners, uint64_t agent)
{
    struct decliner *slot = &decliners->items[0];
    for (size_t i = 0; i < decliners->count; i++) {
        if (decliners->items[i].agent == agent) return &decliners->items[i];
        if (decliners->items[i].until < slot->until) slot = &decliners->items[i];
    }
    return decliners->count < LIMIT_DECLINERS ? &decliners->items[decliners->count++] : slot;
}

void conversation_rest(struct engine *engine, struct conversation *conversation, uint64_t agent, int64_t until)
{
    if (!conversation->decliners) conversation->decliners = pool_take(&engine->decliners_pool);
    *decliner_slot(conversation->decliners, agent) = (struct decliner){ agent, until };
}

void conversation_forget_decliners(struct engine *engine, struct conversation *conversation)
{
    if (conversation->decliners) pool_give(&engine->decliners_pool, conversation->decliners);
    conversation->decliners = NULL;
}

bool conversation_has_guest(const struct conversation *conversation, uint64_t agent)
{
    for (size_t i = 0; conversation->guests && i < conversation->guests->count; i++)
        if (conversation->guests->ids[i] == agent) return true;
    return false;
}

void conversation_add_guest(struct engine *engine, struct conversation *conversation, uint64_t agent)
{
    if (!conversation->guests) conversation->guests = pool_take(&engine->guests_pool);
    must(conversation->guests->count < STATE_GUESTS);
    conversation->guests->ids[conversation->guests->count++] = agent;
}

void conversation_remove_guest(struct engine *engine, struct conversation *conversation, uint64_t agent)
{
    struct guests *guests = conversation->guests;
    must(guests);
    size_t i = 0;
    while (i < guests->count && guests->ids[i] != agent) i++;
    must(i < guests->count);
    memmove(&guests->ids[i], &guests->ids[i + 1], (guests->count - i - 1) * sizeof guests->ids[0]);
    if (--guests->count) return;
    pool_give(&engine->guests_pool, guests);
    conversation->guests = NULL;
}

void conversation_let_go(struct engine *engine, int64_t at_ms)
{
    for (struct conversation *first; (first = TAILQ_FIRST(&engine->resolved)); ) {
        if (let_go_at(engine, first) > at_ms) return;
        TAILQ_REMOVE(&engine->resolved, first, of_resolved);
        engine->state_count[CONVERSATION_RESOLVED]--;
        if (first->fresh) TAILQ_REMOVE(&engine->fresh, first, of_fresh);
        map_remove(&engine->conversations, first->id);
        customer_remove_conversation(engine, first->customer, first, at_ms);
        pool_give(&engine->conversation_pool, first);
    }
}
