#include "gateway/session.h"

#include <sodium.h>

#include "gateway/answer.h"
#include "gateway/request.h"
#include "gateway/server.h"
#include "privacy/vault.h"

#define STAFF_TOKEN_LEN 64 /* 32 random bytes as hex */

struct str session_cookie(struct str header, struct str name)
{
    struct str piece;
    while (str_split(&header, ';', &piece)) {
        piece = str_trim(piece);
        ptrdiff_t mark = str_find_char(piece, '=', 0);
        if (mark < 0 || !str_equal(str_slice(piece, 0, (size_t)mark), name)) continue;
        struct str value = str_slice(piece, (size_t)mark + 1, piece.len);
        if (value.len >= 2 && value.data[0] == '"' && value.data[value.len - 1] == '"')
            value = str_slice(value, 1, value.len - 1);
        return value;
    }
    return STR_EMPTY;
}

const char *session_cookie_name(bool secure)
{
    return secure ? "__Host-beckon_session" : "beckon_session";
}

struct str session_bearer(struct str header)
{
    if (header.len < 7 || !str_equal_nocase(str_slice(header, 0, 7), STR("Bearer "))) return STR_EMPTY;
    struct str token = str_trim(str_slice(header, 7, header.len));
    return str_find_char(token, ' ', 0) < 0 && str_find_char(token, ',', 0) < 0 ? token : STR_EMPTY;
}

static bool is_staff_token(struct str token)
{
    if (token.len != STAFF_TOKEN_LEN) return false;
    for (size_t i = 0; i < token.len; i++) {
        char c = token.data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    }
    return true;
}

static int who_of_role(struct str role)
{
    return str_equal(role, STR("administrator")) ? WHO_ADMINISTRATOR
         : str_equal(role, STR("supervisor")) ? WHO_SUPERVISOR : WHO_AGENT;
}

static enum refusal find_staff(const struct gateway *gateway, struct str token, struct session *session)
{
    const struct engine *engine = node_engine(gateway->node);
    struct session_view view;
    struct agent_view agent;
    session->token = node_digest(gateway->node, "session", token);
    if (!engine_session(engine, session->token, node_now(gateway->node), &view) ||
        !engine_agent(engine, view.agent, &agent)) return REFUSAL_NOT_LOGGED_IN;
    session->kind = SESSION_STAFF;
    session->who = who_of_role(agent.role);
    session->agent = view.agent;
    session->session = view.session;
    session->expires_at = view.expires_at;
    return REFUSAL_NONE;
}

static enum refusal find_customer(struct request *request, struct str token, struct session *session)
{
    const struct node *node = request->gateway->node;
    const struct engine *engine = node_engine(node);
    struct str payload;
    if (!vault_open_token(node_vault(node), token, &request->arena, &payload)) return REFUSAL_NOT_LOGGED_IN;
    struct reader reader = reader_of(payload);
    uint64_t customer = reader_varint(&reader);
    int64_t issued_ms = reader_zigzag(&reader);
    /* An erased customer who comes back is somebody new: the session is over like any other. */
    if (reader.bad || !customer || !engine_customer_known(engine, customer) ||
        engine_customer_erased(engine, customer)) return REFUSAL_NOT_LOGGED_IN;
    if (issued_ms <= engine_customer_sessions_from(engine, customer)) return REFUSAL_NOT_LOGGED_IN;
    if (issued_ms + SESSION_CUSTOMER_MS <= node_now(node)) return REFUSAL_NOT_LOGGED_IN;
    session->kind = SESSION_CUSTOMER;
    session->who = WHO_CUSTOMER;
    session->customer = customer;
    session->expires_at = issued_ms + SESSION_CUSTOMER_MS;
    return REFUSAL_NONE;
}

static enum refusal find_operator(const struct gateway *gateway, struct str token, struct session *session)
{
    struct str own = str_of(gateway->options.operator_token);
    if (!own.len || own.len != token.len || sodium_memcmp(own.data, token.data, own.len) != 0)
        return REFUSAL_NOT_LOGGED_IN;
    session->kind = SESSION_OPERATOR;
    session->who = WHO_OPERATOR;
    return REFUSAL_NONE;
}

static bool is_program(const struct gateway *gateway, struct str token, struct session *session)
{
    struct str key = node_workspace(gateway->node)->api_key;
    if (!key.len || key.len != token.len || sodium_memcmp(key.data, token.data, key.len) != 0) return false;
    session->kind = SESSION_PROGRAM;
    session->who = WHO_PROGRAM;
    return true;
}

enum refusal session_find(struct request *request, struct session *session)
{
    *session = (struct session){ 0 };
    struct str header = http_header(&request->head, STR("authorization"));
    if (http_header_count(&request->head, STR("authorization"))) {
        struct str token = session_bearer(header);
        if (is_program(request->gateway, token, session)) return REFUSAL_NONE;
        if (str_starts(token, STR("op_"))) return find_operator(request->gateway, token, session);
        if (is_staff_token(token)) return find_staff(request->gateway, token, session);
        return token.len ? find_customer(request, token, session) : REFUSAL_NOT_LOGGED_IN;
    }
    struct str token = session_cookie(http_header(&request->head, STR("cookie")), str_of(session_cookie_name(request->secure)));
    if (!token.len) return REFUSAL_NONE;
    session->by_cookie = true;
    return is_staff_token(token) ? find_staff(request->gateway, token, session) : REFUSAL_NOT_LOGGED_IN;
}

void session_customer_token(const struct gateway *gateway, uint64_t customer, struct buf *out)
{
    int64_t ended = engine_customer_sessions_from(node_engine(gateway->node), customer);
    int64_t now = node_now(gateway->node);
    uint8_t random[8];
    struct buf payload;
    buf_init(&payload, 64);
    buf_add_varint(&payload, customer);
    buf_add_zigzag(&payload, now > ended ? now : ended + 1);
    randombytes_buf(random, sizeof random);
    buf_add(&payload, random, sizeof random);
    vault_token(node_vault(gateway->node), buf_str(&payload), out);
    buf_free(&payload);
}

struct viewer session_viewer(const struct session *session)
{
    switch (session->who) {
    case WHO_SUPERVISOR:
    case WHO_ADMINISTRATOR: return (struct viewer){ VIEWER_SUPERVISOR, session->agent };
    case WHO_AGENT: return (struct viewer){ VIEWER_AGENT, session->agent };
    default: return (struct viewer){ VIEWER_CUSTOMER, session->customer };
    }
}

enum actor session_actor(const struct session *session)
{
    switch (session->who) {
    case WHO_CUSTOMER: return ACTOR_CUSTOMER;
    case WHO_AGENT: return ACTOR_AGENT;
    case WHO_OPERATOR: return ACTOR_NODE;
    case WHO_PROGRAM: must(!"a program gives no commands"); return ACTOR_NODE;
    default: return ACTOR_SUPERVISOR;
    }
}

const char *session_name(const struct session *session)
{
    switch (session->who) {
    case WHO_CUSTOMER: return "customer";
    case WHO_AGENT: return "agent";
    case WHO_SUPERVISOR: return "supervisor";
    case WHO_ADMINISTRATOR: return "administrator";
    case WHO_OPERATOR: return "operator";
    case WHO_PROGRAM: return "program";
    default: return "none";
    }
}

bool session_may_read(const struct gateway *gateway, const struct session *session, uint64_t conversation,
                      struct conversation_view *view)
{
    const struct engine *engine = node_engine(gateway->node);
    if (!engine_conversation(engine, conversation, view)) return false;
    switch (session->who) {
    case WHO_CUSTOMER: return session->customer && view->customer == session->customer;
    case WHO_AGENT: return engine_agent_may_read(engine, session->agent, conversation, node_now(gateway->node));
    case WHO_SUPERVISOR:
    case WHO_ADMINISTRATOR: return true;
    default: return false;
    }
}

bool session_conversation(struct request *request, struct conversation_view *view)
{
    bool may = session_may_read(request->gateway, &request->session, request->conversation, view);
    if (!may) answer_refusal(request, REFUSAL_NOT_FOUND, NULL);
    return may;
}

uint64_t session_subject(const struct session *session)
{
    return session->kind == SESSION_STAFF ? vault_agent(session->agent) | (uint64_t)1 << 63
         : session->kind == SESSION_CUSTOMER ? vault_customer(session->customer) | (uint64_t)1 << 63
         : session->kind == SESSION_PROGRAM ? 2 : 1;
}
