/* Four eyes: an action that the assistant, or an agent, would run is allowed or refused by somebody else. */
#include "base/memory.h"
#include "engine/act.h"
#include "engine/approval.h"
#include "engine/conversation.h"
#include "engine/proof.h"

static enum refusal may_request(struct decision *decision)
{
    const struct command_request_approval *request = &decision->command->request_approval;
    bool staff = decision->command->actor & ACTOR_STAFF;
    enum refusal refusal = staff ? decide_handled(decision) : decide_any(decision);
    if (refusal) return refusal;
    const struct conversation *conversation = decision->conversation;
    if (!staff && !(conversation->state == CONVERSATION_ASSISTANT && request->turn && conversation->turn == request->turn)) return REFUSAL_STALE;
    if (!conversation_is_open(conversation)) return REFUSAL_WRONG_STATE;
    if (!request->action.len || !request->idempotency_key.len) return REFUSAL_EMPTY;
    if (request->verified && !conversation->customer->verified) return decide_refuse(decision, REFUSAL_NOT_ALLOWED, "identity");
    if (request->proven && !proof_is_good(conversation, decision->now_ms)) return decide_refuse(decision, REFUSAL_NOT_ALLOWED, "code");
    if (approval_count(decision->engine, conversation->id) >= APPROVALS_PER_CONVERSATION) return decide_refuse(decision, REFUSAL_RATE_LIMITED, "too_many");
    return REFUSAL_NONE;
}

enum refusal decide_request_approval(struct decision *decision)
{
    const struct command_request_approval *request = &decision->command->request_approval;
    enum refusal refusal = may_request(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    struct engine *engine = decision->engine;
    if (request->turn && conversation->asked_turn == request->turn) return REFUSAL_NONE; /* the same turn, taken up again */
    const struct symbol *topic = symbol_of_topic(&engine->symbols, request->topic);
    bool free = decision->agent && request->value <= request->most;
    struct event *event = decide_event(decision, EVENT_APPROVAL_REQUESTED, conversation);
    event->agent = decision->agent ? decision->agent->id : 0;
    event->approval_requested = (struct event_approval_requested){
        .number = engine->last_approval + 1, .turn = request->turn, .action = request->action, .topic = topic ? topic->text : STR_EMPTY,
        .skills = symbol_topic_skills(&engine->symbols, topic ? symbol_of(&engine->symbols, topic->text) : conversation->topic)->text,
        .needs = free ? STR("nobody") : request->supervisor ? STR("supervisor") : STR("agent"),
        .expires_at = free ? 0 : decision->now_ms + engine->settings.approval_patience_ms,
        .parameters = request->parameters, .amount = request->amount, .why = request->why, .idempotency_key = request->idempotency_key,
        .flow = !decision->agent && request->flow, .place = request->place };
    decide_emit(decision, event);
    if (!request->proven) return REFUSAL_NONE;
    event = decide_event(decision, EVENT_CODE_USED, conversation);
    event->code_used = (struct event_code_used){ .turn = request->turn, .action = request->action };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

/* The approval that the path names, if this person may decide it and nobody has yet. */
static enum refusal find_mine(struct decision *decision, struct approval **out)
{
    struct approval *approval = approval_find(decision->engine, decision->command->target);
    *out = approval;
    if (!approval) return REFUSAL_NOT_FOUND;
    if (!approval_may_decide(decision->engine, approval, decision->agent)) return REFUSAL_NOT_ALLOWED;
    if (approval->given_by || approval->settled) return REFUSAL_WRONG_STATE;
    decision->conversation = conversation_find(decision->engine, approval->conversation, decision->now_ms);
    if (!decision->conversation) return REFUSAL_NOT_FOUND;
    return decision->conversation->customer->erased ? REFUSAL_ERASED : REFUSAL_NONE;
}

enum refusal decide_give_approval(struct decision *decision)
{
    struct approval *approval;
    enum refusal refusal = find_mine(decision, &approval);
    if (refusal) return refusal;
    struct event *event = decide_event(decision, EVENT_APPROVAL_GIVEN, decision->conversation);
    event->agent = decision->agent->id;
    event->approval_given = (struct event_approval_given){ .number = approval->id, .name = decision->command->give_approval.name };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

/* A flow goes on for its customer though the conversation was closed meanwhile. Before the end is put on record: that is the
 * turn that the assistant owes then. */
static void reopen_for(struct decision *decision, const struct approval *approval)
{
    struct conversation *conversation = decision->conversation;
    if (approval->flow && conversation->state == CONVERSATION_RESOLVED && conversation->customer->open < LIMIT_OPEN_PER_CUSTOMER)
        act_reopen(decision, conversation, STR("assistant"));
}

/* Whoever has the conversation by now tells the customer, in their own words. */
static void note(struct decision *decision, struct str text)
{
    const struct conversation *conversation = decision->conversation;
    if (!text.len || (conversation->state != CONVERSATION_WAITING && conversation->state != CONVERSATION_ACTIVE)) return;
    struct event *event = decide_event(decision, EVENT_NOTE_ADDED, conversation);
    event->note_added.text = text;
    decide_emit(decision, event);
}

enum refusal decide_refuse_approval(struct decision *decision)
{
    const struct command_refuse_approval *refuse = &decision->command->refuse_approval;
    struct approval *approval;
    if (!refuse->reason.len) return decide_refuse(decision, REFUSAL_EMPTY, "reason");
    enum refusal refusal = find_mine(decision, &approval);
    if (refusal) return refusal;
    reopen_for(decision, approval);
    struct event *event = decide_event(decision, EVENT_APPROVAL_REFUSED, decision->conversation);
    event->agent = decision->agent->id;
    event->approval_refused = (struct event_approval_refused){ .number = approval->id, .name = refuse->name, .reason = refuse->reason };
    decide_emit(decision, event);
    note(decision, refuse->note);
    return REFUSAL_NONE;
}

/* The action that was allowed has run. Told once, whatever is repeated. Of a customer who was erased meanwhile only that
 * remains: whatever else were sealed now would be sealed under a new key. */
enum refusal decide_finish_approval(struct decision *decision)
{
    const struct command_finish_approval *finish = &decision->command->finish_approval;
    struct approval *approval = approval_find(decision->engine, decision->command->target);
    if (!approval || !(approval->given_by || approval->free) || approval->settled) return REFUSAL_NOT_FOUND;
    struct conversation *conversation = conversation_find(decision->engine, approval->conversation, decision->now_ms);
    if (!conversation) return REFUSAL_NOT_FOUND;
    bool erased = conversation->customer->erased;
    decision->conversation = conversation;
    if (!erased) reopen_for(decision, approval);
    struct event *event = decide_event(decision, EVENT_APPROVAL_DONE, conversation);
    event->approval_done = (struct event_approval_done){ .number = approval->id, .outcome = finish->outcome, .took_ms = finish->took_ms,
                                                         .result = erased ? STR_EMPTY : finish->result };
    decide_emit(decision, event);
    if (!erased) note(decision, finish->note);
    return REFUSAL_NONE;
}

/* Nobody has decided in time. An answer that the assistant owes is no longer waited for: a person sees to all of it. */
void act_expire_approval(struct decision *decision, const struct approval *approval)
{
    struct conversation *conversation = conversation_find(decision->engine, approval->conversation, decision->now_ms);
    struct symbol *skills = approval->skills; /* what the customer talks about by now may need others */
    struct event *event = decide_event(decision, EVENT_APPROVAL_EXPIRED, conversation);
    event->conversation = approval->conversation;
    event->customer = approval->customer;
    event->approval_expired.number = approval->id;
    decide_emit(decision, event);
    if (conversation && conversation->state == CONVERSATION_ASSISTANT)
        act_request(decision, conversation, &(struct act_request){ .via = STR("policy"), .skills = skills });
}

void act_expire_approvals_of(struct decision *decision, uint64_t customer)
{
    struct engine *engine = decision->engine;
    uint64_t *ids = map_sorted_keys(&engine->approvals);
    for (size_t i = 0, count = engine->approvals.count; i < count; i++) {
        const struct approval *approval = approval_find(engine, ids[i]);
        if (approval->customer == customer && !approval->given_by && !approval->free) act_expire_approval(decision, approval);
    }
    memory_free(ids);
}
