/* rate.h - token buckets: how often somebody may do something.
 *
 * A bucket is named by a 64-bit key (a keyed hash: nobody outside can aim at a bucket) and fills at a
 * steady rate up to its burst. The table has a fixed size. A new bucket takes the place of the one in
 * its row that was used longest ago: most of these are full again, so little is forgiven by it. */
#ifndef GATEWAY_RATE_H
#define GATEWAY_RATE_H

#include <stddef.h>
#include <stdint.h>

struct rate;

/* `rows` is a power of two; each row has four buckets of 24 bytes. */
struct rate *rate_new(size_t rows);
void rate_free(struct rate *rate);

struct rate_limit {
    double per_s;  /* 0: no limit */
    double burst;
};

/* Takes `cost` tokens. 0: taken; otherwise nothing was taken, and after so many ms it may be. */
int64_t rate_take(struct rate *rate, uint64_t key, struct rate_limit limit, double cost, int64_t now_ms);

#endif
