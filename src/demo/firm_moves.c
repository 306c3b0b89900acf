/* firm_moves.c - moving a payment to a later day: which can be, what it costs, and doing it. */
#include "demo/calendar.h"
#include "demo/firm_routes.h"

/* Of each open order its next payment, those that rest at the end; ?2 is one order or empty, ?3 today. */
#define NEXT_PARTS \
    "select min(i.id) as id, i.amount_minor, i.due_on, i.extended, i.paused_until, i.paused_because, o.id as \"order\", o.shop" \
    " from instalments i join orders o on o.id = i.order_id where o.customer = ?1 and i.paid_on is null" \
    " and i.amount_minor > 0 and o.status <> 'cancelled' and (?2 = '' or o.id = ?2) group by o.id" \
    " order by coalesce(i.paused_until, '') >= ?3, i.due_on, i.id"

static const struct {
    const char *code, *sentence;
} refusals[] = {
    { "paused", "That payment is paused because of a return; there is nothing to pay for it now." },
    { "held", "That payment is paused because the parcel is lost; there is nothing to pay for it now." },
    { "looked_into", "That payment is paused while the purchase is looked into; there is nothing to pay for it now." },
    { "already_extended", "That payment has been moved once already, and each payment can be moved only once." },
    { "overdue", "A payment can be moved up to its due date, and that has passed." },
};

static const char *refusal_of_extension(const json_t *part, const char *today)
{
    const char *paused = json_string_value(json_object_get(part, "paused_until"));
    const char *because = json_string_value(json_object_get(part, "paused_because"));
    if (paused && strcmp(paused, today) >= 0)
        return !because || !strcmp(because, "return") ? "paused" : !strcmp(because, "lost_parcel") ? "held" : "looked_into";
    if (json_integer_value(json_object_get(part, "extended"))) return "already_extended";
    if (strcmp(json_string_value(json_object_get(part, "due_on")), today) < 0) return "overdue";
    return NULL;
}

static void refuse_extension(struct firm_answer *answer, const char *code)
{
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++)
        if (!strcmp(code, refusals[i].code)) firm_refuse(answer, 409, code, refusals[i].sentence);
}

static void refuse_nothing_open(struct firm_answer *answer)
{
    firm_refuse(answer, 409, "nothing_to_pay", "There is no open payment that could be moved.");
}

static json_t *next_part(struct firm *firm, const struct firm_request *request, const char *order)
{
    return firm_row(firm, NEXT_PARTS " limit 1", "sss", request->customer, *order ? firm_order_id(request->arena, order) : "",
                    firm_day(firm, 0).text);
}

/* 7 or 14 days are free; 0: not a number of days that can be chosen. */
static int64_t days_of(const char *written)
{
    uint64_t days = FIRM_EXTENSION_DAYS;
    if (*written && !str_to_u64(str_of(written), &days)) return 0;
    return days == 7 || days == FIRM_EXTENSION_DAYS || days == FIRM_LONG_EXTENSION_DAYS ? (int64_t)days : 0;
}

static int64_t fee_of(int64_t days)
{
    return days == FIRM_LONG_EXTENSION_DAYS ? FIRM_LONG_EXTENSION_FEE_MINOR : 0;
}

/* The payment of the wish, and how far it may be moved; false with the refusal written. */
static bool find_move(struct firm *firm, const struct firm_request *request, const char *order, const char *days, json_t **part,
                      struct firm_answer *answer)
{
    *part = next_part(firm, request, order);
    const char *code = *part ? refusal_of_extension(*part, firm_day(firm, 0).text) : NULL;
    if (!*part) refuse_nothing_open(answer);
    else if (code) refuse_extension(answer, code);
    else if (!days_of(days)) firm_refuse(answer, 422, "bad_days", "A payment can be moved by 7, 14 or 30 days.");
    else return true;
    json_decref(*part);
    return false;
}

static json_t *moved(const json_t *part, int64_t days)
{
    int64_t due;
    const char *old = json_string_value(json_object_get(part, "due_on"));
    must(calendar_read(str_of(old), &due));
    return json_pack("{s:s,s:O,s:O,s:I,s:I,s:s,s:s,s:s}", "status", "extended", "order", json_object_get(part, "order"),
                     "shop", json_object_get(part, "shop"), "amount_minor",
                     (json_int_t)(json_integer_value(json_object_get(part, "amount_minor")) + fee_of(days)), "fee_minor",
                     (json_int_t)fee_of(days), "currency", FIRM_CURRENCY, "old_due_date", old, "due_date",
                     calendar_text(due + days).text);
}

void firm_get_movable_payments(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    struct calendar_text today = firm_day(firm, 0);
    json_t *all = firm_rows(firm, NEXT_PARTS, "sss", request->customer, "", today.text), *payments = json_array(), *part;
    const char *first = NULL;
    size_t i;
    json_array_foreach(all, i, part) {
        const char *code = refusal_of_extension(part, today.text);
        if (!first) first = code;
        if (!code && json_array_size(payments) < FIRM_LISTED)
            json_array_append_new(payments, json_pack("{s:O,s:O,s:O,s:s,s:O}", "order", json_object_get(part, "order"), "shop",
                                                      json_object_get(part, "shop"), "amount_minor",
                                                      json_object_get(part, "amount_minor"), "currency", FIRM_CURRENCY,
                                                      "due_date", json_object_get(part, "due_on")));
    }
    if (json_array_size(payments)) answer->json = json_pack("{s:O}", "payments", payments);
    else if (first) refuse_extension(answer, first);
    else refuse_nothing_open(answer);
    json_decref(payments);
    json_decref(all);
}

void firm_get_extension_quote(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *part;
    const char *days = firm_query(request, "days");
    if (!find_move(firm, request, firm_query(request, "order"), days, &part, answer)) return;
    answer->json = moved(part, days_of(days));
    json_object_set_new(answer->json, "amount_minor", json_integer(json_integer_value(json_object_get(part, "amount_minor"))));
    json_decref(part);
}

/* Moves the customer's next payment, or that of the order in the body. */
void firm_post_extension(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *part;
    const char *days = firm_field(request, "days");
    if (!find_move(firm, request, firm_field(request, "order"), days, &part, answer)) return;
    answer->json = moved(part, days_of(days));
    firm_run(firm, "update instalments set due_on = ?2, extended = 1, amount_minor = ?3 where id = ?1", "isi",
             (int64_t)json_integer_value(json_object_get(part, "id")), json_string_value(json_object_get(answer->json, "due_date")),
             (int64_t)json_integer_value(json_object_get(answer->json, "amount_minor")));
    json_decref(part);
}
