#include <stdlib.h>

#include "base/memory.h"
#include "log/views_file.h"

/* Requests since a time, each with the moment its wait ended: met; else the end of the conversation, if
 * that came later; else 0, it still waits. */
#define REQUESTS "SELECT r.at_ms, r.met_ms, CASE WHEN r.met_ms=0 THEN (SELECT CASE WHEN c.resolved_ms>=r.at_ms " \
    "THEN c.resolved_ms ELSE 0 END FROM conversation c WHERE c.id=r.conversation) END FROM request r WHERE r.at_ms>=?1"

struct bucket {
    int64_t opened, requests, met, answered, waited_ms; /* waited_ms: of those met, together */
};

struct figures {
    int64_t since_ms, now_ms, target_ms, bucket_ms, first_ms; /* first_ms: begin of the first bucket */
    size_t bucket_count;
    struct bucket *buckets;
    int64_t opened, resolved, answered, recontacts, ratings, stars;
    int64_t requests, met, met_in_time, missed, longest_ms;
    int64_t *waits; /* of those met */
    size_t wait_capacity;
};

/* Runs a query of at most two parameters (since, bucket) and gives each row to `row_fn`. */
static bool each_row(struct err *err, struct views *views, const char *text, struct figures *figures,
                     void (*row_fn)(struct figures *figures, sqlite3_stmt *get))
{
    sqlite3_stmt *get;
    bool row = true, done;
    if (!sql_prepare(err, &views->sql, &get, text)) return false;
    bool by_bucket = sqlite3_bind_parameter_count(get) > 1;
    sqlite3_bind_int64(get, 1, by_bucket ? figures->first_ms : figures->since_ms);
    if (by_bucket) sqlite3_bind_int64(get, 2, figures->bucket_ms);
    while ((done = sql_step(err, &views->sql, get, &row)) && row) row_fn(figures, get);
    sqlite3_finalize(get);
    return done;
}

static struct bucket *bucket_at(struct figures *figures, int64_t index)
{
    return index >= 0 && (size_t)index < figures->bucket_count ? &figures->buckets[index] : NULL;
}

static void see_counts(struct figures *figures, sqlite3_stmt *get)
{
    figures->opened = sqlite3_column_int64(get, 0);
    figures->answered = sqlite3_column_int64(get, 1);
    figures->resolved = sqlite3_column_int64(get, 2);
    figures->recontacts = sqlite3_column_int64(get, 3);
    figures->ratings = sqlite3_column_int64(get, 4);
    figures->stars = sqlite3_column_int64(get, 5);
}

static void see_opened(struct figures *figures, sqlite3_stmt *get)
{
    struct bucket *bucket = bucket_at(figures, sqlite3_column_int64(get, 0));
    if (bucket) bucket->opened = sqlite3_column_int64(get, 1);
}

static void see_answered(struct figures *figures, sqlite3_stmt *get)
{
    struct bucket *bucket = bucket_at(figures, sqlite3_column_int64(get, 0));
    if (bucket) bucket->answered = sqlite3_column_int64(get, 1);
}

static void see_request(struct figures *figures, sqlite3_stmt *get)
{
    int64_t at = sqlite3_column_int64(get, 0), met = sqlite3_column_int64(get, 1), ended = sqlite3_column_int64(get, 2);
    int64_t end = met ? met : ended ? ended : figures->now_ms, wait = end > at ? end - at : 0;
    struct bucket *bucket = figures->bucket_ms && at >= figures->first_ms
        ? bucket_at(figures, (at - figures->first_ms) / figures->bucket_ms) : NULL;
    figures->requests++;
    if (bucket) bucket->requests++;
    if (wait > figures->longest_ms) figures->longest_ms = wait;
    if (!met) {
        figures->missed += wait > figures->target_ms;
        return;
    }
    if (bucket) {
        bucket->met++;
        bucket->waited_ms += wait;
    }
    if ((size_t)figures->met == figures->wait_capacity) {
        figures->wait_capacity = figures->wait_capacity ? figures->wait_capacity * 2 : 256;
        figures->waits = memory_resize(figures->waits, figures->wait_capacity, sizeof *figures->waits);
    }
    figures->waits[figures->met++] = wait;
    figures->met_in_time += wait <= figures->target_ms;
}

static int by_wait(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Nearest rank: the smallest wait that at least `percent` of all do not exceed. */
static int64_t percentile(const struct figures *figures, int64_t percent)
{
    if (!figures->met) return 0;
    int64_t rank = (figures->met * percent + 99) / 100;
    return figures->waits[rank > 0 ? rank - 1 : 0];
}

static void add_number(struct buf *out, const char *name, int64_t number)
{
    buf_add_format(out, "\"%s\":%lld,", name, (long long)number);
}

static void add_ratio(struct buf *out, const char *name, int64_t part, int64_t whole)
{
    if (whole) buf_add_format(out, "\"%s\":%.4f,", name, (double)part / (double)whole);
    else buf_add_format(out, "\"%s\":null,", name);
}

static void write_figures(const struct figures *figures, struct buf *out)
{
    buf_add_char(out, '{');
    add_number(out, "opened", figures->opened);
    add_number(out, "resolved", figures->resolved);
    add_number(out, "answered_by_assistant", figures->answered);
    add_number(out, "human_requests", figures->requests);
    add_number(out, "met", figures->met);
    add_number(out, "met_in_time", figures->met_in_time);
    add_ratio(out, "service_level", figures->met_in_time, figures->met + figures->missed);
    add_number(out, "median_wait_ms", percentile(figures, 50));
    add_number(out, "p95_wait_ms", percentile(figures, 95));
    add_number(out, "longest_wait_ms", figures->longest_ms);
    add_number(out, "ratings", figures->ratings);
    add_ratio(out, "rating_mean", figures->stars, figures->ratings);
    add_number(out, "recontacts", figures->recontacts);
    buf_add_str(out, STR("\"series\":["));
    for (size_t i = 0; i < figures->bucket_count; i++) {
        const struct bucket *bucket = &figures->buckets[i];
        buf_add_format(out, "%s{\"at\":%lld,\"opened\":%lld,\"requests\":%lld,\"met\":%lld,\"answered\":%lld,\"wait_ms\":%lld}",
                       i ? "," : "", (long long)(figures->first_ms + (int64_t)i * figures->bucket_ms),
                       (long long)bucket->opened, (long long)bucket->requests, (long long)bucket->met,
                       (long long)bucket->answered, (long long)(bucket->met ? bucket->waited_ms / bucket->met : 0));
    }
    buf_add_str(out, STR("]}"));
}

static void lay_out_buckets(struct figures *figures)
{
    figures->first_ms = figures->since_ms;
    if (figures->bucket_ms <= 0 || figures->now_ms < figures->since_ms) {
        figures->bucket_ms = 0;
        return;
    }
    int64_t count = (figures->now_ms - figures->since_ms) / figures->bucket_ms + 1;
    if (count > VIEWS_BUCKETS_MAX) {
        figures->first_ms += (count - VIEWS_BUCKETS_MAX) * figures->bucket_ms;
        count = VIEWS_BUCKETS_MAX;
    }
    figures->bucket_count = (size_t)count;
}

#define ANSWERED "assistant_answers>0 AND requested_ms=0"

bool views_figures(struct err *err, struct views *views, int64_t since_ms, int64_t now_ms, int64_t target_ms,
                   int64_t bucket_ms, struct buf *out)
{
    struct figures figures = { .since_ms = since_ms, .now_ms = now_ms, .target_ms = target_ms, .bucket_ms = bucket_ms };
    must(!views->held.count); /* views_settle */
    lay_out_buckets(&figures);
    figures.buckets = MEMORY_NEW_ARRAY(struct bucket, figures.bucket_count);
    bool done = each_row(err, views,
            "SELECT (SELECT count(*) FROM conversation WHERE opened_ms>=?1),"
            "(SELECT count(*) FROM conversation WHERE opened_ms>=?1 AND " ANSWERED "),"
            "(SELECT count(*) FROM conversation WHERE resolved_ms>=?1 AND resolved_ms>0),"
            "(SELECT count(*) FROM conversation WHERE opened_ms>=?1 AND recontact>0),"
            "(SELECT count(*) FROM conversation WHERE last_ms>=?1 AND stars>0),"
            "(SELECT coalesce(sum(stars), 0) FROM conversation WHERE last_ms>=?1 AND stars>0)", &figures, see_counts)
        && each_row(err, views, REQUESTS, &figures, see_request)
        && (!figures.bucket_ms
            || (each_row(err, views, "SELECT (opened_ms-?1)/?2 AS at, count(*) FROM conversation WHERE opened_ms>=?1 "
                         "GROUP BY at", &figures, see_opened)
                && each_row(err, views, "SELECT (opened_ms-?1)/?2 AS at, count(*) FROM conversation "
                            "WHERE opened_ms>=?1 AND " ANSWERED " GROUP BY at", &figures, see_answered)));
    if (done) {
        if (figures.met) qsort(figures.waits, (size_t)figures.met, sizeof *figures.waits, by_wait);
        write_figures(&figures, out);
    }
    memory_free(figures.buckets);
    memory_free(figures.waits);
    return done;
}
