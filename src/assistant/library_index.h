/* library_index.h - what a library is made of. Nobody else includes this but library*.c. */
#ifndef ASSISTANT_LIBRARY_INDEX_H
#define ASSISTANT_LIBRARY_INDEX_H

#include "assistant/vocabulary.h"
#include "assistant/library.h"
#include "assistant/postings.h"

#define LIBRARY_LANGUAGES 40

struct library_passage {
    uint32_t document;
    struct cut cut;
};

struct library_title {
    struct str text, language;
};

#define LIBRARY_NEIGHBOURS 16

/* A document whose title is like another's; `likeness` 0 ends the list. */
struct library_neighbour {
    uint32_t document;
    float likeness; /* 0 to 1 */
};

/* A row of stems that means the same as others of its group. */
struct library_phrase {
    uint32_t stems[LIBRARY_PHRASE], words[LIBRARY_PHRASE];
    size_t count;
    uint32_t group;
};

struct library {
    struct arena arena;
    struct vocabulary vocabulary;
    struct str languages[LIBRARY_LANGUAGES];
    struct stemmer *stemmers[LIBRARY_LANGUAGES]; /* while it is built */
    size_t language_count;
    size_t documents;
    struct library_passage *passages;
    size_t passage_capacity;
    uint32_t *wording_documents;                 /* of each wording, its document */
    uint32_t *passage_from, *wording_from;       /* of each document, and one more */
    size_t wording_capacity, document_capacity;
    struct library_title *titles;                /* while it is built; the caller's texts */
    struct library_neighbour *neighbours;        /* of each document: LIBRARY_NEIGHBOURS, the nearest first */
    struct library_phrase *phrases;              /* of the synonyms, group by group */
    uint32_t *phrases_by_stem;                   /* their numbers, by their first stem */
    size_t phrase_count, phrase_capacity, groups;
    struct map pairs;                            /* hash of two stems -> number + 1 */
    size_t pair_count;
    struct postings wording_stem, wording_gram, whole_stem, whole_gram, whole_pair, passage_stem;
    struct library_counting *counting;           /* while it is built */
};

/* --- a question (library_ask.c) ----------------------------------------------------------------- */

#define LIBRARY_WORDS 64         /* of a question: a bit each in library_words_in; more add nothing but time */
#define LIBRARY_WAYS 16          /* to say one word: itself, synonyms, guesses */
#define LIBRARY_GRAMS 1024
#define LIBRARY_SMALL_STEM 0.3f  /* "the", "how": of little weight, even where few documents have them */

/* One way to say a word of the question. */
struct library_way {
    uint32_t stem;
    float weight;
};

/* What one word of the question may be found by. */
struct library_concept {
    struct library_way ways[LIBRARY_WAYS];
    size_t way_count;
    uint32_t stem;   /* its own, or VOCABULARY_NONE */
    bool small;      /* carries no matter */
};

struct library_asked {
    struct library_concept concepts[LIBRARY_WORDS];
    size_t count;
    uint32_t grams[LIBRARY_GRAMS]; /* one that the question has twice stands there twice */
    float gram_weights[LIBRARY_GRAMS];
    size_t gram_count;
    float unknown_grams;       /* weights of those that the library does not have */
    uint32_t pairs[LIBRARY_WORDS];
    size_t pair_count;
};

/* Two neighbouring stems as one key. */
static inline uint64_t library_pair_key(uint32_t first, uint32_t second)
{
    return ((uint64_t)first << 32 | second) + 1;
}

/* Finds each document's neighbours, when all else is ready. */
void library_meet(struct library *library);

#endif
