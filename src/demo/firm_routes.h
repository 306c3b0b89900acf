/* firm_routes.h - what the firm's back end answers: one table of routes, no network.
 *
 * Everything under /customers needs the bearer token, and a customer's path shows only what is that
 * customer's: an order of somebody else is as unknown as one that does not exist. A POST carries an
 * Idempotency-Key: the same key with the same request gives the same answer again and does nothing.
 * Refusals are {"error":{"code","message"}} with a sentence that can be said to a customer. */
#ifndef DEMO_FIRM_ROUTES_H
#define DEMO_FIRM_ROUTES_H

#include "base/buf.h"
#include "demo/firm.h"

#define FIRM_BODY_MAX 8192
#define FIRM_ANSWER_MAX 65536

struct firm_request {
    struct str method, path, query; /* query without '?', still encoded */
    struct str token;               /* of "Authorization: Bearer" */
    struct str key;                 /* Idempotency-Key */
    struct str body;
    struct arena *arena;
    /* Filled by firm_handle for the handlers: */
    const char *customer;           /* the first {} of the path, and the second */
    const char *second;
    json_t *json;                   /* the body, an object; or NULL */
};

struct firm_answer {
    int status;
    json_t *json;  /* the caller gives it back with json_decref; NULL when there is a page */
    struct buf page; /* HTML */
};

/* Never fails: what goes wrong becomes a status. *answer is written whole. */
void firm_handle(struct firm *firm, struct firm_request *request, struct firm_answer *answer);
void firm_answer_free(struct firm_answer *answer);
void firm_json_text(const json_t *json, struct buf *out);

/* For the handlers */
typedef void firm_handler(struct firm *firm, const struct firm_request *request, struct firm_answer *answer);
void firm_refuse(struct firm_answer *answer, int status, const char *code, const char *message);
const char *firm_query(const struct firm_request *request, const char *name);  /* decoded; "" if missing */
const char *firm_field(const struct firm_request *request, const char *name);  /* a text of the body; "" if missing */
void firm_refuse_order(struct firm_answer *answer); /* 404: not there, or somebody else's */
/* Notes a wish in `requests`; `order` may be NULL, amount_minor 0. */
void firm_add_request(struct firm *firm, const struct firm_request *request, const char *kind, const char *due_on,
                      const char *order, int64_t amount_minor);
/* How many of a kind this customer has made since that day. */
int64_t firm_count_requests(struct firm *firm, const struct firm_request *request, const char *kind, const char *since);
/* "w20417" and "W-20417" are the same order. */
const char *firm_order_id(struct arena *arena, const char *written);

firm_handler firm_get_customer, firm_get_next_payment, firm_get_balance, firm_get_fees, firm_get_failed_payment,
    firm_get_orders, firm_get_order, firm_get_order_status, firm_get_refunds, firm_get_refund_status,
    firm_get_payments, firm_get_double_charges, firm_get_limit, firm_post_extension, firm_post_return_pause,
    firm_post_contact, firm_post_address, firm_post_autopay_on, firm_post_autopay_off, firm_post_marketing_opt_out,
    firm_post_card_block, firm_post_card_unblock, firm_post_gift_card_check, firm_post_data_export,
    firm_post_payment_plan, firm_post_login_code, firm_post_lost_parcel, firm_post_invoice_copy, firm_get_invoice_page,
    firm_get_movable_payments, firm_get_extension_quote, firm_get_delivered_orders, firm_post_fault, firm_get_recent_purchases,
    firm_post_dispute, firm_post_reservation, firm_post_release, firm_get_shop_customers, firm_get_shop_login, firm_get_shop_products;

#endif
