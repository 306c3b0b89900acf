#include "log/sql.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "log/fatal.h"

#define BUSY_MS 5000
#define CACHE_KIB 8192
#define PAGE_LEN 4096
#define WAL_FRAME_LEN (PAGE_LEN + 24)

const char *sql_path(const struct sql *sql)
{
    const char *path = sql->db ? sqlite3_db_filename(sql->db, "main") : NULL;
    return path ? path : "the file";
}

bool sql_damaged(struct err *err, struct sql *sql, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    sql->unfit = true;
    return err_set(err, "%s is damaged: %s. %s", sql_path(sql), what, sql->kind->cure);
}

bool sql_fatal(struct err *err, struct sql *sql, const char *format, ...)
{
    char sentence[ERR_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    sql->broken = true;
    log_on_fatal(sentence);
    return err_set(err, "%s", sentence);
}

static bool failed_sync(struct err *err, struct sql *sql)
{
    int number = sqlite3_system_errno(sql->db);
    return sql_fatal(err, sql,
        "the disk did not confirm a write to %s (fsync: %s). Nobody knows now what is on the disk, so "
        "this stops. Look at the disk (dmesg, smartctl), replace it if in doubt, then start again: "
        "the start checks what is there. If the file is then refused: %s",
        sql_path(sql), number ? strerror(number) : sqlite3_errmsg(sql->db), sql->kind->cure);
}

bool sql_fail(struct err *err, struct sql *sql)
{
    int code = sqlite3_extended_errcode(sql->db);
    const char *text = sqlite3_errmsg(sql->db);
    int number = sqlite3_system_errno(sql->db);
    const char *reason = number ? strerror(number) : "no reason given";
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) return failed_sync(err, sql);
    switch (code & 0xff) {
    case SQLITE_FULL:
        return err_set(err, "The disk of %s is full. Make room.", sql_path(sql));
    case SQLITE_CORRUPT:
        return sql_damaged(err, sql, "%s", text);
    case SQLITE_NOTADB:
        sql->unfit = true;
        return err_set(err, "%s is not a beckon %s: it is no SQLite file at all. %s", sql_path(sql),
                       sql->kind->name, sql->kind->cure);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(err, "%s is in use by another process. End that one first.", sql_path(sql));
    case SQLITE_READONLY:
        return err_set(err, "%s cannot be written: check the owner and mode of the file and its folder.",
                       sql_path(sql));
    case SQLITE_CANTOPEN:
        return err_set(err, "%s cannot be opened (%s): check that the folder is there and may be used.",
                       sql_path(sql), reason);
    case SQLITE_IOERR:
        return err_set(err, "The disk failed while using %s (%s, %s). Look at the disk (dmesg).",
                       sql_path(sql), text, reason);
    default:
        return err_set(err, "%s: %s", sql_path(sql), text);
    }
}

bool sql_exec(struct err *err, struct sql *sql, const char *text)
{
    return sqlite3_exec(sql->db, text, NULL, NULL, NULL) == SQLITE_OK || sql_fail(err, sql);
}

bool sql_prepare(struct err *err, struct sql *sql, sqlite3_stmt **statement, const char *text)
{
    int code = sqlite3_prepare_v3(sql->db, text, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
    /* Our own texts are right, so a table or column that SQLite misses is missing in the file. */
    if (code == SQLITE_ERROR) return sql_damaged(err, sql, "%s", sqlite3_errmsg(sql->db));
    return code == SQLITE_OK || sql_fail(err, sql);
}

bool sql_step(struct err *err, struct sql *sql, sqlite3_stmt *statement, bool *row)
{
    int code = sqlite3_step(statement);
    *row = code == SQLITE_ROW;
    return code == SQLITE_ROW || code == SQLITE_DONE || sql_fail(err, sql);
}

bool sql_run(struct err *err, struct sql *sql, sqlite3_stmt *statement)
{
    bool row, done = sql_step(err, sql, statement, &row);
    sqlite3_reset(statement);
    return done;
}

bool sql_number(struct err *err, struct sql *sql, const char *text, int64_t *out)
{
    sqlite3_stmt *statement;
    bool row = false;
    if (!sql_prepare(err, sql, &statement, text)) return false;
    bool done = sql_step(err, sql, statement, &row);
    if (row) *out = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return done && (row || sql_damaged(err, sql, "a row that must be there is missing"));
}

void sql_roll_back(struct sql *sql)
{
    if (!sqlite3_get_autocommit(sql->db)) sqlite3_exec(sql->db, "ROLLBACK", NULL, NULL, NULL);
}

/* SQLite's own handle of the write-ahead log; NULL if there is none. */
static sqlite3_file *wal_of(struct sql *sql)
{
    sqlite3_file *wal = NULL;
    sqlite3_file_control(sql->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal);
    return wal && wal->pMethods ? wal : NULL;
}

/* SQLite cuts the write-ahead log but does not sync the cut: a power cut could bring the bytes back. */
static bool sync_wal(struct err *err, struct sql *sql)
{
    sqlite3_file *wal = wal_of(sql);
    if (!wal || str_equal(str_of(sql->kind->synchronous), STR("OFF"))) return true;
    return wal->pMethods->xSync(wal, SQLITE_SYNC_FULL) == SQLITE_OK || failed_sync(err, sql);
}

/* After a failed fsync Linux goes on showing what it never stored, and the next fsync says that all is
 * well. A process that died of such a failure and reads the write-ahead log again, still in the page
 * cache, would build on what a power cut takes away. So what is read at the start is written once
 * more, the same bytes to the same place, and only then synced. */
static bool renew_wal(struct err *err, struct sql *sql)
{
    char bytes[65536];
    sqlite3_file *wal = wal_of(sql);
    sqlite3_int64 size = 0;
    if (!wal || wal->pMethods->xFileSize(wal, &size) != SQLITE_OK || !size) return true;
    for (sqlite3_int64 at = 0; at < size; at += (sqlite3_int64)sizeof bytes) {
        int len = size - at < (sqlite3_int64)sizeof bytes ? (int)(size - at) : (int)sizeof bytes;
        if (wal->pMethods->xRead(wal, bytes, len, at) != SQLITE_OK
            || wal->pMethods->xWrite(wal, bytes, len, at) != SQLITE_OK)
            return err_set(err, "%s: its write-ahead log cannot be read and written again (disk I/O error).",
                           sql_path(sql));
    }
    return sync_wal(err, sql);
}

/* Zeros behind the last frame are no frame: their checksum does not fit, as with any frame cut off by a
 * crash, and recovery ends there. */
bool sql_reserve_wal(struct err *err, struct sql *sql, size_t pages)
{
    static const char zeros[65536];
    sqlite3_file *wal = wal_of(sql);
    sqlite3_int64 size = 0, wanted = (sqlite3_int64)pages * WAL_FRAME_LEN;
    if (!wal || wal->pMethods->xFileSize(wal, &size) != SQLITE_OK || size >= wanted) return true;
    for (; size < wanted; size += (sqlite3_int64)sizeof zeros)
        if (wal->pMethods->xWrite(wal, zeros, sizeof zeros, size) != SQLITE_OK) return true;
    return sync_wal(err, sql);
}

bool sql_checkpoint(struct err *err, struct sql *sql, int mode)
{
    int code = sqlite3_wal_checkpoint_v2(sql->db, NULL, mode, NULL, NULL);
    if ((code & 0xff) == SQLITE_BUSY && mode == SQLITE_CHECKPOINT_PASSIVE) return true;
    if (code != SQLITE_OK) return sql_fail(err, sql);
    return mode != SQLITE_CHECKPOINT_TRUNCATE || sync_wal(err, sql);
}

void sql_bind_str(sqlite3_stmt *statement, int at, struct str s)
{
    must(s.len < INT32_MAX);
    sqlite3_bind_text(statement, at, s.data ? s.data : "", (int)s.len, SQLITE_STATIC);
}

void sql_bind_blob(sqlite3_stmt *statement, int at, const void *data, size_t len)
{
    must(len < INT32_MAX);
    sqlite3_bind_blob(statement, at, data ? data : "", (int)len, SQLITE_STATIC);
}

struct str sql_column(sqlite3_stmt *statement, int at)
{
    const char *data = sqlite3_column_blob(statement, at);
    return str_make(data ? data : "", (size_t)sqlite3_column_bytes(statement, at));
}

/* --- opening --- */

static bool set_up(struct err *err, struct sql *sql, enum sql_mode mode)
{
    char text[512];
    snprintf(text, sizeof text, "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY; "
             "PRAGMA mmap_size=0; PRAGMA cache_size=-%d", CACHE_KIB);
    if (!sql_exec(err, sql, text)) return false;
    if (mode == SQL_READ) return true;
    /* EXTRA is FULL, and the deletion of the journal under which a new file is made is durable too: a
     * journal that a power cut brings back would roll the new file back to nothing.
     * Checkpoints are ours to make (sql_checkpoint): SQLite's automatic one swallows a failed fsync. */
    snprintf(text, sizeof text, "PRAGMA synchronous=%s; PRAGMA secure_delete=%s; PRAGMA wal_autocheckpoint=0; "
             "PRAGMA journal_size_limit=67108864", sql->kind->synchronous,
             sql->kind->secure_delete ? "ON" : "OFF");
    return sql_exec(err, sql, text);
}

/* The write-ahead log is turned on before the tables are made: a crash in between leaves a file
 * without tables, and the next opening begins anew. */
static bool make_tables(struct err *err, struct sql *sql)
{
    char text[256];
    if (!sql_exec(err, sql, "PRAGMA page_size=4096; PRAGMA journal_mode=WAL; BEGIN IMMEDIATE")) return false;
    snprintf(text, sizeof text,
             "PRAGMA application_id=%d; CREATE TABLE meta(name TEXT PRIMARY KEY, value) WITHOUT ROWID; "
             "INSERT INTO meta VALUES('format', %d), ('workspace', lower(hex(randomblob(16))))",
             sql->kind->application, sql->kind->format);
    if (sql_exec(err, sql, text) && sql_exec(err, sql, sql->kind->schema) && sql_exec(err, sql, "COMMIT"))
        return true;
    sql_roll_back(sql);
    return false;
}

static bool check_kind(struct err *err, struct sql *sql, bool *empty)
{
    const struct sql_kind *kind = sql->kind;
    int64_t application = 0, tables = 0, format = 0;
    if (!sql_number(err, sql, "PRAGMA application_id", &application)
        || !sql_number(err, sql, "SELECT count(*) FROM sqlite_schema", &tables)) return false;
    *empty = !application && !tables;
    if (*empty) return true;
    sql->unfit = application != kind->application;
    if (sql->unfit)
        return err_set(err, "%s is not a beckon %s: it is an SQLite file of another program or another "
                       "of beckon's files. %s", sql_path(sql), kind->name, kind->cure);
    if (!sql_number(err, sql, "SELECT value FROM meta WHERE name='format'", &format)) return false;
    sql->unfit = format != kind->format;
    if (format > kind->format)
        return err_set(err, "%s has format %lld; this program knows formats up to %d. Use the newer "
                       "program that wrote it, or restore a backup made before that.",
                       sql_path(sql), (long long)format, kind->format);
    return !sql->unfit || sql_damaged(err, sql, "format %lld is unknown", (long long)format);
}

static bool turn_on_wal(struct err *err, struct sql *sql)
{
    sqlite3_stmt *statement;
    bool row = false;
    if (!sql_prepare(err, sql, &statement, "PRAGMA journal_mode=WAL")) return false;
    bool done = sql_step(err, sql, statement, &row);
    bool on = row && str_equal(sql_column(statement, 0), STR("wal"));
    sqlite3_finalize(statement);
    return done && (on || err_set(err, "%s cannot have a write-ahead log here: put the data folder on a "
                                  "local file system (not NFS).", sql_path(sql)));
}

static int note_wal_frames(void *context, sqlite3 *db, const char *name, int frames)
{
    UNUSED(db);
    UNUSED(name);
    ((struct sql *)context)->wal_frames = frames;
    return SQLITE_OK;
}

bool sql_open(struct err *err, struct sql *sql, const struct sql_kind *kind, const char *path,
              const char *vfs, enum sql_mode mode)
{
    *sql = (struct sql){ .kind = kind };
    int flags = SQLITE_OPEN_NOMUTEX
        | (mode == SQL_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE)
        | (mode == SQL_WRITE ? SQLITE_OPEN_CREATE : 0);
    if (mode == SQL_WRITE && !vfs) sql_make_private(path);
    int code = sqlite3_open_v2(path, &sql->db, flags, vfs);
    must(sql->db); /* NULL only when out of memory */
    bool empty = false, opened = false;
    if (code != SQLITE_OK) {
        int number = sqlite3_system_errno(sql->db);
        err_set(err, "%s cannot be opened (%s): check that the folder is there and may be used.", path,
                number ? strerror(number) : sqlite3_errmsg(sql->db));
    } else {
        sqlite3_extended_result_codes(sql->db, 1);
        sqlite3_busy_timeout(sql->db, BUSY_MS);
        opened = set_up(err, sql, mode) && check_kind(err, sql, &empty);
        if (opened && mode != SQL_WRITE && empty)
            opened = err_set(err, "%s is empty: there is no beckon %s yet.", path, kind->name);
        if (opened && mode == SQL_WRITE)
            opened = (!empty || make_tables(err, sql)) && turn_on_wal(err, sql)
                && renew_wal(err, sql) && (vfs || sql_sync_directory(err, path));
    }
    if (opened && mode == SQL_WRITE) sqlite3_wal_hook(sql->db, note_wal_frames, sql);
    if (!opened) sql_close(sql);
    return opened;
}

void sql_close(struct sql *sql)
{
    if (!sql->db) return;
    int code = sqlite3_close(sql->db);
    must(code == SQLITE_OK); /* BUSY: a statement was not finalized */
    sql->db = NULL;
}
