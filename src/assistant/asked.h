/* asked.h - what a customer asked and the assistant could not answer, and what it may have been about.
 *
 * For the agent who answered it: they choose the topic or the article, and the assistant learns the words. */
#ifndef ASSISTANT_ASKED_H
#define ASSISTANT_ASKED_H

#include "assistant/assistant.h"
#include "engine/event.h"

/* The message of a conversation's history (oldest first) that is worth learning from: the first, since the
 * customer came last, on which the assistant failed or which it handed over without a topic; or, if it has
 * understood nothing at all, the first that it was never asked about. Small talk, a wish for a person and what
 * was confirmed already do not count. false: there is none. Text points into the events. */
struct asked {
    uint64_t seq;
    struct str text;
};
bool asked_find(const struct event *events, size_t count, struct asked *out) WARN_UNUSED;

#define ASKED_CHOICES 3

struct asked_choice {
    bool article;
    struct str name;
    int likely; /* thousandths: a topic's probability, or the share of the words that stand in the article */
};

/* The best topics, the last of which gives way to the best article if that has most of the words. */
size_t asked_choices(const struct assistant *assistant, struct arena *arena, struct str text, struct str language,
                     struct asked_choice choices[ASKED_CHOICES]);

#endif
