/* examples.h - texts with their intents, gathered for learning or examining.
 *
 * From a workspace's topics, or from CSV of `text,intent` rows (with or without a header; `oos` as
 * intent: outside all of them). Owns copies of nothing but names: texts must outlive it. */
#ifndef ASSISTANT_EXAMPLES_H
#define ASSISTANT_EXAMPLES_H

#include "assistant/intent.h"
#include "base/err.h"
#include "workspace/workspace.h"

struct examples {
    struct arena arena;
    struct intent_example *items;
    size_t *lines;  /* by item: of the file, 0 for none */
    size_t count, capacity;
    struct str *names;
    size_t topics, name_capacity;
    struct map by_name; /* hash of a name -> number + 1, for those that do not clash */
    struct intent_example *outside; /* general texts, for a workspace */
    size_t outside_count;
    struct str language; /* of most texts, or empty */
};

void examples_free(struct examples *examples);

/* The examples and titles of all topics, numbered as the workspace numbers them. */
void examples_of_workspace(struct examples *examples, const struct workspace *workspace);

/* Adds the rows of a CSV file; may be called for several. False if it has a mistake: *err names file,
 * line and cure. */
bool examples_read(struct err *err, struct examples *examples, struct str file, struct str text) WARN_UNUSED;

/* Texts that nobody has sorted: a line each, or the column `text` of a file whose name ends in .csv.
 * Doubles and empty ones are left out. They live in *arena or in `text`. */
bool examples_read_pool(struct err *err, struct arena *arena, struct str file, struct str text, struct str **pool, size_t *count) WARN_UNUSED;

/* Adds each intent's name in words ("card_arrival": "card arrival") as one more example. */
void examples_add_titles(struct examples *examples);

/* The language of most texts, if it is nearly all. */
void examples_guess_language(struct examples *examples);

/* Fills what a lesson needs of them. */
struct intent_lesson examples_lesson(const struct examples *examples);

#endif
