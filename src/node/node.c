#include "node/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "workspace/versions.h"

char *node_path(const struct node *node, const char *name)
{
    char path[4096];
    must(snprintf(path, sizeof path, "%s/data/%s", node->directory, name) < (int)sizeof path);
    return memory_copy(path, strlen(path) + 1);
}

/* --- the log, read into the engine --- */

struct replay {
    struct engine *engine;
    struct err *err;
    bool failed;
    uint64_t told_at, last;
};

static bool replay_record(void *context, const struct log_record *record)
{
    struct replay *replay = context;
    struct event event;
    if (!record_decode(replay->err, record->bytes, record->seq, &event)) {
        replay->failed = true;
        return false;
    }
    engine_apply(replay->engine, &event);
    if ((record->seq & 0xffff) == 0 && uv_hrtime() - replay->told_at > 1000000000u) {
        replay->told_at = uv_hrtime();
        fprintf(stderr, "beckon: reading the log: %llu of %llu events\n", (unsigned long long)record->seq,
                (unsigned long long)replay->last);
    }
    return true;
}

/* From the newest snapshot, or a new one if there is none that this version can read: the log holds
 * everything. */
static struct engine *engine_of_snapshot(struct log *log, uint64_t *seq)
{
    struct engine *engine = engine_new();
    struct buf state;
    struct err err = { "" };
    buf_init(&state, LIMIT_SNAPSHOT);
    *seq = 0;
    bool found = log_get_snapshot(&err, log, seq, &state);
    if (found && (!engine_decode(&err, engine, buf_str(&state)) || engine_seq(engine) != *seq)) {
        if (!err.text[0]) err_set(&err, "it is of another event than it says");
        engine_free(engine);
        engine = engine_new();
        *seq = 0;
    }
    if (err.text[0]) fprintf(stderr, "beckon: no snapshot can be used (%s); reading the whole log\n", err.text);
    buf_free(&state);
    return engine;
}

struct engine *replay_log(struct err *err, struct log *log, uint64_t *snapshot)
{
    uint64_t seq;
    struct engine *engine = engine_of_snapshot(log, &seq);
    struct replay replay = { engine, err, false, uv_hrtime(), log_last(log) };
    if (snapshot) *snapshot = seq;
    if (log_read(err, log, seq + 1, 0, replay_record, &replay) && !replay.failed) return engine;
    engine_free(engine);
    return NULL;
}

bool node_replay(struct err *err, struct node *node)
{
    uint64_t seq;
    struct engine *engine = replay_log(err, node->log_reader, &seq);
    if (!engine) return false;
    engine_free(node->engine);
    node->engine = engine;
    node->committed = engine_seq(engine);
    node->snapshot_seq = seq;
    clock_follow(node, engine_at_ms(engine));
    engine_start(engine, node_now(node));
    return true;
}

/* --- opening --- */

static bool take_lock(struct err *err, struct node *node)
{
    char data[4096];
    must(snprintf(data, sizeof data, "%s/data", node->directory) < (int)sizeof data);
    if (mkdir(data, 0700) && errno != EEXIST)
        return err_set(err, "cannot make the folder %s: %s", data, strerror(errno));
    char *path = node_path(node, "lock");
    node->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool locked = node->lock_fd >= 0 && flock(node->lock_fd, LOCK_EX | LOCK_NB) == 0;
    if (!locked && node->lock_fd >= 0)
        err_set(err, "another beckon uses %s already; stop it first, or use another folder", node->directory);
    else if (!locked)
        err_set(err, "cannot open %s: %s", path, strerror(errno));
    memory_free(path);
    return locked;
}

/* A key that cannot be read now is not one that was never made: to go on would seal under another. */
static bool fetch_key(void *context, uint64_t subject, struct buf *wrapped)
{
    struct node *node = context;
    struct err err;
    if (keys_get(&err, node->keys_reader, subject, wrapped)) return true;
    if (err.text[0]) log_on_fatal(err.text);
    return false;
}

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && info.st_size > 0;
}

/* A log without its keys, or keys without their log: one of the two was lost. To make it anew would hide
 * that, give the numbers of the customers of before to others, and seal under keys that no backup has. */
static bool log_is_lost(struct err *err, const char *log, const char *keys)
{
    if (is_there(log) || !is_there(keys)) return false;
    err_set(err, "%s is missing or empty, but %s is there: the log was lost. Put it back, or restore its newest "
            "backup. To begin anew, move the whole data folder away.", log, keys);
    return true;
}

static bool keys_are_lost(struct err *err, uint64_t events, const char *log, const char *keys)
{
    if (!events || is_there(keys)) return false;
    err_set(err, "%s is missing or empty, but %s holds %llu events: the keys were lost. Put the file back, or its "
            "newest backup. If there is none, move the log away and `beckon restore` it without keys: what they "
            "sealed stays unreadable.", keys, log, (unsigned long long)events);
    return true;
}

struct fitting {
    struct vault *vault;
    size_t tried;
    bool fits;
};

/* One key may be damaged; a hundred that do not open are those of another master key. */
static bool try_key(void *context, const struct key_row *row)
{
    struct fitting *fitting = context;
    fitting->fits = vault_wraps(fitting->vault, row->subject, row->wrapped);
    return !fitting->fits && ++fitting->tried < 100;
}

static bool master_fits(struct err *err, const struct node *node, const char *master, const char *keys)
{
    struct fitting fitting = { .vault = node->vault };
    if (!keys_each(err, node->keys_reader, try_key, &fitting)) return false;
    return fitting.fits || !fitting.tried ||
        err_set(err, "%s does not open %s: it is the master key of another workspace. Restore the right one from its "
                "backup. Without it no personal data can be read.", master, keys);
}

static bool open_stores(struct err *err, struct node *node)
{
    char *log = node_path(node, "log.db"), *keys = node_path(node, "keys.db"), *master = node_path(node, "master.key");
    bool fresh = access(log, F_OK) != 0;
    /* The log first: whoever finds keys without a log knows that there was one. */
    bool fine = !log_is_lost(err, log, keys) && vault_master(err, master, fresh, node->master) &&
        (node->log = log_open(err, log, NULL)) && !keys_are_lost(err, log_last(node->log), log, keys) &&
        (node->keys = keys_open(err, keys, NULL)) && (node->log_reader = log_open_reader(err, log, NULL)) &&
        (node->log_mover = log_open_mover(err, log, NULL)) &&
        (node->keys_reader = keys_open(err, keys, NULL));
    if (fine) {
        node->vault = vault_new(node->master, NODE_VAULT_CACHE, fetch_key, node);
        fine = master_fits(err, node, master, keys);
    }
    memory_free(log);
    memory_free(keys);
    memory_free(master);
    return fine;
}

static bool open_views(struct err *err, struct node *node)
{
    bool rebuilt = false;
    if (!project_open(err, node, &rebuilt) || !project_catch_up(err, node)) return false;
    node->viewer = worker_new(node->loop, (struct worker_options){
        .name = "beckon-views", .niceness = 5, .on_idle = project_idle, .idle_ms = NODE_GROUP_MS, .context = node });
    return true;
}

static void close_stores(struct node *node)
{
    project_close(node);
    if (node->log_reader) log_close(node->log_reader);
    if (node->log_mover) log_close(node->log_mover);
    if (node->keys_reader) keys_close(node->keys_reader);
    if (node->keys) keys_close(node->keys);
    if (node->log) log_close(node->log);
    vault_free(node->vault);
    if (node->lock_fd >= 0) close(node->lock_fd);
    engine_free(node->engine);
    events_free(&node->scratch);
    people_free(node);
    draft_forget(node);
    content_drop(node->content);
    memory_free(node->action_base_url);
    memory_free(node->directory);
    memory_free(node);
}

struct node *node_open(struct err *err, const struct node_options *options)
{
    struct node *node = MEMORY_NEW(struct node);
    node->loop = options->loop;
    node->lock_fd = -1;
    node->clock_ns = uv_hrtime();
    node->directory = memory_copy(options->directory, strlen(options->directory) + 1);
    if (options->action_base_url)
        node->action_base_url = memory_copy(options->action_base_url, strlen(options->action_base_url) + 1);
    /* Files that were being published when the process ended come first: half of them may be a mistake. */
    bool pending = versions_pending(node->directory);
    bool whole = !pending || (take_lock(err, node) && versions_finish(err, node->directory));
    struct files *files = whole ? content_files(err, node) : NULL;
    if (files && options->on_files) {
        char *log = node_path(node, "log.db");
        options->on_files(options->context, files->workspace, access(log, F_OK) != 0);
        memory_free(log);
    }
    bool good = files && (pending || take_lock(err, node)) && open_stores(err, node) && node_replay(err, node) &&
                content_open(err, node, files);
    if (good) consult_make_room(node->content->workspace);
    files_drop(files);
    if (!good) {
        close_stores(node);
        return NULL;
    }
    if (node->content->workspace->timezone.len) {
        struct arena arena = { 0 };
        setenv("TZ", arena_cstr(&arena, node->content->workspace->timezone), 1);
        tzset();
        arena_free(&arena);
    }
    if (!open_views(err, node)) {
        close_stores(node);
        return NULL;
    }
    people_load(node);
    commit_start(node);
    tell_start(node);
    consult_start(node);
    translate_start(node);
    content_configure(node);
    assist_start(node);
    approve_start(node);
    content_learn_more(node);
    return node;
}

void node_close(struct node *node)
{
    content_stop(node);
    assist_hurry(node);
    translate_hurry(node);
    while (assist_busy(node) || approve_busy(node) || translate_busy(node) || node->asking || content_busy(node) || node->drafting || node->under_way ||
           node->open->pending_count || node->open->count) {
        translate_hurry(node);
        if (!assist_busy(node) && !approve_busy(node) && !translate_busy(node)) node->stopping = true;
        uv_run(node->loop, UV_RUN_ONCE);
    }
    node->stopping = true;
    approve_stop(node);
    translate_stop(node);
    assist_stop(node);
    consult_stop(node);
    tell_stop(node);
    commit_stop(node);
    worker_free(node->viewer);
    worker_free(node->learner);
    uv_run(node->loop, UV_RUN_NOWAIT);
    close_stores(node);
}

/* --- looking in --- */

void node_subscribe(struct node *node, node_events_fn *on_events, void *context)
{
    must(node->subscriber_count < NODE_SUBSCRIBERS_MAX);
    node->subscribers[node->subscriber_count++] = (struct subscriber){ on_events, context };
}

const struct engine *node_engine(const struct node *node) { return node->engine; }
const struct workspace *node_workspace(const struct node *node) { return node->content->workspace; }
const struct assistant *node_assistant(const struct node *node) { return node->content->assistant; }
const struct vault *node_vault(const struct node *node) { return node->vault; }
uint64_t node_committed(const struct node *node) { return node->committed; }

static int64_t wall_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The wall clock, but never backwards: when it is set back, time goes on from where it was at the
 * monotonic clock's pace, so that offers still expire and leases still end. */
int64_t node_now(const struct node *node)
{
    int64_t steady = node->clock_ms + (int64_t)((uv_hrtime() - node->clock_ns) / 1000000), wall = wall_ms();
    return wall > steady ? wall : steady;
}

bool node_event(struct node *node, uint64_t seq, struct arena *arena, struct event *event)
{
    struct err err;
    struct log_record record;
    return seq && log_get(&err, node->log_reader, seq, arena, &record) && record_decode(&err, record.bytes, seq, event) &&
           record_open(node->vault, event, arena);
}

void clock_follow(struct node *node, int64_t at_least_ms)
{
    int64_t now = node_now(node);
    node->clock_ms = now > at_least_ms ? now : at_least_ms;
    node->clock_ns = uv_hrtime();
}

bool node_ready(const struct node *node)
{
    return !node->full && !node->stopping && !project_behind(node);
}

const char *node_not_ready_reason(const struct node *node)
{
    if (node->full) return node->full_err.text;
    if (node->stopping) return "the server is stopping";
    return project_behind(node) ? "the views cannot be written; is the disk full?" : "";
}

struct digest node_digest(const struct node *node, const char *purpose, struct str text)
{
    struct digest digest;
    vault_digest(node->vault, purpose, text, &digest.high, &digest.low);
    return digest;
}

void node_metrics(const struct node *node, struct node_metrics *out)
{
    *out = node->metrics;
    out->queue_depth = node->open->pending_count;
    out->views_lag = worker_depth(node->viewer);
}
