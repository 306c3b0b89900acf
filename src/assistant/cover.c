#include "assistant/cover.h"

#include "base/memory.h"

static uint32_t index_of(const struct weighing *weighing, uint32_t number)
{
    return number < weighing->numbers ? weighing->index[number] : 0;
}

/* Each feature's topics once: the examples are gone through topic by topic, so the last one tells. */
static void note(struct cover *cover, uint32_t feature, uint32_t topic, uint32_t *ends)
{
    uint32_t begin = cover->starts[feature], end = ends[feature];
    if (end == begin || cover->topics[end - 1] != topic)
        cover->topics[ends[feature]++] = (uint16_t)topic;
}

/* Examples in the order of their topics; give it back with memory_free. */
static uint32_t *by_topic(const uint32_t *topics, size_t count)
{
    uint32_t most = 0, *order = MEMORY_NEW_ARRAY(uint32_t, count + 1);
    for (size_t i = 0; i < count; i++)
        most = topics[i] > most ? topics[i] : most;
    uint32_t *at = MEMORY_NEW_ARRAY(uint32_t, most + 2);
    for (size_t i = 0; i < count; i++)
        at[topics[i] + 1]++;
    for (uint32_t t = 1; t < most + 2; t++)
        at[t] += at[t - 1];
    for (size_t i = 0; i < count; i++)
        order[at[topics[i]]++] = (uint32_t)i;
    memory_free(at);
    return order;
}

/* Moves the topics of all features together after room was left for every occurrence. */
static void close_up(struct cover *cover, const uint32_t *ends)
{
    uint32_t at = 0;
    for (size_t f = 0; f < cover->features; f++) {
        uint32_t begin = cover->starts[f];
        cover->starts[f] = at;
        for (uint32_t i = begin; i < ends[f]; i++)
            cover->topics[at++] = cover->topics[i];
    }
    cover->starts[cover->features] = at;
    cover->count = at;
    cover->topics = memory_resize(cover->topics, at + 1, sizeof *cover->topics);
}

void cover_make(struct cover *cover, const struct weighing *weighing, const struct bag *const *bags, const uint32_t *topics,
                size_t count)
{
    *cover = (struct cover){ .features = weighing->count, .starts = MEMORY_NEW_ARRAY(uint32_t, weighing->count + 2) };
    uint32_t *order = by_topic(topics, count), *ends = MEMORY_NEW_ARRAY(uint32_t, weighing->count + 1);
    for (size_t b = 0; b < count; b++)
        for (size_t i = 0; i < bags[b]->stem_count; i++) {
            uint32_t index = index_of(weighing, bags[b]->stems[i]);
            if (index)
                cover->starts[index]++;
        }
    for (size_t f = 0; f < weighing->count; f++)
        cover->starts[f + 1] += cover->starts[f];
    memcpy(ends, cover->starts, weighing->count * sizeof *ends);
    cover->topics = MEMORY_NEW_ARRAY(uint16_t, cover->starts[weighing->count] + 1);
    for (size_t b = 0; b < count; b++) {
        const struct bag *bag = bags[order[b]];
        for (size_t i = 0; i < bag->stem_count; i++) {
            uint32_t index = index_of(weighing, bag->stems[i]);
            if (index)
                note(cover, index - 1, topics[order[b]], ends);
        }
    }
    close_up(cover, ends);
    memory_free(order);
    memory_free(ends);
}

void cover_free(struct cover *cover)
{
    memory_free(cover->starts);
    memory_free(cover->topics);
    *cover = (struct cover){ 0 };
}

static bool has(const struct cover *cover, uint32_t feature, size_t topic)
{
    uint32_t low = cover->starts[feature], high = cover->starts[feature + 1];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (cover->topics[middle] < topic)
            low = middle + 1;
        else
            high = middle;
    }
    return low < cover->starts[feature + 1] && cover->topics[low] == topic;
}

struct coverage cover_of(const struct cover *cover, const struct weighing *weighing, const struct bag *bag, size_t topic)
{
    double unknown = bag->unknown_stems * (double)weighing->unknown_idf, all = 1e-9 + unknown, known = 0, covered = 0;
    for (size_t i = 0; i < bag->stem_count; i++) {
        uint32_t index = index_of(weighing, bag->stems[i]);
        double weight = (double)(index ? weighing->idf[bag->stems[i]] : weighing->unknown_idf);
        all += weight;
        known += index ? weight : 0;
        covered += index && has(cover, index - 1, topic) ? weight : 0;
    }
    return (struct coverage){ known / all, covered / all };
}
