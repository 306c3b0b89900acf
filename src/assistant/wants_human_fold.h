/* wants_human_fold.h - letters as the tables of wants_human know them: no case, no accents.
 *
 * One code point becomes up to FOLD_MAX units of 16 bits: ä is a, ß is ss, Å is a, ｈ and 𝐡 and ⓗ are h.
 * What people do not see (soft hyphens, zero-width marks) becomes nothing. The program that makes the
 * tables and the one that reads them fold with the same function. */
#ifndef ASSISTANT_WANTS_HUMAN_FOLD_H
#define ASSISTANT_WANTS_HUMAN_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#define FOLD_MAX 4

/* How many units were written: 0 for what is invisible, 1 with a space for what is no letter. */
int fold_letters(int32_t code_point, uint16_t letters[FOLD_MAX]);

/* A character that is a word by itself: Chinese and Japanese are written without spaces. */
bool fold_is_word(uint16_t letter);

/* The Latin letter that this Greek or Cyrillic one is drawn like, or the letter itself. */
uint16_t fold_look_alike(uint16_t letter);

bool fold_ends_sentence(int32_t code_point);
bool fold_is_comma(int32_t code_point);
bool fold_is_apostrophe(int32_t code_point);

#endif
