/* cut.h - an article's Markdown, cut into passages at headings and between paragraphs.
 *
 * Passages are slices of the text: paragraphs in a row under one heading, together up to about
 * CUT_BYTES. A list stays with the paragraph that leads into it, and a fenced block whole. */
#ifndef ASSISTANT_CUT_H
#define ASSISTANT_CUT_H

#include "base/arena.h"

#define CUT_BYTES 700

struct cut {
    struct str heading; /* nearest above; empty before the first */
    struct str text;    /* never empty */
};

struct cuts {
    struct cut *items;
    size_t count;
};

struct cuts cut_markdown(struct arena *arena, struct str markdown);

/* True for a line "## Heading". */
bool cut_is_heading(struct str line, struct str *heading);
/* True for a line that begins an item of a list. */
bool cut_is_item(struct str line);

#endif
