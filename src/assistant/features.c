#include "assistant/features.h"

#include <math.h>

#include "base/memory.h"

#define WORD_BYTES 48 /* longer words are cut for their n-grams */
#define GRAM_LEAST 2
#define GRAM_MOST 4

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

/* The kind in the lowest bits; so never 0, which the map cannot hold. */
static uint64_t hash_end(uint64_t hash, uint64_t kind)
{
    return (hash & ~(uint64_t)7) | kind;
}

static uint64_t hash_of(uint64_t kind, struct str s)
{
    return hash_end(hash_on(hash_seed(kind), s.data, s.len), kind);
}

static uint64_t hash_pair(struct str left, struct str right)
{
    uint64_t hash = hash_on(hash_on(hash_seed(FEATURE_PAIR), left.data, left.len), " ", 1);
    return hash_end(hash_on(hash, right.data, right.len), FEATURE_PAIR);
}

/* Hashes of one text, doubles included. */
struct raw {
    uint64_t *spelled; /* word by word: the word, its stem, its characters */
    uint32_t *ends;    /* by word, in `spelled` */
    uint64_t *pairs;
    bool *digits;      /* by word */
    size_t words, pair_count;
};

/* Character 2- to 4-grams of the word with a space on either side, by whole code points. */
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
    for (size_t n = GRAM_LEAST; n <= GRAM_MOST; n++) {
        if (points <= n) { /* a word no longer than that gives itself once */
            out[count++] = hash_of(FEATURE_CHARACTERS, str_make(padded, len + 2));
            break;
        }
        for (size_t i = 0; i + n <= points; i++)
            out[count++] = hash_of(FEATURE_CHARACTERS, str_make(padded + starts[i], starts[i + n] - starts[i]));
    }
    return count;
}

static size_t room_for(struct tokens tokens)
{
    size_t room = 1;
    for (size_t i = 0; i < tokens.count; i++) {
        size_t len = tokens.words[i].len < WORD_BYTES ? tokens.words[i].len : WORD_BYTES;
        room += 2 + (GRAM_MOST - GRAM_LEAST + 1) * (len + 2);
    }
    return room;
}

static struct raw raw_of(struct arena *arena, struct tokens tokens, struct stemmer *stemmer)
{
    struct raw raw = { .spelled = ARENA_NEW_ARRAY(arena, uint64_t, room_for(tokens)),
                       .ends = ARENA_NEW_ARRAY(arena, uint32_t, tokens.count + 1),
                       .pairs = ARENA_NEW_ARRAY(arena, uint64_t, tokens.count + 1),
                       .digits = ARENA_NEW_ARRAY(arena, bool, tokens.count + 1), .words = tokens.count };
    struct str before = STR_EMPTY;
    size_t count = 0;
    for (size_t i = 0; i < tokens.count; i++) {
        struct str word = tokens.words[i], stem = stemmer_stem(stemmer, arena, word);
        raw.digits[i] = str_equal(word, STR("#"));
        raw.spelled[count++] = hash_of(FEATURE_WORD, word);
        raw.spelled[count++] = hash_of(FEATURE_STEM, stem);
        count += add_characters(word, raw.spelled + count);
        raw.ends[i] = (uint32_t)count;
        if (i)
            raw.pairs[raw.pair_count++] = hash_pair(before, stem);
        before = stem;
    }
    return raw;
}

/* --- lexicon ------------------------------------------------------------------------------------ */

void lexicon_free(struct lexicon *lexicon)
{
    map_free(&lexicon->numbers);
    memory_free(lexicon->kinds);
    *lexicon = (struct lexicon){ 0 };
}

static size_t number_of(const struct lexicon *lexicon, uint64_t hash)
{
    return (uintptr_t)map_get(&lexicon->numbers, hash);
}

void lexicon_add(struct lexicon *lexicon, uint64_t hash)
{
    if (lexicon->count == lexicon->capacity) {
        lexicon->capacity = lexicon->capacity ? lexicon->capacity * 2 : 1024;
        lexicon->kinds = memory_resize(lexicon->kinds, lexicon->capacity, sizeof *lexicon->kinds);
    }
    lexicon->kinds[lexicon->count++] = (uint8_t)(hash & 7);
    map_put(&lexicon->numbers, hash, (void *)(uintptr_t)lexicon->count);
}

static void learn_hashes(struct lexicon *lexicon, const uint64_t *hashes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!number_of(lexicon, hashes[i]))
            lexicon_add(lexicon, hashes[i]);
}

/* --- bags --------------------------------------------------------------------------------------- */

/* Shell sort: short lists of small numbers. */
static void sort_numbers(uint32_t *numbers, size_t count)
{
    static const size_t gaps[] = { 701, 301, 132, 57, 23, 10, 4, 1 };
    for (size_t g = 0; g < ARRAY_LEN(gaps); g++)
        for (size_t i = gaps[g]; i < count; i++) {
            uint32_t number = numbers[i];
            size_t at = i;
            for (; at >= gaps[g] && numbers[at - gaps[g]] > number; at -= gaps[g])
                numbers[at] = numbers[at - gaps[g]];
            numbers[at] = number;
        }
}

/* One group's numbers, doubles included, become each once with how often it comes; gives their count. */
static size_t count_group(uint32_t *numbers, size_t found, uint32_t *times)
{
    size_t kept = 0;
    sort_numbers(numbers, found);
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

/* Each feature of the words is looked up once, into `spelled`. */
static void read_words(struct bag *bag, const struct lexicon *lexicon, const struct raw *raw)
{
    size_t count = 0;
    for (size_t i = 0, at = 0; i < raw->words; i++) {
        for (size_t begin = at; at < raw->ends[i]; at++) {
            size_t number = number_of(lexicon, raw->spelled[at]);
            if (number)
                bag->spelled[count++] = (uint32_t)(number - 1);
            if (at != begin + 1 || raw->digits[i]) /* the stem stands behind the word */
                continue;
            if (number)
                bag->stems[bag->stem_count++] = (uint32_t)(number - 1);
            else
                bag->unknown_stems++;
        }
        bag->ends[i] = (uint32_t)count;
    }
    bag->length = raw->words;
}

static void bag_make(struct bag *bag, const struct lexicon *lexicon, struct arena *arena, const struct raw *raw)
{
    size_t most = (raw->words ? raw->ends[raw->words - 1] : 0) + raw->pair_count + 1, found = 0;
    *bag = (struct bag){ .numbers = ARENA_NEW_ARRAY(arena, uint32_t, most), .times = ARENA_NEW_ARRAY(arena, uint32_t, most),
                         .stems = ARENA_NEW_ARRAY(arena, uint32_t, raw->words + 1),
                         .spelled = ARENA_NEW_ARRAY(arena, uint32_t, most),
                         .ends = ARENA_NEW_ARRAY(arena, uint32_t, raw->words + 1) };
    read_words(bag, lexicon, raw);
    size_t spelled = bag->length ? bag->ends[bag->length - 1] : 0;
    for (size_t i = 0; i < raw->pair_count; i++) {
        size_t number = number_of(lexicon, raw->pairs[i]);
        if (number)
            bag->numbers[found++] = (uint32_t)(number - 1);
    }
    for (size_t i = 0; i < spelled; i++)
        if (lexicon->kinds[bag->spelled[i]] != FEATURE_CHARACTERS)
            bag->numbers[found++] = bag->spelled[i];
    bag->words = count_group(bag->numbers, found, bag->times);
    found = bag->words;
    for (size_t i = 0; i < spelled; i++)
        if (lexicon->kinds[bag->spelled[i]] == FEATURE_CHARACTERS)
            bag->numbers[found++] = bag->spelled[i];
    bag->count = bag->words + count_group(bag->numbers + bag->words, found - bag->words, bag->times + bag->words);
}

void bag_learn(struct bag *bag, struct lexicon *lexicon, struct arena *arena, struct tokens tokens, struct stemmer *stemmer)
{
    struct arena scratch = { 0 };
    struct raw raw = raw_of(&scratch, tokens, stemmer);
    learn_hashes(lexicon, raw.spelled, raw.words ? raw.ends[raw.words - 1] : 0);
    learn_hashes(lexicon, raw.pairs, raw.pair_count);
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
    for (size_t b = 0; b < count; b++)
        for (size_t i = 0; i < bags[b]->count; i++)
            documents[bags[b]->numbers[i]]++;
    *weighing = (struct weighing){ .index = MEMORY_NEW_ARRAY(uint32_t, lexicon->count + 1),
                                   .idf = MEMORY_NEW_ARRAY(float, lexicon->count + 1),
                                   .numbers = lexicon->count, .unknown_idf = (float)log(1.0 + (double)count) };
    for (size_t i = 0; i < lexicon->count; i++) {
        bool word = lexicon->kinds[i] == FEATURE_WORD || lexicon->kinds[i] == FEATURE_STEM;
        if (documents[i] > 1 || (documents[i] == 1 && word)) {
            weighing->index[i] = (uint32_t)++weighing->count;
            weighing->idf[i] = (float)log((1.0 + (double)count) / (1.0 + documents[i])) + 1e-3f;
        }
    }
    memory_free(documents);
}

void weighing_free(struct weighing *weighing)
{
    memory_free(weighing->index);
    memory_free(weighing->idf);
    *weighing = (struct weighing){ 0 };
}

/* Indexes were given in the order of numbers, so arrays can be moved down in place. */
void weighing_compact(struct weighing *weighing, struct lexicon *lexicon)
{
    struct map kept = { 0 };
    struct map_slot slot;
    for (size_t i = 0; map_next(&lexicon->numbers, &i, &slot);) {
        uint32_t index = weighing->index[(uintptr_t)slot.value - 1];
        if (index)
            map_put(&kept, slot.key, (void *)(uintptr_t)index);
    }
    for (size_t i = 0; i < weighing->numbers; i++)
        if (weighing->index[i]) {
            weighing->idf[weighing->index[i] - 1] = weighing->idf[i];
            lexicon->kinds[weighing->index[i] - 1] = lexicon->kinds[i];
        }
    for (size_t i = 0; i < weighing->count; i++)
        weighing->index[i] = (uint32_t)i + 1;
    map_free(&lexicon->numbers);
    lexicon->numbers = kept;
    weighing->numbers = lexicon->count = weighing->count;
    lexicon->capacity = weighing->count + 1;
    lexicon->kinds = memory_resize(lexicon->kinds, lexicon->capacity, sizeof *lexicon->kinds);
    weighing->index = memory_resize(weighing->index, weighing->count + 1, sizeof *weighing->index);
    weighing->idf = memory_resize(weighing->idf, weighing->count + 1, sizeof *weighing->idf);
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

static void add_words(const struct weighing *weighing, const struct bag *bag, struct arena *arena, struct vector *vector)
{
    size_t spelled = bag->length ? bag->ends[bag->length - 1] : 0, count = 0;
    vector->spelled = ARENA_NEW_ARRAY(arena, uint32_t, spelled + 1);
    vector->ends = ARENA_NEW_ARRAY(arena, uint32_t, bag->length + 1);
    vector->words = bag->length;
    for (size_t i = 0, at = 0; i < bag->length; i++) {
        for (; at < bag->ends[i]; at++)
            if (bag->spelled[at] < weighing->numbers && weighing->index[bag->spelled[at]])
                vector->spelled[count++] = weighing->index[bag->spelled[at]] - 1;
        vector->ends[i] = (uint32_t)count;
    }
}

struct vector weighing_vector(const struct weighing *weighing, const struct bag *bag, struct arena *arena, bool words)
{
    struct vector vector = { .items = ARENA_NEW_ARRAY(arena, struct feature, bag->count + 1) };
    vector.count = add_group(weighing, bag, 0, bag->words, 1.0, vector.items);
    vector.count += add_group(weighing, bag, bag->words, bag->count, FEATURES_CHARACTERS, vector.items + vector.count);
    if (words)
        add_words(weighing, bag, arena, &vector);
    return vector;
}
