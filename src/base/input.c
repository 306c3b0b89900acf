#include "base/input.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/buf.h"

static bool read_all(struct err *err, FILE *file, const char *path, struct buf *out)
{
    char piece[16384];
    size_t got;
    while (!out->full && (got = fread(piece, 1, sizeof piece, file)) > 0)
        buf_add(out, piece, got);
    if (ferror(file))
        return err_set(err, "%s cannot be read: %s", path, strerror(errno));
    if (out->full)
        return err_set(err, "%s is larger than %zu bytes; split it", path, out->max);
    return true;
}

bool input_read(struct err *err, struct arena *arena, const char *path, size_t max, struct str *text)
{
    struct stat info;
    FILE *file = fopen(path, "re");
    if (!file)
        return err_set(err, "%s cannot be opened: %s; name a file that is there and can be read", path, strerror(errno));
    if (fstat(fileno(file), &info) == 0 && S_ISDIR(info.st_mode)) {
        fclose(file);
        return err_set(err, "%s is a folder; name a file", path);
    }
    struct buf out;
    buf_init(&out, max);
    bool good = read_all(err, file, path, &out);
    fclose(file);
    if (good)
        *text = arena_copy(arena, buf_str(&out));
    buf_free(&out);
    return good;
}
