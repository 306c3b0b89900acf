/* learning.h - what the models' ways of learning have in common.
 *
 * All of them go through the samples one at a time, in an order shuffled anew for each round, and
 * take steps against the gradient of -log(probability of the right class). Step lengths follow
 * AdaGrad with one sum of squares for each row of a table (the row's mean), which is as good here as
 * one for each entry and needs a third of the time. Same samples and seed, same model. */
#ifndef ASSISTANT_LEARNING_H
#define ASSISTANT_LEARNING_H

#include "assistant/features.h"
#include "base/random.h"

struct sample {
    const struct vector *vector;
    uint32_t class; /* LEARNING_NONE: of none, so all are to be as likely as each other */
};

#define LEARNING_NONE UINT32_MAX

/* An error whose squares add up to less than this teaches nothing that is worth the time. */
#define LEARNING_DONE 1e-3f

struct lesson {
    const struct sample *samples;
    size_t count, features, classes;
    uint64_t seed;
    const bool *stop; /* set by another thread: no further round, what is learned is of no use; or NULL */
};

bool learning_stopped(const bool *stop);

/* 0, 1, ... count - 1; give it back with memory_free. */
uint32_t *learning_order(size_t count);

/* Takes `step` through all samples, `rounds` times and each time in another order; less if it is stopped. */
typedef void learning_step_of(void *learner, const struct sample *sample, float rate);
void learning_rounds(const struct lesson *lesson, int rounds, double rate, struct random *random, learning_step_of *step, void *learner);

/* Copies the items that are not dropped, scaled up to make good for those that are; gives their count. */
size_t learning_drop(struct feature *out, const struct feature *items, size_t count, double share, struct random *random);

/* Shares of the classes become the gradient of their scores; false if there is nothing left to learn from it. */
bool learning_error(float *shares, size_t classes, uint32_t class);

/* One step of the rows; uses up the weights of `active`. */
void learning_step(float *table, float *squares, size_t width, struct feature *active, size_t count, const float *gradient,
                   float rate);

/* `count` numbers spread evenly in -most ... most; of those whose place in a row is `used` or beyond, none. */
float *learning_spread(size_t rows, size_t width, size_t used, double most, struct random *random);
float *learning_filled(size_t count, float value);

/* The most features that one sample has. */
size_t learning_most(const struct lesson *lesson);

#endif
