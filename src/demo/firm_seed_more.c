/* firm_seed_more.c - cards, gift cards, offers, a parcel that never came, a part that was paid twice.
 *
 * It draws from a generator of its own, so that the purchases stay what they are whatever is added here. */
#include <stdio.h>

#include "base/random.h"
#include "demo/calendar.h"
#include "demo/firm_seed.h"

static void add_card(struct firm *firm, int place, const char *last_four, const char *blocked_by)
{
    char id[16];
    snprintf(id, sizeof id, "C-%04d", 1001 + place);
    firm_run(firm, "insert into cards values (?1, ?2, nullif(?3, ''))", "sss", id, last_four, blocked_by);
}

static void add_cards(struct firm *firm, struct random *random)
{
    add_card(firm, 0, "4417", "");
    add_card(firm, 1, "8120", "customer");
    add_card(firm, 3, "2093", "");
    add_card(firm, 5, "7756", "safety");
    for (int i = FIRM_STORIES; i < FIRM_CUSTOMERS; i++) {
        char last_four[8];
        if (random_below(random, 10) >= 4) continue;
        snprintf(last_four, sizeof last_four, "%04d", (int)random_below(random, 10000));
        add_card(firm, i, last_four, random_below(random, 5) ? "" : "customer");
    }
}

static void add_gift_cards(struct firm *firm)
{
    static const struct {
        const char *code, *customer;
        int64_t worth_minor, left_minor;
        int valid_days;
    } cards[] = {
        { "WG-7K2M-4PQ9", "C-1003", 5000, 3250, 400 },
        { "WG-5NBC-2YFV", "C-1003", 2500, 2500, -30 },
        { "WG-9QLZ-6JEK", "C-1002", 10000, 0, 200 },
        { "WG-3HTD-8RWX", "", 10000, 10000, 700 }, /* not redeemed yet */
    };
    for (size_t i = 0; i < ARRAY_LEN(cards); i++)
        firm_run(firm, "insert into gift_cards values (?1, nullif(?2, ''), ?3, ?4, ?5)", "ssiis", cards[i].code,
                 cards[i].customer, cards[i].worth_minor, cards[i].left_minor, firm_day(firm, cards[i].valid_days).text);
}

static void add_offers(struct firm *firm, struct random *random)
{
    firm_run(firm, "update customers set marketing = 1 where id in ('C-1001', 'C-1004')", "");
    for (int i = FIRM_STORIES; i < FIRM_CUSTOMERS; i++) {
        char id[16];
        if (random_below(random, 4)) continue;
        snprintf(id, sizeof id, "C-%04d", 1001 + i);
        firm_run(firm, "update customers set marketing = 1 where id = ?1", "s", id);
    }
}

void firm_seed_more(struct firm *firm)
{
    struct random random = { 20431 };
    add_cards(firm, &random);
    add_gift_cards(firm);
    add_offers(firm, &random);
    /* Jonas: eight days late, and the carrier has nothing to say. */
    firm_run(firm, "update orders set status = 'on_its_way', delivered_on = null where id = 'W-20425'", "");
    /* Tomas paid the first part by hand three days ago, though it had been paid at the purchase. */
    firm_run(firm, "insert into payments (instalment, amount_minor, tried_on, method, outcome)"
                   " select i.id, i.amount_minor, ?1, 'IBAN 2210', 'done' from instalments i"
                   " where i.order_id = 'W-20405' and i.part = 1", "s", firm_day(firm, -3).text);
    /* Nobody owes more than their limit. */
    firm_run(firm,
        "update customers set limit_minor = max(limit_minor, (select coalesce(sum(i.amount_minor), 0) / 10000 * 10000 + 10000"
        " from instalments i join orders o on o.id = i.order_id where o.customer = customers.id and i.paid_on is null))", "");
}
