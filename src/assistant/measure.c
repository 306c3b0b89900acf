#include "assistant/measure.h"

#include <stdlib.h>
#include <time.h>

#include "assistant/bm25.h"
#include "assistant/library.h"
#include "base/memory.h"

#define FIRST_FIVE 5
#define TIMED_HITS 10 /* as many as anybody looks at */

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static bool is_right(uint32_t article, const uint32_t *right, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (right[i] == article)
            return true;
    return false;
}

void measure_add(struct measure *measure, const uint32_t *order, size_t count, const uint32_t *right, size_t right_count)
{
    size_t found = 0, early = 0;
    double precisions = 0;
    for (size_t i = 0; i < count && found < right_count; i++) {
        if (!is_right(order[i], right, right_count))
            continue;
        if (found == 0)
            measure->mrr += 1 / (double)(i + 1);
        precisions += (double)++found / (double)(i + 1);
        early += i < FIRST_FIVE;
        measure->p_at_1 += i == 0;
    }
    measure->map += precisions / (double)right_count;
    measure->recall_at_5 += (double)early / (double)right_count;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* From sums to means; times in microseconds, sorted here. */
static void finish(struct measure *measure, double *times, size_t count)
{
    measure->map /= (double)count;
    measure->mrr /= (double)count;
    measure->p_at_1 /= (double)count;
    measure->recall_at_5 /= (double)count;
    qsort(times, count, sizeof *times, by_value);
    measure->query_us_p50 = times[(count - 1) / 2];
    measure->query_us_p99 = times[(size_t)((double)(count - 1) * 0.99)];
}

static struct library *build(const struct collection *collection)
{
    struct library *library = library_new();
    for (size_t i = 0; i < collection->article_count; i++) {
        const struct collection_article *article = &collection->articles[i];
        library_add(library, &(struct library_document){ .language = article->language, .title = article->title, .text = article->text,
                                                         .questions = article->questions, .question_count = article->question_count });
    }
    library_end(library);
    return library;
}

void measure_fused(const struct collection *collection, const struct languages *languages, struct measure *out)
{
    double began = now_us();
    struct library *library = build(collection);
    *out = (struct measure){ .index_ms = (now_us() - began) / 1e3 };
    uint32_t *order = MEMORY_NEW_ARRAY(uint32_t, collection->article_count + 1);
    double *times = MEMORY_NEW_ARRAY(double, collection->question_count + 1);
    for (size_t i = 0; i < collection->question_count; i++) {
        const struct collection_question *question = &collection->questions[i];
        struct library_hit hits[TIMED_HITS];
        struct arena arena = { 0 };
        began = now_us();
        struct str language = collection_language(collection, languages, &arena, question->text);
        library_search(library, &arena, question->text, language, hits, TIMED_HITS);
        times[i] = now_us() - began;
        size_t count = library_rank(library, &arena, question->text, language, order);
        measure_add(out, order, count, question->right, question->right_count);
        arena_free(&arena);
    }
    finish(out, times, collection->question_count);
    memory_free(order);
    memory_free(times);
    library_free(library);
}

void measure_plain(const struct collection *collection, struct measure *out)
{
    struct bm25 bm25 = { .touched = NULL };
    double began = now_us();
    for (size_t i = 0; i < collection->article_count; i++)
        bm25_add(&bm25, collection->articles[i].title, collection->articles[i].text);
    bm25_end(&bm25);
    *out = (struct measure){ .index_ms = (now_us() - began) / 1e3 };
    uint32_t *order = MEMORY_NEW_ARRAY(uint32_t, collection->article_count + 1);
    double *times = MEMORY_NEW_ARRAY(double, collection->question_count + 1);
    for (size_t i = 0; i < collection->question_count; i++) {
        const struct collection_question *question = &collection->questions[i];
        struct arena arena = { 0 };
        began = now_us();
        size_t count = bm25_rank(&bm25, &arena, question->text, order);
        times[i] = now_us() - began;
        measure_add(out, order, count, question->right, question->right_count);
        arena_free(&arena);
    }
    finish(out, times, collection->question_count);
    memory_free(order);
    memory_free(times);
    bm25_free(&bm25);
}
