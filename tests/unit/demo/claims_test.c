/* What the demo's flows stand on: payments that may be moved and what that costs, faults, purchases nobody made. */
#include "../../support/books.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

static void refused(int status, int wanted, const char *code)
{
    assert_int_equal(status, wanted);
    assert_string_equal(books_code(), code);
}

static void only_what_can_be_moved_is_offered(void **state)
{
    UNUSED(state);
    assert_int_equal(books_get("/customers/C-1001/movable-payments"), 200);
    refused(books_get("/customers/C-1002/movable-payments"), 409, "already_extended");
    refused(books_get("/customers/C-1003/movable-payments"), 409, "nothing_to_pay");
    refused(books_get("/customers/C-1004/movable-payments"), 409, "overdue");
}

static void a_month_costs_what_the_quote_says(void **state)
{
    UNUSED(state);
    assert_int_equal(books_get("/customers/C-1001/extension-quotes?order=W-20417&days=7"), 200);
    assert_int_equal(books_number("fee_minor"), 0);
    assert_string_equal(books_text("due_date"), "2026-12-08");
    assert_int_equal(books_get("/customers/C-1001/extension-quotes?order=W-20417&days=30"), 200);
    assert_int_equal(books_number("fee_minor"), FIRM_LONG_EXTENSION_FEE_MINOR);
    assert_int_equal(books_number("amount_minor"), 12000);
    refused(books_get("/customers/C-1001/extension-quotes?order=W-20417&days=90"), 422, "bad_days");
    refused(books_get("/customers/C-1001/extension-quotes?order=W-20425&days=7"), 409, "nothing_to_pay");

    assert_int_equal(books_post("/customers/C-1001/extensions", "m", "{\"order\":\"W-20417\",\"days\":\"30\"}"), 200);
    assert_string_equal(books_text("due_date"), "2026-12-31");
    assert_int_equal(books_number("amount_minor"), 12000 + FIRM_LONG_EXTENSION_FEE_MINOR);
    books_get("/customers/C-1001/next-payment");
    assert_int_equal(books_number("amount_minor"), 12000 + FIRM_LONG_EXTENSION_FEE_MINOR);
}

static void a_fault_is_reported_once_and_pauses_the_payment(void **state)
{
    UNUSED(state);
    refused(books_post("/customers/C-1001/faults", "a", "{\"order\":\"W-20417\",\"fault\":\"odd\",\"wish\":\"refund\"}"), 422, "bad_fault");
    refused(books_post("/customers/C-1001/faults", "b", "{\"order\":\"W-20425\",\"fault\":\"broken\",\"wish\":\"refund\"}"), 404, "not_found");
    assert_int_equal(books_get("/customers/C-1001/delivered-orders"), 200);
    assert_int_equal(books_post("/customers/C-1001/faults", "c", "{\"order\":\"W-20417\",\"fault\":\"broken\",\"wish\":\"refund\"}"), 200);
    assert_string_equal(books_text("status"), "paused");
    assert_string_equal(books_text("paused_until"), "2026-12-13");
    refused(books_post("/customers/C-1001/faults", "d", "{\"order\":\"W-20417\",\"fault\":\"broken\",\"wish\":\"refund\"}"), 409, "already_reported");
    books_get("/customers/C-1001/next-payment");
    assert_string_equal(books_text("status"), "looked_into");
    refused(books_post("/customers/C-1001/extensions", "e", "{}"), 409, "looked_into");
}

static void a_purchase_that_nobody_made_is_paused(void **state)
{
    UNUSED(state);
    assert_int_equal(books_get("/customers/C-1001/recent-purchases"), 200);
    refused(books_post("/customers/C-1001/disputes", "a", "{\"order\":\"W-20425\"}"), 404, "not_found");
    assert_int_equal(books_post("/customers/C-1001/disputes", "b", "{\"order\":\"w20417\"}"), 200);
    assert_string_equal(books_text("status"), "disputed");
    refused(books_post("/customers/C-1001/disputes", "c", "{\"order\":\"W-20417\"}"), 409, "already_reported");
    books_get("/customers/C-1001/next-payment");
    assert_string_equal(books_text("status"), "looked_into");
}

static void what_is_put_aside_can_be_released(void **state)
{
    UNUSED(state);
    char reservation[64], body[96];
    assert_int_equal(books_post("/customers/C-1001/reservations", "a", "{\"order\":\"W-20417\"}"), 200);
    snprintf(reservation, sizeof reservation, "%s", books_text("reservation"));
    snprintf(body, sizeof body, "{\"reservation\":\"%s\"}", reservation);
    refused(books_post("/customers/C-1002/reservation-releases", "b", body), 404, "not_found"); /* somebody else's */
    assert_int_equal(books_post("/customers/C-1001/reservation-releases", "c", body), 200);
    assert_int_equal(books_post("/customers/C-1001/reservation-releases", "d", body), 200);
    refused(books_post("/customers/C-1001/reservation-releases", "e", "{\"reservation\":\"R-99999\"}"), 404, "not_found");
}

static void a_code_is_on_the_page_of_what_was_sent(void **state)
{
    UNUSED(state);
    refused(books_post("/customers/C-1001/codes", "a", "{\"code\":\"12345\"}"), 422, "bad_code");
    assert_int_equal(books_post("/customers/C-1001/codes", "b", "{\"code\":\"004217\"}"), 200);
    assert_int_equal(books_get("/outbox"), 200);
    assert_true(str_find(buf_str(&books.last.page), STR("Your Whimbrel code is 004217</b> <small>to Maja Lindqvist"), 0) >= 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, books_set_up, books_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_what_can_be_moved_is_offered),
        TEST(a_month_costs_what_the_quote_says),
        TEST(a_fault_is_reported_once_and_pauses_the_payment),
        TEST(a_purchase_that_nobody_made_is_paused),
        TEST(what_is_put_aside_can_be_released),
        TEST(a_code_is_on_the_page_of_what_was_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
