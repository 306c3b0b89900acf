#include "node/state.h"

#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"

/* From events to views: which streams an event belongs to, and the rows that people query.
 *
 * It runs on the views thread. An event is given opened; during a catch-up it is read from the log
 * and opened here, with this thread's own vault. */

/* Tags of views_index: a kind in the low bits, then the id. */
static uint64_t tag_customer(uint64_t id) { return id << 2 | 1; }
static uint64_t tag_agent(uint64_t id) { return id << 2 | 2; }
#define TAG_TEAM 3

#define LAST_TEXT 160 /* bytes of the last message that a list of conversations shows */

static bool fetch_key(void *context, uint64_t subject, struct buf *wrapped)
{
    struct index *index = context;
    return keys_get(&index->err, index->keys, subject, wrapped);
}

bool project_open(struct err *err, struct node *node, bool *rebuilt)
{
    struct index *index = &node->index;
    char *views = node_path(node, "views.db"), *keys = node_path(node, "keys.db"),
         *log = node_path(node, "log.db");
    index->views = views_open(err, views, rebuilt);
    index->keys = index->views ? keys_open(err, keys, node->vfs) : NULL;
    index->log = index->keys ? log_open_reader(err, log, node->vfs) : NULL;
    if (index->log) index->vault = vault_new(node->master, NODE_VAULT_CACHE, fetch_key, index);
    if (index->log && views_cursor(index->views) > log_last(index->log)) {
        /* Views of what the log does not have are worth nothing. */
        fprintf(stderr, "beckon: the views have seen event %llu, but the log ends with event %llu: an older log was put "
                "in place, or its end is lost; the views are made anew\n",
                (unsigned long long)views_cursor(index->views), (unsigned long long)log_last(index->log));
        views_close(index->views);
        views_remove(views);
        index->views = views_open(err, views, rebuilt);
    }
    memory_free(views);
    memory_free(keys);
    memory_free(log);
    if (index->log && index->views) index->seen = views_cursor(index->views);
    return index->log && index->views;
}

void project_close(struct node *node)
{
    struct index *index = &node->index;
    vault_free(index->vault);
    if (index->log) log_close(index->log);
    if (index->keys) keys_close(index->keys);
    if (index->views) views_close(index->views);
    *index = (struct index){ 0 };
}

static bool index_event(struct err *err, struct index *index, const struct event *event)
{
    int sees = event_table[event->kind].sees;
    uint64_t seq = event->seq;
    bool to_agent = (sees & SEES_A) && event->agent;
    if (event->conversation && !views_index_conversation(err, index->views, event->conversation, seq)) return false;
    if ((sees & SEES_C) && event->customer && !views_index(err, index->views, tag_customer(event->customer), seq))
        return false;
    if ((sees & SEES_T) && !views_index(err, index->views, TAG_TEAM, seq)) return false;
    if (to_agent && !views_index(err, index->views, tag_agent(event->agent), seq)) return false;
    if ((sees & SEES_O) && event->owner && !(to_agent && event->owner == event->agent))
        return views_index(err, index->views, tag_agent(event->owner), seq);
    return true;
}

static bool project_message(struct err *err, struct index *index, const struct event *event,
                            struct conversation_change *change)
{
    const struct event_message_sent *message = &event->message_sent;
    change->count_message = true;
    change->last_text = str_cut(message->text, LAST_TEXT);
    return views_message(err, index->views, event->seq, event->conversation, event->customer,
                         message->author, message->text);
}

static bool project_erased(struct err *err, struct index *index, const struct event *event)
{
    uint64_t subject = vault_customer(event->customer);
    /* Also on a second pass over the same event: deleting what is gone is no error. */
    if (keys_delete(err, index->keys, subject) != LOG_DONE) return false;
    vault_forget(index->vault, subject);
    return views_erase(err, index->views, event->customer);
}

/* What the event means for its conversation's row; everything else is left as it is. */
static bool project_row(struct err *err, struct index *index, const struct event *event,
                        struct conversation_change *change)
{
    switch (event->kind) {
    case EVENT_CONVERSATION_OPENED:
        change->opened_ms = event->at_ms;
        change->state = STR("assistant");
        change->language = event->conversation_opened.language;
        change->channel = event->conversation_opened.channel;
        return true;
    case EVENT_CONVERSATION_REOPENED:
        change->state = STR("assistant");
        change->agent = 0;
        return true;
    case EVENT_RECONTACT_MARKED:
        change->recontact = 1;
        change->topic = event->recontact_marked.topic;
        return true;
    case EVENT_MESSAGE_SENT: return project_message(err, index, event, change);
    case EVENT_ASSISTANT_DECIDED:
        if (event->assistant_decided.topic.len) change->topic = event->assistant_decided.topic;
        change->count_answer = !event->assistant_decided.failed &&
            (str_equal(event->assistant_decided.decision, STR("answer")) ||
             str_equal(event->assistant_decided.decision, STR("act")));
        return true;
    case EVENT_HUMAN_REQUESTED:
        change->requested_ms = event->at_ms;
        return views_request(err, index->views, event->conversation, event->human_requested.via, event->at_ms);
    case EVENT_CONVERSATION_QUEUED:
        change->state = STR("waiting");
        change->agent = 0;
        return true;
    case EVENT_CONVERSATION_ASSIGNED:
        change->state = STR("active");
        change->agent = (int64_t)event->agent;
        change->met_ms = event->at_ms;
        return views_request_met(err, index->views, event->conversation, event->agent, event->at_ms);
    case EVENT_CONVERSATION_RESOLVED:
        change->state = STR("resolved");
        change->resolved_ms = event->at_ms;
        change->resolved_by = event->conversation_resolved.by;
        change->disposition = event->conversation_resolved.disposition;
        if (event->conversation_resolved.topic.len) change->topic = event->conversation_resolved.topic;
        return true;
    case EVENT_CONVERSATION_RATED:
        change->stars = (int64_t)event->conversation_rated.stars;
        change->comment = event->conversation_rated.comment;
        return true;
    default: return true;
    }
}

static bool project_event(struct err *err, struct index *index, const struct event *event)
{
    if (!index_event(err, index, event)) return false;
    if (event->kind == EVENT_CUSTOMER_ERASED) return project_erased(err, index, event);
    if (event->kind == EVENT_CUSTOMER_SEEN)
        return views_customer(err, index->views, event->customer, event->customer_seen.external_id,
                              event->customer_seen.name, event->customer_seen.email);
    if (!event->conversation) return true;
    struct conversation_change change;
    conversation_change_init(&change, event->conversation);
    change.customer = (int64_t)event->customer;
    change.last_seq = (int64_t)event->seq;
    change.last_ms = event->at_ms;
    return project_row(err, index, event, &change) && views_conversation(err, index->views, &change);
}

/* Batches that come faster than they are written share a group: the same pages are then written once.
 * Queries see the open group, since they use the same connection. */
#define GROUP_MAX 1000

/* While a group is written, the slowest acknowledgements wait for the processor: so groups are short while batches
 * are, and long only when messages come so fast that the views would fall behind. */
#define GROUP_FEW 64
#define BATCH_FEW 16

/* Whoever waits for an acknowledgement goes first. A kernel that does not know worker_hurry may let a thread that
 * wakes up wait for a tick (4 ms) unless the one that runs gives way. */
#define YIELD_EVERY 8 /* events: some 0.1 ms */

static bool group_lost(struct index *index)
{
    views_roll_back(index->views);
    index->grouped = 0;
    index->seen = views_cursor(index->views);
    return false;
}

static bool group_end(struct err *err, struct index *index)
{
    if (!index->grouped) return true;
    index->grouped = 0;
    return views_commit(err, index->views, index->seen) || group_lost(index);
}

static bool project_events(struct err *err, struct index *index, const struct event *events, size_t count)
{
    must(events[0].seq == index->seen + 1);
    bool fine = index->grouped || views_begin(err, index->views), now = false;
    for (size_t i = 0; fine && i < count; i++) {
        fine = project_event(err, index, &events[i]);
        now = now || events[i].kind == EVENT_CUSTOMER_ERASED;
        if (i % YIELD_EVERY == 0) sched_yield();
    }
    if (!fine) return group_lost(index);
    index->grouped += count;
    index->seen = events[count - 1].seq;
    return (!now && index->grouped < (count < BATCH_FEW ? GROUP_FEW : GROUP_MAX)) || group_end(err, index);
}

/* --- catching up from the log --- */

#define CATCH_UP_GROUP 5000

struct catch_up {
    struct index *index;
    struct err *err;
    struct arena arena;
    struct event events[CATCH_UP_GROUP];
    size_t count;
    bool failed;
    uint64_t last, told_at;
};

static bool catch_up_write(struct catch_up *catch_up)
{
    if (catch_up->count && !project_events(catch_up->err, catch_up->index, catch_up->events, catch_up->count))
        catch_up->failed = true;
    catch_up->count = 0;
    arena_reset(&catch_up->arena);
    return !catch_up->failed;
}

static void tell_progress(struct catch_up *catch_up, uint64_t seq)
{
    uint64_t now = uv_hrtime();
    if (now - catch_up->told_at < 1000000000u) return;
    catch_up->told_at = now;
    fprintf(stderr, "beckon: making the views: %llu of %llu events\n", (unsigned long long)seq,
            (unsigned long long)catch_up->last);
}

static bool catch_up_record(void *context, const struct log_record *record)
{
    struct catch_up *catch_up = context;
    struct event *event = &catch_up->events[catch_up->count++];
    struct str bytes = arena_copy(&catch_up->arena, record->bytes);
    if (!record_decode(catch_up->err, bytes, record->seq, event)) {
        catch_up->failed = true;
        return false;
    }
    record_open(catch_up->index->vault, event, &catch_up->arena);
    if (catch_up->count < CATCH_UP_GROUP) return true;
    tell_progress(catch_up, record->seq);
    return catch_up_write(catch_up);
}

bool project_catch_up(struct err *err, struct node *node)
{
    struct index *index = &node->index;
    struct catch_up *catch_up = MEMORY_NEW(struct catch_up);
    catch_up->index = index;
    catch_up->err = err;
    catch_up->last = log_last(index->log);
    catch_up->told_at = uv_hrtime();
    bool done = log_read(err, index->log, index->seen + 1, 0, catch_up_record, catch_up) &&
                !catch_up->failed && catch_up_write(catch_up) && group_end(err, index);
    arena_free(&catch_up->arena);
    memory_free(catch_up);
    return done;
}

/* Whatever could not be written is read from the log again later; until then no commands are taken,
 * since whoever has an acknowledgement must be able to read it. */
static void note_result(struct index *index, bool fine)
{
    if (!fine && !index->behind)
        fprintf(stderr, "beckon: the views could not follow and will catch up as soon as they can: %s\n",
                index->err.text);
    if (fine && index->behind) fprintf(stderr, "beckon: the views have caught up\n");
    __atomic_store_n(&index->behind, !fine, __ATOMIC_RELEASE);
}

bool project_behind(const struct node *node)
{
    return __atomic_load_n(&node->index.behind, __ATOMIC_ACQUIRE);
}

void project_retry(struct node *node)
{
    struct index *index = &node->index;
    if (index->behind) note_result(index, project_catch_up(&index->err, node));
}

void project_idle(void *context)
{
    struct index *index = &((struct node *)context)->index;
    if (index->grouped) note_result(index, group_end(&index->err, index));
}

void project_batch(struct node *node, const struct event *events, size_t count)
{
    struct index *index = &node->index;
    /* A catch-up may have read later batches from the log already. */
    while (count && events[0].seq <= index->seen) events++, count--;
    if (!count || index->behind) return;
    note_result(index, events[0].seq != index->seen + 1 ? project_catch_up(&index->err, node)
                                                        : project_events(&index->err, index, events, count));
}

/* --- reading: jobs on the views thread, answered on the loop thread --- */

struct page_job {
    struct job job;
    struct node *node;
    struct node_page page;
    node_page_fn *done;
    void *context;
    struct arena arena;
    struct event *events;
    size_t count;
    uint64_t last;
    bool failed; /* something of it cannot be read */
};

static bool page_add(struct page_job *page, const struct log_record *record)
{
    struct event *event = &page->events[page->count];
    struct str bytes = arena_copy(&page->arena, record->bytes);
    page->failed = !record_decode(&page->node->index.err, bytes, record->seq, event);
    if (page->failed) return false;
    bool visible = page->page.conversation ? event_visible_in_history(event, page->page.viewer.role)
                                           : event_visible(event, page->page.viewer);
    if (!visible) return true;
    record_open(page->node->index.vault, event, &page->arena);
    page->count++;
    return true;
}

static bool page_scan(void *context, const struct log_record *record)
{
    struct page_job *page = context;
    page->last = record->seq;
    return page_add(page, record) && page->count < page->page.max;
}

/* The seqs that the views list, read from the log. False when there are no more. */
static bool page_seqs(struct page_job *page, uint64_t *seqs, size_t max, size_t *count)
{
    struct index *index = &page->node->index;
    const struct node_page *wish = &page->page;
    *count = 0;
    if (wish->conversation && wish->before == 1) return true; /* nothing stands before the first */
    if (wish->conversation && wish->before)
        return views_conversation_seqs_back(&index->err, index->views, wish->conversation, wish->before - 1,
                                            seqs, max, count);
    if (wish->conversation)
        return views_conversation_seqs(&index->err, index->views, wish->conversation, page->last, seqs, max, count);
    bool customer = wish->viewer.role == VIEWER_CUSTOMER;
    uint64_t who[2] = { customer ? tag_customer(wish->viewer.id) : tag_agent(wish->viewer.id), TAG_TEAM };
    return views_seqs(&index->err, index->views, who, customer ? 1 : 2, page->last, seqs, max, count);
}

/* What the views could not list yet stands in the log. */
static bool page_tail(void *context, const struct log_record *record)
{
    struct page_job *page = context;
    struct event event;
    uint64_t conversation = page->page.conversation;
    page->last = record->seq;
    page->failed = !record_decode(&page->node->index.err, record->bytes, record->seq, &event);
    if (page->failed) return false;
    if (conversation && event.conversation != conversation) return true;
    return page_add(page, record) && page->count < page->page.max;
}

/* A supervisor sees everything: straight from the log. */
static bool page_everything(struct page_job *page)
{
    struct index *index = &page->node->index;
    uint64_t cursor = index->behind ? log_last(index->log) : index->seen;
    if (!log_read(&index->err, index->log, page->page.after + 1, cursor, page_scan, page)) return false;
    if (page->count < page->page.max && cursor > page->last) page->last = cursor;
    return true;
}

static bool page_listed(struct page_job *page)
{
    struct index *index = &page->node->index;
    const struct node_page *wish = &page->page;
    size_t max = wish->max, count = 0;
    uint64_t *seqs = arena_take(&page->arena, max * sizeof *seqs);
    while (page->count < max) {
        struct log_record record;
        if (!page_seqs(page, seqs, max - page->count, &count)) return false;
        for (size_t i = 0; i < count; i++) {
            page->last = seqs[i];
            if (!log_get(&index->err, index->log, seqs[i], &page->arena, &record) || !page_add(page, &record))
                return false;
        }
        if (!count || wish->before) break;
    }
    if (page->count < max && !wish->before && index->seen > page->last) page->last = index->seen;
    if (!index->behind || page->count == max || wish->before) return true;
    return log_read(&index->err, index->log, page->last + 1, 0, page_tail, page);
}

static void run_page(struct job *job)
{
    struct page_job *page = CONTAINER_OF(job, struct page_job, job);
    page->events = arena_take(&page->arena, page->page.max * sizeof *page->events);
    page->last = page->page.after;
    bool everything = !page->page.conversation && page->page.viewer.role == VIEWER_SUPERVISOR;
    bool fine = everything ? page_everything(page) : page_listed(page);
    page->failed = page->failed || !fine;
    if (page->failed) fprintf(stderr, "beckon: a page of events cannot be read: %s\n", page->node->index.err.text);
}

static void on_page(struct job *job)
{
    struct page_job *page = CONTAINER_OF(job, struct page_job, job);
    if (page->failed) page->done(page->context, NULL, 0, page->page.after);
    else page->done(page->context, page->events, page->count, page->last);
    arena_free(&page->arena);
    memory_free(page);
}

void node_read(struct node *node, const struct node_page *wish, node_page_fn *done, void *context)
{
    must(wish->max);
    struct page_job *page = MEMORY_NEW(struct page_job);
    page->job = (struct job){ run_page, on_page, NULL };
    page->node = node;
    page->page = *wish;
    page->done = done;
    page->context = context;
    worker_post(node->viewer, &page->job);
}

struct query_job {
    struct job job;
    struct node *node;
    struct node_query query;
    struct arena arena;
    int64_t now_ms, target_ms;
    struct buf out;
    bool ok;
    node_json_fn *done;
    void *context;
};

static void run_query(struct job *job)
{
    struct query_job *query = CONTAINER_OF(job, struct query_job, job);
    struct index *index = &query->node->index;
    const struct node_query *wish = &query->query;
    if (index->grouped && !views_settle(&index->err, index->views)) {
        note_result(index, group_lost(index));
        return;
    }
    if (wish->kind == NODE_QUERY_FIGURES) {
        query->ok = views_figures(&index->err, index->views, wish->since_ms, query->now_ms, query->target_ms,
                                  wish->bucket_ms, &query->out);
        return;
    }
    struct views_filter filter = { wish->state, wish->text, wish->agent, wish->customer, wish->before_ms,
                                   wish->limit, wish->resolved_after_ms };
    query->ok = views_conversations(&index->err, index->views, &filter, &query->out);
}

static void on_query(struct job *job)
{
    struct query_job *query = CONTAINER_OF(job, struct query_job, job);
    if (!query->ok) fprintf(stderr, "beckon: a query failed: %s\n", query->node->index.err.text);
    query->done(query->context, query->ok && !query->out.full, buf_str(&query->out));
    buf_free(&query->out);
    arena_free(&query->arena);
    memory_free(query);
}

/* The last midnight where the workspace is (the process runs in its time zone). */
static int64_t midnight(int64_t now_ms)
{
    time_t now = (time_t)(now_ms / 1000);
    struct tm day;
    localtime_r(&now, &day);
    day.tm_hour = day.tm_min = day.tm_sec = 0;
    day.tm_isdst = -1;
    return (int64_t)mktime(&day) * 1000;
}

void node_query(struct node *node, const struct node_query *wish, node_json_fn *done, void *context)
{
    struct query_job *query = MEMORY_NEW(struct query_job);
    query->job = (struct job){ run_query, on_query, NULL };
    query->node = node;
    query->query = *wish;
    query->query.state = arena_copy(&query->arena, wish->state);
    query->query.text = arena_copy(&query->arena, wish->text);
    query->now_ms = node_now(node);
    query->target_ms = engine_settings(node->engine)->service_level_ms;
    if (!query->query.since_ms) query->query.since_ms = midnight(query->now_ms);
    if (!query->query.bucket_ms) query->query.bucket_ms = 900000;
    buf_init(&query->out, 16u << 20);
    query->done = done;
    query->context = context;
    worker_post(node->viewer, &query->job);
}
