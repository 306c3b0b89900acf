/* replace.h - a file is written whole or not at all.
 *
 * The bytes go to a new, hidden file beside it, which is synced and then takes the old one's name: whoever
 * opens the name sees the old content or the new, never a part, also after a power cut. A crash may leave
 * the hidden file. Who may read the old one may read the new one. */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include "base/err.h"
#include "base/str.h"

bool replace_file(struct err *err, const char *path, struct str content) WARN_UNUSED;

/* A new name in the folder of `path` is on disk as well. False with errno. */
bool sync_folder_of(const char *path);

#endif
