/* postings.h - an inverted index with BM25 worked out beforehand.
 *
 * Terms and units are small numbers that the caller gives out; a unit is whatever is ranked (an
 * article, a passage, a title). While it is built, units come in ascending order; postings_end turns
 * the counts into BM25 shares (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25
 * and Beyond", 2009): idf = ln(1 + (N - df + .5) / (df + .5)), share = idf * tf * (k1 + 1) /
 * (tf + k1 * (1 - b + b * length / mean length)). Immutable afterwards: searching is adding up.
 * A finished share has 16 bits: so many steps of 1/65535 of the greatest. */
#ifndef ASSISTANT_POSTINGS_H
#define ASSISTANT_POSTINGS_H

#include <stddef.h>
#include <stdint.h>

struct posting {
    uint32_t unit;
    float share;
};

struct postings {
    size_t units, terms, count;
    uint32_t *from;        /* of each term, and one more: where its postings begin */
    uint32_t *unit_of;     /* of each posting */
    uint16_t *steps;       /* of each posting: its share */
    float step;
    float *idf;            /* of each term */
    /* while it is built */
    struct posting *raw;   /* counts, unit by unit */
    uint32_t *raw_terms;
    float *lengths;
    size_t capacity, unit_capacity;
};

/* Begins the next unit and gives its number. */
uint32_t postings_unit(struct postings *postings);
/* A term of the unit just begun, `times` in all: once for each term and unit. */
void postings_add(struct postings *postings, uint32_t term, double times);
/* `terms` is how many there are in all. */
void postings_end(struct postings *postings, size_t terms, double k1, double b);
void postings_free(struct postings *postings);

double postings_idf_unknown(const struct postings *postings); /* of a term that no unit has */

static inline size_t postings_df(const struct postings *postings, uint32_t term)
{
    return postings->from[term + 1] - postings->from[term];
}

static inline float postings_share(const struct postings *postings, uint32_t posting)
{
    return (float)postings->steps[posting] * postings->step;
}

/* scores[unit] += weight * share for each unit that has the term. */
void postings_score(const struct postings *postings, uint32_t term, float weight, float *scores);

#endif
