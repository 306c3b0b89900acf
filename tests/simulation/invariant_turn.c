/* invariant_turn.c - what the assistant has done is told, no newer message is answered before, and none is forgotten. From the
 * events alone. */
#include "base/memory.h"
#include "engine/state.h"
#include "invariant.h"

#define ID(x) (unsigned long long)(x)

struct act {
    uint64_t acting;  /* the turn that has begun to act and was not answered */
    uint64_t written; /* the customer's newest message that was not answered */
};

struct acts {
    struct map conversations;
};

struct acts *acts_new(void)
{
    return MEMORY_NEW(struct acts);
}

void acts_free(struct acts *acts)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&acts->conversations, &i, &slot); ) memory_free(slot.value);
    map_free(&acts->conversations);
    memory_free(acts);
}

static struct act *act_of(struct acts *acts, uint64_t conversation)
{
    struct act *act = map_get(&acts->conversations, conversation);
    if (act) return act;
    act = MEMORY_NEW(struct act);
    map_put(&acts->conversations, conversation, act);
    return act;
}

static void check(const struct act *act, const struct event *event, uint64_t turn)
{
    invariant(!act->acting || act->acting == turn, "event %llu is of turn %llu, but turn %llu has acted and was not answered",
              ID(event->seq), ID(turn), ID(act->acting));
}

static void begin(struct act *act, const struct event *event, uint64_t turn)
{
    if (!turn) return; /* of staff */
    check(act, event, turn);
    act->acting = turn;
}

void acts_take(struct acts *acts, const struct event *event)
{
    if (!event->conversation) return;
    struct act *act = act_of(acts, event->conversation);
    switch (event->kind) {
    case EVENT_MESSAGE_SENT:
        if (str_equal(event->message_sent.author, STR("customer"))) act->written = event->seq;
        break;
    case EVENT_ACTION_STARTED: begin(act, event, event->action_started.turn); break;
    case EVENT_CODE_SENT: begin(act, event, event->code_sent.turn); break;
    case EVENT_APPROVAL_REQUESTED: begin(act, event, event->approval_requested.turn); break;
    case EVENT_ASSISTANT_DECIDED:
        check(act, event, event->assistant_decided.turn);
        act->acting = 0;
        if (act->written <= event->assistant_decided.turn) act->written = 0;
        break;
    case EVENT_HUMAN_REQUESTED:
    case EVENT_CONVERSATION_QUEUED:
    case EVENT_CONVERSATION_ASSIGNED:
    case EVENT_CONVERSATION_RESOLVED: *act = (struct act){ 0 }; break;
    default: break;
    }
}

void acts_check(const struct acts *acts, const struct engine *engine, uint64_t id)
{
    const struct act *act = map_get(&acts->conversations, id);
    const struct conversation *conversation = map_get(&engine->conversations, id);
    if (!act || !conversation || conversation->state != CONVERSATION_ASSISTANT) return;
    invariant(!act->written || conversation->turn, "message %llu of conversation %llu is owed an answer, and no turn", ID(act->written), ID(id));
}
