#include "log/log_file.h"

bool log_hash_at(struct err *err, struct log *log, uint64_t seq, uint8_t hash[LOG_HASH_LEN], bool *found)
{
    memset(hash, 0, LOG_HASH_LEN);
    *found = seq == 0;
    if (*found) return true;
    bool row;
    sqlite3_bind_int64(log->hash_at, 1, (sqlite3_int64)seq);
    bool done = sql_step(err, &log->sql, log->hash_at, &row);
    struct str stored = row ? sql_column(log->hash_at, 0) : STR_EMPTY;
    *found = stored.len == LOG_HASH_LEN;
    if (*found) memcpy(hash, stored.data, LOG_HASH_LEN);
    sqlite3_reset(log->hash_at);
    return done;
}

static bool check_record(struct err *err, struct log *log, const struct log_record *record, uint64_t expected,
                         uint8_t hash[LOG_HASH_LEN])
{
    unsigned long long seq = record->seq, wanted = expected;
    if (seq > wanted)
        return sql_damaged(err, &log->sql, "event %llu is missing (after event %llu comes event %llu)",
                           wanted, wanted - 1, seq);
    if (seq < wanted)
        return sql_damaged(err, &log->sql, "event %llu is out of order (event %llu stands in its place)",
                           wanted, seq);
    struct str stored = sql_column(log->range, 2);
    log_chain(hash, hash, record);
    if (!str_equal(stored, str_make((char *)hash, LOG_HASH_LEN)))
        return sql_damaged(err, &log->sql, "event %llu is not what was written: its hash does not fit", seq);
    return true;
}

static bool walk_rows(struct err *err, struct log *log, struct log_walk *walk, uint8_t hash[LOG_HASH_LEN])
{
    uint64_t expected = walk->from;
    bool row;
    for (walk->bad = expected; sql_step(err, &log->sql, log->range, &row); walk->bad = ++expected) {
        struct log_record record = { 0 };
        if (row) {
            record.seq = (uint64_t)sqlite3_column_int64(log->range, 0);
            record.at_ms = sqlite3_column_int64(log->range, 1);
            record.bytes = sql_column(log->range, 3);
        }
        bool over = !row || (walk->to && record.seq > walk->to);
        if (over && walk->to && expected <= walk->to && row)
            return check_record(err, log, &record, expected, hash);
        if (over) return true;
        if (!check_record(err, log, &record, expected, hash)) return false;
        walk->last = expected;
        if (walk->each && !walk->each(walk->context, &record)) return true;
    }
    return false;
}

bool log_walk(struct err *err, struct log *log, struct log_walk *walk)
{
    must(walk->from && !sqlite3_stmt_busy(log->range)); /* `each` may not read the same log */
    uint8_t hash[LOG_HASH_LEN];
    bool found;
    walk->last = walk->from - 1;
    walk->bad = walk->from;
    if (!log_hash_at(err, log, walk->from - 1, hash, &found)) return false;
    if (!found) {
        uint64_t last = log_last(log);
        if (walk->from > last) return true; /* nothing there yet */
        walk->bad = walk->from - 1;
        return sql_damaged(err, &log->sql, "event %llu is missing or has no hash", (unsigned long long)walk->bad);
    }
    sqlite3_bind_int64(log->range, 1, (sqlite3_int64)walk->from);
    bool done = walk_rows(err, log, walk, hash);
    sqlite3_reset(log->range);
    return done;
}

bool log_read(struct err *err, struct log *log, uint64_t from, uint64_t to, log_each_fn *each, void *context)
{
    struct log_walk walk = { .from = from ? from : 1, .to = to, .each = each, .context = context };
    return log_walk(err, log, &walk);
}

struct copy {
    struct arena *arena;
    struct log_record *out;
    bool found;
};

static bool copy_record(void *context, const struct log_record *record)
{
    struct copy *copy = context;
    *copy->out = *record;
    copy->out->bytes = arena_copy(copy->arena, record->bytes);
    copy->found = true;
    return false;
}

bool log_get(struct err *err, struct log *log, uint64_t seq, struct arena *arena, struct log_record *out)
{
    struct copy copy = { .arena = arena, .out = out };
    if (seq && !log_read(err, log, seq, seq, copy_record, &copy)) return false;
    return copy.found || err_set(err, "There is no event %llu; the last is %llu.", (unsigned long long)seq,
                                 (unsigned long long)log_last(log));
}
