/* What agents do with offers and with conversations that they own, and what supervisors do with any. */
#include "engine/act.h"
#include "engine/agent.h"
#include "engine/conversation.h"

enum refusal decide_set_presence(struct decision *decision)
{
    int state = agent_state_of(decision->command->set_presence.state);
    if (state < 0) return decide_refuse(decision, REFUSAL_BAD_FIELD, "state");
    act_presence(decision, decision->agent, (enum agent_state)state, "requested");
    return REFUSAL_NONE;
}

/* The lease was renewed when the actor was found. One that comes after the agent went offline is
 * late, and brings nobody back. */
enum refusal decide_heartbeat(struct decision *decision)
{
    UNUSED(decision);
    return REFUSAL_NONE;
}

static enum refusal find_offer(const struct decision *decision, struct offer **offer)
{
    uint64_t id = decision->command->target;
    *offer = offer_find(decision->engine, id);
    if (!*offer) return id && id <= decision->engine->last_offer ? REFUSAL_OFFER_GONE : REFUSAL_NOT_FOUND;
    if ((*offer)->agent != decision->agent) return REFUSAL_NOT_FOUND;
    return decision->now_ms < (*offer)->expires_at ? REFUSAL_NONE : REFUSAL_OFFER_GONE;
}

enum refusal decide_accept(struct decision *decision)
{
    struct offer *offer;
    enum refusal refusal = find_offer(decision, &offer);
    if (refusal) return refusal;
    struct conversation *conversation = offer->conversation;
    decision->conversation = conversation;
    act_end_offer(decision, offer, OFFER_ACCEPTED, "");
    act_assign(decision, conversation, decision->agent, &(struct act_assign){
        .via = "offer", .name = decision->command->accept.name });
    return REFUSAL_NONE;
}

enum refusal decide_decline(struct decision *decision)
{
    struct offer *offer;
    enum refusal refusal = find_offer(decision, &offer);
    if (refusal) return refusal;
    act_end_offer(decision, offer, OFFER_DECLINED, "");
    return REFUSAL_NONE;
}

enum refusal decide_note(struct decision *decision)
{
    const struct command_note *note = &decision->command->note;
    enum refusal refusal = decide_handled(decision);
    if (refusal) return refusal;
    if (!note->text.len) return decide_refuse(decision, REFUSAL_EMPTY, "text");
    if (!conversation_is_open(decision->conversation)) return REFUSAL_WRONG_STATE;
    struct event *event = decide_event(decision, EVENT_NOTE_ADDED, decision->conversation);
    event->agent = decision->agent->id;
    event->note_added = (struct event_note_added){ .name = note->name, .text = note->text };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

static enum refusal check_transfer(struct decision *decision)
{
    const struct command_transfer *transfer = &decision->command->transfer;
    const struct engine *engine = decision->engine;
    enum refusal refusal = decide_handled(decision);
    if (refusal) return refusal;
    const struct conversation *conversation = decision->conversation;
    if (!conversation_is_open(conversation)) return REFUSAL_WRONG_STATE;
    if (!transfer->to_agent && !transfer->to_skill.len) return decide_refuse(decision, REFUSAL_MISSING_FIELD, "to_skill");
    if (transfer->to_agent && transfer->to_skill.len) return decide_refuse(decision, REFUSAL_BAD_FIELD, "to_skill");
    if (transfer->to_skill.len && settings_skill(&engine->settings, transfer->to_skill) < 0)
        return decide_refuse(decision, REFUSAL_UNKNOWN_SKILL, "to_skill");
    if (!transfer->to_agent) return REFUSAL_NONE;
    const struct agent *to = agent_find(engine, transfer->to_agent);
    if (!to) return decide_refuse(decision, REFUSAL_UNKNOWN_AGENT, "to_agent");
    return to == conversation->owner ? decide_refuse(decision, REFUSAL_BAD_FIELD, "to_agent") : REFUSAL_NONE;
}

/* A customer who was served waits anew from now; one who waits already keeps the start of the wait;
 * one who spoke with the assistant has, by this, been promised a person. */
enum refusal decide_transfer(struct decision *decision)
{
    const struct command_transfer *transfer = &decision->command->transfer;
    enum refusal refusal = check_transfer(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    struct symbols *symbols = &decision->engine->symbols;
    int64_t wait_from = conversation->state == CONVERSATION_WAITING ? conversation->wait_from : decision->now_ms;
    act_cancel_offer_of(decision, conversation, "conversation_gone");
    struct event *event = decide_event(decision, EVENT_CONVERSATION_TRANSFERRED, conversation);
    event->agent = conversation->owner ? conversation->owner->id : decision->agent->id;
    event->conversation_transferred = (struct event_conversation_transferred){
        .to_agent = transfer->to_agent, .to_skill = transfer->to_skill, .reason = STR("transfer"),
        .note = transfer->note };
    decide_emit(decision, event);
    if (conversation->state == CONVERSATION_ASSISTANT) {
        event = decide_event(decision, EVENT_HUMAN_REQUESTED, conversation);
        event->human_requested.via = STR("transfer");
        decide_emit(decision, event);
    }
    act_queue(decision, conversation, &(struct act_queue){
        .wait_from = wait_from, .to_agent = transfer->to_agent, .language = conversation->language,
        .skills = transfer->to_skill.len ? symbol_of(symbols, transfer->to_skill)
                                         : symbol_topic_skills(symbols, conversation->topic) });
    return REFUSAL_NONE;
}

enum refusal decide_resolve(struct decision *decision)
{
    const struct command_resolve *resolve = &decision->command->resolve;
    enum refusal refusal = decide_handled(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    if (!conversation_is_open(conversation)) return REFUSAL_WRONG_STATE;
    if (!resolve->disposition.len) return decide_refuse(decision, REFUSAL_MISSING_FIELD, "disposition");
    const struct symbol *topic = symbol_of_topic(&decision->engine->symbols, resolve->topic);
    if (resolve->topic.len && !topic) return decide_refuse(decision, REFUSAL_BAD_FIELD, "topic");
    act_mark_recontact(decision, conversation, topic);
    act_resolve(decision, conversation, &(struct act_resolve){
        .by = "agent", .agent = decision->agent->id, .disposition = resolve->disposition,
        .topic = resolve->topic, .note = resolve->note });
    return REFUSAL_NONE;
}

enum refusal decide_end_wrapup(struct decision *decision)
{
    uint64_t conversation = decision->command->conversation;
    const struct wrapup *wrapup = agent_wrapup(decision->agent, conversation);
    if (!wrapup) return conversation_find(decision->engine, conversation, decision->now_ms) ? REFUSAL_WRONG_STATE
                                                                                         : REFUSAL_NOT_FOUND;
    act_end_wrapup(decision, wrapup, "finished");
    return REFUSAL_NONE;
}

static enum refusal find_open(struct decision *decision)
{
    enum refusal refusal = decide_any(decision);
    if (refusal) return refusal;
    return conversation_is_open(decision->conversation) ? REFUSAL_NONE : REFUSAL_WRONG_STATE;
}

enum refusal decide_join(struct decision *decision)
{
    enum refusal refusal = find_open(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    if (conversation_has_guest(conversation, decision->agent->id)) return REFUSAL_NONE;
    if (conversation->guests && conversation->guests->count == STATE_GUESTS) return REFUSAL_AT_CAPACITY;
    struct event *event = decide_event(decision, EVENT_SUPERVISOR_JOINED, conversation);
    event->agent = decision->agent->id;
    event->supervisor_joined.name = decision->command->join.name;
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_leave(struct decision *decision)
{
    enum refusal refusal = find_open(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    if (!conversation_has_guest(conversation, decision->agent->id)) return REFUSAL_WRONG_STATE;
    struct event *event = decide_event(decision, EVENT_SUPERVISOR_LEFT, conversation);
    event->agent = decision->agent->id;
    event->supervisor_left.name = decision->command->leave.name;
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

/* The conversation goes to `agent` past the queue. Offers that the agent has no place for any more
 * are taken back and made to others. */
static void take(struct decision *decision, struct agent *agent, const struct act_assign *assign, const char *reason)
{
    struct conversation *conversation = decision->conversation;
    struct agent *former = conversation->owner;
    act_cancel_offer_of(decision, conversation, "taken_over");
    if (agent_free_places(agent) <= 0)
        act_end_offer(decision, agent->offers[agent->offer_count - 1], OFFER_CANCELLED, "agent_gone");
    if (former) {
        struct event *event = decide_event(decision, EVENT_CONVERSATION_TRANSFERRED, conversation);
        event->agent = former->id;
        event->conversation_transferred = (struct event_conversation_transferred){
            .to_agent = agent->id, .reason = str_of(reason) };
        decide_emit(decision, event);
    }
    act_assign(decision, conversation, agent, assign);
    if (former) act_start_wrapup(decision, conversation, former);
}

/* A supervisor who takes over is there from now on: away, so that the page's heartbeats count and no
 * offers come. Otherwise nobody would notice if they left. */
enum refusal decide_take_over(struct decision *decision)
{
    struct agent *agent = decision->agent;
    enum refusal refusal = find_open(decision);
    if (refusal) return refusal;
    if (decision->conversation->owner == agent) return REFUSAL_NONE;
    if (agent->active_count + agent->wrapup_count >= agent->capacity) return REFUSAL_AT_CAPACITY;
    struct act_assign assign = { .via = "take_over", .name = decision->command->take_over.name };
    if (agent->state == AGENT_OFFLINE) act_presence(decision, agent, AGENT_AWAY, "took_over");
    take(decision, agent, &assign, "taken_over");
    return REFUSAL_NONE;
}

enum refusal decide_assign(struct decision *decision)
{
    enum refusal refusal = find_open(decision);
    if (refusal) return refusal;
    struct agent *agent = agent_find(decision->engine, decision->command->assign.agent);
    if (!agent) return decide_refuse(decision, REFUSAL_UNKNOWN_AGENT, "agent");
    if (decision->conversation->owner == agent) return REFUSAL_NONE;
    if (agent->state != AGENT_ONLINE) return REFUSAL_NOT_ONLINE;
    if (agent->active_count + agent->wrapup_count >= agent->capacity) return REFUSAL_AT_CAPACITY;
    struct act_assign assign = { .via = "assign", .name = decision->command->assign.name };
    take(decision, agent, &assign, "assigned");
    return REFUSAL_NONE;
}
