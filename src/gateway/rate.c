#include "gateway/rate.h"

#include <math.h>

#include "base/memory.h"
#include "base/must.h"

#define WAYS 4
#define ROUNDING 1e-6 /* tokens come in fractions: so little is not missing */

struct bucket {
    uint64_t key;
    double tokens;
    int64_t at_ms;
};

struct rate {
    size_t rows;
    struct bucket buckets[];
};

static size_t bytes_of(size_t rows)
{
    return sizeof(struct rate) + rows * WAYS * sizeof(struct bucket);
}

struct rate *rate_new(size_t rows)
{
    must(rows && (rows & (rows - 1)) == 0);
    struct rate *rate = memory_map(bytes_of(rows)); /* large, and most of it is never used */
    rate->rows = rows;
    return rate;
}

void rate_free(struct rate *rate)
{
    if (rate) memory_unmap(rate, bytes_of(rate->rows));
}

static struct bucket *find(struct rate *rate, uint64_t key)
{
    struct bucket *row = &rate->buckets[(key & (rate->rows - 1)) * WAYS], *oldest = row;
    for (size_t i = 0; i < WAYS; i++) {
        if (row[i].key == key) return &row[i];
        if (row[i].at_ms < oldest->at_ms || !row[i].key) oldest = &row[i];
    }
    *oldest = (struct bucket){ .key = key, .tokens = -1 };
    return oldest;
}

int64_t rate_take(struct rate *rate, uint64_t key, struct rate_limit limit, double cost, int64_t now_ms)
{
    if (limit.per_s <= 0) return 0;
    if (cost > limit.burst) cost = limit.burst;
    struct bucket *bucket = find(rate, key ? key : 1);
    if (bucket->tokens <= -1) bucket->tokens = limit.burst; /* a new one */
    else if (now_ms > bucket->at_ms) bucket->tokens += (double)(now_ms - bucket->at_ms) * limit.per_s / 1000;
    if (bucket->tokens > limit.burst) bucket->tokens = limit.burst;
    bucket->at_ms = now_ms;
    double missing = cost - bucket->tokens;
    if (missing > ROUNDING) return (int64_t)ceil(missing * 1000 / limit.per_s - ROUNDING);
    bucket->tokens -= cost;
    return 0;
}
