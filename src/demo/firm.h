/* firm.h - the books of Whimbrel, the demo's pay-later firm: one SQLite file.
 *
 * The first start fills them (firm_seed.h), so that every date is near the present. Books that were
 * last begun more than two weeks ago are moved forward as a whole when they are opened: the demo
 * must not consist of overdue payments only. Books that an older or newer program made are made anew.
 *
 * One thread uses a firm. A statement that fails (a full disk) sets `failed`; whoever answers a
 * request looks at it once at the end. */
#ifndef DEMO_FIRM_H
#define DEMO_FIRM_H

#include <jansson.h>
#include <sqlite3.h>

#include "base/arena.h"
#include "base/err.h"

#define FIRM_CURRENCY "EUR"
#define FIRM_EXTENSION_DAYS 14
#define FIRM_LONG_EXTENSION_DAYS 30
#define FIRM_LONG_EXTENSION_FEE_MINOR 300
#define FIRM_PAUSE_DAYS 21
#define FIRM_FAULT_YEARS 3          /* a fault is the shop's to mend for so long */
#define FIRM_RECENT_DAYS 60         /* purchases that are shown to whoever does not know one */
#define FIRM_LISTED 8               /* items of a list that is chosen from */
#define FIRM_LATE_FEE_MINOR 500
#define FIRM_LATE_FEE_DAYS 7
#define FIRM_REFUND_WORKING_DAYS 5
#define FIRM_LINK_SECONDS 3600 /* how long a link to an invoice's copy works */
#define FIRM_LOST_WORKING_DAYS 2    /* a parcel that is later than that may be reported as lost */
#define FIRM_DELIVERED_DAYS 2       /* ... or one that the carrier says it delivered so long ago */
#define FIRM_DELIVERED_MAX_DAYS 60
#define FIRM_LOST_PAUSE_DAYS 21
#define FIRM_SHOP_WORKING_DAYS 5    /* the shop's time to answer about it */
#define FIRM_PLAN_WORKING_DAYS 2    /* until a person has looked at a wish for a plan */
#define FIRM_PLAN_PAUSE_DAYS 14     /* no reminders, fees or new purchases meanwhile */
#define FIRM_PLAN_LEAST_MINOR 1000  /* a month */
#define FIRM_EXPORT_DAYS 2          /* until the copy of the data is ready */
#define FIRM_EXPORTS_MAX 3          /* in 30 days */
#define FIRM_CODES_MAX 3            /* a day */
#define FIRM_CODE_MINUTES 10
#define FIRM_GIFT_CARD_MISSES_MAX 5 /* a day */
#define FIRM_PAYMENTS_SHOWN 10
#define FIRM_PURCHASE_LEAST_MINOR 1000
#define FIRM_KEYS_KEPT 10000        /* idempotency keys, the newest: nobody tries again after so many others */

struct firm {
    sqlite3 *db;
    int64_t fixed_today;  /* tests: the day it always is; 0: the real one */
    struct str token;     /* what a caller must show; never empty */
    struct str secret;    /* the shop page's secret for signing identities */
    struct str url;       /* where the back end can be reached, for links */
    struct arena arena;   /* holds the strings above */
    bool failed;
};

/* `file` may be ":memory:". fixed_today 0: the real day. */
bool firm_open(struct err *err, struct firm *firm, const char *file, int64_t fixed_today) WARN_UNUSED;
void firm_close(struct firm *firm);

/* Reads action.token and identity.secret in the workspace's folder. */
bool firm_read_secrets(struct err *err, struct firm *firm, const char *directory) WARN_UNUSED;

int64_t firm_today(const struct firm *firm);
struct calendar_text firm_day(const struct firm *firm, int64_t days_from_today);

/* SQL with numbered parameters ?1, ?2 ...; `types` has a letter for each: s const char *, i int64_t.
 * Rows become JSON objects whose keys are the column names. The caller owns what is returned. */
json_t *firm_rows(struct firm *firm, const char *sql, const char *types, ...); /* an array, never NULL */
json_t *firm_row(struct firm *firm, const char *sql, const char *types, ...);  /* the first, or NULL */
int64_t firm_run(struct firm *firm, const char *sql, const char *types, ...);  /* rows changed */

#endif
