#include "log/log_file.h"

#define PROGRESS_EVERY 10000

struct check {
    void (*progress)(void *context, uint64_t seq, uint64_t last);
    void *context;
    uint64_t last;
};

static bool tell_progress(void *context, const struct log_record *record)
{
    struct check *check = context;
    if (check->progress && record->seq % PROGRESS_EVERY == 0)
        check->progress(check->context, record->seq, check->last);
    return true;
}

/* What the chain alone does not show: records in front of the first, and an end that was cut off. */
static bool check_ends(struct err *err, struct log *log, uint64_t last, uint64_t *bad)
{
    int64_t before = 0, snapshot = 0;
    if (!sql_number(err, &log->sql, "SELECT count(*) FROM record WHERE seq<1", &before)
        || !sql_number(err, &log->sql, "SELECT coalesce(max(seq), 0) FROM snapshot", &snapshot)) return false;
    if (before) {
        *bad = 1;
        return sql_damaged(err, &log->sql, "something stands in front of event 1");
    }
    if ((uint64_t)snapshot <= last) return true;
    *bad = last + 1;
    return sql_damaged(err, &log->sql, "event %llu is missing: it ends with event %llu, but a snapshot was made after "
                       "event %lld", (unsigned long long)*bad, (unsigned long long)last, (long long)snapshot);
}

bool log_verify(struct err *err, struct log *log, uint64_t *count, uint64_t *bad,
                void (*progress)(void *context, uint64_t seq, uint64_t last), void *context)
{
    struct check check = { progress, context, log_last(log) };
    struct log_walk walk = { .from = 1, .each = tell_progress, .context = &check };
    bool good = log_walk(err, log, &walk);
    *count = walk.last;
    *bad = good ? 0 : walk.bad;
    good = good && check_ends(err, log, walk.last, bad);
    if (good && progress) progress(context, walk.last, walk.last);
    return good;
}

bool log_backup(struct err *err, const char *from, const char *to)
{
    return sql_backup(err, &log_kind, from, to);
}
