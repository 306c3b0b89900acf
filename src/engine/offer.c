#include "engine/offer.h"

#include "engine/agent.h"
#include "engine/conversation.h"
#include "engine/deadline.h"

const char *const offer_outcome_names[OFFER_OUTCOME_COUNT] = {
#define X(outcome, name) [OFFER_##outcome] = name,
    OFFER_OUTCOMES(X)
#undef X
};

int offer_outcome_of(struct str name)
{
    for (int i = 0; i < OFFER_OUTCOME_COUNT; i++)
        if (str_equal(str_of(offer_outcome_names[i]), name)) return i;
    return -1;
}

struct offer *offer_find(const struct engine *engine, uint64_t id)
{
    return id ? map_get(&engine->offers, id) : NULL;
}

struct offer *offer_make(struct engine *engine, const struct offer *offer)
{
    struct offer *made = pool_take(&engine->offer_pool);
    *made = *offer;
    must(!made->conversation->offer);
    made->conversation->offer = made;
    map_put(&engine->offers, made->id, made);
    agent_add_offer(engine, made->agent, made);
    deadline_set(engine, &made->deadline, DEADLINE_OFFER, made->id, made->expires_at);
    return made;
}

void offer_end(struct engine *engine, struct offer *offer, enum offer_outcome outcome, int64_t at_ms)
{
    struct conversation *conversation = offer->conversation;
    struct agent *agent = offer->agent;
    deadline_clear(engine, &offer->deadline);
    map_remove(&engine->offers, offer->id);
    agent_remove_offer(engine, agent, offer);
    conversation->offer = NULL;
    pool_give(&engine->offer_pool, offer);
    if (outcome == OFFER_DECLINED || outcome == OFFER_EXPIRED)
        conversation_rest(engine, conversation, agent->id, at_ms + engine->settings.decline_rest_ms);
    agent->missed = outcome == OFFER_EXPIRED ? agent->missed + 1
                  : outcome == OFFER_CANCELLED ? agent->missed : 0;
    if (outcome != OFFER_ACCEPTED) conversation_requeue(engine, conversation);
    conversation_refresh_deadline(engine, conversation);
}
