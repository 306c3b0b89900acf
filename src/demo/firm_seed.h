/* firm_seed.h - fills empty books with forty customers and what they bought.
 *
 * Six of them are made by hand, each with a story that the demo shows; the others are drawn from a
 * seeded generator. All days are relative to today, so the same day gives the same books. */
#ifndef DEMO_FIRM_SEED_H
#define DEMO_FIRM_SEED_H

#include "demo/firm.h"

#define FIRM_CUSTOMERS 40
#define FIRM_STORIES 6

/* Inside the caller's transaction. */
void firm_seed(struct firm *firm);

/* Cards, gift cards and what else hangs on customers and orders: after these. */
void firm_seed_more(struct firm *firm);

struct firm_story {
    const char *customer, *line;
};
extern const struct firm_story firm_stories[FIRM_STORIES];

struct firm_product {
    const char *product, *name, *text, *icon, *colour;
    int64_t price_minor; /* divides by three */
};
extern const struct firm_product firm_products[];
extern const size_t firm_product_count;

/* The customers' names in order of their ids, C-1001 first. */
extern const char *const firm_names[FIRM_CUSTOMERS];

struct firm_goods {
    const char *shop, *what;
    int64_t price_minor;
};
extern const struct firm_goods firm_goods[];
extern const size_t firm_goods_count;

#endif
