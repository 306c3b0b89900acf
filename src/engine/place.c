/* What customers are told about their wait: a place, and an honest range.
 *
 * Two conversations compete when some agent who is online could take either. A conversation's place
 * counts those that compete with it and have waited longer. Which groups compete is worked out with
 * one bit an agents' group, so the whole queue is one pass over the waiting conversations. For one
 * conversation only those ahead of it are looked at, in the heap that holds the waiting ones. */
#include <stdlib.h>

#include "base/memory.h"
#include "engine/agent.h"
#include "engine/conversation.h"

/* Above this many groups of conversations, those with the same language compete. */
#define GROUPS_MAX 256

struct places {
    const struct engine *engine;
    const struct group **needs;   /* groups of waiting conversations */
    size_t need_count;
    const struct group **agents;  /* groups of agents with somebody online */
    size_t agent_count, words;
    uint64_t *bits;               /* need_count x words: which agents' groups suit */
    bool *compete;                /* need_count x need_count, or NULL above GROUPS_MAX */
    size_t *capacity, *seen;      /* a need: places that could take it; conversations so far */
};

static bool suits(const struct group *agents, const struct group *need)
{
    return (agents->skills & need->skills) == need->skills && (agents->languages & need->languages);
}

static size_t collect_agents(const struct engine *engine, const struct group **groups)
{
    struct map_slot slot;
    size_t count = 0;
    for (size_t i = 0; map_next(&engine->free.map, &i, &slot); )
        for (const struct group *group = slot.value; group; group = group->next)
            if (group->capacity) {
                if (groups) groups[count] = group;
                count++;
            }
    return count;
}

/* Gives each group of waiting conversations a number, in `mark`. */
static void collect_needs(struct places *places, struct heap_node *const *waiting, size_t count)
{
    for (size_t i = 0; i < count; i++)
        CONTAINER_OF(waiting[i], struct conversation, waiting)->group->mark = SIZE_MAX;
    places->needs = MEMORY_NEW_ARRAY(const struct group *, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct group *group = CONTAINER_OF(waiting[i], struct conversation, waiting)->group;
        if (group->mark != SIZE_MAX) continue;
        group->mark = places->need_count;
        places->needs[places->need_count++] = group;
    }
}

static bool share_agents(const struct places *places, size_t a, size_t b)
{
    for (size_t i = 0; i < places->words; i++)
        if (places->bits[a * places->words + i] & places->bits[b * places->words + i]) return true;
    return false;
}

static void find_competitors(struct places *places)
{
    size_t count = places->need_count;
    if (count > GROUPS_MAX) return;
    places->compete = MEMORY_NEW_ARRAY(bool, count * count + 1);
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b <= a; b++)
            places->compete[a * count + b] = places->compete[b * count + a] = a == b || share_agents(places, a, b);
}

static bool compete(const struct places *places, size_t a, size_t b)
{
    if (places->compete) return places->compete[a * places->need_count + b];
    return places->needs[a]->languages == places->needs[b]->languages;
}

static void places_begin(struct places *places, const struct engine *engine, struct heap_node *const *waiting,
                         size_t count)
{
    *places = (struct places){ .engine = engine };
    collect_needs(places, waiting, count);
    places->agent_count = collect_agents(engine, NULL);
    places->agents = MEMORY_NEW_ARRAY(const struct group *, places->agent_count + 1);
    collect_agents(engine, places->agents);
    places->words = places->agent_count / 64 + 1;
    places->bits = MEMORY_NEW_ARRAY(uint64_t, places->need_count * places->words + 1);
    places->capacity = MEMORY_NEW_ARRAY(size_t, places->need_count + 1);
    places->seen = MEMORY_NEW_ARRAY(size_t, places->need_count + 1);
    for (size_t need = 0; need < places->need_count; need++)
        for (size_t i = 0; i < places->agent_count; i++) {
            if (!suits(places->agents[i], places->needs[need])) continue;
            places->bits[need * places->words + i / 64] |= (uint64_t)1 << i % 64;
            places->capacity[need] += places->agents[i]->capacity;
        }
    find_competitors(places);
}

static void places_end(struct places *places)
{
    memory_free(places->needs);
    memory_free(places->agents);
    memory_free(places->bits);
    memory_free(places->compete);
    memory_free(places->capacity);
    memory_free(places->seen);
}

static void estimate(const struct engine *engine, size_t place, size_t capacity, int64_t *low_ms, int64_t *high_ms)
{
    *low_ms = capacity ? engine->handle_time_ms * (int64_t)(place - 1) / (int64_t)capacity : -1;
    *high_ms = capacity ? engine->handle_time_ms * (int64_t)(place + 1) / (int64_t)capacity : -1;
}

static int by_wait(const void *a, const void *b)
{
    const struct heap_node *x = *(struct heap_node *const *)a, *y = *(struct heap_node *const *)b;
    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->tie > y->tie) - (x->tie < y->tie);
}

void engine_each_place(const struct engine *engine, engine_place_fn *each, void *context)
{
    size_t count = engine->waiting.count;
    if (!count) return;
    struct heap_node **waiting = memory_copy(engine->waiting.nodes, count * sizeof *waiting);
    struct places places;
    qsort(waiting, count, sizeof *waiting, by_wait);
    places_begin(&places, engine, waiting, count);
    for (size_t i = 0; i < count; i++) {
        const struct conversation *conversation = CONTAINER_OF(waiting[i], struct conversation, waiting);
        size_t need = conversation->group->mark, place = 1;
        for (size_t other = 0; other < places.need_count; other++)
            if (places.seen[other] && compete(&places, need, other)) place += places.seen[other];
        places.seen[need]++;
        struct queue_place told = { .conversation = conversation->id, .customer = conversation->customer->id,
                                    .place = place };
        estimate(engine, place, places.capacity[need], &told.low_ms, &told.high_ms);
        each(context, &told);
    }
    places_end(&places);
    memory_free(waiting);
}

/* --- one of them --- */

/* Who suits `need` is worked out once; what competes with it is marked in the groups where somebody waits. */
static size_t mark_competitors(const struct engine *engine, const struct group *need)
{
    bool by_language = engine->queue.crowded > GROUPS_MAX;
    struct map_slot slot, other;
    size_t capacity = 0;
    for (size_t i = 0; map_next(&engine->queue.map, &i, &slot); )
        for (struct group *group = slot.value; group; group = group->next)
            group->mark = group == need || (by_language && group->languages == need->languages);
    for (size_t i = 0; map_next(&engine->free.map, &i, &slot); )
        for (const struct group *agents = slot.value; agents; agents = agents->next) {
            if (!agents->capacity || !suits(agents, need)) continue;
            capacity += agents->capacity;
            for (size_t j = 0; !by_language && map_next(&engine->queue.map, &j, &other); )
                for (struct group *group = other.value; group; group = group->next)
                    if (group->waiting && !group->mark) group->mark = suits(agents, group);
        }
    return capacity;
}

/* Below a node of the heap that is not ahead nobody is. */
static size_t count_ahead(const struct heap *waiting, size_t at, const struct heap_node *of)
{
    if (at >= waiting->count || waiting->nodes[at] == of || by_wait(&waiting->nodes[at], &of) > 0) return 0;
    const struct conversation *other = CONTAINER_OF(waiting->nodes[at], struct conversation, waiting);
    return (other->group->mark != 0) + count_ahead(waiting, 2 * at + 1, of) + count_ahead(waiting, 2 * at + 2, of);
}

bool engine_place(const struct engine *engine, uint64_t id, struct queue_place *out)
{
    const struct conversation *conversation = id ? map_get(&engine->open, id) : NULL;
    if (!conversation || conversation->state != CONVERSATION_WAITING) return false;
    size_t capacity = mark_competitors(engine, conversation->group);
    *out = (struct queue_place){ .conversation = id, .customer = conversation->customer->id,
                                 .place = 1 + count_ahead(&engine->waiting, 0, &conversation->waiting) };
    estimate(engine, out->place, capacity, &out->low_ms, &out->high_ms);
    return true;
}

/* Somebody who asks now, without a topic, stands behind all who compete for agents of the language. */
void engine_wait_now(const struct engine *engine, struct str language, int64_t *low_ms, int64_t *high_ms)
{
    int at = settings_language(&engine->settings, language);
    struct group need = { .languages = (uint32_t)1 << (at < 0 ? 0 : at) };
    struct map_slot slot;
    size_t capacity = 0, ahead = 0;
    for (size_t i = 0; map_next(&engine->free.map, &i, &slot); )
        for (const struct group *group = slot.value; group; group = group->next)
            if (suits(group, &need)) capacity += group->capacity;
    for (size_t i = 0; map_next(&engine->queue.map, &i, &slot); )
        for (const struct group *group = slot.value; group; group = group->next)
            if (group->languages == need.languages) ahead += group->waiting;
    estimate(engine, ahead + 1, capacity, low_ms, high_ms);
}
