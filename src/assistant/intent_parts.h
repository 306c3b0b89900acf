/* intent_parts.h - what a trained model consists of: for intent*.c. Nobody else includes it. */
#ifndef ASSISTANT_INTENT_PARTS_H
#define ASSISTANT_INTENT_PARTS_H

#include "assistant/cover.h"
#include "assistant/intent.h"
#include "assistant/trust.h"

/* What one prediction needs; the same for the whole model and for one on trial. */
struct understanding {
    struct weighing weighing;
    struct ensemble ensemble;
    struct cover cover;
};

struct intent {
    struct lexicon lexicon;
    struct understanding all;
    struct trust trust;
    struct map same;    /* hash of an example as its words read -> its topic + 1; not if two topics have it */
    struct str language;
    struct str *names;
    size_t topics;
    struct arena arena; /* of names and language */
};

void understanding_free(struct understanding *understanding);

/* Fills all of *out but the calibrated numbers. */
void intent_look(const struct understanding *understanding, struct arena *arena, const struct bag *bag, struct intent_result *out,
                 double signals[GATE_SIGNALS]);

/* Never 0, which the map cannot hold. */
uint64_t intent_text_key(struct arena *arena, struct tokens tokens);

#endif
