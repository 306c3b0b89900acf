/* language_samples.h - what each language looks like: its common words and some text.
 *
 * All of it was written for this purpose. `words` are common words, the commonest first, among them
 * those that customers use; the first LANGUAGE_SMALL_WORDS of them carry no matter. `text` shows how
 * letters follow each other. Languages that are told by their script alone have little of either. */
#ifndef ASSISTANT_LANGUAGE_SAMPLES_H
#define ASSISTANT_LANGUAGE_SAMPLES_H

#include <stddef.h>

#define LANGUAGE_SMALL_WORDS 70

struct language_sample {
    const char *code;  /* ISO 639-1 */
    const char *other; /* a second code for the same, or NULL */
    const char *name;  /* in English */
    const char *words, *text;
};

extern const struct language_sample language_samples[];
extern const size_t language_sample_count;

#endif
