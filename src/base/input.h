/* input.h - a file's bytes, read whole into an arena, with a maximum.
 *
 * For files that a person names on the command line. A workspace's own files are workspace/files.h. */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

#include "base/arena.h"
#include "base/err.h"

/* False if it cannot be read, is no regular file or pipe, or has more than `max` bytes. */
bool input_read(struct err *err, struct arena *arena, const char *path, size_t max, struct str *text) WARN_UNUSED;

#endif
