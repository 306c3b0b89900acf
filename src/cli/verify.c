/* verify.c - beckon verify: is the log as it was written, and the snapshot what the log says?
 *
 * The chain shows what was changed, taken out or put elsewhere. What it cannot show is an end that was
 * cut off: that shows in what has seen more than there is now, the snapshot, the views, and the head
 * that somebody noted. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/offline.h"
#include "engine/engine.h"
#include "log/log.h"
#include "log/views.h"
#include "node/record.h"

struct head {
    uint64_t seq;
    uint8_t hash[LOG_HASH_LEN];
};

struct check {
    struct cli_progress progress;
    struct err *err;
    struct log *log;
    uint64_t last, bad;     /* bad: the first event that is not as it was written, or 0 */
    uint64_t seen;          /* by the views */
    struct head head;       /* of the log */
    const struct head *known; /* noted earlier, or NULL */
    /* while the records are read */
    struct engine *engine;
    uint64_t snapshot_seq;
    bool wrong;             /* the snapshot is */
    struct buf snapshot;
};

static void on_progress(void *context, uint64_t seq, uint64_t last)
{
    cli_progress(&((struct check *)context)->progress, seq, last);
}

/* --- the records, and the state that they give --- */

static bool is_same_state(const struct engine *engine, const struct buf *snapshot)
{
    struct buf state;
    buf_init(&state, LIMIT_SNAPSHOT);
    engine_encode(engine, &state);
    bool same = str_equal(buf_str(&state), buf_str(snapshot));
    buf_free(&state);
    return same;
}

static bool read_record(void *context, const struct log_record *record)
{
    struct check *check = context;
    struct event event;
    if (!record_decode(check->err, record->bytes, record->seq, &event)) {
        check->bad = record->seq;
        return false;
    }
    engine_apply(check->engine, &event);
    check->wrong = record->seq == check->snapshot_seq && !is_same_state(check->engine, &check->snapshot);
    if (check->wrong)
        return err_set(check->err, "the snapshot after event %llu is not the state that the events give. The events are "
                       "as they were written: stop the server and run `beckon rebuild`, which begins from them",
                       (unsigned long long)record->seq);
    if (record->seq % 4096 == 0)
        cli_progress(&check->progress, record->seq, check->last);
    return true;
}

/* One of another version's format is not used by anybody: nothing to compare with. */
static void take_snapshot(struct check *check)
{
    struct err ignored = { "" };
    struct engine *engine = engine_new();
    buf_init(&check->snapshot, LIMIT_SNAPSHOT);
    if (!log_get_snapshot(&ignored, check->log, &check->snapshot_seq, &check->snapshot) ||
        !engine_decode(&ignored, engine, buf_str(&check->snapshot)))
        check->snapshot_seq = 0;
    engine_free(engine);
}

static bool check_records(struct check *check)
{
    check->progress = (struct cli_progress){ .what = "reading the records" };
    check->engine = engine_new();
    take_snapshot(check);
    bool fine = log_read(check->err, check->log, 1, check->last, read_record, check) && !check->bad &&
        !check->wrong;
    cli_progress_end(&check->progress);
    engine_free(check->engine);
    buf_free(&check->snapshot);
    return fine;
}

/* --- the end --- */

static bool check_known(struct check *check)
{
    uint8_t hash[LOG_HASH_LEN];
    bool found;
    const struct head *known = check->known;
    if (!known)
        return true;
    if (!log_hash_at(check->err, check->log, known->seq, hash, &found))
        return false;
    if (found && memcmp(hash, known->hash, sizeof hash) == 0)
        return true;
    check->bad = found ? known->seq : check->last + 1;
    return found ? err_set(check->err, "it has another hash than the one given: the log was written anew, up to here or "
                           "from an earlier event on")
                 : err_set(check->err, "it is missing: the log ends with event %llu, and event %llu was there once",
                           (unsigned long long)check->last, (unsigned long long)known->seq);
}

static bool check_seen(struct check *check)
{
    if (check->seen <= check->last)
        return true;
    check->bad = check->last + 1;
    return err_set(check->err, "it is missing: the log ends with event %llu, but the views have seen event %llu. Either an "
                   "older log was put in place, or the end of this one is lost; restore the newest backup",
                   (unsigned long long)check->last, (unsigned long long)check->seen);
}

static bool run(struct check *check)
{
    check->progress = (struct cli_progress){ .what = "recomputing the chain" };
    bool fine = log_verify(check->err, check->log, &check->last, &check->bad, on_progress, check);
    cli_progress_end(&check->progress);
    bool found = false;
    check->head.seq = check->last;
    return fine && check_seen(check) && check_known(check) && check_records(check) &&
        log_hash_at(check->err, check->log, check->last, check->head.hash, &found) && found;
}

/* --- words --- */

static void add_head(const struct head *head, struct buf *out)
{
    buf_add_format(out, "%llu:", (unsigned long long)head->seq);
    buf_add_hex(out, head->hash, sizeof head->hash);
}

static bool read_head(const char *text, struct head *head)
{
    struct str rest = str_of(text), number;
    if (!str_split(&rest, ':', &number) || !str_to_u64(number, &head->seq) || !head->seq ||
        rest.len != 2 * LOG_HASH_LEN)
        return false;
    for (size_t i = 0; i < LOG_HASH_LEN; i++) {
        int high = str_hex_digit(rest.data[2 * i]), low = str_hex_digit(rest.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        head->hash[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static int report(const struct check *check, bool fine, bool json)
{
    struct buf text;
    buf_init(&text, 8 * ERR_MAX);
    unsigned long long last = check->last, bad = check->bad;
    if (json && fine) {
        buf_add_format(&text, "{\"ok\":true,\"events\":%llu,\"head\":\"", last);
        add_head(&check->head, &text);
        buf_add_str(&text, STR("\"}"));
    } else if (json) {
        buf_add_format(&text, "{\"ok\":false,\"first_bad\":%llu,\"error\":", bad);
        buf_add_json_str(&text, str_of(check->err->text));
        buf_add_char(&text, '}');
    } else if (fine) {
        buf_add_format(&text, "%llu events, every hash as it was written\nhead ", last);
        add_head(&check->head, &text);
    }
    if (text.len)
        puts(buf_cstr(&text));
    else if (bad)
        cli_say("event %llu is bad: %s", bad, check->err->text);
    else
        cli_say("%s", check->err->text);
    buf_free(&text);
    return fine ? CLI_OK : CLI_FAILED;
}

int cli_verify(int argc, char **argv)
{
    struct cli_args args;
    struct err err = { "" };
    struct arena arena = { 0 };
    struct head known;
    if (!cli_parse(&args, argc, argv))
        return CLI_USAGE;
    const char *directory = args.operands[0], *noted = cli_value(&args, "head", NULL);
    struct check check = { .err = &err, .known = noted ? &known : NULL };
    if (noted && !read_head(noted, &known))
        return cli_usage_error(&args, "`--head %s`: give it as `beckon verify` printed it, N:HASH", noted);
    bool fine = data_exists(&err, directory);
    if (fine) {
        /* In this order: what a server writes meanwhile is in the log before the views see it. */
        check.seen = views_cursor_of(data_path(&arena, directory, "views.db"));
        check.log = log_open_reader(&err, data_path(&arena, directory, "log.db"), NULL);
        fine = check.log && run(&check);
    }
    int status = report(&check, fine, cli_given(&args, "json"));
    if (check.log)
        log_close(check.log);
    arena_free(&arena);
    return status;
}
