#include "log/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/replace.h"

bool sql_sync_directory(struct err *err, const char *path)
{
    return sync_folder_of(path) || err_set(err, "The folder of %s cannot be synced to disk (%s).", path, strerror(errno));
}

/* SQLite gives a file that it makes the usual mode, and the files beside it the same: what holds keys and
 * people's words is its owner's alone, wherever the folder may be. */
void sql_make_private(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) close(fd);
}

/* All pages in one step: one read transaction, so the copy is one moment of the source, whatever is
 * written meanwhile. */
static bool copy_pages(struct err *err, struct sql *source, struct sql *target)
{
    sqlite3_backup *backup = sqlite3_backup_init(target->db, "main", source->db, "main");
    if (!backup) return sql_fail(err, target);
    int code = sqlite3_backup_step(backup, -1);
    int end = sqlite3_backup_finish(backup);
    if (code == SQLITE_DONE && end == SQLITE_OK) return true;
    /* A failure of the source is in its own handle, everything else in the target's. */
    return sqlite3_errcode(target->db) != SQLITE_OK ? sql_fail(err, target) : sql_fail(err, source);
}

static bool copy_to(struct err *err, const struct sql_kind *kind, struct sql *source, const char *to)
{
    struct sql target = { .kind = kind };
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    sql_make_private(to);
    int code = sqlite3_open_v2(to, &target.db, flags, NULL);
    must(target.db);
    sqlite3_extended_result_codes(target.db, 1);
    /* The copied header says "write-ahead log"; the plain journal mode makes it one file again. */
    bool done = code == SQLITE_OK ? copy_pages(err, source, &target)
                                  : err_set(err, "%s cannot be made (%s).", to, sqlite3_errmsg(target.db));
    done = done && sql_exec(err, &target, "PRAGMA journal_mode=DELETE");
    sql_close(&target);
    return done;
}

bool sql_backup(struct err *err, const struct sql_kind *kind, const char *from, const char *to)
{
    struct sql source;
    struct arena arena = { 0 };
    const char *partial = arena_cstr(&arena, arena_format(&arena, "%s.partial", to));
    bool done = false;
    if (access(to, F_OK) == 0) {
        err_set(err, "%s is there already; a backup never overwrites a file. Give another name.", to);
    } else if (access(from, F_OK) != 0) {
        err_set(err, "%s cannot be backed up: %s.", from, strerror(errno));
    } else if (sql_open(err, &source, kind, from, NULL, SQL_READ)) {
        unlink(partial);
        done = copy_to(err, kind, &source, partial);
        sql_close(&source);
        if (done && rename(partial, to) != 0)
            done = err_set(err, "%s cannot be renamed to %s: %s.", partial, to, strerror(errno));
        done = done && sql_sync_directory(err, to);
        if (!done) unlink(partial);
    }
    arena_free(&arena);
    return done;
}
