/* care.h - what a customer in need is told at once, and the agent who takes over.
 *
 * Not an answer: a sentence that says that a person is coming, where help is meanwhile, and, with a
 * fraud in progress, what not to do. English, Swedish, German, Spanish; with the workspace's own emergency
 * number and help lines. None of it states a fact about the company or the customer. */
#ifndef ASSISTANT_CARE_H
#define ASSISTANT_CARE_H

#include "assistant/heard.h"
#include "workspace/workspace.h"

/* In `language`, or in the language that it was heard in if the workspace does not know that of the text;
 * empty when nothing was heard. At most LIMIT_CARE bytes. */
struct str care_sentence(const struct workspace *workspace, const struct heard *heard, struct str language, struct arena *arena);

/* What goes into the conversation at once, before a person is there: the sentence for danger and signs of
 * vulnerability, else empty. */
struct str care_at_once(const struct workspace *workspace, const struct heard *heard, struct str language, struct arena *arena);

#endif
