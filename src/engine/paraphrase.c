#include "engine/paraphrase.h"

#include "base/memory.h"

static void drop(struct paraphrase *paraphrase)
{
    if (!paraphrase) return;
    memory_free((char *)(uintptr_t)paraphrase->wording.data);
    memory_free(paraphrase);
}

static uint64_t oldest_revoked(const struct engine *engine)
{
    struct map_slot slot;
    uint64_t oldest = 0;
    for (size_t i = 0; map_next(&engine->paraphrases, &i, &slot);)
        if (((const struct paraphrase *)slot.value)->revoked && (!oldest || slot.key < oldest)) oldest = slot.key;
    return oldest;
}

bool paraphrase_has_room(const struct engine *engine)
{
    return engine->paraphrases.count < LIMIT_PARAPHRASES || oldest_revoked(engine);
}

void paraphrase_add(struct engine *engine, const struct paraphrase *paraphrase)
{
    if (engine->paraphrases.count >= LIMIT_PARAPHRASES) drop(map_remove(&engine->paraphrases, oldest_revoked(engine)));
    struct paraphrase *copy = MEMORY_NEW(struct paraphrase);
    *copy = *paraphrase;
    copy->wording = str_make(memory_copy(paraphrase->wording.data, paraphrase->wording.len), paraphrase->wording.len);
    map_put(&engine->paraphrases, copy->id, copy);
}

struct paraphrase *paraphrase_find(const struct engine *engine, uint64_t id)
{
    return id ? map_get(&engine->paraphrases, id) : NULL;
}

struct paraphrase *paraphrase_of(const struct engine *engine, struct str wording)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->paraphrases, &i, &slot);) {
        struct paraphrase *paraphrase = slot.value;
        if (!paraphrase->revoked && str_equal(paraphrase->wording, wording)) return paraphrase;
    }
    return NULL;
}

void paraphrases_free(struct engine *engine)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->paraphrases, &i, &slot);) drop(slot.value);
    map_free(&engine->paraphrases);
}
