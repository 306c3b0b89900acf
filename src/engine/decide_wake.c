/* What happens by itself: everything whose deadline has passed, earliest first. */
#include "engine/act.h"
#include "engine/agent.h"
#include "engine/conversation.h"
#include "engine/deadline.h"

static void expire_offer(struct decision *decision, struct offer *offer)
{
    struct agent *agent = offer->agent;
    act_end_offer(decision, offer, OFFER_EXPIRED, "");
    if (agent->missed >= decision->engine->settings.missed_offers_max && agent->state == AGENT_ONLINE)
        act_presence(decision, agent, AGENT_AWAY, "missed_offers");
}

/* The colleague did not take it in time: now it is for everybody with the topic's skills. */
static void open_to_all(struct decision *decision, struct conversation *conversation)
{
    act_queue(decision, conversation, &(struct act_queue){
        .wait_from = conversation->wait_from, .language = conversation->language,
        .skills = symbol_topic_skills(&decision->engine->symbols, conversation->topic) });
}

static void wake_conversation(struct decision *decision, struct conversation *conversation)
{
    const struct settings *settings = &decision->engine->settings;
    int64_t now_ms = decision->now_ms;
    if (conversation->state == CONVERSATION_ASSISTANT) {
        if (conversation->turn && conversation->turn_at + settings->assistant_patience_ms <= now_ms)
            act_request(decision, conversation, &(struct act_request){ .via = STR("assistant_silent") });
        else act_resolve(decision, conversation, &(struct act_resolve){ .by = "idle" });
        return;
    }
    must(conversation->state == CONVERSATION_WAITING);
    conversation_looked(decision->engine, conversation);
    if (conversation->to_agent && conversation->queued_at + 2 * settings->offer_patience_ms <= now_ms) {
        open_to_all(decision, conversation);
        return;
    }
    /* Somebody's rest is over: no event, but a new look at who could take it. */
    conversation_freshen(decision->engine, conversation);
}

static void wake(struct decision *decision, struct deadline *deadline)
{
    switch (deadline->kind) {
    case DEADLINE_OFFER: expire_offer(decision, CONTAINER_OF(deadline, struct offer, deadline)); break;
    case DEADLINE_WRAPUP:
        act_end_wrapup(decision, CONTAINER_OF(deadline, struct wrapup, deadline), "time");
        break;
    case DEADLINE_LEASE:
        act_presence(decision, CONTAINER_OF(deadline, struct agent, lease), AGENT_OFFLINE, "lease_expired");
        break;
    case DEADLINE_SESSION:
        act_close_session(decision, CONTAINER_OF(deadline, struct session, deadline), STR("expired"));
        break;
    case DEADLINE_APPROVAL: act_expire_approval(decision, CONTAINER_OF(deadline, struct approval, deadline)); break;
    case DEADLINE_CONVERSATION:
        wake_conversation(decision, CONTAINER_OF(deadline, struct conversation, deadline));
        break;
    }
}

enum refusal decide_wake(struct decision *decision)
{
    for (struct deadline *due; (due = deadline_due(decision->engine, decision->now_ms)); ) {
        wake(decision, due);
        must(deadline_due(decision->engine, decision->now_ms) != due); /* ended, or moved into the future */
    }
    return REFUSAL_NONE;
}
