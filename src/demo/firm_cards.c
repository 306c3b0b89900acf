/* firm_cards.c - the card of the app, and gift cards. */
#include "demo/calendar.h"
#include "demo/firm_routes.h"

static json_t *card_of(struct firm *firm, const struct firm_request *request)
{
    return firm_row(firm, "select last_four, blocked_by from cards where customer = ?1", "s", request->customer);
}

static void set_block(struct firm *firm, const struct firm_request *request, const char *status, const json_t *card,
                      struct firm_answer *answer)
{
    bool block = !strcmp(status, "blocked");
    firm_run(firm, block ? "update cards set blocked_by = 'customer' where customer = ?1"
                         : "update cards set blocked_by = null where customer = ?1", "s", request->customer);
    answer->json = json_pack("{s:s,s:O}", "status", status, "last_four", json_object_get(card, "last_four"));
}

void firm_post_card_block(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *card = card_of(firm, request);
    if (!card) firm_refuse(answer, 404, "no_card", "There is no Whimbrel card on this account.");
    else if (json_is_string(json_object_get(card, "blocked_by")))
        firm_refuse(answer, 409, "already_blocked", "The card is blocked already.");
    else set_block(firm, request, "blocked", card, answer);
    json_decref(card);
}

static bool has_late_part(struct firm *firm, const struct firm_request *request)
{
    struct calendar_text today = firm_day(firm, 0);
    json_t *row = firm_row(firm,
        "select count(*) as n from instalments i join orders o on o.id = i.order_id where o.customer = ?1 and i.paid_on is null"
        " and i.amount_minor > 0 and o.status <> 'cancelled' and i.due_on < ?2 and coalesce(i.paused_until, '') < ?2",
        "ss", request->customer, today.text);
    bool late = json_integer_value(json_object_get(row, "n")) > 0;
    json_decref(row);
    return late;
}

/* Only what the customer has blocked; what our safety people blocked they look at first. */
void firm_post_card_unblock(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    json_t *card = card_of(firm, request);
    const char *by = json_string_value(json_object_get(card, "blocked_by"));
    if (!card) firm_refuse(answer, 404, "no_card", "There is no Whimbrel card on this account.");
    else if (has_late_part(firm, request))
        firm_refuse(answer, 409, "overdue", "A payment is overdue; the card works again within an hour after it is paid.");
    else if (!by) firm_refuse(answer, 409, "not_blocked", "The card is not blocked.");
    else if (strcmp(by, "customer"))
        firm_refuse(answer, 409, "blocked_for_safety", "The card was blocked for safety; a person has to look at it.");
    else set_block(firm, request, "open", card, answer);
    json_decref(card);
}

/* --- gift cards --------------------------------------------------------------------------------- */

/* "wg7k2m4pq9" and "WG-7K2M-4PQ9" are the same card; "" if it cannot be one. */
static const char *gift_card_code(struct arena *arena, struct str written)
{
    char letters[11];
    size_t len = 0;
    for (size_t i = 0; i < written.len; i++) {
        char c = written.data[i];
        if (c == '-' || c == ' ') continue;
        bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
        if ((!letter && (c < '0' || c > '9')) || len == 10) return "";
        letters[len++] = letter ? (char)(c & ~32) : c;
    }
    letters[len] = 0;
    if (len != 10 || memcmp(letters, "WG", 2)) return "";
    return arena_format(arena, "WG-%.4s-%.4s", letters + 2, letters + 6).data;
}

static int64_t misses_today(struct firm *firm, const struct firm_request *request)
{
    json_t *row = firm_row(firm, "select misses from gift_card_misses where customer = ?1 and day = ?2", "ss",
                           request->customer, firm_day(firm, 0).text);
    int64_t misses = json_integer_value(json_object_get(row, "misses"));
    json_decref(row);
    return misses;
}

/* A card that somebody else has redeemed is as unknown as one that does not exist. */
void firm_post_gift_card_check(struct firm *firm, const struct firm_request *request, struct firm_answer *answer)
{
    if (misses_today(firm, request) >= FIRM_GIFT_CARD_MISSES_MAX) {
        firm_refuse(answer, 409, "too_many", "Too many codes that do not exist; please try again tomorrow.");
        return;
    }
    const char *code = gift_card_code(request->arena, str_of(firm_field(request, "code")));
    struct calendar_text today = firm_day(firm, 0);
    answer->json = firm_row(firm,
        "select case when valid_until < ?3 then 'expired' when left_minor = 0 then 'empty' when customer is null"
        " then 'unused' else 'open' end as status, code as card, worth_minor, left_minor, 'EUR' as currency, valid_until"
        " from gift_cards where code = ?2 and (customer is null or customer = ?1)", "sss", request->customer, code,
        today.text);
    if (answer->json) return;
    firm_run(firm, "insert into gift_card_misses values (?1, ?2, 1)"
                   " on conflict (customer, day) do update set misses = misses + 1", "ss", request->customer, today.text);
    firm_refuse(answer, 404, "not_found", "There is no gift card with this code.");
}
