#include "engine/idempotency.h"

#include "base/limits.h"
#include "base/memory.h"

struct idempotency_entry *idempotency_at(const struct idempotency *idempotency, size_t i)
{
    return &idempotency->ring[(idempotency->first + i) & (idempotency->room - 1)];
}

static size_t table_mask(const struct idempotency *idempotency)
{
    return idempotency->room * 2 - 1;
}

static uint32_t tag_of(struct digest key)
{
    uint64_t z = key.high * 0x9e3779b97f4a7c15u ^ key.low;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    return (uint32_t)(z >> 32);
}

/* The slot that holds `key`, or the empty one where it would stand. */
static size_t slot_of(const struct idempotency *idempotency, struct digest key)
{
    uint32_t tag = tag_of(key);
    size_t mask = table_mask(idempotency), at = tag & mask;
    for (; idempotency->table[at].place; at = (at + 1) & mask) {
        if (idempotency->table[at].tag != tag) continue;
        const struct digest *there = &idempotency->ring[idempotency->table[at].place - 1].cause.key;
        if (there->high == key.high && there->low == key.low) break;
    }
    return at;
}

static void fetch_ahead(const struct idempotency *idempotency, struct digest key)
{
    __builtin_prefetch(&idempotency->table[tag_of(key) & table_mask(idempotency)], 1);
}

void idempotency_expect(const struct idempotency *idempotency, struct digest key)
{
    if (idempotency->count) fetch_ahead(idempotency, key);
}

const struct idempotency_entry *idempotency_find(const struct idempotency *idempotency, struct digest key)
{
    if (!idempotency->count) return NULL;
    uint32_t place = idempotency->table[slot_of(idempotency, key)].place;
    return place ? &idempotency->ring[place - 1] : NULL;
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

static void drop_first(struct idempotency *idempotency)
{
    clear_slot(idempotency, slot_of(idempotency, idempotency_at(idempotency, 0)->cause.key));
    idempotency->first = (idempotency->first + 1) & (idempotency->room - 1);
    idempotency->count--;
}

/* Together, since with a million keys each slot is a trip to memory and the trips can overlap. */
static void drop_oldest(struct idempotency *idempotency)
{
    for (size_t i = 0; i < IDEMPOTENCY_DROP; i++) fetch_ahead(idempotency, idempotency_at(idempotency, i)->cause.key);
    for (size_t i = 0; i < IDEMPOTENCY_DROP; i++) drop_first(idempotency);
}

static void put_slot(struct idempotency *idempotency, size_t ring_index)
{
    size_t slot = slot_of(idempotency, idempotency->ring[ring_index].cause.key);
    must(!idempotency->table[slot].place);
    idempotency->table[slot] = (struct idempotency_slot){
        (uint32_t)ring_index + 1, tag_of(idempotency->ring[ring_index].cause.key) };
}

static void grow(struct idempotency *idempotency)
{
    struct idempotency old = *idempotency;
    idempotency->room = old.room ? old.room * 2 : 1024;
    idempotency->ring = MEMORY_NEW_ARRAY(struct idempotency_entry, idempotency->room);
    idempotency->table = MEMORY_NEW_ARRAY(struct idempotency_slot, idempotency->room * 2);
    idempotency->first = 0;
    for (size_t i = 0; i < old.count; i++) {
        idempotency->ring[i] = *idempotency_at(&old, i);
        put_slot(idempotency, i);
    }
    idempotency_free(&old);
}

void idempotency_add(struct idempotency *idempotency, const struct idempotency_entry *entry)
{
    if (idempotency->count == LIMIT_IDEMPOTENCY_KEYS) drop_oldest(idempotency);
    if (idempotency->count == idempotency->room) grow(idempotency);
    *idempotency_at(idempotency, idempotency->count) = *entry;
    put_slot(idempotency, (idempotency->first + idempotency->count) & (idempotency->room - 1));
    idempotency->count++;
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
