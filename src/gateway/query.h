/* query.h - what stands behind the '?', and percent-encoding.
 *
 * Strict: a name twice, a broken percent sign, a NUL, a control character or bad UTF-8 refuse the
 * whole query. Which names a request knows is the route's business. */
#ifndef GATEWAY_QUERY_H
#define GATEWAY_QUERY_H

#include "base/arena.h"

#define QUERY_MAX 16

struct query_item {
    struct str name, value;
};

struct query {
    struct query_item items[QUERY_MAX];
    size_t count;
};

/* `raw` is without the '?'. Strings live in `arena` or in `raw`. */
bool query_parse(struct arena *arena, struct str raw, struct query *query) WARN_UNUSED;

/* NULL data: not given. */
struct str query_get(const struct query *query, const char *name);

/* *out stays as it is when the parameter is not given. False: not a whole number, or above `max`. */
bool query_number(const struct query *query, const char *name, uint64_t max, uint64_t *out) WARN_UNUSED;

/* Percent-decoding; `plus` also makes '+' a space. */
bool query_decode(struct arena *arena, struct str raw, bool plus, struct str *out) WARN_UNUSED;

#endif
