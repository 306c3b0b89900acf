/* thesaurus.h - words of everyday service that mean nearly the same, in English, Swedish, German and Spanish.
 *
 * General words only: what a company calls its own things stands in its workspace's `synonyms`. */
#ifndef ASSISTANT_THESAURUS_H
#define ASSISTANT_THESAURUS_H

#include "base/str.h"

/* The groups of a language, one a line, words separated by commas; empty if there are none for it. */
struct str thesaurus_of(struct str language);

#endif
