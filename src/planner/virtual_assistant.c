/* virtual_assistant.c - the real assistant in virtual time; its actions come to what the script says. */
#include "assistant/code_text.h"
#include "assistant/reply_command.h"
#include "base/memory.h"
#include "planner/virtual_state.h"

static void think_later(struct virtual_stage *stage, uint64_t conversation, uint64_t turn, struct str text, bool only_note)
{
    if (stage->thought_count == stage->thought_capacity) {
        stage->thought_capacity = stage->thought_capacity ? stage->thought_capacity * 2 : 16;
        stage->thoughts = memory_resize(stage->thoughts, stage->thought_capacity, sizeof *stage->thoughts);
    }
    stage->thoughts[stage->thought_count++] =
        (struct thought){ stage->now_ms + VIRTUAL_THINKING_MS, conversation, turn, text, only_note };
}

static struct str *text_at(struct virtual_stage *stage, struct map *map, uint64_t conversation)
{
    struct str *text = map_get(map, conversation);
    if (text) return text;
    text = ARENA_NEW(&stage->arena, struct str);
    map_put(map, conversation, text);
    return text;
}

static bool noted(const struct event *events, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++)
        if (events[i].kind == EVENT_HANDOVER_NOTED && events[i].conversation == events[from].conversation) return true;
    return false;
}

static bool is_owed(const struct virtual_stage *stage, uint64_t conversation, uint64_t turn)
{
    for (size_t i = 0; i < stage->thought_count; i++)
        if (stage->thoughts[i].conversation == conversation && stage->thoughts[i].turn == turn) return true;
    return false;
}

/* A flow goes on, if nothing else is owed. */
static void notice_settled(struct virtual_stage *stage, uint64_t conversation)
{
    struct conversation_view view;
    if (!engine_conversation(stage->engine, conversation, &view) || view.state != CONVERSATION_ASSISTANT || !view.turn ||
        view.turn == view.last_message || is_owed(stage, conversation, view.turn)) return;
    think_later(stage, conversation, view.turn, STR_EMPTY, false);
}

static void notice_message(struct virtual_stage *stage, const struct event *event)
{
    struct conversation_view view;
    if (!str_equal(event->message_sent.author, STR("customer"))) return;
    *text_at(stage, &stage->last_texts, event->conversation) = event->message_sent.text;
    if (engine_conversation(stage->engine, event->conversation, &view) && view.state == CONVERSATION_ASSISTANT &&
        view.turn == event->seq)
        think_later(stage, event->conversation, event->seq, event->message_sent.text, false);
}

void virtual_notice(struct virtual_stage *stage, const struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        if (event->kind == EVENT_MESSAGE_SENT) notice_message(stage, event);
        else if (event->kind == EVENT_PARAPHRASE_LEARNED || event->kind == EVENT_PARAPHRASE_REVIEWED) stage->must_learn = true;
        else if (event->kind == EVENT_ASSISTANT_DECIDED) {
            *text_at(stage, &stage->dialogues, event->conversation) = event->assistant_decided.dialogue;
            notice_settled(stage, event->conversation);
        } else if (event->kind == EVENT_APPROVAL_DONE || event->kind == EVENT_APPROVAL_REFUSED) notice_settled(stage, event->conversation);
        else if (event->kind == EVENT_HUMAN_REQUESTED && !str_equal(event->human_requested.via, STR("transfer")) &&
                 !noted(events, i, count))
            think_later(stage, event->conversation, event->seq,
                        *text_at(stage, &stage->last_texts, event->conversation), true);
    }
}

static bool owed(void *context, const struct conversation_view *view)
{
    struct virtual_stage *stage = context;
    if (view->state == CONVERSATION_ASSISTANT && view->turn)
        think_later(stage, view->id, view->turn, view->turn == view->last_message ? stage->events[view->turn - 1].message_sent.text : STR_EMPTY, false);
    return true;
}

void virtual_take_up(struct virtual_stage *stage)
{
    engine_each_open_conversation(stage->engine, owed, stage);
}

int64_t virtual_next_thought(const struct virtual_stage *stage)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; !stage->assistant_silent && i < stage->thought_count; i++)
        if (stage->thoughts[i].due < next) next = stage->thoughts[i].due;
    return next;
}

/* --- one turn --- */

struct turn {
    struct virtual_stage *stage;
    uint64_t conversation, turn;
};

static const struct scripted_action *scripted(const struct virtual_stage *stage, struct str name)
{
    for (size_t i = stage->action_count; i-- > 0;)
        if (str_equal(stage->actions[i].name, name)) return &stage->actions[i];
    return NULL;
}

static struct action_result run_action(void *context, struct arena *arena, const struct action *action,
                                       struct str parameters_json, struct str idempotency_key)
{
    struct turn *turn = context;
    const struct scripted_action *script = scripted(turn->stage, action->name);
    struct action_result result = { .outcome = STR("failed"), .json = STR("{}") };
    UNUSED(idempotency_key);
    UNUSED(arena);
    struct command start = { .kind = COMMAND_ACTION_START, .actor = ACTOR_ASSISTANT, .conversation = turn->conversation };
    start.action_start = (struct command_action_start){ .given = 15, .turn = turn->turn, .action = action->name,
        .proven = action->identity == IDENTITY_CODE,
        .parameters = reply_json_fits(parameters_json, LIMIT_ACTION_RESULT) };
    if (virtual_give(turn->stage, &start).refusal) return (struct action_result){ .outcome = STR("refused"), .json = STR("{}") };
    if (script) result = (struct action_result){ script->outcome, script->json, script->takes_ms, false };
    struct command finish = { .kind = COMMAND_ACTION_FINISH, .actor = ACTOR_ASSISTANT, .conversation = turn->conversation };
    finish.action_finish = (struct command_action_finish){ .given = 31, .turn = turn->turn, .action = action->name,
        .outcome = result.outcome, .took_ms = (uint64_t)result.took_ms, .result = result.json };
    virtual_give(turn->stage, &finish);
    return result;
}

static struct digest code_digest(uint64_t conversation, struct str code)
{
    return (struct digest){ str_hash(code) ^ conversation, str_hash(code) + 1 };
}

void virtual_take_code(struct virtual_stage *stage, struct command *command)
{
    struct conversation_view view;
    char code[CODE_ROOM];
    struct str hidden;
    if (!engine_conversation(stage->engine, command->conversation, &view) || !view.code_waits ||
        !code_text_hide(&stage->arena, command->say.text, code, &hidden))
        return;
    command->say.text = hidden;
    command->say.code = code_digest(view.id, str_of(code));
}

/* The code is drawn from the turn, so that a story is the same each time. */
static enum code_sent send_code(void *context, struct arena *arena)
{
    struct turn *turn = context;
    struct virtual_stage *stage = turn->stage;
    const struct scripted_action *script = stage->workspace->send_code.len ? scripted(stage, stage->workspace->send_code) : NULL;
    struct str code = arena_format(&stage->arena, "%06u", (unsigned)(str_hash(arena_format(arena, "code %llu", (unsigned long long)turn->turn)) % 1000000));
    struct command send = { .kind = COMMAND_SEND_CODE, .actor = ACTOR_ASSISTANT, .conversation = turn->conversation };
    send.send_code = (struct command_send_code){ .given = 3, .turn = turn->turn, .code = code_digest(turn->conversation, code) };
    struct outcome outcome = virtual_give(stage, &send);
    if (outcome.refusal) return outcome.field && !strcmp(outcome.field, "too_soon") ? CODE_SENT_JUST_NOW : CODE_NOT_SENT;
    stage->code = code;
    return script && str_equal(script->outcome, STR("done")) ? CODE_ON_ITS_WAY : CODE_NOT_SENT;
}

static bool propose(void *context, const struct proposal *proposal)
{
    struct turn *turn = context;
    struct command request = { .kind = COMMAND_REQUEST_APPROVAL, .actor = ACTOR_ASSISTANT, .conversation = turn->conversation };
    request.request_approval = (struct command_request_approval){
        .value = ACTION_VALUE_MAX, .turn = turn->turn, .action = proposal->action->name, .topic = proposal->topic, .parameters = proposal->parameters_json,
        .supervisor = proposal->action->approval == APPROVAL_SUPERVISOR, .amount = proposal->amount, .why = proposal->why,
        .idempotency_key = proposal->idempotency_key, .flow = proposal->place.len > 0, .place = proposal->place };
    return virtual_give(turn->stage, &request).refusal == REFUSAL_NONE;
}

/* What was allowed comes to what the script says, at once. */
void virtual_run_approved(struct virtual_stage *stage, uint64_t number)
{
    struct approval_view view;
    struct conversation_view conversation = { .language = STR_EMPTY };
    if (!engine_approval(stage->engine, number, &view) || !view.given_by) return;
    struct str name = stage->events[view.seq - 1].approval_requested.action;
    const struct action *action = workspace_action(stage->workspace, name);
    const struct scripted_action *script = scripted(stage, name);
    engine_conversation(stage->engine, view.conversation, &conversation);
    struct command finish = { .kind = COMMAND_FINISH_APPROVAL, .actor = ACTOR_NODE, .target = number };
    finish.finish_approval = (struct command_finish_approval){ .outcome = script ? script->outcome : STR("failed"), .result = script ? script->json : STR("{}") };
    const struct event_approval_requested *requested = &stage->events[view.seq - 1].approval_requested;
    struct settled settled = { requested->place, requested->parameters, true, finish.finish_approval.outcome, finish.finish_approval.result, true };
    struct question question = { .language = conversation.language, .verified = true, .customer_id = STR("-"), .settled = &settled };
    if (action && requested->place.len) finish.finish_approval.note = assistant_settled_note(virtual_assistant(stage), &question, &stage->arena);
    virtual_give(stage, &finish);
}

static bool settled_at(const struct virtual_stage *stage, uint64_t turn, struct settled *out)
{
    const struct event *end = &stage->events[turn - 1];
    bool allowed = end->kind == EVENT_APPROVAL_DONE;
    if (!allowed && end->kind != EVENT_APPROVAL_REFUSED) return false;
    uint64_t number = allowed ? end->approval_done.number : end->approval_refused.number;
    for (uint64_t i = turn; i-- > 0;) {
        const struct event *event = &stage->events[i];
        if (event->kind != EVENT_APPROVAL_REQUESTED || event->approval_requested.number != number) continue;
        *out = (struct settled){ event->approval_requested.place, event->approval_requested.parameters, allowed,
            allowed ? end->approval_done.outcome : STR_EMPTY, allowed ? end->approval_done.result : STR_EMPTY, false };
        return true;
    }
    return false;
}

static void think(struct virtual_stage *stage, const struct thought *thought)
{
    struct conversation_view view;
    struct arena arena = { 0 };
    static const enum code_shown shown[PROOF_OUTCOMES] = { [PROOF_NONE] = CODE_NONE, [PROOF_RIGHT] = CODE_RIGHT,
        [PROOF_WRONG_CODE] = CODE_WRONG, [PROOF_USED_UP] = CODE_USED_UP, [PROOF_EXPIRED] = CODE_EXPIRED };
    struct turn turn = { stage, thought->conversation, thought->turn };
    struct settled settled;
    if (!engine_conversation(stage->engine, thought->conversation, &view)) return;
    const struct virtual_customer *customer = map_get(&stage->customers, view.customer);
    struct question question = {
        .text = thought->text, .language = arena_copy(&arena, view.language),
        .dialogue = *text_at(stage, &stage->dialogues, thought->conversation), .failed_turns = view.failed_turns,
        .failed_turns_max = (int)engine_settings(stage->engine)->failed_turns_max,
        .customer_id = customer ? customer->external_id : STR_EMPTY, .customer_name = customer ? customer->name : STR_EMPTY,
        .verified = customer && customer->verified, .now_ms = stage->now_ms,
        .key = arena_format(&arena, "c%llu-t%llu", (unsigned long long)thought->conversation,
                            (unsigned long long)thought->turn),
        .proven_until = view.proven_until, .shown = shown[view.code_outcome], .send_code = send_code, .propose = propose,
        .act = run_action, .context = &turn,
        .settled = !thought->only_note && settled_at(stage, thought->turn, &settled) ? &settled : NULL,
    };
    struct command command = { .actor = ACTOR_ASSISTANT, .conversation = thought->conversation };
    if (thought->only_note) {
        command.kind = COMMAND_NOTE_HANDOVER;
        command.note_handover.note = reply_json_fits(assistant_note(virtual_assistant(stage), &question, &arena), LIMIT_NOTE);
    } else {
        struct reply reply;
        assistant_decide(virtual_assistant(stage), &question, &arena, &reply);
        command.kind = COMMAND_ASSISTANT_REPLY;
        command.assistant_reply.turn = thought->turn;
        reply_command(&reply, &arena, &command.assistant_reply);
    }
    virtual_give(stage, &command); /* refused when the conversation has moved on */
    arena_free(&arena);
}

void virtual_think(struct virtual_stage *stage)
{
    for (size_t i = 0; !stage->assistant_silent && i < stage->thought_count;) {
        struct thought thought = stage->thoughts[i];
        if (thought.due > stage->now_ms) {
            i++;
            continue;
        }
        memmove(&stage->thoughts[i], &stage->thoughts[i + 1], (--stage->thought_count - i) * sizeof *stage->thoughts);
        think(stage, &thought);
    }
}

/* --- what the script says --- */

bool virtual_direct(struct stage *base, struct err *err, const struct script_statement *statement)
{
    struct virtual_stage *stage = (struct virtual_stage *)base;
    const struct script_value *first = script_argument(statement, 0), *json = script_option(statement, "returns"),
        *outcome = script_option(statement, "outcome"), *takes = script_option(statement, "takes");
    if (statement->verb == SCRIPT_ASSISTANT) {
        stage->assistant_silent = str_equal(first->text, STR("silent"));
        return stage->assistant_silent || str_equal(first->text, STR("normal")) ||
               err_set(err, "an assistant is silent or normal");
    }
    if (!workspace_action(stage->workspace, first->text))
        return err_set(err, "the workspace has no action %.*s", STR_ARG(first->text));
    stage->actions = memory_resize(stage->actions, stage->action_count + 1, sizeof *stage->actions);
    stage->actions[stage->action_count++] = (struct scripted_action){ first->text, json ? json->text : STR("{}"),
        outcome ? outcome->text : STR("done"), takes ? takes->number : 0 };
    return true;
}
