#include "base/memory.h"
#include "engine/agent.h"
#include "invariant.h"

#define ID(x) (unsigned long long)(x)

static bool could_take(const struct agent *agent, const struct conversation *conversation)
{
    return agent->state == AGENT_ONLINE && (agent->group->skills & conversation->group->skills) == conversation->group->skills &&
           (agent->group->languages & conversation->group->languages);
}

static bool compete(const struct engine *engine, const struct conversation *a, const struct conversation *b)
{
    struct map_slot slot;
    if (a->group == b->group) return true;
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); )
        if (could_take(slot.value, a) && could_take(slot.value, b)) return true;
    return false;
}

static bool is_before(const struct conversation *a, const struct conversation *b)
{
    return a->wait_from != b->wait_from ? a->wait_from < b->wait_from : a->id < b->id;
}

struct told {
    const struct engine *engine;
    const struct conversation *last;
    struct queue_place *places;
    size_t count;
};

/* Asked for alone, a place is the same as in the whole queue. */
static void check_alone(const struct engine *engine, const struct queue_place *place)
{
    struct queue_place alone = { 0 };
    invariant(engine_place(engine, place->conversation, &alone) && alone.customer == place->customer &&
              alone.place == place->place && alone.low_ms == place->low_ms && alone.high_ms == place->high_ms,
              "conversation %llu alone is told place %zu; in the queue it is %zu", ID(place->conversation), alone.place,
              place->place);
}

/* What somebody without a topic would stand behind: everybody who waits for the language. */
static void check_now(const struct engine *engine, struct str language)
{
    int at = settings_language(&engine->settings, language);
    struct map_slot slot;
    size_t ahead = 0, places = 0;
    int64_t low, high;
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) {
        const struct conversation *other = slot.value;
        ahead += other->state == CONVERSATION_WAITING && other->group->languages == (uint32_t)1 << at;
    }
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); ) {
        const struct agent *agent = slot.value;
        if (agent->state == AGENT_ONLINE && agent->group->languages >> at & 1) places += (size_t)agent->capacity;
    }
    engine_wait_now(engine, language, &low, &high);
    invariant(low == (places ? engine->handle_time_ms * (int64_t)ahead / (int64_t)places : -1),
              "who asks now is told %lld ms at least; %zu are ahead, %zu places", (long long)low, ahead, places);
}

static void check_place(void *context, const struct queue_place *place)
{
    struct told *told = context;
    const struct engine *engine = told->engine;
    const struct conversation *conversation = map_get(&engine->open, place->conversation);
    size_t expected = 1, places = 0;
    struct map_slot slot;
    invariant(conversation && conversation->state == CONVERSATION_WAITING && conversation->customer->id == place->customer,
              "conversation %llu is told a place and does not wait", ID(place->conversation));
    invariant(!told->last || is_before(told->last, conversation), "conversation %llu is told its place too late",
              ID(place->conversation));
    for (size_t i = 0; map_next(&engine->open, &i, &slot); ) {
        const struct conversation *other = slot.value;
        expected += other->state == CONVERSATION_WAITING && is_before(other, conversation) && compete(engine, other, conversation);
    }
    for (size_t i = 0; map_next(&engine->agents, &i, &slot); )
        if (could_take(slot.value, conversation)) places += (size_t)((const struct agent *)slot.value)->capacity;
    int64_t low = places ? engine->handle_time_ms * (int64_t)(expected - 1) / (int64_t)places : -1;
    int64_t high = places ? engine->handle_time_ms * (int64_t)(expected + 1) / (int64_t)places : -1;
    invariant(place->place == expected && place->low_ms == low && place->high_ms == high,
              "conversation %llu is told place %zu (%lld to %lld ms); it is %zu (%lld to %lld)", ID(conversation->id), place->place,
              (long long)place->low_ms, (long long)place->high_ms, expected, (long long)low, (long long)high);
    told->last = conversation;
    told->places[told->count++] = *place;
}

void invariant_places(const struct engine *engine)
{
    struct told told = { .engine = engine,
                         .places = MEMORY_NEW_ARRAY(struct queue_place, engine->waiting.count + 1) };
    engine_each_place(engine, check_place, &told);
    for (size_t i = 0; i < told.count; i++) check_alone(engine, &told.places[i]);
    for (size_t i = 0; i < engine->settings.language_count; i++) check_now(engine, engine->settings.languages[i]);
    memory_free(told.places);
    invariant(told.count == engine->waiting.count, "%zu wait and %zu are told their place", engine->waiting.count, told.count);
}
