/* folder.h - a folder of a test's own, empty at first and gone at the end, and whole files in it. */
#ifndef SUPPORT_FOLDER_H
#define SUPPORT_FOLDER_H

#include "base/arena.h"
#include "base/buf.h"

struct folder {
    struct arena arena;
    const char *path;
};

/* Under $TMPDIR, else /tmp. Ends the test program if it cannot be made. */
void folder_make(struct folder *folder);
void folder_remove(struct folder *folder);
/* Path of a file in the folder; lives as long as the folder. */
const char *folder_file(struct folder *folder, const char *name);

struct str file_read(struct arena *arena, const char *path); /* empty if there is none */
void file_write(const char *path, struct str bytes);
void file_copy(const char *from, const char *to);
bool file_has(const char *path, struct str bytes);           /* do these bytes stand anywhere in it? */

#endif
