/* invariant_approval.c - four eyes: what needs a person's yes runs after it, once, and never by the one who asked. From the
 * events alone. */
#include "base/memory.h"
#include "invariant.h"

#define ID(x) (unsigned long long)(x)

enum stage { STAGE_REQUESTED = 1, STAGE_GIVEN, STAGE_OVER };

struct asked {
    uint64_t by;
    enum stage stage;
    int64_t expires_at;
};

struct approvals {
    struct map asked;
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

void approvals_take(struct approvals *approvals, const struct event *event)
{
    uint64_t number = number_of(event);
    struct asked *asked = number ? map_get(&approvals->asked, number) : NULL;
    if (!number) return;
    if (event->kind == EVENT_APPROVAL_REQUESTED) {
        invariant(!asked, "event %llu asks for approval %llu a second time", ID(event->seq), ID(number));
        asked = MEMORY_NEW(struct asked);
        *asked = (struct asked){ event->agent, STAGE_REQUESTED, event->approval_requested.expires_at };
        map_put(&approvals->asked, number, asked);
        return;
    }
    invariant(asked && asked->stage != STAGE_OVER, "event %llu is about approval %llu, which is over", ID(event->seq), ID(number));
    bool decides = event->kind == EVENT_APPROVAL_GIVEN || event->kind == EVENT_APPROVAL_REFUSED;
    invariant(!decides || (event->agent && event->agent != asked->by), "event %llu: agent %llu decides what they asked for", ID(event->seq), ID(event->agent));
    invariant((event->kind == EVENT_APPROVAL_DONE) == (asked->stage == STAGE_GIVEN), "event %llu (%s): approval %llu is %s", ID(event->seq),
              event_table[event->kind].name, ID(number), asked->stage == STAGE_GIVEN ? "given" : "not given");
    invariant(event->kind != EVENT_APPROVAL_EXPIRED || event->at_ms >= asked->expires_at, "event %llu: an approval expires too early", ID(event->seq));
    asked->stage = event->kind == EVENT_APPROVAL_GIVEN ? STAGE_GIVEN : STAGE_OVER;
}
