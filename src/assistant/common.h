/* common.h - the words that come most often, each as its list of spelling features.
 *
 * Most words of most texts are among a few hundred. What a convolution makes of one word does not
 * depend on the others, so it is worked out beforehand for these (phrases.h). */
#ifndef ASSISTANT_COMMON_H
#define ASSISTANT_COMMON_H

#include "assistant/learning.h"

#define COMMON_WORDS 2048

struct common {
    uint32_t *spelled; /* of all words, one behind the other */
    uint32_t *ends;    /* by word */
    size_t count;
    struct map numbers; /* hash of a word's spelling -> its number + 1 */
};

void common_choose(struct common *common, const struct lesson *lesson);
/* Makes the table of numbers from the lists. */
void common_index(struct common *common);
void common_free(struct common *common);

/* The word with this spelling, or SIZE_MAX. */
size_t common_find(const struct common *common, const uint32_t *spelled, size_t count);

#endif
