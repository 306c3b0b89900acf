#include "engine/decide.h"

#include "engine/agent.h"
#include "engine/apply.h"
#include "engine/conversation.h"
#include "engine/customer.h"
#include "engine/deadline.h"
#include "engine/match.h"

typedef enum refusal decide_fn(struct decision *decision);

static decide_fn *const decide_table[COMMAND_KINDS] = {
#define C(kind, member, who, meaning) [COMMAND_##kind] = decide_##member,
    COMMANDS(C)
#undef C
};

struct event *decide_event(struct decision *decision, enum event_kind kind, const struct conversation *conversation)
{
    struct event *event = events_add(decision->out);
    event->kind = kind;
    if (!conversation) return event;
    event->conversation = conversation->id;
    event->customer = conversation->customer->id;
    event->owner = conversation->owner ? conversation->owner->id : 0;
    return event;
}

void decide_emit(struct decision *decision, struct event *event)
{
    event->seq = decision->engine->seq + 1;
    event->at_ms = decision->now_ms;
    if (event == &decision->out->items[decision->first]) event->cause = decision->command->key;
    engine_apply(decision->engine, event);
}

enum refusal decide_refuse(struct decision *decision, enum refusal refusal, const char *field)
{
    decision->field = field;
    return refusal;
}

enum refusal decide_any(struct decision *decision)
{
    struct conversation *conversation =
        conversation_find(decision->engine, decision->command->conversation, decision->now_ms);
    if (!conversation) return REFUSAL_NOT_FOUND;
    if (conversation->customer->erased) return REFUSAL_ERASED;
    decision->conversation = conversation;
    return REFUSAL_NONE;
}

enum refusal decide_own(struct decision *decision)
{
    enum refusal refusal = decide_any(decision);
    if (refusal) return REFUSAL_NOT_FOUND;
    return decision->conversation->customer == decision->customer ? REFUSAL_NONE : REFUSAL_NOT_FOUND;
}

enum refusal decide_owned(struct decision *decision)
{
    enum refusal refusal = decide_any(decision);
    if (refusal) return refusal;
    return decision->conversation->owner == decision->agent ? REFUSAL_NONE : REFUSAL_NOT_OWNER;
}

enum refusal decide_handled(struct decision *decision)
{
    if (decision->command->actor == ACTOR_SUPERVISOR) return decide_any(decision);
    return decide_owned(decision);
}

bool decide_given(const struct decision *decision, size_t offset)
{
    const struct command_row *row = &command_table[decision->command->kind];
    for (size_t i = 0; i < row->field_count; i++)
        if (row->fields[i].offset == offset) return decision->command->wake.given >> i & 1;
    must(!"no such field");
    return false;
}

struct symbol *decide_language(struct decision *decision, struct str language)
{
    const struct settings *settings = &decision->engine->settings;
    int at = settings_language(settings, language);
    ptrdiff_t dash = str_find_char(language, '-', 0);
    if (at < 0 && dash > 0) at = settings_language(settings, str_slice(language, 0, (size_t)dash));
    return at < 0 ? NULL : symbol_of(&decision->engine->symbols, settings->languages[at]);
}

/* The gateway has checked this of what comes from outside; here it holds for every caller. */
static bool is_too_long(const struct command *command)
{
    const struct command_row *row = &command_table[command->kind];
    const char *base = (const char *)&command->wake;
    for (size_t i = 0; i < row->field_count; i++) {
        const struct command_field *field = &row->fields[i];
        const void *at = base + field->offset;
        if (field->type <= COMMAND_FIELD_JSON && ((const struct str *)at)->len > field->max) return true;
    }
    return false;
}

static enum refusal check_actor(struct decision *decision)
{
    const struct command *command = decision->command;
    struct engine *engine = decision->engine;
    if (!(command_table[command->kind].who & command->actor)) return REFUSAL_NOT_ALLOWED;
    if (command->actor == ACTOR_CUSTOMER) {
        decision->customer = customer_find(engine, command->customer, decision->now_ms);
        if (!decision->customer) return REFUSAL_NOT_LOGGED_IN;
        if (decision->customer->erased) return REFUSAL_ERASED;
    }
    if (command->actor & ACTOR_STAFF) {
        decision->agent = agent_find(engine, command->agent);
        if (!decision->agent) return REFUSAL_NOT_LOGGED_IN;
        if (command->actor == ACTOR_SUPERVISOR && decision->agent->role == ROLE_AGENT) return REFUSAL_NOT_ALLOWED;
        agent_renew_lease(engine, decision->agent, decision->now_ms);
    }
    return REFUSAL_NONE;
}

/* A key that was seen: the same answer again, or a refusal. */
static bool check_key(struct decision *decision, struct outcome *outcome)
{
    const struct command_key *key = &decision->command->key;
    const struct idempotency_entry *done =
        digest_is_zero(key->key) ? NULL : idempotency_find(&decision->engine->idempotency, key->key);
    if (!done || done->at_ms + IDEMPOTENCY_MS <= decision->now_ms) return false;
    if (done->cause.body != key->body) outcome->refusal = REFUSAL_KEY_REUSED;
    else *outcome = (struct outcome){ REFUSAL_NONE, true, done->seq, done->conversation, done->id, NULL };
    return true;
}

static void describe(const struct decision *decision, struct outcome *outcome)
{
    const struct events *out = decision->out;
    outcome->conversation = decision->conversation ? decision->conversation->id : 0;
    if (decision->command->kind == COMMAND_SEE_CUSTOMER && decision->customer) outcome->id = decision->customer->id;
    if (out->count == decision->first) return;
    const struct event *first = &out->items[decision->first];
    outcome->seq = first->seq;
    outcome->conversation = first->conversation;
    outcome->id = apply_outcome_id(first);
    for (size_t i = decision->first; !outcome->id && i < out->count; i++)
        if (out->items[i].kind == EVENT_APPOINTMENT_MADE) outcome->id = apply_outcome_id(&out->items[i]);
}

struct outcome engine_handle(struct engine *engine, int64_t now_ms, const struct command *command,
                             struct events *out)
{
    must(command->kind < COMMAND_KINDS);
    if (now_ms > engine->now_ms) engine->now_ms = now_ms;
    if (!digest_is_zero(command->key.key)) idempotency_expect(&engine->idempotency, command->key.key);
    if (command->conversation) map_expect(&engine->conversations, command->conversation);
    struct decision decision = { .engine = engine, .command = command, .now_ms = engine->now_ms,
                                 .out = out, .first = out->count };
    struct outcome outcome = { .refusal = check_actor(&decision) };
    if (!outcome.refusal && is_too_long(command)) outcome.refusal = REFUSAL_TOO_LONG;
    if (outcome.refusal) return outcome;
    if (check_key(&decision, &outcome)) return outcome;
    outcome.refusal = decide_table[command->kind](&decision);
    if (outcome.refusal) {
        must(out->count == decision.first);
        outcome.field = decision.field;
        return outcome;
    }
    match_run(&decision);
    deadline_settle(engine);
    describe(&decision, &outcome);
    return outcome;
}
