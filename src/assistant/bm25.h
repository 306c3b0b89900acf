/* bm25.h - plain BM25 over the words of title and text: what the library is compared with.
 *
 * Words as terms.h has them, nothing stemmed, nothing left out, k1 1.2, b 0.75; what a search engine
 * does out of the box. The assistant does not use it. */
#ifndef ASSISTANT_BM25_H
#define ASSISTANT_BM25_H

#include "assistant/postings.h"
#include "base/arena.h"
#include "base/map.h"

struct bm25 {
    struct postings postings;
    struct map terms; /* hash of a word -> number + 1 */
    size_t term_count;
    uint32_t *touched; /* while it is built: the unit's terms, and how often each stands there */
    double *times;
    size_t touched_count, capacity;
};

void bm25_add(struct bm25 *bm25, struct str title, struct str text); /* numbered from 0 */
void bm25_end(struct bm25 *bm25);
void bm25_free(struct bm25 *bm25);

/* All documents that share a word with the question, best first, ties by number: `documents` has a place for each. */
size_t bm25_rank(const struct bm25 *bm25, struct arena *arena, struct str text, uint32_t *documents);

#endif
