#include "demo/firm_seed.h"

#include <math.h>
#include <stdio.h>

#include "base/random.h"
#include "demo/calendar.h"

#define GOODS_MAX 3
#define FIRST_DRAWN_ORDER 20500
#define NOT_YET INT64_MAX

enum plan { PAY_IN_30, PAY_IN_3, MONTHLY };
static const char *const plan_names[] = { "pay_in_30", "pay_in_3", "monthly" };

struct buyer {
    char id[16];
    char method[32];
    bool autopay;
};

/* Days count from today; the past is negative. */
struct purchase {
    int number;                 /* 20417: order W-20417, invoice INV-20417 */
    const struct buyer *buyer;
    int goods[GOODS_MAX];       /* places in firm_goods */
    int goods_count;
    enum plan plan;
    int parts;
    int64_t ordered;
    int late_part;              /* from this part on nothing that is due has come in; 0: all in time */
    int moved_part;             /* was moved by an extension; 0: none */
    const char *failure;        /* why the first attempt on late_part failed, or NULL */
};

static int64_t total_minor(const struct purchase *purchase)
{
    int64_t total = 0;
    for (int i = 0; i < purchase->goods_count; i++) total += firm_goods[purchase->goods[i]].price_minor;
    return total;
}

static void order_id(const struct purchase *purchase, char id[16])
{
    snprintf(id, 16, "W-%05d", purchase->number);
}

/* Annuity at 9.9 % nominal a year for monthly plans; equal parts, the last one takes the odd cents. */
static int64_t part_minor(const struct purchase *purchase, int part)
{
    int64_t total = total_minor(purchase);
    if (purchase->plan == MONTHLY) {
        double rate = 0.099 / 12;
        return llround((double)total * rate / (1 - pow(1 + rate, -purchase->parts)));
    }
    int64_t each = total / purchase->parts;
    return part < purchase->parts ? each : total - each * (purchase->parts - 1);
}

static int64_t part_due(const struct firm *firm, const struct purchase *purchase, int part)
{
    int64_t dispatched = purchase->ordered + 1, today = firm_today(firm);
    int64_t due = purchase->plan == PAY_IN_30 ? dispatched + 30
        : purchase->plan == PAY_IN_3          ? purchase->ordered + 30 * (part - 1)
                                              : calendar_add_months(today + dispatched, part) - today;
    return part == purchase->moved_part ? due + FIRM_EXTENSION_DAYS : due;
}

static void add_order(struct firm *firm, const struct purchase *purchase)
{
    char id[16], tracking[24], invoice[16];
    order_id(purchase, id);
    bool sent = purchase->ordered <= -1, there = purchase->ordered <= -4;
    firm_run(firm, "insert into orders (id, customer, shop, plan, parts, status, total_minor, ordered_on, expected_on)"
                   " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", "ssssisiss",
             id, purchase->buyer->id, firm_goods[purchase->goods[0]].shop, plan_names[purchase->plan],
             (int64_t)purchase->parts, there ? "delivered" : sent ? "on_its_way" : "preparing",
             total_minor(purchase), firm_day(firm, purchase->ordered).text, firm_day(firm, purchase->ordered + 4).text);
    for (int i = 0; i < purchase->goods_count; i++)
        firm_run(firm, "insert into order_lines values (?1, ?2, 1, ?3)", "ssi", id,
                 firm_goods[purchase->goods[i]].what, firm_goods[purchase->goods[i]].price_minor);
    if (!sent) return;
    bool kite = purchase->number % 2;
    snprintf(tracking, sizeof tracking, "%s%09d", kite ? "KP" : "BP", purchase->number * 7919 % 1000000000);
    firm_run(firm, "update orders set dispatched_on = ?2, carrier = ?3, tracking = ?4 where id = ?1", "ssss", id,
             firm_day(firm, purchase->ordered + 1).text, kite ? "Kite Post" : "Baltic Parcel", tracking);
    if (there)
        firm_run(firm, "update orders set delivered_on = expected_on where id = ?1", "s", id);
    snprintf(invoice, sizeof invoice, "INV-%05d", purchase->number);
    firm_run(firm, "insert into invoices values (?1, ?2, ?3, ?4)", "sssi", invoice, id,
             firm_day(firm, purchase->ordered + 1).text, total_minor(purchase));
}

static void add_part(struct firm *firm, const struct purchase *purchase, int part)
{
    char id[16];
    order_id(purchase, id);
    int64_t due = part_due(firm, purchase, part), amount = part_minor(purchase, part);
    firm_run(firm, "insert into instalments (order_id, part, amount_minor, due_on, extended)"
                   " values (?1, ?2, ?3, ?4, ?5)", "siisi", id, (int64_t)part, amount,
             firm_day(firm, due).text, (int64_t)(part == purchase->moved_part));
    int64_t instalment = sqlite3_last_insert_rowid(firm->db);
    bool at_purchase = purchase->plan == PAY_IN_3 && part == 1;
    if (due > 0 || (due == 0 && !at_purchase)) return;
    if (!purchase->late_part || part < purchase->late_part) {
        firm_run(firm, "update instalments set paid_on = due_on where id = ?1", "i", instalment);
        firm_run(firm, "insert into payments (instalment, amount_minor, tried_on, method, outcome)"
                       " values (?1, ?2, ?3, ?4, 'done')", "iiss", instalment, amount, firm_day(firm, due).text,
                 purchase->buyer->method);
        return;
    }
    if (purchase->failure && part == purchase->late_part)
        firm_run(firm, "insert into payments (instalment, amount_minor, tried_on, method, outcome, reason)"
                       " values (?1, ?2, ?3, ?4, 'failed', ?5)", "iisss", instalment, amount,
                 firm_day(firm, due).text, purchase->buyer->method, purchase->failure);
    if (due + FIRM_LATE_FEE_DAYS <= 0)
        firm_run(firm, "insert into fees (instalment, amount_minor, charged_on) values (?1, ?2, ?3)", "iis", instalment,
                 (int64_t)FIRM_LATE_FEE_MINOR, firm_day(firm, due + FIRM_LATE_FEE_DAYS).text);
}

static void add_purchase(struct firm *firm, const struct purchase *purchase)
{
    add_order(firm, purchase);
    for (int part = 1; part <= purchase->parts; part++) add_part(firm, purchase, part);
}

/* How far a return has come: registered and paid may be NOT_YET. */
static void add_return(struct firm *firm, const struct purchase *purchase, int64_t reported, int64_t registered)
{
    char id[16];
    order_id(purchase, id);
    if (registered == NOT_YET) {
        firm_run(firm, "insert into refunds (order_id, status, amount_minor, reported_on, destination)"
                       " values (?1, 'waiting_for_shop', ?2, ?3, ?4)", "siss", id, total_minor(purchase),
                 firm_day(firm, reported).text, purchase->buyer->method);
        firm_run(firm, "update instalments set paused_until = ?2, paused_because = 'return'"
                       " where order_id = ?1 and paid_on is null", "ss", id,
                 firm_day(firm, reported + FIRM_PAUSE_DAYS).text);
        return;
    }
    int64_t today = firm_today(firm);
    int64_t expected = calendar_add_working(today + registered, FIRM_REFUND_WORKING_DAYS);
    json_t *paid = firm_row(firm, "select 1 from instalments where order_id = ?1 and paid_on is not null", "s", id);
    const char *status = !paid ? "reduced" : expected < today ? "done" : "on_its_way";
    json_decref(paid);
    firm_run(firm, "insert into refunds (order_id, status, amount_minor, reported_on, registered_on, expected_on,"
                   " destination) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)", "ssissss", id, status, total_minor(purchase),
             firm_day(firm, reported).text, firm_day(firm, registered).text, calendar_text(expected).text,
             purchase->buyer->method);
    firm_run(firm, "update refunds set paid_on = expected_on where status = 'done' and order_id = ?1", "s", id);
    firm_run(firm, "update instalments set amount_minor = 0, paid_on = ?2 where order_id = ?1 and paid_on is null", "ss",
             id, firm_day(firm, registered).text);
}

static void add_stories(struct firm *firm, const struct buyer *buyers)
{
    int64_t today = firm_today(firm);
    int64_t elsa = calendar_add_months(today - 1, -3) - today - 1; /* so that the third month was due yesterday */
    const struct purchase purchases[] = {
        { 20398, &buyers[0], { 17 }, 1, PAY_IN_30, 1, -70, 0, 0, NULL },
        { 20417, &buyers[0], { 0, 2 }, 2, PAY_IN_30, 1, -22, 0, 0, NULL },
        { 20405, &buyers[1], { 8, 6 }, 2, PAY_IN_3, 3, -40, 0, 2, NULL },
        { 20399, &buyers[2], { 4 }, 1, PAY_IN_30, 1, -45, 0, 0, NULL },
        { 20401, &buyers[3], { 9 }, 1, PAY_IN_30, 1, -43, 1, 0, NULL },
        { 20391, &buyers[4], { 13 }, 1, MONTHLY, 12, elsa, 3, 0, "card_expired" },
        { 20425, &buyers[5], { 10 }, 1, PAY_IN_30, 1, -12, 0, 0, NULL },
        { 20431, &buyers[5], { 1 }, 1, PAY_IN_30, 1, -2, 0, 0, NULL },
    };
    for (size_t i = 0; i < ARRAY_LEN(purchases); i++) add_purchase(firm, &purchases[i]);
    add_return(firm, &purchases[3], -8, -2);
}

static void draw_goods(struct random *random, struct purchase *purchase)
{
    int first = (int)random_below(random, firm_goods_count);
    purchase->goods[purchase->goods_count++] = first;
    while (purchase->goods_count < GOODS_MAX && random_below(random, 3) == 0) {
        int next = (purchase->goods[purchase->goods_count - 1] + 1) % (int)firm_goods_count;
        if (strcmp(firm_goods[next].shop, firm_goods[first].shop)) break;
        purchase->goods[purchase->goods_count++] = next;
    }
}

/* The borders of the plans are those of the article plans-compared. */
static void draw_plan(struct random *random, struct purchase *purchase)
{
    static const int months[] = { 6, 12, 24 };
    int64_t total = total_minor(purchase);
    uint64_t dice = random_below(random, 10);
    purchase->plan = PAY_IN_30;
    purchase->parts = 1;
    if (total > 15000 && (dice < 4 || total > 100000)) {
        purchase->plan = MONTHLY;
        purchase->parts = months[random_below(random, 3)];
    } else if (total > 6000 && dice < 7) {
        purchase->plan = PAY_IN_3;
        purchase->parts = 3;
    }
}

static void draw_purchase(struct firm *firm, struct random *random, const struct buyer *buyer, int number)
{
    static const char *const failures[] = { "card_expired", "too_little_money", "bank_said_no" };
    struct purchase purchase = { .number = number, .buyer = buyer };
    draw_goods(random, &purchase);
    draw_plan(random, &purchase);
    purchase.ordered = -(int64_t)random_below(random, 60);
    uint64_t fate = random_below(random, 12);
    int64_t first_due = part_due(firm, &purchase, 1);
    if (fate == 0 && first_due < 0 && first_due > -30) purchase.late_part = 1;
    if (fate == 0 && purchase.plan == PAY_IN_3 && part_due(firm, &purchase, 2) < 0) purchase.late_part = 2;
    if (purchase.plan == PAY_IN_3 && purchase.late_part == 1) purchase.late_part = 0; /* paid at the purchase */
    if (purchase.late_part && buyer->autopay) purchase.failure = failures[random_below(random, 3)];
    add_purchase(firm, &purchase);
    bool delivered = purchase.ordered <= -12 && !purchase.late_part;
    if (fate == 1 && delivered) add_return(firm, &purchase, -5, NOT_YET);
    if (fate == 2 && delivered) add_return(firm, &purchase, -7, -1);
    if (fate == 3 && delivered && purchase.ordered <= -30) add_return(firm, &purchase, -20, -14);
}

/* maja.lindqvist@mail.example: the letters beyond ASCII in firm_names are few. */
static void write_email(const char *name, char email[64])
{
    size_t len = 0;
    for (const char *c = name; *c && len < 40; c++) {
        if (*c == ' ') email[len++] = '.';
        else if ((*c >= 'A' && *c <= 'Z')) email[len++] = (char)(*c - 'A' + 'a');
        else if (*c >= 'a' && *c <= 'z') email[len++] = *c;
        else if ((unsigned char)*c == 0xb6) email[len++] = 'o'; /* the second byte of ö */
    }
    snprintf(email + len, 64 - len, "@mail.example");
}

static void add_customer(struct firm *firm, struct random *random, int place, struct buyer *buyer)
{
    static const char *const streets[] = { "Reed Lane", "Harbour Street", "Mill Road", "Heron Close", "Salt Quay" };
    static const char *const towns[] = { "Stockholm", "Helsinki", "Hamburg", "Utrecht", "Cork" };
    char email[64], phone[32], address[96];
    write_email(firm_names[place], email);
    snprintf(buyer->id, sizeof buyer->id, "C-%04d", 1001 + place);
    snprintf(buyer->method, sizeof buyer->method, "%s %04d", random_below(random, 2) ? "Visa" : "Mastercard",
             (int)random_below(random, 10000));
    buyer->autopay = place == 4 || (place >= FIRM_STORIES && random_below(random, 10) < 4);
    snprintf(phone, sizeof phone, "+46 70 174 06 %02d", 5 + place); /* numbers kept for fiction in Sweden */
    snprintf(address, sizeof address, "%s %d, %s", streets[random_below(random, 5)], 1 + (int)random_below(random, 60),
             towns[random_below(random, 5)]);
    firm_run(firm, "insert into customers (id, name, email, phone, address, method, autopay, limit_minor)"
                   " values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", "ssssssii", buyer->id, firm_names[place], email, phone,
             address, buyer->method, (int64_t)buyer->autopay, (int64_t)(600 + 200 * random_below(random, 12)) * 100);
}

void firm_seed(struct firm *firm)
{
    struct random random = { 20417 };
    struct buyer buyers[FIRM_CUSTOMERS];
    for (int i = 0; i < FIRM_CUSTOMERS; i++) add_customer(firm, &random, i, &buyers[i]);
    add_stories(firm, buyers);
    int number = FIRST_DRAWN_ORDER;
    for (int i = FIRM_STORIES; i < FIRM_CUSTOMERS; i++)
        for (int left = 1 + (int)random_below(&random, 3); left; left--)
            draw_purchase(firm, &random, &buyers[i], number++);
    firm_seed_more(firm);
}
