/* invariant_turn.c - what the assistant has done is told: no newer message is answered before. From the events alone. */
#include "base/memory.h"
#include "invariant.h"

#define ID(x) (unsigned long long)(x)

struct acts {
    struct map turns; /* conversation -> the turn that has begun to act and was not answered; never 0 */
};

struct acts *acts_new(void)
{
    return MEMORY_NEW(struct acts);
}

void acts_free(struct acts *acts)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&acts->turns, &i, &slot); ) memory_free(slot.value);
    map_free(&acts->turns);
    memory_free(acts);
}

static void forget(struct acts *acts, uint64_t conversation)
{
    memory_free(map_remove(&acts->turns, conversation));
}

static void check(struct acts *acts, const struct event *event, uint64_t turn)
{
    const uint64_t *acting = map_get(&acts->turns, event->conversation);
    invariant(!acting || *acting == turn, "event %llu is of turn %llu, but turn %llu has acted and was not answered", ID(event->seq), ID(turn),
              ID(acting ? *acting : 0));
}

static void begin(struct acts *acts, const struct event *event, uint64_t turn)
{
    if (!turn) return; /* of staff */
    check(acts, event, turn);
    forget(acts, event->conversation);
    uint64_t *acting = memory_new(1, sizeof *acting);
    *acting = turn;
    map_put(&acts->turns, event->conversation, acting);
}

void acts_take(struct acts *acts, const struct event *event)
{
    switch (event->kind) {
    case EVENT_ACTION_STARTED: begin(acts, event, event->action_started.turn); break;
    case EVENT_CODE_SENT: begin(acts, event, event->code_sent.turn); break;
    case EVENT_APPROVAL_REQUESTED: begin(acts, event, event->approval_requested.turn); break;
    case EVENT_ASSISTANT_DECIDED:
        check(acts, event, event->assistant_decided.turn);
        forget(acts, event->conversation);
        break;
    case EVENT_HUMAN_REQUESTED:
    case EVENT_CONVERSATION_QUEUED:
    case EVENT_CONVERSATION_ASSIGNED:
    case EVENT_CONVERSATION_RESOLVED: forget(acts, event->conversation); break;
    default: break;
    }
}
