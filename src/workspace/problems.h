/* problems.h - the mistakes found in a workspace, collected in one pass.
 *
 * Every reader goes on after a mistake as well as it can, so that a person mends all of them at
 * once. The list is cut at PROBLEMS_MAX: a file of garbage must not give a million lines. */
#ifndef WORKSPACE_PROBLEMS_H
#define WORKSPACE_PROBLEMS_H

#include "workspace/workspace.h"

#define PROBLEMS_MAX 500

struct place {
    struct str file;
    int line;
};

/* `what` is formatted; `cure` is copied as it is. */
void problems_add(struct problems *problems, struct place place, const char *cure, const char *what, ...)
    PRINTF_LIKE(4, 5);

/* "did you mean 'x'?" for the candidate next to `word`, or `otherwise`. Lives in the problems' arena. */
const char *problems_suggest(struct problems *problems, struct str word, const struct str *candidates,
                             size_t count, const char *otherwise);

#endif
