/* sql.h - the few things that every SQLite file of ours does: open with checks, prepare, step, fail.
 *
 * A file of ours carries an application id (which of our files it is) and a table `meta` with its
 * format. sql_open refuses what is not ours, what is newer and what is damaged, each with a sentence
 * that names the cure. A failed fsync, wherever it is noticed, goes to log_on_fatal.
 *
 * Private to src/log. One thread uses a struct sql at a time. */
#ifndef LOG_SQL_H
#define LOG_SQL_H

#include <sqlite3.h>

#include "base/buf.h"
#include "base/err.h"

/* What kind of file it is; constant tables. */
struct sql_kind {
    const char *name;         /* "log": the file is called a beckon log */
    int application;          /* PRAGMA application_id */
    int format;
    const char *schema;       /* makes the tables, without meta */
    const char *synchronous;  /* "EXTRA" or "OFF" */
    bool secure_delete;
    const char *cure;         /* what to do when it is damaged: a whole sentence */
};

struct sql {
    sqlite3 *db;
    const struct sql_kind *kind;
    bool broken;              /* the disk failed an fsync, or the file lies: take no more writes */
    int wal_frames;           /* pages in the write-ahead log after the last commit, of SQL_WRITE only */
    bool unfit;               /* the file is damaged, of another format or not ours (kept after closing) */
};

/* SQL_JOIN writes too, beside somebody who has opened the file with SQL_WRITE already. */
enum sql_mode { SQL_WRITE, SQL_READ, SQL_JOIN };

bool sql_open(struct err *err, struct sql *sql, const struct sql_kind *kind, const char *path,
              const char *vfs, enum sql_mode mode) WARN_UNUSED;
void sql_close(struct sql *sql);
const char *sql_path(const struct sql *sql);

bool sql_exec(struct err *err, struct sql *sql, const char *text) WARN_UNUSED;
/* The first column of the first row as a number; false if there is no row. */
bool sql_number(struct err *err, struct sql *sql, const char *text, int64_t *out) WARN_UNUSED;
bool sql_prepare(struct err *err, struct sql *sql, sqlite3_stmt **statement, const char *text) WARN_UNUSED;
/* Runs a statement that gives no rows, and resets it. */
bool sql_run(struct err *err, struct sql *sql, sqlite3_stmt *statement) WARN_UNUSED;
/* Steps: *row says whether there is one. The caller resets. */
bool sql_step(struct err *err, struct sql *sql, sqlite3_stmt *statement, bool *row) WARN_UNUSED;
/* Ends a transaction after a failure; never fails itself. */
void sql_roll_back(struct sql *sql);
/* Moves the write-ahead log into the file. `mode` is one of SQLITE_CHECKPOINT_. A reader in the way
 * is no failure for SQLITE_CHECKPOINT_PASSIVE. */
bool sql_checkpoint(struct err *err, struct sql *sql, int mode) WARN_UNUSED;

/* Gives the write-ahead log room for `pages` at once: a commit into a file that need not grow is
 * several times quicker, since the file system has nothing of its own to write. No room is no failure. */
bool sql_reserve_wal(struct err *err, struct sql *sql, size_t pages) WARN_UNUSED;

/* Turns SQLite's last error into a sentence; always false. */
bool sql_fail(struct err *err, struct sql *sql);
/* The file contradicts itself: the sentence, and the cure behind it; always false. */
bool sql_damaged(struct err *err, struct sql *sql, const char *format, ...) PRINTF_LIKE(3, 4);
/* Tells log_on_fatal, and lets the file take no more writes; always false. */
bool sql_fatal(struct err *err, struct sql *sql, const char *format, ...) PRINTF_LIKE(3, 4);

void sql_bind_str(sqlite3_stmt *statement, int at, struct str s);      /* not copied: step before it dies */
void sql_bind_blob(sqlite3_stmt *statement, int at, const void *data, size_t len);
struct str sql_column(sqlite3_stmt *statement, int at);                /* lives until the next step */

/* Makes the new file `to` from `from` while others write: a plain file without a write-ahead log. */
bool sql_backup(struct err *err, const struct sql_kind *kind, const char *from, const char *to) WARN_UNUSED;
/* Makes the file with mode 0600 if it is not there. */
void sql_make_private(const char *path);
/* Makes names in the directory of `path` durable. SQLite does it too but swallows the error. */
bool sql_sync_directory(struct err *err, const char *path) WARN_UNUSED;

#endif
