#include "engine/act.h"

#include "engine/agent.h"
#include "engine/conversation.h"
#include "engine/customer.h"

struct via_row {
    const char *name;
    bool assistants;
};

static const struct via_row vias[] = {
#define X(via, name, assistants) { name, assistants },
    ACT_VIAS(X)
#undef X
};

static const struct via_row *find_via(struct str via)
{
    for (size_t i = 0; i < ARRAY_LEN(vias); i++)
        if (str_equal(str_of(vias[i].name), via)) return &vias[i];
    return NULL;
}

bool act_is_via(struct str via)
{
    return find_via(via) != NULL;
}

bool act_is_assistants_via(struct str via)
{
    const struct via_row *row = find_via(via);
    return row && row->assistants;
}

void act_queue(struct decision *decision, struct conversation *conversation, const struct act_queue *queue)
{
    struct event *event = decide_event(decision, EVENT_CONVERSATION_QUEUED, conversation);
    event->conversation_queued = (struct event_conversation_queued){
        .wait_from = queue->wait_from, .topic = conversation->topic->text, .skills = queue->skills->text,
        .language = queue->language->text, .to_agent = queue->to_agent };
    decide_emit(decision, event);
}

void act_request(struct decision *decision, struct conversation *conversation, const struct act_request *request)
{
    struct event *event = decide_event(decision, EVENT_HUMAN_REQUESTED, conversation);
    event->human_requested.via = request->via;
    decide_emit(decision, event);
    if (request->note.len) {
        event = decide_event(decision, EVENT_HANDOVER_NOTED, conversation);
        event->handover_noted.note = request->note;
        decide_emit(decision, event);
    }
    act_queue(decision, conversation, &(struct act_queue){
        .wait_from = decision->now_ms,
        .skills = request->skills ? request->skills : symbol_topic_skills(&decision->engine->symbols, conversation->topic),
        .language = request->language ? request->language : conversation->language });
}

void act_reopen(struct decision *decision, struct conversation *conversation, struct str by)
{
    struct event *event = decide_event(decision, EVENT_CONVERSATION_REOPENED, conversation);
    event->conversation_reopened.by = by;
    decide_emit(decision, event);
}

void act_say(struct decision *decision, struct conversation *conversation, struct str author,
             const struct event_message_sent *message)
{
    struct event *event = decide_event(decision, EVENT_MESSAGE_SENT, conversation);
    event->agent = decision->agent ? decision->agent->id : 0;
    event->message_sent = *message;
    event->message_sent.author = author;
    decide_emit(decision, event);
}

void act_end_offer(struct decision *decision, struct offer *offer, enum offer_outcome outcome, const char *reason)
{
    struct event *event = decide_event(decision, EVENT_OFFER_ENDED, offer->conversation);
    event->agent = offer->agent->id;
    event->offer_ended = (struct event_offer_ended){
        .offer = offer->id, .outcome = str_of(offer_outcome_names[outcome]), .reason = str_of(reason) };
    decide_emit(decision, event);
}

void act_cancel_offer_of(struct decision *decision, struct conversation *conversation, const char *reason)
{
    if (conversation->offer) act_end_offer(decision, conversation->offer, OFFER_CANCELLED, reason);
}

static const struct offer *unfit_offer(const struct engine *engine, const struct agent *agent)
{
    for (int i = agent->offer_count; i-- > 0; )
        if (agent_free_places(agent) < 0 || !agent_suits(engine, agent, agent->offers[i]->conversation->group))
            return agent->offers[i];
    return NULL;
}

void act_cancel_unfit_offers(struct decision *decision, struct agent *agent)
{
    for (const struct offer *offer; (offer = unfit_offer(decision->engine, agent)); )
        act_end_offer(decision, offer->conversation->offer, OFFER_CANCELLED, "agent_gone");
}

void act_assign(struct decision *decision, struct conversation *conversation, struct agent *agent,
                const struct act_assign *assign)
{
    struct event *event = decide_event(decision, EVENT_CONVERSATION_ASSIGNED, conversation);
    event->agent = event->owner = agent->id;
    event->conversation_assigned = (struct event_conversation_assigned){
        .via = str_of(assign->via), .name = assign->name };
    decide_emit(decision, event);
    if (!conversation->appointment) return;
    event = decide_event(decision, EVENT_APPOINTMENT_KEPT, conversation);
    event->agent = agent->id;
    event->appointment_kept.number = conversation->appointment;
    decide_emit(decision, event);
}

void act_start_wrapup(struct decision *decision, const struct conversation *conversation, const struct agent *agent)
{
    int64_t wrapup_ms = decision->engine->settings.wrapup_ms;
    if (!wrapup_ms) return;
    struct event *event = decide_event(decision, EVENT_WRAPUP_STARTED, conversation);
    event->agent = agent->id;
    event->wrapup_started.until = decision->now_ms + wrapup_ms;
    decide_emit(decision, event);
}

void act_end_wrapup(struct decision *decision, const struct wrapup *wrapup, const char *reason)
{
    const struct conversation *conversation = map_get(&decision->engine->conversations, wrapup->conversation);
    struct event *event = decide_event(decision, EVENT_WRAPUP_ENDED, conversation);
    event->conversation = wrapup->conversation;
    event->agent = wrapup->agent->id;
    event->wrapup_ended.reason = str_of(reason);
    decide_emit(decision, event);
}

void act_resolve(struct decision *decision, struct conversation *conversation, const struct act_resolve *resolve)
{
    const struct agent *owner = conversation->owner;
    act_cancel_offer_of(decision, conversation, "conversation_gone");
    struct event *event = decide_event(decision, EVENT_CONVERSATION_RESOLVED, conversation);
    event->agent = resolve->agent;
    event->conversation_resolved = (struct event_conversation_resolved){
        .by = str_of(resolve->by), .disposition = resolve->disposition, .note = resolve->note,
        .topic = resolve->topic.len ? resolve->topic : conversation->topic->text };
    decide_emit(decision, event);
    if (owner) act_start_wrapup(decision, conversation, owner);
}

static bool is_marked(const struct conversation *conversation, const struct symbol *topic)
{
    for (size_t i = 0; i < conversation->recontact_count; i++)
        if (conversation->recontacts[i] == topic) return true;
    return conversation->recontact_count == STATE_RECONTACTS;
}

void act_mark_recontact(struct decision *decision, struct conversation *conversation, const struct symbol *topic)
{
    if (!topic || is_marked(conversation, topic)) return;
    const struct resolution *before =
        customer_resolution(decision->engine, conversation->customer, topic, decision->now_ms);
    if (!before) return;
    struct event *event = decide_event(decision, EVENT_RECONTACT_MARKED, conversation);
    event->recontact_marked = (struct event_recontact_marked){
        .topic = topic->text, .previous = before->conversation, .resolved_at = before->resolved_at };
    decide_emit(decision, event);
}

/* The customer was being served and waits anew: from now, for whoever has the topic's skills. */
static void give_up(struct decision *decision, struct conversation *conversation, const struct agent *agent)
{
    struct event *event = decide_event(decision, EVENT_CONVERSATION_TRANSFERRED, conversation);
    event->agent = agent->id;
    event->conversation_transferred.reason = STR("agent_gone");
    decide_emit(decision, event);
    act_request(decision, conversation, &(struct act_request){ .via = STR("transfer") });
}

void act_presence(struct decision *decision, struct agent *agent, enum agent_state state, const char *reason)
{
    if (state != AGENT_ONLINE)
        while (agent->offer_count) act_end_offer(decision, agent->offers[0], OFFER_CANCELLED, "agent_gone");
    if (state == AGENT_OFFLINE)
        while (agent->active_count) give_up(decision, agent->active[0], agent);
    if (agent->state == state) return;
    struct event *event = decide_event(decision, EVENT_PRESENCE_CHANGED, NULL);
    event->agent = agent->id;
    event->presence_changed = (struct event_presence_changed){
        .state = str_of(agent_state_names[state]), .reason = str_of(reason) };
    decide_emit(decision, event);
}

void act_close_session(struct decision *decision, const struct session *session, struct str reason)
{
    struct agent *agent = session->agent;
    struct event *event = decide_event(decision, EVENT_SESSION_CLOSED, NULL);
    event->agent = agent->id;
    event->session_closed = (struct event_session_closed){ session->id, reason };
    decide_emit(decision, event);
    if (!agent->session_count) act_presence(decision, agent, AGENT_OFFLINE, "logged_out");
}
