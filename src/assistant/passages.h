/* passages.h - the workspace's articles, searched: which passage answers a question.
 *
 * One library (library.h) for each language that has articles, or questions to articles. A question is
 * looked up in its own language's library, and in the others only if that has none of its words. Passages
 * point into the workspace's text, so the workspace must outlive them. Immutable once built. */
#ifndef ASSISTANT_PASSAGES_H
#define ASSISTANT_PASSAGES_H

#include "assistant/library.h"
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

/* The best passage of an article; every hit is another article. */
struct passage_hit {
    const struct passage *passage;
    double score, own;       /* as in library.h: hits are in the order of `score`; `own` compares two of them */
    double coverage;         /* share of what the question asks for (by idf) that stands there */
    size_t matched;          /* of the question's words that matter */
    double parts[LIBRARY_PARTS_COUNT];
};

/* Best first, at most `room`. */
size_t passages_search_many(const struct passages *passages, struct arena *arena, struct str text, struct str language,
                            struct passage_hit *hits, size_t room);

/* The passage trimmed to the question (trim.h); the whole of it if nothing may go. */
struct str passages_trim(const struct passages *passages, struct arena *arena, struct str text, struct str language,
                         const struct passage *passage);

static inline size_t passages_search(const struct passages *passages, struct arena *arena, struct str text, struct str language,
                                     struct passage_hit hits[PASSAGES_TOP])
{
    return passages_search_many(passages, arena, text, language, hits, PASSAGES_TOP);
}

#endif
