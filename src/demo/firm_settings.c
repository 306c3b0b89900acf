/* firm_settings.c - what a customer may set: home address, autopay, offers by e-mail. */
#include "demo/calendar.h"
#include "demo/firm_routes.h"

#define ADDRESS_MIN 8
#define ADDRESS_MAX 120

/* One line, spaces and line breaks in a row become one space. */
static const char *one_line(struct arena *arena, struct str written)
{
    char *out = arena_take(arena, written.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < written.len; i++) {
        char c = (unsigned char)written.data[i] <= ' ' ? ' ' : written.data[i];
        if (c != ' ' || (len && out[len - 1] != ' ')) out[len++] = c;
    }
    while (len && out[len - 1] == ' ') len--;
    out[len] = 0;
    return out;
}

/* A street with a number and a town: letters and a digit; nothing that would be markup. */
static bool address_plausible(struct str address)
{
    bool digit = false;
    size_t letters = 0;
    if (address.len < ADDRESS_MIN || address.len > ADDRESS_MAX) return false;
    for (size_t i = 0; i < address.len; i++) {
        char c = address.data[i];
        if (strchr("<>{}[]@\\|", c)) return false;
        digit |= c >= '0' && c <= '9';
        letters += ((c | 32) >= 'a' && (c | 32) <= 'z') || (unsigned char)c >= 0x80;
    }
    return digit && letters >= 4;
}

/* An order that is under way still goes to the old address: the answer names it. */
static void answer_address(struct firm *firm, const struct firm_request *request, const char *address,
                           struct firm_answer *answer)
{
    answer->json = json_pack("{s:s,s:s}", "status", "changed", "address", address);
    json_t *order = firm_row(firm, "select id as \"order\", shop from orders where customer = ?1 and"
                                   " status in ('preparing', 'on_its_way') order by ordered_on desc limit 1", "s",
                             request->customer);
    if (order) json_object_update(answer->json, order);
    json_decref(order);
}

void firm_post_address(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    const char *address = one_line(request->arena, str_of(firm_field(request, "address")));
    struct calendar_text today = firm_day(firm, 0);
    json_t *same = firm_row(firm, "select 1 from customers where id = ?1 and lower(address) = lower(?2)", "ss",
                            request->customer, address);
    if (!address_plausible(str_of(address)))
        firm_refuse(answer, 422, "bad_address", "That is not a whole address: street, number, postcode and town.");
    else if (same) firm_refuse(answer, 409, "same_address", "That is the address that the account has already.");
    else if (firm_count_requests(firm, request, "address", today.text))
        firm_refuse(answer, 409, "changed_today", "The address has been changed today already.");
    else {
        firm_run(firm, "update customers set address = ?2 where id = ?1", "ss", request->customer, address);
        firm_add_request(firm, request, "address", today.text, NULL, 0);
        answer_address(firm, request, address, answer);
    }
    json_decref(same);
}

/* --- autopay ------------------------------------------------------------------------------------ */

static bool has_autopay(struct firm *firm, const struct firm_request *request)
{
    json_t *row = firm_row(firm, "select autopay from customers where id = ?1", "s", request->customer);
    bool on = json_integer_value(json_object_get(row, "autopay"));
    json_decref(row);
    return on;
}

/* The bank's last word on the saved card was that it has expired. */
static bool card_expired(struct firm *firm, const struct firm_request *request)
{
    json_t *row = firm_row(firm,
        "select count(*) as n from payments p join instalments i on i.id = p.instalment join orders o on o.id = i.order_id"
        " where o.customer = ?1 and p.outcome = 'failed' and p.reason = 'card_expired' and i.paid_on is null", "s",
        request->customer);
    bool expired = json_integer_value(json_object_get(row, "n")) > 0;
    json_decref(row);
    return expired;
}

/* The next part that autopay takes, or that it still takes although it is off: due_date, amount. */
static json_t *part_due(struct firm *firm, const struct firm_request *request, const char *from, const char *to)
{
    return firm_row(firm,
        "select i.due_on as due_date, i.amount_minor, 'EUR' as currency, o.id as \"order\", o.shop"
        " from instalments i join orders o on o.id = i.order_id where o.customer = ?1 and i.paid_on is null"
        " and i.amount_minor > 0 and o.status <> 'cancelled' and coalesce(i.paused_until, '') < ?2"
        " and i.due_on between ?2 and ?3 order by i.due_on, i.id limit 1", "sss", request->customer, from, to);
}

void firm_post_autopay_on(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    if (has_autopay(firm, request)) {
        firm_refuse(answer, 409, "already_on", "Autopay is on already.");
        return;
    }
    if (card_expired(firm, request)) {
        firm_refuse(answer, 409, "card_expired", "The saved card has expired; a new one must be added first.");
        return;
    }
    firm_run(firm, "update customers set autopay = 1 where id = ?1", "s", request->customer);
    answer->json = firm_row(firm, "select 'on' as status, method from customers where id = ?1", "s", request->customer);
    json_t *next = part_due(firm, request, firm_day(firm, 1).text, "9999");
    if (next) json_object_update(answer->json, next);
    json_decref(next);
}

/* What is due today is on its way to the bank since midnight. */
void firm_post_autopay_off(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    if (!has_autopay(firm, request)) {
        firm_refuse(answer, 409, "already_off", "Autopay is off already.");
        return;
    }
    struct calendar_text today = firm_day(firm, 0);
    firm_run(firm, "update customers set autopay = 0 where id = ?1", "s", request->customer);
    json_t *under_way = part_due(firm, request, today.text, today.text);
    answer->json = json_pack("{s:s}", "status", under_way ? "off_from_tomorrow" : "off");
    if (under_way) json_object_update(answer->json, under_way);
    json_decref(under_way);
}

/* --- offers ------------------------------------------------------------------------------------- */

void firm_post_marketing_opt_out(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    int64_t changed = firm_run(firm, "update customers set marketing = 0 where id = ?1 and marketing", "s",
                               request->customer);
    if (!changed) firm_refuse(answer, 409, "already_off", "This account gets no offers.");
    else answer->json = firm_row(firm, "select 'off' as status, email from customers where id = ?1", "s", request->customer);
}
