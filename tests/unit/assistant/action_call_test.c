/* One call to a back end that is played on this machine: what goes out, and what is made of each answer. */
#include "../../support/folder.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "assistant/breaker.h"

struct server {
    int listener, port;
    const char *answer; /* NULL: never answers */
    const char *then;   /* every later time; NULL: nobody is served again */
    int served;
    char request[8192];
};

struct story {
    struct server server;
    pthread_t thread;
    struct arena arena;
    struct workspace workspace;
    struct action action;
    struct action_parameter parameters[3];
    struct breakers *breakers;
    struct action_result result;
};

static bool serve_one(struct server *server, const char *answer)
{
    int fd = accept(server->listener, NULL, NULL);
    size_t len = 0;
    if (fd < 0)
        return false;
    server->served++;
    for (;;) {
        ssize_t got = recv(fd, server->request + len, sizeof server->request - 1 - len, 0);
        if (got <= 0)
            break;
        len += (size_t)got;
        server->request[len] = 0;
        char *end = strstr(server->request, "\r\n\r\n"), *length = strstr(server->request, "Content-Length: ");
        if (end && len >= (size_t)(end - server->request) + 4 + (length ? (size_t)atol(length + 16) : 0))
            break;
    }
    if (answer)
        send(fd, answer, strlen(answer), MSG_NOSIGNAL);
    else
        usleep(400000);
    close(fd);
    return true;
}

static void *serve(void *context)
{
    struct server *server = context;
    bool more = serve_one(server, server->answer);
    while (more && server->then)
        more = serve_one(server, server->then);
    return NULL;
}

static int begin(void **state)
{
    static struct story story;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof address;
    story = (struct story){ 0 };
    story.server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(story.server.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(story.server.listener, 1), 0);
    assert_int_equal(getsockname(story.server.listener, (struct sockaddr *)&address, &len), 0);
    story.server.port = ntohs(address.sin_port);
    story.workspace.action_base_url = arena_format(&story.arena, "http://127.0.0.1:%d/", story.server.port);
    story.workspace.action_token = STR("secret-token");
    story.action = (struct action){ .name = STR("a"), .method = STR("GET"), .url = STR("/c/{customer}/o/{order}"),
                                    .identity = IDENTITY_SIGNED, .timeout_ms = 2000, .parameters = story.parameters,
                                    .parameter_count = 3 };
    story.parameters[0].name = STR("order");
    story.parameters[1].name = STR("days");
    story.parameters[2].name = STR("why");
    *state = &story;
    return 0;
}

static int end(void **state)
{
    struct story *story = *state;
    close(story->server.listener);
    breakers_free(story->breakers);
    arena_free(&story->arena);
    return 0;
}

static void when_it_is_called(struct story *story, const char *answer, const char *customer, const char *parameters)
{
    story->server.answer = answer;
    assert_int_equal(pthread_create(&story->thread, NULL, serve, &story->server), 0);
    struct action_request request = { &story->action, str_of(customer), str_of(parameters), STR("key-1") };
    story->result = action_call(&story->workspace, story->breakers, &request, &story->arena);
    shutdown(story->server.listener, SHUT_RDWR); /* ends an accept that nobody came for */
    pthread_join(story->thread, NULL);
}

static void then_outcome(struct story *story, const char *outcome, const char *json)
{
    assert_string_equal(arena_cstr(&story->arena, story->result.outcome), outcome);
    if (json)
        assert_string_equal(arena_cstr(&story->arena, story->result.json), json);
    else /* in libcurl's words */
        assert_true(str_starts(story->result.json, STR("{\"error\":{\"code\":\"broken_off\",\"message\":\"")));
}

static void then_sent(struct story *story, const char *text)
{
    if (!strstr(story->server.request, text))
        fail_msg("'%s' is not in the request:\n%s", text, story->server.request);
}

#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

#define NOT_SENT "{\"error\":{\"code\":\"not_sent\",\"message\":\"a value does not fit into the request, or the customer is not known\"}}"

static void a_get_carries_identity_token_and_key(void **state)
{
    struct story *story = *state;
    when_it_is_called(story, OK "{\"a\":1}", "C-1", "{\"order\":\"W-1\",\"days\":\"14\",\"why\":\"a b&c\"}");
    then_outcome(story, "done", "{\"a\":1}");
    then_sent(story, "GET /c/C-1/o/W-1?days=14&why=a%20b%26c HTTP/1.1\r\n");
    then_sent(story, "Authorization: Bearer secret-token\r\n");
    then_sent(story, "Idempotency-Key: key-1\r\n");
    then_sent(story, "Accept: application/json\r\n");
}

static void a_post_carries_the_rest_as_json(void **state)
{
    struct story *story = *state;
    story->action.method = STR("POST");
    when_it_is_called(story, OK "{}", "C-1", "{\"order\":\"W-1\",\"days\":\"14\",\"why\":\"\\\"x\\\"\",\"unknown\":\"y\"}");
    then_outcome(story, "done", "{}");
    then_sent(story, "POST /c/C-1/o/W-1 HTTP/1.1\r\n");
    then_sent(story, "Content-Type: application/json\r\n");
    then_sent(story, "\r\n\r\n{\"days\":\"14\",\"why\":\"\\\"x\\\"\"}");
}

static void a_value_cannot_leave_its_place(void **state)
{
    struct story *story = *state;
    when_it_is_called(story, OK "{}", "../C-2?x=1#", "{\"order\":\"W 1/../\\r\\nX: y\"}");
    then_sent(story, "GET /c/..%2FC-2%3Fx%3D1%23/o/W%201%2F..%2F%0D%0AX%3A%20y HTTP/1.1\r\n");
}

static void dots_and_gaps_are_not_sent_at_all(void **state)
{
    struct story *story = *state;
    when_it_is_called(story, OK "{}", "..", "{\"order\":\"W-1\"}");
    then_outcome(story, "failed", NOT_SENT);
    assert_int_equal(story->server.request[0], 0);
}

static void without_an_identity_nothing_is_sent(void **state)
{
    struct story *story = *state;
    when_it_is_called(story, OK "{}", "", "{\"order\":\"W-1\"}");
    then_outcome(story, "failed", NOT_SENT);
    assert_int_equal(story->server.request[0], 0);
}

struct answer {
    const char *text, *outcome, *json;
};

#define NO_OBJECT "{\"error\":{\"code\":\"http_200\",\"message\":\"status 200: the answer is no JSON object\"}}"

static const struct answer answers[] = {
    { "HTTP/1.1 404 No\r\nConnection: close\r\n\r\n{\"error\":{\"code\":\"x\"}}", "refused", "{\"error\":{\"code\":\"x\"}}" },
    { "HTTP/1.1 409 No\r\nConnection: close\r\n\r\n", "refused", "{\"error\":{\"code\":\"http_409\",\"message\":\"status 409\"}}" },
    { "HTTP/1.1 401 No\r\nConnection: close\r\n\r\n{}", "failed",
      "{\"error\":{\"code\":\"http_401\",\"message\":\"status 401: the back end does not take our token\"}}" },
    { "HTTP/1.1 429 No\r\nConnection: close\r\n\r\n{}", "failed", "{\"error\":{\"code\":\"http_429\",\"message\":\"status 429\"}}" },
    { "HTTP/1.1 500 No\r\nConnection: close\r\n\r\n{}", "failed", "{\"error\":{\"code\":\"http_500\",\"message\":\"status 500\"}}" },
    { "HTTP/1.1 302 No\r\nLocation: http://127.0.0.1:1/\r\nConnection: close\r\n\r\n{}", "failed",
      "{\"error\":{\"code\":\"http_302\",\"message\":\"status 302: redirects are not followed\"}}" },
    { OK "[1]", "failed", NO_OBJECT },
    { OK "not json", "failed", NO_OBJECT },
    { OK "", "failed", NO_OBJECT },
    { OK "{\"a\":", "failed", NO_OBJECT },
    { "garbage\r\n\r\n", "failed", NULL },
    { "HTTP/1.1 503 No\r\nConnection: close\r\n\r\n{\"code\":\"night\"}", "failed", "{\"code\":\"night\"}" },
    { "", "failed", NULL },
};

static void answers_are_made_of_what_they_are(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        end(state);
        begin(state); /* a server serves once */
        struct story *story = *state;
        when_it_is_called(story, answers[i].text, "C-1", "{\"order\":\"W-1\"}");
        then_outcome(story, answers[i].outcome, answers[i].json);
    }
}

static void too_large_an_answer_is_a_failure(void **state)
{
    static char large[LIMIT_ACTION_RESULT + 1000] = OK "{\"a\":\"";
    struct story *story = *state;
    size_t head = strlen(large);
    memset(large + head, 'x', sizeof large - head - 3);
    memcpy(large + sizeof large - 3, "\"}", 3);
    when_it_is_called(story, large, "C-1", "{\"order\":\"W-1\"}");
    then_outcome(story, "failed", "{\"error\":{\"code\":\"too_large\",\"message\":\"the answer has more than 16384 bytes\"}}");
}

static void silence_ends_with_the_timeout(void **state)
{
    struct story *story = *state;
    story->action.timeout_ms = 100;
    when_it_is_called(story, NULL, "C-1", "{\"order\":\"W-1\"}");
    then_outcome(story, "timed_out", "{\"error\":{\"code\":\"timed_out\",\"message\":\"no whole answer within 100 ms\"}}");
    assert_in_range(story->result.took_ms, 90, 2000);
}

static void nobody_there_is_a_failure(void **state)
{
    struct story *story = *state;
    struct story quiet = *story;
    quiet.workspace.action_base_url = STR("http://127.0.0.1:1");
    struct action_request request = { &quiet.action, STR("C-1"), STR("{\"order\":\"W-1\"}"), STR("k") };
    quiet.result = action_call(&quiet.workspace, NULL, &request, &story->arena);
    assert_true(str_equal(quiet.result.outcome, STR("failed")));
    assert_true(str_starts(quiet.result.json, STR("{\"error\":{\"code\":\"not_reached\"")));
}

static void what_may_pass_is_tried_again_under_the_same_key(void **state)
{
    struct story *story = *state;
    story->action.retries = 2;
    story->server.then = OK "{\"a\":1}";
    when_it_is_called(story, "HTTP/1.1 503 No\r\nConnection: close\r\n\r\n{}", "C-1", "{\"order\":\"W-1\"}");
    then_outcome(story, "done", "{\"a\":1}");
    then_sent(story, "Idempotency-Key: key-1\r\n");
    assert_int_equal(story->server.served, 2);
}

/* The first call is told to come back after so long; a second one would be answered. */
static void when_it_is_asked_to_wait(struct story *story, const char *answer)
{
    story->action.retries = 3;
    story->action.timeout_ms = 3000;
    story->server.then = OK "{\"a\":1}";
    when_it_is_called(story, answer, "C-1", "{\"order\":\"W-1\"}");
}

static void a_try_comes_no_sooner_than_the_back_end_asks(void **state)
{
    struct story *story = *state;
    when_it_is_asked_to_wait(story, "HTTP/1.1 503 No\r\nRetry-After: 1\r\nConnection: close\r\n\r\n{}");
    then_outcome(story, "done", "{\"a\":1}");
    assert_in_range(story->result.took_ms, 1000, 2900);
}

static void nobody_waits_longer_than_the_action_may_take(void **state)
{
    struct story *story = *state;
    when_it_is_asked_to_wait(story, "HTTP/1.1 503 No\r\nRetry-After: 120\r\nConnection: close\r\n\r\n{}");
    then_outcome(story, "failed", "{\"error\":{\"code\":\"http_503\",\"message\":\"status 503\"}}");
    assert_int_equal(story->server.served, 1);
    assert_in_range(story->result.took_ms, 0, 900);
}

static void a_no_is_not_tried_again(void **state)
{
    struct story *story = *state;
    story->action.retries = 3;
    story->server.then = OK "{}";
    when_it_is_called(story, "HTTP/1.1 409 No\r\nConnection: close\r\n\r\n{}", "C-1", "{\"order\":\"W-1\"}");
    then_outcome(story, "refused", "{\"error\":{\"code\":\"http_409\",\"message\":\"status 409\"}}");
    assert_int_equal(story->server.served, 1);
}

static void an_answer_of_another_shape_is_a_failure(void **state)
{
    struct story *story = *state;
    story->action.result_schema = STR("{\"type\":\"object\",\"required\":[\"amount\"],\"properties\":{\"amount\":{\"type\":\"integer\",\"maximum\":500}}}");
    when_it_is_called(story, OK "{\"amount\":501,\"secret\":\"x\"}", "C-1", "{\"order\":\"W-1\"}");
    then_outcome(story, "failed", "{\"error\":{\"code\":\"bad_result\",\"message\":\"amount: more than 500\"}}");
}

static void an_answer_of_the_agreed_shape_is_taken(void **state)
{
    struct story *story = *state;
    story->action.result_schema = STR("{\"type\":\"object\",\"required\":[\"amount\"],\"properties\":{\"amount\":{\"type\":\"integer\",\"maximum\":500}}}");
    when_it_is_called(story, OK "{\"amount\":500}", "C-1", "{\"order\":\"W-1\"}");
    then_outcome(story, "done", "{\"amount\":500}");
}

static void a_back_end_that_fails_again_and_again_is_left_in_peace(void **state)
{
    struct story *story = *state;
    story->breakers = breakers_new();
    story->server.then = "HTTP/1.1 500 No\r\nConnection: close\r\n\r\n{}";
    struct str host = breaker_host(story->workspace.action_base_url);
    for (int i = 1; i < BREAKER_FAILURES; i++)
        breaker_note(story->breakers, host, true, 0);
    story->action.retries = 3;
    when_it_is_called(story, story->server.then, "C-1", "{\"order\":\"W-1\"}");
    then_outcome(story, "failed", "{\"error\":{\"code\":\"http_500\",\"message\":\"status 500\"}}");
    assert_int_equal(story->server.served, 1); /* the breaker is open: no further try */
    struct action_request request = { &story->action, STR("C-1"), STR("{\"order\":\"W-1\"}"), STR("key-2") };
    story->result = action_call(&story->workspace, story->breakers, &request, &story->arena);
    then_outcome(story, "failed", "{\"error\":{\"code\":\"resting\",\"message\":\"the back end failed again and again and is left in peace for a while\"}}");
}

static void a_dry_run_sends_nothing_and_keeps_the_token(void **state)
{
    struct story *story = *state;
    story->action.method = STR("POST");
    struct action_request request = { &story->action, STR("C-1"), STR("{\"order\":\"W-1\",\"days\":\"14\"}"), STR("key-1") };
    const char *text = arena_cstr(&story->arena, action_dry_run(&story->workspace, &request, &story->arena));
    if (!strstr(text, "/c/C-1/o/W-1\n") || !strstr(text, "{\"days\":\"14\"}") || !strstr(text, "Idempotency-Key: key-1") ||
        strstr(text, "secret-token"))
        fail_msg("%s", text);
    request.customer_id = STR_EMPTY;
    assert_int_equal(action_dry_run(&story->workspace, &request, &story->arena).len, 0);
    assert_int_equal(story->server.served, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_get_carries_identity_token_and_key), TEST(a_post_carries_the_rest_as_json), TEST(a_value_cannot_leave_its_place),
        TEST(dots_and_gaps_are_not_sent_at_all), TEST(without_an_identity_nothing_is_sent),
        TEST(too_large_an_answer_is_a_failure), TEST(silence_ends_with_the_timeout), TEST(nobody_there_is_a_failure),
        TEST(answers_are_made_of_what_they_are), TEST(what_may_pass_is_tried_again_under_the_same_key),
        TEST(a_try_comes_no_sooner_than_the_back_end_asks),
        TEST(nobody_waits_longer_than_the_action_may_take), TEST(a_no_is_not_tried_again), TEST(an_answer_of_another_shape_is_a_failure),
        TEST(an_answer_of_the_agreed_shape_is_taken), TEST(a_back_end_that_fails_again_and_again_is_left_in_peace),
        TEST(a_dry_run_sends_nothing_and_keeps_the_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
