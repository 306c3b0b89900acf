#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/server.h"
#include "gateway/state.h"

/* The supervisor's board: figures from the views, everything else from the engine as it is now. */

#define ROWS_MAX 500          /* of waiting and of active conversations */
#define BUCKET_MS 900000      /* of the series: a quarter of an hour */

void state_add_agent(const struct gateway *gateway, const struct agent_view *agent, struct buf *out)
{
    json_open(out, NULL, '{');
    json_u64(out, "agent", agent->id);
    json_text(out, "name", node_agent_name(gateway->node, agent->id));
    json_text(out, "login", node_agent_login(gateway->node, agent->id));
    json_text(out, "role", agent->role);
    json_text(out, "pool", agent->pool);
    json_text(out, "state", str_of(agent_state_names[agent->state]));
    json_i64(out, "state_since", agent->state_since);
    json_i64(out, "active", agent->active);
    json_i64(out, "wrapping", agent->wrapping);
    json_i64(out, "offered", agent->offered);
    json_i64(out, "capacity", agent->capacity);
    json_list(out, "skills", agent->skills);
    json_list(out, "languages", agent->languages);
    json_close(out, '}');
}

struct listing {
    struct request *request;
    struct buf *out;
    size_t rows;
};

static bool add_agent(void *context, const struct agent_view *agent)
{
    const struct listing *listing = context;
    state_add_agent(listing->request->gateway, agent, listing->out);
    return true;
}

static void add_agents(struct request *request, struct buf *out)
{
    struct listing listing = { request, out, 0 };
    json_open(out, "agents", '[');
    engine_each_agent(node_engine(request->gateway->node), add_agent, &listing);
    json_close(out, ']');
}

void board_agents(struct request *request)
{
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    add_agents(request, json);
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

static void add_customer_name(struct request *request, uint64_t customer, struct buf *out)
{
    struct node_customer details;
    /* Whoever runs the machine counts people; their names are for those who serve them. */
    bool named = request->session.kind != SESSION_OPERATOR;
    bool known = named && node_customer(request->gateway->node, customer, &request->arena, &details);
    json_text(out, "name", known ? details.name : STR_EMPTY);
}

static void add_waiting(void *context, const struct queue_place *place)
{
    struct listing *listing = context;
    struct conversation_view view;
    if (listing->rows == ROWS_MAX ||
        !engine_conversation(node_engine(listing->request->gateway->node), place->conversation, &view)) return;
    listing->rows++;
    json_open(listing->out, NULL, '{');
    json_u64(listing->out, "conversation", view.id);
    json_u64(listing->out, "customer", view.customer);
    add_customer_name(listing->request, view.customer, listing->out);
    json_text(listing->out, "topic", view.topic);
    json_text(listing->out, "language", view.language);
    json_i64(listing->out, "wait_from", view.wait_from);
    json_u64(listing->out, "place", place->place);
    json_i64(listing->out, "low_ms", place->low_ms);
    json_i64(listing->out, "high_ms", place->high_ms);
    json_u64(listing->out, "offered_to", view.offered_to);
    json_u64(listing->out, "appointment", view.appointment);
    json_bool(listing->out, "recontact", view.recontact);
    json_close(listing->out, '}');
}

static bool add_active(void *context, const struct conversation_view *view)
{
    struct listing *listing = context;
    if (view->state != CONVERSATION_ACTIVE) return true;
    json_open(listing->out, NULL, '{');
    json_u64(listing->out, "conversation", view->id);
    json_u64(listing->out, "customer", view->customer);
    add_customer_name(listing->request, view->customer, listing->out);
    json_u64(listing->out, "agent", view->agent);
    json_text(listing->out, "agent_name", node_agent_name(listing->request->gateway->node, view->agent));
    json_text(listing->out, "topic", view->topic);
    json_text(listing->out, "language", view->language);
    json_text(listing->out, "state", str_of(conversation_state_names[view->state]));
    json_i64(listing->out, "last_at", view->last_at);
    json_i64(listing->out, "opened_at", view->opened_at);
    json_close(listing->out, '}');
    return ++listing->rows < ROWS_MAX;
}

static void add_live(const struct gateway *gateway, struct buf *out)
{
    struct queue_view queue;
    engine_queue(node_engine(gateway->node), &queue);
    json_open(out, "live", '{');
    json_u64(out, "waiting", queue.waiting);
    json_i64(out, "longest_wait_from", queue.longest_wait_from);
    json_u64(out, "online", queue.online);
    json_u64(out, "away", queue.away);
    json_u64(out, "free_places", queue.free_places);
    json_u64(out, "by_assistant", queue.by_assistant);
    json_u64(out, "active", queue.active);
    json_i64(out, "handle_time_ms", queue.handle_time_ms);
    json_i64(out, "service_level_ms", engine_settings(node_engine(gateway->node))->service_level_ms);
    json_close(out, '}');
}

static void on_figures(void *context, bool ok, struct str figures)
{
    struct request *request = context;
    const struct gateway *gateway = request->gateway;
    const struct engine *engine = node_engine(gateway->node);
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_i64(json, "now", node_now(gateway->node));
    json_u64(json, "seq", node_committed(gateway->node));
    add_live(gateway, json);
    json_raw(json, "figures", ok ? figures : STR("null"));
    add_agents(request, json);
    struct listing listing = { request, json, 0 };
    json_open(json, "waiting", '[');
    engine_each_place(engine, add_waiting, &listing);
    json_close(json, ']');
    listing.rows = 0;
    json_open(json, "conversations", '[');
    engine_each_open_conversation(engine, add_active, &listing);
    json_close(json, ']');
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

void board_show(struct request *request)
{
    struct node_query query = { .kind = NODE_QUERY_FIGURES, .bucket_ms = BUCKET_MS,
                                .state = STR_EMPTY, .text = STR_EMPTY };
    node_query(request->gateway->node, &query, on_figures, request);
}
