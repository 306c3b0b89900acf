/* node.h - one workspace, running: engine, log, vault, views, assistant and the readers together.
 *
 *   command -> engine -> events -> sealed records -> log thread (group commit) -> committed
 *                                                                                    |
 *              acknowledgement <- subscribers (streams) <- assistant <- views thread <+
 *
 * All functions are for the loop thread (libuv). A command's callback runs only when its events are
 * on disk, or when it was refused. If the disk cannot take the events, every command that is not on
 * disk is answered with DISK_FULL, the engine goes back to the log's last record, and the node tries
 * again until there is room; reading goes on meanwhile. */
#ifndef NODE_NODE_H
#define NODE_NODE_H

#include <uv.h>

#include "assistant/assistant.h"
#include "engine/engine.h"

struct node;

struct node_options {
    const char *directory;
    uv_loop_t *loop;
    const char *action_base_url; /* in place of the workspace's own, after a reload too; or NULL */
    /* Hears of the files as soon as they are read, before the log is opened and anything is learned, so that what
     * it begins can go on beside that; `first`: there is no log yet. Or NULL. */
    void (*on_files)(void *context, const struct workspace *workspace, bool first);
    void *context;
};

/* Opens the workspace: reads the files, takes the lock (one server a folder), opens and checks log,
 * keys and views, replays, trains the assistant, starts the threads. */
struct node *node_open(struct err *err, const struct node_options *options);

/* Stops taking commands, waits for what is under way, writes a snapshot, closes. Runs the loop. */
void node_close(struct node *node);

/* `done` is called exactly once, on the loop thread, never before node_submit returns. */
typedef void node_done_fn(void *context, const struct outcome *outcome);
void node_submit(struct node *node, const struct command *command, node_done_fn *done, void *context);

/* Committed events, opened (personal fields in the clear), in order. The batch lives until the call
 * returns. A subscriber stays until the node is closed. */
typedef void node_events_fn(void *context, const struct event *events, size_t count);
void node_subscribe(struct node *node, node_events_fn *on_events, void *context);

/* Signals are not events: they say how things are now, are in no log and need not be resumed.
 * who: whom to tell. name: typing, place, service, workspace. */
struct signal {
    const char *name;
    uint64_t conversation;   /* or 0 */
    uint64_t customer;       /* the customer who gets it, or 0 */
    uint64_t agent;          /* the agent who gets it, or 0 */
    bool customers, staff;   /* everybody of that side gets it */
    struct str json;
};
typedef void node_signal_fn(void *context, const struct signal *signal);
void node_on_signal(struct node *node, node_signal_fn *on_signal, void *context);
void node_signal(struct node *node, const struct signal *signal);

/* --- Reading. Each answers on the loop thread, after everything acknowledged so far is in it. --- */

/* Events a viewer may see, above `after`, at most `max`; or with `conversation` set, that
 * conversation's history (before: page backwards from this seq). The caller has checked the right
 * to read the conversation. `last` is how far the viewer has seen everything when count < max.
 * `events` is NULL when the log could not be read: nothing of such a page may be shown as if it were all. */
struct node_page {
    struct viewer viewer;
    uint64_t conversation, after, before;
    size_t max;
};
typedef void node_page_fn(void *context, const struct event *events, size_t count, uint64_t last);
void node_read(struct node *node, const struct node_page *page, node_page_fn *done, void *context);

/* A query of the views; `json` lives until the call returns. */
enum node_query_kind { NODE_QUERY_FIGURES, NODE_QUERY_CONVERSATIONS };
struct node_query {
    enum node_query_kind kind;
    int64_t since_ms, bucket_ms;          /* figures; since 0: midnight of the workspace's zone */
    struct str state, text;               /* conversations */
    uint64_t agent, customer;
    int64_t before_ms;
    size_t limit;
    int64_t resolved_after_ms;
};
typedef void node_json_fn(void *context, bool ok, struct str json);
void node_query(struct node *node, const struct node_query *query, node_json_fn *done, void *context);

/* --- Looking in --- */
const struct engine *node_engine(const struct node *node);
const struct workspace *node_workspace(const struct node *node);
const struct assistant *node_assistant(const struct node *node);
const struct vault *node_vault(const struct node *node);
uint64_t node_committed(const struct node *node);  /* seq of the last event on disk */
int64_t node_now(const struct node *node);         /* ms since 1970 */
bool node_ready(const struct node *node);          /* takes commands: not starting, full or stopping */
const char *node_not_ready_reason(const struct node *node);

/* Display name of a member of staff; empty if unknown. Login name for staff lists. */
struct str node_agent_name(const struct node *node, uint64_t agent);
struct str node_agent_login(const struct node *node, uint64_t agent);
/* argon2id hash of the agent's password; empty if none. */
struct str node_agent_password(const struct node *node, uint64_t agent);
/* Name and details of a customer as last seen; empty if unknown or erased. */
struct node_customer {
    struct str external_id, name, email, language;
    bool verified;
};
bool node_customer(struct node *node, uint64_t customer, struct arena *arena, struct node_customer *out);

/* Identity digests under the vault's key. */
struct digest node_digest(const struct node *node, const char *purpose, struct str text);

/* The actions that this member of staff may allow or refuse now, the oldest first. */
struct node_approval {
    const struct event *event;    /* approval.requested */
    uint64_t number;
    const struct action *action;  /* NULL: the files no longer have it */
    struct str customer_name;
};
typedef void node_approval_fn(void *context, const struct node_approval *approval);
void node_each_approval(struct node *node, uint64_t agent, node_approval_fn *each, void *context);

/* Reads the files again and learns from them, on another thread; then `done`. The old version is in
 * force until then, and stays so if there is any problem: `problem` says which, else it is NULL. */
typedef void node_reload_fn(void *context, const char *problem);
void node_reload(struct node *node, node_reload_fn *done, void *context);

/* The assistant answers with what it learned at once, and is learning more. */
bool node_learning(const struct node *node);

/* Wordings taught by people that the assistant in force has learned and that the files do not have. */
size_t node_learned(const struct node *node);

/* For commands without a server: the workspace with what people taught, as its log tells; the same one if there
 * is none, or, with err, if the log could not be read. Frees with the one given. */
struct workspace *node_teach(struct err *err, struct workspace *workspace);

/* What the assistant says to words that belong to no conversation, the newest last: it hears them in
 * turn, as from somebody unknown. Nothing is stored and no action is run. `reply` lives until the call
 * returns. */
struct node_ask {
    const struct str *said;
    size_t count;            /* 1 and more */
    struct str language;     /* or empty */
    int failed_turns_max;    /* filled in by the node */
};
typedef void node_reply_fn(void *context, const struct reply *reply);
void node_ask(struct node *node, const struct node_ask *ask, node_reply_fn *done, void *context);

/* Counters for /metrics. */
struct node_metrics {
    uint64_t commands, refused, events, commits, commit_us_total, largest_commit, assistant_replies,
        assistant_us_total, assistant_failures, queue_depth, views_lag, model_calls, model_failures, model_refused,
        model_tokens, model_us_total, model_without_place;
};
void node_metrics(const struct node *node, struct node_metrics *out);

#endif
