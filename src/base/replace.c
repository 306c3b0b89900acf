#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_all(int file, struct str content)
{
    while (content.len) {
        ssize_t written = write(file, content.data, content.len);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        content = str_slice(content, (size_t)written, content.len);
    }
    return fsync(file) == 0;
}

/* The new name must be on disk as well. A file system that cannot sync a folder has no say. */
static void sync_folder(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) + 1 : 1, slash ? path : ".");
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return;
    if (fsync(handle) != 0)
        errno = 0;
    close(handle);
}

/* The old file's; of a new one what the process gives its files. */
static mode_t mode_of(const char *path)
{
    struct stat info;
    if (stat(path, &info) == 0)
        return info.st_mode & 0777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

bool replace_file(struct err *err, const char *path, struct str content)
{
    char partial[PATH_MAX];
    if (snprintf(partial, sizeof partial, "%s.XXXXXX", path) >= (int)sizeof partial)
        return err_set(err, "%s: the path is too long; choose a shorter one", path);
    int file = mkostemp(partial, O_CLOEXEC);
    if (file < 0)
        return err_set(err, "%s cannot be written: %s", path, strerror(errno));
    bool good = fchmod(file, mode_of(path)) == 0 && write_all(file, content);
    int why = errno;
    if (close(file) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good && rename(partial, path) != 0) {
        good = false;
        why = errno;
    }
    if (!good) {
        unlink(partial);
        return err_set(err, "%s cannot be written: %s", path, strerror(why));
    }
    sync_folder(path);
    return true;
}
