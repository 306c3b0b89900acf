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

bool log_verify(struct err *err, struct log *log, uint64_t *count, uint64_t *bad,
                void (*progress)(void *context, uint64_t seq, uint64_t last), void *context)
{
    struct check check = { progress, context, log_last(log) };
    struct log_walk walk = { .from = 1, .each = tell_progress, .context = &check };
    bool good = log_walk(err, log, &walk);
    *count = walk.last;
    *bad = good ? 0 : walk.bad;
    if (good && progress) progress(context, walk.last, walk.last);
    return good;
}

bool log_backup(struct err *err, const char *from, const char *to)
{
    return sql_backup(err, &log_kind, from, to);
}
