/* wants_human_judge.h - which rules a window of words fulfils.
 *
 * Sets of positions are 64-bit words, so a rule is tried at all places of the window at once: one or
 * two operations a piece, no going back, no text in which it takes longer.
 * Nobody else includes this but the parts of wants_human. */
#ifndef ASSISTANT_WANTS_HUMAN_JUDGE_H
#define ASSISTANT_WANTS_HUMAN_JUDGE_H

#include "assistant/wants_human_listen.h"

/* Takes what near misses cover out of every class. */
void judge_near_misses(struct window *window);

/* What the rules of a text's windows have heard so far; begins as zeros. */
struct judgement {
    uint64_t kinds;                        /* bits 1 << kind */
    uint32_t languages[HEARD_KIND_COUNT];  /* of each kind: bits 1 << language, in heard_languages */
    const struct heard_rule *heaviest;     /* NULL: none fits */
};

void judge_kinds(struct window *window, struct judgement *judgement);

/* Remarks; begins as zeros. */
struct beside {
    uint64_t kinds;                  /* bits 1 << kind */
    uint32_t languages[HEARD_COUNT]; /* as above */
};

/* Whether the window consists of remarks; otherwise there is more in it, and *beside says nothing. */
bool judge_remarks(struct window *window, struct beside *beside);

/* Whether somebody is insulted anywhere in it. */
bool judge_abuse(struct window *window);

/* heard_in, and how many steps it took: a test bounds them. */
struct heard heard_counting(struct str text, uint64_t *steps);

#endif
