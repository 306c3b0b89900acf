/* firm_changes.c - what a customer may change. Each runs inside the transaction that also keeps its
 * idempotency key, and refuses with a code that the workspace's topics answer in their own words. */
#include "demo/calendar.h"
#include "demo/firm_routes.h"

static void pause_order(struct firm *firm, json_t *order, struct firm_answer *answer)
{
    const char *id = json_string_value(json_object_get(order, "order"));
    struct calendar_text today = firm_day(firm, 0), until = firm_day(firm, FIRM_PAUSE_DAYS);
    int64_t paused = firm_run(firm, "update instalments set paused_until = ?2, paused_because = 'return'"
                                    " where order_id = ?1 and paid_on is null", "ss", id, until.text);
    firm_run(firm, "insert into refunds (order_id, status, amount_minor, reported_on, destination)"
                   " select o.id, 'waiting_for_shop', o.total_minor, ?2, c.method from orders o"
                   " join customers c on c.id = o.customer where o.id = ?1", "ss", id, today.text);
    if (!paused) {
        firm_refuse(answer, 409, "nothing_to_pay",
                    "The return is noted; the order is paid in full, so there is nothing to pause.");
        return;
    }
    answer->json = json_pack("{s:s,s:O,s:O,s:s}", "status", "paused", "order", json_object_get(order, "order"), "shop",
                             json_object_get(order, "shop"), "paused_until", until.text);
}

void firm_post_return_pause(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    const char *order = firm_order_id(request->arena, firm_field(request, "order"));
    json_t *row = firm_row(firm, "select id as \"order\", shop,"
                                 " exists (select 1 from refunds r where r.order_id = o.id) as reported"
                                 " from orders o where customer = ?1 and id = ?2", "ss", request->customer, order);
    if (!row) firm_refuse(answer, 404, "not_found", "There is no such order under this account.");
    else if (json_integer_value(json_object_get(row, "reported")))
        firm_refuse(answer, 409, "already_paused", "The return of that order has been noted already.");
    else pause_order(firm, row, answer);
    json_decref(row);
}

static bool email_plausible(struct str email)
{
    ptrdiff_t at = str_find_char(email, '@', 0);
    if (at <= 0 || email.len > 254 || str_find_char(email, '@', (size_t)at + 1) >= 0) return false;
    ptrdiff_t dot = str_find_char(email, '.', (size_t)at + 2);
    if (dot < 0 || (size_t)dot + 1 >= email.len) return false;
    for (size_t i = 0; i < email.len; i++)
        if ((unsigned char)email.data[i] <= ' ' || strchr("<>\"(),;:\\", email.data[i])) return false;
    return true;
}

/* The new address counts once its owner has followed a link; the demo stops at the link. */
void firm_post_contact(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    struct str email = str_trim(str_of(firm_field(request, "email")));
    const char *text = arena_cstr(request->arena, email);
    json_t *same = firm_row(firm, "select 1 from customers where id = ?1 and lower(email) = lower(?2)", "ss",
                            request->customer, text);
    if (!email_plausible(email)) firm_refuse(answer, 422, "bad_email", "That is not an e-mail address.");
    else if (same) firm_refuse(answer, 409, "same_email", "That is the address that the account has already.");
    else {
        firm_run(firm, "update customers set new_email = ?2 where id = ?1", "ss", request->customer, text);
        answer->json = json_pack("{s:s,s:s}", "status", "link_sent", "email", text);
    }
    json_decref(same);
}
