#include "invariant.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "engine/agent.h"
#include "engine/conversation.h"

#define ID(x) (unsigned long long)(x)

_Noreturn void invariant_broken(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("broken: ", stdout);
    vprintf(format, args);
    puts("");
    va_end(args);
    fflush(stdout);
    abort();
}

/* P3: what somebody has, is asked for, or still finishes takes a place each. */
static int places_of(const struct agent *agent)
{
    return agent->capacity - agent->active_count - agent->offer_count - agent->wrapup_count;
}

/* --- conversations and offers --- */

static bool in_heap(const struct heap *heap, const struct heap_node *node)
{
    return node->place && node->place <= heap->count && heap->nodes[node->place - 1] == node;
}

static bool lists_conversation(const struct agent *agent, const struct conversation *conversation)
{
    for (int i = 0; i < agent->active_count; i++)
        if (agent->active[i] == conversation) return true;
    return false;
}

static bool lists_offer(const struct agent *agent, const struct offer *offer)
{
    for (int i = 0; i < agent->offer_count; i++)
        if (agent->offers[i] == offer) return true;
    return false;
}

/* Somebody will be offered it: by an offer that ends, from a heap, or when its deadline comes. */
static bool is_reachable(const struct engine *engine, const struct conversation *conversation)
{
    if (conversation->offer) return in_heap(&engine->deadlines, &conversation->offer->deadline.node);
    if (!conversation->to_agent) return in_heap(&conversation->group->members, &conversation->queued);
    if (!in_heap(&engine->deadlines, &conversation->deadline.node)) return false;
    const struct agent *agent = agent_find(engine, conversation->to_agent);
    return !agent || in_heap(&agent->personal, &conversation->queued);
}

static void check_waiting(const struct engine *engine, struct conversation *conversation)
{
    uint64_t skills = symbol_list_skills(&engine->settings, conversation->skills->text);
    int language = settings_language(&engine->settings, conversation->language->text);
    const struct group *group = conversation->group;
    invariant(in_heap(&engine->waiting, &conversation->waiting) &&
              conversation->waiting.key == conversation->wait_from,
              "conversation %llu waits but is not among the waiting", ID(conversation->id));
    invariant(group && group->skills == skills && group->languages == (uint32_t)1 << (language < 0 ? 0 : language),
              "conversation %llu is in the wrong group", ID(conversation->id));
    invariant(!conversation->offer || !heap_holds(&conversation->queued),
              "conversation %llu is offered and queued", ID(conversation->id));
    const struct offer *offer = conversation->offer;
    if (!offer) return;
    invariant(offer->conversation == conversation && map_get(&engine->offers, offer->id) == offer,
              "offer %llu does not fit its conversation", ID(offer->id));
    invariant(lists_offer(offer->agent, offer), "agent %llu does not know offer %llu", ID(offer->agent->id), ID(offer->id));
    invariant(offer->deadline.at_ms == offer->expires_at, "offer %llu has a wrong deadline", ID(offer->id));
}

static void check_conversation(const struct engine *engine, struct conversation *conversation)
{
    bool waits = conversation->state == CONVERSATION_WAITING, active = conversation->state == CONVERSATION_ACTIVE;
    invariant(active == (conversation->owner != NULL), "conversation %llu: state %s does not fit its owner",
              ID(conversation->id), conversation_state_names[conversation->state]);
    invariant(!active || lists_conversation(conversation->owner, conversation),
              "conversation %llu is not on its owner's list", ID(conversation->id));
    invariant(waits || (!conversation->offer && !heap_holds(&conversation->queued) &&
                        !heap_holds(&conversation->waiting)),
              "conversation %llu is %s but still queued", ID(conversation->id),
              conversation_state_names[conversation->state]);
    invariant(conversation->state == CONVERSATION_ASSISTANT || !conversation->turn,
              "conversation %llu left the assistant but owes it a turn", ID(conversation->id));
    invariant(conversation->state != CONVERSATION_ASSISTANT || heap_holds(&conversation->deadline.node),
              "conversation %llu would stay with the assistant for ever", ID(conversation->id));
    invariant(conversation_is_open(conversation) == (map_get(&engine->open, conversation->id) == conversation),
              "conversation %llu is not in the map of open ones, or is", ID(conversation->id));
    invariant(!conversation->handler || !conversation_is_open(conversation),
              "conversation %llu is open, but agent %llu may still look back at it", ID(conversation->id), ID(conversation->handler));
    if (waits) check_waiting(engine, conversation);
}

static void check_conversations(const struct engine *engine)
{
    size_t counts[CONVERSATION_STATES] = { 0 }, offers = 0;
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->conversations, &i, &slot); ) {
        struct conversation *conversation = slot.value;
        check_conversation(engine, conversation);
        counts[conversation->state]++;
        offers += conversation->offer != NULL;
    }
    for (int state = 0; state < CONVERSATION_STATES; state++)
        invariant(counts[state] == engine->state_count[state], "%zu conversations are %s, but the sum says %zu",
                  counts[state], conversation_state_names[state], engine->state_count[state]);
    invariant(offers == engine->offers.count, "%zu offers belong to conversations, %zu exist", offers, engine->offers.count);
    invariant(counts[CONVERSATION_WAITING] == engine->waiting.count, "the heap of the waiting has the wrong size");
    approvals_check(engine);
}

/* --- customers --- */

static void check_customers(const struct engine *engine)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->customers, &i, &slot); ) {
        const struct customer *customer = slot.value;
        const struct conversation *conversation;
        int open = 0;
        uint64_t last = UINT64_MAX;
        TAILQ_FOREACH(conversation, &customer->conversations, of_customer) {
            invariant(conversation->customer == customer && conversation->id < last,
                      "customer %llu has a wrong list of conversations", ID(customer->id));
            last = conversation->id;
            open += conversation_is_open(conversation);
        }
        invariant(open == customer->open, "customer %llu has %d open conversations, not %d",
                  ID(customer->id), open, customer->open);
    }
}

/* --- agents --- */

static void check_agent(const struct engine *engine, struct agent *agent)
{
    int places = places_of(agent);
    bool online = agent->state == AGENT_ONLINE;
    invariant(heap_holds(&agent->free) == (online && places > 0),
              "agent %llu is %s with %d free places, but is%s among the free", ID(agent->id),
              agent_state_names[agent->state], places, heap_holds(&agent->free) ? "" : " not");
    invariant(!heap_holds(&agent->free) || (in_heap(&agent->group->members, &agent->free) &&
                                            agent->free.key == agent->idle_since),
              "agent %llu stands in a wrong place among the free", ID(agent->id));
    invariant(agent->group->skills == symbol_list_skills(&engine->settings, agent->skills) &&
              agent->group->languages == symbol_list_languages(&engine->settings, agent->languages),
              "agent %llu is in the wrong group", ID(agent->id));
    invariant(agent->state == AGENT_OFFLINE || heap_holds(&agent->lease.node),
              "agent %llu is %s without a lease", ID(agent->id), agent_state_names[agent->state]);
    for (int i = 0; i < agent->active_count; i++)
        invariant(agent->active[i]->owner == agent && (!i || agent->active[i - 1]->id < agent->active[i]->id),
                  "agent %llu has a wrong list of conversations", ID(agent->id));
    for (int i = 0; i < agent->wrapup_count; i++)
        invariant(agent->wrapups[i]->deadline.at_ms == agent->wrapups[i]->until &&
                  in_heap(&engine->deadlines, &agent->wrapups[i]->deadline.node),
                  "agent %llu would wrap up for ever", ID(agent->id));
    invariant(agent->session_count <= LIMIT_SESSIONS_PER_AGENT + 1, "agent %llu has too many sessions", ID(agent->id));
}

static void check_agents(const struct engine *engine)
{
    size_t counts[AGENT_STATES] = { 0 }, free_places = 0;
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); ) {
        struct agent *agent = slot.value;
        check_agent(engine, agent);
        counts[agent->state]++;
        if (agent->state == AGENT_ONLINE && places_of(agent) > 0) free_places += (size_t)places_of(agent);
    }
    for (int state = 0; state < AGENT_STATES; state++)
        invariant(counts[state] == engine->agents_in[state], "%zu agents are %s, but the sum says %zu",
                  counts[state], agent_state_names[state], engine->agents_in[state]);
    invariant(free_places == engine->free_places, "%zu places are free, but the sum says %zu", free_places,
              engine->free_places);
}

static void check_groups(const struct groups *groups, bool agents)
{
    for (size_t i = 0; i < groups->count; i++) {
        const struct group_head *head = &groups->heads[i];
        const struct heap_node *first = heap_first(&head->group->members);
        invariant(first && first->key == head->key && first->tie == head->tie && head->group->place == i + 1,
                  "the head of a group of %s is wrong", agents ? "agents" : "conversations");
    }
}

static void check_sound(const struct engine *engine)
{
    check_conversations(engine);
    check_customers(engine);
    check_agents(engine);
    check_groups(&engine->queue, false);
    check_groups(&engine->free, true);
}

/* --- who could take what, by looking at everybody --- */

static bool fits(const struct engine *engine, const struct agent *agent, const struct conversation *conversation)
{
    uint64_t skills = symbol_list_skills(&engine->settings, conversation->skills->text);
    uint64_t has = symbol_list_skills(&engine->settings, agent->skills);
    int language = settings_language(&engine->settings, conversation->language->text);
    uint32_t speaks = symbol_list_languages(&engine->settings, agent->languages);
    return (has & skills) == skills && (speaks >> (language < 0 ? 0 : language) & 1) &&
           (!conversation->to_agent || conversation->to_agent == agent->id);
}

static bool can_take(const struct engine *engine, const struct agent *agent, const struct conversation *conversation,
                     int64_t now_ms)
{
    return agent->state == AGENT_ONLINE && places_of(agent) > 0 && fits(engine, agent, conversation) &&
           !conversation_rests(conversation, agent->id, now_ms);
}

static const struct agent *longest_idle(const struct engine *engine, const struct conversation *conversation, int64_t now_ms)
{
    const struct agent *best = NULL;
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); ) {
        const struct agent *agent = slot.value;
        if (!can_take(engine, agent, conversation, now_ms)) continue;
        if (!best || agent->idle_since < best->idle_since ||
            (agent->idle_since == best->idle_since && agent->id < best->id)) best = agent;
    }
    return best;
}

/* The conversation that must be offered next, and to whom; NULL if none can be. */
static const struct conversation *next_to_offer(const struct engine *engine, int64_t now_ms, const struct agent **agent)
{
    const struct conversation *best = NULL;
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) {
        const struct conversation *conversation = slot.value;
        if (conversation->state != CONVERSATION_WAITING || conversation->offer) continue;
        if (best && (conversation->wait_from > best->wait_from ||
                     (conversation->wait_from == best->wait_from && conversation->id > best->id))) continue;
        const struct agent *taker = longest_idle(engine, conversation, now_ms);
        if (!taker) continue;
        best = conversation;
        *agent = taker;
    }
    return best;
}

void invariant_settled(const struct engine *engine)
{
    const struct agent *agent;
    check_sound(engine);
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) {
        struct conversation *conversation = slot.value;
        if (conversation->state == CONVERSATION_WAITING)
            invariant(is_reachable(engine, conversation), "conversation %llu waits where nobody looks", ID(conversation->id));
        if (conversation->owner)
            invariant(conversation->owner->state != AGENT_OFFLINE, "conversation %llu belongs to agent %llu, who is gone",
                      ID(conversation->id), ID(conversation->owner->id));
        if (conversation->offer)
            invariant(conversation->offer->agent->state == AGENT_ONLINE && fits(engine, conversation->offer->agent, conversation) &&
                      places_of(conversation->offer->agent) >= 0,
                      "offer %llu is to somebody who may not take it", ID(conversation->offer->id));
    }
    const struct conversation *left = next_to_offer(engine, engine->now_ms, &agent);
    /* A rest that has ended by itself is seen at the next wake, which is due then. */
    invariant(!left || engine_next_wake(engine) <= engine->now_ms,
              "conversation %llu waits although agent %llu could take it", ID(left->id), ID(agent->id));
}

void invariant_awake(const struct engine *engine)
{
    const struct agent *agent;
    invariant(engine_next_wake(engine) > engine->now_ms, "the engine was woken and still wants to be");
    const struct conversation *left = next_to_offer(engine, engine->now_ms, &agent);
    invariant(!left, "after a wake, conversation %llu waits although agent %llu could take it", ID(left->id), ID(agent->id));
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) {
        const struct conversation *conversation = slot.value;
        invariant(!conversation->turn ||
                  conversation->turn_at + engine->settings.assistant_patience_ms > engine->now_ms,
                  "the assistant of conversation %llu is silent for too long", ID(conversation->id));
    }
}

/* What is missing in the bytes would be missing in both: so the rest of the program's view as well. */
static void compare_views(const struct engine *a, const struct engine *b)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&a->conversations, &i, &slot); ) {
        struct conversation_view x = { 0 }, y = { 0 };
        invariant(engine_conversation(a, slot.key, &x) && engine_conversation(b, slot.key, &y) &&
                  x.customer == y.customer && x.agent == y.agent && x.state == y.state && str_equal(x.language, y.language) &&
                  str_equal(x.topic, y.topic) && x.opened_at == y.opened_at && x.wait_from == y.wait_from &&
                  x.last_at == y.last_at && x.offer == y.offer && x.offered_to == y.offered_to &&
                  x.appointment == y.appointment && x.turn == y.turn && x.last_message == y.last_message &&
                  x.customer_read == y.customer_read && x.customer_delivered == y.customer_delivered &&
                  x.staff_read == y.staff_read && x.staff_delivered == y.staff_delivered &&
                  x.failed_turns == y.failed_turns && x.stars == y.stars && x.recontact == y.recontact,
                  "two engines see conversation %llu differently", ID(slot.key));
    }
    for (size_t i = 0; map_next(&a->agents, &i, &slot); ) {
        struct agent_view x = { 0 }, y = { 0 };
        invariant(engine_agent(a, slot.key, &x) && engine_agent(b, slot.key, &y) && x.state == y.state &&
                  str_equal(x.role, y.role) && str_equal(x.pool, y.pool) && str_equal(x.skills, y.skills) &&
                  str_equal(x.languages, y.languages) && x.capacity == y.capacity && x.active == y.active &&
                  x.wrapping == y.wrapping && x.offered == y.offered && x.state_since == y.state_since,
                  "two engines see agent %llu differently", ID(slot.key));
    }
}

void invariant_equal(const struct engine *a, const struct engine *b)
{
    struct buf x, y;
    buf_init(&x, LIMIT_SNAPSHOT);
    buf_init(&y, LIMIT_SNAPSHOT);
    engine_encode(a, &x);
    engine_encode(b, &y);
    invariant(str_equal(buf_str(&x), buf_str(&y)), "two engines at event %llu have different states (%zu and %zu bytes)",
              ID(engine_seq(a)), x.len, y.len);
    buf_free(&x);
    buf_free(&y);
    compare_views(a, b);
}

/* --- the story of each conversation, from the events alone --- */

#define SHADOW_RESTS 64 /* far above the number of agents, so that none gives way to another */

enum shadow_owner { OWNER_ASSISTANT, OWNER_QUEUE, OWNER_AGENT, OWNER_NOBODY };

struct shadow_conversation {
    uint64_t customer, agent, offer;
    uint64_t asked, accepted;    /* the agent who is offered it; who has just accepted it */
    enum shadow_owner owner;
    int64_t wait_from, expires_at;
    uint64_t served_by; /* who has to wrap it up now, or 0 */
    bool requested; /* a person was promised, and the queue or an agent must come next */
    struct decliner rests[SHADOW_RESTS];
    size_t rest_count;
};

struct shadow {
    struct map conversations, paraphrases;
    struct map idle; /* by agent: an int64_t, when work last came or went */
    struct proofs *proofs;
    struct acts *acts;
    struct approvals *approvals;
    uint64_t seq;
    int64_t at_ms;
    bool in_order;
};

struct shadow *shadow_new(void)
{
    struct shadow *shadow = MEMORY_NEW(struct shadow);
    shadow->proofs = proofs_new();
    shadow->acts = acts_new();
    shadow->approvals = approvals_new();
    return shadow;
}

void shadow_free(struct shadow *shadow)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&shadow->conversations, &i, &slot); ) memory_free(slot.value);
    map_free(&shadow->conversations);
    for (size_t i = 0; map_next(&shadow->idle, &i, &slot); ) memory_free(slot.value);
    map_free(&shadow->idle);
    proofs_free(shadow->proofs);
    acts_free(shadow->acts);
    approvals_free(shadow->approvals);
    invariant_paraphrase_free(&shadow->paraphrases);
    memory_free(shadow);
}

static struct shadow_conversation *find(struct shadow *shadow, const struct event *event)
{
    struct shadow_conversation *conversation = event->conversation ? map_get(&shadow->conversations, event->conversation) : NULL;
    if (conversation || event->kind != EVENT_CONVERSATION_OPENED) return conversation;
    conversation = MEMORY_NEW(struct shadow_conversation);
    conversation->customer = event->customer;
    map_put(&shadow->conversations, event->conversation, conversation);
    return conversation;
}

/* The agent who has it, or 0. */
static uint64_t former_of(const struct shadow_conversation *conversation)
{
    return conversation && conversation->owner == OWNER_AGENT ? conversation->agent : 0;
}

static void note_rest(struct shadow_conversation *conversation, const struct event *event, int64_t rest_ms)
{
    struct str outcome = event->offer_ended.outcome;
    if (!str_equal(outcome, STR("declined")) && !str_equal(outcome, STR("expired"))) return;
    size_t i = 0;
    while (i < conversation->rest_count && conversation->rests[i].agent != event->agent) i++;
    must(i < SHADOW_RESTS);
    conversation->rests[i] = (struct decliner){ event->agent, event->at_ms + rest_ms };
    if (i == conversation->rest_count) conversation->rest_count++;
}

static void check_rest(const struct shadow_conversation *conversation, const struct event *event)
{
    for (size_t i = 0; i < conversation->rest_count; i++)
        invariant(conversation->rests[i].agent != event->agent || conversation->rests[i].until <= event->at_ms,
                  "event %llu offers conversation %llu to agent %llu again, too soon", ID(event->seq),
                  ID(event->conversation), ID(event->agent));
}

static void check_offer(const struct shadow *shadow, const struct engine *replica, const struct event *event)
{
    const struct conversation *offered = map_get(&replica->conversations, event->conversation);
    const struct agent *asked = agent_find(replica, event->agent);
    invariant(offered && asked && can_take(replica, asked, offered, event->at_ms),
              "event %llu offers conversation %llu to agent %llu, who may not take it", ID(event->seq),
              ID(event->conversation), ID(event->agent));
    if (!shadow->in_order) return;
    const struct agent *agent = NULL;
    const struct conversation *next = next_to_offer(replica, event->at_ms, &agent);
    invariant(next && next->id == event->conversation && agent->id == event->agent,
              "event %llu offers conversation %llu to agent %llu; the rule says conversation %llu to agent %llu",
              ID(event->seq), ID(event->conversation), ID(event->agent), ID(next ? next->id : 0), ID(next ? agent->id : 0));
}

/* P3: by an offer, only who is online, has the place that the offer kept, and suits. */
static void check_assigned(const struct engine *replica, const struct shadow_conversation *conversation, const struct event *event)
{
    const struct agent *agent = agent_find(replica, event->agent);
    invariant(agent, "event %llu assigns to nobody", ID(event->seq));
    invariant(places_of(agent) > 0, "event %llu assigns to agent %llu, who is full", ID(event->seq), ID(event->agent));
    invariant(!conversation->offer, "event %llu assigns what is still offered", ID(event->seq));
    invariant(agent->state != AGENT_OFFLINE, "event %llu assigns to agent %llu, who is offline", ID(event->seq), ID(event->agent));
    if (str_equal(event->conversation_assigned.via, STR("take_over"))) return;
    invariant(agent->state == AGENT_ONLINE, "event %llu assigns to agent %llu, who is away", ID(event->seq), ID(event->agent));
    if (!str_equal(event->conversation_assigned.via, STR("offer"))) return;
    invariant(conversation->accepted == event->agent, "event %llu assigns to agent %llu; agent %llu accepted the offer",
              ID(event->seq), ID(event->agent), ID(conversation->accepted));
    invariant(fits(replica, agent, map_get(&replica->conversations, event->conversation)),
              "event %llu assigns to agent %llu, who does not suit", ID(event->seq), ID(event->agent));
}

static void before_queued(const struct shadow_conversation *conversation, const struct event *event)
{
    int64_t wait_from = event->conversation_queued.wait_from;
    invariant(!conversation->offer, "event %llu queues what is offered", ID(event->seq));
    if (conversation->owner == OWNER_QUEUE)
        invariant(wait_from == conversation->wait_from, "event %llu forgets since when the customer waits", ID(event->seq));
    else
        invariant(wait_from == event->at_ms, "event %llu begins a wait at another time", ID(event->seq));
    invariant(conversation->owner != OWNER_ASSISTANT || conversation->requested,
              "event %llu queues what nobody has asked for", ID(event->seq));
}

static void before_message(const struct shadow_conversation *conversation, const struct event *event)
{
    struct str author = event->message_sent.author;
    invariant(conversation->owner != OWNER_NOBODY, "event %llu speaks in a resolved conversation", ID(event->seq));
    if (str_equal(author, STR("assistant")))
        invariant(conversation->owner == OWNER_ASSISTANT && !conversation->requested,
                  "event %llu: the assistant speaks after a person was wanted", ID(event->seq));
    if (str_equal(author, STR("agent")))
        invariant(conversation->owner == OWNER_AGENT && conversation->agent == event->agent,
                  "event %llu: agent %llu speaks without owning the conversation", ID(event->seq), ID(event->agent));
    if (str_equal(author, STR("customer")))
        invariant(conversation->customer == event->customer, "event %llu: a stranger speaks", ID(event->seq));
}

/* P1: the assistant's silence leads to a person, never to the end. */
static void before_resolved(const struct engine *replica, const struct event *event)
{
    const struct conversation *conversation = map_get(&replica->conversations, event->conversation);
    invariant(!str_equal(event->conversation_resolved.by, STR("idle")) || !conversation->turn,
              "event %llu ends a conversation whose customer has no answer yet", ID(event->seq));
}

/* Whoever served somebody finishes that first, if the workspace leaves time for it. */
static void check_wrapup(const struct shadow_conversation *conversation, const struct engine *replica, const struct event *event)
{
    if (!conversation->served_by) return;
    const struct agent *agent = agent_find(replica, conversation->served_by);
    invariant(!agent || (event->kind == EVENT_WRAPUP_STARTED && event->agent == conversation->served_by),
              "event %llu (%s) comes where the wrap-up of agent %llu should", ID(event->seq), event_table[event->kind].name,
              ID(conversation->served_by));
}

/* After a request the next thing of this conversation is its note or the queue: no bot turn. */
static void check_promise(const struct shadow_conversation *conversation, const struct event *event)
{
    if (!conversation->requested) return;
    invariant(event->kind == EVENT_HANDOVER_NOTED || event->kind == EVENT_CONVERSATION_QUEUED,
              "event %llu (%s) stands between a request for a person and the queue", ID(event->seq),
              event_table[event->kind].name);
}

void shadow_before(struct shadow *shadow, const struct engine *replica, const struct event *event)
{
    invariant(event->seq == shadow->seq + 1, "event %llu follows %llu", ID(event->seq), ID(shadow->seq));
    invariant(event->at_ms >= shadow->at_ms, "event %llu is older than the one before", ID(event->seq));
    shadow->seq = event->seq;
    shadow->at_ms = event->at_ms;
    invariant_paraphrase_before(&shadow->paraphrases, replica, event);
    struct shadow_conversation *conversation = find(shadow, event);
    proofs_take(shadow->proofs, event);
    acts_take(shadow->acts, event);
    approvals_take(shadow->approvals, event);
    if (!conversation) return;
    invariant(!event->customer || event->customer == conversation->customer,
              "event %llu is about a conversation of another customer", ID(event->seq));
    uint64_t owner = conversation->owner == OWNER_AGENT ? conversation->agent : 0;
    invariant(event->kind == EVENT_CONVERSATION_ASSIGNED || event->owner == owner,
              "event %llu names owner %llu, but %llu owns the conversation", ID(event->seq), ID(event->owner), ID(owner));
    check_promise(conversation, event);
    check_wrapup(conversation, replica, event);
    switch (event->kind) {
    case EVENT_OFFER_MADE:
        invariant(!conversation->offer && conversation->owner == OWNER_QUEUE, "event %llu is a second offer", ID(event->seq));
        check_rest(conversation, event);
        check_offer(shadow, replica, event);
        break;
    case EVENT_OFFER_ENDED:
        invariant(conversation->offer == event->offer_ended.offer, "event %llu ends another offer", ID(event->seq));
        invariant(event->agent == conversation->asked, "event %llu ends an offer to somebody else", ID(event->seq));
        invariant(!str_equal(event->offer_ended.outcome, STR("accepted")) || event->at_ms < conversation->expires_at,
                  "event %llu accepts an offer that has expired", ID(event->seq));
        note_rest(conversation, event, replica->settings.decline_rest_ms);
        break;
    case EVENT_CONVERSATION_ASSIGNED: check_assigned(replica, conversation, event); break;
    case EVENT_CONVERSATION_QUEUED: before_queued(conversation, event); break;
    case EVENT_MESSAGE_SENT: before_message(conversation, event); break;
    case EVENT_ASSISTANT_DECIDED:
        invariant(conversation->owner == OWNER_ASSISTANT, "event %llu: the assistant decides what is not its own", ID(event->seq));
        break;
    case EVENT_CONVERSATION_RESOLVED:
        invariant(!conversation->offer && conversation->owner != OWNER_NOBODY, "event %llu resolves what cannot be", ID(event->seq));
        before_resolved(replica, event);
        break;
    default: break;
    }
}

/* Somebody is idle from coming online, from the last work taken and from the last work ended, whichever came last.
 * `former` had the conversation until this event. */
static void follow_idle(struct shadow *shadow, const struct event *event, uint64_t former)
{
    bool online = event->kind == EVENT_PRESENCE_CHANGED && str_equal(event->presence_changed.state, STR("online"));
    bool ended = event->kind == EVENT_CONVERSATION_RESOLVED || event->kind == EVENT_CONVERSATION_QUEUED ||
                 event->kind == EVENT_CONVERSATION_ASSIGNED;
    bool own = online || event->kind == EVENT_AGENT_ADDED || event->kind == EVENT_CONVERSATION_ASSIGNED || event->kind == EVENT_WRAPUP_ENDED;
    const uint64_t whose[] = { own ? event->agent : 0, ended ? former : 0 };
    for (size_t i = 0; i < ARRAY_LEN(whose); i++) {
        if (!whose[i]) continue;
        int64_t *since = map_get(&shadow->idle, whose[i]);
        if (!since) map_put(&shadow->idle, whose[i], since = MEMORY_NEW(int64_t));
        *since = event->at_ms;
    }
}

static void compare_idle(const struct shadow *shadow, const struct engine *replica)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&shadow->idle, &i, &slot); ) {
        const struct agent *agent = agent_find(replica, slot.key);
        invariant(!agent || agent->idle_since == *(int64_t *)slot.value, "after event %llu agent %llu is idle since %lld, not %lld",
                  ID(shadow->seq), ID(slot.key), (long long)agent->idle_since, (long long)*(int64_t *)slot.value);
    }
}

static void follow(struct shadow_conversation *conversation, const struct event *event)
{
    conversation->served_by = 0;
    switch (event->kind) {
    case EVENT_CONVERSATION_OPENED:
    case EVENT_CONVERSATION_REOPENED: conversation->owner = OWNER_ASSISTANT; break;
    case EVENT_HUMAN_REQUESTED: conversation->requested = true; break;
    case EVENT_CONVERSATION_QUEUED:
        conversation->owner = OWNER_QUEUE;
        conversation->wait_from = event->conversation_queued.wait_from;
        conversation->requested = false;
        break;
    case EVENT_OFFER_MADE:
        conversation->offer = event->offer_made.offer;
        conversation->asked = event->agent;
        conversation->expires_at = event->offer_made.expires_at;
        break;
    case EVENT_OFFER_ENDED:
        conversation->offer = 0;
        conversation->accepted = str_equal(event->offer_ended.outcome, STR("accepted")) ? event->agent : 0;
        break;
    case EVENT_CONVERSATION_ASSIGNED:
        conversation->owner = OWNER_AGENT;
        conversation->agent = event->agent;
        conversation->rest_count = 0;
        break;
    case EVENT_CONVERSATION_RESOLVED:
        conversation->served_by = conversation->owner == OWNER_AGENT ? conversation->agent : 0;
        conversation->owner = OWNER_NOBODY;
        conversation->rest_count = 0;
        break;
    default: break;
    }
}

/* The state that the engine holds is the one that the events tell. */
static void compare(const struct shadow_conversation *conversation, const struct engine *replica, const struct event *event)
{
    static const enum shadow_owner owners[CONVERSATION_STATES] = { OWNER_ASSISTANT, OWNER_QUEUE, OWNER_AGENT, OWNER_NOBODY };
    const struct conversation *there = map_get(&replica->conversations, event->conversation);
    if (!there) return; /* let go */
    invariant(owners[there->state] == conversation->owner, "after event %llu conversation %llu is %s", ID(event->seq),
              ID(event->conversation), conversation_state_names[there->state]);
    invariant(conversation->owner != OWNER_AGENT || there->owner->id == conversation->agent,
              "after event %llu conversation %llu belongs to another agent", ID(event->seq), ID(event->conversation));
    invariant(conversation->owner != OWNER_QUEUE || there->wait_from == conversation->wait_from,
              "after event %llu conversation %llu waits from another time", ID(event->seq), ID(event->conversation));
    invariant((there->offer ? there->offer->id : 0) == conversation->offer,
              "after event %llu conversation %llu has another offer", ID(event->seq), ID(event->conversation));
}

/* The team sees that there is something to decide; not what. */
static bool is_approval(enum event_kind kind)
{
    return kind >= EVENT_APPROVAL_REQUESTED && kind <= EVENT_APPROVAL_DONE;
}

/* Kinds that a customer may never see, whoever they concern. */
static bool is_internal(enum event_kind kind)
{
    if (is_approval(kind)) return true;
    switch (kind) {
    case EVENT_WORKSPACE_CONFIGURED: case EVENT_AGENT_ADDED: case EVENT_AGENT_CHANGED:
    case EVENT_AGENT_PASSWORD_SET: case EVENT_AGENT_REMOVED: case EVENT_SESSION_OPENED:
    case EVENT_SESSION_CLOSED: case EVENT_PRESENCE_CHANGED: case EVENT_RECONTACT_MARKED:
    case EVENT_NOTE_ADDED: case EVENT_ASSISTANT_DECIDED: case EVENT_ACTION_STARTED:
    case EVENT_ACTION_FINISHED: case EVENT_CODE_SENT: case EVENT_CODE_TRIED: case EVENT_CODE_USED: case EVENT_HANDOVER_NOTED: case EVENT_OFFER_MADE:
    case EVENT_OFFER_ENDED: case EVENT_WRAPUP_STARTED: case EVENT_WRAPUP_ENDED:
    case EVENT_PARAPHRASE_LEARNED: case EVENT_PARAPHRASE_REVIEWED:
    case EVENT_WORKSPACE_PUBLISHED: return true;
    default: return false;
    }
}

static void check_visible(const struct engine *replica, const struct event *event, uint64_t former)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&replica->customers, &i, &slot); ) {
        bool sees = event_visible(event, (struct viewer){ VIEWER_CUSTOMER, slot.key });
        invariant(!sees || (event->customer == slot.key && !is_internal(event->kind)),
                  "customer %llu sees event %llu", ID(slot.key), ID(event->seq));
    }
    bool team = event->kind == EVENT_PRESENCE_CHANGED || event->kind == EVENT_WORKSPACE_CONFIGURED || is_approval(event->kind);
    for (size_t i = 0; map_next(&replica->agents, &i, &slot); ) {
        bool sees = event_visible(event, (struct viewer){ VIEWER_AGENT, slot.key });
        bool concerned = team || event->agent == slot.key || former == slot.key;
        invariant(!sees || concerned, "agent %llu sees event %llu", ID(slot.key), ID(event->seq));
        invariant(sees || former != slot.key || event->kind == EVENT_CONVERSATION_ASSIGNED ||
                  !(event_table[event->kind].sees & SEES_O), "agent %llu does not see event %llu", ID(slot.key), ID(event->seq));
    }
}

void shadow_after(struct shadow *shadow, const struct engine *replica, const struct event *event)
{
    struct shadow_conversation *conversation = find(shadow, event);
    uint64_t former = former_of(conversation);
    check_visible(replica, event, former);
    check_sound(replica);
    invariant_paraphrase_follow(&shadow->paraphrases, event);
    invariant_paraphrase_after(&shadow->paraphrases, replica, event);
    follow_idle(shadow, event, former);
    compare_idle(shadow, replica);
    if (!conversation) return;
    acts_check(shadow->acts, replica, event->conversation);
    follow(conversation, event);
    if (!replica->settings.wrapup_ms) conversation->served_by = 0;
    compare(conversation, replica, event);
}

void shadow_follow(struct shadow *shadow, const struct engine *replica, const struct event *event)
{
    struct shadow_conversation *conversation = find(shadow, event);
    if (conversation && event->kind == EVENT_OFFER_ENDED) note_rest(conversation, event, replica->settings.decline_rest_ms);
    shadow->seq = event->seq;
    shadow->at_ms = event->at_ms;
    proofs_take(shadow->proofs, event);
    acts_take(shadow->acts, event);
    approvals_take(shadow->approvals, event);
    invariant_paraphrase_follow(&shadow->paraphrases, event);
    follow_idle(shadow, event, former_of(conversation));
    if (!conversation) return;
    follow(conversation, event);
    conversation->served_by = 0;
}

void shadow_expect_order(struct shadow *shadow, bool expect)
{
    shadow->in_order = expect;
}
