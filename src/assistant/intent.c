/* intent.c - a trained model is asked. */
#include <math.h>

#include "assistant/intent_parts.h"
#include "base/memory.h"

#define STRANGE_COVERED 0.25   /* a text whose words the topic's examples hardly have ... */
#define STRANGE_INSIDE 0.5     /* ... is at most as likely inside as not, whatever a small training set says */
#define STRANGE_RIGHT 0.7      /* without one known word, and no topic likely: outside, whatever the threshold */
#define SAME_CONFIDENCE 0.97   /* a text that is an example, word for word, is what its author says it is */

void understanding_free(struct understanding *understanding)
{
    weighing_free(&understanding->weighing);
    ensemble_free(&understanding->ensemble);
    cover_free(&understanding->cover);
}

void intent_free(struct intent *intent)
{
    if (!intent)
        return;
    understanding_free(&intent->all);
    lexicon_free(&intent->lexicon);
    map_free(&intent->same);
    arena_free(&intent->arena);
    memory_free(intent);
}

size_t intent_topics(const struct intent *intent)
{
    return intent->topics;
}

struct str intent_name(const struct intent *intent, size_t topic)
{
    must(topic < intent->topics);
    return intent->names[topic];
}

static void rank(struct intent_result *out, const float *shares, size_t topics)
{
    for (size_t t = 0; t < topics; t++) {
        double share = shares[t] > 0 ? (double)shares[t] : 0; /* a damaged model's is no number */
        size_t at = out->count;
        if (at == INTENT_TOP && share <= out->top[INTENT_TOP - 1].probability)
            continue;
        at = at < INTENT_TOP ? out->count++ : INTENT_TOP - 1;
        while (at > 0 && out->top[at - 1].probability < share) {
            out->top[at] = out->top[at - 1];
            at--;
        }
        out->top[at] = (struct intent_guess){ t, share };
    }
}

static double entropy_of(const float *shares, size_t topics)
{
    double sum = 0;
    for (size_t t = 0; t < topics; t++)
        if (shares[t] > 1e-12f)
            sum -= (double)(shares[t] * logf(shares[t]));
    return topics > 1 ? sum / log((double)topics) : 0;
}

void intent_look(const struct understanding *understanding, struct arena *arena, const struct bag *bag, struct intent_result *out,
                 double signals[GATE_SIGNALS])
{
    size_t topics = understanding->ensemble.classes;
    struct vector vector = weighing_vector(&understanding->weighing, bag, arena, understanding->ensemble.phrases_count > 0);
    float *shares = ARENA_NEW_ARRAY(arena, float, lanes_width(topics));
    *out = (struct intent_result){ .count = 0 };
    struct ensemble_view view = ensemble_shares(&understanding->ensemble, arena, &vector, shares);
    rank(out, shares, topics);
    out->shares = shares;
    struct coverage coverage = cover_of(&understanding->cover, &understanding->weighing, bag, out->top[0].topic);
    out->known = coverage.known;
    out->covered = coverage.covered;
    out->entropy = entropy_of(shares, topics);
    double p = out->top[0].probability, second = out->count > 1 ? out->top[1].probability : 0;
    signals[GATE_LOGIT] = calibration_logit(p);
    signals[GATE_MARGIN] = p - second;
    signals[GATE_ENTROPY] = 1 - out->entropy;
    signals[GATE_KNOWN] = out->known;
    signals[GATE_COVERED] = out->covered;
    signals[GATE_LEAST] = view.least;
    signals[GATE_SCORE] = view.greatest;
}

uint64_t intent_text_key(struct arena *arena, struct tokens tokens)
{
    uint64_t key = str_hash(tokens_join(arena, tokens));
    return key ? key : 1;
}

static void judge(const struct intent *intent, const double signals[GATE_SIGNALS], size_t same, struct intent_result *out)
{
    out->inside = gate_probability(&intent->trust.inside, signals);
    out->right = calibration_probability(&intent->trust.right, signals[GATE_LOGIT]);
    bool strange = out->known <= 0 && out->right < STRANGE_RIGHT; /* letters that look like those of a word here and there */
    out->rejected = out->inside < intent->trust.threshold || strange;
    if (out->covered < STRANGE_COVERED && out->inside > STRANGE_INSIDE)
        out->inside = STRANGE_INSIDE;
    out->confidence = out->inside * out->right;
    if (same == out->top[0].topic + 1) {
        out->rejected = false;
        out->confidence = out->confidence < SAME_CONFIDENCE ? SAME_CONFIDENCE : out->confidence;
    }
}

void intent_predict(const struct intent *intent, struct arena *arena, struct str text, struct str language,
                    struct intent_result *out)
{
    struct bag bag;
    double signals[GATE_SIGNALS];
    struct stemmer *stemmer = stemmer_new(language.len ? language : intent->language);
    struct tokens tokens = tokens_of(arena, text);
    bag_read(&bag, &intent->lexicon, arena, tokens, stemmer);
    stemmer_free(stemmer);
    intent_look(&intent->all, arena, &bag, out, signals);
    judge(intent, signals, (uintptr_t)map_get(&intent->same, intent_text_key(arena, tokens)), out);
    if (bag.count == 0) { /* nothing that any example has */
        out->inside = out->confidence = 0;
        out->rejected = true;
    }
}
