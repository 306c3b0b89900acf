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

/* The next letter or digit from *at on, small; 0 at the end. Other alphabets count byte by byte. */
static char next_sign(struct str text, size_t *at)
{
    while (*at < text.len) {
        char c = text.data[(*at)++];
        if (c >= 'A' && c <= 'Z') return (char)(c | 0x20);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80)) return c;
    }
    return 0;
}

static bool reads_alike(struct str a, struct str b)
{
    size_t at = 0, other = 0;
    char sign;
    do {
        sign = next_sign(a, &at);
        if (sign != next_sign(b, &other)) return false;
    } while (sign);
    return true;
}

struct paraphrase *paraphrase_of(const struct engine *engine, struct str wording)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->paraphrases, &i, &slot);) {
        struct paraphrase *paraphrase = slot.value;
        if (!paraphrase->revoked && reads_alike(paraphrase->wording, wording)) return paraphrase;
    }
    return NULL;
}

void paraphrases_free(struct engine *engine)
{
    struct map_slot slot;
    for (size_t i = 0; map_next(&engine->paraphrases, &i, &slot);) drop(slot.value);
    map_free(&engine->paraphrases);
}
