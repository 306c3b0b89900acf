#include "node/consult.h"

#include <stdio.h>
#include <stdlib.h>

#include "assistant/model_call.h"
#include "base/memory.h"
#include "node/state.h"

#define POOL_THREADS 4        /* libuv's own number: these are never the model's */
#define PLACES_LATER 2        /* at once, when the model came with a reload and the pool has no threads for it */
#define TELL_EVERY_MS 60000
#define LOOK_BACK_EVENTS 50000 /* of the log, for the tokens of the day */

struct consultancy {
    struct model_state *state;
    struct map spent;         /* conversation -> tokens, as a pointer that is a number */
    int running, places;
    bool ill;                 /* the last call that ended had no answer, and that has been said */
    int64_t told_at_ms;
};

/* Tokens of a conversation in a map of pointers. */
static void spend(struct consultancy *consultancy, uint64_t conversation, uint64_t tokens)
{
    uint64_t before = (uintptr_t)map_get(&consultancy->spent, conversation);
    if (before + tokens)
        map_put(&consultancy->spent, conversation, (void *)(uintptr_t)(before + tokens));
}

/* Before the pool begins: a turn that waits for the model holds a thread, and others must not wait for that. */
void consult_make_room(const struct workspace *workspace)
{
    char number[16];
    if (!workspace->model.base_url.len || getenv("UV_THREADPOOL_SIZE"))
        return;
    snprintf(number, sizeof number, "%d", POOL_THREADS + workspace->model.parallel);
    setenv("UV_THREADPOOL_SIZE", number, 1);
}

static int places(void)
{
    const char *size = getenv("UV_THREADPOOL_SIZE");
    int threads = size ? atoi(size) : POOL_THREADS;
    return threads - POOL_THREADS > PLACES_LATER ? threads - POOL_THREADS : PLACES_LATER;
}

uint64_t consult_tokens(const struct event *event)
{
    if (event->kind == EVENT_MESSAGE_TRANSLATED) return event->message_translated.tokens;
    return event->kind == EVENT_ASSISTANT_DECIDED ? event->assistant_decided.tokens : 0;
}

/* The tokens that this day has used already, so that a restart gives no new budget. */
static void look_back(struct node *node, struct consultancy *consultancy)
{
    struct arena arena = { 0 };
    struct err err;
    struct log_record record;
    struct event event;
    int64_t today = model_state_day(node_now(node));
    uint64_t used = 0, end = node->committed > LOOK_BACK_EVENTS ? node->committed - LOOK_BACK_EVENTS : 0;
    for (uint64_t seq = node->committed; seq > end; seq--) {
        arena_reset(&arena);
        if (!log_get(&err, node->log_reader, seq, &arena, &record) || !record_decode(&err, record.bytes, seq, &event) ||
            model_state_day(event.at_ms) < today)
            break;
        used += consult_tokens(&event);
    }
    model_state_used(consultancy->state, today, used);
    arena_free(&arena);
}

void consult_start(struct node *node)
{
    struct consultancy *consultancy = node->consultancy = MEMORY_NEW(struct consultancy);
    consultancy->state = model_state_new();
    consultancy->places = places();
    if (node->content->workspace->model.base_url.len)
        look_back(node, consultancy);
}

void consult_stop(struct node *node)
{
    struct consultancy *consultancy = node->consultancy;
    if (!consultancy)
        return;
    must(!consultancy->running);
    model_state_free(consultancy->state);
    map_free(&consultancy->spent);
    memory_free(consultancy);
    node->consultancy = NULL;
}

void consult_begin(struct consult *consult, struct node *node, const struct content *content, uint64_t conversation, unsigned uses,
                   const atomic_bool *cancelled)
{
    struct consultancy *consultancy = node->consultancy;
    const struct workspace_model *model = &content->workspace->model;
    *consult = (struct consult){ .placed = false };
    if (!model->base_url.len || !(model->uses & uses))
        return;
    if (consultancy->running >= model->parallel || consultancy->running >= consultancy->places) {
        node->metrics.model_without_place++;
        return;
    }
    uint64_t spent = (uintptr_t)map_get(&consultancy->spent, conversation), budget = (uint64_t)model->budget_conversation;
    consultancy->running++;
    consult->placed = true;
    consult->use = (struct model_use){ .settings = model, .state = consultancy->state, .cancelled = cancelled,
                                       .deadline_at_ms = model_clock_ms() + model->deadline_ms,
                                       .tokens_left = budget > spent ? budget - spent : 0 };
}

/* Not what is the conversation's own matter: it moved on, it used its budget up, the model would not or was cut. */
static bool is_the_servers_fault(struct str fallback)
{
    static const char *const faults[] = { "late", "down", "failed", "too_long", "refused_by_server", "budget_day" };
    for (size_t i = 0; i < ARRAY_LEN(faults); i++)
        if (str_equal(fallback, str_of(faults[i])))
            return true;
    return false;
}

/* Customers hardly notice, so the operator would not either: said once, and once more when it is over; not again within a minute. */
static void tell_operator(struct consultancy *consultancy, const struct model_trace *trace)
{
    bool ill = trace->failures && is_the_servers_fault(trace->fallback), well = trace->calls && !trace->failures;
    int64_t now = model_clock_ms();
    if (consultancy->ill ? !well : !ill)
        return;
    if (consultancy->told_at_ms && now - consultancy->told_at_ms < TELL_EVERY_MS)
        return;
    if (ill)
        fprintf(stderr, "beckon: the language model does not help, the assistant goes on without it: %.*s (%.*s)\n",
                STR_ARG(trace->objection), STR_ARG(trace->fallback));
    else
        fprintf(stderr, "beckon: the language model helps again\n");
    consultancy->ill = ill;
    consultancy->told_at_ms = now;
}

void consult_end(struct consult *consult, struct node *node, uint64_t conversation, const struct model_trace *trace)
{
    struct node_metrics *metrics = &node->metrics;
    struct conversation_view view;
    if (!consult->placed)
        return;
    consult->placed = false;
    node->consultancy->running--;
    tell_operator(node->consultancy, trace);
    if (engine_conversation(node->engine, conversation, &view) && view.state != CONVERSATION_RESOLVED)
        spend(node->consultancy, conversation, trace->tokens); /* else nobody would take it out again */
    metrics->model_calls += trace->calls;
    metrics->model_failures += trace->failures;
    metrics->model_refused += trace->refused;
    metrics->model_tokens += trace->tokens;
    metrics->model_us_total += trace->took_us;
}

void consult_learn(struct node *node, uint64_t conversation, uint64_t tokens)
{
    spend(node->consultancy, conversation, tokens);
}

void consult_forget(struct node *node, uint64_t conversation)
{
    map_remove(&node->consultancy->spent, conversation);
}
