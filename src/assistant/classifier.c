#include "assistant/classifier.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

#define COST 0.5      /* chosen with the next by five-fold accuracy on the demo's examples */
#define TOLERANCE 0.5
#define SLOPE 4.0     /* of the sigmoid that makes shares of scores */
#define ABSENT -30.0f /* the score of a class that had no example */

static void quiet(const char *text)
{
    UNUSED(text);
}

static struct feature_node *to_nodes(struct arena *arena, const struct vector *vector, size_t features)
{
    struct feature_node *nodes = ARENA_NEW_ARRAY(arena, struct feature_node, vector->count + 2);
    for (size_t i = 0; i < vector->count; i++)
        nodes[i] = (struct feature_node){ (int)vector->items[i].index + 1, (double)vector->items[i].weight };
    nodes[vector->count] = (struct feature_node){ (int)features + 1, 1.0 };
    nodes[vector->count + 1] = (struct feature_node){ -1, 0 };
    return nodes;
}

/* liblinear numbers classes in the order of their first example, and keeps one column for two. */
static void keep_weights(struct classifier *model, const struct model *trained)
{
    size_t columns = trained->nr_class == 2 ? 1 : (size_t)trained->nr_class;
    for (size_t i = 0; i < model->features + 1; i++)
        for (int c = 0; c < trained->nr_class; c++) {
            double weight = columns == 1 ? (c == 0 ? trained->w[i] : -trained->w[i]) : trained->w[i * columns + (size_t)c];
            model->weights[i * model->classes + (size_t)trained->label[c]] = (float)weight;
        }
}

void classifier_train(struct classifier *model, const struct classifier_example *examples, size_t count, size_t features,
                      size_t classes)
{
    struct arena arena = { 0 };
    *model = (struct classifier){ memory_new((features + 1) * classes + 1, sizeof(float)), features, classes };
    float *bias = model->weights + features * classes;
    for (size_t c = 0; c < classes; c++)
        bias[c] = ABSENT;
    if (count == 0)
        return;
    struct problem problem = { .l = (int)count, .n = (int)features + 1, .bias = 1.0 };
    problem.y = ARENA_NEW_ARRAY(&arena, double, count);
    problem.x = ARENA_NEW_ARRAY(&arena, struct feature_node *, count);
    bool several = false;
    for (size_t i = 0; i < count; i++) {
        must(examples[i].class < classes);
        problem.y[i] = (double)examples[i].class;
        problem.x[i] = to_nodes(&arena, examples[i].vector, features);
        bias[examples[i].class] = 0;
        several |= examples[i].class != examples[0].class;
    }
    if (several) {
        struct parameter parameter = { .solver_type = L2R_L2LOSS_SVC_DUAL, .eps = TOLERANCE, .C = COST };
        set_print_string_function(quiet);
        srand(1);
        struct model *trained = train(&problem, &parameter);
        keep_weights(model, trained);
        free_and_destroy_model(&trained);
    }
    arena_free(&arena);
}

void classifier_free(struct classifier *model)
{
    memory_free(model->weights);
    *model = (struct classifier){ 0 };
}

void classifier_predict(const struct classifier *model, const struct vector *vector, double *probabilities)
{
    const float *bias = model->weights + model->features * model->classes;
    for (size_t c = 0; c < model->classes; c++)
        probabilities[c] = (double)bias[c];
    for (size_t i = 0; i < vector->count; i++) {
        const float *row = model->weights + vector->items[i].index * model->classes;
        for (size_t c = 0; c < model->classes; c++)
            probabilities[c] += (double)row[c] * (double)vector->items[i].weight;
    }
    double sum = 0;
    for (size_t c = 0; c < model->classes; c++)
        sum += probabilities[c] = 1 / (1 + exp(-SLOPE * probabilities[c]));
    for (size_t c = 0; c < model->classes; c++)
        probabilities[c] = sum > 0 ? probabilities[c] / sum : 0;
}
