/* ensemble.h - several models that make different mistakes, and the mean of what they say.
 *
 * A softmax regression (linear.h), networks over the bag of features (network.h) and convolutions
 * over the words (phrases.h). ensemble_plan says how many of each, how large and how long: first is
 * what a server has at its start within a moment, quick what takes over from it about a second later, best
 * what a person who waits half a minute gets. The
 * settings were chosen on held-out parts of training sets; docs/assistant.md has the figures. */
#ifndef ASSISTANT_ENSEMBLE_H
#define ASSISTANT_ENSEMBLE_H

#include "assistant/linear.h"
#include "assistant/network.h"
#include "assistant/phrases.h"

#define ENSEMBLE_MEMBERS 8 /* of one kind at most */

enum ensemble_effort { ENSEMBLE_QUICK, ENSEMBLE_FIRST, ENSEMBLE_BEST };

struct ensemble_settings {
    size_t linears, networks, phrases; /* how many; 0: none of that kind */
    struct linear_settings linear;
    struct network_settings network;
    struct phrases_settings phrase;
};

struct ensemble {
    struct linear linears[ENSEMBLE_MEMBERS];
    struct network networks[ENSEMBLE_MEMBERS];
    struct phrases phrases[ENSEMBLE_MEMBERS];
    struct common common; /* if there are phrases */
    size_t linear_count, network_count, phrases_count;
    size_t features, classes;
};

/* For so many examples. */
struct ensemble_settings ensemble_plan(enum ensemble_effort effort, size_t count);

void ensemble_learn(struct ensemble *ensemble, const struct lesson *lesson, const struct ensemble_settings *settings);
void ensemble_prepare(struct ensemble *ensemble); /* after its parts were read from a file */
void ensemble_free(struct ensemble *ensemble);

/* How the members came to their shares. */
struct ensemble_view {
    double least;    /* that any of them thinks of the class that is likeliest on the whole */
    double greatest; /* score of each, before it becomes a share; their mean. A strange text has little that speaks for
                        any class, which shares, relative as they are, do not show (Hendrycks and others 2022: MaxLogit) */
};

/* A probability for each class; they add up to 1. `shares` has lanes_width(classes) places. */
struct ensemble_view ensemble_shares(const struct ensemble *ensemble, struct arena *arena, const struct vector *vector,
                                     float *shares);

#endif
