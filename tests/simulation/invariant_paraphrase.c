/* What agents confirmed and supervisors reviewed, told by the events alone: only who had the conversation
 * confirms, and what is revoked is in force nowhere. */
#include "base/memory.h"
#include "engine/agent.h"
#include "engine/conversation.h"
#include "engine/paraphrase.h"
#include "invariant.h"

#define ID(x) (unsigned long long)(x)

struct shadow_paraphrase {
    uint64_t version;
    bool revoked;
};

static void before_learned(const struct engine *replica, const struct event *event)
{
    const struct conversation *conversation = map_get(&replica->conversations, event->conversation);
    struct agent *agent = agent_find(replica, event->agent);
    invariant(conversation && agent, "event %llu confirms for nobody, or about nothing", ID(event->seq));
    bool has = conversation->owner == agent, finishes = agent_wrapup(agent, conversation->id) != NULL;
    bool looks_back = conversation->state == CONVERSATION_RESOLVED && conversation->handler == agent->id &&
        event->at_ms < conversation->resolved_at + replica->settings.look_back_ms;
    invariant(has || finishes || looks_back, "event %llu: agent %llu confirms what conversation %llu of others was about",
              ID(event->seq), ID(agent->id), ID(conversation->id));
    invariant(!event->paraphrase_learned.topic.len != !event->paraphrase_learned.article.len,
              "event %llu is about a topic and an article, or neither", ID(event->seq));
}

void invariant_paraphrase_before(const struct map *shadow, const struct engine *replica, const struct event *event)
{
    if (event->kind == EVENT_PARAPHRASE_LEARNED) before_learned(replica, event);
    if (event->kind != EVENT_PARAPHRASE_REVIEWED) return;
    const struct event_paraphrase_reviewed *reviewed = &event->paraphrase_reviewed;
    const struct shadow_paraphrase *known = map_get(shadow, reviewed->paraphrase);
    const struct agent *agent = agent_find(replica, event->agent);
    invariant(known, "event %llu reviews what nobody has confirmed", ID(event->seq));
    invariant(agent && agent->role != ROLE_AGENT, "event %llu: agent %llu reviews", ID(event->seq), ID(event->agent));
    invariant(reviewed->version == known->version + 1, "event %llu makes version %llu of version %llu", ID(event->seq),
              ID(reviewed->version), ID(known->version));
}

void invariant_paraphrase_follow(struct map *shadow, const struct event *event)
{
    if (event->kind == EVENT_PARAPHRASE_LEARNED) {
        struct shadow_paraphrase *known = MEMORY_NEW(struct shadow_paraphrase);
        known->version = 1;
        map_put(shadow, event->paraphrase_learned.paraphrase, known);
    } else if (event->kind == EVENT_PARAPHRASE_REVIEWED) {
        struct shadow_paraphrase *known = map_get(shadow, event->paraphrase_reviewed.paraphrase);
        known->version = event->paraphrase_reviewed.version;
        known->revoked = str_equal(event->paraphrase_reviewed.state, STR("revoked"));
    }
}

struct use {
    const struct map *shadow;
    size_t count;
};

static bool check_use(void *context, const struct paraphrase_view *view)
{
    struct use *use = context;
    const struct shadow_paraphrase *known = map_get(use->shadow, view->id);
    invariant(known, "paraphrase %llu came from nowhere", ID(view->id));
    invariant(known->revoked == view->revoked, "paraphrase %llu is %s, and the last review says otherwise", ID(view->id),
              view->revoked ? "revoked" : "in force");
    invariant(known->version == view->version, "paraphrase %llu has version %llu, not %llu", ID(view->id), ID(view->version), ID(known->version));
    use->count++;
    return true;
}

void invariant_paraphrase_after(const struct map *shadow, const struct engine *replica, const struct event *event)
{
    struct use use = { shadow, 0 };
    if (event->kind != EVENT_PARAPHRASE_LEARNED && event->kind != EVENT_PARAPHRASE_REVIEWED && event->kind != EVENT_CUSTOMER_ERASED) return;
    engine_each_paraphrase(replica, check_use, &use);
    invariant(use.count == shadow->count, "%zu of %zu wordings are known", use.count, shadow->count);
}

void invariant_paraphrase_free(struct map *shadow)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(shadow, &i, &slot);) memory_free(slot.value);
    map_free(shadow);
}
