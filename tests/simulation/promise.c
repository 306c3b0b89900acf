#include "promise.h"

#include "engine/act.h"
#include "engine/conversation.h"
#include "engine/customer.h"
#include "invariant.h"

static bool view_of(const struct engine *engine, const struct command *command, const struct outcome *outcome,
                    struct conversation_view *view)
{
    uint64_t id = outcome && outcome->conversation ? outcome->conversation : command->conversation;
    *view = (struct conversation_view){ 0 };
    return engine_conversation(engine, id, view);
}

void promise_note(struct promise *promise, const struct engine *engine, const struct command *command)
{
    const struct conversation *conversation = command->conversation ? map_get(&engine->conversations, command->conversation) : NULL;
    view_of(engine, command, NULL, &promise->before);
    promise->code = conversation && conversation->proof && conversation->proof->waits ? conversation->proof->code : (struct digest){ 0, 0 };
}

static bool is_with_people(const struct conversation_view *view)
{
    return view->state == CONVERSATION_WAITING || view->state == CONVERSATION_ACTIVE;
}

static size_t said_by(const struct events *events, struct str author)
{
    size_t count = 0;
    for (size_t i = 0; i < events->count; i++)
        count += events->items[i].kind == EVENT_MESSAGE_SENT && str_equal(events->items[i].message_sent.author, author);
    return count;
}

/* Nobody who may ask for a person is refused. */
static void check_ask(const struct engine *engine, const struct command *command, const struct outcome *outcome)
{
    const struct customer *customer = customer_find(engine, command->customer, engine->now_ms);
    const struct conversation *conversation = conversation_find(engine, command->conversation, engine->now_ms);
    if (!customer || customer->erased || !conversation || conversation->customer != customer) return;
    invariant(!outcome->refusal, "a request for a person was refused: %s", refusal_table[outcome->refusal].code);
}

/* By hand-over, or by a turn that is one too many: then the answer is not said. */
static void check_reply(const struct promise *promise, const struct engine *engine, const struct command *command,
                        const struct conversation_view *view, const struct events *events)
{
    const struct command_assistant_reply *reply = &command->assistant_reply;
    bool hand_over = str_equal(reply->decision, STR("hand_over"));
    bool one_too_many = reply->failed && promise->before.failed_turns + 1 >= (int)engine->settings.failed_turns_max;
    invariant(!hand_over || view->state == CONVERSATION_WAITING, "the assistant handed conversation %llu over, and it is %s",
              (unsigned long long)view->id, conversation_state_names[view->state]);
    if (hand_over || !one_too_many) return;
    invariant(view->state == CONVERSATION_WAITING, "%d turns failed in conversation %llu, and it is %s",
              promise->before.failed_turns + 1, (unsigned long long)view->id, conversation_state_names[view->state]);
    invariant(!said_by(events, STR("assistant")), "conversation %llu is handed over, and the answer that failed was said",
              (unsigned long long)view->id);
}

/* A try is right if and only if it is the code: within its time, and as long as there are tries. */
static void check_code(const struct promise *promise, const struct command *command, const struct events *events)
{
    struct digest given = command->say.code, wanted = promise->code;
    bool same = given.high == wanted.high && given.low == wanted.low;
    for (size_t i = 0; i < events->count; i++)
        invariant(events->items[i].kind != EVENT_CODE_TRIED || !str_equal(events->items[i].code_tried.outcome, STR("right")) || same,
                  "a wrong code was right in conversation %llu", (unsigned long long)command->conversation);
}

/* Nobody runs without a colleague what is above the limit; nor for somebody who has not shown who they are. */
static void check_limit(const struct promise *promise, const struct engine *engine, const struct command *command, const struct events *events)
{
    const struct command_request_approval *wish = &command->request_approval;
    for (size_t i = 0; i < events->count; i++) {
        const struct event *event = &events->items[i];
        if (event->kind != EVENT_APPROVAL_REQUESTED) continue;
        bool free = str_equal(event->approval_requested.needs, STR("nobody"));
        invariant(!free || (command->actor & ACTOR_STAFF && wish->value <= wish->most), "event %llu: %llu runs without a colleague, the limit is %llu",
                  (unsigned long long)event->seq, (unsigned long long)wish->value, (unsigned long long)wish->most);
        invariant(!wish->verified || engine_customer_verified(engine, event->customer), "event %llu: an action for somebody unknown", (unsigned long long)event->seq);
        invariant(!wish->proven || promise->before.proven_until > event->at_ms, "event %llu: an action without the code that it needs",
                  (unsigned long long)event->seq);
    }
}

void promise_check(const struct promise *promise, const struct engine *engine, const struct command *command,
                   const struct outcome *outcome, const struct events *events)
{
    struct conversation_view view;
    if (outcome->repeated || outcome->refusal == REFUSAL_KEY_REUSED) return;
    bool customer = command->actor == ACTOR_CUSTOMER;
    if (command->kind == COMMAND_ASK_HUMAN && customer) check_ask(engine, command, outcome);
    if (outcome->refusal || !view_of(engine, command, outcome, &view)) return;
    const char *state = conversation_state_names[view.state];
    unsigned long long id = view.id;
    /* P3: a conversation is its own customer's. */
    invariant(!customer || !outcome->conversation || view.customer == command->customer, "%s of customer %llu was taken in conversation %llu of customer %llu",
              command_table[command->kind].name, (unsigned long long)command->customer, id, (unsigned long long)view.customer);
    switch (command->kind) {
    case COMMAND_ASK_HUMAN:
        invariant(is_with_people(&view), "a request for a person led to state %s (conversation %llu)", state, id);
        break;
    case COMMAND_REQUEST_APPROVAL: check_limit(promise, engine, command, events); break;
    case COMMAND_SAY:
        check_code(promise, command, events);
        if (!customer || !act_is_via(command->say.wants_human)) break;
        invariant(is_with_people(&view), "words that ask for a person led to state %s (conversation %llu)", state, id);
        invariant(!said_by(events, STR("assistant")), "the assistant answers words that ask for a person");
        break;
    case COMMAND_MAKE_APPOINTMENT:
        invariant(view.state == CONVERSATION_WAITING && view.appointment, "an appointment led to state %s, number %llu "
                  "(conversation %llu)", state, (unsigned long long)view.appointment, id);
        break;
    case COMMAND_TRANSFER:
        invariant(is_with_people(&view), "a transfer led to state %s (conversation %llu)", state, id);
        break;
    case COMMAND_ASSISTANT_REPLY: check_reply(promise, engine, command, &view, events); break;
    default: break;
    }
}
