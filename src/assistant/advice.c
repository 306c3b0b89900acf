#include "assistant/advice.h"

#include <stdlib.h>

#include "assistant/training.h"
#include "base/memory.h"

#define FOLDS 5
#define DOUBLES_MOST 1000

/* --- folds -------------------------------------------------------------------------------------- */

/* Items of the training are the examples of topics in their order; `items` are their numbers. */
static void answer_fold(struct advice *advice, const struct training *training, const size_t *items, size_t fold)
{
    struct understanding understanding = { .weighing = { 0 } };
    uint32_t *chosen = MEMORY_NEW_ARRAY(uint32_t, training->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < training->count; i++)
        if ((training->places[i] + training->topics[i]) % FOLDS != fold)
            chosen[count++] = (uint32_t)i;
    if (count == 0 || count == training->count) {
        memory_free(chosen);
        return;
    }
    training_learn_well(training, &(struct chosen){ chosen, count, NULL, 0 }, training->lesson->seed + fold, &understanding);
    for (size_t i = 0; i < training->count; i++) {
        struct arena scratch = { 0 };
        struct intent_result result;
        double signals[GATE_SIGNALS];
        if ((training->places[i] + training->topics[i]) % FOLDS != fold)
            continue;
        intent_look(&understanding, &scratch, &training->bags[i], &result, signals);
        advice->answers[items[i]] = result.top[0].topic;
        arena_free(&scratch);
    }
    understanding_free(&understanding);
    memory_free(chosen);
}

static void answer_all(struct advice *advice, const struct examples *examples)
{
    struct lexicon lexicon = { .count = 0 };
    struct intent_lesson lesson = examples_lesson(examples);
    struct training training = { .lesson = &lesson, .lexicon = &lexicon };
    size_t *items = MEMORY_NEW_ARRAY(size_t, examples->count + 1), count = 0;
    for (size_t i = 0; i < examples->count; i++)
        if (examples->items[i].topic != INTENT_NONE)
            items[count++] = i;
    training_read(&training);
    must(training.count == count);
    for (size_t fold = 0; fold < FOLDS; fold++)
        answer_fold(advice, &training, items, fold);
    arena_free(&training.arena);
    lexicon_free(&lexicon);
    memory_free(items);
}

/* --- what it shows ------------------------------------------------------------------------------ */

static int by_weakness(const void *a, const void *b)
{
    const struct advice_topic *x = a, *y = b;
    double p = x->examples ? (double)x->recognised / (double)x->examples : 0, q = y->examples ? (double)y->recognised / (double)y->examples : 0;
    if (p != q)
        return p < q ? -1 : 1;
    return (x->topic > y->topic) - (x->topic < y->topic);
}

static int by_mistakes(const void *a, const void *b)
{
    const struct advice_pair *x = a, *y = b;
    if (x->mistaken != y->mistaken)
        return x->mistaken > y->mistaken ? -1 : 1;
    return x->a != y->a ? (x->a > y->a ? 1 : -1) : (x->b > y->b) - (x->b < y->b);
}

/* To ADVICE_FEW at least, and half as many again for an intent that is not recognised. */
static size_t write_more(const struct advice_topic *topic)
{
    size_t few = topic->examples < ADVICE_FEW ? ADVICE_FEW - topic->examples : 0;
    bool weak = (double)topic->recognised < ADVICE_WEAK * (double)topic->examples;
    size_t more = weak ? (topic->examples + 1) / 2 : 0;
    return more > few ? more : few;
}

static void judge_topics(struct advice *advice, const struct examples *examples, const uint32_t *table)
{
    size_t topics = examples->topics;
    advice->topics = MEMORY_NEW_ARRAY(struct advice_topic, topics + 1);
    advice->topic_count = topics;
    for (size_t t = 0; t < topics; t++) {
        struct advice_topic *topic = &advice->topics[t];
        *topic = (struct advice_topic){ .topic = t, .taken_for = INTENT_NONE, .recognised = table[t * topics + t] };
        for (size_t i = 0; i < examples->count; i++)
            topic->examples += examples->items[i].topic == t;
        for (size_t other = 0; other < topics; other++)
            if (other != t && table[t * topics + other] > topic->taken) {
                topic->taken = table[t * topics + other];
                topic->taken_for = other;
            }
        topic->write_more = write_more(topic);
        advice->examples += topic->examples;
        advice->recognised += topic->recognised;
    }
}

/* The same text twice shows nothing new. */
static void show(struct advice_pair *pair, const struct examples *examples, size_t at)
{
    for (size_t k = 0; k < pair->shown_count; k++)
        if (str_equal(examples->items[pair->shown[k]].text, examples->items[at].text))
            return;
    pair->shown[pair->shown_count++] = at;
}

static void show_pair(struct advice_pair *pair, const struct advice *advice, const struct examples *examples)
{
    for (size_t i = 0; i < examples->count && pair->shown_count < ARRAY_LEN(pair->shown); i++) {
        size_t topic = examples->items[i].topic, answer = advice->answers[i];
        if ((topic == pair->a && answer == pair->b) || (topic == pair->b && answer == pair->a))
            show(pair, examples, i);
    }
}

static void judge_pairs(struct advice *advice, const struct examples *examples, const uint32_t *table)
{
    size_t topics = examples->topics, capacity = 16;
    advice->pairs = MEMORY_NEW_ARRAY(struct advice_pair, capacity);
    for (size_t a = 0; a < topics; a++)
        for (size_t b = a + 1; b < topics; b++) {
            size_t mistaken = table[a * topics + b] + table[b * topics + a];
            size_t smaller = advice->topics[a].examples < advice->topics[b].examples ? advice->topics[a].examples : advice->topics[b].examples;
            if (mistaken < 2 || (double)mistaken < ADVICE_OVERLAP * (double)smaller)
                continue;
            if (advice->pair_count == capacity)
                advice->pairs = memory_resize(advice->pairs, capacity *= 2, sizeof *advice->pairs);
            advice->pairs[advice->pair_count++] = (struct advice_pair){ .a = a, .b = b, .mistaken = mistaken };
        }
    qsort(advice->pairs, advice->pair_count, sizeof *advice->pairs, by_mistakes);
    for (size_t i = 0; i < advice->pair_count; i++)
        show_pair(&advice->pairs[i], advice, examples);
}

static void find_doubles(struct advice *advice, const struct examples *examples)
{
    struct map seen = { 0 };
    advice->doubles = MEMORY_NEW_ARRAY(struct advice_double, DOUBLES_MOST);
    for (size_t i = 0; i < examples->count && advice->double_count < DOUBLES_MOST; i++) {
        struct arena scratch = { 0 };
        struct tokens tokens = tokens_of(&scratch, examples->items[i].text);
        uint64_t key = intent_text_key(&scratch, tokens);
        uintptr_t first = (uintptr_t)map_get(&seen, key);
        if (tokens.count && !first)
            map_put(&seen, key, (void *)(uintptr_t)(i + 1));
        else if (tokens.count && examples->items[first - 1].topic != examples->items[i].topic)
            advice->doubles[advice->double_count++] = (struct advice_double){ first - 1, i };
        arena_free(&scratch);
    }
    map_free(&seen);
}

void advice_make(struct advice *advice, const struct examples *examples)
{
    size_t topics = examples->topics;
    uint32_t *table = MEMORY_NEW_ARRAY(uint32_t, topics * topics + 1);
    *advice = (struct advice){ .answers = MEMORY_NEW_ARRAY(size_t, examples->count + 1) };
    for (size_t i = 0; i < examples->count; i++)
        advice->answers[i] = INTENT_NONE;
    answer_all(advice, examples);
    for (size_t i = 0; i < examples->count; i++)
        if (examples->items[i].topic != INTENT_NONE && advice->answers[i] != INTENT_NONE)
            table[examples->items[i].topic * topics + advice->answers[i]]++;
    judge_topics(advice, examples, table);
    judge_pairs(advice, examples, table);
    qsort(advice->topics, advice->topic_count, sizeof *advice->topics, by_weakness);
    find_doubles(advice, examples);
    memory_free(table);
}

void advice_free(struct advice *advice)
{
    memory_free(advice->topics);
    memory_free(advice->pairs);
    memory_free(advice->doubles);
    memory_free(advice->answers);
    *advice = (struct advice){ 0 };
}
