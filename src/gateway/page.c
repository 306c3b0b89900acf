#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/route.h"
#include "gateway/server.h"

/* Pages of events as JSON: {"events":[...],"last":N}; and the fork between them and the stream. */

#define USUAL 100
#define BYTES_MAX (1u << 19)   /* a page ends early rather than grow over this */
#define SEQ_MAX ((uint64_t)INT64_MAX - 1)

struct wanted {
    struct node_page page;
    struct stream *waiting;    /* while a page may still be waited for */
    bool history, late;
};

/* A page backwards that is too long goes without its oldest events: the next one ends where it begins. */
static size_t first_that_fits(const struct event *events, size_t count, enum viewer_role role, struct buf *scratch)
{
    size_t first = count;
    buf_clear(scratch);
    while (first && scratch->len < BYTES_MAX) event_json(&events[--first], role, scratch);
    return first;
}

/* What of the page fits; `last` is the cursor to go on from, `more` that there may be more behind it. */
static void answer_page(struct request *request, const struct event *events, size_t count, uint64_t last)
{
    const struct wanted *wanted = request->work;
    if (!events) {
        answer_refusal(request, REFUSAL_INTERNAL, NULL);
        return;
    }
    enum viewer_role role = wanted->page.viewer.role;
    struct buf *json = request_buf(request);
    bool back = wanted->page.before, full = count == wanted->page.max;
    size_t first = back ? first_that_fits(events, count, role, json) : 0, told = first;
    buf_clear(json);
    buf_add_str(json, STR("{\"events\":["));
    for (; told < count && (back || json->len < BYTES_MAX); told++) {
        if (told > first) buf_add_char(json, ',');
        event_json(&events[told], role, json);
    }
    if (told < count || (full && !back)) last = events[told - 1].seq;
    bool more = first || told < count || full;
    buf_add_format(json, "],\"last\":%llu,\"more\":%s}", (unsigned long long)last, more ? "true" : "false");
    answer_json(request, buf_str(json));
}

static bool read_number(struct request *request, const char *name, uint64_t max, uint64_t *out)
{
    bool good = query_number(&request->query, name, max, out);
    if (!good) answer_refusal(request, REFUSAL_BAD_QUERY, name);
    return good;
}

static bool read_limit(struct request *request, struct wanted *wanted)
{
    uint64_t limit = USUAL;
    if (!read_number(request, "limit", LIMIT_PAGE, &limit)) return false;
    wanted->page.max = (size_t)limit;
    if (!limit) answer_refusal(request, REFUSAL_BAD_QUERY, "limit");
    return limit > 0;
}

/* --- history of one conversation --- */

static void on_history(void *context, const struct event *events, size_t count, uint64_t last)
{
    answer_page(context, events, count, last);
}

void page_history(struct request *request)
{
    struct wanted *wanted = request->work = ARENA_NEW(&request->arena, struct wanted);
    struct conversation_view view;
    if (!session_conversation(request, &view)) return;
    wanted->page.viewer = session_viewer(&request->session);
    wanted->page.conversation = request->conversation;
    if (!read_number(request, "after", SEQ_MAX, &wanted->page.after) ||
        !read_number(request, "before", SEQ_MAX, &wanted->page.before) || !read_limit(request, wanted)) return;
    if (wanted->page.after && wanted->page.before) {
        answer_refusal(request, REFUSAL_BAD_QUERY, "before");
        return;
    }
    node_read(request->gateway->node, &wanted->page, on_history, request);
}

/* --- the session's own events --- */

static void read_events(struct request *request);

static void forget(struct request *request)
{
    struct wanted *wanted = request->work;
    if (wanted->waiting) stream_forget(wanted->waiting);
    wanted->waiting = NULL;
    request->on_lost = NULL;
}

static void on_events(void *context, const struct event *events, size_t count, uint64_t last)
{
    struct request *request = context;
    struct wanted *wanted = request->work;
    if (wanted->waiting && events && !count && !wanted->late && request->connection && !request->gateway->stopping) {
        wanted->page.after = last;
        if (stream_poked(wanted->waiting)) read_events(request);
        else stream_arm(wanted->waiting);
        return;
    }
    forget(request);
    answer_page(request, events, count, last);
}

static void read_events(struct request *request)
{
    struct wanted *wanted = request->work;
    node_read(request->gateway->node, &wanted->page, on_events, request);
}

static void on_wake(struct request *request, bool in_time)
{
    struct wanted *wanted = request->work;
    struct session session;
    UNUSED(in_time);
    enum refusal refusal = session_find(request, &session);
    if (refusal) {
        forget(request);
        answer_refusal(request, refusal, NULL);
        return;
    }
    wanted->page.viewer = session_viewer(&session); /* the role may have changed meanwhile */
    wanted->late = !stream_poked(wanted->waiting);
    read_events(request);
}

/* The client of a waiting request has gone. While it is only waiting nobody would ever answer. */
static void on_lost(struct request *request)
{
    struct wanted *wanted = request->work;
    bool idle = wanted->waiting && stream_is_armed(wanted->waiting);
    forget(request);
    if (idle) answer_empty(request);
}

static void answer_events(struct request *request, uint64_t wait_s)
{
    struct wanted *wanted = request->work;
    uint64_t committed = node_committed(request->gateway->node);
    wanted->page.viewer = session_viewer(&request->session);
    if (wanted->page.after > committed) wanted->page.after = committed; /* as it was before a backup came back */
    if (!read_limit(request, wanted)) return;
    if (wait_s) {
        wanted->waiting = stream_wait(request, on_wake, gateway_clock(request->gateway) + (int64_t)wait_s * 1000);
        request->on_lost = on_lost;
    }
    read_events(request);
}

void page_events(struct request *request)
{
    struct wanted *wanted = request->work = ARENA_NEW(&request->arena, struct wanted);
    struct str accept = http_header(&request->head, STR("accept"));
    struct str resume = http_header(&request->head, STR("last-event-id"));
    uint64_t wait_s = 0;
    bool present = !query_get(&request->query, "after").data && !resume.len;
    if (!read_number(request, "after", SEQ_MAX, &wanted->page.after) ||
        !read_number(request, "wait", LIMIT_WAIT_S, &wait_s)) return;
    if (resume.len && (!str_to_u64(resume, &wanted->page.after) || wanted->page.after > SEQ_MAX)) {
        answer_refusal(request, REFUSAL_BAD_QUERY, "Last-Event-ID");
        return;
    }
    bool stream = http_accepts(accept, STR("text/event-stream"), false);
    bool json = http_accepts(accept, STR("application/json"), true) || query_get(&request->query, "wait").data ||
                query_get(&request->query, "limit").data || request->head.method == HTTP_HEAD;
    if (http_accepts(accept, STR("text/event-stream"), true)) json = false;
    if (json || (!stream && http_accepts(accept, STR("application/json"), false))) answer_events(request, wait_s);
    else if (stream) stream_open(request, wanted->page.after, present);
    else answer_refusal(request, REFUSAL_NOT_ACCEPTABLE, NULL);
}
