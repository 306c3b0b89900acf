#include "node/state.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "node/handle.h"

/* The way of a command:
 *
 *   node_submit -> engine -> open batch --flush--> writer thread -> on_written -> readers, answers
 *
 * While a batch is being written the next one fills: that is the group commit. It needs no timer:
 * the slower the disk, the larger the groups. */

static struct batch *batch_new(struct node *node)
{
    struct batch *batch = MEMORY_NEW(struct batch);
    batch->node = node;
    buf_init(&batch->records, NODE_BATCH_MAX);
    return batch;
}

static void batch_free(struct batch *batch)
{
    for (size_t i = 0; i < batch->key_count; i++) buf_free(&batch->keys[i].wrapped);
    memory_free(batch->keys);
    memory_free(batch->events);
    memory_free(batch->record_ends);
    memory_free(batch->pending);
    buf_free(&batch->records);
    arena_free(&batch->arena);
    memory_free(batch);
}

static void batch_add_event(struct batch *batch, const struct event *event)
{
    if (batch->count == batch->capacity) {
        batch->capacity = batch->capacity ? batch->capacity * 2 : 16;
        batch->events = memory_resize(batch->events, batch->capacity, sizeof *batch->events);
        batch->record_ends = memory_resize(batch->record_ends, batch->capacity, sizeof *batch->record_ends);
    }
    record_encode(batch->node->vault, event, &batch->records);
    must(!batch->records.full);
    batch->record_ends[batch->count] = batch->records.len;
    batch->events[batch->count++] = record_copy(event, &batch->arena);
}

static void batch_add_key(struct batch *batch, uint64_t subject, struct buf wrapped)
{
    if (batch->key_count == batch->key_capacity) {
        batch->key_capacity = batch->key_capacity ? batch->key_capacity * 2 : 8;
        batch->keys = memory_resize(batch->keys, batch->key_capacity, sizeof *batch->keys);
    }
    batch->keys[batch->key_count++] = (struct batch_key){ subject, wrapped };
}

static void batch_take_keys(struct batch *batch)
{
    for (;;) {
        uint64_t subject;
        struct buf wrapped;
        buf_init(&wrapped, 1024);
        if (!vault_take_new(batch->node->vault, &subject, &wrapped)) {
            buf_free(&wrapped);
            return;
        }
        batch_add_key(batch, subject, wrapped);
    }
}

static void batch_add_pending(struct batch *batch, struct pending pending)
{
    if (batch->pending_count == batch->pending_capacity) {
        batch->pending_capacity = batch->pending_capacity ? batch->pending_capacity * 2 : 16;
        batch->pending = memory_resize(batch->pending, batch->pending_capacity, sizeof *batch->pending);
    }
    batch->pending[batch->pending_count++] = pending;
}

static void answer(struct batch *batch, bool after_views)
{
    for (size_t i = 0; i < batch->pending_count; i++) {
        struct pending *pending = &batch->pending[i];
        if (pending->done && pending->after_views == after_views)
            pending->done(pending->context, &pending->outcome);
    }
}

/* --- writer thread --- */

static void write_batch(struct job *job)
{
    struct batch *batch = CONTAINER_OF(job, struct batch, write);
    uint64_t from = uv_hrtime();
    batch->result = LOG_DONE;
    if (batch->key_count) {
        struct key_row *rows = MEMORY_NEW_ARRAY(struct key_row, batch->key_count);
        for (size_t i = 0; i < batch->key_count; i++)
            rows[i] = (struct key_row){ batch->keys[i].subject, buf_str(&batch->keys[i].wrapped) };
        batch->result = keys_put(&batch->err, batch->node->keys, rows, batch->key_count);
        memory_free(rows);
    }
    if (batch->result == LOG_DONE) {
        struct log_record *records = MEMORY_NEW_ARRAY(struct log_record, batch->count);
        size_t at = 0;
        for (size_t i = 0; i < batch->count; i++) {
            records[i] = (struct log_record){ batch->events[i].seq, batch->events[i].at_ms,
                str_make(batch->records.data + at, batch->record_ends[i] - at) };
            at = batch->record_ends[i];
        }
        batch->result = log_append(&batch->err, batch->node->log, records, batch->count);
        memory_free(records);
    }
    batch->took_us = (uv_hrtime() - from) / 1000;
    batch->waiting_pages = log_waiting_pages(batch->node->log);
}

struct snapshot {
    struct job job;
    struct node *node;
    uint64_t seq;
    struct buf state;
    enum log_result result;
    struct err err;
};

static void write_snapshot(struct job *job)
{
    struct snapshot *snapshot = CONTAINER_OF(job, struct snapshot, job);
    /* The batch before it may have failed: then this state never happened. */
    if (log_last(snapshot->node->log) != snapshot->seq) return;
    snapshot->result = log_put_snapshot(&snapshot->err, snapshot->node->log, snapshot->seq,
                                        buf_str(&snapshot->state));
}

/* Commands were refused for a while: what the files say, heartbeats and the assistant's replies among them. */
static void take_up_again(struct node *node)
{
    if (node->stopping) return; /* the next start does all this */
    content_configure(node);
    engine_start(node->engine, node_now(node));
    commit_arm(node);
    assist_take_up(node);
    approve_take_up(node);
}

static void on_snapshot(struct job *job)
{
    struct snapshot *snapshot = CONTAINER_OF(job, struct snapshot, job);
    struct node *node = snapshot->node;
    if (node->retrying) {
        node->retrying = false;
        if (snapshot->result == LOG_DONE) {
            node->full = false;
            if (!project_behind(node)) uv_timer_stop(node->retry);
            take_up_again(node);
            fprintf(stderr, "beckon: there is room on the disk again; going on\n");
        }
    }
    buf_free(&snapshot->state);
    memory_free(snapshot);
}

/* The engine's state now: the caller says that everything in it is on disk or in the batch before. */
static void post_snapshot(struct node *node)
{
    struct snapshot *snapshot = MEMORY_NEW(struct snapshot);
    snapshot->job = (struct job){ write_snapshot, on_snapshot, NULL };
    snapshot->node = node;
    snapshot->seq = node->snapshot_seq = engine_seq(node->engine);
    buf_init(&snapshot->state, LIMIT_SNAPSHOT);
    engine_encode(node->engine, &snapshot->state);
    worker_post(node->writer, &snapshot->job);
}

/* --- the write-ahead log, moved beside the writer: else every few seconds one commit would do it --- */

static void run_move(struct job *job)
{
    log_move(CONTAINER_OF(job, struct node, move)->log_mover);
}

static void on_moved(struct job *job)
{
    CONTAINER_OF(job, struct node, move)->moving = false;
}

static void move_pages(struct node *node, int waiting)
{
    if (waiting < node->moved_pages) node->moved_pages = 0; /* it has started anew */
    if (node->moving || waiting < node->moved_pages + NODE_MOVE_PAGES) return;
    node->moving = true;
    node->moved_pages = waiting;
    node->move = (struct job){ run_move, on_moved, NULL };
    worker_post(node->mover, &node->move);
}

/* --- back on the loop thread --- */

static void run_projection(struct job *job)
{
    struct batch *batch = CONTAINER_OF(job, struct batch, project);
    project_batch(batch->node, batch->events, batch->count);
}

static void on_projected(struct job *job)
{
    struct batch *batch = CONTAINER_OF(job, struct batch, project);
    for (size_t i = 0; i < batch->count; i++)
        if (batch->events[i].kind == EVENT_CUSTOMER_ERASED)
            vault_forget(batch->node->vault, vault_customer(batch->events[i].customer));
    answer(batch, true);
    batch_free(batch);
}

static void committed(struct node *node, struct batch *batch)
{
    node->committed = batch->events[batch->count - 1].seq;
    node->metrics.commits++;
    node->metrics.events += batch->count;
    node->metrics.commit_us_total += batch->took_us;
    if (batch->count > node->metrics.largest_commit) node->metrics.largest_commit = batch->count;
    batch->project = (struct job){ run_projection, on_projected, NULL };
    worker_post(node->viewer, &batch->project);
    for (size_t i = 0; i < batch->count; i++) people_learn(node, &batch->events[i]);
    for (size_t i = 0; i < node->subscriber_count; i++)
        node->subscribers[i].on_events(node->subscribers[i].context, batch->events, batch->count);
    tell_events(node, batch->events, batch->count);
    content_events(node, batch->events, batch->count);
    assist_events(node, batch->events, batch->count);
    translate_events(node, batch->events, batch->count);
    approve_events(node, batch->events, batch->count);
    answer(batch, false);
    move_pages(node, batch->waiting_pages);
}

static void refuse_all(struct batch *batch)
{
    for (size_t i = 0; i < batch->pending_count; i++) {
        batch->pending[i].outcome = (struct outcome){ .refusal = REFUSAL_DISK_FULL };
        batch->pending[i].after_views = false;
    }
    answer(batch, false);
}

/* Nothing of this batch or of what was decided upon it has happened: the engine goes back to what is
 * on disk. Keys that were made meanwhile are kept for the next batch, since the vault seals by them. */
static void failed(struct node *node, struct batch *batch)
{
    fprintf(stderr, "beckon: cannot store: %s; nothing of it was acknowledged, trying again\n", batch->err.text);
    node->full = true;
    node->full_err = batch->err;
    struct batch *open = node->open;
    node->open = batch_new(node);
    for (size_t i = 0; i < batch->key_count; i++)
        batch_add_key(node->open, batch->keys[i].subject, batch->keys[i].wrapped);
    batch->key_count = 0;
    for (size_t i = 0; i < open->key_count; i++)
        batch_add_key(node->open, open->keys[i].subject, open->keys[i].wrapped);
    open->key_count = 0;
    struct err err;
    if (!node_replay(&err, node)) {
        fprintf(stderr, "beckon: the log cannot be read back: %s\n", err.text);
        exit(74);
    }
    content_learn_more(node); /* a wording that is not on disk was not taught */
    refuse_all(batch);
    refuse_all(open);
    batch_free(batch);
    batch_free(open);
    uv_timer_start(node->retry, node->retry->timer_cb, NODE_RETRY_MS, NODE_RETRY_MS);
}

static void on_written(struct job *job)
{
    struct batch *batch = CONTAINER_OF(job, struct batch, write);
    struct node *node = batch->node;
    node->under_way = NULL;
    if (batch->result == LOG_DONE) committed(node, batch);
    else failed(node, batch);
    commit_flush(node);
}

static void run_catch_up(struct job *job)
{
    project_retry(CONTAINER_OF(job, struct node, catch_up));
}

static void on_caught_up(struct job *job)
{
    struct node *node = CONTAINER_OF(job, struct node, catch_up);
    node->catching_up = false;
    if (project_behind(node) || node->full) return;
    uv_timer_stop(node->retry);
    take_up_again(node);
}

static void on_retry(uv_timer_t *timer)
{
    struct node *node = timer->data;
    if (project_behind(node) && !node->catching_up) {
        node->catching_up = true;
        node->catch_up = (struct job){ run_catch_up, on_caught_up, NULL };
        worker_post(node->viewer, &node->catch_up);
    }
    if (node->retrying || node->under_way || !node->full) return;
    node->retrying = true;
    post_snapshot(node);
}

void commit_flush(struct node *node)
{
    struct batch *batch = node->open;
    if (node->under_way || (!batch->count && !batch->pending_count)) return;
    /* The views' next answer comes by way of the loop, and this is tried again. */
    if (worker_depth(node->viewer) > NODE_VIEWS_LAG_MAX) return;
    node->open = batch_new(node);
    if (!batch->count) {
        for (size_t i = 0; i < batch->key_count; i++)
            batch_add_key(node->open, batch->keys[i].subject, batch->keys[i].wrapped);
        batch->key_count = 0;
        answer(batch, false);
        batch_free(batch);
        return;
    }
    node->under_way = batch;
    batch->write = (struct job){ write_batch, on_written, NULL };
    worker_post(node->writer, &batch->write);
    if (engine_seq(node->engine) - node->snapshot_seq >= NODE_SNAPSHOT_EVERY) post_snapshot(node);
}

static void on_idle(uv_idle_t *handle) { UNUSED(handle); }

/* Before the loop waits for news. Answers that need no disk are given after it has looked, so that
 * whoever runs the loop until an answer has come is not left waiting for news that never comes. */
static void on_prepare(uv_prepare_t *handle)
{
    struct node *node = handle->data;
    if (node->open->count) commit_flush(node);
    else if (node->open->pending_count && !node->under_way) uv_idle_start(node->no_wait, on_idle);
}

static void on_check(uv_check_t *handle)
{
    struct node *node = handle->data;
    uv_idle_stop(node->no_wait);
    commit_flush(node);
}

static void on_wake(uv_timer_t *timer)
{
    struct node *node = timer->data;
    struct command command = { .kind = COMMAND_WAKE, .actor = ACTOR_NODE };
    node_submit(node, &command, NULL, NULL);
    commit_arm(node);
}

void commit_arm(struct node *node)
{
    int64_t next = engine_next_wake(node->engine), now = node_now(node);
    if (node->full || node->stopping || project_behind(node) || next == INT64_MAX) {
        uv_timer_stop(node->wake);
        return;
    }
    int64_t wait = next > now ? next - now : 1;
    uv_timer_start(node->wake, on_wake, (uint64_t)(wait < 3600000 ? wait : 3600000), 0);
}

static bool refused_early(struct node *node, enum refusal *refusal)
{
    if (node->full) *refusal = REFUSAL_DISK_FULL;
    else if (project_behind(node)) {
        *refusal = REFUSAL_DISK_FULL;
        if (!uv_is_active((uv_handle_t *)node->retry))
            uv_timer_start(node->retry, node->retry->timer_cb, NODE_RETRY_MS, NODE_RETRY_MS);
    }
    else if (node->stopping) *refusal = REFUSAL_NOT_READY;
    else if (node->open->pending_count >= NODE_PENDING_MAX) *refusal = REFUSAL_RATE_LIMITED;
    else return false;
    return true;
}

void node_submit(struct node *node, const struct command *command, node_done_fn *done, void *context)
{
    struct pending pending = { done, context, { 0 }, command->kind == COMMAND_ERASE_CUSTOMER };
    node->metrics.commands++;
    if (refused_early(node, &pending.outcome.refusal)) {
        pending.after_views = false;
        node->metrics.refused++;
        batch_add_pending(node->open, pending);
        return;
    }
    clock_follow(node, 0);
    events_clear(&node->scratch);
    struct command copy;
    struct arena arena = { 0 };
    command = code_take(node, command, &copy, &arena);
    pending.outcome = engine_handle(node->engine, node_now(node), command, &node->scratch);
    if (pending.outcome.refusal) node->metrics.refused++;
    if (!node->scratch.count) pending.after_views = false;
    for (size_t i = 0; i < node->scratch.count; i++) batch_add_event(node->open, &node->scratch.items[i]);
    batch_take_keys(node->open);
    arena_free(&arena);
    if (done) batch_add_pending(node->open, pending);
    if (node->scratch.count || command->kind == COMMAND_HEARTBEAT) commit_arm(node);
}

static uv_timer_t *timer_new(struct node *node)
{
    uv_timer_t *timer = MEMORY_NEW(uv_timer_t);
    must(uv_timer_init(node->loop, timer) == 0);
    timer->data = node;
    return timer;
}

void commit_start(struct node *node)
{
    node->open = batch_new(node);
    worker_hurry();
    node->writer = worker_new(node->loop, (struct worker_options){ .name = "beckon-log", .hurried = true });
    node->mover = worker_new(node->loop, (struct worker_options){ .name = "beckon-move" });
    node->wake = timer_new(node);
    node->retry = timer_new(node);
    node->retry->timer_cb = on_retry;
    node->prepare = MEMORY_NEW(uv_prepare_t);
    node->check = MEMORY_NEW(uv_check_t);
    node->no_wait = MEMORY_NEW(uv_idle_t);
    uv_idle_init(node->loop, node->no_wait);
    uv_prepare_init(node->loop, node->prepare);
    uv_check_init(node->loop, node->check);
    node->prepare->data = node->check->data = node;
    uv_prepare_start(node->prepare, on_prepare);
    uv_check_start(node->check, on_check);
    /* They serve others' work and keep no loop alive by themselves. */
    uv_unref((uv_handle_t *)node->prepare);
    uv_unref((uv_handle_t *)node->check);
    commit_arm(node);
}

void commit_stop(struct node *node)
{
    if (!node->writer) return;
    if (!node->full && engine_seq(node->engine) > node->snapshot_seq) post_snapshot(node);
    worker_free(node->writer);
    worker_free(node->mover);
    node->writer = NULL;
    handle_close(node->wake);
    handle_close(node->retry);
    handle_close(node->prepare);
    handle_close(node->check);
    handle_close(node->no_wait);
    batch_free(node->open);
}
