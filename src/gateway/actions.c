/* actions.c - what a member of staff may do for a customer at the company's back end: the list, what it would come to, and the wish.
 *
 * Here is only what the workspace knows: which actions there are, whether these are their parameters, what is compared with
 * the limit. Who may, for whom, and whether a colleague has to allow it, says the engine (decide_approval.c). */
#include "assistant/assistant.h"
#include "gateway/answer.h"
#include "gateway/body.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/server.h"

/* Codes are sent by the assistant, as an answer to somebody; they are no action to choose. */
static bool is_offered(const struct workspace *workspace, const struct action *action)
{
    return !str_equal(action->name, workspace->send_code);
}

static struct str title_or(struct str title, struct str name)
{
    return title.len ? title : name;
}

static void add_parameter(const struct workspace *workspace, const struct action_parameter *parameter, struct str language, struct buf *json)
{
    json_open(json, NULL, '{');
    json_text(json, "name", parameter->name);
    json_text(json, "title", title_or(workspace_text(workspace, parameter->titles, parameter->title_count, language), parameter->name));
    json_text(json, "question", workspace_text(workspace, parameter->questions, parameter->question_count, language));
    json_text(json, "pattern", parameter->pattern);
    json_bool(json, "required", parameter->required);
    json_open(json, "choices", '[');
    for (size_t i = 0; i < parameter->choice_count; i++) json_text(json, NULL, parameter->choices[i]);
    json_close(json, ']');
    json_close(json, '}');
}

/* What the customer has not shown yet: identity, code; or empty. */
static struct str lacks(const struct request *request, const struct action *action, const struct conversation_view *view)
{
    const struct node *node = request->gateway->node;
    if (action->identity >= IDENTITY_SIGNED && !engine_customer_verified(node_engine(node), view->customer)) return STR("identity");
    return action->identity == IDENTITY_CODE && view->proven_until <= node_now(node) ? STR("code") : STR_EMPTY;
}

void actions_list(struct request *request)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct str language = workspace_language(workspace, query_get(&request->query, "language"));
    struct conversation_view view;
    if (!session_conversation(request, &view)) return;
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_open(json, "actions", '[');
    for (size_t i = 0; i < workspace->action_count; i++) {
        const struct action *action = &workspace->actions[i];
        if (!is_offered(workspace, action)) continue;
        json_open(json, NULL, '{');
        json_text(json, "action", action->name);
        json_text(json, "title", title_or(workspace_text(workspace, action->titles, action->title_count, language), action->name));
        json_bool(json, "changes", action->changes);
        json_text(json, "lacks", lacks(request, action, &view));
        json_open(json, "parameters", '[');
        for (size_t k = 0; k < action->parameter_count; k++) add_parameter(workspace, &action->parameters[k], language, json);
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
    answer_json(request, buf_str(json));
}

/* Reads the wish and fills in what only the workspace knows; NULL: answered already. */
static const struct action *read_wish(struct request *request)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct command_request_approval *wish = &request->command.request_approval;
    struct conversation_view view;
    const char *field = NULL;
    if (!engine_conversation(node_engine(request->gateway->node), request->conversation, &view)) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return NULL;
    }
    /* As the engine would, but before the body is looked at: whoever may not knows not even which actions there are. */
    if (session_actor(&request->session) == ACTOR_AGENT && view.agent != request->session.agent) {
        answer_refusal(request, REFUSAL_NOT_OWNER, NULL);
        return NULL;
    }
    if (!act_body(request)) return NULL;
    const struct action *action = workspace_action(workspace, wish->action);
    if (!action || !is_offered(workspace, action)) field = "action";
    else if (!action_takes(action, wish->parameters, &request->arena, &field)) must(field);
    if (field) {
        answer_refusal(request, REFUSAL_BAD_FIELD, field);
        return NULL;
    }
    action_weigh(action, wish->parameters, &request->arena, &wish->value, &wish->most);
    wish->verified = action->identity >= IDENTITY_SIGNED;
    wish->proven = action->identity == IDENTITY_CODE;
    wish->supervisor = action->approval == APPROVAL_SUPERVISOR;
    wish->topic = view.topic;
    return action;
}

void actions_run(struct request *request)
{
    struct command *command = &request->command;
    const struct action *action = read_wish(request);
    if (!action) return;
    command->actor = session_actor(&request->session);
    command->agent = request->session.agent;
    command->conversation = request->conversation;
    act_key(request);
    /* What the back end knows it by: the same for the same request, sent twice. */
    command->request_approval.idempotency_key = arena_format(&request->arena, "a%llu-%016llx%016llx", (unsigned long long)request->conversation,
        (unsigned long long)command->key.key.high, (unsigned long long)command->key.key.low);
    act_submit(request);
}

void actions_try(struct request *request)
{
    struct node *node = request->gateway->node;
    const struct action *action = read_wish(request);
    const struct command_request_approval *wish = &request->command.request_approval;
    struct conversation_view view;
    struct node_customer customer;
    if (!action) return;
    must(engine_conversation(node_engine(node), request->conversation, &view));
    node_customer(node, view.customer, &request->arena, &customer);
    struct action_request sent = { action, customer.verified ? customer.external_id : STR_EMPTY, wish->parameters, STR("dry-run") };
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_text(json, "needs", wish->value <= wish->most ? STR("nobody") : wish->supervisor ? STR("supervisor") : STR("agent"));
    json_text(json, "lacks", lacks(request, action, &view));
    json_text(json, "sends", action_dry_run(node_workspace(node), &sent, &request->arena));
    json_close(json, '}');
    answer_json(request, buf_str(json));
}
