/* matters.h - which topics one message is about, in the order in which it says so.
 *
 * "I sent it back and I want to change my address" is two matters: both are served, the first first. A
 * message is cut at the ends of sentences and at words such as "and"; the parts count as matters only
 * if each is understood by itself and the whole is not clearly about one thing. */
#ifndef ASSISTANT_MATTERS_H
#define ASSISTANT_MATTERS_H

#include "assistant/turn.h"

#define MATTERS_MAX (DIALOGUE_LATER + 1)

struct matter {
    size_t topic;
    int confidence; /* thousandths */
};

/* Gives the number of different topics found: 0 or 2 and more. One matter is what turn->intents says. */
size_t matters_find(const struct turn *turn, struct matter matters[MATTERS_MAX]);

#endif
