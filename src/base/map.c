#include "base/map.h"

#include <stdlib.h>

#include "base/memory.h"

/* Finaliser of splitmix64 (Steele, Lea, Flood 2014): spreads sequential ids. */
static size_t home(const struct map *map, uint64_t key)
{
    key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9u;
    key = (key ^ (key >> 27)) * 0x94d049bb133111ebu;
    return (size_t)(key ^ (key >> 31)) & (map->capacity - 1);
}

static struct map_slot *find(const struct map *map, uint64_t key)
{
    must(key);
    if (!map->capacity) return NULL;
    size_t at = home(map, key);
    while (map->slots[at].key && map->slots[at].key != key) at = (at + 1) & (map->capacity - 1);
    return &map->slots[at];
}

void map_expect(const struct map *map, uint64_t key)
{
    if (map->capacity) __builtin_prefetch(&map->slots[home(map, key)]);
}

void *map_get(const struct map *map, uint64_t key)
{
    const struct map_slot *slot = find(map, key);
    return slot && slot->key ? slot->value : NULL;
}

static void grow(struct map *map)
{
    struct map old = *map;
    map->capacity = old.capacity ? old.capacity * 2 : 16;
    map->slots = MEMORY_NEW_ARRAY(struct map_slot, map->capacity);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].key) *find(map, old.slots[i].key) = old.slots[i];
    memory_free(old.slots);
}

void map_put(struct map *map, uint64_t key, void *value)
{
    must(value);
    if (map->count * 4 >= map->capacity * 3) grow(map);
    struct map_slot *slot = find(map, key);
    if (!slot->key) map->count++;
    *slot = (struct map_slot){ key, value };
}

void *map_remove(struct map *map, uint64_t key)
{
    struct map_slot *slot = find(map, key);
    if (!slot || !slot->key) return NULL;
    void *value = slot->value;
    size_t mask = map->capacity - 1, hole = (size_t)(slot - map->slots);
    /* Moves later members of the run back into the hole, so that no tombstones are needed. */
    for (size_t at = (hole + 1) & mask; map->slots[at].key; at = (at + 1) & mask) {
        size_t want = home(map, map->slots[at].key);
        if (((at - want) & mask) < ((at - hole) & mask)) continue;
        map->slots[hole] = map->slots[at];
        hole = at;
    }
    map->slots[hole] = (struct map_slot){ 0 };
    map->count--;
    return value;
}

void map_free(struct map *map)
{
    memory_free(map->slots);
    *map = (struct map){ 0 };
}

bool map_next(const struct map *map, size_t *cursor, struct map_slot *slot)
{
    while (*cursor < map->capacity) {
        *slot = map->slots[(*cursor)++];
        if (slot->key) return true;
    }
    return false;
}

static int by_key(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

uint64_t *map_sorted_keys(const struct map *map)
{
    uint64_t *keys = MEMORY_NEW_ARRAY(uint64_t, map->count);
    struct map_slot slot;
    size_t count = 0;
    for (size_t i = 0; map_next(map, &i, &slot); ) keys[count++] = slot.key;
    qsort(keys, count, sizeof *keys, by_key);
    return keys;
}
