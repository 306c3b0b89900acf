#include "assistant/bm25.h"

#include "assistant/order.h"
#include "assistant/terms.h"
#include "base/memory.h"

#define K1 1.2
#define B 0.75

static void count_word(void *context, struct str word)
{
    struct bm25 *bm25 = context;
    uint64_t key = str_hash(word) | 1;
    uintptr_t number = (uintptr_t)map_get(&bm25->terms, key);
    if (!number) {
        number = ++bm25->term_count;
        map_put(&bm25->terms, key, (void *)number);
        if (number > bm25->capacity) {
            size_t capacity = bm25->capacity ? bm25->capacity * 2 : 1024;
            bm25->times = memory_resize(bm25->times, capacity, sizeof *bm25->times);
            bm25->touched = memory_resize(bm25->touched, capacity, sizeof *bm25->touched);
            memset(bm25->times + bm25->capacity, 0, (capacity - bm25->capacity) * sizeof *bm25->times);
            bm25->capacity = capacity;
        }
    }
    if (bm25->times[number - 1] == 0)
        bm25->touched[bm25->touched_count++] = (uint32_t)(number - 1);
    bm25->times[number - 1]++;
}

void bm25_add(struct bm25 *bm25, struct str title, struct str text)
{
    struct arena scratch = { 0 };
    postings_unit(&bm25->postings);
    terms_each(&scratch, title, count_word, bm25);
    terms_each(&scratch, text, count_word, bm25);
    arena_free(&scratch);
    for (size_t i = 0; i < bm25->touched_count; i++) {
        uint32_t term = bm25->touched[i];
        postings_add(&bm25->postings, term, bm25->times[term]);
        bm25->times[term] = 0;
    }
    bm25->touched_count = 0;
}

void bm25_end(struct bm25 *bm25)
{
    postings_end(&bm25->postings, bm25->term_count, K1, B);
}

void bm25_free(struct bm25 *bm25)
{
    postings_free(&bm25->postings);
    map_free(&bm25->terms);
    memory_free(bm25->touched);
    memory_free(bm25->times);
    *bm25 = (struct bm25){ .touched = NULL };
}

struct asking {
    const struct bm25 *bm25;
    float *scores;
};

static void score_word(void *context, struct str word)
{
    const struct asking *asking = context;
    uintptr_t number = (uintptr_t)map_get(&asking->bm25->terms, str_hash(word) | 1);
    if (number)
        postings_score(&asking->bm25->postings, (uint32_t)(number - 1), 1, asking->scores);
}

size_t bm25_rank(const struct bm25 *bm25, struct arena *arena, struct str text, uint32_t *documents)
{
    struct asking asking = { bm25, ARENA_NEW_ARRAY(arena, float, bm25->postings.units + 1) };
    terms_each(arena, text, score_word, &asking);
    return order_by_score(arena, asking.scores, bm25->postings.units, documents, bm25->postings.units);
}
