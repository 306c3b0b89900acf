/* library.h - documents that are found by what they say: BM25 over words, stems and n-grams, fused.
 *
 * A document has wordings (its title, and questions as customers put them), headings and text. It is
 * ranked by several scores at once (LIBRARY_PARTS), each divided by the best that any document has
 * for this question, weighted and summed; then documents whose titles are alike lend each other some
 * of their score, since what answers one often answers its neighbour. How the weights were chosen and
 * what was measured stands in docs/retrieval.md. Words that no document has are guessed by their
 * letters; synonyms count as their word, a little less.
 *
 * Built once, immutable afterwards: many threads may search at once. The same documents in the same
 * order give the same ranking, ties by number. Passages are slices of the texts that were added, which
 * must outlive the library; everything else is its own. */
#ifndef ASSISTANT_LIBRARY_H
#define ASSISTANT_LIBRARY_H

#include "assistant/cut.h"
#include "assistant/tokens.h"

/* X(NAME, name, weight): a score of a document for a question.
 * wording: its best title or question; whole: all that it says; passage: its best passage.
 * stem: BM25 over stems; gram: over character 3- and 4-grams; pair: over pairs of neighbouring stems. */
#define LIBRARY_PARTS(X) \
    X(WORDING_STEM, wording_stem, 0.7f) \
    X(WORDING_GRAM, wording_gram, 0.9f) \
    X(WHOLE_STEM, whole_stem, 0.8f) \
    X(WHOLE_GRAM, whole_gram, 1.25f) \
    X(WHOLE_PAIR, whole_pair, 0.7f) \
    X(PASSAGE_STEM, passage_stem, 0.6f)

enum library_part {
#define X(NAME, name, weight) LIBRARY_##NAME,
    LIBRARY_PARTS(X)
#undef X
    LIBRARY_PARTS_COUNT
};
extern const char *const library_part_names[LIBRARY_PARTS_COUNT];

struct library_document {
    struct str language;          /* for stems; empty: as written */
    struct str title;
    const struct str *questions;  /* further wordings */
    size_t question_count;
    struct str text;              /* Markdown */
};

/* Words (or phrases of up to LIBRARY_PHRASE words) that mean the same. */
struct library_synonyms {
    struct str language;
    const struct str *words;
    size_t count;
};

#define LIBRARY_PHRASE 4

struct library;

struct library *library_new(void);
void library_add_synonyms(struct library *library, const struct library_synonyms *group);
void library_add(struct library *library, const struct library_document *document); /* numbered from 0 */
void library_end(struct library *library);
void library_free(struct library *library);

struct library_hit {
    uint32_t document;
    struct cut passage;  /* the document's best; empty if it has no text */
    double own;          /* 0 to 1: 1 is best in every part */
    double score;        /* with what neighbours lend: the order goes by it */
    double parts[LIBRARY_PARTS_COUNT]; /* before weighting, each 0 to 1: its share of the best document's */
    double coverage;     /* share of what the question asks for (by idf) that the passage and the best wording have */
    size_t matched;      /* of the question's words that matter */
};

/* At most `room` hits, best first. Documents that share nothing with the question are none. */
size_t library_search(const struct library *library, struct arena *arena, struct str text, struct str language,
                      struct library_hit *hits, size_t room);

/* The same order without a word about why, for all that share anything: `documents` has a place for each. */
size_t library_rank(const struct library *library, struct arena *arena, struct str text, struct str language, uint32_t *documents);

/* A question as the library understands it: for asking of any text which of its words that matter it has,
 * a bit each (in other words counts too). */
struct library_asked;
struct library_asked *library_ask(const struct library *library, struct arena *arena, struct str text, struct str language);
uint64_t library_words_in(const struct library *library, struct arena *arena, const struct library_asked *asked, struct str text,
                          struct str language);

size_t library_documents(const struct library *library);

#endif
