/* public_data.h - public test data that is not part of this repository: $BECKON_DATA, else shared/data beside it.
 *
 * A test or benchmark that finds none of it says so and is skipped. */
#ifndef SUPPORT_PUBLIC_DATA_H
#define SUPPORT_PUBLIC_DATA_H

#include <jansson.h>

#include "base/arena.h"

/* The whole file, such as "pii/synthetic_sentences.json"; empty if it is not there. */
struct str public_data(struct arena *arena, const char *name);
/* The same as JSON; NULL if it is not there. The caller gives it back. */
json_t *public_json(const char *name);

#endif
