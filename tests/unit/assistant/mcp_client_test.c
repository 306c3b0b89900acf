/* An action that is a tool of an MCP server: both eras of the protocol, and whatever a server may answer. */
#include "../../support/folder.h"

#include <arpa/inet.h>
#include <jansson.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "assistant/mcp_client.h"

#define ANSWERS_MAX 8

/* One connection an answer, in this order; then nobody is served any more. */
struct server {
    int listener, port, served;
    const char *answers[ANSWERS_MAX + 1];
    char requests[ANSWERS_MAX][4096];
};

static struct story {
    struct server server;
    struct arena arena;
    struct workspace workspace;
    struct action action;
    struct action_parameter parameters[3];
    struct action_result result;
} story;

#define JSON(body) "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" body
#define STREAM(body) "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n" body
#define STATUS(line, body) "HTTP/1.1 " line "\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" body
#define RESULT(result) "{\"jsonrpc\":\"2.0\",\"id\":\"call\",\"result\":" result "}"
#define DONE RESULT("{\"content\":[{\"type\":\"text\",\"text\":\"{}\"}],\"structuredContent\":{\"due\":\"2026-12-09\"},\"resultType\":\"complete\"}")

static void *serve(void *context)
{
    struct server *server = context;
    for (int at = 0; at < ANSWERS_MAX && server->answers[at]; at++) {
        int fd = accept(server->listener, NULL, NULL);
        size_t len = 0;
        char *request = server->requests[at];
        if (fd < 0) break;
        server->served++;
        for (;;) {
            ssize_t got = recv(fd, request + len, sizeof server->requests[0] - 1 - len, 0);
            if (got <= 0) break;
            len += (size_t)got;
            request[len] = 0;
            char *end = strstr(request, "\r\n\r\n"), *length = strstr(request, "Content-Length: ");
            if (end && len >= (size_t)(end - request) + 4 + (length ? (size_t)atol(length + 16) : 0)) break;
        }
        if (*server->answers[at]) send(fd, server->answers[at], strlen(server->answers[at]), MSG_NOSIGNAL);
        if (!*server->answers[at] || strstr(server->answers[at], "stays open")) usleep(500000);
        close(fd);
    }
    return NULL;
}

static int begin(void **state)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    UNUSED(state);
    story = (struct story){ 0 };
    story.server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(story.server.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(story.server.listener, 8), 0);
    assert_int_equal(getsockname(story.server.listener, (struct sockaddr *)&address, &len), 0);
    story.workspace.action_base_url = arena_format(&story.arena, "http://127.0.0.1:%d", ntohs(address.sin_port));
    story.workspace.action_token = STR("secret-token");
    story.action = (struct action){ .name = STR("look"), .method = STR("POST"), .url = STR("/mcp"), .tool = STR("order_status"),
        .customer_argument = STR("customer"), .identity = IDENTITY_SIGNED, .timeout_ms = 3000, .parameters = story.parameters, .parameter_count = 3,
        .result_schema = STR_EMPTY };
    story.parameters[0].name = STR("order");
    story.parameters[1] = (struct action_parameter){ .name = STR("days"), .type = ARGUMENT_NUMBER };
    story.parameters[2] = (struct action_parameter){ .name = STR("free"), .type = ARGUMENT_BOOL };
    return 0;
}

static int end(void **state)
{
    UNUSED(state);
    close(story.server.listener);
    arena_free(&story.arena);
    return 0;
}

/* Calls while the server gives these answers, one a connection. */
static void when_it_answers(const char *const *answers, size_t count)
{
    pthread_t thread;
    memset(story.server.answers, 0, sizeof story.server.answers);
    story.server.served = 0;
    for (size_t i = 0; i < count; i++) story.server.answers[i] = answers[i];
    assert_int_equal(pthread_create(&thread, NULL, serve, &story.server), 0);
    struct action_request request = { &story.action, STR("C-1"), STR("{\"order\":\"W-1\",\"days\":\"14\",\"free\":\"true\"}"), STR("key-1") };
    story.result = action_call(&story.workspace, NULL, &request, &story.arena);
    shutdown(story.server.listener, SHUT_RDWR);
    pthread_join(thread, NULL);
}
#define WHEN_IT_ANSWERS(...) \
    when_it_answers((const char *const[]){ __VA_ARGS__ }, ARRAY_LEN(((const char *const[]){ __VA_ARGS__ })))

static void then_outcome(const char *outcome, const char *json)
{
    assert_string_equal(arena_cstr(&story.arena, story.result.outcome), outcome);
    if (json) assert_string_equal(arena_cstr(&story.arena, story.result.json), json);
}

static void then_sent(int at, const char *words)
{
    if (!strstr(story.server.requests[at], words)) fail_msg("'%s' is not in: %s", words, story.server.requests[at]);
}

static void one_request_is_enough_for_the_newer_revision(void **state)
{
    UNUSED(state);
    WHEN_IT_ANSWERS(JSON(DONE));
    then_outcome("done", "{\"due\":\"2026-12-09\"}");
    assert_int_equal(story.server.served, 1);
    then_sent(0, "MCP-Protocol-Version: 2026-07-28\r\n");
    then_sent(0, "Mcp-Method: tools/call\r\n");
    then_sent(0, "Mcp-Name: order_status\r\n");
    then_sent(0, "Authorization: Bearer secret-token\r\n");
    then_sent(0, "Idempotency-Key: key-1\r\n");
    then_sent(0, "\"arguments\":{\"order\":\"W-1\",\"days\":14,\"free\":true,\"customer\":\"C-1\"}");
    then_sent(0, "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"");
}

static void an_older_server_is_greeted_first(void **state)
{
    UNUSED(state);
    WHEN_IT_ANSWERS(STATUS("400 Bad Request", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32000,\"message\":\"not initialized\"}}"),
                    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nmcp-session-id: s-77\r\nConnection: close\r\n\r\n"
                    "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"begin\",\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{}}}\n\n",
                    STATUS("202 Accepted", ""),
                    STREAM(": hello\r\n\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{}}\r\n\r\n"
                           "data: {\"jsonrpc\":\"2.0\",\"id\":\"call\",\r\ndata: \"result\":{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"a\\\":1}\"}]}}\r\n\r\n"));
    then_outcome("done", "{\"a\":1}");
    assert_int_equal(story.server.served, 4);
    then_sent(1, "\"method\":\"initialize\"");
    then_sent(2, "\"method\":\"notifications/initialized\"");
    then_sent(2, "MCP-Session-Id: s-77\r\n");
    then_sent(3, "MCP-Protocol-Version: 2025-06-18\r\n");
    then_sent(3, "MCP-Session-Id: s-77\r\n");
    assert_null(strstr(story.server.requests[3], "io.modelcontextprotocol"));
}

#define SESSION(id) "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMCP-Session-Id: " id "\r\nConnection: close\r\n\r\n" \
    "{\"jsonrpc\":\"2.0\",\"id\":\"begin\",\"result\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}}"
#define LOST STATUS("404 Not Found", "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32001,\"message\":\"Session not found\"}}")

static void a_session_that_is_lost_is_begun_again_once(void **state)
{
    WHEN_IT_ANSWERS(LOST, SESSION("s-1"), STATUS("202 Accepted", ""), LOST, SESSION("s-2"), STATUS("202 Accepted", ""), JSON(DONE));
    then_outcome("done", "{\"due\":\"2026-12-09\"}");
    then_sent(3, "MCP-Session-Id: s-1\r\n");
    then_sent(6, "MCP-Session-Id: s-2\r\n");
    end(state);
    begin(state);
    WHEN_IT_ANSWERS(LOST, SESSION("s-1"), STATUS("202 Accepted", ""), LOST, SESSION("s-2"), STATUS("202 Accepted", ""), LOST);
    then_outcome("failed", "{\"error\":{\"code\":\"rpc_-32001\",\"message\":\"Session not found\"}}");
    assert_int_equal(story.server.served, 7);
}

#define MISMATCH STATUS("400 Bad Request", "{\"jsonrpc\":\"2.0\",\"id\":\"call\",\"error\":{\"code\":-32020,\"message\":\"Mcp-Param-Customer is missing\"}}")

static void arguments_that_a_tool_wants_in_headers_go_there_too(void **state)
{
    static const char *const rows[][2] = {
        { "{\"order\":{\"type\":\"string\",\"x-mcp-header\":\"Order\"},\"days\":{\"x-mcp-header\":\"Days\"},\"free\":{\"x-mcp-header\":\"Free\"},"
          "\"customer\":{\"type\":\"string\"},\"left_out\":{\"x-mcp-header\":\"Nothing\"}}", "done" },
        { "{\"order\":{\"x-mcp-header\":\"a b\"},\"days\":{\"x-mcp-header\":\"x\\r\\ny: z\"},\"free\":{\"x-mcp-header\":7}}", "failed" },
        { "7", "failed" } };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        end(state);
        begin(state);
        const char *list = arena_format(&story.arena, JSON("{\"jsonrpc\":\"2.0\",\"id\":\"list\",\"result\":{\"tools\":[{\"name\":\"other\"},"
                                        "{\"name\":\"order_status\",\"inputSchema\":{\"properties\":%s}}]}}"), rows[i][0]).data;
        WHEN_IT_ANSWERS(MISMATCH, list, JSON(DONE));
        then_outcome(rows[i][1], NULL);
        then_sent(1, "\"method\":\"tools/list\"");
        assert_int_equal(story.server.served, i ? 2 : 3);
        if (!i) {
            then_sent(2, "Mcp-Param-Order: W-1\r\n");
            then_sent(2, "Mcp-Param-Days: 14\r\n");
            then_sent(2, "Mcp-Param-Free: true\r\n");
            assert_null(strstr(story.server.requests[2], "Nothing"));
        }
    }
    end(state);
    begin(state);
    assert_true(str_equal(mcp_header_value(&story.arena, STR("Malmö")), STR("=?base64?TWFsbcO2?=")));
}

static void a_stream_that_stays_open_is_not_waited_for(void **state)
{
    UNUSED(state);
    WHEN_IT_ANSWERS(STREAM(": stays open\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"s1\",\"method\":\"ping\"}\n\ndata: " DONE "\n\n"));
    then_outcome("done", "{\"due\":\"2026-12-09\"}");
    assert_true(story.result.took_ms < 400);
}

static const struct { const char *answer, *outcome, *json; } single[] = {
    { JSON(RESULT("{\"content\":[{\"type\":\"text\",\"text\":\"On its way.\"}]}")), "done", "{\"text\":\"On its way.\"}" },
    { JSON(RESULT("{\"content\":[],\"structuredContent\":{\"error\":{\"code\":\"too_late\"}},\"isError\":true}")), "refused", "{\"error\":{\"code\":\"too_late\"}}" },
    { JSON(RESULT("{\"content\":[{\"type\":\"text\",\"text\":\"no such order\"}],\"isError\":true}")), "refused", "{\"text\":\"no such order\"}" },
    { JSON(RESULT("{\"content\":[],\"resultType\":\"input_required\"}")), "failed",
      "{\"error\":{\"code\":\"no_result\",\"message\":\"the server gave no result of the tool\"}}" },
    { JSON("{\"jsonrpc\":\"2.0\",\"id\":\"other\",\"result\":{\"structuredContent\":{\"a\":1}}}"), "failed",
      "{\"error\":{\"code\":\"http_200\",\"message\":\"the server gave no result of the tool\"}}" },
    { JSON("{\"jsonrpc\":\"2.0\",\"id\":\"call\",\"error\":{\"code\":-32603,\"message\":\"oh\"}}"), "failed",
      "{\"error\":{\"code\":\"rpc_-32603\",\"message\":\"oh\"}}" },
    { JSON("[]"), "failed", "{\"error\":{\"code\":\"http_200\",\"message\":\"the server gave no result of the tool\"}}" },
    { JSON("not json"), "failed", "{\"error\":{\"code\":\"http_200\",\"message\":\"the server gave no result of the tool\"}}" },
    { JSON(""), "failed", "{\"error\":{\"code\":\"http_200\",\"message\":\"the server gave no result of the tool\"}}" },
    { STREAM("data: "), "failed", "{\"error\":{\"code\":\"http_200\",\"message\":\"the server gave no result of the tool\"}}" },
    { STREAM("data: " DONE), "done", "{\"due\":\"2026-12-09\"}" }, /* without the last empty line */
    { STATUS("400 Bad Request", "{\"jsonrpc\":\"2.0\",\"id\":\"call\",\"error\":{\"code\":-32602,\"message\":\"unknown tool\"}}"), "failed",
      "{\"error\":{\"code\":\"rpc_-32602\",\"message\":\"unknown tool\"}}" },
    { STATUS("400 Bad Request", "{\"jsonrpc\":\"2.0\",\"id\":\"call\",\"error\":{\"code\":-32020,\"message\":\"headers\"}}"), "failed",
      "{\"error\":{\"code\":\"rpc_-32020\",\"message\":\"headers\"}}" },
    { STATUS("500 Internal Server Error", "{}"), "failed", "{\"error\":{\"code\":\"http_500\",\"message\":\"the server gave no result of the tool\"}}" },
    { STATUS("401 Unauthorized", "{}"), "failed", "{\"error\":{\"code\":\"http_401\",\"message\":\"the server gave no result of the tool\"}}" },
    { "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n", "failed",
      "{\"error\":{\"code\":\"http_302\",\"message\":\"the server gave no result of the tool\"}}" },
};

static void whatever_a_server_answers_is_an_outcome(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(single); i++) {
        end(state);
        begin(state);
        WHEN_IT_ANSWERS(single[i].answer);
        if (!str_equal(story.result.outcome, str_of(single[i].outcome))) print_message("row %zu\n", i);
        then_outcome(single[i].outcome, single[i].json);
        assert_int_equal(story.server.served, 1);
    }
}

static void an_answer_of_another_shape_is_a_failure(void **state)
{
    UNUSED(state);
    story.action.result_schema = STR("{\"type\":\"object\",\"required\":[\"amount_minor\"]}");
    WHEN_IT_ANSWERS(JSON(DONE));
    then_outcome("failed", NULL);
    assert_true(str_find(story.result.json, STR("bad_result"), 0) >= 0);
}

static void a_server_that_is_silent_is_waited_for_so_long_only(void **state)
{
    UNUSED(state);
    story.action.timeout_ms = 200;
    WHEN_IT_ANSWERS("");
    then_outcome("timed_out", "{\"error\":{\"code\":\"timed_out\",\"message\":\"no whole answer within 200 ms\"}}");
}

static void what_may_pass_is_tried_again_under_the_same_key(void **state)
{
    UNUSED(state);
    story.action.retries = 1;
    WHEN_IT_ANSWERS(STATUS("503 Busy", "{}"), JSON(DONE));
    then_outcome("done", NULL);
    then_sent(0, "Idempotency-Key: key-1");
    then_sent(1, "Idempotency-Key: key-1");
    then_sent(1, "\"beckon/idempotencyKey\":\"key-1\"");
}

static void nobody_is_called_for_an_unknown_customer(void **state)
{
    UNUSED(state);
    struct action_request request = { &story.action, STR_EMPTY, STR("{}"), STR("k") };
    story.result = action_call(&story.workspace, NULL, &request, &story.arena);
    then_outcome("failed", NULL); /* nothing was sent */
    assert_int_equal(story.server.served, 0);
}

static void what_would_be_sent_can_be_read(void **state)
{
    UNUSED(state);
    struct action_request request = { &story.action, STR("C-1"), STR("{\"order\":\"W-1\"}"), STR("k") };
    const char *sent = arena_cstr(&story.arena, action_dry_run(&story.workspace, &request, &story.arena));
    assert_non_null(strstr(sent, "/mcp\n"));
    assert_non_null(strstr(sent, "\"name\":\"order_status\""));
    assert_null(strstr(sent, "secret-token"));
}

/* --- the file ----------------------------------------------------------------------------------- */

static void an_actions_file_is_a_tool_or_a_call(void **state)
{
    static const struct { const char *text, *words; } rows[] = {
        { "mcp: https://tools.example/mcp\ntool: look\n", NULL },
        { "mcp: https://tools.example/mcp\ntool: look\nidentity: signed\ncustomer_argument: customer\n", NULL },
        { "mcp: https://tools.example/mcp\n", "belong together" },
        { "tool: look\nurl: /look\n", "belong together" },
        { "mcp: https://tools.example/mcp\nurl: /look\ntool: look\n", "a tool and an HTTP call at once" },
        { "mcp: https://tools.example/{customer}\ntool: look\nidentity: signed\ncustomer_argument: customer\n", "cannot have placeholders" },
        { "mcp: https://tools.example/mcp\ntool: look\nidentity: signed\n", "needs an identity, but does not get it" },
        { "mcp: https://tools.example/mcp\ntool: look\ncustomer_argument: customer\n", "may be missing or come from the customer's words" },
        { "mcp: http://tools.example/mcp\ntool: look\n", "not a safe address" },
        { "identity: none\n", "the key 'url' is missing" },
    };
    struct folder folder;
    UNUSED(state);
    folder_make(&folder);
    mkdir(folder_file(&folder, "topics"), 0755);
    mkdir(folder_file(&folder, "actions"), 0755);
    file_write(folder_file(&folder, "workspace.yaml"), STR("name: Lantern\nlanguages: [en]\n"));
    file_write(folder_file(&folder, "topics/a.md"), STR("---\ntitle: A\nexamples: [one thing, another thing]\n---\nYes.\n"));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct problems problems = { 0 };
        bool found = false;
        file_write(folder_file(&folder, "actions/look.yaml"), str_of(rows[i].text));
        struct workspace *workspace = workspace_read(folder.path, &problems);
        for (size_t k = 0; rows[i].words && k < problems.count; k++) found = found || str_find(problems.items[k].what, str_of(rows[i].words), 0) >= 0;
        if (rows[i].words ? !found || workspace : !workspace) fail_msg("%s", rows[i].text);
        workspace_free(workspace);
        problems_free(&problems);
    }
    folder_remove(&folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_request_is_enough_for_the_newer_revision),
        TEST(an_older_server_is_greeted_first),
        TEST(a_session_that_is_lost_is_begun_again_once),
        TEST(a_stream_that_stays_open_is_not_waited_for),
        TEST(arguments_that_a_tool_wants_in_headers_go_there_too),
        TEST(whatever_a_server_answers_is_an_outcome),
        TEST(an_answer_of_another_shape_is_a_failure),
        TEST(a_server_that_is_silent_is_waited_for_so_long_only),
        TEST(what_may_pass_is_tried_again_under_the_same_key),
        TEST(nobody_is_called_for_an_unknown_customer),
        TEST(what_would_be_sent_can_be_read),
        TEST(an_actions_file_is_a_tool_or_a_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
