/* wants_human_listen.h - the words of a text, in windows that the rules look at.
 *
 *   position   0    1    2    3    4 ...                    a break takes a position of its own
 *   word       i    want a    human  .  ...
 *   classes[c] 0    1    0    0    0 ...   one bit a position: the words of class c
 *
 * A window holds 63 positions; a longer text comes in several that lap over by more than any rule
 * reaches. What is looked up is counted in `steps`: the work is bounded by the text's length, and a test says
 * by how much. Lives on the stack of whoever listens. Nobody else includes this but the parts of wants_human and their test. */
#ifndef ASSISTANT_WANTS_HUMAN_LISTEN_H
#define ASSISTANT_WANTS_HUMAN_LISTEN_H

#include "assistant/wants_human_ear.h"
#include "assistant/wants_human_tables.h"

#define WINDOW 63               /* positions; the 64th bit is the end */
#define WINDOW_LAP 24           /* > HEARD_SPAN_MAX and a break on either side */
#define SPELLED_MAX 48          /* letters of one word that is spelled out */

struct window {
    uint64_t classes[HEARD_CLASSES_MAX];
    uint16_t touched[HEARD_CLASSES_MAX]; /* those that are not 0 */
    size_t touched_count;
    uint64_t starts, breaks;    /* first words of a sentence or behind a comma; positions that are no word */
    uint64_t commas;            /* words that stand behind one */
    unsigned count;             /* positions taken */
    bool whole, last;           /* nothing came before; nothing comes after */
    bool near_miss;             /* something in the text only looked like it */
    struct ear ear;             /* of the whole text, not of the window */
    uint64_t steps;
};

/* One word as it is written, until it is known what it is. */
struct letters {
    uint16_t items[HEARD_LETTERS_MAX];
    uint8_t len, run;           /* run: how often the last letter came in a row */
    bool has_digit, has_letter;
    bool spaced;                /* white space before it */
};

typedef void window_fn(void *context, struct window *window);

/* Gives every window to `look`, the last one with `last`; also for an empty text. */
void wants_human_listen(struct str text, struct window *window, window_fn *look, void *context);

/* Index into heard_words, or -1. Exact letters only. */
int heard_find(const uint16_t *letters, size_t len, uint64_t *steps);

#endif
