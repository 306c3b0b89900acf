/* What customers may do. */
#include "engine/act.h"
#include "engine/conversation.h"
#include "engine/customer.h"
#include "engine/proof.h"

enum refusal decide_see_customer(struct decision *decision)
{
    const struct command_see_customer *see = &decision->command->see_customer;
    struct engine *engine = decision->engine;
    bool anonymous = digest_is_zero(see->identity);
    struct customer *customer = NULL;
    if (anonymous) {
        customer = customer_find(engine, decision->command->customer, decision->now_ms);
        if (customer && customer->erased) customer = NULL;
    } else {
        struct lookup_link *link = lookup_find(&engine->identities, see->identity);
        if (link) customer = CONTAINER_OF(link, struct customer, identity);
    }
    if (customer && customer->verified && !see->verified && !anonymous) return REFUSAL_BAD_IDENTITY;
    struct symbol *language = decide_language(decision, see->language);
    if (!language) language = customer ? customer->language : symbol_of(&engine->symbols, engine->settings.languages[0]);
    bool verified = see->verified || (customer && customer->verified);
    if (customer && customer->language == language && customer->verified == verified &&
        !see->external_id.len && !see->name.len && !see->email.len) {
        decision->customer = customer;
        return REFUSAL_NONE;
    }
    struct event *event = decide_event(decision, EVENT_CUSTOMER_SEEN, NULL);
    event->customer = customer ? customer->id : engine->last_customer + 1;
    event->customer_seen = (struct event_customer_seen){
        .identity = customer ? customer->identity.digest : see->identity, .verified = verified,
        .language = language->text, .external_id = see->external_id, .name = see->name, .email = see->email };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_end_customer_sessions(struct decision *decision)
{
    uint64_t id = decision->command->customer;
    if (!customer_find(decision->engine, id, decision->now_ms)) return REFUSAL_NOT_FOUND;
    struct event *event = decide_event(decision, EVENT_CUSTOMER_SESSIONS_ENDED, NULL);
    event->customer = id;
    event->customer_sessions_ended.reason = STR("requested");
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_open(struct decision *decision)
{
    const struct command_open *open = &decision->command->open;
    struct engine *engine = decision->engine;
    struct customer *customer = decision->customer;
    struct symbol *language = decide_language(decision, open->language.len ? open->language : customer->language->text);
    if (!language && open->language.len) return decide_refuse(decision, REFUSAL_UNKNOWN_SKILL, "language");
    if (!language) language = symbol_of(&engine->symbols, engine->settings.languages[0]);
    if (customer->open >= LIMIT_OPEN_PER_CUSTOMER) return REFUSAL_TOO_MANY_OPEN;
    struct event *event = decide_event(decision, EVENT_CONVERSATION_OPENED, NULL);
    event->conversation = engine->last_conversation + 1;
    event->customer = customer->id;
    event->conversation_opened = (struct event_conversation_opened){
        .channel = open->channel.len ? open->channel : STR("chat"), .language = language->text };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

static bool may_reopen(const struct decision *decision)
{
    const struct conversation *conversation = decision->conversation;
    return decision->now_ms < conversation->resolved_at + decision->engine->settings.reopen_window_ms;
}

/* Where help is cannot wait until a person is there. Who waits already is told once more in danger only. */
static void offer_care(struct decision *decision, struct conversation *conversation)
{
    const struct command_say *say = &decision->command->say;
    bool waits = conversation->state == CONVERSATION_WAITING && str_equal(say->wants_human, STR("danger"));
    if (!say->care.len || !(conversation->state == CONVERSATION_ASSISTANT || waits)) return;
    struct event *event = decide_event(decision, EVENT_CARE_OFFERED, conversation);
    event->care_offered = (struct event_care_offered){ .via = say->wants_human, .kind = say->care_kind, .text = say->care };
    decide_emit(decision, event);
}

/* Six digits while a code is waited for are a try, whatever else the message says. */
static void try_code(struct decision *decision, struct conversation *conversation)
{
    struct digest code = decision->command->say.code;
    if (digest_is_zero(code) || !conversation->proof || !conversation->proof->waits) return;
    struct event *event = decide_event(decision, EVENT_CODE_TRIED, conversation);
    struct str outcome = proof_outcome(conversation, code, decision->now_ms);
    event->code_tried = (struct event_code_tried){
        .outcome = outcome, .until = str_equal(outcome, STR("right")) ? decision->now_ms + PROOF_GOOD_MS : 0 };
    decide_emit(decision, event);
}

/* Who asks for a person at once is told to nobody by a turn of the assistant: the words themselves say who is to take it. */
static struct str topic_of_words(const struct decision *decision, const struct conversation *conversation)
{
    const struct command_say *say = &decision->command->say;
    bool counts = say->wants_human.len && conversation->state == CONVERSATION_ASSISTANT && !conversation->topic->text.len;
    return counts && symbol_of_topic(&decision->engine->symbols, say->topic) ? say->topic : conversation->topic->text;
}

static enum refusal say_as_customer(struct decision *decision)
{
    const struct command_say *say = &decision->command->say;
    enum refusal refusal = decide_own(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    if (say->wants_human.len && !act_is_via(say->wants_human)) return REFUSAL_BAD_FIELD;
    if (!conversation_is_open(conversation)) {
        if (!may_reopen(decision)) return REFUSAL_WRONG_STATE;
        if (decision->customer->open >= LIMIT_OPEN_PER_CUSTOMER) return REFUSAL_TOO_MANY_OPEN;
        act_reopen(decision, conversation, STR("customer"));
    }
    act_say(decision, conversation, STR("customer"), &(struct event_message_sent){
        .topic = topic_of_words(decision, conversation), .text = say->text });
    try_code(decision, conversation);
    offer_care(decision, conversation);
    if (say->wants_human.len && conversation->state == CONVERSATION_ASSISTANT)
        act_request(decision, conversation, &(struct act_request){ .via = say->wants_human });
    return REFUSAL_NONE;
}

static enum refusal say_as_staff(struct decision *decision)
{
    const struct command_say *say = &decision->command->say;
    enum refusal refusal = decide_any(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    bool owner = conversation->owner == decision->agent;
    bool guest = decision->command->actor == ACTOR_SUPERVISOR &&
                 conversation_has_guest(conversation, decision->agent->id);
    if (!owner && !guest) return REFUSAL_NOT_OWNER;
    act_say(decision, conversation, owner ? STR("agent") : STR("supervisor"), &(struct event_message_sent){
        .topic = conversation->topic->text, .name = say->name, .text = say->text });
    return REFUSAL_NONE;
}

enum refusal decide_say(struct decision *decision)
{
    if (!decision->command->say.text.len) return decide_refuse(decision, REFUSAL_EMPTY, "text");
    return decision->customer ? say_as_customer(decision) : say_as_staff(decision);
}

/* Whether a mark says something new. A message that is read has been delivered. */
static bool is_news(const struct conversation *conversation, bool customer, bool read, uint64_t up_to)
{
    uint64_t known = customer ? (read ? conversation->customer_read : conversation->customer_delivered)
                              : (read ? conversation->staff_read : conversation->staff_delivered);
    return up_to > known;
}

enum refusal decide_mark(struct decision *decision)
{
    const struct command_mark *mark = &decision->command->mark;
    bool customer = decision->customer, read = str_equal(mark->mark, STR("read"));
    enum refusal refusal = customer ? decide_own(decision) : decide_any(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    if (!customer && conversation->owner != decision->agent &&
        !conversation_has_guest(conversation, decision->agent->id)) return REFUSAL_NOT_OWNER;
    if (!read && !str_equal(mark->mark, STR("delivered"))) return decide_refuse(decision, REFUSAL_BAD_FIELD, "mark");
    if (!mark->up_to || mark->up_to > conversation->last_message) return decide_refuse(decision, REFUSAL_BAD_FIELD, "up_to");
    if (!is_news(conversation, customer, read, mark->up_to)) return REFUSAL_NONE;
    struct event *event = decide_event(decision, EVENT_MARK_SET, conversation);
    event->agent = customer ? 0 : decision->agent->id;
    event->mark_set = (struct event_mark_set){
        .reader = customer ? STR("customer") : STR("agent"), .mark = mark->mark, .up_to = mark->up_to };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_ask_human(struct decision *decision)
{
    enum refusal refusal = decide_own(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    if (!conversation_is_open(conversation)) act_reopen(decision, conversation, STR("customer"));
    if (conversation->state == CONVERSATION_ASSISTANT)
        act_request(decision, conversation, &(struct act_request){ .via = STR("button") });
    return REFUSAL_NONE;
}

enum refusal decide_make_appointment(struct decision *decision)
{
    const struct command_make_appointment *make = &decision->command->make_appointment;
    enum refusal refusal = decide_own(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    if (!str_equal(make->way, STR("call_back")) && !str_equal(make->way, STR("email")))
        return decide_refuse(decision, REFUSAL_BAD_FIELD, "way");
    if (make->due_at < 0) return decide_refuse(decision, REFUSAL_BAD_FIELD, "due_at");
    if (!make->address.len) return decide_refuse(decision, REFUSAL_EMPTY, "address");
    if (conversation->state == CONVERSATION_ACTIVE) return REFUSAL_WRONG_STATE;
    if (!conversation_is_open(conversation)) act_reopen(decision, conversation, STR("customer"));
    if (conversation->state == CONVERSATION_ASSISTANT)
        act_request(decision, conversation, &(struct act_request){ .via = STR("appointment") });
    struct event *event = decide_event(decision, EVENT_APPOINTMENT_MADE, conversation);
    event->appointment_made = (struct event_appointment_made){
        .number = conversation->appointment ? conversation->appointment : decision->engine->last_appointment + 1,
        .way = make->way, .due_at = make->due_at, .address = make->address };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_rate(struct decision *decision)
{
    const struct command_rate *rate = &decision->command->rate;
    enum refusal refusal = decide_own(decision);
    if (refusal) return refusal;
    struct conversation *conversation = decision->conversation;
    if (rate->stars < 1 || rate->stars > 5) return decide_refuse(decision, REFUSAL_BAD_FIELD, "stars");
    if (conversation->state == CONVERSATION_ASSISTANT || !conversation->last_message) return REFUSAL_WRONG_STATE;
    if (conversation->stars) return REFUSAL_ALREADY_RATED;
    struct event *event = decide_event(decision, EVENT_CONVERSATION_RATED, conversation);
    event->agent = conversation->handler; /* whom it concerns, so that they see it */
    event->conversation_rated = (struct event_conversation_rated){ .stars = rate->stars, .comment = rate->comment };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_end(struct decision *decision)
{
    enum refusal refusal = decide_own(decision);
    if (refusal) return refusal;
    if (!conversation_is_open(decision->conversation)) return REFUSAL_WRONG_STATE;
    act_resolve(decision, decision->conversation, &(struct act_resolve){ .by = "customer" });
    return REFUSAL_NONE;
}

/* Also of somebody who was let go: what they said is still in the log, under their key. */
enum refusal decide_erase_customer(struct decision *decision)
{
    struct engine *engine = decision->engine;
    uint64_t id = decision->command->erase_customer.customer;
    if (!id) id = decision->command->target ? decision->command->target : decision->command->customer;
    if (decision->agent && decision->agent->role != ROLE_ADMINISTRATOR) return REFUSAL_NOT_ALLOWED;
    if (!id || id > engine->last_customer) return REFUSAL_NOT_FOUND;
    struct customer *customer = customer_find(engine, id, decision->now_ms);
    if (customer && customer->erased) return REFUSAL_NONE;
    struct conversation *conversation;
    if (customer)
        TAILQ_FOREACH(conversation, &customer->conversations, of_customer)
            if (conversation_is_open(conversation))
                act_resolve(decision, conversation, &(struct act_resolve){ .by = "erased" });
    act_expire_approvals_of(decision, id);
    struct event *event = decide_event(decision, EVENT_CUSTOMER_ERASED, NULL);
    event->customer = id;
    event->agent = decision->agent ? decision->agent->id : 0;
    event->customer_erased.reason = STR("requested");
    decide_emit(decision, event);
    return REFUSAL_NONE;
}
