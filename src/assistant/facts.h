/* facts.h - what sources state: numbers, dates, amounts, names, promises, and what they deny.
 *
 * Learned from approved texts (templates: places for values are known as such) and from the values of
 * an action's result; asked about a text. Nobody else includes this but ground.c, quoted.c and their
 * like: see ground.h for what it is for. */
#ifndef ASSISTANT_FACTS_H
#define ASSISTANT_FACTS_H

#include "assistant/fact_words.h"
#include "assistant/readings.h"
#include "base/err.h"
#include "base/map.h"

struct facts {
    struct arena *arena;
    struct map known;     /* hashes of what is known, by kind (facts.c) */
    struct map polarity;  /* hash of a word -> 1 said, 2 denied, 3 both; + 4 so that it is never NULL */
    struct reading_date *dates;
    size_t date_count, date_room;
    unsigned months, weekdays, currencies, value_currencies;
    unsigned promises[2]; /* said, denied */
    bool gap_percent, gap_currency; /* a place for a value with a sign beside it */
};

void facts_learn(struct facts *facts, const struct marks *marks);        /* of an approved text */
void facts_learn_values(struct facts *facts, const struct marks *marks); /* of a result */
void facts_free(struct facts *facts);

/* Marks that are one whole value, as it is or as fill.h writes it: a date, an amount, a line of the result. */
struct facts_run {
    size_t from, len;
};

/* All runs of the text, by `from`; gives how many. `lines` are the values' marks, a value a line. */
size_t facts_runs(const struct facts *facts, const struct marks *text, const struct marks *lines, size_t line_count, struct facts_run **out);

/* Each false with the first thing that no source has. */
bool facts_check_numbers(struct err *err, const struct facts *facts, const struct marks *marks) WARN_UNUSED;
bool facts_check_names(struct err *err, const struct facts *facts, const struct marks *marks) WARN_UNUSED;
bool facts_check_addresses(struct err *err, const struct facts *facts, const struct marks *marks) WARN_UNUSED;
/* `denials`: what is said must not be what a source denies, and the other way round. */
bool facts_check_promises(struct err *err, const struct facts *facts, const struct marks *marks, bool denials) WARN_UNUSED;
bool facts_check_denials(struct err *err, const struct facts *facts, const struct marks *marks) WARN_UNUSED;

#endif
