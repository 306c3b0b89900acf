/* map.h - a hash table from a 64-bit key to a pointer.
 *
 * Open addressing with linear probing; the map owns its slots, never what they point at. Key 0 is
 * not allowed (ids start at 1). Iteration order is the table's and may differ between two maps with
 * the same content: whoever needs an order sorts. A map of zeroes is empty. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/must.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_slot {
    uint64_t key;
    void *value;
};

struct map {
    struct map_slot *slots;
    size_t capacity; /* a power of two, or 0 */
    size_t count;
};

void map_expect(const struct map *map, uint64_t key);           /* it is looked for soon: asks the memory for it */
void *map_get(const struct map *map, uint64_t key);             /* NULL if absent */
void map_put(struct map *map, uint64_t key, void *value);       /* value must not be NULL */
void *map_remove(struct map *map, uint64_t key);                /* what was there, or NULL */
void map_free(struct map *map);

/* for (size_t i = 0; map_next(&map, &i, &slot); ) - no puts or removes meanwhile. */
bool map_next(const struct map *map, size_t *cursor, struct map_slot *slot);

/* All keys in ascending order; the caller frees the array with memory_free. */
uint64_t *map_sorted_keys(const struct map *map);

#endif
