#include "gateway/state.h"

#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/server.h"
#include "workspace/workspace.h"

#define OFFERS_TOLD 64
#define CONVERSATIONS_TOLD 128

void state_human(const struct gateway *gateway, struct str language, struct buf *out)
{
    const struct engine *engine = node_engine(gateway->node);
    struct queue_view queue;
    int64_t low, high;
    engine_queue(engine, &queue);
    engine_wait_now(engine, language, &low, &high);
    json_open(out, "human", '{');
    json_u64(out, "online", queue.online);
    json_i64(out, "low_ms", low);
    json_i64(out, "high_ms", high);
    json_close(out, '}');
}

/* --- one conversation --- */

bool state_place(const struct gateway *gateway, uint64_t conversation, struct queue_place *out)
{
    *out = (struct queue_place){ .low_ms = -1, .high_ms = -1 };
    return engine_place(node_engine(gateway->node), conversation, out);
}

static void add_customer(struct request *request, uint64_t customer, struct buf *out)
{
    struct node_customer details;
    bool known = node_customer(request->gateway->node, customer, &request->arena, &details);
    json_open(out, "customer_details", '{');
    if (known) {
        json_text(out, "name", details.name);
        json_text(out, "email", details.email);
        json_text(out, "external_id", details.external_id);
    }
    json_bool(out, "verified", known && details.verified);
    json_close(out, '}');
}

static void add_staff_fields(struct request *request, const struct conversation_view *view, struct buf *out)
{
    json_text(out, "topic", view->topic);
    json_bool(out, "recontact", view->recontact);
    json_u64(out, "offered_to", view->offered_to);
    json_i64(out, "wrapup_until", engine_wrapup_until(node_engine(request->gateway->node), request->session.agent, view->id));
    add_customer(request, view->customer, out);
}

void state_add_conversation(struct request *request, const struct conversation_view *view, struct buf *out)
{
    const struct gateway *gateway = request->gateway;
    struct queue_place place;
    if (view->state == CONVERSATION_WAITING) state_place(gateway, view->id, &place);
    else place = (struct queue_place){ .low_ms = -1, .high_ms = -1 };
    json_u64(out, "conversation", view->id);
    json_u64(out, "customer", view->customer);
    json_text(out, "state", str_of(conversation_state_names[view->state]));
    json_u64(out, "agent", view->agent);
    json_text(out, "agent_name", node_agent_name(gateway->node, view->agent));
    json_text(out, "language", view->language);
    json_i64(out, "opened_at", view->opened_at);
    json_i64(out, "last_at", view->last_at);
    json_i64(out, "wait_from", view->wait_from);
    json_u64(out, "place", place.place);
    json_i64(out, "low_ms", place.low_ms);
    json_i64(out, "high_ms", place.high_ms);
    json_u64(out, "appointment", view->appointment);
    json_bool(out, "turn", view->turn != 0);
    json_u64(out, "last_seq", view->last_message);
    json_u64(out, "seq", node_committed(gateway->node));
    json_u64(out, "customer_read", view->customer_read);
    json_u64(out, "customer_delivered", view->customer_delivered);
    json_u64(out, "staff_read", view->staff_read);
    json_u64(out, "staff_delivered", view->staff_delivered);
    json_i64(out, "stars", view->stars);
    state_human(gateway, view->language, out);
    if (request->session.kind == SESSION_STAFF) add_staff_fields(request, view, out);
}

void state_conversation(struct request *request)
{
    struct conversation_view view;
    if (!session_conversation(request, &view)) return;
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    state_add_conversation(request, &view, json);
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

/* --- the workspace, as customers and staff see it --- */

static void add_canned(const struct workspace *workspace, struct buf *out)
{
    json_open(out, "canned", '[');
    for (size_t i = 0; i < workspace->canned_count; i++) {
        const struct canned_reply *reply = &workspace->canned[i];
        json_open(out, NULL, '{');
        json_text(out, "name", reply->name);
        json_text(out, "language", reply->language);
        json_text(out, "title", reply->title);
        json_text(out, "text", reply->text);
        json_close(out, '}');
    }
    json_close(out, ']');
}

void state_workspace(struct request *request)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct str language = workspace_language(workspace, query_get(&request->query, "language"));
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_text(json, "name", workspace->name);
    json_text(json, "description", workspace->description);
    json_text(json, "version", workspace->version);
    json_texts(json, "languages", workspace->languages, workspace->language_count);
    json_text(json, "language", language);
    json_text(json, "greeting", workspace_text(workspace, workspace->greetings, workspace->greeting_count, language));
    json_text(json, "accent", workspace->accent);
    json_text(json, "privacy_url", workspace->privacy_url);
    json_bool(json, "ai", true);
    json_texts(json, "dispositions", workspace->dispositions, workspace->disposition_count);
    json_texts(json, "skills", workspace->skills, workspace->skill_count);
    state_human(request->gateway, language, json);
    if (request->session.kind == SESSION_STAFF) add_canned(workspace, json);
    if (request->gateway->options.demo_backend) {
        json_open(json, "demo", '{');
        json_text(json, "backend", str_of(request->gateway->options.demo_backend));
        json_close(json, '}');
    }
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

/* --- what the agent app begins with --- */

static void add_offer(struct request *request, uint64_t id, struct buf *out)
{
    const struct engine *engine = node_engine(request->gateway->node);
    struct offer_view offer;
    struct conversation_view view;
    if (!engine_offer(engine, id, &offer) || !engine_conversation(engine, offer.conversation, &view)) return;
    json_open(out, NULL, '{');
    json_u64(out, "offer", offer.id);
    json_u64(out, "conversation", offer.conversation);
    json_u64(out, "customer", view.customer);
    json_text(out, "topic", view.topic);
    json_text(out, "language", view.language);
    json_i64(out, "wait_from", view.wait_from);
    json_u64(out, "appointment", view.appointment);
    json_i64(out, "made_at", offer.made_at);
    json_i64(out, "expires_at", offer.expires_at);
    json_close(out, '}');
}

struct agent_listing {
    const struct gateway *gateway;
    struct buf *out;
    uint64_t without;
};

static bool add_colleague(void *context, const struct agent_view *agent)
{
    const struct agent_listing *listing = context;
    if (agent->id == listing->without) return true;
    json_open(listing->out, NULL, '{');
    json_u64(listing->out, "agent", agent->id);
    json_text(listing->out, "name", node_agent_name(listing->gateway->node, agent->id));
    json_text(listing->out, "state", str_of(agent_state_names[agent->state]));
    json_list(listing->out, "skills", agent->skills);
    json_text(listing->out, "role", agent->role);
    json_close(listing->out, '}');
    return true;
}

static void add_own(struct request *request, struct buf *out)
{
    const struct engine *engine = node_engine(request->gateway->node);
    uint64_t ids[CONVERSATIONS_TOLD];
    size_t count = engine_offers_of_agent(engine, request->session.agent, ids, OFFERS_TOLD);
    json_open(out, "offers", '[');
    for (size_t i = 0; i < count; i++) add_offer(request, ids[i], out);
    json_close(out, ']');
    count = engine_conversations_of_agent(engine, request->session.agent, ids, CONVERSATIONS_TOLD);
    json_open(out, "conversations", '[');
    for (size_t i = 0; i < count; i++) {
        struct conversation_view view;
        if (!engine_conversation(engine, ids[i], &view)) continue;
        json_open(out, NULL, '{');
        state_add_conversation(request, &view, out);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void add_title(struct buf *json, struct str language, struct str title)
{
    json_open(json, NULL, '{');
    json_text(json, "language", language);
    json_text(json, "title", title);
    json_close(json, '}');
}

static void open_titles(struct buf *json, const char *kind, struct str name)
{
    json_open(json, NULL, '{');
    json_text(json, "kind", str_of(kind));
    json_text(json, "name", name);
    json_open(json, "titles", '[');
}

static void close_titles(struct buf *json)
{
    json_close(json, ']');
    json_close(json, '}');
}

static void add_titles_of(struct buf *json, const char *kind, struct str name, const struct text_by_language *titles, size_t count)
{
    if (!count) return;
    open_titles(json, kind, name);
    for (size_t i = 0; i < count; i++) add_title(json, titles[i].language, titles[i].text);
    close_titles(json);
}

/* What people read in place of the workspace's names, in every language: the page may change its own at any time. */
static void add_titles(const struct workspace *workspace, struct buf *json)
{
    json_open(json, "titles", '[');
    for (size_t i = 0; i < workspace->topic_count; i++)
        add_titles_of(json, "topic", workspace->topics[i].name, workspace->topics[i].titles, workspace->topics[i].title_count);
    for (size_t i = 0; i < workspace->action_count; i++)
        add_titles_of(json, "action", workspace->actions[i].name, workspace->actions[i].titles, workspace->actions[i].title_count);
    for (size_t i = 0; i < workspace->title_count; i++)
        add_titles_of(json, "label", workspace->titles[i].name, workspace->titles[i].texts, workspace->titles[i].text_count);
    for (size_t i = 0; i < workspace->article_count; i++) {
        const struct article *article = &workspace->articles[i];
        bool first = i == 0 || !str_equal(article->name, article[-1].name);
        bool last = i + 1 == workspace->article_count || !str_equal(article->name, article[1].name);
        if (first) open_titles(json, "article", article->name);
        add_title(json, article->language, article->title);
        if (last) close_titles(json);
    }
    json_close(json, ']');
}

void state_me(struct request *request)
{
    const struct gateway *gateway = request->gateway;
    const struct engine *engine = node_engine(gateway->node);
    const struct workspace *workspace = node_workspace(gateway->node);
    struct agent_view agent;
    if (!engine_agent(engine, request->session.agent, &agent)) {
        answer_refusal(request, REFUSAL_NOT_LOGGED_IN, NULL);
        return;
    }
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_u64(json, "agent", agent.id);
    json_text(json, "name", node_agent_name(gateway->node, agent.id));
    json_text(json, "login", node_agent_login(gateway->node, agent.id));
    json_text(json, "role", agent.role);
    json_text(json, "pool", agent.pool);
    json_text(json, "state", str_of(agent_state_names[agent.state]));
    json_i64(json, "state_since", agent.state_since);
    json_i64(json, "capacity", agent.capacity);
    json_list(json, "skills", agent.skills);
    json_list(json, "languages", agent.languages);
    json_u64(json, "seq", node_committed(gateway->node));
    add_own(request, json);
    json_i64(json, "now", node_now(gateway->node));
    json_i64(json, "heartbeat_ms", engine_settings(engine)->lease_ms / 3);
    json_i64(json, "session_expires_at", request->session.expires_at);
    json_open(json, "colleagues", '[');
    struct agent_listing listing = { gateway, json, agent.id };
    engine_each_agent(engine, add_colleague, &listing);
    json_close(json, ']');
    json_texts(json, "skills_all", workspace->skills, workspace->skill_count);
    json_texts(json, "dispositions", workspace->dispositions, workspace->disposition_count);
    add_canned(workspace, json);
    add_titles(workspace, json);
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

/* --- lists of conversations, from the views --- */

static void on_conversations(void *context, bool ok, struct str rows)
{
    struct request *request = context;
    if (!ok) {
        answer_refusal(request, REFUSAL_INTERNAL, NULL);
        return;
    }
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_raw(json, "conversations", rows);
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

static bool is_state(struct str name)
{
    for (int i = 0; i < CONVERSATION_STATES; i++)
        if (str_equal(name, str_of(conversation_state_names[i]))) return true;
    return !name.len;
}

void state_conversations(struct request *request)
{
    struct str state = query_get(&request->query, "state"), text = query_get(&request->query, "text");
    struct node_query query = { .kind = NODE_QUERY_CONVERSATIONS, .state = state.data ? state : STR_EMPTY,
                                .text = text.data ? text : STR_EMPTY, .limit = 50 };
    uint64_t limit = query.limit, before = 0;
    const char *bad = !is_state(query.state) ? "state"
                    : query.text.len > LIMIT_SEARCH ? "text"
                    : !query_number(&request->query, "agent", INT64_MAX, &query.agent) ? "agent"
                    : !query_number(&request->query, "before", INT64_MAX, &before) ? "before"
                    : !query_number(&request->query, "limit", LIMIT_PAGE, &limit) || !limit ? "limit" : NULL;
    if (bad) {
        answer_refusal(request, REFUSAL_BAD_QUERY, bad);
        return;
    }
    /* Agents look through what engine_agent_may_read lets them read. */
    if (request->session.who == WHO_AGENT) {
        query.agent = request->session.agent;
        query.resolved_after_ms = node_now(request->gateway->node) - engine_settings(node_engine(request->gateway->node))->look_back_ms;
    }
    query.before_ms = (int64_t)before;
    query.limit = (size_t)limit;
    node_query(request->gateway->node, &query, on_conversations, request);
}
