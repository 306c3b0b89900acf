/* fill.h - puts the values of an action's result into approved text.
 *
 * docs/workspace.md says how values read: dates and amounts in the customer's language, everything
 * else as it is, with Markdown's own characters escaped. A field that neither the result nor the
 * parameters have is an error: a gap is never shown. */
#ifndef ASSISTANT_FILL_H
#define ASSISTANT_FILL_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct filling {
    const json_t *result;     /* an object, or NULL */
    const json_t *parameters; /* an object, or NULL */
    struct str language;
};

bool fill_template(struct err *err, struct arena *arena, struct str text, const struct filling *filling,
                   struct str *out) WARN_UNUSED;

/* A scalar field of the result as plain text, for conditions; empty if there is none. */
struct str fill_plain(struct arena *arena, const json_t *value);

/* All texts and numbers of a JSON value, a line each: what a fact may be taken from. */
void fill_flatten(const json_t *value, struct buf *out);

struct str fill_money(struct arena *arena, int64_t minor, struct str currency, struct str language);
/* False if `text` is no ISO date. */
bool fill_date(struct arena *arena, struct str text, struct str language, struct str *out);

#endif
