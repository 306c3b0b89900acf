/* approvals.c - what waits until somebody allows it, for those who may. */
#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/server.h"

struct listing {
    const struct node *node;
    const struct workspace *workspace;
    struct buf *json;
    struct arena *arena;
    struct str language;
};

static void add(void *context, const struct node_approval *approval)
{
    struct listing *listing = context;
    const struct event *event = approval->event;
    const struct event_approval_requested *requested = &event->approval_requested;
    struct buf *json = listing->json;
    struct str title = approval->action ? workspace_text(listing->workspace, approval->action->titles, approval->action->title_count, listing->language)
                                        : STR_EMPTY;
    json_open(json, NULL, '{');
    json_u64(json, "number", approval->number);
    json_u64(json, "conversation", event->conversation);
    json_u64(json, "customer", event->customer);
    json_text(json, "name", approval->customer_name);
    json_text(json, "action", requested->action);
    json_text(json, "title", title.len ? title : requested->action);
    json_text(json, "topic", requested->topic);
    json_text(json, "amount", requested->amount);
    json_text(json, "why", requested->why);
    json_text(json, "asked_by", event->agent ? node_agent_name(listing->node, event->agent) : STR_EMPTY);
    json_text(json, "needs", requested->needs);
    json_open(json, "titles", '{');
    for (size_t i = 0; approval->action && i < approval->action->parameter_count; i++) {
        const struct action_parameter *parameter = &approval->action->parameters[i];
        struct str called = workspace_text(listing->workspace, parameter->titles, parameter->title_count, listing->language);
        if (called.len) json_text(json, arena_cstr(listing->arena, parameter->name), called);
    }
    json_close(json, '}');
    json_raw(json, "parameters", requested->parameters.len ? requested->parameters : STR("{}"));
    json_i64(json, "asked_at", event->at_ms);
    json_i64(json, "expires_at", requested->expires_at);
    json_close(json, '}');
}

void approvals_show(struct request *request)
{
    struct node *node = request->gateway->node;
    struct buf *json = request_buf(request);
    const struct workspace *workspace = node_workspace(node);
    struct listing listing = { node, workspace, json, &request->arena, workspace_language(workspace, query_get(&request->query, "language")) };
    json_open(json, NULL, '{');
    json_open(json, "approvals", '[');
    node_each_approval(node, request->session.agent, add, &listing);
    json_close(json, ']');
    json_close(json, '}');
    answer_json(request, buf_str(json));
}
