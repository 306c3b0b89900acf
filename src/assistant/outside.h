/* outside.h - what customers say that no company serves: weather, football, sums.
 *
 * Learned from as texts outside all topics, so that the assistant knows what not to answer. */
#ifndef ASSISTANT_OUTSIDE_H
#define ASSISTANT_OUTSIDE_H

#include "base/str.h"

struct outside_text {
    const char *language, *text;
};

extern const struct outside_text outside_texts[];
extern const size_t outside_text_count;

#endif
