/* What the assistant may do. It is never trusted: a reply counts only for the message that it
 * answers, and only while the assistant owns the conversation. */
#include "engine/act.h"
#include "engine/approval.h"
#include "engine/proof.h"

static bool is_one_of(struct str word, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(str_of(names[i]), word)) return true;
    return false;
}

static enum refusal find_turn(struct decision *decision, uint64_t turn)
{
    enum refusal refusal = decide_any(decision);
    if (refusal) return refusal;
    const struct conversation *conversation = decision->conversation;
    bool mine = conversation->state == CONVERSATION_ASSISTANT && turn && conversation->turn == turn;
    return mine ? REFUSAL_NONE : REFUSAL_STALE;
}

/* After so many turns that did not help, an answer becomes a hand-over and is not said. */
static bool is_too_much(const struct decision *decision)
{
    const struct command_assistant_reply *reply = &decision->command->assistant_reply;
    return reply->failed &&
           decision->conversation->failed_turns + 1 >= decision->engine->settings.failed_turns_max;
}

static enum refusal check_reply(struct decision *decision)
{
    static const char *const decisions[] = { "answer", "ask", "act", "hand_over" };
    const struct command_assistant_reply *reply = &decision->command->assistant_reply;
    enum refusal refusal = find_turn(decision, reply->turn);
    if (refusal) return refusal;
    if (!is_one_of(reply->decision, decisions, ARRAY_LEN(decisions))) return REFUSAL_BAD_FIELD;
    if (reply->confidence > 1000 || reply->failed > 1) return REFUSAL_BAD_FIELD;
    if (str_equal(reply->decision, STR("hand_over")))
        return act_is_assistants_via(reply->reason) ? REFUSAL_NONE : REFUSAL_BAD_FIELD;
    return reply->text.len ? REFUSAL_NONE : REFUSAL_EMPTY;
}

static void emit_decided(struct decision *decision, struct str what, struct str reason, struct str topic)
{
    const struct command_assistant_reply *reply = &decision->command->assistant_reply;
    struct event *event = decide_event(decision, EVENT_ASSISTANT_DECIDED, decision->conversation);
    event->assistant_decided = (struct event_assistant_decided){
        .turn = reply->turn, .decision = what, .topic = topic, .confidence = reply->confidence,
        .failed = reply->failed, .reason = reason, .explanation = reply->explanation,
        .dialogue = reply->dialogue, .made_by = reply->made_by, .model = reply->model, .prompt = reply->prompt,
        .fallback = reply->fallback, .tokens = reply->tokens };
    decide_emit(decision, event);
}

enum refusal decide_assistant_reply(struct decision *decision)
{
    const struct command_assistant_reply *reply = &decision->command->assistant_reply;
    enum refusal refusal = check_reply(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    bool flow = reply->turn == approval_owed(decision->engine, conversation);
    bool hand_over = str_equal(reply->decision, STR("hand_over")), give_up = !hand_over && is_too_much(decision);
    struct str what = give_up ? STR("hand_over") : reply->decision;
    struct str reason = give_up ? STR("assistant_failed") : reply->reason;
    /* The assistant may have read newer files than the engine: a topic that it does not know is none. */
    const struct symbol *topic = symbol_of_topic(&decision->engine->symbols, reply->topic);
    emit_decided(decision, what, reason, topic ? topic->text : STR_EMPTY);
    if (!flow) act_mark_recontact(decision, conversation, topic); /* nobody asked again */
    if (reply->text.len && !give_up)
        act_say(decision, conversation, STR("assistant"), &(struct event_message_sent){
            .topic = conversation->topic->text, .text = reply->text, .sources = reply->sources,
            .choices = reply->choices });
    if (hand_over || give_up)
        act_request(decision, conversation, &(struct act_request){
            .via = reason, .note = reply->note, .language = decide_language(decision, reply->language) });
    return REFUSAL_NONE;
}

enum refusal decide_action_start(struct decision *decision)
{
    const struct command_action_start *start = &decision->command->action_start;
    enum refusal refusal = find_turn(decision, start->turn);
    if (refusal) return refusal;
    if (!start->action.len) return REFUSAL_EMPTY;
    if (start->proven && !proof_is_good(decision->conversation, decision->now_ms)) return REFUSAL_NOT_ALLOWED;
    if (start->proven) {
        struct event *used = decide_event(decision, EVENT_CODE_USED, decision->conversation);
        used->code_used = (struct event_code_used){ .turn = start->turn, .action = start->action };
        decide_emit(decision, used);
    }
    struct event *event = decide_event(decision, EVENT_ACTION_STARTED, decision->conversation);
    event->action_started = (struct event_action_started){
        .turn = start->turn, .action = start->action, .parameters = start->parameters };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

/* An action's end is put on record even if the conversation has moved on: it did happen. */
enum refusal decide_action_finish(struct decision *decision)
{
    static const char *const outcomes[] = { "done", "refused", "failed", "timed_out" };
    const struct command_action_finish *finish = &decision->command->action_finish;
    enum refusal refusal = decide_any(decision);
    if (refusal) return refusal;
    if (!is_one_of(finish->outcome, outcomes, ARRAY_LEN(outcomes))) return REFUSAL_BAD_FIELD;
    if (!finish->action.len) return REFUSAL_EMPTY;
    struct event *event = decide_event(decision, EVENT_ACTION_FINISHED, decision->conversation);
    event->action_finished = (struct event_action_finished){
        .turn = finish->turn, .action = finish->action, .outcome = finish->outcome,
        .took_ms = finish->took_ms, .result = finish->result };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_send_code(struct decision *decision)
{
    const struct command_send_code *send = &decision->command->send_code;
    const char *field = NULL;
    enum refusal refusal = find_turn(decision, send->turn);
    if (!refusal && digest_is_zero(send->code)) refusal = REFUSAL_EMPTY;
    if (!refusal) refusal = proof_may_send(decision->conversation, decision->now_ms, &field);
    if (refusal) return decide_refuse(decision, refusal, field);
    struct event *event = decide_event(decision, EVENT_CODE_SENT, decision->conversation);
    event->code_sent = (struct event_code_sent){ .turn = send->turn, .code = send->code, .expires_at = decision->now_ms + PROOF_CODE_MS };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

/* Comes after a request by button or in words, which leaves no time for a note. */
enum refusal decide_note_handover(struct decision *decision)
{
    struct str note = decision->command->note_handover.note;
    enum refusal refusal = decide_any(decision);
    if (refusal) return refusal;
    enum conversation_state state = decision->conversation->state;
    if (state != CONVERSATION_WAITING && state != CONVERSATION_ACTIVE) return REFUSAL_STALE;
    if (!note.len) return REFUSAL_EMPTY;
    struct event *event = decide_event(decision, EVENT_HANDOVER_NOTED, decision->conversation);
    event->handover_noted.note = note;
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

/* Comes after the message, while people still talk; the message itself stays as it is. */
enum refusal decide_translate(struct decision *decision)
{
    const struct command_translate *translate = &decision->command->translate;
    enum refusal refusal = decide_any(decision);
    if (refusal) return refusal;
    const struct conversation *conversation = decision->conversation;
    if (conversation->state != CONVERSATION_WAITING && conversation->state != CONVERSATION_ACTIVE) return REFUSAL_STALE;
    if (!translate->message || translate->message > conversation->last_message) return decide_refuse(decision, REFUSAL_BAD_FIELD, "message");
    if (!translate->to.len || str_equal(translate->from, translate->to)) return decide_refuse(decision, REFUSAL_BAD_FIELD, "to");
    if (!translate->text.len == !translate->fallback.len) return REFUSAL_EMPTY; /* the one or the other */
    struct event *event = decide_event(decision, EVENT_MESSAGE_TRANSLATED, decision->conversation);
    event->message_translated = (struct event_message_translated){
        .message = translate->message, .said_by = translate->said_by, .from = translate->from, .to = translate->to,
        .translation = translate->text, .model = translate->model, .prompt = translate->prompt, .tokens = translate->tokens,
        .fallback = translate->fallback };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}
