#include "assistant/order.h"

#include <stdlib.h>

struct ranked {
    float score;
    uint32_t document;
};

static bool is_before(struct ranked a, struct ranked b)
{
    return a.score > b.score || (a.score == b.score && a.document < b.document);
}

static int by_score(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return is_before(*x, *y) ? -1 : is_before(*y, *x);
}

/* A few of many: kept in order while looking through. */
static size_t take_few(const float *scores, size_t count, struct ranked *best, size_t room)
{
    size_t kept = 0;
    for (size_t d = 0; d < count; d++) {
        struct ranked item = { scores[d], (uint32_t)d };
        if (item.score <= 0 || (kept == room && !is_before(item, best[kept - 1])))
            continue;
        size_t at = kept < room ? kept++ : kept - 1;
        for (; at > 0 && is_before(item, best[at - 1]); at--)
            best[at] = best[at - 1];
        best[at] = item;
    }
    return kept;
}

size_t order_by_score(struct arena *arena, const float *scores, size_t count, uint32_t *documents, size_t room)
{
    struct ranked *best = ARENA_NEW_ARRAY(arena, struct ranked, (room < count ? room : count) + 1);
    size_t kept = 0;
    if (room == 0)
        return 0;
    if (room < 64 && room < count) {
        kept = take_few(scores, count, best, room);
    } else {
        struct ranked *all = ARENA_NEW_ARRAY(arena, struct ranked, count + 1);
        for (size_t d = 0; d < count; d++)
            if (scores[d] > 0)
                all[kept++] = (struct ranked){ scores[d], (uint32_t)d };
        qsort(all, kept, sizeof *all, by_score);
        kept = kept < room ? kept : room;
        best = all;
    }
    for (size_t i = 0; i < kept; i++)
        documents[i] = best[i].document;
    return kept;
}
