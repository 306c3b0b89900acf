#include "node/state.h"

#include <sodium.h>

#include "assistant/breaker.h"
#include "assistant/reply_command.h"
#include "base/memory.h"
#include "node/handle.h"

/* The assistant as a reader: a customer's committed message becomes a turn on a pool thread; what the
 * assistant decides comes back as a command. The engine refuses a decision that came too late, so a
 * turn that was overtaken (the customer asked for a person, wrote again) simply dies here; if it waits
 * for the language model, it is told to stop waiting. A turn that has begun to act is overtaken by a request
 * for a person alone: what is written meanwhile is the turn after it.
 *
 * A hand-over's note is on record at once. Where a language model may sum up, a second note with its
 * summary follows; nobody waits for that.
 *
 * An action is on record before it is tried and its result before it is spoken of: the pool thread
 * hands those commands to the loop and waits until they are on disk. */

#define LAST_TEXT_MAX 2000

/* What is remembered of a conversation while the assistant or the queue owns it. */
struct memory {
    struct str dialogue, last_text;
    bool in_the_log; /* the dialogue of before must be read back first: the conversation was reopened */
    bool summed_up;         /* this hand-over: a summary was asked for */
};

struct assist {
    struct node *node;
    struct map memories;
    uv_mutex_t lock;
    struct request *inbox;  /* under the lock, newest first */
    uv_async_t *news;
    struct turn *turns;     /* that are under way */
    size_t running;
    int64_t started_at;
    struct breakers *breakers; /* of the back ends; pool threads use them too */
};

/* A pool thread's command to the loop. */
struct request {
    struct command command;
    struct outcome outcome;
    uv_sem_t answered;
    struct request *next;
};

enum turn_kind { TURN_DECIDE, TURN_NOTE, TURN_SUMMARY };

struct turn {
    uv_work_t work;
    struct turn *next;
    enum turn_kind kind;
    struct consult consult;
    struct model_trace trace;  /* of a summary; a decision's is in its reply */
    atomic_bool cancelled;     /* nobody waits for it any more */
    struct node *node;
    struct content *content;
    struct arena arena;
    struct question question;
    struct settled settled;    /* of an approval's end, in place of a message */
    bool goes_on;              /* `settled` is set */
    struct reply reply;
    struct str note;
    uint64_t conversation, customer, turn;
    uint64_t took_us;
};

static void memory_drop(struct memory *memory)
{
    memory_free((char *)(uintptr_t)memory->dialogue.data);
    memory_free((char *)(uintptr_t)memory->last_text.data);
    memory_free(memory);
}

static void keep(struct str *kept, struct str text)
{
    memory_free((char *)(uintptr_t)kept->data);
    *kept = str_make(memory_copy(text.data, text.len), text.len);
}

static struct memory *memory_of(struct assist *assist, uint64_t conversation)
{
    struct memory *memory = map_get(&assist->memories, conversation);
    if (memory) return memory;
    memory = MEMORY_NEW(struct memory);
    map_put(&assist->memories, conversation, memory);
    return memory;
}

static void forget(struct assist *assist, uint64_t conversation)
{
    struct memory *memory = conversation ? map_remove(&assist->memories, conversation) : NULL;
    if (memory) memory_drop(memory);
}

/* --- pool thread --- */

static struct outcome ask_loop(struct turn *turn, const struct command *command)
{
    struct assist *assist = turn->node->assist;
    struct request request = { .command = *command };
    must(uv_sem_init(&request.answered, 0) == 0);
    uv_mutex_lock(&assist->lock);
    request.next = assist->inbox;
    assist->inbox = &request;
    uv_async_send(assist->news);
    uv_mutex_unlock(&assist->lock);
    uv_sem_wait(&request.answered);
    uv_sem_destroy(&request.answered);
    return request.outcome;
}

static struct command turn_command(const struct turn *turn, enum command_kind kind)
{
    return (struct command){ .kind = kind, .actor = ACTOR_ASSISTANT, .conversation = turn->conversation };
}

static struct action_result act(void *context, struct arena *arena, const struct action *action,
                                struct str parameters_json, struct str idempotency_key)
{
    struct turn *turn = context;
    struct command start = turn_command(turn, COMMAND_ACTION_START);
    start.action_start.turn = turn->turn;
    start.action_start.action = action->name;
    start.action_start.proven = action->identity == IDENTITY_CODE;
    start.action_start.parameters = reply_json_fits(parameters_json, LIMIT_ACTION_RESULT);
    if (ask_loop(turn, &start).refusal != REFUSAL_NONE)
        return (struct action_result){ .outcome = STR("refused"), .json = STR("{}") };
    struct action_request request = { action, turn->question.customer_id, parameters_json, idempotency_key };
    struct action_result result = action_call(turn->content->workspace, turn->node->assist->breakers, &request, arena);
    struct command finish = turn_command(turn, COMMAND_ACTION_FINISH);
    finish.action_finish.turn = turn->turn;
    finish.action_finish.action = action->name;
    finish.action_finish.outcome = result.outcome;
    finish.action_finish.took_ms = (uint64_t)(result.took_ms < 3600000 ? result.took_ms : 3600000);
    finish.action_finish.result = reply_json_fits(result.json, LIMIT_ACTION_RESULT);
    ask_loop(turn, &finish);
    return result;
}

/* The code goes to the customer by the company's own way; neither the log nor the assistant ever has it. */
static enum code_sent send_code(void *context, struct arena *arena)
{
    struct turn *turn = context;
    const struct workspace *workspace = turn->content->workspace;
    const struct action *action = workspace->send_code.len ? workspace_action(workspace, workspace->send_code) : NULL;
    char code[CODE_ROOM];
    if (!action) return CODE_NOT_SENT;
    code_draw(code);
    struct command send = turn_command(turn, COMMAND_SEND_CODE);
    send.send_code.turn = turn->turn;
    send.send_code.code = code_digest(turn->node, turn->conversation, turn->customer, code);
    struct outcome outcome = ask_loop(turn, &send);
    if (outcome.refusal) return outcome.field && !strcmp(outcome.field, "too_soon") ? CODE_SENT_JUST_NOW : CODE_NOT_SENT;
    struct str parameters = arena_format(arena, "{\"code\":\"%s\"}", code);
    struct str key = arena_format(arena, "%.*s-code", STR_ARG(str_slice(turn->question.key, 0, LIMIT_IDEMPOTENCY_KEY - 8)));
    struct action_request request = { action, turn->question.customer_id, parameters, key };
    struct action_result result = action_call(workspace, turn->node->assist->breakers, &request, arena);
    sodium_memzero((char *)(uintptr_t)parameters.data, parameters.len);
    sodium_memzero(code, sizeof code);
    struct command finish = turn_command(turn, COMMAND_ACTION_FINISH);
    finish.action_finish.turn = turn->turn;
    finish.action_finish.action = action->name;
    finish.action_finish.outcome = result.outcome;
    finish.action_finish.took_ms = (uint64_t)(result.took_ms < 3600000 ? result.took_ms : 3600000);
    finish.action_finish.result = STR("{}");
    ask_loop(turn, &finish);
    return str_equal(result.outcome, STR("done")) ? CODE_ON_ITS_WAY : CODE_NOT_SENT;
}

static bool propose(void *context, const struct proposal *proposal)
{
    struct turn *turn = context;
    struct command request = turn_command(turn, COMMAND_REQUEST_APPROVAL);
    request.request_approval = (struct command_request_approval){
        .value = ACTION_VALUE_MAX, .turn = turn->turn, .action = proposal->action->name, .topic = proposal->topic,
        .flow = proposal->place.len > 0 && proposal->place.len <= LIMIT_DIALOGUE, .place = reply_json_fits(proposal->place, LIMIT_DIALOGUE),
        .parameters = reply_json_fits(proposal->parameters_json, LIMIT_ACTION_RESULT), .supervisor = proposal->action->approval == APPROVAL_SUPERVISOR,
        .amount = proposal->amount, .why = str_cut(proposal->why, LIMIT_MESSAGE), .idempotency_key = proposal->idempotency_key };
    return ask_loop(turn, &request).refusal == REFUSAL_NONE;
}

static void think(uv_work_t *work)
{
    struct turn *turn = work->data;
    uint64_t from = uv_hrtime();
    const struct assistant *assistant = turn->content->assistant;
    switch (turn->kind) {
    case TURN_DECIDE: assistant_decide(assistant, &turn->question, &turn->arena, &turn->reply); break;
    case TURN_NOTE: turn->note = assistant_note(assistant, &turn->question, &turn->arena); break;
    case TURN_SUMMARY: turn->note = assistant_summary(assistant, &turn->question, &turn->arena, &turn->trace); break;
    }
    turn->took_us = (uv_hrtime() - from) / 1000;
}

/* --- loop thread --- */

static void on_request_done(void *context, const struct outcome *outcome)
{
    struct request *request = context;
    request->outcome = *outcome;
    uv_sem_post(&request->answered);
}

static void on_news(uv_async_t *news)
{
    struct assist *assist = news->data;
    uv_mutex_lock(&assist->lock);
    struct request *request = assist->inbox, *oldest_first = NULL;
    assist->inbox = NULL;
    uv_mutex_unlock(&assist->lock);
    while (request) {
        struct request *next = request->next;
        request->next = oldest_first;
        oldest_first = request;
        request = next;
    }
    while (oldest_first) {
        struct request *next = oldest_first->next;
        node_submit(assist->node, &oldest_first->command, on_request_done, oldest_first);
        oldest_first = next;
    }
}

static void turn_end(struct turn *turn)
{
    struct assist *assist = turn->node->assist;
    struct turn **at = &assist->turns;
    while (*at != turn) at = &(*at)->next;
    *at = turn->next;
    assist->running--;
    content_drop(turn->content);
    arena_free(&turn->arena);
    memory_free(turn);
}

static void say_decision(struct turn *turn)
{
    struct command command = turn_command(turn, COMMAND_ASSISTANT_REPLY);
    turn->node->metrics.assistant_replies++;
    turn->node->metrics.assistant_us_total += turn->took_us;
    if (turn->reply.decision == DECISION_HAND_OVER) turn->node->metrics.assistant_failures++;
    command.assistant_reply.turn = turn->turn;
    reply_command(&turn->reply, &turn->arena, &command.assistant_reply);
    node_submit(turn->node, &command, NULL, NULL);
}

static void say_note(struct turn *turn)
{
    struct command command = turn_command(turn, COMMAND_NOTE_HANDOVER);
    command.note_handover.note = reply_json_fits(turn->note, LIMIT_NOTE);
    node_submit(turn->node, &command, NULL, NULL);
}

/* What is said is refused when the conversation has moved on; there is nothing left to do then. */
static void thought(uv_work_t *work, int status)
{
    struct turn *turn = work->data;
    must(status == 0);
    consult_end(&turn->consult, turn->node, turn->conversation, turn->kind == TURN_DECIDE ? &turn->reply.trace : &turn->trace);
    if (turn->kind == TURN_DECIDE) say_decision(turn);
    else if (turn->kind == TURN_NOTE || turn->note.len) say_note(turn);
    turn_end(turn);
}

/* The conversation has moved on: its turns need not wait for the model. */
static void overtake(struct assist *assist, uint64_t conversation, bool summaries)
{
    for (struct turn *turn = assist->turns; turn; turn = turn->next)
        if (turn->conversation == conversation && (summaries || turn->kind == TURN_DECIDE)) atomic_store(&turn->cancelled, true);
}

static void turn_start(struct turn *turn, struct str text)
{
    static const enum code_shown shown[PROOF_OUTCOMES] = { [PROOF_NONE] = CODE_NONE, [PROOF_RIGHT] = CODE_RIGHT,
        [PROOF_WRONG_CODE] = CODE_WRONG, [PROOF_USED_UP] = CODE_USED_UP, [PROOF_EXPIRED] = CODE_EXPIRED };
    struct node *node = turn->node;
    struct assist *assist = node->assist;
    struct conversation_view view;
    struct node_customer customer;
    must(engine_conversation(node->engine, turn->conversation, &view));
    struct memory *memory = memory_of(assist, turn->conversation);
    node_customer(node, view.customer, &turn->arena, &customer);
    struct question *question = &turn->question;
    question->text = arena_copy(&turn->arena, text);
    question->language = arena_copy(&turn->arena, view.language);
    question->dialogue = arena_copy(&turn->arena, memory->dialogue);
    question->failed_turns = view.failed_turns;
    question->failed_turns_max = (int)engine_settings(node->engine)->failed_turns_max;
    question->customer_id = customer.verified ? customer.external_id : STR_EMPTY;
    question->customer_name = customer.name;
    question->verified = customer.verified;
    question->key = arena_format(&turn->arena, "c%llu-t%llu", (unsigned long long)turn->conversation,
                                 (unsigned long long)turn->turn);
    question->now_ms = node_now(node);
    question->proven_until = view.proven_until;
    question->shown = shown[view.code_outcome];
    question->send_code = send_code;
    question->propose = propose;
    turn->customer = view.customer;
    question->act = act;
    question->context = turn;
    if (turn->goes_on) question->settled = &turn->settled;
    else keep(&memory->last_text, str_cut(text, LAST_TEXT_MAX));
    if (turn->kind != TURN_NOTE && !turn->goes_on)
        consult_begin(&turn->consult, node, turn->content, turn->conversation,
                      turn->kind == TURN_SUMMARY ? MODEL_USE_SUMMARISE : MODEL_USE_PHRASE | MODEL_USE_PLAN, &turn->cancelled);
    turn->consult.use.customer_email = customer.email;
    question->model = turn->consult.placed ? &turn->consult.use : NULL;
    turn->work.data = turn;
    must(uv_queue_work(node->loop, &turn->work, think, thought) == 0);
}

/* A conversation from before this start: its memory is read back from the log first. */
static void on_history(void *context, const struct event *events, size_t count, uint64_t last)
{
    UNUSED(last);
    struct turn *turn = context;
    struct memory *memory = memory_of(turn->node->assist, turn->conversation);
    struct conversation_view view;
    memory->in_the_log = false;
    for (size_t i = 0; i < count; i++) {
        consult_learn(turn->node, turn->conversation, consult_tokens(&events[i]));
        if (events[i].kind == EVENT_ASSISTANT_DECIDED) keep(&memory->dialogue, events[i].assistant_decided.dialogue);
    }
    if (engine_conversation(turn->node->engine, turn->conversation, &view)) turn_start(turn, turn->question.text);
    else turn_end(turn);
}

static struct turn *turn_make(struct node *node, uint64_t conversation, uint64_t seq, enum turn_kind kind)
{
    struct assist *assist = node->assist;
    struct turn *turn = MEMORY_NEW(struct turn);
    turn->node = node;
    turn->content = node->content;
    content_hold(turn->content);
    turn->conversation = conversation;
    turn->turn = seq;
    turn->kind = kind;
    turn->next = assist->turns;
    assist->turns = turn;
    assist->running++;
    return turn;
}

/* With the conversation's memory, which may have to be read first. */
static void turn_begin(struct turn *turn, struct str text)
{
    struct node *node = turn->node;
    struct assist *assist = node->assist;
    struct conversation_view view;
    uint64_t conversation = turn->conversation;
    must(engine_conversation(node->engine, conversation, &view));
    const struct memory *memory = map_get(&assist->memories, conversation);
    if (memory ? !memory->in_the_log : view.opened_at >= assist->started_at) {
        turn_start(turn, text);
        return;
    }
    turn->question.text = arena_copy(&turn->arena, text);
    /* The last decision may come after the message: it was made on the one before. */
    struct node_page page = { { VIEWER_SUPERVISOR, 0 }, conversation, 0, INT64_MAX, 100 };
    node_read(node, &page, on_history, turn);
}

static void turn_new(struct node *node, uint64_t conversation, uint64_t seq, struct str text, enum turn_kind kind)
{
    struct conversation_view view;
    if (engine_conversation(node->engine, conversation, &view)) turn_begin(turn_make(node, conversation, seq, kind), text);
}

static bool is_under_way(const struct assist *assist, uint64_t conversation, uint64_t seq)
{
    for (const struct turn *turn = assist->turns; turn; turn = turn->next)
        if (turn->conversation == conversation && turn->turn == seq && turn->kind == TURN_DECIDE && !atomic_load(&turn->cancelled)) return true;
    return false;
}

/* What is owed and not under way: a message that came while a turn acted, one that the last process left or that a full disk
 * stopped, or a flow whose approval a person has decided. `seq`: of the event at hand, since what comes later is not on disk yet. */
static void go_on(struct node *node, uint64_t conversation, uint64_t seq)
{
    struct conversation_view view;
    if (!engine_conversation(node->engine, conversation, &view) || view.state != CONVERSATION_ASSISTANT || !view.turn || view.turn > seq ||
        is_under_way(node->assist, conversation, view.turn)) return;
    struct event event;
    struct turn *turn = turn_make(node, conversation, view.turn, TURN_DECIDE);
    bool message = node_event(node, view.turn, &turn->arena, &event) && event.kind == EVENT_MESSAGE_SENT;
    turn->goes_on = !message && approve_settled(node, view.turn, &turn->arena, &turn->settled);
    if (message) turn_begin(turn, event.message_sent.text);
    else if (turn->goes_on) turn_begin(turn, STR_EMPTY);
    else turn_end(turn);
}

static bool noted_in(const struct event *events, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++)
        if (events[i].kind == EVENT_HANDOVER_NOTED && events[i].conversation == events[from].conversation)
            return true;
    return false;
}

static void on_message(struct node *node, const struct event *event)
{
    struct conversation_view view;
    if (!str_equal(event->message_sent.author, STR("customer"))) return;
    bool there = engine_conversation(node->engine, event->conversation, &view);
    if (there && view.state == CONVERSATION_ASSISTANT && view.turn != event->seq) return; /* it waits for a turn that acts */
    overtake(node->assist, event->conversation, false);
    if (!there) return;
    if (view.state == CONVERSATION_ASSISTANT && view.turn == event->seq)
        turn_new(node, event->conversation, event->seq, event->message_sent.text, TURN_DECIDE);
    else if (view.state == CONVERSATION_WAITING)
        keep(&memory_of(node->assist, event->conversation)->last_text,
             str_cut(event->message_sent.text, LAST_TEXT_MAX));
}

static void on_requested(struct node *node, const struct event *events, size_t at, size_t count)
{
    overtake(node->assist, events[at].conversation, false);
    if (str_equal(events[at].human_requested.via, STR("transfer")) || noted_in(events, at, count)) return;
    struct memory *memory = map_get(&node->assist->memories, events[at].conversation);
    struct str last = memory ? memory->last_text : STR_EMPTY;
    struct arena arena = { 0 };
    turn_new(node, events[at].conversation, events[at].seq, arena_copy(&arena, last), TURN_NOTE);
    arena_free(&arena);
}

/* After the note of a hand-over, once: a summary, if the model may make one. */
static void on_noted(struct node *node, const struct event *event)
{
    struct memory *memory = map_get(&node->assist->memories, event->conversation);
    if (!memory || memory->summed_up || !(node->content->workspace->model.uses & MODEL_USE_SUMMARISE)) return;
    struct arena arena = { 0 };
    memory->summed_up = true;
    turn_new(node, event->conversation, event->seq, arena_copy(&arena, memory->last_text), TURN_SUMMARY);
    arena_free(&arena);
}

void assist_events(struct node *node, const struct event *events, size_t count)
{
    struct assist *assist = node->assist;
    for (size_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        switch (event->kind) {
        case EVENT_MESSAGE_SENT: on_message(node, event); break;
        case EVENT_ASSISTANT_DECIDED:
            keep(&memory_of(assist, event->conversation)->dialogue, event->assistant_decided.dialogue);
            go_on(node, event->conversation, event->seq);
            break;
        case EVENT_APPROVAL_DONE:
        case EVENT_APPROVAL_REFUSED: go_on(node, event->conversation, event->seq); break;
        case EVENT_CONVERSATION_REOPENED: memory_of(assist, event->conversation)->in_the_log = true; break;
        case EVENT_HUMAN_REQUESTED: on_requested(node, events, i, count); break;
        case EVENT_HANDOVER_NOTED: on_noted(node, event); break;
        case EVENT_CONVERSATION_ASSIGNED: forget(assist, event->conversation); break;
        case EVENT_CONVERSATION_RESOLVED:
            overtake(assist, event->conversation, true);
            forget(assist, event->conversation);
            consult_forget(node, event->conversation);
            break;
        default: break;
        }
    }
}

static bool take_up(void *context, const struct conversation_view *view)
{
    go_on(context, view->id, UINT64_MAX);
    return true;
}

void assist_take_up(struct node *node)
{
    engine_each_open_conversation(node->engine, take_up, node);
}

void assist_start(struct node *node)
{
    struct assist *assist = node->assist = MEMORY_NEW(struct assist);
    assist->node = node;
    assist->started_at = node_now(node);
    assist->breakers = breakers_new();
    assist->news = MEMORY_NEW(uv_async_t);
    must(uv_mutex_init(&assist->lock) == 0);
    must(uv_async_init(node->loop, assist->news, on_news) == 0);
    assist->news->data = assist;
    assist_take_up(node);
}

bool assist_busy(const struct node *node)
{
    return node->assist && node->assist->running;
}

void assist_hurry(struct node *node)
{
    for (struct turn *turn = node->assist ? node->assist->turns : NULL; turn; turn = turn->next) atomic_store(&turn->cancelled, true);
}

void assist_stop(struct node *node)
{
    struct assist *assist = node->assist;
    if (!assist) return;
    must(!assist->running);
    struct map_slot slot;
    for (size_t i = 0; map_next(&assist->memories, &i, &slot);) memory_drop(slot.value);
    map_free(&assist->memories);
    uv_mutex_destroy(&assist->lock);
    breakers_free(assist->breakers);
    handle_close(assist->news);
    memory_free(assist);
    node->assist = NULL;
}

struct breakers *assist_breakers(const struct node *node)
{
    return node->assist->breakers;
}
