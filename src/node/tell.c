#include "node/state.h"

#include "base/memory.h"
#include "node/handle.h"

/* Tells how the queue stands: each waiting customer their place and estimate, everybody what a person
 * would take now. A burst of changes is told once, a moment later. */

/* Events after which somebody's place or estimate may be another. */
static bool moves_queue(enum event_kind kind)
{
    switch (kind) {
    case EVENT_CONVERSATION_QUEUED:
    case EVENT_CONVERSATION_ASSIGNED:
    case EVENT_CONVERSATION_RESOLVED:
    case EVENT_PRESENCE_CHANGED:
    case EVENT_WRAPUP_ENDED:
    case EVENT_AGENT_ADDED:
    case EVENT_AGENT_CHANGED:
    case EVENT_AGENT_REMOVED:
    case EVENT_WORKSPACE_CONFIGURED: return true;
    default: return false;
    }
}

static void tell_place(void *context, const struct queue_place *place)
{
    struct node *node = context;
    struct buf json;
    buf_init(&json, 512);
    buf_add_format(&json, "{\"conversation\":%llu,\"place\":%zu,\"low_ms\":%lld,\"high_ms\":%lld}",
                   (unsigned long long)place->conversation, place->place, (long long)place->low_ms,
                   (long long)place->high_ms);
    node_signal(node, &(struct signal){ .name = "place", .conversation = place->conversation,
                                        .customer = place->customer, .json = buf_str(&json) });
    buf_free(&json);
}

static void tell_service(struct node *node)
{
    struct queue_view queue;
    int64_t low, high;
    engine_queue(node->engine, &queue);
    engine_wait_now(node->engine, STR_EMPTY, &low, &high);
    struct buf json;
    buf_init(&json, 512);
    buf_add_format(&json, "{\"online\":%zu,\"low_ms\":%lld,\"high_ms\":%lld,\"waiting\":%zu}", queue.online,
                   (long long)low, (long long)high, queue.waiting);
    if (!str_equal(buf_str(&json), node->told_service)) {
        memory_free((char *)(uintptr_t)node->told_service.data);
        node->told_service = str_make(memory_copy(json.data, json.len), json.len);
        node_signal(node, &(struct signal){ .name = "service", .customers = true, .staff = true,
                                            .json = buf_str(&json) });
    }
    buf_free(&json);
}

static void on_tell(uv_timer_t *timer)
{
    struct node *node = timer->data;
    node->queue_dirty = false;
    if (!node->on_signal) return;
    engine_each_place(node->engine, tell_place, node);
    tell_service(node);
}

void tell_events(struct node *node, const struct event *events, size_t count)
{
    for (size_t i = 0; i < count && !node->queue_dirty; i++) {
        if (!moves_queue(events[i].kind)) continue;
        node->queue_dirty = true;
        uv_timer_start(node->tell, on_tell, NODE_SIGNAL_MS, 0);
    }
}

void tell_start(struct node *node)
{
    node->tell = MEMORY_NEW(uv_timer_t);
    must(uv_timer_init(node->loop, node->tell) == 0);
    node->tell->data = node;
    node->told_service = str_make(memory_copy("", 0), 0);
}

void tell_stop(struct node *node)
{
    handle_close(node->tell);
    memory_free((char *)(uintptr_t)node->told_service.data);
}

void node_on_signal(struct node *node, node_signal_fn *on_signal, void *context)
{
    node->on_signal = on_signal;
    node->signal_context = context;
}

void node_signal(struct node *node, const struct signal *signal)
{
    if (node->on_signal) node->on_signal(node->signal_context, signal);
}
