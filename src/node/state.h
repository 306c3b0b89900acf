/* state.h - what the files of this folder share: the node's own state. Nobody else includes this.
 *
 * Who touches what: the loop thread owns all of struct node but `log` and `keys` (the writer thread's
 * while a batch is under way), `log_mover` (the mover thread's) and `index` (the views thread's). A batch is read by both threads after
 * it is committed and changed by neither. */
#ifndef NODE_STATE_H
#define NODE_STATE_H

#include "assistant/code_text.h"
#include "base/map.h"
#include "log/keys.h"
#include "log/log.h"
#include "log/views.h"
#include "node/content.h"
#include "node/consult.h"
#include "node/node.h"
#include "node/record.h"
#include "node/worker.h"

#define NODE_SUBSCRIBERS_MAX 8
#define NODE_PENDING_MAX 50000       /* commands that may wait for the disk */
#define NODE_VIEWS_LAG_MAX 512        /* jobs that the views may be behind before commits wait for them */
#define NODE_GROUP_MS 50              /* of quiet end the views' open group */
#define NODE_SNAPSHOT_EVERY 100000   /* events */
#define NODE_MOVE_PAGES 512          /* of the write-ahead log, moved into the file at once */
#define NODE_BATCH_MAX (512u << 20)  /* bytes of records in one commit */
#define NODE_RETRY_MS 1000           /* between tries when the disk is full */
#define NODE_SIGNAL_MS 400           /* queue places are told at most this often */
#define NODE_VAULT_CACHE 65536       /* keys in memory */

/* code.c: one-time codes */
void code_draw(char code[CODE_ROOM]);
struct digest code_digest(const struct node *node, uint64_t conversation, uint64_t customer, const char *code);
/* A customer's message that may show a code: *copy with the digits hidden and their digest beside them; else `command`. */
const struct command *code_take(struct node *node, const struct command *command, struct command *copy, struct arena *arena);

/* A command whose answer waits for the disk. */
struct pending {
    node_done_fn *done;
    void *context;
    struct outcome outcome;
    bool after_views; /* answered only when the views have seen the events too (erasure) */
};

struct batch_key {
    uint64_t subject;
    struct buf wrapped;
};

struct batch {
    struct job write, project;
    struct node *node;
    struct arena arena;         /* strings of `events` */
    struct event *events;       /* opened */
    size_t *record_ends;        /* in `records` */
    size_t count, capacity;
    struct buf records;         /* sealed, one behind the other */
    struct pending *pending;
    size_t pending_count, pending_capacity;
    struct batch_key *keys;
    size_t key_count, key_capacity;
    enum log_result result;
    struct err err;
    uint64_t took_us;
    int waiting_pages;          /* log_waiting_pages after it */
};

/* The views thread's side. */
struct index {
    struct views *views;
    struct log *log;
    struct keys *keys;
    struct vault *vault;
    struct err err; /* of the last failure */
    bool behind;    /* a write failed: the next one reads what is missing from the log. Read by the loop: atomic */
    size_t grouped; /* events in the group that is open: batches that come fast share one */
    uint64_t seen;  /* seq of the last event in the views, the open group included */
};

struct subscriber {
    node_events_fn *on_events;
    void *context;
};

/* What was learned from the draft that was tried last, for the next question about it. */
struct drafted {
    struct arena arena;
    struct content *content;     /* or NULL */
    const struct content *base;  /* in force when it was learned */
    bool article;
    struct str name, text;
};

struct assist;
struct approve;
struct consultancy;
struct translator;

struct node {
    uv_loop_t *loop;
    char *directory;
    char *action_base_url; /* in place of the workspace's, or NULL */
    int lock_fd;
    struct content *content;
    struct engine *engine;
    struct log *log, *log_reader, *log_mover;
    struct keys *keys, *keys_reader;
    uint8_t master[VAULT_MASTER_LEN];
    struct vault *vault;
    struct index index;
    struct worker *writer, *viewer, *mover, *learner;
    bool stop_learning;         /* atomic */
    struct job move;            /* of the write-ahead log into the file, beside the writer */
    bool moving;
    int moved_pages;            /* in the write-ahead log when that was last begun */
    struct batch *open, *under_way;
    struct events scratch;      /* what engine_handle appends to */
    uint64_t committed, snapshot_seq;
    struct subscriber subscribers[NODE_SUBSCRIBERS_MAX];
    size_t subscriber_count;
    node_signal_fn *on_signal;
    void *signal_context;
    uv_prepare_t *prepare;
    uv_check_t *check;
    uv_idle_t *no_wait;
    uv_timer_t *wake, *retry, *tell;
    struct job catch_up;        /* of the views, after they could not be written */
    bool catching_up;
    bool full, stopping, starting, retrying;
    bool queue_dirty;
    struct str told_service;    /* the last service signal, so that only changes are told */
    struct map agents;          /* agent -> struct person: names and password hashes */
    struct assist *assist;
    struct approve *approve;
    bool studying;              /* more is being learned from the present files, or what was taught */
    bool drafting;              /* a draft is worked on: one at a time */
    struct drafted drafted;
    struct consultancy *consultancy; /* consult.c */
    struct translator *translator;   /* translate.c */
    size_t asking;              /* node_ask's that are under way */
    int64_t clock_ms;           /* what it was at clock_ns of the monotonic clock */
    uint64_t clock_ns;
    struct node_metrics metrics;
    struct err full_err;
};

/* node.c */
/* The state after the last record; NULL with err. *snapshot (or NULL): the record of the snapshot that it came from. */
struct engine *replay_log(struct err *err, struct log *log, uint64_t *snapshot);
bool node_replay(struct err *err, struct node *node);
/* The event on disk with its personal fields open, in the arena; false if there is none or a field's key is gone. */
bool node_event(struct node *node, uint64_t seq, struct arena *arena, struct event *event);
void clock_follow(struct node *node, int64_t at_least_ms);
char *node_path(const struct node *node, const char *name); /* data/NAME; memory_free */

/* commit.c */
void commit_start(struct node *node);
void commit_stop(struct node *node);
void commit_flush(struct node *node);
void commit_arm(struct node *node); /* sets the wake timer by the engine's wish */

/* people.c */
void people_load(struct node *node);
void people_learn(struct node *node, const struct event *event);
void people_free(struct node *node);

/* project.c: runs on the views thread, or on the loop thread before that thread is started */
bool project_open(struct err *err, struct node *node, bool *rebuilt);
bool project_catch_up(struct err *err, struct node *node);
bool project_behind(const struct node *node); /* the views cannot follow: for any thread */
void project_retry(struct node *node);        /* views thread: tries to catch up */
void project_idle(void *node); /* writes the open group: when the views thread has nothing to do */
void project_batch(struct node *node, const struct event *events, size_t count);
void project_close(struct node *node);

/* tell.c */
void tell_start(struct node *node);
void tell_events(struct node *node, const struct event *events, size_t count);
void tell_stop(struct node *node);

/* draft.c */
void draft_forget(struct node *node);

/* assist.c */
void assist_start(struct node *node);
void assist_events(struct node *node, const struct event *events, size_t count);
void assist_take_up(struct node *node); /* the turns that the engine says are owed */
bool assist_busy(const struct node *node);
void assist_hurry(struct node *node); /* turns that wait for the model do without */
void assist_stop(struct node *node);
struct breakers *assist_breakers(const struct node *node);

/* approve.c */
void approve_start(struct node *node);
void approve_events(struct node *node, const struct event *events, size_t count);
void approve_take_up(struct node *node); /* what was allowed and has not ended */
/* The end of an approval that is the conversation's turn now, with strings in the arena; false: the turn is a message. */
bool approve_settled(struct node *node, uint64_t turn, struct arena *arena, struct settled *out);
bool approve_busy(const struct node *node);
void approve_stop(struct node *node);

/* translate.c */
void translate_start(struct node *node);
void translate_events(struct node *node, const struct event *events, size_t count);
bool translate_busy(const struct node *node);
void translate_hurry(struct node *node); /* what waits is left out, what is asked is not waited for */
void translate_stop(struct node *node);

#endif
