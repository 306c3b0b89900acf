#include "gateway/answer.h"
#include "gateway/handlers.h"
#include "gateway/server.h"

/* What is said without being an event. */

void talk_typing(struct request *request)
{
    struct node *node = request->gateway->node;
    struct conversation_view view;
    if (!session_may_read(request->gateway, &request->session, request->conversation, &view)) {
        answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
        return;
    }
    bool customer = request->session.kind == SESSION_CUSTOMER;
    struct buf *json = request_buf(request);
    buf_add_format(json, "{\"conversation\":%llu,\"author\":\"%s\",\"name\":",
                   (unsigned long long)request->conversation, customer ? "customer" : "agent");
    buf_add_json_str(json, node_agent_name(node, request->session.agent));
    buf_add_char(json, '}');
    struct signal signal = { .name = "typing", .conversation = request->conversation, .json = buf_str(json) };
    if (customer) signal.agent = view.agent;
    else signal.customer = view.customer;
    if ((signal.agent || signal.customer) && view.state != CONVERSATION_RESOLVED) node_signal(node, &signal);
    answer_empty(request);
}

void talk_files(struct request *request)
{
    struct conversation_view view;
    bool may = session_may_read(request->gateway, &request->session, request->conversation, &view);
    answer_refusal(request, may ? REFUSAL_FILES_NOT_TAKEN : REFUSAL_NOT_FOUND, NULL);
}
