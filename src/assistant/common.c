#include "assistant/common.h"

#include <stdlib.h>

#include "base/memory.h"

struct word {
    const uint32_t *spelled;
    uint32_t len, times, first; /* first: in the order in which words are met */
};

/* Never 0, which the map cannot hold. */
static uint64_t key_of(const uint32_t *spelled, size_t count)
{
    return str_hash(str_make((const char *)spelled, count * sizeof *spelled)) | 1;
}

static int by_times(const void *a, const void *b)
{
    const struct word *x = a, *y = b;
    if (x->times != y->times)
        return x->times > y->times ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

/* Every word of the samples once; give it back with memory_free. */
static struct word *all_words(const struct lesson *lesson, size_t *count)
{
    struct map numbers = { 0 };
    size_t capacity = 256;
    struct word *words = MEMORY_NEW_ARRAY(struct word, capacity);
    *count = 0;
    for (size_t i = 0; i < lesson->count; i++) {
        const struct vector *vector = lesson->samples[i].vector;
        for (size_t w = 0, from = 0; w < vector->words; from = vector->ends[w++]) {
            uint64_t key = key_of(vector->spelled + from, vector->ends[w] - from);
            uintptr_t known = (uintptr_t)map_get(&numbers, key);
            if (!known) {
                if (*count == capacity)
                    words = memory_resize(words, capacity *= 2, sizeof *words);
                words[*count] = (struct word){ vector->spelled + from, vector->ends[w] - (uint32_t)from, 0, (uint32_t)*count };
                map_put(&numbers, key, (void *)(known = ++*count));
            }
            words[known - 1].times++;
        }
    }
    map_free(&numbers);
    return words;
}

void common_index(struct common *common)
{
    for (size_t w = 0, from = 0; w < common->count; from = common->ends[w++])
        map_put(&common->numbers, key_of(common->spelled + from, common->ends[w] - from), (void *)(uintptr_t)(w + 1));
}

void common_choose(struct common *common, const struct lesson *lesson)
{
    size_t count, spelled = 0;
    struct word *words = all_words(lesson, &count);
    qsort(words, count, sizeof *words, by_times);
    *common = (struct common){ .count = count < COMMON_WORDS ? count : COMMON_WORDS };
    for (size_t w = 0; w < common->count; w++)
        spelled += words[w].len;
    common->spelled = MEMORY_NEW_ARRAY(uint32_t, spelled + 1);
    common->ends = MEMORY_NEW_ARRAY(uint32_t, common->count + 1);
    spelled = 0;
    for (size_t w = 0; w < common->count; w++) {
        memcpy(common->spelled + spelled, words[w].spelled, words[w].len * sizeof *words[w].spelled);
        common->ends[w] = (uint32_t)(spelled += words[w].len);
    }
    memory_free(words);
    common_index(common);
}

void common_free(struct common *common)
{
    memory_free(common->spelled);
    memory_free(common->ends);
    map_free(&common->numbers);
    *common = (struct common){ 0 };
}

size_t common_find(const struct common *common, const uint32_t *spelled, size_t count)
{
    uintptr_t number = (uintptr_t)map_get(&common->numbers, key_of(spelled, count));
    if (!number)
        return SIZE_MAX;
    size_t from = number > 1 ? common->ends[number - 2] : 0;
    bool same = common->ends[number - 1] - from == count && memcmp(common->spelled + from, spelled, count * sizeof *spelled) == 0;
    return same ? number - 1 : SIZE_MAX;
}
