/* lantern.h - the workspace of a small firm for tests: two languages, a few topics, actions, an article. */
#ifndef SUPPORT_LANTERN_H
#define SUPPORT_LANTERN_H

#include "folder.h"
#include "workspace/workspace.h"

/* Writes it into the folder and reads it; prints what is wrong and gives NULL if it does not fit. `more` is added to
 * workspace.yaml. */
struct workspace *lantern_make(struct folder *folder, const char *more);

#endif
