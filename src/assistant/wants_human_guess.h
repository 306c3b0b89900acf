/* wants_human_guess.h - which known word is meant by one that is not known.
 *
 * Somebody in a hurry writes humna, somebody who distrusts filters hum4n, h u m a n or talktoahuman. Only
 * words that the tables mark with `~` are guessed at. Every guess costs a bounded number of steps a letter.
 * Nobody else includes this but the parts of wants_human. */
#ifndef ASSISTANT_WANTS_HUMAN_GUESS_H
#define ASSISTANT_WANTS_HUMAN_GUESS_H

#include "assistant/wants_human_listen.h"

#define GUESS_CUTS 24

/* Pieces of letters that are known words, or -1 for a letter that belongs to none. */
struct guess_cuts {
    struct {
        uint8_t from, len;
        int16_t word;
    } items[SPELLED_MAX];
    size_t count;
};

int heard_find_hashed(const uint16_t *letters, size_t len, uint32_t hash, uint64_t *steps);

/* One word: signs and digits for letters, letters of another alphabet, letters doubled, one typing error. */
int guess_word(struct letters *word, uint64_t *steps);

/* iwantahuman: known words to the last letter, a marked one among them. */
bool guess_run_together(const struct letters *word, struct guess_cuts *cuts, uint64_t *steps);

/* i w a n t a h u m a n: as above, but letters may be left over. */
bool guess_spelled(const uint16_t *letters, size_t len, struct guess_cuts *cuts, uint64_t *steps);

/* hu man: two pieces that are one marked word. */
bool guess_joined(const struct letters *a, const struct letters *b, struct letters *joined, uint64_t *steps);

#endif
