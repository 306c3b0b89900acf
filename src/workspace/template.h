/* template.h - the placeholders of an approved answer, as pieces in the text's order.
 *
 *   {{name}}   {{#name}} … {{/name}}   {{^name}} … {{/name}}   (blocks are one level deep)
 *
 * Reading here serves both the check of the files and the filling of answers. */
#ifndef WORKSPACE_TEMPLATE_H
#define WORKSPACE_TEMPLATE_H

#include "base/arena.h"
#include "base/err.h"

enum template_kind { TEMPLATE_TEXT, TEMPLATE_FIELD, TEMPLATE_IF, TEMPLATE_UNLESS, TEMPLATE_END };

struct template_piece {
    enum template_kind kind;
    struct str text; /* the words themselves, or the name */
    size_t from;     /* where it begins in the text */
};

struct template {
    struct template_piece *pieces;
    size_t count;
};

/* Pieces point into `text`. On failure *at is where in the text the mistake is. */
bool template_read(struct err *err, struct arena *arena, struct str text, struct template *out, size_t *at) WARN_UNUSED;

bool template_has_fields(struct str text);

#endif
