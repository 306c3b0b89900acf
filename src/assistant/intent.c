#include "assistant/intent.h"

#include <math.h>
#include <time.h>

#include "assistant/gate.h"
#include "assistant/classifier.h"
#include "base/limits.h"
#include "base/memory.h"

#define EXAMPLES_FOR_FOLDS 30
#define FOLDS 4
#define STRANGE_COVERED 0.25 /* a text whose words the topic's examples hardly have ... */
#define STRANGE_CONFIDENCE 0.5 /* ... is at most as likely meant as not, whatever a small training set says */
#define SAME_TEXT 0.98      /* a text that is an example all but for punctuation ... */
#define SAME_CONFIDENCE 0.97 /* ... is what the workspace's author says it is */
#define OUTSIDE_SHARE 0.15 /* of the gate's examples, by weight, that are outside all topics */

/* Which examples a feature is in, to find the nearest one quickly. */
struct posting {
    uint32_t example;
    float weight;
};

struct index {
    uint32_t *starts; /* by feature; [features] is the end */
    struct posting *postings;
    uint32_t *topics; /* by example */
    float *lengths;   /* by example */
    size_t examples;
};

/* --- stemmers ----------------------------------------------------------------------------------- */

/* A stemmer for each language met, so that learning does not make one a text. */
struct stemmers {
    struct { struct str language; struct stemmer *stemmer; } items[LIMIT_LANGUAGES];
    size_t count;
};

static struct stemmer *stemmer_for(struct stemmers *stemmers, struct str language)
{
    for (size_t i = 0; i < stemmers->count; i++)
        if (str_equal(stemmers->items[i].language, language))
            return stemmers->items[i].stemmer;
    if (stemmers->count == LIMIT_LANGUAGES)
        return NULL;
    stemmers->items[stemmers->count].language = language;
    stemmers->items[stemmers->count].stemmer = stemmer_new(language);
    return stemmers->items[stemmers->count++].stemmer;
}

static void stemmers_free(struct stemmers *stemmers)
{
    for (size_t i = 0; i < stemmers->count; i++)
        stemmer_free(stemmers->items[i].stemmer);
}

/* --- nearest example ---------------------------------------------------------------------------- */

static void index_build(struct index *index, const struct classifier_example *examples, size_t count, size_t features)
{
    *index = (struct index){ .examples = count };
    index->starts = memory_new(features + 2, sizeof *index->starts);
    index->topics = memory_new(count + 1, sizeof *index->topics);
    index->lengths = memory_new(count + 1, sizeof *index->lengths);
    size_t all = 0;
    for (size_t i = 0; i < count; i++) {
        index->topics[i] = (uint32_t)examples[i].class;
        index->lengths[i] = (float)examples[i].vector->length;
        all += examples[i].vector->count;
        for (size_t k = 0; k < examples[i].vector->count; k++)
            index->starts[examples[i].vector->items[k].index + 2]++;
    }
    index->postings = memory_new(all + 1, sizeof *index->postings);
    for (size_t f = 2; f < features + 2; f++)
        index->starts[f] += index->starts[f - 1];
    /* starts[f + 1] is where the next posting of f goes; when all are in, it is the end of f. */
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < examples[i].vector->count; k++) {
            const struct feature *feature = &examples[i].vector->items[k];
            index->postings[index->starts[feature->index + 1]++] = (struct posting){ (uint32_t)i, feature->weight };
        }
}

static void index_free(struct index *index)
{
    memory_free(index->starts);
    memory_free(index->postings);
    memory_free(index->topics);
    memory_free(index->lengths);
}

/* The greatest cosine to an example of `topic`. */
static double index_nearest(const struct index *index, struct arena *arena, const struct vector *vector, size_t topic)
{
    float *dots = ARENA_NEW_ARRAY(arena, float, index->examples + 1);
    double nearest = 0;
    for (size_t k = 0; k < vector->count; k++) {
        uint32_t f = vector->items[k].index;
        for (uint32_t p = index->starts[f]; p < index->starts[f + 1]; p++)
            dots[index->postings[p].example] += vector->items[k].weight * index->postings[p].weight;
    }
    for (size_t i = 0; i < index->examples; i++) {
        double lengths = (double)index->lengths[i] * vector->length;
        if (index->topics[i] == topic && lengths > 0 && (double)dots[i] / lengths > nearest)
            nearest = (double)dots[i] / lengths;
    }
    return nearest > 1 ? 1 : nearest;
}

/* --- prediction --------------------------------------------------------------------------------- */

static void rank(struct intent_result *out, const double *probabilities, size_t topics)
{
    for (size_t t = 0; t < topics; t++) {
        size_t at = out->count;
        if (at == INTENT_TOP && probabilities[t] <= out->top[INTENT_TOP - 1].probability)
            continue;
        at = at < INTENT_TOP ? out->count++ : INTENT_TOP - 1;
        while (at > 0 && out->top[at - 1].probability < probabilities[t]) {
            out->top[at] = out->top[at - 1];
            at--;
        }
        out->top[at] = (struct intent_guess){ t, probabilities[t] };
    }
}

static double entropy_of(const double *probabilities, size_t topics)
{
    double sum = 0;
    for (size_t t = 0; t < topics; t++)
        if (probabilities[t] > 1e-12)
            sum -= probabilities[t] * log(probabilities[t]);
    return topics > 1 ? sum / log((double)topics) : 0;
}

/* What one prediction needs; the same for the whole model and for one of a fold. */
struct half {
    struct weighing weighing;
    struct classifier model;
    struct index index;
};

struct intent {
    struct lexicon lexicon;
    struct half all;
    struct gate gate;
};

static bool index_has(const struct index *index, size_t feature, size_t topic)
{
    for (uint32_t p = index->starts[feature]; p < index->starts[feature + 1]; p++)
        if (index->topics[index->postings[p].example] == topic)
            return true;
    return false;
}

/* How much of the text the examples know at all, and how much those of the topic do. Rare words
 * weigh more: not to know "pizza" says more than to know "what is the best". */
static void cover(const struct half *half, const struct bag *bag, struct intent_result *out)
{
    double unknown = bag->unknown_stems * (double)half->weighing.unknown_idf, all = 1e-9 + unknown, known = 0, covered = 0;
    for (size_t i = 0; i < bag->stem_count; i++) {
        uint32_t number = bag->stems[i], index = number < half->weighing.numbers ? half->weighing.index[number] : 0;
        double weight = (double)(index ? half->weighing.idf[number] : half->weighing.unknown_idf);
        all += weight;
        known += index ? weight : 0;
        covered += index && out->count && index_has(&half->index, index - 1, out->top[0].topic) ? weight : 0;
    }
    out->known = known / all;
    out->covered = covered / all;
}

static void look(const struct half *half, struct arena *arena, const struct bag *bag, struct intent_result *out,
                 double signals[GATE_SIGNALS])
{
    size_t topics = half->model.classes;
    struct vector vector = weighing_vector(&half->weighing, bag, arena);
    double *probabilities = ARENA_NEW_ARRAY(arena, double, topics + 1);
    *out = (struct intent_result){ .count = 0 };
    classifier_predict(&half->model, &vector, probabilities);
    rank(out, probabilities, topics);
    out->entropy = entropy_of(probabilities, topics);
    if (out->count)
        out->nearest = index_nearest(&half->index, arena, &vector, out->top[0].topic);
    cover(half, bag, out);
    double p = out->count ? out->top[0].probability : 0, second = out->count > 1 ? out->top[1].probability : 0;
    double bounded = p < 0.001 ? 0.001 : p > 0.999 ? 0.999 : p;
    signals[GATE_LOGIT] = log(bounded / (1 - bounded));
    signals[GATE_MARGIN] = p - second;
    signals[GATE_ENTROPY] = 1 - out->entropy;
    signals[GATE_KNOWN] = out->known;
    signals[GATE_COVERED] = out->covered;
    signals[GATE_NEAREST] = out->nearest;
}

void intent_predict(const struct intent *intent, struct arena *arena, struct str text, struct str language,
                    struct intent_result *out)
{
    struct bag bag;
    double signals[GATE_SIGNALS];
    struct stemmer *stemmer = stemmer_new(language);
    bag_read(&bag, &intent->lexicon, arena, tokens_of(arena, text), stemmer);
    stemmer_free(stemmer);
    look(&intent->all, arena, &bag, out, signals);
    out->confidence = out->count && bag.count ? gate_probability(&intent->gate, signals) : 0;
    if (out->covered < STRANGE_COVERED && out->confidence > STRANGE_CONFIDENCE)
        out->confidence = STRANGE_CONFIDENCE;
    if (out->nearest > SAME_TEXT && out->confidence < SAME_CONFIDENCE)
        out->confidence = SAME_CONFIDENCE;
}

/* --- training ----------------------------------------------------------------------------------- */

struct training {
    const struct intent_example *examples, *outside;
    size_t count, outside_count, topics;
    struct bag *bags, *outside_bags;
    struct lexicon *lexicon;
    struct arena arena; /* of the whole training */
};

/* What one fold found out. */
struct fold {
    struct gate_example *gate;
    size_t count, seen, right;
};

typedef bool keep_fn(const struct training *training, size_t example, size_t fold);

/* A model from the examples that `keep` allows. */
static void train_half(struct half *half, const struct training *training, keep_fn *keep, size_t fold)
{
    struct arena scratch = { 0 };
    size_t kept = 0;
    struct classifier_example *examples = ARENA_NEW_ARRAY(&scratch, struct classifier_example, training->count + 1);
    struct vector *vectors = ARENA_NEW_ARRAY(&scratch, struct vector, training->count + 1);
    const struct bag **bags = ARENA_NEW_ARRAY(&scratch, const struct bag *, training->count + 1);
    for (size_t i = 0; i < training->count; i++) {
        if (!keep(training, i, fold))
            continue;
        bags[kept] = &training->bags[i];
        examples[kept] = (struct classifier_example){ &vectors[kept], training->examples[i].topic };
        kept++;
    }
    weighing_make(&half->weighing, training->lexicon, bags, kept);
    for (size_t i = 0; i < kept; i++)
        vectors[i] = weighing_vector(&half->weighing, bags[i], &scratch);
    classifier_train(&half->model, examples, kept, half->weighing.count, training->topics);
    index_build(&half->index, examples, kept, half->weighing.count);
    arena_free(&scratch);
}

static void half_free(struct half *half)
{
    weighing_free(&half->weighing);
    classifier_free(&half->model);
    index_free(&half->index);
}

static bool keep_all(const struct training *training, size_t example, size_t fold)
{
    UNUSED(training);
    UNUSED(example);
    UNUSED(fold);
    return true;
}

/* In fold f every FOLDS-th example is held out, and every FOLDS-th topic is taken away whole: its
 * examples then stand for what customers ask that nobody has written down. */
static bool topic_is_away(const struct training *training, size_t topic, size_t fold)
{
    return training->topics >= 2 * FOLDS && topic % FOLDS == fold;
}

static bool keep_in_fold(const struct training *training, size_t example, size_t fold)
{
    return example % FOLDS != fold && !topic_is_away(training, training->examples[example].topic, fold);
}

static void judge(struct fold *fold, const struct half *half, const struct bag *bag, size_t topic, bool inside)
{
    struct arena scratch = { 0 };
    struct intent_result result;
    struct gate_example *example = &fold->gate[fold->count++];
    look(half, &scratch, bag, &result, example->signals);
    example->right = inside && result.count && result.top[0].topic == topic;
    example->weight = inside ? 1 : -1; /* the weight of those outside is set when their number is known */
    fold->seen += inside;
    fold->right += example->right;
    arena_free(&scratch);
}

static void judge_fold(const struct training *training, size_t number, struct fold *fold)
{
    struct half half;
    fold->gate = MEMORY_NEW_ARRAY(struct gate_example, training->count + training->outside_count + 1);
    train_half(&half, training, keep_in_fold, number);
    for (size_t i = 0; i < training->count; i++) {
        bool away = topic_is_away(training, training->examples[i].topic, number);
        if (away ? (i / FOLDS) % 2 == 0 : i % FOLDS == number)
            judge(fold, &half, &training->bags[i], training->examples[i].topic, !away);
    }
    for (size_t i = 0; i < training->outside_count; i++)
        judge(fold, &half, &training->outside_bags[i], 0, false);
    half_free(&half);
}

static void weigh(struct gate_example *examples, size_t count, size_t inside)
{
    size_t outside = count - inside;
    double weight = outside ? OUTSIDE_SHARE / (1 - OUTSIDE_SHARE) * (double)inside / (double)outside : 0;
    for (size_t i = 0; i < count; i++)
        if (examples[i].weight < 0)
            examples[i].weight = weight;
}

static void train_gate(struct fold *folds, size_t fold_count, struct gate *gate, struct intent_figures *figures)
{
    size_t count = 0, seen = 0, right = 0;
    for (size_t f = 0; f < fold_count; f++)
        count += folds[f].count;
    struct gate_example *all = MEMORY_NEW_ARRAY(struct gate_example, count + 1);
    count = 0;
    for (size_t f = 0; f < fold_count; f++) {
        memcpy(all + count, folds[f].gate, folds[f].count * sizeof *all);
        count += folds[f].count;
        seen += folds[f].seen;
        right += folds[f].right;
        memory_free(folds[f].gate);
    }
    weigh(all, count, seen);
    if (count)
        gate_train(gate, all, count);
    if (figures) {
        figures->folds = fold_count;
        figures->held_out_accuracy = seen ? (double)right / (double)seen : 0;
        figures->calibration_error = gate_calibration_error(gate, all, count, 10);
    }
    memory_free(all);
}

/* For a workspace too small for folds: sure only of what is all but an example. */
static const struct gate small_gate = {
    .weights = { [GATE_LOGIT] = 0.5, [GATE_MARGIN] = 1, [GATE_NEAREST] = 6 }, .bias = -4
};

static double now_ms(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void read_examples(struct training *training)
{
    struct stemmers stemmers = { .count = 0 };
    training->bags = ARENA_NEW_ARRAY(&training->arena, struct bag, training->count + 1);
    training->outside_bags = ARENA_NEW_ARRAY(&training->arena, struct bag, training->outside_count + 1);
    for (size_t i = 0; i < training->count; i++) {
        const struct intent_example *example = &training->examples[i];
        bag_learn(&training->bags[i], training->lexicon, &training->arena, tokens_of(&training->arena, example->text),
                  stemmer_for(&stemmers, example->language));
    }
    for (size_t i = 0; i < training->outside_count; i++) {
        const struct intent_example *example = &training->outside[i];
        bag_read(&training->outside_bags[i], training->lexicon, &training->arena, tokens_of(&training->arena, example->text),
                 stemmer_for(&stemmers, example->language));
    }
    stemmers_free(&stemmers);
}

struct intent *intent_train(const struct intent_example *examples, size_t count, size_t topics,
                            const struct intent_example *outside, size_t outside_count, struct intent_figures *figures)
{
    double began = now_ms();
    struct intent *intent = MEMORY_NEW(struct intent);
    struct training training = { .examples = examples, .count = count, .outside = outside, .outside_count = outside_count,
                                 .topics = topics, .lexicon = &intent->lexicon };
    struct fold folds[FOLDS] = { { .count = 0 } };
    size_t fold_count = count >= EXAMPLES_FOR_FOLDS && topics >= 2 ? FOLDS : 0;
    intent->gate = small_gate;
    read_examples(&training);
    for (size_t f = 0; f < fold_count; f++)
        judge_fold(&training, f, &folds[f]);
    train_half(&intent->all, &training, keep_all, 0);
    weighing_compact(&intent->all.weighing, &intent->lexicon);
    if (figures)
        *figures = (struct intent_figures){ .examples = count, .features = intent->lexicon.count };
    train_gate(folds, fold_count, &intent->gate, figures);
    if (figures)
        figures->train_ms = now_ms() - began;
    arena_free(&training.arena);
    return intent;
}

void intent_free(struct intent *intent)
{
    if (!intent)
        return;
    half_free(&intent->all);
    lexicon_free(&intent->lexicon);
    memory_free(intent);
}
