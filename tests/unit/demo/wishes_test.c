/* What a customer may change or ask for beside moving a payment: each is done once, says what comes of
 * it, and is refused with a code that the workspace's topics answer in their own words. */
#include "../../support/books.h"
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

#include "demo/calendar.h"

static void refused(const char *path, const char *key, const char *body, int status, const char *code)
{
    assert_int_equal(books_post(path, key, body), status);
    assert_string_equal(books_code(), code);
}

static int64_t count(const char *sql)
{
    json_t *row = firm_row(&books.firm, sql, "");
    int64_t value = json_integer_value(json_object_get(row, "n"));
    json_decref(row);
    return value;
}

static void an_address_is_changed_once_a_day(void **state)
{
    UNUSED(state);
    const char *path = "/customers/C-1006/address";
    assert_int_equal(books_post(path, "a", "{\"address\":\"  Strandvägen 12,\\n 114 56  Stockholm \"}"), 200);
    assert_string_equal(books_text("address"), "Strandvägen 12, 114 56 Stockholm");
    /* A parcel that is under way goes to the old one. */
    assert_string_equal(books_text("order"), "W-20431");
    books_get("/customers/C-1006");
    assert_string_equal(books_text("address"), "Strandvägen 12, 114 56 Stockholm");
    /* Asked again because the answer was lost: done once. */
    assert_int_equal(books_post(path, "a", "{\"address\":\"  Strandvägen 12,\\n 114 56  Stockholm \"}"), 200);

    refused(path, "b", "{\"address\":\"strandvägen 12, 114 56 stockholm\"}", 409, "same_address");
    refused(path, "c", "{\"address\":\"Salt Quay 4, Cork\"}", 409, "changed_today");
    books.firm.fixed_today++;
    assert_int_equal(books_post(path, "d", "{\"address\":\"Salt Quay 4, Cork\"}"), 200);
}

static void what_is_no_address_is_not_taken(void **state)
{
    UNUSED(state);
    static const char *const wrong[] = { "Stockholm", "12345678", "1 b", "<b>12</b> Reed Lane, Cork", "name@mail12.example" };
    char body[400], key[16], name[200];
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        snprintf(body, sizeof body, "{\"address\":\"%s\"}", wrong[i]);
        snprintf(key, sizeof key, "w%zu", i);
        refused("/customers/C-1001/address", key, body, 422, "bad_address");
    }
    memset(name, 'a', 130);
    memcpy(name + 130, " 5", 3);
    snprintf(body, sizeof body, "{\"address\":\"%s\"}", name);
    refused("/customers/C-1001/address", "long", body, 422, "bad_address");
    refused("/customers/C-1001/address", "none", "{}", 422, "bad_address");
}

static void autopay_goes_on_and_off(void **state)
{
    UNUSED(state);
    assert_int_equal(books_post("/customers/C-1001/autopay-on", "on", "{}"), 200);
    assert_string_equal(books_text("due_date"), "2026-12-01");
    assert_int_equal(books_number("amount_minor"), 12000);
    books_get("/customers/C-1001/next-payment");
    assert_string_equal(books_text("status"), "autopay");
    refused("/customers/C-1001/autopay-on", "on2", "{}", 409, "already_on");

    assert_int_equal(books_post("/customers/C-1001/autopay-off", "off", "{}"), 200);
    assert_string_equal(books_text("status"), "off");
    books_get("/customers/C-1001/next-payment");
    assert_string_equal(books_text("status"), "open");
    refused("/customers/C-1001/autopay-off", "off2", "{}", 409, "already_off");
    /* What was answered once stays answered so, though autopay is off by now. */
    assert_int_equal(books_post("/customers/C-1001/autopay-on", "on", "{}"), 200);
    books_get("/customers/C-1001/next-payment");
    assert_string_equal(books_text("status"), "open");

    /* With nothing to pay there is no date to name. */
    assert_int_equal(books_post("/customers/C-1003/autopay-on", "on3", "{}"), 200);
    assert_string_equal(books_text("due_date"), "");
}

static void autopay_needs_a_card_that_is_valid(void **state)
{
    UNUSED(state);
    assert_int_equal(books_post("/customers/C-1005/autopay-off", "off", "{}"), 200);
    refused("/customers/C-1005/autopay-on", "on", "{}", 409, "card_expired");
}

static void what_is_due_today_is_still_taken(void **state)
{
    UNUSED(state);
    books_post("/customers/C-1001/autopay-on", "on", "{}");
    books.firm.fixed_today += 9; /* 1 December, the due date */
    assert_int_equal(books_post("/customers/C-1001/autopay-off", "off", "{}"), 200);
    assert_string_equal(books_text("status"), "off_from_tomorrow");
    assert_int_equal(books_number("amount_minor"), 12000);
    assert_string_equal(books_text("order"), "W-20417");
}

static void offers_stop_when_told(void **state)
{
    UNUSED(state);
    assert_int_equal(books_post("/customers/C-1001/marketing-opt-outs", "m", "{}"), 200);
    assert_string_equal(books_text("email"), "maja.lindqvist@mail.example");
    refused("/customers/C-1001/marketing-opt-outs", "m2", "{}", 409, "already_off");
    refused("/customers/C-1002/marketing-opt-outs", "m3", "{}", 409, "already_off");
}

static void a_card_is_blocked_at_once_and_opened_only_by_who_blocked_it(void **state)
{
    UNUSED(state);
    assert_int_equal(books_post("/customers/C-1001/card-blocks", "b", "{}"), 200);
    assert_string_equal(books_text("last_four"), "4417");
    refused("/customers/C-1001/card-blocks", "b2", "{}", 409, "already_blocked");
    assert_int_equal(books_post("/customers/C-1001/card-unblocks", "u", "{}"), 200);
    refused("/customers/C-1001/card-unblocks", "u2", "{}", 409, "not_blocked");
    assert_int_equal(books_post("/customers/C-1002/card-unblocks", "u3", "{}"), 200);

    refused("/customers/C-1006/card-unblocks", "u4", "{}", 409, "blocked_for_safety");
    refused("/customers/C-1004/card-unblocks", "u5", "{}", 409, "overdue");
    refused("/customers/C-1003/card-unblocks", "u6", "{}", 404, "no_card");
    refused("/customers/C-1003/card-blocks", "b3", "{}", 404, "no_card");
}

static void a_gift_card_tells_its_owner_what_is_left(void **state)
{
    UNUSED(state);
    const struct { const char *customer, *code, *status; } cards[] = {
        { "C-1003", "wg7k2m4pq9", "open" }, { "C-1003", "WG-5NBC-2YFV", "expired" }, { "C-1002", "WG-9QLZ-6JEK", "empty" },
        { "C-1001", "WG 3HTD 8RWX", "unused" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
        char path[64], body[64], key[16];
        snprintf(path, sizeof path, "/customers/%s/gift-card-checks", cards[i].customer);
        snprintf(body, sizeof body, "{\"code\":\"%s\"}", cards[i].code);
        snprintf(key, sizeof key, "g%zu", i);
        assert_int_equal(books_post(path, key, body), 200);
        assert_string_equal(books_text("status"), cards[i].status);
    }
    books_post("/customers/C-1003/gift-card-checks", "left", "{\"code\":\"WG-7K2M-4PQ9\"}");
    assert_int_equal(books_number("left_minor"), 3250);
    assert_string_equal(books_text("valid_until"), "2027-12-27");
    /* A card that somebody else has redeemed does not exist. */
    refused("/customers/C-1001/gift-card-checks", "foreign", "{\"code\":\"WG-7K2M-4PQ9\"}", 404, "not_found");
}

static void who_guesses_gift_cards_is_stopped_for_the_day(void **state)
{
    UNUSED(state);
    const char *path = "/customers/C-1003/gift-card-checks";
    for (int i = 0; i < FIRM_GIFT_CARD_MISSES_MAX; i++) {
        char body[64], key[16];
        snprintf(body, sizeof body, "{\"code\":\"WG-AAAA-000%d\"}", i);
        snprintf(key, sizeof key, "g%d", i);
        refused(path, key, body, 404, "not_found");
    }
    refused(path, "right", "{\"code\":\"WG-7K2M-4PQ9\"}", 409, "too_many");
    books.firm.fixed_today++;
    assert_int_equal(books_post(path, "tomorrow", "{\"code\":\"WG-7K2M-4PQ9\"}"), 200);
}

static void a_copy_of_the_data_is_made_once_at_a_time(void **state)
{
    UNUSED(state);
    char key[16];
    const char *path = "/customers/C-1001/data-exports";
    assert_int_equal(books_post(path, "e", "{}"), 200);
    assert_string_equal(books_text("ready_on"), "2026-11-24");
    refused(path, "e2", "{}", 409, "under_way");
    for (int i = 1; i < FIRM_EXPORTS_MAX; i++) {
        books.firm.fixed_today += FIRM_EXPORT_DAYS;
        snprintf(key, sizeof key, "e%d-", i);
        assert_int_equal(books_post(path, key, "{}"), 200);
    }
    books.firm.fixed_today += FIRM_EXPORT_DAYS;
    refused(path, "too-many", "{}", 409, "too_many");
    books.firm.fixed_today += 30;
    assert_int_equal(books_post(path, "later", "{}"), 200);
}

static void login_codes_are_three_a_day(void **state)
{
    UNUSED(state);
    char key[16];
    for (int i = 0; i < FIRM_CODES_MAX; i++) {
        snprintf(key, sizeof key, "c%d", i);
        assert_int_equal(books_post("/customers/C-1001/login-codes", key, "{}"), 200);
        assert_string_equal(books_text("phone_end"), "05");
        assert_int_equal(books_number("minutes"), FIRM_CODE_MINUTES);
        assert_int_equal(books_post("/customers/C-1001/login-codes", key, "{}"), 200); /* repeated: no second code */
    }
    refused("/customers/C-1001/login-codes", "more", "{}", 409, "too_many");
    assert_int_equal(books_post("/customers/C-1002/login-codes", "other", "{}"), 200);
    books.firm.fixed_today++;
    assert_int_equal(books_post("/customers/C-1001/login-codes", "tomorrow", "{}"), 200);
}

static void a_wish_for_a_plan_goes_to_people(void **state)
{
    UNUSED(state);
    const char *path = "/customers/C-1004/payment-plans"; /* 79.90 and a late fee of 5.00 */
    refused(path, "small", "{\"monthly\":\"9\"}", 422, "too_small");
    refused(path, "words", "{\"monthly\":\"as little as I can\"}", 422, "too_small");
    refused(path, "none", "{}", 422, "too_small");
    assert_int_equal(books_post(path, "p", "{\"monthly\":\"€25\"}"), 200);
    assert_int_equal(books_number("monthly_minor"), 2500);
    assert_int_equal(books_number("total_minor"), 8490);
    assert_int_equal(books_number("months"), 4);
    assert_string_equal(books_text("answer_by"), "2026-11-24"); /* today is a Sunday */
    assert_string_equal(books_text("quiet_until"), "2026-12-06");
    refused(path, "again", "{\"monthly\":\"30\"}", 409, "already_requested");
    refused("/customers/C-1003/payment-plans", "nothing", "{\"monthly\":\"50\"}", 409, "nothing_to_pay");
    /* More than all of it is all of it. */
    assert_int_equal(books_post("/customers/C-1001/payment-plans", "much", "{\"monthly\":\"9999€\"}"), 200);
    assert_int_equal(books_number("monthly_minor"), 12000);
    assert_int_equal(books_number("months"), 1);
    books_get("/customers/C-1001/limit");
    assert_string_equal(books_text("status"), "plan");
}

static void a_lost_parcel_need_not_be_paid(void **state)
{
    UNUSED(state);
    const char *path = "/customers/C-1006/lost-parcels";
    books_get("/customers/C-1006/next-payment");
    assert_string_equal(books_text("order"), "W-20425");
    assert_int_equal(books_post(path, "l", "{\"order\":\"w20425\"}"), 200);
    assert_string_equal(books_text("status"), "paused");
    assert_string_equal(books_text("paused_until"), "2026-12-13");
    assert_string_equal(books_text("answer_by"), "2026-11-27");
    books_get("/customers/C-1006/next-payment");
    assert_string_equal(books_text("order"), "W-20431");
    refused(path, "l2", "{\"order\":\"W-20425\"}", 409, "already_reported");
    refused("/customers/C-1006/extensions", "x", "{\"order\":\"W-20425\"}", 409, "held");

    /* With a pause for another reason, the next payment says so. */
    firm_run(&books.firm, "update instalments set amount_minor = 0 where order_id = 'W-20431'", "");
    books_get("/customers/C-1006/next-payment");
    assert_string_equal(books_text("status"), "held");
}

static void what_is_not_lost_is_not_searched_for(void **state)
{
    UNUSED(state);
    refused("/customers/C-1006/lost-parcels", "a", "{\"order\":\"W-20431\"}", 409, "not_late");
    refused("/customers/C-1006/lost-parcels", "b", "{\"order\":\"W-20417\"}", 404, "not_found");
    refused("/customers/C-1006/lost-parcels", "c", "{}", 404, "not_found");
    refused("/customers/C-1003/lost-parcels", "d", "{\"order\":\"W-20399\"}", 409, "returned");
    /* Delivered, says the carrier, and it is paid: noted, and nothing to pause. */
    assert_int_equal(books_post("/customers/C-1005/lost-parcels", "e", "{\"order\":\"W-20391\"}"), 409);
    assert_string_equal(books_code(), "long_ago");
    firm_run(&books.firm, "update orders set delivered_on = ?1 where id in ('W-20398', 'W-20391')", "s",
             calendar_text(BOOKS_TODAY - 1).text);
    refused("/customers/C-1001/lost-parcels", "f", "{\"order\":\"W-20398\"}", 409, "just_delivered");
    books.firm.fixed_today++;
    assert_int_equal(books_post("/customers/C-1001/lost-parcels", "g", "{\"order\":\"W-20398\"}"), 200);
    assert_string_equal(books_text("status"), "noted");
    firm_run(&books.firm, "update orders set status = 'preparing' where id = 'W-20417'", "");
    refused("/customers/C-1001/lost-parcels", "h", "{\"order\":\"W-20417\"}", 409, "not_sent");
    firm_run(&books.firm, "update orders set status = 'cancelled' where id = 'W-20417'", "");
    refused("/customers/C-1001/lost-parcels", "i", "{\"order\":\"W-20417\"}", 409, "cancelled");
}

static void a_parcel_is_lost_when_more_than_two_working_days_late(void **state)
{
    UNUSED(state);
    firm_run(&books.firm, "update orders set expected_on = '2026-11-20' where id = 'W-20425'", ""); /* a Friday */
    books.firm.fixed_today = BOOKS_TODAY + 2; /* Tuesday: the second working day */
    refused("/customers/C-1006/lost-parcels", "a", "{\"order\":\"W-20425\"}", 409, "not_late");
    books.firm.fixed_today++;
    assert_int_equal(books_post("/customers/C-1006/lost-parcels", "b", "{\"order\":\"W-20425\"}"), 200);
}

static void a_part_that_was_paid_twice_comes_back(void **state)
{
    UNUSED(state);
    books_get("/customers/C-1002/double-charges");
    assert_string_equal(books_text("status"), "on_its_way");
    assert_string_equal(books_text("order"), "W-20405");
    assert_string_equal(books_text("second_on"), "2026-11-19");
    assert_string_equal(books_text("back_on"), "2026-11-26");
    books.firm.fixed_today += 5;
    books_get("/customers/C-1002/double-charges");
    assert_string_equal(books_text("status"), "paid_back");
    books_get("/customers/C-1001/double-charges");
    assert_string_equal(books_text("status"), "none");
}

static void payments_are_listed_newest_first_and_without_failed_ones(void **state)
{
    UNUSED(state);
    books_get("/customers/C-1005/payments");
    const json_t *payments = json_object_get(books.last.json, "payments");
    assert_int_equal(json_array_size(payments), 2);
    const char *first = json_string_value(json_object_get(json_array_get(payments, 0), "paid_on"));
    const char *second = json_string_value(json_object_get(json_array_get(payments, 1), "paid_on"));
    assert_true(strcmp(first, second) > 0);
    for (int i = 0; i < 20; i++)
        firm_run(&books.firm, "insert into payments (instalment, amount_minor, tried_on, method, outcome)"
                              " select id, 100, '2026-01-01', 'Visa 1', 'done' from instalments where order_id = 'W-20391'"
                              " and part = 1", "");
    books_get("/customers/C-1005/payments");
    assert_int_equal(json_array_size(json_object_get(books.last.json, "payments")), FIRM_PAYMENTS_SHOWN);
    books_get("/customers/C-1006/payments");
    assert_string_equal(books_text("status"), "none");
}

static void the_limit_is_what_is_left_of_it(void **state)
{
    UNUSED(state);
    books_get("/customers/C-1001/limit");
    assert_string_equal(books_text("status"), "room");
    assert_int_equal(books_number("used_minor"), 12000);
    assert_int_equal(books_number("left_minor"), books_number("limit_minor") - 12000);
    books_get("/customers/C-1004/limit");
    assert_string_equal(books_text("status"), "late");
    firm_run(&books.firm, "update customers set limit_minor = 12000 where id = 'C-1001'", "");
    books_get("/customers/C-1001/limit");
    assert_string_equal(books_text("status"), "full");
    assert_int_equal(books_number("left_minor"), 0);
    /* As the article says: nobody owes more than the limit, which is at most 5,000. */
    assert_int_equal(count("select count(*) as n from customers where limit_minor > 500000"), 0);
    assert_int_equal(count("select count(*) as n from customers c where c.id <> 'C-1001' and limit_minor <"
                           " (select coalesce(sum(amount_minor), 0) from instalments i join orders o on o.id = i.order_id"
                           " where o.customer = c.id and paid_on is null)"), 0);
}

static void books_of_an_older_program_are_made_anew(void **state)
{
    UNUSED(state);
    struct err err;
    struct firm firm;
    struct folder folder;
    folder_make(&folder);
    const char *file = folder_file(&folder, "firm.db");
    assert_true(firm_open(&err, &firm, file, BOOKS_TODAY));
    firm_run(&firm, "update customers set name = 'Somebody else' where id = 'C-1001'", "");
    firm_close(&firm);
    assert_true(firm_open(&err, &firm, file, BOOKS_TODAY)); /* the same version keeps what was changed */
    json_t *row = firm_row(&firm, "select name from customers where id = 'C-1001'", "");
    assert_string_equal(json_string_value(json_object_get(row, "name")), "Somebody else");
    json_decref(row);
    firm_run(&firm, "delete from facts where name = 'version'", "");
    firm_run(&firm, "drop table gift_cards", "");
    firm_close(&firm);
    assert_true(firm_open(&err, &firm, file, BOOKS_TODAY));
    row = firm_row(&firm, "select name, (select count(*) from gift_cards) as cards from customers where id = 'C-1001'", "");
    assert_string_equal(json_string_value(json_object_get(row, "name")), "Maja Lindqvist");
    assert_int_equal(json_integer_value(json_object_get(row, "cards")), 4);
    json_decref(row);
    firm_close(&firm);
    folder_remove(&folder);
}

/* Every address of this file, for a customer who is not there, and without a token. */
static void nobody_else_is_told_anything(void **state)
{
    UNUSED(state);
    static const char *const posts[] = { "address", "autopay-on", "autopay-off", "marketing-opt-outs", "card-blocks",
        "card-unblocks", "gift-card-checks", "data-exports", "payment-plans", "login-codes", "lost-parcels" };
    static const char *const gets[] = { "payments", "double-charges", "limit" };
    char path[64];
    for (size_t i = 0; i < ARRAY_LEN(posts) + ARRAY_LEN(gets); i++) {
        bool is_post = i < ARRAY_LEN(posts);
        snprintf(path, sizeof path, "/customers/C-9999/%s", is_post ? posts[i] : gets[i - ARRAY_LEN(posts)]);
        assert_int_equal(is_post ? books_post(path, "k", "{}") : books_get(path), 404);
        assert_string_equal(books_code(), "unknown_customer");
        struct firm_request request = { .method = is_post ? STR("POST") : STR("GET"), .key = STR("k") };
        memcpy(path + 11, "C-1001", 6);
        request.path = str_of(path);
        assert_int_equal(books_send(request), 401);
        if (is_post) {
            assert_int_equal(books_post(path, "", "{}"), 400);
            assert_string_equal(books_code(), "bad_key");
        }
    }
    assert_int_equal(count("select count(*) as n from requests"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_changed_once_a_day),
        cmocka_unit_test(what_is_no_address_is_not_taken),
        cmocka_unit_test(autopay_goes_on_and_off),
        cmocka_unit_test(autopay_needs_a_card_that_is_valid),
        cmocka_unit_test(what_is_due_today_is_still_taken),
        cmocka_unit_test(offers_stop_when_told),
        cmocka_unit_test(a_card_is_blocked_at_once_and_opened_only_by_who_blocked_it),
        cmocka_unit_test(a_gift_card_tells_its_owner_what_is_left),
        cmocka_unit_test(who_guesses_gift_cards_is_stopped_for_the_day),
        cmocka_unit_test(a_copy_of_the_data_is_made_once_at_a_time),
        cmocka_unit_test(login_codes_are_three_a_day),
        cmocka_unit_test(a_wish_for_a_plan_goes_to_people),
        cmocka_unit_test(a_lost_parcel_need_not_be_paid),
        cmocka_unit_test(what_is_not_lost_is_not_searched_for),
        cmocka_unit_test(a_parcel_is_lost_when_more_than_two_working_days_late),
        cmocka_unit_test(a_part_that_was_paid_twice_comes_back),
        cmocka_unit_test(payments_are_listed_newest_first_and_without_failed_ones),
        cmocka_unit_test(the_limit_is_what_is_left_of_it),
        cmocka_unit_test(books_of_an_older_program_are_made_anew),
        cmocka_unit_test(nobody_else_is_told_anything),
    };
    struct CMUnitTest each[ARRAY_LEN(tests)];
    for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
        each[i] = tests[i];
        each[i].setup_func = books_set_up;
        each[i].teardown_func = books_tear_down;
    }
    return cmocka_run_group_tests(each, NULL, NULL);
}
