/* sections.h - the body of a Markdown file in sections, each under a line `--- lang: sv, when: status=none`.
 *
 * What stands before the first such line is a section too, in the language that the caller names.
 * Three dashes alone, or with anything else behind them, are Markdown. It cuts, and knows languages;
 * what a condition means, and which sections must exist, is the caller's matter. */
#ifndef WORKSPACE_SECTIONS_H
#define WORKSPACE_SECTIONS_H

#include "workspace/front_matter.h"

#define SECTIONS_MAX 256 /* in one file */

struct section {
    struct str language; /* as the line says, else the caller's */
    struct str when;     /* behind `when:`; empty without one */
    bool has_when;
    struct str raw;      /* from the line below the section line */
    struct str text;     /* the same, trimmed; never empty */
    int line;            /* the section line; for what stands before the first, the body's own */
    int raw_line, text_line;
};

struct sections {
    struct section *items;
    size_t count;
};

/* In the file's order; a mistake is added for every line that cannot be read and every section without
 * text. Nothing at all before the first section line is no mistake. They live in
 * the reading's scratch. */
struct sections sections_read(struct reading *reading, const struct front_matter *front, struct str language);

#endif
