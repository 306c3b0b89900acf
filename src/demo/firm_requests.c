/* firm_requests.c - what a customer may ask for and gets later: a copy of their data, a plan, a login
 * code, a search for a parcel. Each wish is a row of `requests`, by which the next one is judged. */

#include "demo/calendar.h"
#include "demo/firm_routes.h"

void firm_add_request(struct firm *firm, const struct firm_request *request, const char *kind, const char *due_on,
                      const char *order, int64_t amount_minor)
{
    firm_run(firm, "insert into requests (customer, kind, asked_on, due_on, order_id, amount_minor)"
                   " values (?1, ?2, ?3, ?4, nullif(?5, ''), nullif(?6, 0))", "sssssi", request->customer, kind,
             firm_day(firm, 0).text, due_on, order ? order : "", amount_minor);
}

int64_t firm_count_requests(struct firm *firm, const struct firm_request *request, const char *kind, const char *since)
{
    json_t *row = firm_row(firm, "select count(*) as n from requests where customer = ?1 and kind = ?2 and asked_on >= ?3",
                           "sss", request->customer, kind, since);
    int64_t count = json_integer_value(json_object_get(row, "n"));
    json_decref(row);
    return count;
}

/* --- a copy of the data ------------------------------------------------------------------------- */

void firm_post_data_export(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    if (firm_count_requests(firm, request, "data_export", firm_day(firm, 1 - FIRM_EXPORT_DAYS).text)) {
        firm_refuse(answer, 409, "under_way", "A copy has been asked for already and is being made.");
        return;
    }
    if (firm_count_requests(firm, request, "data_export", firm_day(firm, -30).text) >= FIRM_EXPORTS_MAX) {
        firm_refuse(answer, 409, "too_many", "Three copies have been made in the last 30 days.");
        return;
    }
    struct calendar_text ready = firm_day(firm, FIRM_EXPORT_DAYS);
    firm_add_request(firm, request, "data_export", ready.text, NULL, 0);
    answer->json = firm_row(firm, "select 'requested' as status, email, ?2 as ready_on from customers where id = ?1", "ss",
                            request->customer, ready.text);
}

/* --- a login code ------------------------------------------------------------------------------- */

void firm_post_login_code(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    struct calendar_text today = firm_day(firm, 0);
    if (firm_count_requests(firm, request, "login_code", today.text) >= FIRM_CODES_MAX) {
        firm_refuse(answer, 409, "too_many", "Three codes have been sent today; no more are sent before tomorrow.");
        return;
    }
    firm_add_request(firm, request, "login_code", today.text, NULL, 0);
    answer->json = firm_row(firm, "select 'sent' as status, substr(phone, -2) as phone_end, ?2 as minutes"
                                  " from customers where id = ?1", "si", request->customer, (int64_t)FIRM_CODE_MINUTES);
}

/* --- a one-time code, and the page that shows what was sent ------------------------------------- */

void firm_post_code(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    struct str code = str_of(firm_field(request, "code"));
    if (code.len != 6 || strspn(code.data, "0123456789") != 6) {
        firm_refuse(answer, 422, "bad_code", "A code has six digits.");
        return;
    }
    firm_run(firm, "insert into outbox (customer, sent_at, text) values (?1, strftime('%s', 'now'), 'Your Whimbrel code is ' || ?2)", "ss",
             request->customer, code.data);
    answer->json = json_pack("{s:s}", "status", "sent");
}

/* Nothing in it comes from a customer, so nothing needs to be escaped. */
void firm_get_outbox(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *rows = firm_rows(firm, "select o.text, c.name, datetime(o.sent_at, 'unixepoch') as at from outbox o join customers c"
                                   " on c.id = o.customer order by o.id desc limit 20", ""), *row;
    size_t i;
    UNUSED(request);
    buf_add_str(&answer->page, STR(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Whimbrel: sent to phones</title>\n<style>\n"
        ":root { color-scheme: light dark; background: light-dark(#fbf6ef, #1d1613); color: light-dark(#2b211c, #f6ede4) }\n"
        "body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }\n"
        "ol { list-style: none; padding: 0; display: grid; gap: .75rem }\n"
        "li { background: light-dark(#fffdfa, #271e1a); border: 1px solid light-dark(#e6d8c4, #45372f); border-radius: .75rem; padding: .75rem 1rem }\n"
        "b { display: block; font-size: 1.125rem }\nsmall, p { color: light-dark(#5c4b40, #d3c3b6) }\n"
        "</style>\n</head>\n<body>\n<main>\n<h1>Sent to phones</h1>\n"
        "<p>Whimbrel does not exist, and neither do its customers' phones: the codes that would be sent to them are here, the newest "
        "first. Reload to see new ones.</p>\n"));
    if (json_array_size(rows) == 0)
        buf_add_str(&answer->page, STR("<p><b>Nothing yet.</b> Log in on the shop's page as one of its customers, and ask the chat to change "
                                       "the e-mail address: a code is sent first.</p>\n"));
    buf_add_str(&answer->page, STR("<ol>\n"));
    json_array_foreach(rows, i, row)
        buf_add_format(&answer->page, "<li><b>%s</b> <small>to %s, %s UTC</small></li>\n", json_string_value(json_object_get(row, "text")),
                       json_string_value(json_object_get(row, "name")), json_string_value(json_object_get(row, "at")));
    buf_add_str(&answer->page, STR("</ol>\n</main>\n</body>\n</html>\n"));
    json_decref(rows);
}

/* --- a payment plan ----------------------------------------------------------------------------- */

static int64_t open_minor(struct firm *firm, const struct firm_request *request)
{
    json_t *row = firm_row(firm,
        "select coalesce(sum(i.amount_minor + coalesce((select sum(f.amount_minor) from fees f where f.instalment = i.id), 0)), 0)"
        " as n from instalments i join orders o on o.id = i.order_id where o.customer = ?1 and i.paid_on is null"
        " and i.amount_minor > 0 and o.status <> 'cancelled'", "s", request->customer);
    int64_t minor = json_integer_value(json_object_get(row, "n"));
    json_decref(row);
    return minor;
}

/* Whole euros, with or without the sign; 0 if it is no amount. */
static int64_t euros(const char *written)
{
    struct str text = str_trim(str_of(written));
    uint64_t whole;
    if (str_starts(text, STR("€"))) text = str_slice(text, strlen("€"), text.len);
    if (str_ends(text, STR("€"))) text = str_slice(text, 0, text.len - strlen("€"));
    return text.len <= 6 && str_to_u64(text, &whole) ? (int64_t)whole : 0;
}

/* A wish only: people decide. Meanwhile there are no reminders, fees or new purchases. */
void firm_post_payment_plan(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    int64_t monthly = euros(firm_field(request, "monthly")) * 100, open = open_minor(firm, request);
    struct calendar_text by = calendar_text(calendar_add_working(firm_today(firm), FIRM_PLAN_WORKING_DAYS));
    struct calendar_text until = firm_day(firm, FIRM_PLAN_PAUSE_DAYS);
    if (!open) firm_refuse(answer, 409, "nothing_to_pay", "There is nothing left to pay, so no plan is needed.");
    else if (firm_count_requests(firm, request, "payment_plan", firm_day(firm, -FIRM_PLAN_PAUSE_DAYS).text))
        firm_refuse(answer, 409, "already_requested", "A plan has been asked for already; a person is looking at it.");
    else if (monthly < FIRM_PLAN_LEAST_MINOR)
        firm_refuse(answer, 422, "too_small", "A plan needs an amount of at least ten euros a month.");
    else {
        firm_add_request(firm, request, "payment_plan", by.text, NULL, monthly);
        if (monthly > open) monthly = open;
        answer->json = json_pack("{s:s,s:s,s:I,s:I,s:I,s:s,s:s}", "status", "requested", "currency", FIRM_CURRENCY,
                                 "monthly_minor", (json_int_t)monthly, "total_minor", (json_int_t)open, "months",
                                 (json_int_t)((open + monthly - 1) / monthly), "answer_by", by.text, "quiet_until",
                                 until.text);
    }
}

/* --- a lost parcel ------------------------------------------------------------------------------ */

static int64_t day_of(const json_t *row, const char *name)
{
    int64_t day = 0;
    const char *text = json_string_value(json_object_get(row, name));
    return text && calendar_read(str_of(text), &day) ? day : 0;
}

/* Whether it can be lost yet: what is not late, or was delivered only just now, is not. */
static const char *refusal_of_search(const struct firm *firm, const json_t *order)
{
    const char *status = json_string_value(json_object_get(order, "status"));
    int64_t today = firm_today(firm);
    if (json_integer_value(json_object_get(order, "reported"))) return "already_reported";
    if (json_integer_value(json_object_get(order, "returned"))) return "returned";
    if (!strcmp(status, "cancelled")) return "cancelled";
    if (!strcmp(status, "preparing")) return "not_sent";
    if (!strcmp(status, "delivered"))
        return today < day_of(order, "delivered_on") + FIRM_DELIVERED_DAYS  ? "just_delivered"
            : today > day_of(order, "delivered_on") + FIRM_DELIVERED_MAX_DAYS ? "long_ago" : NULL;
    return today <= calendar_add_working(day_of(order, "expected_on"), FIRM_LOST_WORKING_DAYS) ? "not_late" : NULL;
}

static const char *sentence_of(const char *code)
{
    static const char *const sentences[][2] = {
        { "already_reported", "The search for that parcel has begun already." },
        { "returned", "That order has been sent back." },
        { "long_ago", "That parcel was delivered more than 60 days ago; a person has to look at it." },
        { "cancelled", "That order was cancelled, so there is no parcel." },
        { "not_sent", "The shop has not sent that parcel yet." },
        { "just_delivered", "The carrier delivered it less than two days ago; most of those turn up." },
        { "not_late", "That parcel is not more than two working days late." },
    };
    for (size_t i = 0; i < ARRAY_LEN(sentences); i++)
        if (!strcmp(code, sentences[i][0])) return sentences[i][1];
    return "";
}

static void search_parcel(struct firm *firm, const struct firm_request *request, const json_t *order,
                          struct firm_answer *answer)
{
    const char *id = json_string_value(json_object_get(order, "order"));
    struct calendar_text until = firm_day(firm, FIRM_LOST_PAUSE_DAYS);
    struct calendar_text by = calendar_text(calendar_add_working(firm_today(firm), FIRM_SHOP_WORKING_DAYS));
    int64_t paused = firm_run(firm, "update instalments set paused_until = ?2, paused_because = 'lost_parcel'"
                                    " where order_id = ?1 and paid_on is null and amount_minor > 0", "ss", id, until.text);
    firm_add_request(firm, request, "lost_parcel", by.text, id, 0);
    answer->json = json_pack("{s:s,s:s,s:O,s:s}", "status", paused ? "paused" : "noted", "order", id, "shop",
                             json_object_get(order, "shop"), "answer_by", by.text);
    if (paused) json_object_set_new(answer->json, "paused_until", json_string(until.text));
}

void firm_post_lost_parcel(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *order = firm_row(firm,
        "select id as \"order\", shop, status, expected_on, delivered_on, exists (select 1 from requests r"
        " where r.order_id = o.id and r.kind = 'lost_parcel') as reported, exists (select 1 from refunds f"
        " where f.order_id = o.id) as returned from orders o where customer = ?1 and id = ?2",
        "ss", request->customer, firm_order_id(request->arena, firm_field(request, "order")));
    const char *code = order ? refusal_of_search(firm, order) : NULL;
    if (!order) firm_refuse_order(answer);
    else if (code) firm_refuse(answer, 409, code, sentence_of(code));
    else search_parcel(firm, request, order, answer);
    json_decref(order);
}
