#include "log/keys.h"

#include "base/memory.h"
#include "log/sql.h"

#define WAL_LIMIT_PAGES 512
#define WAL_RESERVE_PAGES (WAL_LIMIT_PAGES + 64)

static const struct sql_kind keys_kind = {
    .name = "key store", .application = 0x62636b79, .format = KEYS_FORMAT, .synchronous = "EXTRA",
    .secure_delete = true,
    .schema = "CREATE TABLE key(subject INTEGER PRIMARY KEY, wrapped BLOB NOT NULL);",
    .cure = "Stop the server, keep the file for later, and restore the newest backup of it.",
};

struct keys {
    struct sql sql;
    sqlite3_stmt *begin, *commit, *put, *get, *delete;
};

struct keys *keys_open(struct err *err, const char *path, const char *vfs)
{
    struct keys *keys = MEMORY_NEW(struct keys);
    struct sql *sql = &keys->sql;
    if (sql_open(err, sql, &keys_kind, path, vfs, SQL_WRITE)) {
        if (sql_prepare(err, sql, &keys->begin, "BEGIN IMMEDIATE")
            && sql_prepare(err, sql, &keys->commit, "COMMIT")
            && sql_prepare(err, sql, &keys->put, "INSERT INTO key VALUES(?,?)")
            && sql_prepare(err, sql, &keys->get, "SELECT wrapped FROM key WHERE subject=?")
            && sql_prepare(err, sql, &keys->delete, "DELETE FROM key WHERE subject=?")
            && (vfs || sql_reserve_wal(err, sql, WAL_RESERVE_PAGES))) return keys;
    }
    keys_close(keys);
    return NULL;
}

void keys_close(struct keys *keys)
{
    if (!keys) return;
    sqlite3_stmt *statements[] = { keys->begin, keys->commit, keys->put, keys->get, keys->delete };
    for (size_t i = 0; i < ARRAY_LEN(statements); i++) sqlite3_finalize(statements[i]);
    struct err ignored;
    if (keys->sql.db && !keys->sql.broken
        && !sql_checkpoint(&ignored, &keys->sql, SQLITE_CHECKPOINT_PASSIVE)) keys->sql.wal_frames = 0;
    sql_close(&keys->sql);
    memory_free(keys);
}

static bool begin(struct err *err, struct keys *keys)
{
    if (keys->sql.broken)
        return err_set(err, "%s takes no more writes after a failure of the disk.", sql_path(&keys->sql));
    return sql_run(err, &keys->sql, keys->begin);
}

bool keys_get(struct err *err, struct keys *keys, uint64_t subject, struct buf *wrapped)
{
    bool row;
    err->text[0] = '\0';
    sqlite3_bind_int64(keys->get, 1, (sqlite3_int64)subject);
    bool done = sql_step(err, &keys->sql, keys->get, &row);
    if (done && row) buf_add_str(wrapped, sql_column(keys->get, 0));
    sqlite3_reset(keys->get);
    return done && row;
}

bool keys_each(struct err *err, struct keys *keys, keys_each_fn *each, void *context)
{
    sqlite3_stmt *all;
    bool row = true, goes_on = true, done = true;
    if (!sql_prepare(err, &keys->sql, &all, "SELECT subject, wrapped FROM key ORDER BY subject")) return false;
    while (goes_on && (done = sql_step(err, &keys->sql, all, &row)) && row) {
        struct key_row key = { (uint64_t)sqlite3_column_int64(all, 0), sql_column(all, 1) };
        goes_on = each(context, &key);
    }
    sqlite3_finalize(all);
    return done;
}

/* A key that is there already may be put again (a repeat after a crash), another may not. */
static bool put(struct err *err, struct keys *keys, const struct key_row *row)
{
    struct err why;
    struct buf stored;
    sqlite3_bind_int64(keys->put, 1, (sqlite3_int64)row->subject);
    sql_bind_blob(keys->put, 2, row->wrapped.data, row->wrapped.len);
    if (sql_run(&why, &keys->sql, keys->put)) return true;
    *err = why;
    if ((sqlite3_errcode(keys->sql.db) & 0xff) != SQLITE_CONSTRAINT) return false;
    buf_init(&stored, 4096);
    bool same = keys_get(&why, keys, row->subject, &stored) && str_equal(buf_str(&stored), row->wrapped);
    buf_free(&stored);
    return same || sql_fatal(err, &keys->sql, "%s has another key of subject %llu already; to replace it would make "
                             "what it sealed unreadable, so this stops. Is another process using this folder?",
                             sql_path(&keys->sql), (unsigned long long)row->subject);
}

enum log_result keys_put(struct err *err, struct keys *keys, const struct key_row *rows, size_t count)
{
    if (!begin(err, keys)) return LOG_FULL;
    bool done = true;
    for (size_t i = 0; done && i < count; i++) done = put(err, keys, &rows[i]);
    done = done && sql_run(err, &keys->sql, keys->commit);
    if (!done) {
        sql_roll_back(&keys->sql);
        return LOG_FULL;
    }
    struct err why;
    if (keys->sql.wal_frames > WAL_LIMIT_PAGES && !sql_checkpoint(&why, &keys->sql, SQLITE_CHECKPOINT_PASSIVE)
        && keys->sql.broken) {
        *err = why;
        return LOG_FULL;
    }
    return LOG_DONE;
}

/* secure_delete overwrites the row itself. Copies that page splits left behind in unused bytes of
 * other pages go with VACUUM, those in the write-ahead log with its truncation. */
enum log_result keys_delete(struct err *err, struct keys *keys, uint64_t subject)
{
    if (!begin(err, keys)) return LOG_FULL;
    sqlite3_bind_int64(keys->delete, 1, (sqlite3_int64)subject);
    if (!sql_run(err, &keys->sql, keys->delete) || !sql_run(err, &keys->sql, keys->commit)) {
        sql_roll_back(&keys->sql);
        return LOG_FULL;
    }
    return sql_exec(err, &keys->sql, "VACUUM") && sql_checkpoint(err, &keys->sql, SQLITE_CHECKPOINT_TRUNCATE)
        ? LOG_DONE : LOG_FULL;
}

bool keys_backup(struct err *err, const char *from, const char *to)
{
    return sql_backup(err, &keys_kind, from, to);
}
