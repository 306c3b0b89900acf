/* firm_orders.c - what a customer may look up about orders and refunds. */
#include "demo/firm_routes.h"

#define ORDER_COLUMNS \
    "id as \"order\", shop, plan, parts, status, total_minor, 'EUR' as currency, ordered_on, dispatched_on," \
    " expected_on, delivered_on, carrier, tracking"

void firm_refuse_order(struct firm_answer *answer)
{
    firm_refuse(answer, 404, "not_found", "There is no such order under this account.");
}

static json_t *order_items(struct firm *firm, const char *order)
{
    return firm_rows(firm, "select what, quantity, price_minor, 'EUR' as currency from order_lines where order_id = ?1",
                     "s", order);
}

static void answer_order(struct firm *firm, json_t *order, struct firm_answer *answer)
{
    if (!order) {
        firm_refuse_order(answer);
        return;
    }
    json_object_set_new(order, "items", order_items(firm, json_string_value(json_object_get(order, "order"))));
    answer->json = order;
}

void firm_get_orders(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    answer->json = json_pack("{s:o}", "orders", firm_rows(firm,
        "select " ORDER_COLUMNS " from orders where customer = ?1 order by ordered_on desc, id desc limit 50", "s",
        request->customer));
}

void firm_get_order(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    answer_order(firm, firm_row(firm, "select " ORDER_COLUMNS " from orders where customer = ?1 and id = ?2", "ss",
                                request->customer, firm_order_id(request->arena, request->second)), answer);
}

void firm_get_order_status(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    const char *wanted = firm_query(request, "order");
    if (*wanted) {
        answer_order(firm, firm_row(firm, "select " ORDER_COLUMNS " from orders where customer = ?1 and id = ?2", "ss",
                                    request->customer, firm_order_id(request->arena, wanted)), answer);
        return;
    }
    json_t *latest = firm_row(firm, "select " ORDER_COLUMNS " from orders where customer = ?1"
                                    " order by ordered_on desc, id desc limit 1", "s", request->customer);
    if (latest) answer_order(firm, latest, answer);
    else answer->json = json_pack("{s:s}", "status", "none");
}

#define REFUND_QUERY \
    "select r.order_id as \"order\", o.shop, r.status, r.amount_minor, 'EUR' as currency, r.reported_on," \
    " r.registered_on, r.expected_on, r.paid_on, r.destination as \"to\"" \
    " from refunds r join orders o on o.id = r.order_id where o.customer = ?1"
#define NEWEST_FIRST " order by r.reported_on desc, r.id desc"

void firm_get_refunds(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *refunds = firm_rows(firm, REFUND_QUERY NEWEST_FIRST " limit 50", "s", request->customer);
    answer->json = json_pack("{s:o}", "refunds", refunds);
}

void firm_get_refund_status(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    const char *wanted = firm_query(request, "order");
    if (*wanted) {
        answer->json = firm_row(firm, REFUND_QUERY " and o.id = ?2" NEWEST_FIRST " limit 1", "ss", request->customer,
                                firm_order_id(request->arena, wanted));
        if (!answer->json) firm_refuse_order(answer);
        return;
    }
    json_t *latest = firm_row(firm, REFUND_QUERY NEWEST_FIRST " limit 1", "s", request->customer);
    answer->json = latest ? latest : json_pack("{s:s}", "status", "none");
}
