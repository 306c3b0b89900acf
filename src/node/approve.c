#include "node/state.h"

#include "assistant/reply_command.h"
#include "base/memory.h"

/* Actions that a person has to allow, as a reader: what is asked for is kept at hand for those who may decide; what was
 * allowed runs, under the key that it was asked for with. An action that ran when the process ended runs again after the
 * next start under that key: the back end does nothing twice for one key, and the engine takes its end once. */

struct waiting {
    struct arena arena;
    struct event event; /* approval.requested */
    bool running;
};

struct approve {
    struct map waiting;
    size_t running;
};

struct allowed {
    uv_work_t work;
    struct node *node;
    struct content *content;
    struct arena arena;
    uint64_t number, conversation;
    const struct action *action;
    struct node_customer customer;
    struct str parameters, key, language, place, note;
    struct action_result result;
};

static void drop(struct node *node, uint64_t number)
{
    struct waiting *waiting = number ? map_remove(&node->approve->waiting, number) : NULL;
    if (!waiting) return;
    arena_free(&waiting->arena);
    memory_free(waiting);
}

static struct waiting *keep(struct node *node, const struct event *event)
{
    uint64_t number = event->approval_requested.number;
    drop(node, number);
    struct waiting *waiting = MEMORY_NEW(struct waiting);
    waiting->event = record_copy(event, &waiting->arena);
    map_put(&node->approve->waiting, number, waiting);
    return waiting;
}

/* --- running what was allowed --- */

static void run(uv_work_t *work)
{
    struct allowed *job = work->data;
    struct str customer = job->customer.verified ? job->customer.external_id : STR_EMPTY;
    struct action_request request = { job->action, customer, job->parameters, job->key };
    job->result = (struct action_result){ .outcome = STR("failed"), .json = STR("{}") };
    if (job->action && customer.len)
        job->result = action_call(job->content->workspace, assist_breakers(job->node), &request, &job->arena);
    struct settled settled = { job->place, job->parameters, true, job->result.outcome, job->result.json, true };
    struct question question = { .language = job->language, .customer_id = customer, .customer_name = job->customer.name,
                                 .verified = job->customer.verified, .settled = &settled };
    if (job->place.len) job->note = assistant_settled_note(job->content->assistant, &question, &job->arena);
    else if (job->action) job->note = assistant_result_note(job->content->workspace, job->action, &job->result, job->language, &job->arena);
}

static void ran(uv_work_t *work, int status)
{
    struct allowed *job = work->data;
    struct node *node = job->node;
    struct waiting *waiting = map_get(&node->approve->waiting, job->number);
    struct command finish = { .kind = COMMAND_FINISH_APPROVAL, .actor = ACTOR_NODE, .target = job->number };
    must(status == 0);
    finish.finish_approval.outcome = job->result.outcome;
    finish.finish_approval.took_ms = (uint64_t)(job->result.took_ms < 3600000 ? job->result.took_ms : 3600000);
    finish.finish_approval.result = reply_json_fits(job->result.json, LIMIT_ACTION_RESULT);
    finish.finish_approval.note = job->note;
    if (waiting) waiting->running = false;
    node->approve->running--;
    node_submit(node, &finish, NULL, NULL);
    content_drop(job->content);
    arena_free(&job->arena);
    memory_free(job);
}

static void start(struct node *node, struct waiting *waiting)
{
    const struct event *event = &waiting->event;
    const struct event_approval_requested *requested = &event->approval_requested;
    struct conversation_view view = { .language = STR_EMPTY };
    if (waiting->running) return;
    struct allowed *job = MEMORY_NEW(struct allowed);
    job->node = node;
    job->content = node->content;
    content_hold(job->content);
    engine_conversation(node->engine, event->conversation, &view);
    node_customer(node, event->customer, &job->arena, &job->customer);
    job->number = requested->number;
    job->conversation = event->conversation;
    job->action = workspace_action(job->content->workspace, requested->action);
    job->parameters = arena_copy(&job->arena, requested->parameters);
    job->key = arena_copy(&job->arena, requested->idempotency_key);
    job->language = arena_copy(&job->arena, view.language);
    job->place = arena_copy(&job->arena, requested->place);
    job->work.data = job;
    waiting->running = true;
    node->approve->running++;
    must(uv_queue_work(node->loop, &job->work, run, ran) == 0);
}

/* --- reading along --- */

void approve_events(struct node *node, const struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct event *event = &events[i];
        struct waiting *waiting;
        switch (event->kind) {
        case EVENT_APPROVAL_REQUESTED:
            waiting = keep(node, event);
            if (str_equal(event->approval_requested.needs, STR("nobody"))) start(node, waiting);
            break;
        case EVENT_APPROVAL_GIVEN:
            waiting = map_get(&node->approve->waiting, event->approval_given.number);
            if (waiting) start(node, waiting);
            break;
        case EVENT_APPROVAL_REFUSED: drop(node, event->approval_refused.number); break;
        case EVENT_APPROVAL_EXPIRED: drop(node, event->approval_expired.number); break;
        case EVENT_APPROVAL_DONE: drop(node, event->approval_done.number); break;
        default: break;
        }
    }
}

static bool take_up(void *context, const struct approval_view *view)
{
    struct node *node = context;
    struct arena arena = { 0 };
    struct event event;
    struct waiting *waiting = map_get(&node->approve->waiting, view->id);
    if (view->settled) return true;
    if (!waiting && node_event(node, view->seq, &arena, &event) && event.kind == EVENT_APPROVAL_REQUESTED) waiting = keep(node, &event);
    if (waiting && (view->given_by || view->free)) start(node, waiting);
    arena_free(&arena);
    return true;
}

/* --- what has ended, for the flow that waits --- */

struct finding {
    uint64_t settled;
    struct approval_view view;
};

static bool find_settled(void *context, const struct approval_view *view)
{
    struct finding *finding = context;
    if (view->settled != finding->settled) return true;
    finding->view = *view;
    return false;
}

bool approve_settled(struct node *node, uint64_t turn, struct arena *arena, struct settled *out)
{
    struct finding finding = { .settled = turn };
    struct event requested, end;
    if (!turn) return false;
    engine_each_approval(node->engine, find_settled, &finding);
    if (!finding.view.id || !node_event(node, finding.view.seq, arena, &requested) || !node_event(node, turn, arena, &end) ||
        requested.kind != EVENT_APPROVAL_REQUESTED || (end.kind != EVENT_APPROVAL_DONE && end.kind != EVENT_APPROVAL_REFUSED)) return false;
    bool allowed = end.kind == EVENT_APPROVAL_DONE;
    *out = (struct settled){ .place = requested.approval_requested.place, .parameters_json = requested.approval_requested.parameters,
        .allowed = allowed, .outcome = allowed ? end.approval_done.outcome : STR_EMPTY, .result_json = allowed ? end.approval_done.result : STR_EMPTY };
    return true;
}

void approve_take_up(struct node *node)
{
    engine_each_approval(node->engine, take_up, node);
}

void approve_start(struct node *node)
{
    node->approve = MEMORY_NEW(struct approve);
    approve_take_up(node);
}

bool approve_busy(const struct node *node)
{
    return node->approve && node->approve->running;
}

void approve_stop(struct node *node)
{
    struct map_slot slot;
    if (!node->approve) return;
    for (size_t i = 0; map_next(&node->approve->waiting, &i, &slot);) {
        struct waiting *waiting = slot.value;
        arena_free(&waiting->arena);
        memory_free(waiting);
    }
    map_free(&node->approve->waiting);
    memory_free(node->approve);
    node->approve = NULL;
}

/* --- looking in --- */

struct listing {
    struct node *node;
    uint64_t agent;
    node_approval_fn *each;
    void *context;
};

static bool list_one(void *context, const struct approval_view *view)
{
    struct listing *listing = context;
    struct node *node = listing->node;
    const struct waiting *waiting = map_get(&node->approve->waiting, view->id);
    struct arena arena = { 0 };
    struct node_customer customer;
    if (view->given_by || view->settled || view->free || !waiting || !engine_may_decide(node->engine, listing->agent, view->id)) return true;
    const struct action *action = workspace_action(node_workspace(node), waiting->event.approval_requested.action);
    node_customer(node, view->customer, &arena, &customer);
    struct node_approval approval = { &waiting->event, view->id, action, customer.name };
    listing->each(listing->context, &approval);
    arena_free(&arena);
    return true;
}

void node_each_approval(struct node *node, uint64_t agent, node_approval_fn *each, void *context)
{
    struct listing listing = { node, agent, each, context };
    engine_each_approval(node->engine, list_one, &listing);
}
