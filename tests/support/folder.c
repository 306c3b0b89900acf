#include "folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void folder_make(struct folder *folder)
{
    const char *base = getenv("TMPDIR");
    *folder = (struct folder){ 0 };
    char *path = (char *)(uintptr_t)arena_cstr(&folder->arena,
        arena_format(&folder->arena, "%s/beckon-test-XXXXXX", base && *base ? base : "/tmp"));
    must(mkdtemp(path));
    folder->path = path;
}

static void remove_all(const char *path)
{
    struct arena arena = { 0 };
    DIR *listing = opendir(path);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        const char *name = arena_cstr(&arena, arena_format(&arena, "%s/%s", path, entry->d_name));
        if (entry->d_type == DT_DIR) remove_all(name);
        else unlink(name);
    }
    if (listing) closedir(listing);
    rmdir(path);
    arena_free(&arena);
}

void folder_remove(struct folder *folder)
{
    remove_all(folder->path);
    arena_free(&folder->arena);
}

const char *folder_file(struct folder *folder, const char *name)
{
    return arena_cstr(&folder->arena, arena_format(&folder->arena, "%s/%s", folder->path, name));
}

struct str file_read(struct arena *arena, const char *path)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return STR_EMPTY;
    must(fstat(fd, &info) == 0);
    char *data = arena_take(arena, (size_t)info.st_size + 1);
    size_t len = 0;
    for (ssize_t got; (got = read(fd, data + len, (size_t)info.st_size - len)) > 0;) len += (size_t)got;
    close(fd);
    return str_make(data, len);
}

void file_write(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    must(fd >= 0);
    for (size_t at = 0; at < bytes.len;) {
        ssize_t done = write(fd, bytes.data + at, bytes.len - at);
        must(done > 0);
        at += (size_t)done;
    }
    must(close(fd) == 0);
}

void file_copy(const char *from, const char *to)
{
    struct arena arena = { 0 };
    file_write(to, file_read(&arena, from));
    arena_free(&arena);
}

bool file_has(const char *path, struct str bytes)
{
    struct arena arena = { 0 };
    struct str all = file_read(&arena, path);
    bool has = bytes.len && memmem(all.data, all.len, bytes.data, bytes.len);
    arena_free(&arena);
    return has;
}
