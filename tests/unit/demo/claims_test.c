/* What the demo's flows stand on: payments that may be moved and what that costs, faults, purchases nobody made. */
#include "../../support/books.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

static struct books books;

static int set_up(void **state)
{
    UNUSED(state);
    return books_open(&books, BOOKS_TODAY) ? 0 : -1;
}

static int tear_down(void **state)
{
    UNUSED(state);
    books_close(&books);
    return 0;
}

static int get(const char *path) { return books_get(&books, path); }
static int post(const char *path, const char *key, const char *body) { return books_post(&books, path, key, body); }
static const char *text(const char *name) { return books_text(&books, name); }
static int64_t number(const char *name) { return books_number(&books, name); }

static void refused(int status, int wanted, const char *code)
{
    assert_int_equal(status, wanted);
    assert_string_equal(books_code(&books), code);
}

static void only_what_can_be_moved_is_offered(void **state)
{
    UNUSED(state);
    assert_int_equal(get("/customers/C-1001/movable-payments"), 200);
    refused(get("/customers/C-1002/movable-payments"), 409, "already_extended");
    refused(get("/customers/C-1003/movable-payments"), 409, "nothing_to_pay");
    refused(get("/customers/C-1004/movable-payments"), 409, "overdue");
}

static void a_month_costs_what_the_quote_says(void **state)
{
    UNUSED(state);
    assert_int_equal(get("/customers/C-1001/extension-quotes?order=W-20417&days=7"), 200);
    assert_int_equal(number("fee_minor"), 0);
    assert_string_equal(text("due_date"), "2026-12-08");
    assert_int_equal(get("/customers/C-1001/extension-quotes?order=W-20417&days=30"), 200);
    assert_int_equal(number("fee_minor"), FIRM_LONG_EXTENSION_FEE_MINOR);
    assert_int_equal(number("amount_minor"), 12000);
    refused(get("/customers/C-1001/extension-quotes?order=W-20417&days=90"), 422, "bad_days");
    refused(get("/customers/C-1001/extension-quotes?order=W-20425&days=7"), 409, "nothing_to_pay");

    assert_int_equal(post("/customers/C-1001/extensions", "m", "{\"order\":\"W-20417\",\"days\":\"30\"}"), 200);
    assert_string_equal(text("due_date"), "2026-12-31");
    assert_int_equal(number("amount_minor"), 12000 + FIRM_LONG_EXTENSION_FEE_MINOR);
    get("/customers/C-1001/next-payment");
    assert_int_equal(number("amount_minor"), 12000 + FIRM_LONG_EXTENSION_FEE_MINOR);
}

static void a_fault_is_reported_once_and_pauses_the_payment(void **state)
{
    UNUSED(state);
    refused(post("/customers/C-1001/faults", "a", "{\"order\":\"W-20417\",\"fault\":\"odd\",\"wish\":\"refund\"}"), 422, "bad_fault");
    refused(post("/customers/C-1001/faults", "b", "{\"order\":\"W-20425\",\"fault\":\"broken\",\"wish\":\"refund\"}"), 404, "not_found");
    assert_int_equal(get("/customers/C-1001/delivered-orders"), 200);
    assert_int_equal(post("/customers/C-1001/faults", "c", "{\"order\":\"W-20417\",\"fault\":\"broken\",\"wish\":\"refund\"}"), 200);
    assert_string_equal(text("status"), "paused");
    assert_string_equal(text("paused_until"), "2026-12-13");
    refused(post("/customers/C-1001/faults", "d", "{\"order\":\"W-20417\",\"fault\":\"broken\",\"wish\":\"refund\"}"), 409, "already_reported");
    get("/customers/C-1001/next-payment");
    assert_string_equal(text("status"), "looked_into");
    refused(post("/customers/C-1001/extensions", "e", "{}"), 409, "looked_into");
}

static void a_purchase_that_nobody_made_is_paused(void **state)
{
    UNUSED(state);
    assert_int_equal(get("/customers/C-1001/recent-purchases"), 200);
    refused(post("/customers/C-1001/disputes", "a", "{\"order\":\"W-20425\"}"), 404, "not_found");
    assert_int_equal(post("/customers/C-1001/disputes", "b", "{\"order\":\"w20417\"}"), 200);
    assert_string_equal(text("status"), "disputed");
    refused(post("/customers/C-1001/disputes", "c", "{\"order\":\"W-20417\"}"), 409, "already_reported");
    get("/customers/C-1001/next-payment");
    assert_string_equal(text("status"), "looked_into");
}

static void what_is_put_aside_can_be_released(void **state)
{
    UNUSED(state);
    char reservation[64], body[96];
    assert_int_equal(post("/customers/C-1001/reservations", "a", "{\"order\":\"W-20417\"}"), 200);
    snprintf(reservation, sizeof reservation, "%s", text("reservation"));
    snprintf(body, sizeof body, "{\"reservation\":\"%s\"}", reservation);
    refused(post("/customers/C-1002/reservation-releases", "b", body), 404, "not_found"); /* somebody else's */
    assert_int_equal(post("/customers/C-1001/reservation-releases", "c", body), 200);
    assert_int_equal(post("/customers/C-1001/reservation-releases", "d", body), 200);
    refused(post("/customers/C-1001/reservation-releases", "e", "{\"reservation\":\"R-99999\"}"), 404, "not_found");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_what_can_be_moved_is_offered),
        TEST(a_month_costs_what_the_quote_says),
        TEST(a_fault_is_reported_once_and_pauses_the_payment),
        TEST(a_purchase_that_nobody_made_is_paused),
        TEST(what_is_put_aside_can_be_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
