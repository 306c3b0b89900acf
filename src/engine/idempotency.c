#include "engine/idempotency.h"

#include "base/limits.h"
#include "base/memory.h"

struct idempotency_entry *idempotency_at(const struct idempotency *idempotency, size_t i)
{
    return &idempotency->ring[(idempotency->first + i) & (idempotency->room - 1)];
}

static uint32_t tag_of(struct digest key)
{
    uint64_t z = key.high * 0x9e3779b97f4a7c15u ^ key.low;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(z >> 32);
}

static bool same(struct digest a, struct digest b)
{
    return a.high == b.high && a.low == b.low;
}

static size_t table_mask(const struct idempotency *idempotency)
{
    return idempotency->room * 2 - 1;
}

/* The slot that holds `key`, or the empty one where it would stand. */
static size_t slot_of(const struct idempotency *idempotency, struct digest key)
{
    uint32_t tag = tag_of(key);
    size_t mask = table_mask(idempotency), at = tag & mask;
    for (; idempotency->table[at].place; at = (at + 1) & mask) {
        if (idempotency->table[at].tag != tag) continue;
        if (same(idempotency->ring[idempotency->table[at].place - 1].cause.key, key)) break;
    }
    return at;
}

/* Later members of the run move back into the hole, so that no tombstones are needed. */
static void clear_slot(struct idempotency *idempotency, size_t hole)
{
    size_t mask = table_mask(idempotency);
    struct idempotency_slot *table = idempotency->table;
    for (size_t at = (hole + 1) & mask; table[at].place; at = (at + 1) & mask) {
        size_t want = table[at].tag & mask;
        if (((at - want) & mask) < ((at - hole) & mask)) continue;
        table[hole] = table[at];
        hole = at;
    }
    table[hole].place = 0;
}

static void put_slot(struct idempotency *idempotency, const struct idempotency_entry *entry)
{
    size_t slot = slot_of(idempotency, entry->cause.key);
    must(!idempotency->table[slot].place);
    idempotency->table[slot] =
        (struct idempotency_slot){ (uint32_t)(entry - idempotency->ring) + 1, tag_of(entry->cause.key) };
}

void idempotency_expect(const struct idempotency *idempotency, struct digest key)
{
    if (!idempotency->count) return;
    size_t mask = table_mask(idempotency);
    __builtin_prefetch(&idempotency->table[tag_of(key) & mask]);
    if (idempotency->count == LIMIT_IDEMPOTENCY_KEYS)
        __builtin_prefetch(&idempotency->table[tag_of(idempotency_at(idempotency, 0)->cause.key) & mask]);
}

const struct idempotency_entry *idempotency_find(const struct idempotency *idempotency, struct digest key)
{
    if (!idempotency->count) return NULL;
    uint32_t place = idempotency->table[slot_of(idempotency, key)].place;
    return place ? &idempotency->ring[place - 1] : NULL;
}

static void drop_first(struct idempotency *idempotency)
{
    clear_slot(idempotency, slot_of(idempotency, idempotency_at(idempotency, 0)->cause.key));
    idempotency->first = (idempotency->first + 1) & (idempotency->room - 1);
    idempotency->count--;
}

static void grow(struct idempotency *idempotency)
{
    struct idempotency old = *idempotency;
    *idempotency = (struct idempotency){ .room = old.room ? old.room * 2 : 1024, .count = old.count };
    idempotency->ring = MEMORY_NEW_ARRAY(struct idempotency_entry, idempotency->room);
    idempotency->table = MEMORY_NEW_ARRAY(struct idempotency_slot, idempotency->room * 2);
    for (size_t i = 0; i < old.count; i++) {
        idempotency->ring[i] = *idempotency_at(&old, i);
        put_slot(idempotency, &idempotency->ring[i]);
    }
    idempotency_free(&old);
}

void idempotency_add(struct idempotency *idempotency, const struct idempotency_entry *entry)
{
    if (idempotency->count == LIMIT_IDEMPOTENCY_KEYS) drop_first(idempotency);
    if (idempotency->count == idempotency->room) grow(idempotency);
    struct idempotency_entry *place = idempotency_at(idempotency, idempotency->count++);
    *place = *entry;
    put_slot(idempotency, place);
}

void idempotency_forget(struct idempotency *idempotency, int64_t now_ms)
{
    while (idempotency->count && idempotency_at(idempotency, 0)->at_ms + IDEMPOTENCY_MS <= now_ms)
        drop_first(idempotency);
}

void idempotency_free(struct idempotency *idempotency)
{
    memory_free(idempotency->ring);
    memory_free(idempotency->table);
    *idempotency = (struct idempotency){ 0 };
}
