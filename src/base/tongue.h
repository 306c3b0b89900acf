/* tongue.h - the languages that beckon itself speaks: what it says beside the workspace's own texts is in these. */
#ifndef BASE_TONGUE_H
#define BASE_TONGUE_H

#include <stdbool.h>

#include "base/str.h"

#define TONGUES 4 /* English, Swedish, German, Spanish: the columns of every table of sentences, in this order */

/* The column for a language code such as "sv" or "de-CH"; English for all others. */
size_t tongue_of(struct str language);
bool tongue_known(struct str language);

#endif
