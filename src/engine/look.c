/* Looking in: copies for the rest of the program, which never sees the engine's own structs. */
#include <stdlib.h>

#include "base/memory.h"
#include "engine/agent.h"
#include "engine/approval.h"
#include "engine/conversation.h"
#include "engine/customer.h"
#include "engine/offer.h"
#include "engine/paraphrase.h"

static void view_proof(const struct conversation *conversation, struct conversation_view *out)
{
    const struct proof *proof = conversation->proof;
    if (!proof) return;
    out->code_waits = proof->waits;
    out->code_outcome = conversation->turn && proof->tried == conversation->turn ? proof->outcome : PROOF_NONE;
    out->proven_until = proof->good_until;
}

static void view_conversation(const struct conversation *conversation, struct conversation_view *out)
{
    *out = (struct conversation_view){
        .id = conversation->id, .customer = conversation->customer->id,
        .agent = conversation->owner ? conversation->owner->id : 0, .state = conversation->state,
        .language = conversation->language->text, .topic = conversation->topic->text,
        .opened_at = conversation->opened_at, .wait_from = conversation->wait_from, .last_at = conversation->last_at,
        .offer = conversation->offer ? conversation->offer->id : 0,
        .offered_to = conversation->offer ? conversation->offer->agent->id : 0,
        .appointment = conversation->appointment, .turn = conversation->turn,
        .last_message = conversation->last_message,
        .customer_read = conversation->customer_read, .customer_delivered = conversation->customer_delivered,
        .staff_read = conversation->staff_read, .staff_delivered = conversation->staff_delivered,
        .failed_turns = conversation->failed_turns, .stars = conversation->stars,
        .recontact = conversation->recontact_count > 0 };
    view_proof(conversation, out);
}

bool engine_conversation(const struct engine *engine, uint64_t id, struct conversation_view *out)
{
    const struct conversation *conversation = conversation_get(engine, id);
    if (conversation) view_conversation(conversation, out);
    return conversation != NULL;
}

static void view_agent(const struct agent *agent, struct agent_view *out)
{
    *out = (struct agent_view){
        .id = agent->id, .state = agent->state,
        .role = str_of(agent_role_names[agent->role]), .pool = str_of(agent_pool_names[agent->pool]),
        .skills = agent->skills, .languages = agent->languages,
        .capacity = agent->capacity, .active = agent->active_count, .wrapping = agent->wrapup_count,
        .offered = agent->offer_count, .state_since = agent->state_since, .added_seq = agent->added_seq,
        .password_seq = agent->password_seq };
}

bool engine_agent(const struct engine *engine, uint64_t id, struct agent_view *out)
{
    const struct agent *agent = agent_find(engine, id);
    if (agent) view_agent(agent, out);
    return agent != NULL;
}

bool engine_offer(const struct engine *engine, uint64_t id, struct offer_view *out)
{
    const struct offer *offer = offer_find(engine, id);
    if (offer)
        *out = (struct offer_view){ offer->id, offer->conversation->id, offer->agent->id, offer->made_at, offer->expires_at };
    return offer != NULL;
}

void engine_queue(const struct engine *engine, struct queue_view *out)
{
    const struct heap_node *first = heap_first(&engine->waiting);
    *out = (struct queue_view){
        .waiting = engine->state_count[CONVERSATION_WAITING], .longest_wait_from = first ? first->key : 0,
        .online = engine->agents_in[AGENT_ONLINE], .away = engine->agents_in[AGENT_AWAY],
        .free_places = engine->free_places, .handle_time_ms = engine->handle_time_ms,
        .by_assistant = engine->state_count[CONVERSATION_ASSISTANT],
        .active = engine->state_count[CONVERSATION_ACTIVE] };
}

void engine_each_open_conversation(const struct engine *engine, engine_conversation_fn *each, void *context)
{
    uint64_t *ids = map_sorted_keys(&engine->open);
    struct conversation_view view;
    for (size_t i = 0; i < engine->open.count; i++) {
        view_conversation(map_get(&engine->open, ids[i]), &view);
        if (!each(context, &view)) break;
    }
    memory_free(ids);
}

void engine_each_agent(const struct engine *engine, engine_agent_fn *each, void *context)
{
    uint64_t *ids = map_sorted_keys(&engine->agents);
    struct agent_view view;
    for (size_t i = 0; i < engine->agents.count; i++) {
        view_agent(map_get(&engine->agents, ids[i]), &view);
        if (!each(context, &view)) break;
    }
    memory_free(ids);
}

size_t engine_conversations_of_agent(const struct engine *engine, uint64_t id, uint64_t *ids, size_t max)
{
    const struct agent *agent = agent_find(engine, id);
    size_t count = 0;
    for (int i = 0; agent && i < agent->active_count && count < max; i++) ids[count++] = agent->active[i]->id;
    for (int i = 0; agent && i < agent->wrapup_count && count < max; i++) ids[count++] = agent->wrapups[i]->conversation;
    return count;
}

size_t engine_offers_of_agent(const struct engine *engine, uint64_t id, uint64_t *ids, size_t max)
{
    const struct agent *agent = agent_find(engine, id);
    size_t count = 0;
    for (int i = 0; agent && i < agent->offer_count && count < max; i++) ids[count++] = agent->offers[i]->id;
    return count;
}

size_t engine_conversations_of_customer(const struct engine *engine, uint64_t id, uint64_t *ids, size_t max)
{
    const struct customer *customer = id ? map_get(&engine->customers, id) : NULL;
    const struct conversation *conversation;
    size_t count = 0;
    if (!customer) return 0;
    TAILQ_FOREACH(conversation, &customer->conversations, of_customer)
        if (count < max) ids[count++] = conversation->id;
    return count;
}

int64_t engine_wrapup_until(const struct engine *engine, uint64_t id, uint64_t conversation)
{
    const struct agent *agent = agent_find(engine, id);
    const struct wrapup *wrapup = agent ? agent_wrapup(agent, conversation) : NULL;
    return wrapup ? wrapup->until : 0;
}

static bool may_look_back(const struct engine *engine, uint64_t agent, const struct conversation *conversation,
                          int64_t now_ms)
{
    return conversation->state == CONVERSATION_RESOLVED && conversation->handler == agent &&
           now_ms < conversation->resolved_at + engine->settings.look_back_ms;
}

bool engine_agent_may_read(const struct engine *engine, uint64_t id, uint64_t conversation_id, int64_t now_ms)
{
    const struct agent *agent = agent_find(engine, id);
    const struct conversation *conversation = conversation_get(engine, conversation_id);
    if (!agent || !conversation) return false;
    return conversation->owner == agent || agent_wrapup(agent, conversation_id) ||
           may_look_back(engine, id, conversation, now_ms);
}

_Static_assert(ENGINE_STAFF_IN_MAX == STATE_GUESTS + 1, "an owner and all the guests");

size_t engine_staff_in(const struct engine *engine, uint64_t id, uint64_t ids[ENGINE_STAFF_IN_MAX])
{
    const struct conversation *conversation = conversation_get(engine, id);
    size_t count = 0;
    if (!conversation) return 0;
    if (conversation->owner) ids[count++] = conversation->owner->id;
    for (size_t i = 0; conversation->guests && i < conversation->guests->count; i++) ids[count++] = conversation->guests->ids[i];
    return count;
}

static void view_paraphrase(const struct paraphrase *paraphrase, struct paraphrase_view *out)
{
    *out = (struct paraphrase_view){
        .id = paraphrase->id, .target = paraphrase->target->text, .article = paraphrase->article,
        .language = paraphrase->language->text, .wording = paraphrase->wording, .revoked = paraphrase->revoked,
        .conversation = paraphrase->conversation, .message = paraphrase->message, .agent = paraphrase->agent,
        .reviewer = paraphrase->reviewer, .learned_at = paraphrase->learned_at, .reviewed_at = paraphrase->reviewed_at,
        .version = paraphrase->version, .changed_seq = paraphrase->changed_seq };
}

void engine_each_paraphrase(const struct engine *engine, engine_paraphrase_fn *each, void *context)
{
    uint64_t *ids = map_sorted_keys(&engine->paraphrases);
    bool goes_on = true;
    for (size_t i = 0, count = engine->paraphrases.count; goes_on && i < count; i++) {
        struct paraphrase_view view;
        view_paraphrase(paraphrase_find(engine, ids[i]), &view);
        goes_on = each(context, &view);
    }
    memory_free(ids);
}

void engine_each_paraphrase_back(const struct engine *engine, uint64_t before, engine_paraphrase_fn *each, void *context)
{
    uint64_t *ids = map_sorted_keys(&engine->paraphrases);
    bool goes_on = true;
    for (size_t i = engine->paraphrases.count; goes_on && i-- > 0;) {
        struct paraphrase_view view;
        if (ids[i] >= before) continue;
        view_paraphrase(paraphrase_find(engine, ids[i]), &view);
        goes_on = each(context, &view);
    }
    memory_free(ids);
}

uint64_t engine_customer_by_identity(const struct engine *engine, struct digest identity)
{
    struct lookup_link *link = lookup_find(&engine->identities, identity);
    return link ? CONTAINER_OF(link, struct customer, identity)->id : 0;
}

bool engine_customer_known(const struct engine *engine, uint64_t id)
{
    return customer_find(engine, id, engine->now_ms) != NULL;
}

uint64_t engine_customer_seen(const struct engine *engine, uint64_t id)
{
    const struct customer *customer = customer_find(engine, id, engine->now_ms);
    return customer ? customer->seen_seq : 0;
}

bool engine_customer_erased(const struct engine *engine, uint64_t id)
{
    const struct customer *customer = customer_find(engine, id, engine->now_ms);
    return customer && customer->erased;
}

bool engine_customer_verified(const struct engine *engine, uint64_t id)
{
    const struct customer *customer = customer_find(engine, id, engine->now_ms);
    return customer && customer->verified;
}

int64_t engine_customer_sessions_from(const struct engine *engine, uint64_t id)
{
    const struct customer *customer = customer_find(engine, id, engine->now_ms);
    return customer ? customer->sessions_from : 0;
}

uint64_t engine_agent_by_login(const struct engine *engine, struct digest login)
{
    struct lookup_link *link = lookup_find(&engine->logins, login);
    return link ? CONTAINER_OF(link, struct agent, login)->id : 0;
}

bool engine_session(const struct engine *engine, struct digest token, int64_t now_ms, struct session_view *out)
{
    struct lookup_link *link = lookup_find(&engine->tokens, token);
    if (!link) return false;
    const struct session *session = CONTAINER_OF(link, struct session, token);
    if (session->expires_at <= now_ms) return false;
    *out = (struct session_view){ session->id, session->agent->id, session->expires_at };
    return true;
}

/* --- approvals --- */

static struct approval_view view_approval(const struct approval *approval)
{
    return (struct approval_view){ approval->id, approval->conversation, approval->customer, approval->asked_by, approval->given_by, approval->seq,
                                   approval->settled, approval->supervisor, approval->flow, approval->free, approval->expires_at };
}

bool engine_approval(const struct engine *engine, uint64_t id, struct approval_view *out)
{
    const struct approval *approval = approval_find(engine, id);
    if (approval) *out = view_approval(approval);
    return approval != NULL;
}

void engine_each_approval(const struct engine *engine, engine_approval_fn *each, void *context)
{
    uint64_t *ids = map_sorted_keys(&engine->approvals);
    bool more = true;
    for (size_t i = 0; i < engine->approvals.count && more; i++) {
        struct approval_view view = view_approval(map_get(&engine->approvals, ids[i]));
        more = each(context, &view);
    }
    memory_free(ids);
}

bool engine_may_decide(const struct engine *engine, uint64_t agent, uint64_t id)
{
    const struct approval *approval = approval_find(engine, id);
    const struct agent *who = agent_find(engine, agent);
    return approval && who && approval_may_decide(engine, approval, who);
}
