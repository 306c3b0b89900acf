#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/replace.h"
#include "privacy/vault.h"

#define NO_KEY_NO_DATA "Without it no personal data can be read."

static bool read_key(struct err *err, const char *path, int fd, uint8_t master[VAULT_MASTER_LEN])
{
    struct stat info;
    uint8_t bytes[VAULT_MASTER_LEN + 1];
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
        return err_set(err, "The master key %s is not a plain file.", path);
    if (info.st_mode & 077)
        return err_set(err, "The master key %s can be read by others (mode %03o). Run: chmod 600 %s", path,
                       (unsigned)(info.st_mode & 0777), path);
    ssize_t len = read(fd, bytes, sizeof bytes);
    if (len < 0) return err_set(err, "The master key %s cannot be read: %s.", path, strerror(errno));
    if (len != VAULT_MASTER_LEN)
        return err_set(err, "The master key %s has %lld bytes instead of %d. Restore it from its backup. "
                       NO_KEY_NO_DATA, path, (long long)info.st_size, VAULT_MASTER_LEN);
    memcpy(master, bytes, VAULT_MASTER_LEN);
    sodium_memzero(bytes, sizeof bytes);
    return true;
}

/* Written under another name and linked when it is on disk: a crash leaves a whole key or none, and of
 * two processes that make it at once, one wins. */
static bool make_key(struct err *err, const char *path)
{
    struct arena arena = { 0 };
    uint8_t bytes[VAULT_MASTER_LEN];
    const char *partial = arena_cstr(&arena, arena_format(&arena, "%s.%ld.new", path, (long)getpid()));
    randombytes_buf(bytes, sizeof bytes);
    unlink(partial);
    int fd = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool done = fd >= 0 && fchmod(fd, 0600) == 0 && write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes
        && fsync(fd) == 0;
    sodium_memzero(bytes, sizeof bytes);
    done = done && (link(partial, path) == 0 || errno == EEXIST);
    done = done && sync_folder_of(path);
    if (!done) err_set(err, "The master key %s cannot be made: %s.", path, strerror(errno));
    if (fd >= 0) close(fd);
    unlink(partial);
    arena_free(&arena);
    return done;
}

bool vault_master(struct err *err, const char *path, bool make, uint8_t master[VAULT_MASTER_LEN])
{
    must(sodium_init() >= 0);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && make) {
        if (!make_key(err, path)) return false;
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0)
        return errno == ENOENT
            ? err_set(err, "The master key %s is missing. Restore it from its backup. " NO_KEY_NO_DATA, path)
            : err_set(err, "The master key %s cannot be opened: %s.", path, strerror(errno));
    bool done = read_key(err, path, fd, master);
    close(fd);
    return done;
}
