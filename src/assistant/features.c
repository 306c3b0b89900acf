#include "assistant/features.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

enum { SEED_WORD = 1, SEED_PAIR, SEED_STEM, SEED_CHARACTERS };

#define WORD_BYTES 48 /* longer words are cut for their n-grams */

/* 64-bit FNV-1a, continued. */
static uint64_t hash_on(uint64_t hash, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)data[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_seed(uint64_t seed)
{
    return 0xcbf29ce484222325u ^ (seed * 0x9e3779b97f4a7c15u);
}

/* The lowest bits of a finished hash tell the kind; so it is never 0, which the map cannot hold. */
static uint64_t hash_end(uint64_t hash, uint64_t seed)
{
    return (hash & ~(uint64_t)7) | seed;
}

static uint64_t hash_of(uint64_t seed, struct str s)
{
    return hash_end(hash_on(hash_seed(seed), s.data, s.len), seed);
}

/* Character 3- and 4-grams of the word with a space on either side, by whole code points. */
static size_t add_characters(struct str word, uint64_t *out)
{
    char padded[WORD_BYTES + 3];
    size_t starts[WORD_BYTES + 3], points = 0, count = 0;
    size_t len = word.len < WORD_BYTES ? word.len : WORD_BYTES;
    padded[0] = ' ';
    memcpy(padded + 1, word.data, len);
    padded[len + 1] = ' ';
    for (size_t i = 0; i < len + 2; i++)
        if (((unsigned char)padded[i] & 0xc0) != 0x80)
            starts[points++] = i;
    starts[points] = len + 2;
    for (size_t n = 3; n <= 4; n++) {
        if (points <= n) { /* a word no longer than that gives itself once */
            out[count++] = hash_of(SEED_CHARACTERS, str_make(padded, len + 2));
            break;
        }
        for (size_t i = 0; i + n <= points; i++)
            out[count++] = hash_of(SEED_CHARACTERS, str_make(padded + starts[i], starts[i + n] - starts[i]));
    }
    return count;
}

void features_raw(struct arena *arena, struct tokens tokens, struct stemmer *stemmer, struct raw_features *out)
{
    size_t room = 0;
    for (size_t i = 0; i < tokens.count; i++)
        room += 4 + 3 * ((tokens.words[i].len < WORD_BYTES ? tokens.words[i].len : WORD_BYTES) + 3);
    *out = (struct raw_features){ .hashes = ARENA_NEW_ARRAY(arena, uint64_t, room + 1),
                                  .stems = ARENA_NEW_ARRAY(arena, uint64_t, tokens.count + 1) };
    for (size_t i = 0; i < tokens.count; i++) {
        struct str word = tokens.words[i];
        uint64_t stem = hash_of(SEED_STEM, stemmer_stem(stemmer, arena, word));
        out->hashes[out->count++] = hash_of(SEED_WORD, word);
        out->hashes[out->count++] = stem;
        if (!str_equal(word, STR("#")))
            out->stems[out->stem_count++] = stem;
        if (i + 1 < tokens.count) {
            uint64_t pair = hash_on(hash_seed(SEED_PAIR), word.data, word.len);
            pair = hash_on(pair, " ", 1);
            out->hashes[out->count++] =
                hash_end(hash_on(pair, tokens.words[i + 1].data, tokens.words[i + 1].len), SEED_PAIR);
        }
    }
    out->words = out->count;
    for (size_t i = 0; i < tokens.count; i++)
        out->count += add_characters(tokens.words[i], out->hashes + out->count);
    must(out->count <= room);
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

void features_learn(struct feature_table *table, const struct raw_features *raw, struct arena *scratch)
{
    uint64_t *sorted = ARENA_NEW_ARRAY(scratch, uint64_t, raw->count + 1);
    if (raw->count)
        memcpy(sorted, raw->hashes, raw->count * sizeof *sorted);
    qsort(sorted, raw->count, sizeof *sorted, by_number);
    table->examples++;
    for (size_t i = 0; i < raw->count; i++) {
        if (i && sorted[i] == sorted[i - 1])
            continue;
        size_t number = (uintptr_t)map_get(&table->numbers, sorted[i]);
        if (number == 0) {
            if (table->count == table->capacity) {
                table->capacity = table->capacity ? table->capacity * 2 : 4096;
                table->documents = memory_resize(table->documents, table->capacity, sizeof *table->documents);
            }
            table->documents[table->count++] = 0;
            number = table->count;
            map_put(&table->numbers, sorted[i], (void *)(uintptr_t)number);
        }
        table->documents[number - 1]++;
    }
}

/* Pairs and characters met in one example only say little and are most of the table: they go. Words
 * stay, since knowing a word at all is a signal. Numbers are given anew, in the order of learning. */
static void drop_rare(struct feature_table *table)
{
    uint32_t *numbers = memory_new(table->count + 1, sizeof *numbers);
    struct map kept = { 0 };
    struct map_slot slot;
    for (size_t i = 0; map_next(&table->numbers, &i, &slot);) {
        size_t index = (uintptr_t)slot.value - 1;
        uint64_t kind = slot.key & 7;
        numbers[index] = table->documents[index] > 1 || kind == SEED_WORD || kind == SEED_STEM;
    }
    table->count = 0;
    for (size_t i = 0; i < table->numbers.count; i++) {
        if (!numbers[i])
            continue;
        table->documents[table->count++] = table->documents[i];
        numbers[i] = (uint32_t)table->count;
    }
    for (size_t i = 0; map_next(&table->numbers, &i, &slot);)
        if (numbers[(uintptr_t)slot.value - 1])
            map_put(&kept, slot.key, (void *)(uintptr_t)numbers[(uintptr_t)slot.value - 1]);
    map_free(&table->numbers);
    table->numbers = kept;
    memory_free(numbers);
}

void features_end_learning(struct feature_table *table)
{
    drop_rare(table);
    table->idf = memory_new(table->count + 1, sizeof *table->idf);
    for (size_t i = 0; i < table->count; i++)
        table->idf[i] = (float)log((1.0 + (double)table->examples) / (1.0 + table->documents[i])) + 1e-3f;
}

void features_free(struct feature_table *table)
{
    map_free(&table->numbers);
    memory_free(table->idf);
    memory_free(table->documents);
    *table = (struct feature_table){ 0 };
}

/* --- vectors ------------------------------------------------------------------------------------ */

static int by_index(const void *a, const void *b)
{
    const struct feature *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

/* One group to (1 + ln n) * idf, scaled to length `scale`; gives the number of features written. */
static size_t add_group(const struct feature_table *table, const uint64_t *hashes, size_t count, double scale,
                        struct feature *out)
{
    size_t found = 0, kept = 0;
    double squares = 0;
    for (size_t i = 0; i < count; i++) {
        size_t number = (uintptr_t)map_get(&table->numbers, hashes[i]);
        if (number)
            out[found++] = (struct feature){ (uint32_t)(number - 1), 0 };
    }
    qsort(out, found, sizeof *out, by_index);
    for (size_t i = 0; i < found;) {
        size_t next = i + 1;
        while (next < found && out[next].index == out[i].index)
            next++;
        double weight = (1 + log((double)(next - i))) * table->idf[out[i].index];
        squares += weight * weight;
        out[kept++] = (struct feature){ out[i].index, (float)weight };
        i = next;
    }
    if (squares > 0)
        for (size_t i = 0; i < kept; i++)
            out[i].weight *= (float)(scale / sqrt(squares));
    return kept;
}

struct vector features_vector(const struct feature_table *table, const struct raw_features *raw, struct arena *arena)
{
    struct vector vector = { .items = ARENA_NEW_ARRAY(arena, struct feature, raw->count + 1) };
    vector.count = add_group(table, raw->hashes, raw->words, 1.0, vector.items);
    bool words = vector.count > 0;
    size_t characters = add_group(table, raw->hashes + raw->words, raw->count - raw->words, FEATURES_CHARACTERS,
                                  vector.items + vector.count);
    vector.length = sqrt((words ? 1.0 : 0.0) + (characters ? FEATURES_CHARACTERS * FEATURES_CHARACTERS : 0.0));
    vector.count += characters;
    qsort(vector.items, vector.count, sizeof *vector.items, by_index);
    return vector;
}

ptrdiff_t features_find(const struct feature_table *table, uint64_t hash)
{
    return (ptrdiff_t)(uintptr_t)map_get(&table->numbers, hash) - 1;
}

double features_idf_of_unknown(const struct feature_table *table)
{
    return log(1.0 + (double)table->examples);
}
