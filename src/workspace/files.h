/* files.h - the workspace's files as bytes: listed in order, read whole, UTF-8, with a maximum.
 *
 * Symbolic links are refused inside the workspace's folders, so that a workspace is what its folder
 * shows. All bytes read go into the version's hash. */
#ifndef WORKSPACE_FILES_H
#define WORKSPACE_FILES_H

#include "workspace/fields.h"

/* The names in DIR/folder that end in `ending`, sorted, as "folder/name.md". Others are mistakes. */
struct str *files_list(struct reading *reading, const char *folder, const char *ending, size_t *count);

/* The text of a file with LF line ends and without a byte order mark; false if there is a mistake. */
bool files_read(struct reading *reading, struct str file, struct str *text) WARN_UNUSED;

/* A secret: trimmed content of a file outside the version's hash. `line` is where it is named. */
bool files_read_secret(struct reading *reading, struct str path, int line, struct str *secret) WARN_UNUSED;

/* File name without folder and ending; adds a mistake if it is not a name. */
bool files_name(struct reading *reading, struct str file, struct str *name) WARN_UNUSED;

#endif
