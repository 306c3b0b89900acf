/* firm_accounts.c - what a customer may look up about payments: all of it reads, nothing changes. */
#include "demo/calendar.h"
#include "demo/firm_routes.h"

/* Open parts with their fees, as the assistant's answers name the fields. Parts that are paused (held,
 * if because of a lost parcel) come last; a part that was refunded whole has no amount left and counts as paid. ?1 customer, ?2 today. */
#define HAS_FEE "exists (select 1 from fees f where f.instalment = i.id)"
#define OPEN_PARTS \
    "select o.id as \"order\", o.shop, 'EUR' as currency, i.id as instalment, i.due_on as due_date, i.extended," \
    " i.amount_minor + coalesce((select sum(f.amount_minor) from fees f where f.instalment = i.id), 0)" \
    "  as amount_minor," \
    " case when i.paused_until >= ?2 then i.paused_until end as paused_until," \
    " case o.plan when 'pay_in_30' then 'Pay in 30' when 'pay_in_3' then 'part ' || i.part || ' of 3'" \
    "  else 'payment ' || i.part || ' of ' || o.parts end" \
    "  || case when " HAS_FEE " then ', late fee included' else '' end as what," \
    " case o.plan when 'pay_in_30' then 'Pay in 30' when 'pay_in_3' then 'del ' || i.part || ' av 3'" \
    "  else 'betalning ' || i.part || ' av ' || o.parts end" \
    "  || case when " HAS_FEE " then ', med förseningsavgift' else '' end as what_sv," \
    " c.method, case when i.paused_until >= ?2 and i.paused_because = 'lost_parcel' then 'held'" \
    "  when i.paused_until >= ?2 and i.paused_because <> 'return' then 'looked_into'" \
    "  when i.paused_until >= ?2 then 'paused' when i.due_on < ?2 then 'late'" \
    "  when c.autopay then 'autopay' else 'open' end as status" \
    " from instalments i join orders o on o.id = i.order_id join customers c on c.id = o.customer" \
    " where o.customer = ?1 and i.paid_on is null and i.amount_minor > 0 and o.status <> 'cancelled'"

static void done(struct firm_answer *answer, json_t *json)
{
    answer->json = json;
}

void firm_get_customer(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    done(answer, firm_row(firm, "select id as customer, name, email, new_email, phone, address, method, autopay,"
                                " limit_minor, 'EUR' as currency from customers where id = ?1", "s", request->customer));
}

void firm_get_next_payment(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *next = firm_row(firm, OPEN_PARTS " order by coalesce(i.paused_until, '') >= ?2, i.due_on, i.id limit 1", "ss",
                            request->customer, firm_day(firm, 0).text);
    done(answer, next ? next : json_pack("{s:s}", "status", "none"));
}

void firm_get_balance(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *purchases = firm_rows(firm,
        "select open.\"order\", open.shop, open.currency, sum(open.amount_minor) as left_minor, count(*) as open_parts,"
        " case orders.plan when 'pay_in_30' then 'Pay in 30' when 'pay_in_3' then 'Pay in 3' else 'Monthly' end as plan"
        " from (" OPEN_PARTS ") as open join orders on orders.id = open.\"order\""
        " group by open.\"order\" order by min(open.due_date), open.\"order\"",
        "ss", request->customer, firm_day(firm, 0).text);
    json_int_t total = 0;
    size_t i;
    json_t *purchase;
    json_array_foreach(purchases, i, purchase)
        total += json_integer_value(json_object_get(purchase, "left_minor"));
    done(answer, json_pack("{s:s,s:s,s:I,s:o}", "status", total ? "open" : "none", "currency", FIRM_CURRENCY,
                           "total_minor", total, "purchases", purchases));
}

void firm_get_fees(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *fees = firm_rows(firm,
        "select f.amount_minor, 'EUR' as currency, f.charged_on, i.due_on as due_date, o.id as \"order\", o.shop"
        " from fees f join instalments i on i.id = f.instalment join orders o on o.id = i.order_id"
        " where o.customer = ?1 order by f.charged_on desc limit 5", "s", request->customer);
    done(answer, json_pack("{s:s,s:o}", "status", json_array_size(fees) ? "some" : "none", "fees", fees));
}

static const struct reason {
    const char *code, *en, *sv;
} reasons[] = {
    { "card_expired", "the card has expired", "kortet har gått ut" },
    { "too_little_money", "there was too little money on the account", "det fanns för lite pengar på kontot" },
    { "bank_said_no", "the bank said no without giving a reason", "banken sa nej utan att ange någon orsak" },
};

/* Autopay tries again two and five days after the due date. */
static void add_next_try(const struct firm *firm, json_t *failed)
{
    static const int tries[] = { 2, 5 };
    int64_t due;
    must(calendar_read(str_of(json_string_value(json_object_get(failed, "due_date"))), &due));
    json_object_set_new(failed, "next_try_on", json_null());
    for (size_t i = 0; i < ARRAY_LEN(tries); i++) {
        if (due + tries[i] <= firm_today(firm)) continue;
        json_object_set_new(failed, "next_try_on", json_string(calendar_text(due + tries[i]).text));
        return;
    }
}

void firm_get_failed_payment(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *failed = firm_row(firm,
        "select 'failed' as status, p.tried_on, p.amount_minor, 'EUR' as currency, p.method, p.reason, o.id as \"order\","
        " o.shop, i.due_on as due_date from payments p join instalments i on i.id = p.instalment"
        " join orders o on o.id = i.order_id where o.customer = ?1 and p.outcome = 'failed' and i.paid_on is null"
        " and p.tried_on >= ?2 order by p.tried_on desc limit 1", "ss", request->customer, firm_day(firm, -30).text);
    if (!failed) {
        done(answer, json_pack("{s:s}", "status", "none"));
        return;
    }
    add_next_try(firm, failed);
    const char *code = json_string_value(json_object_get(failed, "reason"));
    const struct reason *reason = &reasons[ARRAY_LEN(reasons) - 1];
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (!strcmp(reasons[i].code, code)) reason = &reasons[i];
    json_object_set_new(failed, "reason", json_string(reason->en));
    json_object_set_new(failed, "reason_sv", json_string(reason->sv));
    done(answer, failed);
}

void firm_get_payments(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *payments = firm_rows(firm,
        "select p.tried_on as paid_on, p.amount_minor, 'EUR' as currency, p.method, o.id as \"order\", o.shop"
        " from payments p join instalments i on i.id = p.instalment join orders o on o.id = i.order_id"
        " where o.customer = ?1 and p.outcome = 'done' order by p.tried_on desc, p.id desc limit ?2", "si",
        request->customer, (int64_t)FIRM_PAYMENTS_SHOWN);
    done(answer, json_pack("{s:s,s:o}", "status", json_array_size(payments) ? "some" : "none", "payments", payments));
}

/* The latest part that was paid twice; the second payment goes back by itself. */
void firm_get_double_charges(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *twice = firm_row(firm,
        "select second.amount_minor, 'EUR' as currency, first.tried_on as first_on, second.tried_on as second_on,"
        " second.method, o.id as \"order\", o.shop from payments first"
        " join payments second on second.instalment = first.instalment and second.id > first.id"
        " join instalments i on i.id = first.instalment join orders o on o.id = i.order_id"
        " where o.customer = ?1 and first.outcome = 'done' and second.outcome = 'done'"
        " order by second.tried_on desc, second.id desc limit 1", "s", request->customer);
    int64_t paid;
    if (!twice) {
        done(answer, json_pack("{s:s}", "status", "none"));
        return;
    }
    must(calendar_read(str_of(json_string_value(json_object_get(twice, "second_on"))), &paid));
    int64_t back = calendar_add_working(paid, FIRM_REFUND_WORKING_DAYS);
    json_object_set_new(twice, "status", json_string(back < firm_today(firm) ? "paid_back" : "on_its_way"));
    json_object_set_new(twice, "back_on", json_string(calendar_text(back).text));
    done(answer, twice);
}

/* Why there may be no room: a late payment, a wish for a plan that a person looks at, or all is used. */
static const char *limit_status(struct firm *firm, const struct firm_request *request, int64_t late, int64_t left)
{
    if (late) return "late";
    if (firm_count_requests(firm, request, "payment_plan", firm_day(firm, -FIRM_PLAN_PAUSE_DAYS).text)) return "plan";
    return left < FIRM_PURCHASE_LEAST_MINOR ? "full" : "room";
}

void firm_get_limit(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *row = firm_row(firm,
        "select c.limit_minor, coalesce(sum(open.amount_minor), 0) as used_minor,"
        " coalesce(sum(open.status = 'late'), 0) as late from customers c left join (" OPEN_PARTS ") as open"
        " where c.id = ?1", "ss", request->customer, firm_day(firm, 0).text);
    if (!row) return; /* the books cannot be read; firm_handle says so */
    int64_t limit = json_integer_value(json_object_get(row, "limit_minor"));
    int64_t used = json_integer_value(json_object_get(row, "used_minor")), left = used < limit ? limit - used : 0;
    int64_t late = json_integer_value(json_object_get(row, "late"));
    done(answer, json_pack("{s:s,s:s,s:I,s:I,s:I}", "status", limit_status(firm, request, late, left), "currency",
                           FIRM_CURRENCY, "limit_minor", (json_int_t)limit, "used_minor", (json_int_t)used,
                           "left_minor", (json_int_t)left));
    json_decref(row);
}
