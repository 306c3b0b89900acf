/* cover.h - which words the examples of which topic have.
 *
 * How much of a text the examples know at all, and how much those of one topic do. Rare words weigh
 * more: not to know "pizza" says more than to know "what is the best". */
#ifndef ASSISTANT_COVER_H
#define ASSISTANT_COVER_H

#include "assistant/features.h"

struct cover {
    uint32_t *starts; /* by feature; [features] is the end */
    uint16_t *topics;
    size_t features, count;
};

void cover_make(struct cover *cover, const struct weighing *weighing, const struct bag *const *bags, const uint32_t *topics,
                size_t count);
void cover_free(struct cover *cover);

struct coverage {
    double known, covered; /* shares of the text's words, by idf */
};
struct coverage cover_of(const struct cover *cover, const struct weighing *weighing, const struct bag *bag, size_t topic);

#endif
