/* body.h - a JSON body into a struct, by a table of fields.
 *
 * The same tables that make the commands' structs (engine/command.h) say what a body may hold: names,
 * types, maxima, what is required. Anything else in it is refused: unknown fields, fields twice,
 * another type, nesting, bad UTF-8. */
#ifndef GATEWAY_BODY_H
#define GATEWAY_BODY_H

#include "base/refusal.h"
#include "engine/command.h"

/* Why a body was refused; `field` is NULL or names the field (a literal of the table, or of `arena`). */
struct body_refusal {
    enum refusal refusal;
    const char *field;
};

/* Fills the struct at `base`, whose first member is the uint64_t of `given` bits. Strings are copied
 * into `arena`. An empty body is an empty object. */
struct body_refusal body_read(struct arena *arena, struct str body, const struct command_field *fields,
                              size_t field_count, void *base);

/* Fills a field that beckon itself writes; does nothing when the table has none of that name. */
void body_give_text(const struct command_field *fields, size_t field_count, void *base, const char *name,
                    struct str text);

#endif
