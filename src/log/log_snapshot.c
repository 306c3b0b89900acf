#include <sodium.h>

#include "base/limits.h"
#include "log/log_file.h"

/* A state may be larger than SQLite's largest blob, and pieces keep its memory small. */
#define PART_LEN (1u << 20)

/* Over the log's hash at `seq`, the seq and the state: a snapshot of another log does not fit either. */
static void checksum_of(uint8_t sum[LOG_HASH_LEN], const uint8_t log_hash[LOG_HASH_LEN], uint64_t seq, struct str state)
{
    struct log_record record = { .seq = seq, .at_ms = (int64_t)state.len, .bytes = state };
    log_chain(sum, log_hash, &record);
}

static bool put_parts(struct err *err, struct log *log, uint64_t seq, struct str state)
{
    sqlite3_stmt *put;
    if (!sql_prepare(err, &log->sql, &put, "INSERT INTO snapshot_part VALUES(?,?,?)")) return false;
    bool done = true;
    for (size_t at = 0, part = 0; done && at < state.len; at += PART_LEN, part++) {
        struct str piece = str_slice(state, at, at + PART_LEN);
        sqlite3_bind_int64(put, 1, (sqlite3_int64)seq);
        sqlite3_bind_int64(put, 2, (sqlite3_int64)part);
        sql_bind_blob(put, 3, piece.data, piece.len);
        done = sql_run(err, &log->sql, put);
    }
    sqlite3_finalize(put);
    return done;
}

static bool delete_parts(struct err *err, struct log *log, uint64_t seq)
{
    sqlite3_stmt *delete;
    if (!sql_prepare(err, &log->sql, &delete, "DELETE FROM snapshot_part WHERE seq=?")) return false;
    sqlite3_bind_int64(delete, 1, (sqlite3_int64)seq);
    bool done = sql_run(err, &log->sql, delete);
    sqlite3_finalize(delete);
    return done;
}

static bool put_snapshot(struct err *err, struct log *log, uint64_t seq, struct str state)
{
    uint8_t hash[LOG_HASH_LEN], sum[LOG_HASH_LEN];
    bool found;
    if (!log_hash_at(err, log, seq, hash, &found)) return false;
    must(found);
    checksum_of(sum, hash, seq, state);
    sqlite3_stmt *put;
    if (!sql_prepare(err, &log->sql, &put, "INSERT OR REPLACE INTO snapshot VALUES(?,?,?)")) return false;
    sqlite3_bind_int64(put, 1, (sqlite3_int64)seq);
    sqlite3_bind_int64(put, 2, (sqlite3_int64)state.len);
    sql_bind_blob(put, 3, sum, sizeof sum);
    bool done = sql_run(err, &log->sql, put);
    sqlite3_finalize(put);
    /* Old ones go first: their pages are used again for this one. So does one of the same record. */
    return done
        && sql_exec(err, &log->sql,
                    "DELETE FROM snapshot WHERE seq NOT IN (SELECT seq FROM snapshot ORDER BY seq DESC LIMIT 2);"
                    "DELETE FROM snapshot_part WHERE seq NOT IN (SELECT seq FROM snapshot)")
        && delete_parts(err, log, seq)
        && put_parts(err, log, seq, state);
}

enum log_result log_put_snapshot(struct err *err, struct log *log, uint64_t seq, struct str state)
{
    must(seq <= log->last && state.len <= LIMIT_SNAPSHOT);
    if (!log_begin(err, log)) return LOG_FULL;
    if (put_snapshot(err, log, seq, state)) return log_commit(err, log);
    sql_roll_back(&log->sql);
    return LOG_FULL;
}

static bool read_parts(struct err *err, struct log *log, uint64_t seq, struct buf *state)
{
    sqlite3_stmt *get;
    bool row = true;
    if (!sql_prepare(err, &log->sql, &get, "SELECT bytes FROM snapshot_part WHERE seq=? ORDER BY part")) return false;
    sqlite3_bind_int64(get, 1, (sqlite3_int64)seq);
    bool done = true;
    while ((done = sql_step(err, &log->sql, get, &row)) && row) buf_add_str(state, sql_column(get, 0));
    sqlite3_finalize(get);
    return done && !state->full;
}

/* The newest snapshot of a record below `below`: its seq (0 if none), length and checksum. */
static bool find_snapshot(struct err *err, struct log *log, uint64_t below, uint64_t *seq, uint64_t *len,
                          uint8_t sum[LOG_HASH_LEN])
{
    sqlite3_stmt *get;
    bool row;
    *seq = 0;
    if (!sql_prepare(err, &log->sql, &get,
                     "SELECT seq, len, checksum FROM snapshot WHERE seq<? ORDER BY seq DESC LIMIT 1")) return false;
    sqlite3_bind_int64(get, 1, (sqlite3_int64)below);
    bool done = sql_step(err, &log->sql, get, &row);
    if (row) {
        struct str stored = sql_column(get, 2);
        *seq = (uint64_t)sqlite3_column_int64(get, 0);
        *len = (uint64_t)sqlite3_column_int64(get, 1);
        memset(sum, 0, LOG_HASH_LEN);
        if (stored.len == LOG_HASH_LEN) memcpy(sum, stored.data, LOG_HASH_LEN);
    }
    sqlite3_finalize(get);
    return done;
}

/* Whatever is wrong with a snapshot, the answer is the one before it: the events are all there. */
static bool read_snapshot(struct log *log, uint64_t seq, uint64_t len, const uint8_t sum[LOG_HASH_LEN],
                          struct buf *state)
{
    struct err ignored;
    uint8_t hash[LOG_HASH_LEN], actual[LOG_HASH_LEN];
    bool found;
    buf_clear(state);
    if (!log_hash_at(&ignored, log, seq, hash, &found) || !found || !read_parts(&ignored, log, seq, state)
        || state->len != len) return false;
    checksum_of(actual, hash, seq, buf_str(state));
    return sodium_memcmp(actual, sum, LOG_HASH_LEN) == 0;
}

bool log_get_snapshot(struct err *err, struct log *log, uint64_t *seq, struct buf *state)
{
    uint64_t below = log_last(log) + 1, len = 0;
    uint8_t sum[LOG_HASH_LEN];
    err->text[0] = '\0';
    while (find_snapshot(err, log, below, seq, &len, sum)) {
        if (*seq == 0) break;
        if (read_snapshot(log, *seq, len, sum, state)) return true;
        below = *seq;
    }
    buf_clear(state);
    return false;
}

enum log_result log_drop_snapshots(struct err *err, struct log *log)
{
    if (!log_begin(err, log)) return LOG_FULL;
    if (sql_exec(err, &log->sql, "DELETE FROM snapshot; DELETE FROM snapshot_part")) return log_commit(err, log);
    sql_roll_back(&log->sql);
    return LOG_FULL;
}
