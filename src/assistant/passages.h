/* passages.h - the workspace's articles, cut into passages and searched with BM25 over stems.
 *
 * Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009: k1 1.2,
 * b 0.75, idf = ln(1 + (N - df + .5) / (df + .5)). An article's title and the heading count as part
 * of each of its passages. Passages point into the workspace's text. */
#ifndef ASSISTANT_PASSAGES_H
#define ASSISTANT_PASSAGES_H

#include "assistant/languages.h"
#include "workspace/workspace.h"

struct passage {
    const struct article *article;
    struct str heading;
    struct str markdown;
};

struct passages;

struct passages *passages_new(const struct workspace *workspace);
void passages_free(struct passages *passages);

#define PASSAGES_TOP 3

struct passage_hit {
    const struct passage *passage;
    double score;
    double coverage; /* share of what the question asks for (by idf) that stands in the passage */
    size_t matched;  /* of the question's words that matter */
};

/* Best first; passages in `language` only, if there are any. Gives the number of hits. */
size_t passages_search(const struct passages *passages, struct arena *arena, struct str text, struct str language,
                       struct passage_hit hits[PASSAGES_TOP]);

#endif
