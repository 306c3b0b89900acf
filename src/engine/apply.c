#include "engine/apply.h"

#include "base/memory.h"
#include "engine/agent.h"
#include "engine/approval.h"
#include "engine/conversation.h"
#include "engine/customer.h"
#include "engine/deadline.h"
#include "engine/offer.h"
#include "engine/paraphrase.h"
#include "engine/proof.h"

#define HANDLED_MAX 32 /* conversations that the mean handle time remembers */

static struct conversation *conversation_of(struct engine *engine, const struct event *event)
{
    struct conversation *conversation = conversation_get(engine, event->conversation);
    must(conversation);
    return conversation;
}

static struct agent *agent_of(struct engine *engine, const struct event *event)
{
    struct agent *agent = agent_find(engine, event->agent);
    must(agent);
    return agent;
}

static void set_text(struct str *to, struct str text)
{
    memory_free((char *)(uintptr_t)to->data);
    *to = text.len ? str_make(memory_copy(text.data, text.len), text.len) : (struct str){ NULL, 0 };
}

static void keep_max(uint64_t *number, uint64_t value)
{
    if (value > *number) *number = value;
}

void apply_settings(struct engine *engine)
{
    struct map_slot slot;
    symbols_changed(&engine->symbols);
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) {
        struct conversation *conversation = slot.value;
        if (conversation->state == CONVERSATION_WAITING) conversation_unqueue(engine, conversation);
    }
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); ) agent_leave_group(engine, slot.value);
    groups_free(&engine->queue);
    groups_free(&engine->free);
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); ) agent_regroup(engine, slot.value);
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) {
        struct conversation *conversation = slot.value;
        if (conversation->state == CONVERSATION_WAITING) {
            conversation_join_group(engine, conversation);
            conversation_requeue(engine, conversation);
        }
        conversation_refresh_deadline(engine, conversation);
    }
}

static void apply_workspace_configured(struct engine *engine, const struct event *event)
{
    struct err err;
    struct arena old = engine->settings_arena;
    engine->settings_arena = (struct arena){ 0 };
    must(settings_decode(&err, event->workspace_configured.settings, &engine->settings_arena, &engine->settings));
    arena_free(&old);
    set_text(&engine->version, event->workspace_configured.version);
    set_text(&engine->settings_text, event->workspace_configured.settings);
    if (!engine->handled) engine->handle_time_ms = engine->settings.handle_time_ms;
    apply_settings(engine);
}

static void apply_agent_added(struct engine *engine, const struct event *event)
{
    const struct event_agent_added *added = &event->agent_added;
    struct agent *agent = agent_new(engine, event->agent);
    keep_max(&engine->last_agent, agent->id);
    agent->login.digest = added->login_digest;
    lookup_put(&engine->logins, &agent->login);
    agent->role = (enum agent_role)agent_role_of(added->role);
    agent->pool = (enum agent_pool)agent_pool_of(added->pool);
    agent->capacity = (int)added->capacity;
    agent->state_since = agent->idle_since = event->at_ms;
    agent->added_seq = agent->password_seq = event->seq;
    agent_set_lists(agent, added->skills, added->languages);
    agent_regroup(engine, agent);
}

static void apply_agent_changed(struct engine *engine, const struct event *event)
{
    const struct event_agent_changed *changed = &event->agent_changed;
    struct agent *agent = agent_of(engine, event);
    agent->role = (enum agent_role)agent_role_of(changed->role);
    agent->pool = (enum agent_pool)agent_pool_of(changed->pool);
    agent->capacity = (int)changed->capacity;
    agent_set_lists(agent, changed->skills, changed->languages);
    agent_regroup(engine, agent);
}

static void apply_agent_password_set(struct engine *engine, const struct event *event)
{
    struct agent *agent = agent_of(engine, event);
    agent->password_seq = event->seq;
    agent_close_all_sessions(engine, agent);
}

static void apply_agent_removed(struct engine *engine, const struct event *event)
{
    agent_free(engine, agent_of(engine, event));
}

static void apply_session_opened(struct engine *engine, const struct event *event)
{
    const struct event_session_opened *opened = &event->session_opened;
    keep_max(&engine->last_session, opened->session);
    agent_open_session(engine, agent_of(engine, event), opened->session, opened->token, opened->expires_at);
}

static void apply_session_closed(struct engine *engine, const struct event *event)
{
    struct session *session = agent_session(agent_of(engine, event), event->session_closed.session);
    must(session);
    agent_close_session(engine, session);
}

static void apply_presence_changed(struct engine *engine, const struct event *event)
{
    struct agent *agent = agent_of(engine, event);
    agent->state = (enum agent_state)agent_state_of(event->presence_changed.state);
    agent->state_since = event->at_ms;
    if (agent->state == AGENT_ONLINE) {
        agent->idle_since = event->at_ms;
        agent->missed = 0;
    }
    if (agent->state == AGENT_OFFLINE) deadline_clear(engine, &agent->lease);
    else agent_renew_lease(engine, agent, event->at_ms);
    agent_regroup(engine, agent);
}

static void apply_customer_seen(struct engine *engine, const struct event *event)
{
    const struct event_customer_seen *seen = &event->customer_seen;
    struct customer *customer = map_get(&engine->customers, event->customer);
    bool is_new = !customer;
    if (is_new) customer = customer_new(engine, event->customer, seen->identity);
    keep_max(&engine->last_customer, customer->id);
    customer->verified = seen->verified;
    customer->seen_seq = event->seq;
    customer->language = symbol_of(&engine->symbols, seen->language);
    customer_refresh_idle(engine, customer, event->at_ms);
    /* With somebody new only: nobody who acts may be let go by what they do. */
    if (is_new) customer_make_room(engine);
}

static struct customer *customer_or_new(struct engine *engine, const struct event *event)
{
    struct customer *customer = map_get(&engine->customers, event->customer);
    return customer ? customer : customer_new(engine, event->customer, (struct digest){ 0, 0 });
}

/* A session made in the same millisecond is over as well. */
static void apply_customer_sessions_ended(struct engine *engine, const struct event *event)
{
    customer_or_new(engine, event)->sessions_from = event->at_ms + 1;
}

/* The customer may have been let go long ago, while sealed texts are still in the log. */
static void apply_customer_erased(struct engine *engine, const struct event *event)
{
    customer_erase(engine, customer_or_new(engine, event));
}

static void apply_conversation_opened(struct engine *engine, const struct event *event)
{
    struct customer *customer = map_get(&engine->customers, event->customer);
    must(customer);
    struct conversation *conversation = conversation_new(engine, event->conversation, customer);
    keep_max(&engine->last_conversation, conversation->id);
    conversation->language = symbol_of(&engine->symbols, event->conversation_opened.language);
    conversation->opened_at = conversation->last_at = event->at_ms;
    conversation_place(engine, conversation);
}

static void apply_conversation_reopened(struct engine *engine, const struct event *event)
{
    struct conversation *conversation = conversation_of(engine, event);
    conversation->failed_turns = conversation->stars = 0;
    conversation->resolved_at = conversation->wait_from = 0;
    conversation->handler = 0;
    conversation->last_at = event->at_ms;
    conversation_assistant(engine, conversation);
}

/* A newer message overtakes a turn, unless that one has begun to act: what it has done must be told, and its place remembered,
 * or it would be asked for and done again. Then the message is the turn after it. */
static void owe_turn(struct conversation *conversation, uint64_t seq, int64_t at_ms)
{
    if (conversation->turn && conversation->acted_turn == conversation->turn) {
        conversation->next_turn = seq;
        return;
    }
    conversation->turn = seq;
    conversation->turn_at = at_ms;
}

static void turn_acts(struct conversation *conversation, uint64_t turn)
{
    if (turn && turn == conversation->turn) conversation->acted_turn = turn;
}

/* A log of before may have the decision on the newer message first. */
static void turn_ends(struct conversation *conversation, uint64_t turn, int64_t at_ms)
{
    uint64_t next = conversation->next_turn;
    conversation->turn = conversation->next_turn = 0;
    if (next > turn) owe_turn(conversation, next, at_ms);
}

/* Somebody else takes over, or it is over. */
static void owe_nothing(struct conversation *conversation)
{
    conversation->turn = conversation->next_turn = 0;
}

/* Flows whose approval has ended go on one after the other, when nothing else is owed. */
static void owe_flow(struct engine *engine, struct conversation *conversation, int64_t at_ms)
{
    if (conversation->state != CONVERSATION_ASSISTANT || conversation->turn) return;
    conversation->turn = approval_owed(engine, conversation);
    conversation->turn_at = at_ms;
}

static void apply_recontact_marked(struct engine *engine, const struct event *event)
{
    struct conversation *conversation = conversation_of(engine, event);
    must(conversation->recontact_count < STATE_RECONTACTS);
    conversation->recontacts[conversation->recontact_count++] =
        symbol_of(&engine->symbols, event->recontact_marked.topic);
}

static void apply_message_sent(struct engine *engine, const struct event *event)
{
    struct conversation *conversation = conversation_of(engine, event);
    conversation->last_message = event->seq;
    conversation->last_at = event->at_ms;
    if (conversation->state == CONVERSATION_ASSISTANT && str_equal(event->message_sent.author, STR("customer"))) {
        if (event->message_sent.topic.len) /* as it was, or what the words themselves say */
            conversation->topic = symbol_of(&engine->symbols, event->message_sent.topic);
        owe_turn(conversation, event->seq, event->at_ms);
    }
    conversation_refresh_deadline(engine, conversation);
}

static void apply_mark_set(struct engine *engine, const struct event *event)
{
    const struct event_mark_set *set = &event->mark_set;
    struct conversation *conversation = conversation_of(engine, event);
    bool customer = str_equal(set->reader, STR("customer"));
    keep_max(customer ? &conversation->customer_delivered : &conversation->staff_delivered, set->up_to);
    if (str_equal(set->mark, STR("read")))
        keep_max(customer ? &conversation->customer_read : &conversation->staff_read, set->up_to);
}

static void apply_assistant_decided(struct engine *engine, const struct event *event)
{
    const struct event_assistant_decided *decided = &event->assistant_decided;
    struct conversation *conversation = conversation_of(engine, event);
    approval_told(engine, conversation, decided->turn);
    turn_ends(conversation, decided->turn, event->at_ms);
    owe_flow(engine, conversation, event->at_ms);
    conversation->failed_turns = decided->failed ? conversation->failed_turns + 1 : 0;
    if (decided->topic.len) conversation->topic = symbol_of(&engine->symbols, decided->topic);
    conversation_refresh_deadline(engine, conversation);
}

static void apply_human_requested(struct engine *engine, const struct event *event)
{
    struct conversation *conversation = conversation_of(engine, event);
    approval_told(engine, conversation, 0);
    owe_nothing(conversation);
    conversation_refresh_deadline(engine, conversation);
}

/* Exponential after the first HANDLED_MAX, so that it follows the season. */
static void count_handled(struct engine *engine, const struct conversation *conversation, int64_t at_ms)
{
    if (conversation->state != CONVERSATION_ACTIVE) return;
    if (engine->handled < HANDLED_MAX) engine->handled++;
    engine->handle_time_ms += (at_ms - conversation->assigned_at - engine->handle_time_ms) / (int64_t)(engine->handled + 1);
}

static void apply_conversation_queued(struct engine *engine, const struct event *event)
{
    const struct event_conversation_queued *queued = &event->conversation_queued;
    struct conversation *conversation = conversation_of(engine, event);
    count_handled(engine, conversation, event->at_ms);
    if (conversation->state == CONVERSATION_WAITING) conversation_unqueue(engine, conversation);
    owe_nothing(conversation);
    conversation->wait_from = queued->wait_from;
    conversation->queued_at = event->at_ms;
    conversation->skills = symbol_of(&engine->symbols, queued->skills);
    conversation->language = symbol_of(&engine->symbols, queued->language);
    conversation->to_agent = queued->to_agent;
    conversation_wait(engine, conversation);
}

static void apply_offer_made(struct engine *engine, const struct event *event)
{
    const struct event_offer_made *made = &event->offer_made;
    struct conversation *conversation = conversation_of(engine, event);
    keep_max(&engine->last_offer, made->offer);
    conversation_unqueue(engine, conversation);
    offer_make(engine, &(struct offer){
        .id = made->offer, .conversation = conversation, .agent = agent_of(engine, event),
        .made_at = event->at_ms, .expires_at = made->expires_at });
    conversation_refresh_deadline(engine, conversation);
}

static void apply_offer_ended(struct engine *engine, const struct event *event)
{
    struct offer *offer = offer_find(engine, event->offer_ended.offer);
    int outcome = offer_outcome_of(event->offer_ended.outcome);
    must(offer && outcome >= 0);
    offer_end(engine, offer, (enum offer_outcome)outcome, event->at_ms);
}

static void apply_conversation_assigned(struct engine *engine, const struct event *event)
{
    struct conversation *conversation = conversation_of(engine, event);
    struct agent *agent = agent_of(engine, event);
    count_handled(engine, conversation, event->at_ms);
    approval_told(engine, conversation, 0);
    owe_nothing(conversation);
    conversation->to_agent = 0;
    conversation->assigned_at = event->at_ms;
    agent->idle_since = event->at_ms;
    agent->missed = 0;
    conversation_activate(engine, conversation, agent);
}

static void apply_supervisor_joined(struct engine *engine, const struct event *event)
{
    conversation_add_guest(engine, conversation_of(engine, event), event->agent);
}

static void apply_supervisor_left(struct engine *engine, const struct event *event)
{
    conversation_remove_guest(engine, conversation_of(engine, event), event->agent);
}

static void apply_conversation_resolved(struct engine *engine, const struct event *event)
{
    const struct event_conversation_resolved *resolved = &event->conversation_resolved;
    struct conversation *conversation = conversation_of(engine, event);
    count_handled(engine, conversation, event->at_ms);
    if (resolved->topic.len) conversation->topic = symbol_of(&engine->symbols, resolved->topic);
    if (conversation->topic->text.len)
        customer_add_resolution(engine, &(struct resolution){
            .customer = conversation->customer, .topic = conversation->topic,
            .conversation = conversation->id, .resolved_at = event->at_ms });
    approval_told(engine, conversation, 0);
    owe_nothing(conversation);
    conversation->to_agent = conversation->appointment = 0;
    conversation->resolved_at = event->at_ms;
    conversation->handler = conversation->owner ? conversation->owner->id : 0;
    conversation_resolve(engine, conversation);
}

static void apply_wrapup_started(struct engine *engine, const struct event *event)
{
    agent_wrap(engine, agent_of(engine, event), event->conversation, event->wrapup_started.until);
}

static void apply_wrapup_ended(struct engine *engine, const struct event *event)
{
    struct wrapup *wrapup = agent_wrapup(agent_of(engine, event), event->conversation);
    must(wrapup);
    agent_unwrap(engine, wrapup);
}

static void apply_conversation_rated(struct engine *engine, const struct event *event)
{
    conversation_of(engine, event)->stars = (int)event->conversation_rated.stars;
}

/* The command's key may stand on the request that led here: then the number is its outcome's id. */
static void apply_appointment_made(struct engine *engine, const struct event *event)
{
    struct idempotency *done = &engine->idempotency;
    uint64_t number = event->appointment_made.number;
    conversation_of(engine, event)->appointment = number;
    keep_max(&engine->last_appointment, number);
    if (!done->count) return;
    struct idempotency_entry *latest = idempotency_at(done, done->count - 1);
    if (latest->conversation == event->conversation && !latest->id && latest->seq + 3 >= event->seq)
        latest->id = number;
}

static void apply_appointment_kept(struct engine *engine, const struct event *event)
{
    conversation_of(engine, event)->appointment = 0;
}

static void apply_action_started(struct engine *engine, const struct event *event)
{
    turn_acts(conversation_of(engine, event), event->action_started.turn);
}

static void apply_code_sent(struct engine *engine, const struct event *event)
{
    turn_acts(conversation_of(engine, event), event->code_sent.turn);
    proof_sent(engine, conversation_of(engine, event), event->code_sent.code, event->at_ms);
}

static void apply_code_tried(struct engine *engine, const struct event *event)
{
    proof_tried(conversation_of(engine, event), event->code_tried.outcome, event->at_ms);
}

static void apply_approval_requested(struct engine *engine, const struct event *event)
{
    const struct event_approval_requested *requested = &event->approval_requested;
    keep_max(&engine->last_approval, requested->number);
    if (requested->turn) conversation_of(engine, event)->asked_turn = requested->turn;
    turn_acts(conversation_of(engine, event), requested->turn);
    approval_add(engine, &(struct approval){
        .id = requested->number, .conversation = event->conversation, .customer = event->customer, .asked_by = event->agent, .seq = event->seq,
        .skills = symbol_of(&engine->symbols, requested->skills), .supervisor = str_equal(requested->needs, STR("supervisor")),
        .flow = requested->flow, .free = str_equal(requested->needs, STR("nobody")), .expires_at = requested->expires_at });
}

static struct approval *approval_of(const struct engine *engine, uint64_t number)
{
    struct approval *approval = approval_find(engine, number);
    must(approval);
    return approval;
}

static void apply_approval_given(struct engine *engine, const struct event *event)
{
    approval_given(engine, approval_of(engine, event->approval_given.number), event->agent);
}

static void settle_approval(struct engine *engine, const struct event *event, uint64_t number)
{
    struct conversation *conversation = map_get(&engine->conversations, event->conversation);
    approval_settle(engine, approval_of(engine, number), event->seq);
    if (!conversation) return;
    owe_flow(engine, conversation, event->at_ms);
    conversation_refresh_deadline(engine, conversation);
}

static void apply_approval_refused(struct engine *engine, const struct event *event)
{
    settle_approval(engine, event, event->approval_refused.number);
}

static void apply_approval_expired(struct engine *engine, const struct event *event)
{
    approval_remove(engine, approval_of(engine, event->approval_expired.number));
}

static void apply_approval_done(struct engine *engine, const struct event *event)
{
    settle_approval(engine, event, event->approval_done.number);
}

static void apply_paraphrase_learned(struct engine *engine, const struct event *event)
{
    const struct event_paraphrase_learned *learned = &event->paraphrase_learned;
    keep_max(&engine->last_paraphrase, learned->paraphrase);
    paraphrase_add(engine, &(struct paraphrase){
        .id = learned->paraphrase, .article = learned->article.len > 0,
        .target = symbol_of(&engine->symbols, learned->article.len ? learned->article : learned->topic),
        .language = symbol_of(&engine->symbols, learned->language), .wording = learned->wording,
        .conversation = event->conversation, .message = learned->message, .agent = event->agent,
        .learned_at = event->at_ms, .version = 1, .changed_seq = event->seq });
}

static void apply_paraphrase_reviewed(struct engine *engine, const struct event *event)
{
    const struct event_paraphrase_reviewed *reviewed = &event->paraphrase_reviewed;
    struct paraphrase *paraphrase = paraphrase_find(engine, reviewed->paraphrase);
    must(paraphrase);
    paraphrase->revoked = str_equal(reviewed->state, STR("revoked"));
    paraphrase->reviewer = event->agent;
    paraphrase->reviewed_at = event->at_ms;
    paraphrase->version = reviewed->version;
    paraphrase->changed_seq = event->seq;
}

/* These change nothing that a rule asks for. */
#define apply_workspace_published NULL
#define apply_code_used NULL
#define apply_note_added NULL
#define apply_action_finished NULL
#define apply_handover_noted NULL
#define apply_message_translated NULL
#define apply_care_offered NULL
#define apply_conversation_transferred NULL

typedef void apply_fn(struct engine *engine, const struct event *event);

static apply_fn *const apply_table[EVENT_KINDS] = {
#define E(kind, member, name, sees, meaning) [EVENT_##kind] = apply_##member,
    EVENTS(E)
#undef E
};

uint64_t apply_outcome_id(const struct event *event)
{
    switch (event->kind) {
    case EVENT_CUSTOMER_SEEN: return event->customer;
    case EVENT_AGENT_ADDED: return event->agent;
    case EVENT_SESSION_OPENED: return event->session_opened.session;
    case EVENT_OFFER_ENDED: return event->offer_ended.offer;
    case EVENT_APPOINTMENT_MADE: return event->appointment_made.number;
    case EVENT_APPROVAL_REQUESTED: return event->approval_requested.number;
    case EVENT_PARAPHRASE_LEARNED: return event->paraphrase_learned.paraphrase;
    case EVENT_PARAPHRASE_REVIEWED: return event->paraphrase_reviewed.paraphrase;
    default: return 0;
    }
}

void engine_apply(struct engine *engine, const struct event *event)
{
    must(event->seq == engine->seq + 1 && event->at_ms >= engine->at_ms && event->kind < EVENT_KINDS);
    engine->seq = event->seq;
    engine->at_ms = event->at_ms;
    if (event->at_ms > engine->now_ms) engine->now_ms = event->at_ms;
    conversation_let_go(engine, event->at_ms);
    customer_let_go(engine, event->at_ms);
    idempotency_forget(&engine->idempotency, event->at_ms);
    if (!digest_is_zero(event->cause.key))
        idempotency_add(&engine->idempotency, &(struct idempotency_entry){
            .cause = event->cause, .seq = event->seq, .at_ms = event->at_ms,
            .conversation = event->conversation, .id = apply_outcome_id(event) });
    if (apply_table[event->kind]) apply_table[event->kind](engine, event);
}
