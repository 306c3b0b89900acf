/* invariant_proof.c - one-time codes: nothing that needs one happens without, and none can be guessed. From the events alone. */
#include "base/memory.h"
#include "engine/proof.h"
#include "invariant.h"

#define ID(x) (unsigned long long)(x)
#define WRONG_MAX 64

/* What is promised (docs/workspace.md), in numbers of its own: the engine's may be wrong. */
#define CODE_LIFE_MS 600000    /* ten minutes to type it */
#define PROOF_LIFE_MS 900000   /* a quarter of an hour after it was shown */
#define CODE_TRIES 5

struct shown {
    int64_t sent_at, good_until;
    int tries;
    bool waits;
};

/* When a customer tried in vain, in all conversations: the last WRONG_MAX times. */
struct vain {
    int64_t at_ms[WRONG_MAX];
    size_t count;
};

struct proofs {
    struct map conversations, customers;
};

struct proofs *proofs_new(void)
{
    return MEMORY_NEW(struct proofs);
}

static void free_map(struct map *map)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(map, &i, &slot); ) memory_free(slot.value);
    map_free(map);
}

void proofs_free(struct proofs *proofs)
{
    free_map(&proofs->conversations);
    free_map(&proofs->customers);
    memory_free(proofs);
}

static void *at(struct map *map, uint64_t id, size_t size)
{
    void *item = map_get(map, id);
    if (item) return item;
    item = memory_new(1, size);
    map_put(map, id, item);
    return item;
}

static void check_guesses(const struct vain *vain, const struct event *event)
{
    size_t recent = 0;
    for (size_t i = 0; i < vain->count && i < WRONG_MAX; i++) recent += vain->at_ms[i] > event->at_ms - PROOF_WINDOW_MS;
    invariant(recent <= 2 * PROOF_WRONG, "event %llu: customer %llu has guessed %zu codes in a day", ID(event->seq), ID(event->customer), recent);
}

static void on_tried(struct shown *shown, struct vain *vain, const struct event *event)
{
    bool right = str_equal(event->code_tried.outcome, STR("right"));
    invariant(shown->waits, "event %llu tries a code where none is waited for", ID(event->seq));
    invariant(!right || event->at_ms < shown->sent_at + CODE_LIFE_MS, "event %llu: a code is right after its time", ID(event->seq));
    invariant(shown->tries < CODE_TRIES, "event %llu is try %d at one code", ID(event->seq), shown->tries + 1);
    shown->tries++;
    if (right) {
        shown->good_until = event->at_ms + PROOF_LIFE_MS;
        invariant(event->code_tried.until == shown->good_until, "event %llu: a code proves for another time than it is said to", ID(event->seq));
        shown->waits = false;
        return;
    }
    if (!str_equal(event->code_tried.outcome, STR("expired"))) vain->at_ms[vain->count++ % WRONG_MAX] = event->at_ms;
    if (!str_equal(event->code_tried.outcome, STR("wrong"))) shown->waits = false;
    check_guesses(vain, event);
}

void proofs_take(struct proofs *proofs, const struct event *event)
{
    if (!event->conversation || !event->customer) return;
    struct shown *shown = at(&proofs->conversations, event->conversation, sizeof *shown);
    struct vain *vain = at(&proofs->customers, event->customer, sizeof *vain);
    switch (event->kind) {
    case EVENT_CODE_SENT:
        invariant(!shown->sent_at || event->at_ms >= shown->sent_at + PROOF_AGAIN_MS, "event %llu sends another code at once", ID(event->seq));
        *shown = (struct shown){ .sent_at = event->at_ms, .good_until = shown->good_until, .waits = true };
        break;
    case EVENT_CODE_TRIED: on_tried(shown, vain, event); break;
    case EVENT_CODE_USED:
        invariant(event->at_ms < shown->good_until, "event %llu: an action that needs a code runs without one", ID(event->seq));
        break;
    case EVENT_CONVERSATION_RESOLVED: *shown = (struct shown){ 0 }; break;
    default: break;
    }
}
