#include "assistant/vocabulary.h"

#include "base/memory.h"

/* --- growing ------------------------------------------------------------------------------------ */

static uint64_t word_key(unsigned language, struct str word)
{
    uint64_t key = (str_hash(word) ^ language) * 0x9e3779b97f4a7c15u;
    return key ? key : 1;
}

static uint64_t stem_key(struct str stem)
{
    uint64_t key = str_hash(stem);
    return key ? key : 1;
}

static uint32_t number_of(struct map *map, uint64_t key, size_t *count)
{
    uintptr_t number = (uintptr_t)map_get(map, key);
    if (!number) {
        number = ++*count;
        map_put(map, key, (void *)number);
    }
    return (uint32_t)(number - 1);
}

static uint32_t looked_up(const struct map *map, uint64_t key)
{
    uintptr_t number = (uintptr_t)map_get(map, key);
    return number ? (uint32_t)(number - 1) : VOCABULARY_NONE;
}

static void add_grams(struct vocabulary *vocabulary, struct vocabulary_word *word)
{
    uint64_t keys[TERMS_GRAMS_MAX];
    size_t count = terms_grams(word->text, VOCABULARY_GRAM_LEAST, VOCABULARY_GRAM_MOST, keys);
    if (vocabulary->gram_total + count > vocabulary->gram_capacity) {
        vocabulary->gram_capacity = (vocabulary->gram_capacity + count) * 2;
        vocabulary->grams = memory_resize(vocabulary->grams, vocabulary->gram_capacity, sizeof *vocabulary->grams);
    }
    word->gram_from = (uint32_t)vocabulary->gram_total;
    word->gram_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++)
        vocabulary->grams[vocabulary->gram_total++] = number_of(&vocabulary->by_gram, keys[i], &vocabulary->gram_kinds);
}

uint32_t vocabulary_add(struct vocabulary *vocabulary, struct stemmer *stemmer, unsigned language, struct str word)
{
    uint64_t key = word_key(language, word);
    uint32_t number = looked_up(&vocabulary->by_word, key);
    if (number != VOCABULARY_NONE) {
        vocabulary->words[number].times++;
        return number;
    }
    if (vocabulary->count == vocabulary->capacity) {
        vocabulary->capacity = vocabulary->capacity ? vocabulary->capacity * 2 : 256;
        vocabulary->words = memory_resize(vocabulary->words, vocabulary->capacity, sizeof *vocabulary->words);
    }
    struct vocabulary_word *made = &vocabulary->words[vocabulary->count++];
    *made = (struct vocabulary_word){ .text = arena_copy(&vocabulary->arena, word), .times = 1 };
    made->stem = number_of(&vocabulary->by_stem, stem_key(stemmer_stem(stemmer, &vocabulary->arena, word)), &vocabulary->stems);
    add_grams(vocabulary, made);
    map_put(&vocabulary->by_word, key, (void *)(uintptr_t)vocabulary->count);
    return (uint32_t)(vocabulary->count - 1);
}

/* The words of each gram, by counting. */
void vocabulary_end(struct vocabulary *vocabulary)
{
    vocabulary->words = memory_resize(vocabulary->words, vocabulary->capacity = vocabulary->count, sizeof *vocabulary->words);
    vocabulary->grams = memory_resize(vocabulary->grams, vocabulary->gram_capacity = vocabulary->gram_total, sizeof *vocabulary->grams);
    vocabulary->near_from = MEMORY_NEW_ARRAY(uint32_t, vocabulary->gram_kinds + 2);
    vocabulary->near = MEMORY_NEW_ARRAY(uint32_t, vocabulary->gram_total + 1);
    for (size_t i = 0; i < vocabulary->gram_total; i++)
        vocabulary->near_from[vocabulary->grams[i] + 1]++;
    for (size_t g = 0; g < vocabulary->gram_kinds; g++)
        vocabulary->near_from[g + 1] += vocabulary->near_from[g];
    uint32_t *next = memory_copy(vocabulary->near_from, (vocabulary->gram_kinds + 1) * sizeof *next);
    for (size_t w = 0; w < vocabulary->count; w++)
        for (uint32_t i = 0; i < vocabulary->words[w].gram_count; i++)
            vocabulary->near[next[vocabulary->grams[vocabulary->words[w].gram_from + i]]++] = (uint32_t)w;
    memory_free(next);
}

void vocabulary_free(struct vocabulary *vocabulary)
{
    arena_free(&vocabulary->arena);
    memory_free(vocabulary->words);
    memory_free(vocabulary->grams);
    memory_free(vocabulary->near_from);
    memory_free(vocabulary->near);
    map_free(&vocabulary->by_word);
    map_free(&vocabulary->by_stem);
    map_free(&vocabulary->by_gram);
    *vocabulary = (struct vocabulary){ 0 };
}

/* --- looking up --------------------------------------------------------------------------------- */

uint32_t vocabulary_word(const struct vocabulary *vocabulary, unsigned language, struct str word)
{
    return looked_up(&vocabulary->by_word, word_key(language, word));
}

uint32_t vocabulary_stem(const struct vocabulary *vocabulary, struct stemmer *stemmer, struct arena *arena, struct str word)
{
    return looked_up(&vocabulary->by_stem, stem_key(stemmer_stem(stemmer, arena, word)));
}

uint32_t vocabulary_gram(const struct vocabulary *vocabulary, uint64_t key)
{
    return looked_up(&vocabulary->by_gram, key);
}

static int least_of(int a, int b, int c)
{
    int least = a < b ? a : b;
    return least < c ? least : c;
}

int vocabulary_edits(const int32_t *a, size_t a_count, const int32_t *b, size_t b_count, int most)
{
    int rows[3][TERMS_WORD_BYTES + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2];
    size_t apart = a_count > b_count ? a_count - b_count : b_count - a_count;
    if (apart > (size_t)most || a_count > TERMS_WORD_BYTES || b_count > TERMS_WORD_BYTES)
        return most + 1;
    for (size_t j = 0; j <= b_count; j++)
        last[j] = (int)j;
    for (size_t i = 1; i <= a_count; i++) {
        int least = row[0] = (int)i;
        for (size_t j = 1; j <= b_count; j++) {
            row[j] = least_of(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
            least = row[j] < least ? row[j] : least;
        }
        if (least > most)
            return most + 1;
        int *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b_count] <= most ? last[b_count] : most + 1;
}

/* Long words may have two edits, short ones none: "lost" must not become "cost" too easily. */
static int edits_allowed(size_t letters)
{
    return letters < 4 ? 0 : letters < 8 ? 1 : 2;
}

static bool has_digit(struct str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.data[i] >= '0' && word.data[i] <= '9')
            return true;
    return false;
}

/* Keeps the best VOCABULARY_NEAR: fewer edits first, then the commoner word, then the older number. */
static void keep_near(const struct vocabulary *vocabulary, struct vocabulary_near *near, size_t *count, struct vocabulary_near found)
{
    size_t at = *count;
    if (*count && found.edits > near[0].edits)
        return;
    if (*count && found.edits < near[0].edits)
        at = *count = 0;
    while (at > 0 && vocabulary->words[near[at - 1].word].times < vocabulary->words[found.word].times)
        at--;
    if (at == VOCABULARY_NEAR)
        return;
    if (*count < VOCABULARY_NEAR)
        (*count)++;
    memmove(near + at + 1, near + at, (*count - at - 1) * sizeof *near);
    near[at] = found;
}

size_t vocabulary_guess(const struct vocabulary *vocabulary, struct arena *arena, struct str word, struct vocabulary_near near[VOCABULARY_NEAR])
{
    int32_t letters[TERMS_WORD_BYTES], other[TERMS_WORD_BYTES];
    uint64_t keys[TERMS_GRAMS_MAX];
    size_t length = terms_letters(word, letters), count = 0;
    size_t gram_count = terms_grams(word, VOCABULARY_GRAM_LEAST, VOCABULARY_GRAM_LEAST, keys);
    int allowed = edits_allowed(length);
    if (has_digit(word) || length < 2)
        return 0;
    /* An edit spoils at most three of the n-grams, a swap four: whoever shares too few is too far. */
    int needed = (int)gram_count - 4 * allowed;
    uint8_t *shared = arena_take(arena, vocabulary->count + 1);
    for (size_t i = 0; i < gram_count; i++) {
        uint32_t gram = vocabulary_gram(vocabulary, keys[i]);
        for (uint32_t k = gram == VOCABULARY_NONE ? 1 : vocabulary->near_from[gram], end = gram == VOCABULARY_NONE ? 0 : vocabulary->near_from[gram + 1]; k < end; k++) {
            uint32_t candidate = vocabulary->near[k];
            if (shared[candidate] == UINT8_MAX || ++shared[candidate] < (needed > 1 ? needed : 1))
                continue;
            shared[candidate] = UINT8_MAX; /* looked at */
            size_t other_length = terms_letters(vocabulary->words[candidate].text, other);
            int edits = vocabulary_edits(letters, length, other, other_length, allowed);
            if (edits <= allowed)
                keep_near(vocabulary, near, &count, (struct vocabulary_near){ candidate, edits });
        }
    }
    return count;
}
