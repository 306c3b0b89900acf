/* The firm's books: what a customer is told is theirs and true, what they may change changes once,
 * and nobody learns anything about somebody else. */
#include "../../support/books.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "demo/calendar.h"
#include "demo/firm_seed.h"
#include "privacy/vault.h"

static void days_are_counted_as_calendars_do(void **state)
{
    UNUSED(state);
    int64_t day;
    assert_string_equal(calendar_text(BOOKS_TODAY).text, "2026-11-22");
    assert_string_equal(calendar_text(calendar_add_months(BOOKS_TODAY, 3)).text, "2027-02-22");
    assert_true(calendar_read(STR("2028-01-31"), &day));
    assert_string_equal(calendar_text(calendar_add_months(day, 1)).text, "2028-02-29");
    assert_string_equal(calendar_text(calendar_add_months(day, -1)).text, "2027-12-31");
    assert_false(calendar_read(STR("2027-02-29"), &day));
    assert_false(calendar_read(STR("2027-13-01"), &day));
    /* Sunday, and five working days later it is Friday. */
    assert_string_equal(calendar_text(calendar_add_working(BOOKS_TODAY, 5)).text, "2026-11-27");
}

static void a_customer_hears_their_own_next_payment(void **state)
{
    UNUSED(state);
    assert_int_equal(books_get("/customers/C-1001/next-payment"), 200);
    assert_string_equal(books_text("status"), "open");
    assert_string_equal(books_text("due_date"), "2026-12-01");
    assert_string_equal(books_text("order"), "W-20417");
    assert_int_equal(books_number("amount_minor"), 12000);
    assert_string_equal(books_text("currency"), "EUR");

    books_get("/customers/C-1002/next-payment");
    assert_string_equal(books_text("what"), "part 2 of 3");
    books_get("/customers/C-1003/next-payment");
    assert_string_equal(books_text("status"), "none");
    books_get("/customers/C-1004/next-payment");
    assert_string_equal(books_text("status"), "late");
    assert_int_equal(books_number("amount_minor"), 7990 + FIRM_LATE_FEE_MINOR);
}

static void the_stories_of_the_six_are_in_the_books(void **state)
{
    UNUSED(state);
    books_get("/customers/C-1003/refund-status");
    assert_string_equal(books_text("status"), "on_its_way");
    assert_string_equal(books_text("expected_on"), "2026-11-27");
    books_get("/customers/C-1004/fees");
    assert_int_equal(json_array_size(json_object_get(books.last.json, "fees")), 1);
    books_get("/customers/C-1005/failed-payment");
    assert_string_equal(books_text("reason"), "the card has expired");
    assert_string_equal(books_text("next_try_on"), "2026-11-23");
    books_get("/customers/C-1006/order-status");
    assert_string_equal(books_text("status"), "on_its_way");
    assert_int_equal(json_array_size(json_object_get(books.last.json, "items")), 1);
}

static void a_payment_is_moved_once_and_the_answer_can_be_repeated(void **state)
{
    UNUSED(state);
    assert_int_equal(books_post("/customers/C-1001/extensions", "first", "{}"), 200);
    assert_string_equal(books_text("old_due_date"), "2026-12-01");
    assert_string_equal(books_text("due_date"), "2026-12-15");

    /* The same request again, because the first answer was lost on the way: same answer, not moved again. */
    assert_int_equal(books_post("/customers/C-1001/extensions", "first", "{}"), 200);
    assert_string_equal(books_text("due_date"), "2026-12-15");
    books_get("/customers/C-1001/next-payment");
    assert_string_equal(books_text("due_date"), "2026-12-15");

    assert_int_equal(books_post("/customers/C-1001/extensions", "second", "{}"), 409);
    assert_string_equal(books_code(), "already_extended");
    assert_int_equal(books_post("/customers/C-1001/extensions", "first", "{\"order\":\"W-20417\"}"), 409);
    assert_string_equal(books_code(), "key_reused");
    assert_int_equal(books_post("/customers/C-1001/extensions", "", "{}"), 400);
    assert_string_equal(books_code(), "bad_key");
}

static void keys_of_long_ago_are_forgotten(void **state)
{
    char key[16];
    UNUSED(state);
    assert_int_equal(books_post("/customers/C-1001/extensions", "first", "{}"), 200);
    for (int i = 0; i < 3; i++) {
        snprintf(key, sizeof key, "key-%d", i);
        books_post("/customers/C-1003/extensions", key, "{}");
    }
    firm_run(&books.firm, "update keys set rowid = rowid + ?1 where key <> 'first'", "i", (int64_t)FIRM_KEYS_KEPT);
    assert_int_equal(books_post("/customers/C-1001/extensions", "first", "{}"), 200); /* known until the next change */
    books_post("/customers/C-1003/extensions", "last", "{}");
    assert_int_equal(books_post("/customers/C-1001/extensions", "first", "{}"), 409);
    assert_string_equal(books_code(), "already_extended");
    assert_int_equal(books_post("/customers/C-1003/extensions", "key-2", "{\"order\":\"other\"}"), 409);
    assert_string_equal(books_code(), "key_reused");
}

static void what_cannot_be_moved_says_why(void **state)
{
    UNUSED(state);
    const struct { const char *customer, *code; } refusals[] = {
        { "C-1002", "already_extended" }, { "C-1003", "nothing_to_pay" }, { "C-1004", "overdue" },
    };
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        char path[64], key[16];
        snprintf(path, sizeof path, "/customers/%s/extensions", refusals[i].customer);
        snprintf(key, sizeof key, "key-%zu", i);
        assert_int_equal(books_post(path, key, "{}"), 409);
        assert_string_equal(books_code(), refusals[i].code);
    }
    assert_int_equal(books_post("/customers/C-1001/return-pauses", "r", "{\"order\":\"w20417\"}"), 200);
    assert_string_equal(books_text("paused_until"), "2026-12-13");
    assert_int_equal(books_post("/customers/C-1001/extensions", "p", "{}"), 409);
    assert_string_equal(books_code(), "paused");
    books_get("/customers/C-1001/next-payment");
    assert_string_equal(books_text("status"), "paused");
    books_get("/customers/C-1001/refund-status");
    assert_string_equal(books_text("status"), "waiting_for_shop");
    assert_int_equal(books_post("/customers/C-1001/return-pauses", "r2", "{\"order\":\"W-20417\"}"), 409);
    assert_string_equal(books_code(), "already_paused");
}

static void an_order_of_somebody_else_does_not_exist(void **state)
{
    UNUSED(state);
    assert_int_equal(books_get("/customers/C-1006/orders/W-20431"), 200);
    assert_int_equal(books_get("/customers/C-1001/orders/W-20431"), 404);
    assert_string_equal(books_code(), "not_found");
    assert_int_equal(books_get("/customers/C-1001/order-status?order=W-20431"), 404);
    assert_int_equal(books_get("/customers/C-1001/refund-status?order=W-20399"), 404);
    assert_int_equal(books_post("/customers/C-1001/invoice-copies", "a", "{\"order\":\"W-20431\"}"), 404);
    assert_int_equal(books_post("/customers/C-1001/return-pauses", "b", "{\"order\":\"W-20431\"}"), 404);
    assert_int_equal(books_post("/customers/C-1001/extensions", "c", "{\"order\":\"W-20431\"}"), 409);
    assert_string_equal(books_code(), "nothing_to_pay");
}

static void without_the_token_nothing_is_said(void **state)
{
    UNUSED(state);
    struct firm_request request = { .method = STR("GET"), .path = STR("/customers/C-1001") };
    assert_int_equal(books_send(request), 401);
    request.token = STR("a token of the testz");
    assert_int_equal(books_send(request), 401);
    books.firm.token = STR_EMPTY; /* an empty token fits nothing, not even nothing */
    request.token = STR_EMPTY;
    assert_int_equal(books_send(request), 401);
}

static void bad_requests_are_answered_plainly(void **state)
{
    UNUSED(state);
    assert_int_equal(books_get("/customers/C-9999/next-payment"), 404);
    assert_string_equal(books_code(), "unknown_customer");
    assert_int_equal(books_get("/customers//next-payment"), 404);
    assert_int_equal(books_get("/customers/C-1001/next-payment/more"), 404);
    assert_int_equal(books_get("/customers/C-1001%2/fees"), 404);
    assert_int_equal(books_get("/customers/C-1001'%20or%201=1/fees"), 404);
    assert_int_equal(books_get("/customers/C-1001/extensions"), 405);
    assert_int_equal(books_post("/customers/C-1001/extensions", "x", "[1]"), 400);
    assert_int_equal(books_post("/customers/C-1001/extensions", "x", "{\"order\""), 400);
    assert_int_equal(books_post("/customers/C-1001/contact", "y", "{\"email\":\"nobody\"}"), 422);
    assert_int_equal(books_post("/customers/C-1001/contact", "z", "{\"email\":\"Maja.Lindqvist@mail.example\"}"), 409);
    assert_int_equal(books_post("/customers/C-1001/contact", "w", "{\"email\":\"maja@new.example\"}"), 200);
    books_get("/customers/C-1001");
    assert_string_equal(books_text("email"), "maja.lindqvist@mail.example");
    assert_string_equal(books_text("new_email"), "maja@new.example");
}

static void an_invoice_opens_for_whoever_has_the_link_and_only_that_one(void **state)
{
    UNUSED(state);
    assert_int_equal(books_post("/customers/C-1001/invoice-copies", "i", "{\"order\":\"W20417\"}"), 200);
    struct str link = arena_copy(&books.arena, str_of(books_text("link")));
    assert_true(str_starts(link, books.firm.url));
    struct str path = str_slice(link, books.firm.url.len, link.len);
    struct firm_request open = { .method = STR("GET"), .path = path };
    assert_int_equal(books_send(open), 200);
    assert_true(str_find(buf_str(&books.last.page), STR("Maja Lindqvist"), 0) >= 0);

    char *other = arena_take(&books.arena, path.len + 1);
    memcpy(other, path.data, path.len);
    memcpy(other, "/documents/INV-20431", 20);
    open.path = str_make(other, path.len);
    assert_int_equal(books_send(open), 403);
    open.path = STR("/documents/INV-20417?until=1&key=00");
    assert_int_equal(books_send(open), 403);
}

static void the_shop_signs_for_its_six_only(void **state)
{
    UNUSED(state);
    assert_int_equal(books_get("/shop/login?customer=C-1001"), 200);
    assert_true(signature_fits(books.firm.secret, STR("C-1001"), str_of(books_text("signature"))));
    assert_string_equal(books_text("name"), "Maja Lindqvist");
    assert_int_equal(books_get("/shop/login?customer=C-1007"), 404);
    assert_int_equal(books_get("/shop/login"), 404);
    books_get("/shop/customers");
    assert_int_equal(json_array_size(json_object_get(books.last.json, "customers")), FIRM_STORIES);
    books_get("/shop/products");
    assert_int_equal(json_array_size(json_object_get(books.last.json, "products")), 6);
}

/* Everything in the books as one text. */
static struct str dump(struct firm *firm)
{
    static const char *const tables[] = { "customers", "orders", "order_lines", "invoices", "instalments", "payments",
                                          "fees", "refunds", "cards", "gift_cards", "requests" };
    struct buf out;
    buf_init(&out, 4 * 1024 * 1024);
    for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
        char sql[64];
        snprintf(sql, sizeof sql, "select * from %s", tables[i]);
        json_t *rows = firm_rows(firm, sql, "");
        firm_json_text(rows, &out);
        json_decref(rows);
    }
    struct str copy = arena_copy(&books.arena, buf_str(&out));
    buf_free(&out);
    return copy;
}

static void the_same_day_gives_the_same_books(void **state)
{
    UNUSED(state);
    struct firm other;
    struct err err;
    struct str first = dump(&books.firm);
    assert_true(firm_open(&err, &other, ":memory:", BOOKS_TODAY));
    assert_true(str_equal(first, dump(&other)));
    firm_close(&other);
    assert_true(firm_open(&err, &other, ":memory:", BOOKS_TODAY + 1));
    assert_false(str_equal(first, dump(&other)));
    firm_close(&other);
}

static int64_t count(const char *sql)
{
    json_t *row = firm_row(&books.firm, sql, "");
    int64_t value = json_integer_value(json_object_get(row, "n"));
    json_decref(row);
    return value;
}

static void the_books_add_up(void **state)
{
    UNUSED(state);
    assert_int_equal(count("select count(*) as n from customers"), FIRM_CUSTOMERS);
    assert_true(count("select count(*) as n from orders") > FIRM_CUSTOMERS);
    assert_int_equal(count("select count(*) as n from orders o where total_minor <>"
                           " (select sum(quantity * price_minor) from order_lines l where l.order_id = o.id)"), 0);
    assert_int_equal(count("select count(*) as n from orders o where plan <> 'monthly' and not exists"
                           " (select 1 from refunds r where r.order_id = o.id) and total_minor <>"
                           " (select sum(amount_minor) from instalments i where i.order_id = o.id)"), 0);
    assert_int_equal(count("select count(*) as n from orders o where parts <>"
                           " (select count(*) from instalments i where i.order_id = o.id)"), 0);
    assert_int_equal(count("select count(*) as n from instalments where paid_on > '2026-11-22'"), 0);
    /* What plans-compared.md says about the plans */
    assert_int_equal(count("select count(*) as n from orders where plan = 'pay_in_30' and total_minor > 100000"), 0);
    assert_int_equal(count("select count(*) as n from orders where plan = 'pay_in_3' and total_minor not between 3000 and 150000"), 0);
    assert_int_equal(count("select count(*) as n from orders where plan = 'monthly' and total_minor < 15000"), 0);
    /* Every state is there to be seen. */
    assert_int_equal(count("select count(distinct plan) as n from orders"), 3);
    assert_int_equal(count("select count(distinct status) as n from orders"), 3);
    assert_int_equal(count("select count(distinct status) as n from refunds"), 4);
}

static void a_monthly_plan_costs_what_the_article_says(void **state)
{
    UNUSED(state);
    /* €749.00 over 12 months: the annuity at 9.9 % nominal. */
    books_get("/customers/C-1005/failed-payment");
    assert_int_equal(books_number("amount_minor"), 6581);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_counted_as_calendars_do),
        cmocka_unit_test(a_customer_hears_their_own_next_payment),
        cmocka_unit_test(the_stories_of_the_six_are_in_the_books),
        cmocka_unit_test(a_payment_is_moved_once_and_the_answer_can_be_repeated),
        cmocka_unit_test(keys_of_long_ago_are_forgotten), cmocka_unit_test(what_cannot_be_moved_says_why),
        cmocka_unit_test(an_order_of_somebody_else_does_not_exist),
        cmocka_unit_test(without_the_token_nothing_is_said),
        cmocka_unit_test(bad_requests_are_answered_plainly),
        cmocka_unit_test(an_invoice_opens_for_whoever_has_the_link_and_only_that_one),
        cmocka_unit_test(the_shop_signs_for_its_six_only),
        cmocka_unit_test(the_same_day_gives_the_same_books),
        cmocka_unit_test(the_books_add_up),
        cmocka_unit_test(a_monthly_plan_costs_what_the_article_says),
    };
    struct CMUnitTest each[ARRAY_LEN(tests)];
    for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
        each[i] = tests[i];
        each[i].setup_func = books_set_up;
        each[i].teardown_func = books_tear_down;
    }
    return cmocka_run_group_tests(each, NULL, NULL);
}
