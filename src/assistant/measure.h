/* measure.h - how well articles are found: the usual figures, over questions whose right articles are known.
 *
 * MAP: mean over questions of the mean precision at each right article (not found counts 0). MRR: mean
 * of 1 / rank of the first right one. P@1: share whose first article is right. Recall at 5: mean share
 * of the right articles among the first five. (Manning, Raghavan, Schütze, Introduction to
 * Information Retrieval, 2008, chapter 8.) Times are the thread's processor time for the first ten. */
#ifndef ASSISTANT_MEASURE_H
#define ASSISTANT_MEASURE_H

#include "assistant/collection.h"

struct measure {
    double map, mrr, p_at_1, recall_at_5;
    double query_us_p50, query_us_p99, index_ms;
};

/* One question's order of articles against the right ones: adds to the four figures. */
void measure_add(struct measure *measure, const uint32_t *order, size_t count, const uint32_t *right, size_t right_count);

/* As the assistant searches. */
void measure_fused(const struct collection *collection, const struct languages *languages, struct measure *out);
/* Plain BM25 over words. */
void measure_plain(const struct collection *collection, struct measure *out);

#endif
