#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/json.h"
#include "gateway/server.h"

/* What is said without being an event. */

/* To the customer and to the staff who are in the conversation, but not to whoever types. */
static void tell_typing(const struct request *request, const struct conversation_view *view, const uint64_t *staff,
                        size_t count, struct str json)
{
    const struct session *session = &request->session;
    struct node *node = request->gateway->node;
    struct signal signal = { .name = "typing", .conversation = view->id, .json = json };
    for (size_t i = 0; i < count; i++) {
        if (staff[i] == session->agent) continue;
        signal.agent = staff[i];
        node_signal(node, &signal);
    }
    signal.agent = 0;
    signal.customer = session->kind == SESSION_CUSTOMER ? 0 : view->customer;
    if (signal.customer) node_signal(node, &signal);
}

static bool contains(const uint64_t *ids, size_t count, uint64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (ids[i] == id) return true;
    return false;
}

void talk_typing(struct request *request)
{
    struct node *node = request->gateway->node;
    const struct session *session = &request->session;
    struct conversation_view view;
    uint64_t staff[ENGINE_STAFF_IN_MAX];
    if (!session_conversation(request, &view)) return;
    size_t count = engine_staff_in(node_engine(node), view.id, staff);
    if (session->kind == SESSION_STAFF && !contains(staff, count, session->agent)) {
        answer_refusal(request, REFUSAL_NOT_OWNER, NULL);
        return;
    }
    const char *author = session->kind == SESSION_CUSTOMER ? "customer"
                       : session->agent == view.agent ? "agent" : "supervisor";
    struct buf *json = request_buf(request);
    json_open(json, NULL, '{');
    json_u64(json, "conversation", view.id);
    json_text(json, "author", str_of(author));
    json_text(json, "name", node_agent_name(node, session->agent));
    json_close(json, '}');
    tell_typing(request, &view, staff, count, buf_str(json));
    answer_empty(request);
}

void talk_files(struct request *request)
{
    struct conversation_view view;
    if (session_conversation(request, &view)) answer_refusal(request, REFUSAL_FILES_NOT_TAKEN, NULL);
}
