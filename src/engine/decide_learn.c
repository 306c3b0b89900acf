/* What the assistant learns from people, and what is published for it. */
#include "engine/agent.h"
#include "engine/conversation.h"
#include "engine/decide.h"
#include "engine/paraphrase.h"

/* Whoever has, finishes or looks back at the conversation: nobody else knows what it was about. */
static enum refusal find_own(struct decision *decision)
{
    enum refusal refusal = decide_any(decision);
    if (refusal) return refusal;
    return engine_agent_may_read(decision->engine, decision->agent->id, decision->conversation->id, decision->now_ms)
         ? REFUSAL_NONE : REFUSAL_NOT_OWNER;
}

/* Exactly one of topic and article; an article's name was checked by whoever knows the files. */
static enum refusal check_target(struct decision *decision)
{
    const struct command_learn *learn = &decision->command->learn;
    if (!learn->topic.len == !learn->article.len) return decide_refuse(decision, REFUSAL_BAD_FIELD, "topic");
    if (learn->topic.len && !symbol_of_topic(&decision->engine->symbols, learn->topic))
        return decide_refuse(decision, REFUSAL_BAD_FIELD, "topic");
    return REFUSAL_NONE;
}

enum refusal decide_learn(struct decision *decision)
{
    const struct command_learn *learn = &decision->command->learn;
    struct engine *engine = decision->engine;
    enum refusal refusal = find_own(decision);
    if (!refusal) refusal = check_target(decision);
    if (refusal) return refusal;
    if (!learn->wording.len) return decide_refuse(decision, REFUSAL_EMPTY, "wording");
    if (!learn->message || learn->message > decision->conversation->last_message)
        return decide_refuse(decision, REFUSAL_BAD_FIELD, "message");
    if (paraphrase_of(engine, learn->wording)) return REFUSAL_ALREADY_LEARNED;
    if (!paraphrase_has_room(engine)) return REFUSAL_TOO_MANY;
    const struct symbol *language = decide_language(decision, learn->language);
    struct event *event = decide_event(decision, EVENT_PARAPHRASE_LEARNED, decision->conversation);
    event->agent = decision->agent->id;
    event->paraphrase_learned = (struct event_paraphrase_learned){
        .paraphrase = engine->last_paraphrase + 1, .topic = learn->topic, .article = learn->article,
        .language = language ? language->text : decision->conversation->language->text, .message = learn->message,
        .wording = learn->wording };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

/* What is so already is done already; but the first look is a version of its own. */
static enum refusal review(struct decision *decision, bool revoke)
{
    struct paraphrase *paraphrase = paraphrase_find(decision->engine, decision->command->target);
    if (!paraphrase) return REFUSAL_NOT_FOUND;
    if (paraphrase->reviewed_at && paraphrase->revoked == revoke) return REFUSAL_NONE;
    if (!revoke && paraphrase->revoked && paraphrase_of(decision->engine, paraphrase->wording)) return REFUSAL_ALREADY_LEARNED;
    struct event *event = decide_event(decision, EVENT_PARAPHRASE_REVIEWED, NULL);
    event->agent = decision->agent->id;
    event->paraphrase_reviewed = (struct event_paraphrase_reviewed){
        .paraphrase = paraphrase->id, .version = paraphrase->version + 1,
        .state = revoke ? STR("revoked") : STR("approved") };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}

enum refusal decide_approve_paraphrase(struct decision *decision)
{
    return review(decision, false);
}

enum refusal decide_revoke_paraphrase(struct decision *decision)
{
    return review(decision, true);
}

/* The files are there already: this says who put them there. */
enum refusal decide_publish(struct decision *decision)
{
    const struct command_publish *publish = &decision->command->publish;
    if (!publish->number || !publish->version.len) return REFUSAL_BAD_FIELD;
    struct event *event = decide_event(decision, EVENT_WORKSPACE_PUBLISHED, NULL);
    event->agent = decision->command->agent;
    event->workspace_published = (struct event_workspace_published){
        .number = publish->number, .version = publish->version, .previous = publish->previous, .what = publish->what };
    decide_emit(decision, event);
    return REFUSAL_NONE;
}
