/* firm_claims.c - what is wrong with a purchase: a fault that the shop must mend, or a purchase that the customer
 * does not know. Either pauses what is left to pay. */
#include "demo/calendar.h"
#include "demo/firm_routes.h"

void firm_get_delivered_orders(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *orders = firm_rows(firm,
        "select id as \"order\", shop, delivered_on from orders o where customer = ?1 and status = 'delivered' and delivered_on >= ?2"
        " and not exists (select 1 from requests r where r.order_id = o.id and r.kind in ('fault', 'dispute'))"
        " and not exists (select 1 from refunds f where f.order_id = o.id) order by delivered_on desc, id desc limit ?3", "ssi",
        request->customer, firm_day(firm, -365 * FIRM_FAULT_YEARS).text, (int64_t)FIRM_LISTED);
    if (json_array_size(orders)) answer->json = json_pack("{s:O}", "orders", orders);
    else firm_refuse(answer, 409, "nothing_delivered", "No order has been delivered that could have something wrong with it.");
    json_decref(orders);
}

void firm_get_recent_purchases(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *purchases = firm_rows(firm,
        "select id as \"order\", shop, total_minor as amount_minor, 'EUR' as currency, ordered_on from orders where customer = ?1"
        " and status <> 'cancelled' and ordered_on >= ?2 order by ordered_on desc, id desc limit ?3", "ssi", request->customer,
        firm_day(firm, -FIRM_RECENT_DAYS).text, (int64_t)FIRM_LISTED);
    if (json_array_size(purchases)) answer->json = json_pack("{s:O}", "purchases", purchases);
    else firm_refuse(answer, 409, "none", "There is no purchase of the last 60 days.");
    json_decref(purchases);
}

static json_t *order_of(struct firm *firm, const struct firm_request *request)
{
    return firm_row(firm, "select id as \"order\", shop, total_minor as amount_minor, status, exists (select 1 from requests r"
                          " where r.order_id = o.id and r.kind in ('fault', 'dispute')) as reported,"
                          " exists (select 1 from refunds f where f.order_id = o.id) as returned from orders o"
                          " where customer = ?1 and id = ?2", "ss", request->customer,
                    firm_order_id(request->arena, firm_field(request, "order")));
}

/* Gives whether there was anything left to pause. */
static bool pause_for(struct firm *firm, const char *order, const char *because, const char *until)
{
    return firm_run(firm, "update instalments set paused_until = ?2, paused_because = ?3 where order_id = ?1 and paid_on is null", "sss",
                    order, until, because) > 0;
}

static void report(struct firm *firm, const struct firm_request *request, json_t *order, struct firm_answer *answer)
{
    const char *id = json_string_value(json_object_get(order, "order"));
    struct calendar_text until = firm_day(firm, FIRM_PAUSE_DAYS);
    struct calendar_text by = calendar_text(calendar_add_working(firm_today(firm), FIRM_SHOP_WORKING_DAYS));
    firm_add_request(firm, request, "fault", by.text, id, 0);
    bool paused = pause_for(firm, id, "fault", until.text);
    answer->json = json_pack("{s:s,s:s,s:O,s:s}", "status", paused ? "paused" : "noted", "order", id, "shop",
                             json_object_get(order, "shop"), "answer_by", by.text);
    if (paused) json_object_set_new(answer->json, "paused_until", json_string(until.text));
}

static bool is_one_of(const char *value, const char *const *words)
{
    for (; *words; words++)
        if (!strcmp(value, *words)) return true;
    return false;
}

void firm_post_fault(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    static const char *const faults[] = { "broken", "defect", "wrong", "missing", NULL }, *const wishes[] = { "replace", "refund", NULL };
    json_t *order = order_of(firm, request);
    if (!is_one_of(firm_field(request, "fault"), faults) || !is_one_of(firm_field(request, "wish"), wishes))
        firm_refuse(answer, 422, "bad_fault", "Say what is wrong, and what you would like.");
    else if (!order || strcmp(json_string_value(json_object_get(order, "status")), "delivered"))
        firm_refuse_order(answer);
    else if (json_integer_value(json_object_get(order, "reported")) || json_integer_value(json_object_get(order, "returned")))
        firm_refuse(answer, 409, "already_reported", "That has been reported already.");
    else
        report(firm, request, order, answer);
    json_decref(order);
}

void firm_post_dispute(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *order = order_of(firm, request);
    if (!order)
        firm_refuse_order(answer);
    else if (json_integer_value(json_object_get(order, "reported")))
        firm_refuse(answer, 409, "already_reported", "That has been reported already.");
    else {
        const char *id = json_string_value(json_object_get(order, "order"));
        struct calendar_text by = calendar_text(calendar_add_working(firm_today(firm), FIRM_SHOP_WORKING_DAYS));
        firm_add_request(firm, request, "dispute", by.text, id, 0);
        pause_for(firm, id, "dispute", firm_day(firm, FIRM_PAUSE_DAYS).text);
        answer->json = json_pack("{s:s,s:s,s:O,s:O,s:s,s:s}", "status", "disputed", "order", id, "shop", json_object_get(order, "shop"),
                                 "amount_minor", json_object_get(order, "amount_minor"), "currency", FIRM_CURRENCY, "answer_by", by.text);
    }
    json_decref(order);
}

/* --- a replacement, put aside for a week -------------------------------------------------------- */

#define RESERVED_DAYS 7

/* Of one thing the shop has none left, so that this can be seen in the demo. */
static bool has_another(struct firm *firm, const char *order)
{
    json_t *row = firm_row(firm, "select 1 from order_lines where order_id = ?1 and what = 'Tide chair'", "s", order);
    bool sold_out = row != NULL;
    json_decref(row);
    return !sold_out;
}

void firm_post_reservation(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *order = order_of(firm, request);
    const char *id = json_string_value(json_object_get(order, "order"));
    if (!order)
        firm_refuse_order(answer);
    else if (!has_another(firm, id))
        firm_refuse(answer, 409, "none_left", "The shop has none left of it.");
    else {
        struct calendar_text until = firm_day(firm, RESERVED_DAYS);
        firm_add_request(firm, request, "reservation", until.text, id, 0);
        answer->json = json_pack("{s:s,s:s,s:s}", "status", "reserved", "reservation",
                                 arena_format(request->arena, "R-%lld", (long long)sqlite3_last_insert_rowid(firm->db)).data, "kept_until",
                                 until.text);
    }
    json_decref(order);
}

/* Released twice is released. */
void firm_post_release(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    struct str number = str_of(firm_field(request, "reservation"));
    int64_t id = 0;
    if (!str_starts(number, STR("R-")) || !str_to_i64(str_slice(number, 2, number.len), &id)) {
        firm_refuse(answer, 404, "not_found", "There is no such reservation.");
        return;
    }
    json_t *row = firm_row(firm, "select 1 from requests where id = ?1 and customer = ?2 and kind in ('reservation', 'released')", "is", id,
                           request->customer);
    firm_run(firm, "update requests set kind = 'released' where id = ?1 and customer = ?2 and kind = 'reservation'", "is", id, request->customer);
    if (row) answer->json = json_pack("{s:s}", "status", "released");
    else firm_refuse(answer, 404, "not_found", "There is no such reservation.");
    json_decref(row);
}
