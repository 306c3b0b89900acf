#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "gateway/answer.h"
#include "gateway/route.h"

static const char *path_of(enum http_method method, struct str path)
{
    struct route_match match = route_match(method, path);
    return match.route ? match.route->path : NULL;
}

static void a_path_finds_its_route_and_numbers(void **state)
{
    UNUSED(state);
    struct route_match match = route_match(HTTP_POST, STR("/v1/conversations/42/messages"));
    assert_int_equal(match.route->command, COMMAND_SAY);
    assert_int_equal(match.conversation, 42);
    match = route_match(HTTP_POST, STR("/v1/offers/7/accept"));
    assert_int_equal(match.route->command, COMMAND_ACCEPT);
    assert_int_equal(match.target, 7);
    assert_int_equal(match.conversation, 0);
    match = route_match(HTTP_GET, STR("/help/payment-due"));
    assert_true(str_equal(match.name, STR("payment-due")));
    assert_string_equal(path_of(HTTP_GET, STR("/v1/conversations")), "/v1/conversations");
    assert_int_equal(route_match(HTTP_POST, STR("/v1/conversations")).route->command, COMMAND_OPEN);
}

static void what_is_no_path_finds_nothing(void **state)
{
    UNUSED(state);
    const struct str paths[] = {
        STR(""), STR("/"), STR("v1/me"), STR("/v1/me/"), STR("//v1/me"), STR("/v1//me"), STR("/V1/me"), STR("/v1/mee"),
        STR("/v1/m"), STR("/v1/conversations/"), STR("/v1/conversations/0"), STR("/v1/conversations/01"),
        STR("/v1/conversations/-1"), STR("/v1/conversations/1x"), STR("/v1/conversations/99999999999999999999"),
        STR("/v1/conversations/1/messages/2"), STR("/v1/conversations/1/nothing"), STR("/help/"), STR("/helping"),
        STR("/v1/offers/accept"),
    };
    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        struct route_match match = route_match(HTTP_GET, paths[i]);
        if (match.route || match.methods) fail_msg("found: %.*s", STR_ARG(paths[i]));
    }
}

static void the_methods_of_a_path_are_known(void **state)
{
    UNUSED(state);
    struct route_match match = route_match(HTTP_OTHER, STR("/v1/agents"));
    assert_null(match.route);
    assert_int_equal(match.methods, 1 << HTTP_GET | 1 << HTTP_POST);
    match = route_match(HTTP_GET, STR("/v1/login"));
    assert_null(match.route);
    assert_int_equal(match.methods, 1 << HTTP_POST);
}

/* What must hold of every row, so that a new one cannot forget it. */
static void every_row_is_whole(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &route_table[i];
        bool command = route->command != ROUTE_NO_COMMAND;
        assert_true(route->method == HTTP_GET || route->method == HTTP_POST);
        assert_true(route->path[0] == '/' && route->summary && route->summary[0]);
        assert_true(command || route->handle);
        /* A command is a POST by somebody who is known; only the engine's own need no key. */
        if (command) assert_true(route->method == HTTP_POST && route->who);
        bool trial = strstr(route->path, "/try") != NULL; /* reads the wish, and gives no command */
        if (command && !(route->flags & ROUTE_KEY))
            assert_true(trial || route->command == COMMAND_HEARTBEAT || route->command == COMMAND_END_CUSTOMER_SESSIONS);
        /* Other origins may use what customers use, and nothing that only staff may. */
        if (route->flags & ROUTE_CORS) assert_true(!route->who || (route->who & WHO_CUSTOMER));
        for (size_t j = 0; j < i; j++)
            assert_false(route_table[j].method == route->method && strcmp(route_table[j].path, route->path) == 0);
    }
}

static void who_may_give_a_command_may_use_its_route(void **state)
{
    UNUSED(state);
    for (size_t i = 0; i < route_count; i++) {
        const struct route *route = &route_table[i];
        if (route->command == ROUTE_NO_COMMAND) continue;
        int who = command_table[route->command].who;
        if (route->who & WHO_CUSTOMER) assert_true(who & ACTOR_CUSTOMER);
        if (route->who & WHO_AGENT) assert_true(who & ACTOR_AGENT);
        if (route->who & (WHO_SUPERVISOR | WHO_ADMINISTRATOR)) assert_true(who & ACTOR_SUPERVISOR);
        if (route->who & WHO_OPERATOR) assert_true(who & ACTOR_NODE);
    }
}

static void every_status_has_its_own_words(void **state)
{
    UNUSED(state);
    static const int others[] = { 200, 202, 204, 304, 408, 414, 417, 431, 501, 505 };
    for (int refusal = 0; refusal < REFUSAL_COUNT; refusal++) {
        int status = refusal_table[refusal].status;
        assert_int_equal(status == 500, strcmp(answer_reason(status), answer_reason(500)) == 0);
    }
    for (size_t i = 0; i < ARRAY_LEN(others); i++) assert_string_not_equal(answer_reason(others[i]), answer_reason(500));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_finds_its_route_and_numbers),
        cmocka_unit_test(what_is_no_path_finds_nothing),
        cmocka_unit_test(the_methods_of_a_path_are_known),
        cmocka_unit_test(every_row_is_whole),
        cmocka_unit_test(who_may_give_a_command_may_use_its_route),
        cmocka_unit_test(every_status_has_its_own_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
