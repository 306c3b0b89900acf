/* markup.h - articles as other systems export them (HTML, or Markdown with HTML in it) as plain Markdown.
 *
 * Headings, paragraphs, list items and line breaks stay as Markdown's; all other tags, comments,
 * scripts and addresses of links go; entities become their letters. What only looks like a tag
 * ("a < b", "<name>") stays. For searching and measuring, not for showing: it makes nothing safe. */
#ifndef ASSISTANT_MARKUP_H
#define ASSISTANT_MARKUP_H

#include "base/arena.h"

struct str markup_plain(struct arena *arena, struct str text);

#endif
