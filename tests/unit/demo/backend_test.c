/* The back end over a real socket: it starts, answers several at once, keeps its books between two
 * starts, and says plainly why it cannot start. */
#include "../../support/folder.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "demo/backend.h"
#include "demo/calendar.h"
#include "demo/firm.h"
#include "demo/caller.h"

#define TOKEN "a token of the back end's test"

static struct folder folder;
static struct demo_backend *backend;
static char base_url[64];

static int set_up(void **state)
{
    struct err err;
    UNUSED(state);
    folder_make(&folder);
    file_write(folder_file(&folder, "action.token"), STR(TOKEN "\n"));
    file_write(folder_file(&folder, "identity.secret"), STR("a secret of the back end's test\n"));
    backend = demo_backend_start(&err, folder_file(&folder, "firm.db"), 0, folder.path);
    if (!backend) fail_msg("%s", err.text);
    snprintf(base_url, sizeof base_url, "http://127.0.0.1:%d", demo_backend_port(backend));
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    demo_backend_stop(backend);
    folder_remove(&folder);
    return 0;
}

struct heard {
    int count, status;
    char due_date[16];
};

static void on_answer(void *context, const struct caller_answer *answer)
{
    struct heard *heard = context;
    const char *due = json_string_value(json_object_get(answer->json, "due_date"));
    heard->count++;
    heard->status = answer->status;
    snprintf(heard->due_date, sizeof heard->due_date, "%s", due ? due : "");
}

static struct heard ask(const char *method, const char *path, const char *key, int times)
{
    struct heard heard = { 0 };
    struct caller *caller = caller_new(base_url);
    struct caller_request request = { method, path, TOKEN, key, *key ? STR("{}") : STR_EMPTY };
    for (int i = 0; i < times; i++) caller_send(caller, &request, on_answer, &heard);
    for (int turns = 0; heard.count < times && turns < 2000; turns++) caller_turn(caller, 50);
    caller_free(caller);
    assert_int_equal(heard.count, times);
    return heard;
}

static void many_ask_at_once_and_all_are_answered(void **state)
{
    UNUSED(state);
    struct heard heard = ask("GET", "/customers/C-1001/next-payment", "", 40);
    assert_int_equal(heard.status, 200);
    assert_string_equal(heard.due_date, calendar_text(calendar_today() + 9).text);
}

static void a_moved_payment_is_still_moved_after_a_restart(void **state)
{
    UNUSED(state);
    struct err err;
    assert_int_equal(ask("POST", "/customers/C-1001/extensions", "once", 5).status, 200);
    demo_backend_stop(backend);
    backend = demo_backend_start(&err, folder_file(&folder, "firm.db"), 0, folder.path);
    assert_non_null(backend);
    snprintf(base_url, sizeof base_url, "http://127.0.0.1:%d", demo_backend_port(backend));
    struct heard heard = ask("GET", "/customers/C-1001/next-payment", "", 1);
    assert_string_equal(heard.due_date, calendar_text(calendar_today() + 9 + FIRM_EXTENSION_DAYS).text);
    assert_int_equal(ask("POST", "/customers/C-1001/extensions", "once", 1).status, 200);
    assert_int_equal(ask("POST", "/customers/C-1001/extensions", "twice", 1).status, 409);
}

static void a_taken_port_and_a_missing_secret_are_said(void **state)
{
    UNUSED(state);
    struct err err;
    assert_null(demo_backend_start(&err, ":memory:", demo_backend_port(backend), folder.path));
    assert_non_null(strstr(err.text, "cannot listen"));
    unlink(folder_file(&folder, "action.token"));
    assert_null(demo_backend_start(&err, ":memory:", 0, folder.path));
    assert_non_null(strstr(err.text, "action.token"));
    file_write(folder_file(&folder, "action.token"), STR("short"));
    assert_null(demo_backend_start(&err, ":memory:", 0, folder.path));
    assert_non_null(strstr(err.text, "16 bytes"));
    file_write(folder_file(&folder, "other.db"), STR("this is no database, but it is long enough to be looked at"));
    assert_null(demo_backend_start(&err, folder_file(&folder, "other.db"), 0, folder.path));
    assert_non_null(strstr(err.text, "other.db"));
}

/* Sends bytes as they are; gives the first answer as text. */
static struct str raw(const char *bytes)
{
    static char answer[8192];
    size_t len = 0;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)demo_backend_port(backend)),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    for (ssize_t got; len < sizeof answer && (got = read(fd, answer + len, sizeof answer - len)) > 0;) len += (size_t)got;
    close(fd);
    return str_make(answer, len);
}

static void pages_of_this_machine_may_read_the_shop_and_others_not(void **state)
{
    UNUSED(state);
    struct str answer = raw("GET /shop/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://localhost:8080\r\n\r\n");
    assert_true(str_find(answer, STR("access-control-allow-origin: http://localhost:8080"), 0) >= 0);
    answer = raw("GET /shop/products HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://localhost.evil.example\r\n\r\n");
    assert_true(str_find(answer, STR("200 OK"), 0) >= 0);
    assert_true(str_find(answer, STR("access-control"), 0) < 0);
    answer = raw("GET /customers/C-1001 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nOrigin: http://localhost:8080\r\n"
                 "Authorization: Bearer " TOKEN "\r\n\r\n");
    assert_true(str_find(answer, STR("Maja"), 0) >= 0);
    assert_true(str_find(answer, STR("access-control"), 0) < 0);
}

static void nonsense_on_the_socket_harms_nobody(void **state)
{
    UNUSED(state);
    raw("\r\n\r\n\r\n");
    raw("GET\r\n\r\n");
    raw("POST /customers/C-1001/contact HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    raw("DELETE /customers/C-1001 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert_int_equal(ask("GET", "/customers/C-1001/next-payment", "", 1).status, 200);
}

static const char *first_due_date(struct firm *firm, struct arena *arena)
{
    json_t *row = firm_row(firm, "select due_on from instalments where order_id = 'W-20417'", "");
    const char *due = arena_cstr(arena, str_of(json_string_value(json_object_get(row, "due_on"))));
    json_decref(row);
    return due;
}

static void old_books_become_young_again_and_young_ones_stay(void **state)
{
    UNUSED(state);
    struct err err;
    struct firm firm;
    const char *file = folder_file(&folder, "old.db");
    const struct { int64_t today; const char *due; } starts[] = {
        { 20779, "2026-12-01" }, { 20779 + 14, "2026-12-01" }, { 20779 + 15, "2026-12-16" }, { 20779 + 16, "2026-12-16" },
    };
    for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
        assert_true(firm_open(&err, &firm, file, starts[i].today));
        assert_string_equal(first_due_date(&firm, &folder.arena), starts[i].due);
        firm_close(&firm);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(many_ask_at_once_and_all_are_answered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_moved_payment_is_still_moved_after_a_restart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_taken_port_and_a_missing_secret_are_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pages_of_this_machine_may_read_the_shop_and_others_not, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nonsense_on_the_socket_harms_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(old_books_become_young_again_and_young_ones_stay, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
