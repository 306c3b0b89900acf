/* invariant_approval.c - four eyes: what needs a person's yes runs after it, once, and never by the one who asked. From the
 * events alone. */
#include "base/memory.h"
#include "invariant.h"

#define ID(x) (unsigned long long)(x)

enum stage { STAGE_REQUESTED = 1, STAGE_FREE, STAGE_GIVEN, STAGE_OVER };

struct asked {
    uint64_t by;
    bool flow, told;
    enum stage stage;
    int64_t expires_at;
};

struct approvals {
    struct map asked;
    struct map ends; /* seq of an end that a flow waits for */
    uint64_t early;  /* the customer of approvals that ended before their time: erased next, or something is wrong */
};

struct approvals *approvals_new(void)
{
    return MEMORY_NEW(struct approvals);
}

void approvals_free(struct approvals *approvals)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&approvals->asked, &i, &slot); ) memory_free(slot.value);
    map_free(&approvals->asked);
    map_free(&approvals->ends);
    memory_free(approvals);
}

static uint64_t number_of(const struct event *event)
{
    switch (event->kind) {
    case EVENT_APPROVAL_REQUESTED: return event->approval_requested.number;
    case EVENT_APPROVAL_GIVEN: return event->approval_given.number;
    case EVENT_APPROVAL_REFUSED: return event->approval_refused.number;
    case EVENT_APPROVAL_EXPIRED: return event->approval_expired.number;
    case EVENT_APPROVAL_DONE: return event->approval_done.number;
    default: return 0;
    }
}

/* A flow goes on once after its end. */
static void take_turn(struct approvals *approvals, const struct event *event)
{
    struct asked *asked = map_get(&approvals->ends, event->assistant_decided.turn);
    if (!asked) return;
    invariant(!asked->told, "event %llu: a flow goes on a second time after the end %llu", ID(event->seq), ID(event->assistant_decided.turn));
    asked->told = true;
}

/* Before its time an approval ends only because its customer is erased: that stands right behind. */
static void end_early(struct approvals *approvals, const struct event *event, const struct asked *asked)
{
    invariant(!approvals->early || event->kind == EVENT_APPROVAL_EXPIRED || (event->kind == EVENT_CUSTOMER_ERASED && event->customer == approvals->early),
              "event %llu: an approval has expired too early", ID(event->seq));
    if (event->kind != EVENT_APPROVAL_EXPIRED) approvals->early = 0;
    else if (asked && event->at_ms < asked->expires_at) approvals->early = event->customer;
}

void approvals_check(const struct engine *engine)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->approvals, &i, &slot); ) {
        const struct approval *approval = slot.value;
        const struct conversation *conversation = approval->settled ? map_get(&engine->conversations, approval->conversation) : NULL;
        invariant(!approval->settled || approval->flow, "approval %llu is settled, and no flow waits for it", ID(approval->id));
        invariant(!approval->settled || (conversation && conversation->state == CONVERSATION_ASSISTANT),
                  "approval %llu is left to an assistant that has not the conversation", ID(approval->id));
        invariant(!conversation || conversation->turn, "approval %llu has ended, and nobody goes on with it", ID(approval->id));
    }
}

void approvals_take(struct approvals *approvals, const struct event *event)
{
    uint64_t number = number_of(event);
    struct asked *asked = number ? map_get(&approvals->asked, number) : NULL;
    if (event->kind == EVENT_ASSISTANT_DECIDED) take_turn(approvals, event);
    end_early(approvals, event, asked);
    if (!number) return;
    if (event->kind == EVENT_APPROVAL_REQUESTED) {
        invariant(!asked, "event %llu asks for approval %llu a second time", ID(event->seq), ID(number));
        asked = MEMORY_NEW(struct asked);
        *asked = (struct asked){ event->agent, event->approval_requested.flow, false, str_equal(event->approval_requested.needs, STR("nobody")) ? STAGE_FREE : STAGE_REQUESTED,
                                 event->approval_requested.expires_at };
        invariant(asked->stage != STAGE_FREE || event->agent, "event %llu: the assistant runs what somebody has to allow", ID(event->seq));
        map_put(&approvals->asked, number, asked);
        return;
    }
    invariant(asked && asked->stage != STAGE_OVER, "event %llu is about approval %llu, which is over", ID(event->seq), ID(number));
    invariant(asked->stage != STAGE_FREE || event->kind == EVENT_APPROVAL_DONE, "event %llu (%s): approval %llu needs nobody", ID(event->seq),
              event_table[event->kind].name, ID(number));
    bool decides = event->kind == EVENT_APPROVAL_GIVEN || event->kind == EVENT_APPROVAL_REFUSED;
    invariant(!decides || (event->agent && event->agent != asked->by), "event %llu: agent %llu decides what they asked for", ID(event->seq), ID(event->agent));
    invariant((event->kind == EVENT_APPROVAL_DONE) == (asked->stage == STAGE_GIVEN || asked->stage == STAGE_FREE), "event %llu (%s): approval %llu is %s", ID(event->seq),
              event_table[event->kind].name, ID(number), asked->stage == STAGE_GIVEN ? "given" : "not given");
    asked->stage = event->kind == EVENT_APPROVAL_GIVEN ? STAGE_GIVEN : STAGE_OVER;
    if (asked->flow && (event->kind == EVENT_APPROVAL_DONE || event->kind == EVENT_APPROVAL_REFUSED)) map_put(&approvals->ends, event->seq, asked);
}
