#include "demo/firm_routes.h"

static const struct route {
    const char *method, *path; /* {} stands for one piece of the path */
    bool token;
    firm_handler *handler;
} routes[] = {
    { "GET", "/customers/{}", true, firm_get_customer },
    { "GET", "/customers/{}/next-payment", true, firm_get_next_payment },
    { "GET", "/customers/{}/balance", true, firm_get_balance },
    { "GET", "/customers/{}/fees", true, firm_get_fees },
    { "GET", "/customers/{}/failed-payment", true, firm_get_failed_payment },
    { "GET", "/customers/{}/orders", true, firm_get_orders },
    { "GET", "/customers/{}/orders/{}", true, firm_get_order },
    { "GET", "/customers/{}/order-status", true, firm_get_order_status },
    { "GET", "/customers/{}/refunds", true, firm_get_refunds },
    { "GET", "/customers/{}/refund-status", true, firm_get_refund_status },
    { "GET", "/customers/{}/payments", true, firm_get_payments },
    { "GET", "/customers/{}/double-charges", true, firm_get_double_charges },
    { "GET", "/customers/{}/limit", true, firm_get_limit },
    { "GET", "/customers/{}/movable-payments", true, firm_get_movable_payments },
    { "GET", "/customers/{}/extension-quotes", true, firm_get_extension_quote },
    { "GET", "/customers/{}/delivered-orders", true, firm_get_delivered_orders },
    { "GET", "/customers/{}/recent-purchases", true, firm_get_recent_purchases },
    { "POST", "/customers/{}/faults", true, firm_post_fault },
    { "POST", "/customers/{}/reservations", true, firm_post_reservation },
    { "POST", "/customers/{}/reservation-releases", true, firm_post_release },
    { "POST", "/customers/{}/disputes", true, firm_post_dispute },
    { "POST", "/customers/{}/extensions", true, firm_post_extension },
    { "POST", "/customers/{}/return-pauses", true, firm_post_return_pause },
    { "POST", "/customers/{}/contact", true, firm_post_contact },
    { "POST", "/customers/{}/address", true, firm_post_address },
    { "POST", "/customers/{}/autopay-on", true, firm_post_autopay_on },
    { "POST", "/customers/{}/autopay-off", true, firm_post_autopay_off },
    { "POST", "/customers/{}/marketing-opt-outs", true, firm_post_marketing_opt_out },
    { "POST", "/customers/{}/card-blocks", true, firm_post_card_block },
    { "POST", "/customers/{}/card-unblocks", true, firm_post_card_unblock },
    { "POST", "/customers/{}/gift-card-checks", true, firm_post_gift_card_check },
    { "POST", "/customers/{}/data-exports", true, firm_post_data_export },
    { "POST", "/customers/{}/payment-plans", true, firm_post_payment_plan },
    { "POST", "/customers/{}/login-codes", true, firm_post_login_code },
    { "POST", "/customers/{}/lost-parcels", true, firm_post_lost_parcel },
    { "POST", "/customers/{}/invoice-copies", true, firm_post_invoice_copy },
    { "POST", "/customers/{}/codes", true, firm_post_code },
    { "GET", "/outbox", false, firm_get_outbox },
    { "GET", "/documents/{}", false, firm_get_invoice_page },
    { "GET", "/shop/customers", false, firm_get_shop_customers },
    { "GET", "/shop/login", false, firm_get_shop_login },
    { "GET", "/shop/products", false, firm_get_shop_products },
};

void firm_refuse(struct firm_answer *answer, int status, const char *code, const char *message)
{
    answer->status = status;
    answer->json = json_pack("{s:{s:s,s:s}}", "error", "code", code, "message", message);
}

/* Percent-decoded copy; NULL for a broken escape or a NUL. */
static const char *decode(struct arena *arena, struct str text, bool plus_is_space)
{
    char *out = arena_take(arena, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        if (c == '+' && plus_is_space) c = ' ';
        if (c == '%') {
            if (text.len - i < 3) return NULL;
            int high = str_hex_digit(text.data[i + 1]), low = str_hex_digit(text.data[i + 2]);
            if (high < 0 || low < 0) return NULL;
            c = (char)(high << 4 | low);
            i += 2;
        }
        if (!c) return NULL;
        out[len++] = c;
    }
    return out;
}

const char *firm_query(const struct firm_request *request, const char *name)
{
    struct str rest = request->query, piece;
    while (rest.len && str_split(&rest, '&', &piece)) {
        ptrdiff_t equals = str_find_char(piece, '=', 0);
        if (equals < 0 || !str_equal(str_slice(piece, 0, (size_t)equals), str_of(name))) continue;
        const char *value = decode(request->arena, str_slice(piece, (size_t)equals + 1, piece.len), true);
        return value ? value : "";
    }
    return "";
}

const char *firm_field(const struct firm_request *request, const char *name)
{
    const char *value = json_string_value(json_object_get(request->json, name));
    return value ? value : "";
}

const char *firm_order_id(struct arena *arena, const char *written)
{
    struct str text = str_trim(str_of(written));
    if (text.len && (text.data[0] | 32) == 'w') text = str_slice(text, 1, text.len);
    if (text.len && text.data[0] == '-') text = str_slice(text, 1, text.len);
    return arena_format(arena, "W-%.*s", STR_ARG(text)).data;
}

/* Compares piece by piece; pieces that stand for {} go to `captured`. */
static bool path_fits(const char *pattern, struct str path, struct arena *arena, const char *captured[2])
{
    struct str wanted = str_of(pattern), left, right;
    int count = 0;
    while (str_split(&wanted, '/', &left)) {
        if (!str_split(&path, '/', &right)) return false;
        if (!str_equal(left, STR("{}"))) {
            if (!str_equal(left, right)) return false;
            continue;
        }
        must(count < 2);
        captured[count] = decode(arena, right, false);
        if (!captured[count] || !captured[count][0]) return false;
        count++;
    }
    return !str_split(&path, '/', &right);
}

static const struct route *find_route(struct firm_request *request, bool *other_method)
{
    for (size_t i = 0; i < ARRAY_LEN(routes); i++) {
        const char *captured[2] = { "", "" };
        if (!path_fits(routes[i].path, request->path, request->arena, captured)) continue;
        if (!str_equal(request->method, str_of(routes[i].method))) {
            *other_method = true;
            continue;
        }
        request->customer = captured[0];
        request->second = captured[1];
        return &routes[i];
    }
    return NULL;
}

/* True if the key has been used: then *answer is the old one, or a refusal for another request. */
static bool repeated(struct firm *firm, const struct firm_request *request, const char *fingerprint,
                     struct firm_answer *answer)
{
    json_t *row = firm_row(firm, "select request, status, answer from keys where key = ?1", "s",
                           arena_cstr(request->arena, request->key));
    if (!row) return false;
    if (strcmp(json_string_value(json_object_get(row, "request")), fingerprint))
        firm_refuse(answer, 409, "key_reused", "This idempotency key was used for a different request.");
    else {
        answer->status = (int)json_integer_value(json_object_get(row, "status"));
        answer->json = json_loads(json_string_value(json_object_get(row, "answer")), 0, NULL);
    }
    json_decref(row);
    return true;
}

static int add_text(const char *text, size_t len, void *context)
{
    buf_add(context, text, len);
    return 0;
}

void firm_json_text(const json_t *json, struct buf *out)
{
    json_dump_callback(json, add_text, out, JSON_COMPACT);
}

/* A change and the key that names it are written together or not at all. */
static void change(struct firm *firm, const struct route *route, const struct firm_request *request,
                   struct firm_answer *answer)
{
    if (!request->key.len || request->key.len > 128) {
        firm_refuse(answer, 400, "bad_key", "A POST needs an Idempotency-Key of 1 to 128 characters.");
        return;
    }
    struct str path = request->path, body = request->body;
    const char *fingerprint = arena_format(request->arena, "%.*s\n%.*s", STR_ARG(path), STR_ARG(body)).data;
    if (repeated(firm, request, fingerprint, answer)) return;
    firm_run(firm, "begin immediate", "");
    route->handler(firm, request, answer);
    struct buf text;
    buf_init(&text, FIRM_ANSWER_MAX);
    firm_json_text(answer->json, &text);
    firm_run(firm, "insert into keys values (?1, ?2, ?3, ?4)", "ssis", arena_cstr(request->arena, request->key),
             fingerprint, (int64_t)answer->status, buf_cstr(&text));
    buf_free(&text);
    firm_run(firm, "delete from keys where rowid <= (select max(rowid) from keys) - ?1", "i", (int64_t)FIRM_KEYS_KEPT);
    firm_run(firm, firm->failed ? "rollback" : "commit", "");
}

static bool same_secret(struct str given, struct str wanted)
{
    unsigned char difference = given.len != wanted.len || !wanted.len;
    for (size_t i = 0; i < wanted.len; i++)
        difference |= (unsigned char)(wanted.data[i] ^ (i < given.len ? given.data[i] : 0));
    return !difference;
}

static bool customer_known(struct firm *firm, const struct firm_request *request)
{
    json_t *row = firm_row(firm, "select 1 from customers where id = ?1", "s", request->customer);
    bool known = row != NULL;
    json_decref(row);
    return known;
}

static void dispatch(struct firm *firm, struct firm_request *request, struct firm_answer *answer)
{
    bool other_method = false;
    const struct route *route = find_route(request, &other_method);
    if (!route) {
        firm_refuse(answer, other_method ? 405 : 404, other_method ? "method_not_allowed" : "not_found",
                    other_method ? "This address does not take that method." : "There is nothing here.");
        return;
    }
    if (route->token && !same_secret(request->token, firm->token)) {
        firm_refuse(answer, 401, "not_allowed", "The bearer token is missing or wrong.");
        return;
    }
    if (route->token && !customer_known(firm, request)) {
        firm_refuse(answer, 404, "unknown_customer", "There is no customer with this number.");
        return;
    }
    if (str_equal(request->method, STR("GET"))) {
        route->handler(firm, request, answer);
        return;
    }
    request->json = request->body.len ? json_loadb(request->body.data, request->body.len, JSON_REJECT_DUPLICATES, NULL)
                                      : json_object();
    if (json_is_object(request->json)) change(firm, route, request, answer);
    else firm_refuse(answer, 400, "bad_json", "The body must be a JSON object.");
    json_decref(request->json);
}

void firm_handle(struct firm *firm, struct firm_request *request, struct firm_answer *answer)
{
    *answer = (struct firm_answer){ .status = 200 };
    buf_init(&answer->page, FIRM_ANSWER_MAX);
    firm->failed = false;
    dispatch(firm, request, answer);
    if (!firm->failed) return;
    json_decref(answer->json);
    buf_clear(&answer->page);
    firm_refuse(answer, 503, "books_closed", "The books cannot be read or written just now; please try again later.");
}

void firm_answer_free(struct firm_answer *answer)
{
    json_decref(answer->json);
    buf_free(&answer->page);
}
