#include "gateway/route.h"

#include "gateway/answer.h"
#include "gateway/bodies.h"
#include "gateway/body.h"
#include "gateway/files.h"
#include "gateway/handlers.h"
#include "gateway/help_page.h"
#include "gateway/server.h"

#define F(S, type, member, origin, max, meaning) \
    { #member, COMMAND_FIELD_##type, COMMAND_##origin, offsetof(struct body_##S, member), max, meaning },
#define B(member) static const struct command_field fields_##member[] = { BODY_FIELDS_##member(F, member) };
BODIES(B)
#undef B
#undef F

#define COMMAND(kind) .command = COMMAND_##kind, .answer = "Acknowledgement"
#define QUESTION(function) .command = ROUTE_NO_COMMAND, .handle = function
#define BODY(name) .fields = fields_##name, .field_count = ARRAY_LEN(fields_##name)
#define CONVERSATION "/v1/conversations/{conversation}"
#define ADMINISTRATORS (WHO_ADMINISTRATOR | WHO_OPERATOR)
#define CHAT (WHO_CUSTOMER | WHO_STAFF)

const struct route route_table[] = {
    { HTTP_POST, "/v1/session", WHO_ANYBODY, ROUTE_CORS, QUESTION(door_session), BODY(session), .answer = "Session",
      .summary = "Opens a customer's session: anonymous, or with an identity that the host page signed." },
    { HTTP_POST, "/v1/session/end", WHO_CUSTOMER, ROUTE_CORS, COMMAND(END_CUSTOMER_SESSIONS),
      .summary = "Ends all sessions of the customer; open streams end at once." },
    { HTTP_GET, "/v1/workspace", WHO_ANYBODY, ROUTE_CORS, QUESTION(state_workspace), .query = "language",
      .answer = "Workspace", .summary = "What the company is called, its languages, and what a person would take now; `language` may name "
                                         "several, the best first: `de-CH,sv`." },
    { HTTP_POST, "/v1/conversations", WHO_CUSTOMER, ROUTE_KEY | ROUTE_CORS, COMMAND(OPEN),
      .summary = "Opens a conversation; the assistant owns it." },
    { HTTP_GET, "/v1/conversations", WHO_STAFF, 0, QUESTION(state_conversations),
      .query = "state text agent before limit", .answer = "Conversations",
      .summary = "Conversations, the latest activity first; agents see their own." },
    { HTTP_GET, CONVERSATION, CHAT, ROUTE_CORS, QUESTION(state_conversation), .answer = "Conversation",
      .summary = "How the conversation stands: owner, place in the queue, marks." },
    { HTTP_GET, CONVERSATION "/events", CHAT, ROUTE_CORS, QUESTION(page_history), .query = "after before limit",
      .answer = "Events", .summary = "The conversation's history; `before` pages backwards." },
    { HTTP_GET, CONVERSATION "/transcript", CHAT, ROUTE_CORS, QUESTION(transcript_show),
      .summary = "The conversation as a text file." },
    { HTTP_POST, CONVERSATION "/messages", CHAT, ROUTE_KEY | ROUTE_CORS, COMMAND(SAY), .summary = "Says something." },
    { HTTP_POST, CONVERSATION "/marks", CHAT, ROUTE_KEY | ROUTE_CORS, COMMAND(MARK),
      .summary = "Messages up to here have arrived or were read." },
    { HTTP_POST, CONVERSATION "/typing", CHAT, ROUTE_CORS, QUESTION(talk_typing), .answer = "Empty",
      .summary = "Tells the other side that somebody is typing; in no log." },
    { HTTP_POST, CONVERSATION "/files", CHAT, ROUTE_CORS | ROUTE_ANY_BODY, QUESTION(talk_files), .answer = "Empty",
      .summary = "Files are not taken yet: always refused with files_not_taken." },
    { HTTP_POST, CONVERSATION "/human", WHO_CUSTOMER, ROUTE_KEY | ROUTE_CORS, COMMAND(ASK_HUMAN),
      .summary = "Asks for a person; honoured at once, from any state." },
    { HTTP_POST, CONVERSATION "/appointment", WHO_CUSTOMER, ROUTE_KEY | ROUTE_CORS, COMMAND(MAKE_APPOINTMENT),
      .summary = "Leaves an address or a time; `id` is the number of the promise." },
    { HTTP_POST, CONVERSATION "/rating", WHO_CUSTOMER, ROUTE_KEY | ROUTE_CORS, COMMAND(RATE),
      .summary = "Rates the conversation." },
    { HTTP_POST, CONVERSATION "/end", WHO_CUSTOMER, ROUTE_KEY | ROUTE_CORS, COMMAND(END),
      .summary = "Ends the conversation: the matter is settled." },
    { HTTP_POST, CONVERSATION "/notes", WHO_STAFF, ROUTE_KEY, COMMAND(NOTE),
      .summary = "Writes a note that the customer does not see." },
    { HTTP_POST, CONVERSATION "/transfer", WHO_STAFF, ROUTE_KEY, COMMAND(TRANSFER),
      .summary = "Gives the conversation to a colleague or a skill." },
    { HTTP_POST, CONVERSATION "/resolve", WHO_STAFF, ROUTE_KEY, COMMAND(RESOLVE), .summary = "Settles the matter." },
    { HTTP_GET, CONVERSATION "/actions", WHO_STAFF, 0, QUESTION(actions_list), .query = "language", .answer = "Actions",
      .summary = "The workspace's actions, with their parameters, and what this customer has not shown yet." },
    { HTTP_POST, CONVERSATION "/actions", WHO_STAFF, ROUTE_KEY, .command = COMMAND_REQUEST_APPROVAL, .handle = actions_run,
      .answer = "Acknowledgement", .summary = "Runs an action for the conversation's customer at once, if nobody has to allow it; else asks for that. "
                                              "`id` is its number." },
    { HTTP_POST, CONVERSATION "/actions/try", WHO_STAFF, 0, .command = COMMAND_REQUEST_APPROVAL, .handle = actions_try, .answer = "ActionTrial",
      .summary = "The same without running anything: whether somebody has to allow it, and what would be sent." },
    { HTTP_POST, CONVERSATION "/wrapup/end", WHO_STAFF, ROUTE_KEY, COMMAND(END_WRAPUP),
      .summary = "Finishes the work after a conversation." },
    { HTTP_GET, CONVERSATION "/asked", WHO_STAFF, 0, QUESTION(learn_asked), .query = "language", .answer = "Asked",
      .summary = "What the customer asked and the assistant could not answer, without personal data, and what it may have been about; "
                 "`message` 0: nothing to learn here." },
    { HTTP_POST, CONVERSATION "/paraphrases", WHO_STAFF, ROUTE_KEY, .command = COMMAND_LEARN, .handle = learn_confirm,
      .answer = "Acknowledgement", .summary = "Confirms what it was about: the assistant learns the wording; `id` is its number." },
    { HTTP_GET, "/v1/paraphrases", WHO_SUPERVISORS, 0, QUESTION(learn_list), .query = "language state before limit",
      .answer = "Paraphrases", .summary = "Wordings that people taught, the newest first, with who, when and from which conversation; `before` pages "
      "backwards, `state` is unreviewed, approved or revoked." },
    { HTTP_POST, "/v1/paraphrases/{paraphrase}/approve", WHO_SUPERVISORS, ROUTE_KEY, COMMAND(APPROVE_PARAPHRASE),
      .summary = "Approves a learned wording, also one that was revoked." },
    { HTTP_POST, "/v1/paraphrases/{paraphrase}/revoke", WHO_SUPERVISORS, ROUTE_KEY, COMMAND(REVOKE_PARAPHRASE),
      .summary = "Revokes a learned wording: the assistant forgets it within seconds." },
    { HTTP_GET, "/v1/content", WHO_ADMINISTRATOR, 0, QUESTION(drafts_list), .query = "language", .answer = "Content",
      .summary = "The topics and articles that can be edited, and the version that is in force." },
    { HTTP_GET, "/v1/topics/{name}", WHO_ADMINISTRATOR, 0, QUESTION(drafts_topic), .answer = "ContentFile",
      .summary = "A topic's file as it is." },
    { HTTP_GET, "/v1/articles/{name}", WHO_ADMINISTRATOR, 0, QUESTION(drafts_article), .answer = "ContentFile",
      .summary = "An article's file as it is." },
    { HTTP_POST, "/v1/drafts/check", WHO_ADMINISTRATOR, ROUTE_LONG_BODY, QUESTION(drafts_check), BODY(draft), .answer = "DraftCheck",
      .summary = "Every mistake that the files would have with this draft, by the reader of `beckon check`; and how it would look." },
    { HTTP_POST, "/v1/drafts/try", WHO_ADMINISTRATOR, ROUTE_LONG_BODY, QUESTION(drafts_try), BODY(trial), .answer = "DraftChanges",
      .summary = "A question, decided as things are and with the draft. Nothing is stored and no action is run." },
    { HTTP_POST, "/v1/drafts/compare", WHO_ADMINISTRATOR, ROUTE_LONG_BODY, QUESTION(drafts_compare), BODY(draft), .answer = "DraftChanges",
      .summary = "Customers' last 200 different messages, decided as things are and with the draft: those that differ." },
    { HTTP_POST, "/v1/drafts/publish", WHO_ADMINISTRATOR, ROUTE_LONG_BODY, QUESTION(drafts_publish), BODY(publication), .answer = "Publication",
      .summary = "Writes the draft into the workspace's files as a new version; refused if the file is not as the draft's maker saw it." },
    { HTTP_POST, "/v1/topics/{name}/remove", WHO_ADMINISTRATOR, 0, QUESTION(drafts_remove_topic), BODY(restoration), .answer = "Publication",
      .summary = "Removes the topic as a new version; refused with what is wrong if other files speak of it." },
    { HTTP_POST, "/v1/articles/{name}/remove", WHO_ADMINISTRATOR, 0, QUESTION(drafts_remove_article), BODY(restoration), .answer = "Publication",
      .summary = "Removes the article as a new version; refused with what is wrong if other files speak of it." },
    { HTTP_GET, "/v1/versions", WHO_ADMINISTRATOR, 0, QUESTION(published_list), .query = "before limit", .answer = "Versions",
      .summary = "Versions of the topics and articles, the newest first; `before` pages backwards." },
    { HTTP_GET, "/v1/versions/{version}", WHO_ADMINISTRATOR, 0, QUESTION(published_show), .query = "against", .answer = "VersionChanges",
      .summary = "A version and what it changes of the one before it, or of the version `against`: both texts of each file." },
    { HTTP_POST, "/v1/versions/{version}/restore", WHO_ADMINISTRATOR, 0, QUESTION(drafts_restore), BODY(restoration),
      .answer = "Publication", .summary = "Rolls the topics and articles back to that version, which makes a new one." },
    { HTTP_POST, CONVERSATION "/join", WHO_SUPERVISORS, ROUTE_KEY, COMMAND(JOIN),
      .summary = "Joins the conversation as a third party." },
    { HTTP_POST, CONVERSATION "/leave", WHO_SUPERVISORS, ROUTE_KEY, COMMAND(LEAVE), .summary = "Leaves it again." },
    { HTTP_POST, CONVERSATION "/take-over", WHO_SUPERVISORS, ROUTE_KEY, COMMAND(TAKE_OVER),
      .summary = "Owns the conversation from now on." },
    { HTTP_POST, CONVERSATION "/assign", WHO_SUPERVISORS, ROUTE_KEY, COMMAND(ASSIGN),
      .summary = "Gives the conversation to a certain agent now." },
    { HTTP_POST, "/v1/login", WHO_ANYBODY, 0, QUESTION(login_open), BODY(login), .answer = "Login",
      .summary = "Logs a member of staff in: a cookie for pages, and the same token for tools." },
    { HTTP_POST, "/v1/logout", WHO_STAFF, 0, QUESTION(login_close), .answer = "Empty",
      .summary = "Ends this session; open streams end at once." },
    { HTTP_GET, "/v1/me", WHO_STAFF, 0, QUESTION(state_me), .answer = "Me",
      .summary = "What the agent app begins with: offers, conversations, colleagues." },
    { HTTP_POST, "/v1/presence", WHO_STAFF, ROUTE_KEY, COMMAND(SET_PRESENCE), .summary = "Goes online, away or offline." },
    { HTTP_POST, "/v1/heartbeat", WHO_STAFF, 0, COMMAND(HEARTBEAT),
      .summary = "The agent's page is still there; to be sent three times a lease." },
    { HTTP_POST, "/v1/offers/{offer}/accept", WHO_STAFF, ROUTE_KEY, COMMAND(ACCEPT), .summary = "Accepts an offer." },
    { HTTP_POST, "/v1/offers/{offer}/decline", WHO_STAFF, ROUTE_KEY, COMMAND(DECLINE),
      .summary = "Declines an offer; it costs nothing." },
    { HTTP_GET, "/v1/approvals", WHO_STAFF, 0, QUESTION(approvals_show), .query = "language", .answer = "Approvals",
      .summary = "The actions that wait until somebody allows them, and that this member of staff may decide." },
    { HTTP_POST, "/v1/approvals/{approval}/approve", WHO_STAFF, ROUTE_KEY, COMMAND(GIVE_APPROVAL),
      .summary = "Allows the action: it runs at once, once." },
    { HTTP_POST, "/v1/approvals/{approval}/refuse", WHO_STAFF, ROUTE_KEY, COMMAND(REFUSE_APPROVAL),
      .summary = "Does not allow the action; the customer is told, without the reason." },
    { HTTP_GET, "/v1/board", WHO_SUPERVISORS | WHO_OPERATOR, 0, QUESTION(board_show), .answer = "Board",
      .summary = "The supervisor's board: who waits, who works, figures since midnight." },
    { HTTP_GET, "/v1/agents", WHO_SUPERVISORS | WHO_OPERATOR, 0, QUESTION(board_agents), .answer = "Agents",
      .summary = "All members of staff." },
    { HTTP_POST, "/v1/agents", ADMINISTRATORS, ROUTE_KEY, .command = COMMAND_ADD_AGENT, .handle = login_add_agent,
      .answer = "Acknowledgement", .summary = "Adds a member of staff; `id` is the agent's number." },
    { HTTP_POST, "/v1/agents/{agent}/change", ADMINISTRATORS, ROUTE_KEY, COMMAND(CHANGE_AGENT),
      .summary = "Changes role, pool, capacity, skills or languages; what is left out stays." },
    { HTTP_POST, "/v1/agents/{agent}/password", ADMINISTRATORS, ROUTE_KEY, .command = COMMAND_SET_PASSWORD,
      .handle = login_set_password, .answer = "Acknowledgement",
      .summary = "Sets the password; all sessions of the agent end." },
    { HTTP_POST, "/v1/agents/{agent}/remove", ADMINISTRATORS, ROUTE_KEY, COMMAND(REMOVE_AGENT),
      .summary = "Removes a member of staff." },
    { HTTP_POST, "/v1/agents/{agent}/sessions/end", ADMINISTRATORS, ROUTE_KEY, .command = COMMAND_CLOSE_SESSION,
      .handle = login_end_sessions, .answer = "Acknowledgement", .summary = "Ends all sessions of the agent." },
    { HTTP_POST, "/v1/customers/{customer}/erase", ADMINISTRATORS, ROUTE_KEY, COMMAND(ERASE_CUSTOMER),
      .summary = "Deletes the customer's key: nothing personal of theirs can be read any more, backups included." },
    { HTTP_GET, "/v1/events", CHAT, ROUTE_CORS, QUESTION(page_events), .query = "after limit wait",
      .answer = "Events", .summary = "The events that this session may see: as a stream, or as JSON pages." },
    { HTTP_GET, "/v1/knowledge/{name}", WHO_ANYBODY, ROUTE_CORS, QUESTION(help_article), .query = "language",
      .answer = "Article", .summary = "An approved article that answers name as their source." },
    { HTTP_POST, "/v1/chat/completions", WHO_PROGRAM, ROUTE_OWN_BODY, QUESTION(completions_create), .answer = "ChatCompletion",
      .summary = "The assistant as a model of the OpenAI chat protocol, streaming too. It knows no customer and runs no action." },
    { HTTP_GET, "/v1/models", WHO_PROGRAM, 0, QUESTION(completions_models), .answer = "Models",
      .summary = "The one model of the OpenAI protocol: beckon." },
    { HTTP_GET, "/v1/models/{name}", WHO_PROGRAM, 0, QUESTION(completions_model), .answer = "Model",
      .summary = "The same model by its name." },
    { HTTP_POST, "/mcp", WHO_PROGRAM, ROUTE_OWN_BODY, QUESTION(mcp_call), .answer = "JsonRpc",
      .summary = "Model Context Protocol (2026-07-28, 2025-11-25 and older): read-only tools for the company's own AI." },
    { HTTP_GET, "/help/{name}", WHO_ANYBODY, 0, QUESTION(help_page), .query = "language",
      .summary = "The same as a page." },
    { HTTP_GET, "/help", WHO_ANYBODY, 0, QUESTION(help_index), .query = "language",
      .summary = "The list of the approved articles as a page." },
    { HTTP_GET, "/help.css", WHO_ANYBODY, 0, QUESTION(help_style), .summary = "The workspace's colour, for pages." },
    { HTTP_POST, "/v1/operator/backup", WHO_OPERATOR, 0, QUESTION(operator_backup), BODY(backup), .answer = "Backup",
      .summary = "Writes a consistent copy of the log while serving." },
    { HTTP_POST, "/v1/operator/reload", WHO_OPERATOR, 0, QUESTION(operator_reload), .answer = "Reload",
      .summary = "Reads the workspace's files again; with a mistake in them the old ones stay in force." },
    { HTTP_GET, "/healthz", WHO_ANYBODY, ROUTE_UNLIMITED, QUESTION(probe_health), .answer = "Health",
      .summary = "The process runs." },
    { HTTP_GET, "/readyz", WHO_ANYBODY, ROUTE_UNLIMITED, QUESTION(probe_ready), .answer = "Ready",
      .summary = "Commands are taken: 200, or 503 with the reason." },
    { HTTP_GET, "/metrics", WHO_ANYBODY, ROUTE_UNLIMITED, QUESTION(metrics_show),
      .summary = "Figures for Prometheus; from this machine or with the operator's token." },
    { HTTP_GET, "/openapi.json", WHO_ANYBODY, ROUTE_CORS, QUESTION(openapi_show), .answer = "Description",
      .summary = "This description." },
};
const size_t route_count = ARRAY_LEN(route_table);

/* One piece of the path against one of the pattern. */
static bool piece_fits(struct str pattern, struct str piece, struct route_match *match)
{
    if (!pattern.len || pattern.data[0] != '{') return str_equal(pattern, piece);
    if (str_equal(pattern, STR("{name}"))) {
        match->name = piece;
        return piece.len > 0 && piece.len <= LIMIT_TAG;
    }
    uint64_t number;
    if (!str_to_u64(piece, &number) || !number || piece.data[0] == '0') return false;
    if (str_equal(pattern, STR("{conversation}"))) match->conversation = number;
    else match->target = number;
    return true;
}

static bool path_fits(struct str pattern, struct str path, struct route_match *match)
{
    struct str wanted, piece;
    match->conversation = match->target = 0;
    match->name = STR_EMPTY;
    while (str_split(&path, '/', &piece))
        if (!str_split(&pattern, '/', &wanted) || !piece_fits(wanted, piece, match)) return false;
    return !str_split(&pattern, '/', &wanted);
}

/* The cheap part of it: everything in front of the first variable piece. */
static bool begins_alike(const char *pattern, struct str path)
{
    for (size_t i = 0;; i++) {
        if (pattern[i] == '{') return true;
        if (i == path.len) return !pattern[i];
        if (pattern[i] != path.data[i]) return false;
    }
}

struct route_match route_match(enum http_method method, struct str path)
{
    struct route_match found = { .name = STR_EMPTY };
    if (!path.len) return found;
    for (size_t i = 0; i < route_count; i++) {
        struct route_match match;
        if (!begins_alike(route_table[i].path, path) || !path_fits(str_of(route_table[i].path), path, &match)) continue;
        found.methods |= 1 << route_table[i].method;
        if (route_table[i].method != method) continue;
        match.route = &route_table[i];
        match.methods = found.methods;
        return match;
    }
    return found;
}

/* --- the checks in front of every handler; each gives false when it has answered --- */

static bool refuse(struct request *request, enum refusal refusal, const char *field)
{
    answer_refusal(request, refusal, field);
    return false;
}

static bool allow_rate(struct request *request, uint64_t key, int given, int usual, double cost)
{
    int per_s = given ? given : usual;
    if (per_s < 0) return true;
    int64_t wait = rate_take(request->gateway->rates, key, (struct rate_limit){ per_s, per_s * 5.0 }, cost,
                             gateway_clock(request->gateway));
    if (wait) answer_limited(request, REFUSAL_RATE_LIMITED, wait);
    return !wait;
}

static bool allow_address(struct request *request)
{
    if (request->route && (request->route->flags & ROUTE_UNLIMITED)) return true;
    return allow_rate(request, peers_key(&request->gateway->peers, request->address),
                      request->gateway->options.limits.requests_per_address_s, GATEWAY_REQUESTS_PER_ADDRESS_S, 1);
}

/* Each stays in memory and in the log for long, so one address may not make them as fast as it may ask. */
bool route_allow_new(struct request *request, enum route_new what)
{
    static const struct { uint64_t salt; int share; } kinds[] = {
        [ROUTE_NEW_CUSTOMER] = { 0x646f6f72, GATEWAY_NEW_CUSTOMERS_SHARE },
        [ROUTE_NEW_CONVERSATION] = { 0x6f70656e, GATEWAY_NEW_CONVERSATIONS_SHARE },
    };
    const struct gateway *gateway = request->gateway;
    int per_s = gateway->options.limits.requests_per_address_s;
    if (!per_s) per_s = GATEWAY_REQUESTS_PER_ADDRESS_S;
    if (per_s < 0) return true;
    double rate = (double)per_s / kinds[what].share;
    int64_t wait = rate_take(gateway->rates, peers_key(&gateway->peers, request->address) ^ kinds[what].salt,
                             (struct rate_limit){ rate, rate * 50 }, 1, gateway_clock(gateway));
    if (wait) answer_limited(request, REFUSAL_RATE_LIMITED, wait);
    return !wait;
}

/* "http://host" of the page that sent the request is this server's own. */
static bool is_own_origin(const struct request *request, struct str origin)
{
    struct str host = str_starts(origin, STR("https://")) ? str_slice(origin, 8, origin.len)
                    : str_starts(origin, STR("http://")) ? str_slice(origin, 7, origin.len) : STR_EMPTY;
    return host.len && str_equal_nocase(host, request->head.host);
}

/* What CORS answers to this origin, or empty: the workspace's host pages, any if it names none. */
static struct str cors_origin(const struct request *request)
{
    const struct workspace *workspace = node_workspace(request->gateway->node);
    struct str origin = http_header(&request->head, STR("origin"));
    if (!origin.len) return STR_EMPTY;
    if (!workspace->origin_count) return STR("*");
    for (size_t i = 0; i < workspace->origin_count; i++)
        if (str_equal_nocase(workspace->origins[i], origin)) return origin;
    return STR_EMPTY;
}

/* A page of somebody else may not use the cookie, nor log anybody in. */
static bool allow_origin(struct request *request)
{
    size_t origins = http_header_count(&request->head, STR("origin"));
    bool foreign = origins && !is_own_origin(request, http_header(&request->head, STR("origin")));
    bool cross_site = str_equal(http_header(&request->head, STR("sec-fetch-site")), STR("cross-site"));
    bool guarded = request->session.by_cookie ||
                   (request->method == HTTP_POST && !(request->route->flags & ROUTE_CORS));
    if (guarded && (foreign || (cross_site && request->session.by_cookie)))
        return refuse(request, REFUSAL_BAD_ORIGIN, NULL);
    return true;
}

static bool allow_session(struct request *request)
{
    enum refusal refusal = session_find(request, &request->session), none = REFUSAL_NOT_LOGGED_IN;
    if (request->route->who == WHO_PROGRAM) none = REFUSAL_BAD_API_KEY;
    if (refusal == REFUSAL_NOT_LOGGED_IN) refusal = none;
    if (refusal && request->route->who) return refuse(request, refusal, NULL);
    if (refusal) request->session = (struct session){ 0 };
    if (!allow_origin(request)) return false;
    if (!request->route->who) return true;
    if (!request->session.kind) return refuse(request, none, NULL);
    if (!(request->route->who & request->session.who)) return refuse(request, REFUSAL_NOT_ALLOWED, NULL);
    if (request->session.kind == SESSION_OPERATOR) return true;
    return allow_rate(request, session_subject(&request->session),
                      request->gateway->options.limits.requests_per_session_s, GATEWAY_REQUESTS_PER_SESSION_S, 1);
}

static bool is_json_type(struct str type)
{
    struct str kind;
    str_split(&type, ';', &kind);
    return str_equal_nocase(str_trim(kind), STR("application/json"));
}

static bool allow_headers(struct request *request)
{
    if (request->method != HTTP_POST || (request->route->flags & ROUTE_ANY_BODY)) return true;
    struct str type = http_header(&request->head, STR("content-type"));
    bool needed = request->body.len || type.len || request->session.by_cookie;
    if (needed && !is_json_type(type)) return refuse(request, REFUSAL_BAD_CONTENT_TYPE, NULL);
    struct str coding = http_header(&request->head, STR("content-encoding"));
    if (http_header_count(&request->head, STR("content-encoding")) && !str_equal_nocase(coding, STR("identity")))
        return refuse(request, REFUSAL_BAD_CONTENT_TYPE, NULL); /* what is packed is not unpacked here */
    if (!(request->route->flags & ROUTE_KEY)) return true;
    struct str key = http_header(&request->head, STR("idempotency-key"));
    bool good = key.len && key.len <= LIMIT_IDEMPOTENCY_KEY;
    for (size_t i = 0; good && i < key.len; i++) good = key.data[i] > ' ' && key.data[i] < 127;
    return good || refuse(request, REFUSAL_BAD_KEY, NULL);
}

static bool allow_query(struct request *request)
{
    if (!query_parse(&request->arena, request->head.query, &request->query))
        return refuse(request, REFUSAL_BAD_QUERY, NULL);
    for (size_t i = 0; i < request->query.count; i++) {
        struct str names = str_of(request->route->query), name;
        bool known = false;
        while (!known && str_split(&names, ' ', &name)) known = name.len && str_equal(name, request->query.items[i].name);
        if (!known) return refuse(request, REFUSAL_BAD_QUERY, arena_cstr(&request->arena, request->query.items[i].name));
    }
    return true;
}

/* A question that takes no body: an empty one, or an empty object. The others read theirs themselves. */
static bool allow_body(struct request *request)
{
    const struct route *route = request->route;
    bool own = route->command != ROUTE_NO_COMMAND || route->field_count || route->flags & (ROUTE_ANY_BODY | ROUTE_OWN_BODY);
    if (own || request->method != HTTP_POST) return true;
    struct { uint64_t given; } nothing = { 0 };
    struct body_refusal result = body_read(&request->arena, request->body, NULL, 0, &nothing);
    return !result.refusal || refuse(request, result.refusal, result.field);
}

static struct str allow_list(struct arena *arena, int methods)
{
    return arena_format(arena, "%s%sOPTIONS", methods & 1 << HTTP_GET ? "GET, HEAD, " : "",
                        methods & 1 << HTTP_POST ? "POST, " : "");
}

/* A page asks whether it may: the browser will send the request itself only after a yes. */
static void answer_options(struct request *request, int methods)
{
    struct str wanted = http_header(&request->head, STR("access-control-request-method"));
    if (!wanted.len) {
        struct str allow = allow_list(&request->arena, methods);
        answer_send(request, &(struct answer){ .status = 204, .no_body = true,
            .headers = arena_format(&request->arena, "Allow: %.*s\r\n", STR_ARG(allow)) });
        return;
    }
    enum http_method method = str_equal(wanted, STR("POST")) ? HTTP_POST : HTTP_GET;
    struct route_match match = route_match(method, request->path);
    if (!match.route || !(match.route->flags & ROUTE_CORS) || !(request->origin = cors_origin(request)).len) {
        answer_refusal(request, REFUSAL_BAD_ORIGIN, NULL);
        return;
    }
    answer_send(request, &(struct answer){ .status = 204, .no_body = true, .headers = STR(
        "Access-Control-Allow-Methods: GET, POST\r\n"
        "Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Accept\r\n"
        "Access-Control-Max-Age: 600\r\n") });
}

static void answer_unmatched(struct request *request, int methods)
{
    if (request->method == HTTP_OPTIONS && (methods || !request->path.len)) {
        answer_options(request, methods ? methods : 1 << HTTP_GET | 1 << HTTP_POST);
    } else if (methods) {
        answer_not_allowed(request, allow_list(&request->arena, methods));
    } else if (!files_has(request->path)) {
        help_page_missing(request);
    } else if (request->method != HTTP_GET) {
        answer_not_allowed(request, STR("GET, HEAD"));
    } else {
        request->route_name = "(file)";
        files_serve(request);
    }
}

/* Only those who may use the route make the server keep more than others can. */
size_t route_body_max(struct request *request)
{
    struct session session;
    struct route_match match = route_match(request->method, request->path);
    if (!match.route || !(match.route->flags & ROUTE_LONG_BODY) || session_find(request, &session)) return LIMIT_BODY;
    return match.route->who & session.who ? LIMIT_LONG_BODY : LIMIT_BODY;
}

void route_run(struct request *request)
{
    struct route_match match = route_match(request->method, request->path);
    request->route = match.route;
    request->conversation = match.conversation;
    request->target = match.target;
    request->name = match.name;
    if (!allow_address(request)) return;
    if (!match.route) {
        answer_unmatched(request, match.methods);
        return;
    }
    if (match.route->flags & ROUTE_CORS) request->origin = cors_origin(request);
    if (!allow_session(request) || !allow_headers(request) || !allow_query(request) || !allow_body(request)) return;
    if (match.route->handle) match.route->handle(request);
    else act_run(request);
}
