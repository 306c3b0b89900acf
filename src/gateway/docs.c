#include "base/limits.h"
#include "gateway/gateway.h"
#include "gateway/route.h"

/* docs/api.md from the tables. */

static const char *const intro =
    "# The HTTP API\n\n"
    "Made from the tables in the source (`make docs`); the same as OpenAPI is at `/openapi.json`.\n\n"
    "All bodies are JSON in UTF-8. Times are milliseconds since 1970. A **command is a POST** and is answered with\n"
    "the number (`seq`) of its first event, which is on disk by then. **Events are one stream**, `GET /v1/events`.\n"
    "`curl` is a full client.\n\n"
    "## Sessions\n\n"
    "| who | how |\n| --- | --- |\n"
    "| customer | `Authorization: Bearer TOKEN`, the token from `POST /v1/session`. With an `identity` the host "
    "page's server must have signed it: `signature` is the hex HMAC-SHA256 of the identity under the workspace's secret. "
    "Good for 30 days, or until `POST /v1/session/end`. |\n"
    "| staff | the cookie `beckon_session` (over TLS `__Host-beckon_session`) from `POST /v1/login`, or the `token` of its "
    "answer as a bearer token. Good for the workspace's `session_ms`, or until `POST /v1/logout`. |\n"
    "| operator | the bearer token in `data/operator.json`: acts as an administrator, until the server stops |\n\n"
    "A request with the cookie must come from the server's own pages. Host pages named in the workspace may use what is\n"
    "marked \xe2\x80\xa0 from their own origin (CORS).\n\n"
    "Requests marked \xe2\x80\xa1 need the header `Idempotency-Key` (1 to 128 visible ASCII characters, kept for 24 hours): sent\n"
    "again with the same body they give the same answer with `\"repeated\":true`, with another body `key_reused`.\n\n";

static const char *const stream =
    "## The stream\n\n"
    "`GET /v1/events` is an event stream (`text/event-stream`): `id` is the event's number, `event` its type, `data` its\n"
    "JSON. It begins at the present, or behind `Last-Event-ID` (header) or `after=N` (query), and every event comes once\n"
    "and in order. A comment comes every 15 seconds. With `Accept: application/json`, or with `wait=SECONDS`, the same is\n"
    "one page: `{\"events\":[\xe2\x80\xa6],\"last\":N,\"more\":false}`; go on with `after=N`. A page ends early rather than grow\n"
    "over half a megabyte: `more` says whether there may be more, not the number of its events.\n\n"
    "Signals have no `id`, say how things are now and are not resumed:\n\n"
    "| event | data |\n| --- | --- |\n"
    "| `hello` | `{\"seq\",\"now\"}`: the first one |\n"
    "| `signal.typing` | `{\"conversation\",\"author\",\"name\"}`, to everybody in the conversation but who types |\n"
    "| `signal.place` | `{\"conversation\",\"place\",\"low_ms\",\"high_ms\"}`; -1: nobody who could take it is online |\n"
    "| `signal.service` | `{\"online\",\"low_ms\",\"high_ms\",\"waiting\"}` |\n"
    "| `signal.workspace` | `{\"version\"}` after a reload |\n"
    "| `bye` | `{\"code\":\"not_logged_in\"}`: the last one, the session has ended. A stream that ends without "
    "it is to be taken up again at its last `id` |\n\n";

static void add_who(const struct route *route, struct buf *out)
{
    static const struct { int who; const char *name; } names[] = {
        { WHO_CUSTOMER, "customer" }, { WHO_AGENT, "agent" }, { WHO_SUPERVISOR, "supervisor" },
        { WHO_ADMINISTRATOR, "administrator" }, { WHO_OPERATOR, "operator" }, { WHO_PROGRAM, "program" },
    };
    const char *comma = "";
    if (!route->who) buf_add_str(out, STR("anybody"));
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!(route->who & names[i].who)) continue;
        buf_add_format(out, "%s%s", comma, names[i].name);
        comma = ", ";
    }
}

static void add_routes(struct buf *out)
{
    buf_add_str(out, STR("## Requests\n\n| request | who | body | what |\n| --- | --- | --- | --- |\n"));
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &route_table[i];
        bool command = route->command != ROUTE_NO_COMMAND;
        const struct command_field *fields = command ? command_table[route->command].fields : route->fields;
        size_t count = command ? command_table[route->command].field_count : route->field_count;
        buf_add_format(out, "| `%s %s`%s%s%s | ", route->method == HTTP_GET ? "GET" : "POST", route->path,
                       route->flags & (ROUTE_CORS | ROUTE_KEY) ? " " : "",
                       route->flags & ROUTE_CORS ? "\xe2\x80\xa0" : "", route->flags & ROUTE_KEY ? "\xe2\x80\xa1" : "");
        add_who(route, out);
        buf_add_str(out, STR(" | "));
        const char *comma = "";
        for (size_t j = 0; j < count; j++) {
            if (fields[j].origin == COMMAND_NODE) continue;
            buf_add_format(out, "%s`%s`%s", comma, fields[j].name, fields[j].origin == COMMAND_OPTIONAL ? "?" : "");
            comma = ", ";
        }
        buf_add_format(out, " | %s%s%s%s |\n", route->summary, route->query ? " Query: `" : "",
                       route->query ? route->query : "", route->query ? "`." : "");
    }
    buf_add_char(out, '\n');
}

static void add_commands(struct buf *out)
{
    buf_add_str(out, STR("## Fields of bodies\n\n| command | field | type | at most | what |\n| --- | --- | --- | --- | --- |\n"));
    static const char *const types[] = { "text", "tag", "JSON", "number", "id", "time", "true or false", "digest" };
    for (int kind = 0; kind < COMMAND_KINDS; kind++) {
        const struct command_row *row = &command_table[kind];
        for (size_t i = 0; i < row->field_count; i++) {
            const struct command_field *field = &row->fields[i];
            if (field->origin == COMMAND_NODE) continue;
            buf_add_format(out, "| %s | `%s`%s | %s | ", row->name, field->name,
                           field->origin == COMMAND_OPTIONAL ? "?" : "", types[field->type]);
            if (field->max) buf_add_u64(out, field->max);
            buf_add_format(out, " | %s |\n", field->meaning);
        }
    }
    buf_add_str(out, STR("\nA tag is made of letters, digits, `-`, `_`, `.` and, in lists, `,`.\n\n"));
}

static void add_refusals(struct buf *out)
{
    buf_add_str(out, STR("## Errors\n\n`{\"error\":{\"code\",\"message\",\"field\"?}}`\n\n| status | code | message |\n"
                         "| --- | --- | --- |\n"));
    for (int i = REFUSAL_NONE + 1; i < REFUSAL_COUNT; i++)
        buf_add_format(out, "| %d | `%s` | %s |\n", refusal_table[i].status, refusal_table[i].code, refusal_table[i].sentence);
    buf_add_char(out, '\n');
}

static void add_sees(int sees, struct buf *out)
{
    static const struct { int bit; const char *name; } names[] = {
        { SEES_C, "customer" }, { SEES_O, "owner" }, { SEES_A, "the agent" }, { SEES_T, "all agents" },
        { SEES_S, "supervisors" },
    };
    const char *comma = "";
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (!(sees & names[i].bit)) continue;
        buf_add_format(out, "%s%s", comma, names[i].name);
        comma = ", ";
    }
}

static void add_events(struct buf *out)
{
    buf_add_str(out, STR("## Events\n\nEvery event has `seq`, `at` and `type`; `conversation`, `customer` and `agent` where they "
                         "apply. A field in brackets is for staff only.\n\n| type | seen by | fields | what |\n| --- | --- | --- | --- |\n"));
    for (int kind = 0; kind < EVENT_KINDS; kind++) {
        const struct event_row *row = &event_table[kind];
        buf_add_format(out, "| `%s` | ", row->name);
        add_sees(row->sees, out);
        buf_add_str(out, STR(" | "));
        const char *comma = "";
        for (size_t i = 0; i < row->field_count; i++) {
            const struct event_field *field = &row->fields[i];
            if (field->type == EVENT_FIELD_SECRET || field->type == EVENT_FIELD_DIGEST || !field->sees) continue;
            bool hidden = (row->sees & SEES_C) && !(field->sees & SEES_C);
            buf_add_format(out, hidden ? "%s[`%s`]" : "%s`%s`", comma, field->name);
            comma = ", ";
        }
        buf_add_format(out, " | %s |\n", row->meaning);
    }
    buf_add_char(out, '\n');
}

static void add_limits(struct buf *out)
{
    static const struct { const char *what; long value; } limits[] = {
        { "a request's body, bytes", LIMIT_BODY },
        { "the same with a draft in it", LIMIT_LONG_BODY },
        { "a draft, bytes", LIMIT_DRAFT },
        { "path and query, bytes", LIMIT_URL },
        { "request line and headers, bytes", LIMIT_HEAD },
        { "headers", LIMIT_HEADERS },
        { "a message or note, bytes", LIMIT_MESSAGE },
        { "nesting of JSON", LIMIT_JSON_DEPTH },
        { "events or rows in a page", LIMIT_PAGE },
        { "`wait`, seconds", LIMIT_WAIT_S },
        { "open conversations of a customer", LIMIT_OPEN_PER_CUSTOMER },
        { "sessions of a member of staff", LIMIT_SESSIONS_PER_AGENT },
        { "streams of a session", LIMIT_STREAMS_PER_SESSION },
        { "bytes that wait for a slow stream before it is cut off", LIMIT_STREAM_BACKLOG },
        { "bytes that wait for all slow clients together; the slowest are cut off first", LIMIT_OUTPUT },
        { "connections", LIMIT_CONNECTIONS },
        { "connections from one address", LIMIT_CONNECTIONS_PER_ADDRESS },
        { "requests a second from one address, on average over five seconds", GATEWAY_REQUESTS_PER_ADDRESS_S },
        { "requests a second of one session, on average over five seconds", GATEWAY_REQUESTS_PER_SESSION_S },
        { "new customers a second from one address, on average", GATEWAY_REQUESTS_PER_ADDRESS_S / GATEWAY_NEW_CUSTOMERS_SHARE },
        { "new conversations a second from one address, on average", GATEWAY_REQUESTS_PER_ADDRESS_S / GATEWAY_NEW_CONVERSATIONS_SHARE },
        { "log-ins a minute for one name from one address", GATEWAY_LOGINS_PER_MINUTE },
    };
    buf_add_str(out, STR("## Limits\n\nA text that is too long is refused, never cut.\n\n| what | at most |\n| --- | --- |\n"));
    for (size_t i = 0; i < ARRAY_LEN(limits); i++)
        buf_add_format(out, "| %s | %ld |\n", limits[i].what, limits[i].value);
}

void gateway_docs(struct buf *out)
{
    buf_add_str(out, str_of(intro));
    add_routes(out);
    add_commands(out);
    buf_add_str(out, str_of(stream));
    add_events(out);
    add_refusals(out);
    add_limits(out);
}
