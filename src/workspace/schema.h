/* schema.h - the shape that a JSON value must have: a part of JSON Schema (draft 2020-12).
 *
 * type, enum, const, properties, required, additionalProperties (true or false), items, minItems, maxItems,
 * minimum, maximum, minLength, maxLength (characters), pattern (a POSIX extended regular expression, found
 * anywhere in the text). No references, no combinators. A schema is read from YAML by read_schema.c, which
 * refuses every other keyword, so that nothing is silently not checked. */
#ifndef WORKSPACE_SCHEMA_H
#define WORKSPACE_SCHEMA_H

#include <jansson.h>

#include "base/err.h"
#include "base/must.h"
#include "base/str.h"

/* What a keyword's own value must be. */
enum schema_rule { SCHEMA_TYPE_NAME, SCHEMA_LIST, SCHEMA_NAMES, SCHEMA_MAP, SCHEMA_SCHEMA, SCHEMA_BOOL, SCHEMA_COUNT, SCHEMA_NUMBER, SCHEMA_PATTERN,
                   SCHEMA_ANY, SCHEMA_PROSE };

/* The keyword's rule; false if there is no such keyword. */
bool schema_keyword(struct str name, enum schema_rule *rule) WARN_UNUSED;
bool schema_type_known(struct str name) WARN_UNUSED;

/* False with the place and the reason, such as "orders[2].amount: more than 500". */
bool schema_check(struct err *err, const json_t *schema, const json_t *value) WARN_UNUSED;

#endif
