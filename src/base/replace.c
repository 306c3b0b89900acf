#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 100 /* at a name that nobody has */

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

bool sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) + 1 : 1;
    if (len >= sizeof folder) {
        errno = ENAMETOOLONG;
        return false;
    }
    snprintf(folder, sizeof folder, "%.*s", (int)len, slash ? path : ".");
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return false;
    bool done = fsync(handle) == 0;
    int why = errno;
    close(handle);
    errno = why;
    return done;
}

/* A new file beside `path`, hidden: whoever reads the folder passes over what a crash leaves of it. Its mode is the system's to
 * find: to ask for the umask would be to change it, for all threads. Negative, and errno, if there is none. */
static int create_partial(const char *path, mode_t mode, char partial[PATH_MAX])
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    int file = -1;
    for (int tries = 0; tries < TRIES && file < 0; tries++) {
        uint32_t number;
        if (getentropy(&number, sizeof number) != 0)
            return -1;
        if (snprintf(partial, PATH_MAX, "%.*s.%s.%08x", (int)(name - path), path, name, (unsigned)number) >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        file = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (file < 0 && errno != EEXIST)
            return -1;
    }
    return file;
}

bool replace_file(struct err *err, const char *path, struct str content)
{
    char partial[PATH_MAX];
    struct stat info;
    bool old = stat(path, &info) == 0;
    int file = create_partial(path, old ? info.st_mode & 0777 : 0666, partial);
    if (file < 0)
        return err_set(err, "%s cannot be written: %s", path, strerror(errno));
    bool good = (!old || fchmod(file, info.st_mode & 0777) == 0) && write_all(file, content);
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
    (void)sync_folder_of(path); /* a file system that cannot sync a folder has no say */
    return true;
}
