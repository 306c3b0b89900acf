#include "log/log.h"

#include <sodium.h>

#include "base/limits.h"
#include "base/memory.h"
#include "log/log_file.h"

/* 16 MiB: long enough that a checkpoint's two fsyncs are shared by many commits, short enough that a
 * start after a crash reads it in a moment. */
#define WAL_LIMIT_PAGES 4096
#define WAL_RESERVE_PAGES (WAL_LIMIT_PAGES + 256)
#define WAL_RESERVE_SIMULATED 8 /* the fault tests' disks are made by the thousand */

const struct sql_kind log_kind = {
    .name = "log", .application = 0x62636c67, .format = LOG_FORMAT, .synchronous = "EXTRA",
    .schema =
        "CREATE TABLE record(seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, hash BLOB NOT NULL,"
        " bytes BLOB NOT NULL);"
        "CREATE TABLE snapshot(seq INTEGER PRIMARY KEY, len INTEGER NOT NULL, checksum BLOB NOT NULL);"
        "CREATE TABLE snapshot_part(seq INTEGER NOT NULL, part INTEGER NOT NULL, bytes BLOB NOT NULL,"
        " PRIMARY KEY(seq, part));",
    .cure = "Stop the server, keep the file for later, and restore the newest backup of it.",
};

void log_chain(uint8_t hash[LOG_HASH_LEN], const uint8_t before[LOG_HASH_LEN],
               const struct log_record *record)
{
    uint8_t head[16];
    for (int i = 0; i < 8; i++) {
        head[i] = (uint8_t)(record->seq >> 8 * i);
        head[8 + i] = (uint8_t)((uint64_t)record->at_ms >> 8 * i);
    }
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, LOG_HASH_LEN);
    crypto_generichash_update(&state, before, LOG_HASH_LEN);
    crypto_generichash_update(&state, head, sizeof head);
    crypto_generichash_update(&state, (const uint8_t *)record->bytes.data, record->bytes.len);
    crypto_generichash_final(&state, hash, LOG_HASH_LEN);
}

/* --- opening --- */

void log_start(void)
{
    must(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK && sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0) == SQLITE_OK);
}

static bool prepare_all(struct err *err, struct log *log)
{
    struct sql *sql = &log->sql;
    return sql_prepare(err, sql, &log->range, "SELECT seq, at_ms, hash, bytes FROM record WHERE seq>=? ORDER BY seq")
        && sql_prepare(err, sql, &log->hash_at, "SELECT hash FROM record WHERE seq=?")
        && sql_prepare(err, sql, &log->newest, "SELECT seq, hash FROM record ORDER BY seq DESC LIMIT 1")
        && (log->role != LOG_WRITER
            || (sql_prepare(err, sql, &log->begin, "BEGIN IMMEDIATE")
                && sql_prepare(err, sql, &log->commit, "COMMIT")
                && sql_prepare(err, sql, &log->insert, "INSERT INTO record VALUES(?,?,?,?)")));
}

static bool find_last(struct err *err, struct log *log, uint64_t *seq, uint8_t hash[LOG_HASH_LEN])
{
    bool row, done = sql_step(err, &log->sql, log->newest, &row);
    *seq = row ? (uint64_t)sqlite3_column_int64(log->newest, 0) : 0;
    memset(hash, 0, LOG_HASH_LEN);
    if (row) {
        struct str stored = sql_column(log->newest, 1);
        if (stored.len == LOG_HASH_LEN) memcpy(hash, stored.data, LOG_HASH_LEN);
    }
    sqlite3_reset(log->newest);
    return done;
}

/* The last link of the chain fits, and no snapshot is of a later record than the last. */
static bool check_end(struct err *err, struct log *log)
{
    int64_t snapshot = 0;
    if (!find_last(err, log, &log->last, log->last_hash)
        || !sql_number(err, &log->sql, "SELECT coalesce(max(seq), 0) FROM snapshot", &snapshot)) return false;
    if ((uint64_t)snapshot > log->last)
        return sql_damaged(err, &log->sql, "it ends with event %llu, but a snapshot was made after event %lld",
                           (unsigned long long)log->last, (long long)snapshot);
    struct log_walk walk = { .from = log->last, .to = log->last };
    return log->last == 0 || log_walk(err, log, &walk);
}

static struct log *open_as(struct err *err, const char *path, const char *vfs, enum log_role role)
{
    static const enum sql_mode modes[] = { [LOG_WRITER] = SQL_WRITE, [LOG_READER] = SQL_READ, [LOG_MOVER] = SQL_JOIN };
    must(sodium_init() >= 0);
    struct log *log = MEMORY_NEW(struct log);
    log->role = role;
    log->wal_limit = WAL_LIMIT_PAGES;
    if (sql_open(err, &log->sql, &log_kind, path, vfs, modes[role])) {
        size_t pages = vfs ? WAL_RESERVE_SIMULATED : WAL_RESERVE_PAGES;
        if (role == LOG_MOVER || (prepare_all(err, log) &&
                                  (role == LOG_READER || (check_end(err, log) && sql_reserve_wal(err, &log->sql, pages)))))
            return log;
    }
    log_close(log);
    return NULL;
}

struct log *log_open(struct err *err, const char *path, const char *vfs)
{
    return open_as(err, path, vfs, LOG_WRITER);
}

struct log *log_open_reader(struct err *err, const char *path, const char *vfs)
{
    return open_as(err, path, vfs, LOG_READER);
}

struct log *log_open_mover(struct err *err, const char *path, const char *vfs)
{
    return open_as(err, path, vfs, LOG_MOVER);
}

void log_close(struct log *log)
{
    if (!log) return;
    sqlite3_stmt *statements[] = { log->begin, log->commit, log->insert, log->range, log->hash_at, log->newest };
    for (size_t i = 0; i < ARRAY_LEN(statements); i++) sqlite3_finalize(statements[i]);
    /* What a failed checkpoint leaves in the write-ahead log, the next start moves: only a failed
     * fsync matters, and that sql_checkpoint reports itself. */
    struct err ignored;
    if (log->sql.db && log->role == LOG_WRITER && !log->sql.broken
        && !sql_checkpoint(&ignored, &log->sql, SQLITE_CHECKPOINT_PASSIVE)) log->sql.wal_frames = 0;
    sql_close(&log->sql);
    memory_free(log);
}

uint64_t log_last(const struct log *log)
{
    if (log->role == LOG_WRITER) return log->last;
    struct err ignored;
    uint64_t last = 0;
    uint8_t hash[LOG_HASH_LEN];
    return find_last(&ignored, (struct log *)(uintptr_t)log, &last, hash) ? last : 0;
}

void log_last_hash(const struct log *log, uint8_t hash[LOG_HASH_LEN])
{
    struct err ignored;
    uint64_t last;
    if (log->role == LOG_WRITER) memcpy(hash, log->last_hash, LOG_HASH_LEN);
    else if (!find_last(&ignored, (struct log *)(uintptr_t)log, &last, hash)) memset(hash, 0, LOG_HASH_LEN);
}

/* --- writing --- */

bool log_begin(struct err *err, struct log *log)
{
    must(log->role == LOG_WRITER);
    if (log->sql.broken)
        return err_set(err, "%s takes no more writes after a failure of the disk.", sql_path(&log->sql));
    return sql_run(err, &log->sql, log->begin);
}

enum log_result log_commit(struct err *err, struct log *log)
{
    if (!sql_run(err, &log->sql, log->commit)) {
        sql_roll_back(&log->sql);
        return LOG_FULL;
    }
    /* What is committed is on disk already: a full disk only leaves it in the write-ahead log. */
    struct err ignored;
    if (log->sql.wal_frames > log->wal_limit
        && !sql_checkpoint(&ignored, &log->sql, SQLITE_CHECKPOINT_PASSIVE) && log->sql.broken) {
        *err = ignored;
        return LOG_FULL;
    }
    return LOG_DONE;
}

int log_waiting_pages(const struct log *log)
{
    return log->sql.wal_frames;
}

void log_move(struct log *mover)
{
    struct err ignored; /* a failed fsync goes to log_on_fatal */
    must(mover->role == LOG_MOVER);
    if (!mover->sql.broken && !sql_checkpoint(&ignored, &mover->sql, SQLITE_CHECKPOINT_PASSIVE)) return;
}

/* SQLite's own words for what cannot be cured by trying again. */
static bool beyond_retry(const struct log *log)
{
    int code = sqlite3_errcode(log->sql.db) & 0xff;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_CONSTRAINT;
}

static bool insert_record(struct err *err, struct log *log, const struct log_record *record,
                          const uint8_t hash[LOG_HASH_LEN])
{
    sqlite3_bind_int64(log->insert, 1, (sqlite3_int64)record->seq);
    sqlite3_bind_int64(log->insert, 2, record->at_ms);
    sql_bind_blob(log->insert, 3, hash, LOG_HASH_LEN);
    sql_bind_blob(log->insert, 4, record->bytes.data, record->bytes.len);
    return sql_run(err, &log->sql, log->insert);
}

enum log_result log_append(struct err *err, struct log *log, const struct log_record *records, size_t count)
{
    must(count);
    if (!log_begin(err, log)) return LOG_FULL;
    uint8_t hash[LOG_HASH_LEN];
    memcpy(hash, log->last_hash, LOG_HASH_LEN);
    for (size_t i = 0; i < count; i++) {
        must(records[i].seq == log->last + 1 + i && records[i].bytes.len <= LIMIT_RECORD);
        log_chain(hash, hash, &records[i]);
        if (insert_record(err, log, &records[i], hash)) continue;
        if (beyond_retry(log))
            sql_fatal(err, &log->sql, "event %llu cannot be appended to %s (%s): the file is damaged or another "
                      "process writes it, so this stops. %s", (unsigned long long)records[i].seq,
                      sql_path(&log->sql), sqlite3_errmsg(log->sql.db), log_kind.cure);
        sql_roll_back(&log->sql);
        return LOG_FULL;
    }
    enum log_result result = log_commit(err, log);
    if (result == LOG_DONE) {
        log->last += count;
        memcpy(log->last_hash, hash, LOG_HASH_LEN);
    }
    return result;
}
