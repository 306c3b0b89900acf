/* terms.h - what a text is searched by: its words, and the character n-grams of a word.
 *
 * Words as tokens.h folds them, numbers kept; a text of any length is taken piece by piece. Scripts
 * that put no spaces between words (Chinese, Japanese, Thai ...) give each pair of neighbouring
 * characters as a word. N-grams are taken inside one word with a space on either side, over letters
 * without their accents, so that "cuando" finds "cuándo" and a typing error costs a few n-grams only. */
#ifndef ASSISTANT_TERMS_H
#define ASSISTANT_TERMS_H

#include "assistant/tokens.h"

#define TERMS_WORD_BYTES 64  /* longer words are looked at up to here */
#define TERMS_GRAMS_MAX 160  /* of one word */

/* Calls `each` for every word in the text's order; `arena` holds the words. */
typedef void terms_fn(void *context, struct str word);
void terms_each(struct arena *arena, struct str text, terms_fn *each, void *context);

/* All words at once: for short texts. At most `room`. */
size_t terms_words(struct arena *arena, struct str text, struct str *words, size_t room);

/* Keys of the word's 3- and 4-grams (`least` to `most` characters), each as often as it stands there.
 * `out` has TERMS_GRAMS_MAX places. Never 0. */
size_t terms_grams(struct str word, int least, int most, uint64_t *out);

/* Without accents, in at most TERMS_WORD_BYTES code points: what two spellings are compared by. */
size_t terms_letters(struct str word, int32_t letters[TERMS_WORD_BYTES]);

#endif
