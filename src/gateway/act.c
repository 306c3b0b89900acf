#include "assistant/care.h"
#include "gateway/answer.h"
#include "gateway/body.h"
#include "gateway/handlers.h"
#include "gateway/route.h"
#include "gateway/server.h"

/* A command: the body by its table, who and what from session and path, and what only beckon knows. */

void act_answer(struct request *request, const struct outcome *outcome)
{
    if (outcome->refusal) {
        answer_refusal(request, outcome->refusal, outcome->field);
        return;
    }
    struct buf *json = request_buf(request);
    buf_add_str(json, STR("{\"seq\":"));
    buf_add_u64(json, outcome->seq);
    if (outcome->conversation) {
        buf_add_str(json, STR(",\"conversation\":"));
        buf_add_u64(json, outcome->conversation);
    }
    if (outcome->id) {
        buf_add_str(json, STR(",\"id\":"));
        buf_add_u64(json, outcome->id);
    }
    if (outcome->repeated) buf_add_str(json, STR(",\"repeated\":true"));
    buf_add_char(json, '}');
    answer_json(request, buf_str(json));
}

static void on_done(void *context, const struct outcome *outcome)
{
    act_answer(context, outcome);
}

void act_submit(struct request *request)
{
    node_submit(request->gateway->node, &request->command, on_done, request);
}

bool act_body(struct request *request)
{
    struct command *command = &request->command;
    const struct command_row *row = &command_table[request->route->command];
    command->kind = request->route->command;
    struct body_refusal result = body_read(&request->arena, request->body, row->fields, row->field_count, &command->wake);
    if (result.refusal) answer_refusal(request, result.refusal, result.field);
    return !result.refusal;
}

void act_key(struct request *request)
{
    if (!(request->route->flags & ROUTE_KEY)) return;
    struct str key = http_header(&request->head, STR("idempotency-key"));
    const struct node *node = request->gateway->node;
    /* Of the session's subject, so that nobody can use up another's keys. */
    request->command.key.key = node_digest(node, "idempotency", arena_format(
        &request->arena, "%llu %.*s", (unsigned long long)session_subject(&request->session), STR_ARG(key)));
    /* A digest is quick to try out, so a password must not be in it: the path and the login do there. */
    struct str body = request->command.kind == COMMAND_ADD_AGENT ? request->command.add_agent.login
                    : request->command.kind == COMMAND_SET_PASSWORD ? STR_EMPTY : request->body;
    uint64_t digest = node_digest(node, "request", arena_format(
        &request->arena, "%.*s\n%.*s", STR_ARG(request->path), STR_ARG(body))).high;
    request->command.key.body = digest ? digest : 1;
}

static void give(struct request *request, const char *name, struct str text)
{
    const struct command_row *row = &command_table[request->command.kind];
    body_give_text(row->fields, row->field_count, &request->command.wake, name, text);
}

/* What the words say about the person who wrote them, and what they are told at once. */
static void hear_out(struct request *request)
{
    const struct node *node = request->gateway->node;
    struct conversation_view view = { .language = STR_EMPTY };
    bool known = engine_conversation(node_engine(node), request->conversation, &view);
    if (known && view.state == CONVERSATION_ACTIVE) return; /* a person reads it, and says what there is to say */
    struct heard heard = heard_in(request->command.say.text);
    give(request, "wants_human", heard_via_name(heard.via));
    give(request, "care_kind", heard.via >= HEARD_VULNERABLE ? heard_kind_name(heard.kind) : STR_EMPTY);
    give(request, "care", care_at_once(node_workspace(node), &heard, view.language, &request->arena));
    /* In need or danger the next person is the right one, whatever they know best. */
    if (heard.via && heard.via < HEARD_VULNERABLE)
        give(request, "topic", assistant_topic_meant(node_assistant(node), request->command.say.text, view.language, &request->arena));
}

/* Who has the conversation by now reads what became of it, in the conversation's language. */
static void note_refused(struct request *request)
{
    const struct engine *engine = node_engine(request->gateway->node);
    struct approval_view approval;
    struct conversation_view view = { .language = STR_EMPTY };
    if (engine_approval(engine, request->target, &approval)) engine_conversation(engine, approval.conversation, &view);
    struct str reason = request->command.refuse_approval.reason;
    give(request, "note", str_cut(assistant_not_approved(view.language, reason, &request->arena), LIMIT_MESSAGE));
}

/* Fields that no client may set: names, and whether the words ask for a person. */
static void fill(struct request *request)
{
    struct command *command = &request->command;
    const struct node *node = request->gateway->node;
    if (command->kind == COMMAND_ASSIGN) give(request, "name", node_agent_name(node, command->assign.agent));
    else if (request->session.kind == SESSION_STAFF) give(request, "name", node_agent_name(node, request->session.agent));
    if (command->kind == COMMAND_SAY && request->session.kind == SESSION_CUSTOMER)
        hear_out(request);
    if (command->kind == COMMAND_REFUSE_APPROVAL) note_refused(request);
    if (command->kind == COMMAND_OPEN) give(request, "channel", STR("chat"));
    if (command->kind == COMMAND_ERASE_CUSTOMER) command->erase_customer.customer = request->target;
}

/* A conversation that the customer's session may not read does not exist for it. What staff may do
 * in one that is not theirs, the engine says. */
static bool may_touch(struct request *request)
{
    struct conversation_view view;
    if (!request->conversation) return true;
    if (request->session.kind != SESSION_CUSTOMER)
        return engine_conversation(node_engine(request->gateway->node), request->conversation, &view);
    return session_may_read(request->gateway, &request->session, request->conversation, &view);
}

/* What only the workspace knows: an agent resolves with one of its dispositions. */
static bool knows_disposition(const struct workspace *workspace, struct str disposition)
{
    for (size_t i = 0; i < workspace->disposition_count; i++)
        if (str_equal(workspace->dispositions[i], disposition)) return true;
    return !workspace->disposition_count;
}

void act_run(struct request *request)
{
    struct command *command = &request->command;
    if (!may_touch(request)) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return;
    }
    if (!act_body(request)) return;
    if (command->kind == COMMAND_OPEN && !route_allow_new(request, ROUTE_NEW_CONVERSATION)) return;
    if (command->kind == COMMAND_RESOLVE &&
        !knows_disposition(node_workspace(request->gateway->node), command->resolve.disposition)) {
        answer_refusal(request, REFUSAL_BAD_FIELD, "disposition");
        return;
    }
    command->actor = session_actor(&request->session);
    command->customer = request->session.customer;
    command->agent = command->actor == ACTOR_NODE ? request->target : request->session.agent;
    command->conversation = request->conversation;
    command->target = request->target;
    fill(request);
    act_key(request);
    act_submit(request);
}
