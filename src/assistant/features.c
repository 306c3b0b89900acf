#include "assistant/features.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* The kind of a feature, in the lowest bits of its hash. */
enum { KIND_WORD = 1, KIND_PAIR, KIND_STEM, KIND_CHARACTERS };

#define WORD_BYTES 48 /* longer words are cut for their n-grams */

/* --- hashes ------------------------------------------------------------------------------------- */

/* 64-bit FNV-1a, continued. */
static uint64_t hash_on(uint64_t hash, const char *data, size_t len)
{
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)data[i]) * 0x100000001b3u;
    return hash;
}

static uint64_t hash_seed(uint64_t kind)
{
    return 0xcbf29ce484222325u ^ (kind * 0x9e3779b97f4a7c15u);
}

/* Never 0, which the map cannot hold. */
static uint64_t hash_end(uint64_t hash, uint64_t kind)
{
    return (hash & ~(uint64_t)7) | kind;
}

static uint64_t hash_of(uint64_t kind, struct str s)
{
    return hash_end(hash_on(hash_seed(kind), s.data, s.len), kind);
}

/* Hashes of one text, doubles included. */
struct raw {
    uint64_t *hashes, *stems;
    size_t words, count, stem_count;
};

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
            out[count++] = hash_of(KIND_CHARACTERS, str_make(padded, len + 2));
            break;
        }
        for (size_t i = 0; i + n <= points; i++)
            out[count++] = hash_of(KIND_CHARACTERS, str_make(padded + starts[i], starts[i + n] - starts[i]));
    }
    return count;
}

static struct raw raw_of(struct arena *arena, struct tokens tokens, struct stemmer *stemmer)
{
    size_t room = 1;
    for (size_t i = 0; i < tokens.count; i++)
        room += 4 + 2 * ((tokens.words[i].len < WORD_BYTES ? tokens.words[i].len : WORD_BYTES) + 3);
    struct raw raw = { .hashes = ARENA_NEW_ARRAY(arena, uint64_t, room),
                       .stems = ARENA_NEW_ARRAY(arena, uint64_t, tokens.count + 1) };
    for (size_t i = 0; i < tokens.count; i++) {
        struct str word = tokens.words[i];
        uint64_t stem = hash_of(KIND_STEM, stemmer_stem(stemmer, arena, word));
        raw.hashes[raw.count++] = hash_of(KIND_WORD, word);
        raw.hashes[raw.count++] = stem;
        if (!str_equal(word, STR("#")))
            raw.stems[raw.stem_count++] = stem;
        if (i + 1 < tokens.count) {
            uint64_t pair = hash_on(hash_on(hash_seed(KIND_PAIR), word.data, word.len), " ", 1);
            pair = hash_on(pair, tokens.words[i + 1].data, tokens.words[i + 1].len);
            raw.hashes[raw.count++] = hash_end(pair, KIND_PAIR);
        }
    }
    raw.words = raw.count;
    for (size_t i = 0; i < tokens.count; i++)
        raw.count += add_characters(tokens.words[i], raw.hashes + raw.count);
    must(raw.count <= room);
    return raw;
}

/* --- lexicon and bags --------------------------------------------------------------------------- */

void lexicon_free(struct lexicon *lexicon)
{
    map_free(&lexicon->numbers);
    *lexicon = (struct lexicon){ 0 };
}

static size_t number_of(const struct lexicon *lexicon, uint64_t hash)
{
    return (uintptr_t)map_get(&lexicon->numbers, hash);
}

static void learn_hash(struct lexicon *lexicon, uint64_t hash)
{
    if (!number_of(lexicon, hash))
        map_put(&lexicon->numbers, hash, (void *)(uintptr_t)(++lexicon->count));
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* One group's known features with how often they come; gives their count. */
static size_t count_group(const struct lexicon *lexicon, const uint64_t *hashes, size_t count, uint32_t *numbers, uint32_t *times)
{
    size_t found = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t number = number_of(lexicon, hashes[i]);
        if (number)
            numbers[found++] = (uint32_t)(number - 1);
    }
    qsort(numbers, found, sizeof *numbers, by_number);
    for (size_t i = 0; i < found; i++) {
        if (kept && numbers[kept - 1] == numbers[i]) {
            times[kept - 1]++;
            continue;
        }
        numbers[kept] = numbers[i];
        times[kept++] = 1;
    }
    return kept;
}

static void bag_make(struct bag *bag, const struct lexicon *lexicon, struct arena *arena, const struct raw *raw)
{
    *bag = (struct bag){ .numbers = ARENA_NEW_ARRAY(arena, uint32_t, raw->count + 1),
                         .times = ARENA_NEW_ARRAY(arena, uint32_t, raw->count + 1),
                         .stems = ARENA_NEW_ARRAY(arena, uint32_t, raw->stem_count + 1) };
    bag->words = count_group(lexicon, raw->hashes, raw->words, bag->numbers, bag->times);
    bag->count = bag->words + count_group(lexicon, raw->hashes + raw->words, raw->count - raw->words, bag->numbers + bag->words,
                                          bag->times + bag->words);
    for (size_t i = 0; i < raw->stem_count; i++) {
        size_t number = number_of(lexicon, raw->stems[i]);
        if (number)
            bag->stems[bag->stem_count++] = (uint32_t)(number - 1);
        else
            bag->unknown_stems++;
    }
}

void bag_learn(struct bag *bag, struct lexicon *lexicon, struct arena *arena, struct tokens tokens, struct stemmer *stemmer)
{
    struct arena scratch = { 0 };
    struct raw raw = raw_of(&scratch, tokens, stemmer);
    for (size_t i = 0; i < raw.count; i++)
        learn_hash(lexicon, raw.hashes[i]);
    bag_make(bag, lexicon, arena, &raw);
    arena_free(&scratch);
}

void bag_read(struct bag *bag, const struct lexicon *lexicon, struct arena *arena, struct tokens tokens, struct stemmer *stemmer)
{
    struct raw raw = raw_of(arena, tokens, stemmer);
    bag_make(bag, lexicon, arena, &raw);
}

/* --- weights ------------------------------------------------------------------------------------ */

void weighing_make(struct weighing *weighing, const struct lexicon *lexicon, const struct bag *const *bags, size_t count)
{
    uint32_t *documents = MEMORY_NEW_ARRAY(uint32_t, lexicon->count + 1);
    uint8_t *keeps = MEMORY_NEW_ARRAY(uint8_t, lexicon->count + 1); /* words and stems stay however rare */
    struct map_slot slot;
    for (size_t i = 0; map_next(&lexicon->numbers, &i, &slot);)
        keeps[(uintptr_t)slot.value - 1] = (slot.key & 7) == KIND_WORD || (slot.key & 7) == KIND_STEM;
    for (size_t b = 0; b < count; b++)
        for (size_t i = 0; i < bags[b]->count; i++)
            documents[bags[b]->numbers[i]]++;
    *weighing = (struct weighing){ .index = MEMORY_NEW_ARRAY(uint32_t, lexicon->count + 1),
                                   .idf = MEMORY_NEW_ARRAY(float, lexicon->count + 1),
                                   .numbers = lexicon->count, .unknown_idf = (float)log(1.0 + (double)count) };
    for (size_t i = 0; i < lexicon->count; i++) {
        if (documents[i] > 1 || (documents[i] == 1 && keeps[i])) {
            weighing->index[i] = (uint32_t)++weighing->count;
            weighing->idf[i] = (float)log((1.0 + (double)count) / (1.0 + documents[i])) + 1e-3f;
        }
    }
    memory_free(documents);
    memory_free(keeps);
}

void weighing_free(struct weighing *weighing)
{
    memory_free(weighing->index);
    memory_free(weighing->idf);
    *weighing = (struct weighing){ 0 };
}

void weighing_compact(struct weighing *weighing, struct lexicon *lexicon)
{
    struct lexicon kept = { .count = weighing->count };
    struct map_slot slot;
    for (size_t i = 0; map_next(&lexicon->numbers, &i, &slot);) {
        uint32_t index = weighing->index[(uintptr_t)slot.value - 1];
        if (index)
            map_put(&kept.numbers, slot.key, (void *)(uintptr_t)index);
    }
    /* Indexes were given in the order of numbers, so both arrays can be moved down in place. */
    for (size_t i = 0; i < weighing->numbers; i++)
        if (weighing->index[i])
            weighing->idf[weighing->index[i] - 1] = weighing->idf[i];
    for (size_t i = 0; i < weighing->count; i++)
        weighing->index[i] = (uint32_t)i + 1;
    weighing->numbers = weighing->count;
    weighing->index = memory_resize(weighing->index, weighing->count + 1, sizeof *weighing->index);
    weighing->idf = memory_resize(weighing->idf, weighing->count + 1, sizeof *weighing->idf);
    lexicon_free(lexicon);
    *lexicon = kept;
}

static size_t add_group(const struct weighing *weighing, const struct bag *bag, size_t from, size_t to, double scale,
                        struct feature *out)
{
    size_t count = 0;
    double squares = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t number = bag->numbers[i];
        if (number >= weighing->numbers || !weighing->index[number])
            continue;
        double times = bag->times[i] == 1 ? 1 : 1 + log(bag->times[i]), weight = times * (double)weighing->idf[number];
        squares += weight * weight;
        out[count++] = (struct feature){ weighing->index[number] - 1, (float)weight };
    }
    for (size_t i = 0; i < count; i++)
        out[i].weight *= (float)(scale / sqrt(squares));
    return count;
}

struct vector weighing_vector(const struct weighing *weighing, const struct bag *bag, struct arena *arena)
{
    struct vector vector = { .items = ARENA_NEW_ARRAY(arena, struct feature, bag->count + 1) };
    size_t words = add_group(weighing, bag, 0, bag->words, 1.0, vector.items);
    size_t characters = add_group(weighing, bag, bag->words, bag->count, FEATURES_CHARACTERS, vector.items + words);
    vector.count = words + characters;
    vector.length = sqrt((words ? 1.0 : 0.0) + (characters ? FEATURES_CHARACTERS * FEATURES_CHARACTERS : 0.0));
    return vector;
}
