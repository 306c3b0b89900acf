#include "demo/firm.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "demo/calendar.h"
#include "demo/firm_seed.h"

#define MOVE_AFTER_DAYS 14
#define BOOKS_VERSION 2 /* 1 was not written down */

/* Days are text, YYYY-MM-DD; amounts are in hundredths. plan: pay_in_30, pay_in_3, monthly.
 * paused_because: return, lost_parcel, fault, dispute. */
static const char schema[] =
    "create table facts (name text primary key, value text not null);"
    "create table customers (id text primary key, name text not null, email text not null, new_email text,"
    "  phone text not null, address text not null, method text not null, autopay integer not null,"
    "  limit_minor integer not null, marketing integer not null default 0);"
    "create table orders (id text primary key, customer text not null references customers, shop text not null,"
    "  plan text not null, parts integer not null, status text not null, total_minor integer not null,"
    "  ordered_on text not null, dispatched_on text, expected_on text, delivered_on text, carrier text, tracking text);"
    "create index orders_by_customer on orders (customer, ordered_on);"
    "create table order_lines (order_id text not null references orders, what text not null,"
    "  quantity integer not null, price_minor integer not null);"
    "create index lines_by_order on order_lines (order_id);"
    "create table invoices (id text primary key, order_id text not null unique references orders,"
    "  issued_on text not null, total_minor integer not null);"
    "create table instalments (id integer primary key, order_id text not null references orders,"
    "  part integer not null, amount_minor integer not null, due_on text not null, extended integer not null default 0,"
    "  paused_until text, paused_because text, paid_on text);"
    "create index instalments_by_order on instalments (order_id, part);"
    "create table payments (id integer primary key, instalment integer not null references instalments,"
    "  amount_minor integer not null, tried_on text not null, method text not null,"
    "  outcome text not null, reason text);"
    "create index payments_by_instalment on payments (instalment);"
    "create table fees (id integer primary key, instalment integer not null references instalments,"
    "  amount_minor integer not null, charged_on text not null);"
    "create index fees_by_instalment on fees (instalment);"
    "create table refunds (id integer primary key, order_id text not null references orders, status text not null,"
    "  amount_minor integer not null, reported_on text not null, registered_on text, expected_on text, paid_on text,"
    "  destination text not null);"
    "create index refunds_by_order on refunds (order_id);"
    /* The card of the app; blocked_by: customer, safety. */
    "create table cards (customer text primary key references customers, last_four text not null, blocked_by text);"
    /* Without a customer: not redeemed yet. A customer who guesses is stopped for that day. */
    "create table gift_cards (code text primary key, customer text references customers, worth_minor integer not null,"
    "  left_minor integer not null, valid_until text not null);"
    "create table gift_card_misses (customer text not null references customers, day text not null,"
    "  misses integer not null, primary key (customer, day));"
    /* What a customer asked for and when it is done. kind: address, data_export, dispute, fault, login_code,
     * lost_parcel, payment_plan, released, reservation. */
    "create table requests (id integer primary key, customer text not null references customers, kind text not null,"
    "  asked_on text not null, due_on text not null, order_id text, amount_minor integer);"
    "create index requests_by_customer on requests (customer, kind, asked_on);"
    "create table keys (key text primary key, request text not null, status integer not null, answer text not null);";

static const struct {
    const char *table, *column;
} day_columns[] = {
    { "orders", "ordered_on" }, { "orders", "dispatched_on" }, { "orders", "expected_on" },
    { "orders", "delivered_on" }, { "invoices", "issued_on" }, { "instalments", "due_on" },
    { "instalments", "paused_until" }, { "instalments", "paid_on" }, { "payments", "tried_on" },
    { "fees", "charged_on" }, { "refunds", "reported_on" }, { "refunds", "registered_on" },
    { "refunds", "expected_on" }, { "refunds", "paid_on" }, { "gift_cards", "valid_until" },
    { "gift_card_misses", "day" }, { "requests", "asked_on" }, { "requests", "due_on" },
};

int64_t firm_today(const struct firm *firm)
{
    return firm->fixed_today ? firm->fixed_today : calendar_today();
}

struct calendar_text firm_day(const struct firm *firm, int64_t days_from_today)
{
    return calendar_text(firm_today(firm) + days_from_today);
}

/* NULL, with `failed` set, if it cannot be prepared. */
static sqlite3_stmt *prepare(struct firm *firm, const char *sql, const char *types, va_list args)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(firm->db, sql, -1, &statement, NULL) != SQLITE_OK) {
        fprintf(stderr, "beckon: demo back end: %s\n", sqlite3_errmsg(firm->db));
        firm->failed = true;
        return NULL;
    }
    for (int i = 0; types[i]; i++) {
        must(types[i] == 's' || types[i] == 'i');
        if (types[i] == 'i') sqlite3_bind_int64(statement, i + 1, va_arg(args, int64_t));
        else sqlite3_bind_text(statement, i + 1, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
    }
    return statement;
}

static bool step(struct firm *firm, sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW) return true;
    if (result != SQLITE_DONE) {
        fprintf(stderr, "beckon: demo back end: %s\n", sqlite3_errmsg(firm->db));
        firm->failed = true;
    }
    return false;
}

static json_t *row_json(sqlite3_stmt *statement)
{
    json_t *row = json_object();
    for (int i = 0; i < sqlite3_column_count(statement); i++) {
        json_t *value = json_null();
        if (sqlite3_column_type(statement, i) == SQLITE_INTEGER)
            value = json_integer(sqlite3_column_int64(statement, i));
        else if (sqlite3_column_type(statement, i) == SQLITE_TEXT)
            value = json_string((const char *)sqlite3_column_text(statement, i));
        json_object_set_new(row, sqlite3_column_name(statement, i), value);
    }
    return row;
}

json_t *firm_rows(struct firm *firm, const char *sql, const char *types, ...)
{
    json_t *rows = json_array();
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = prepare(firm, sql, types, args);
    va_end(args);
    while (statement && step(firm, statement)) json_array_append_new(rows, row_json(statement));
    sqlite3_finalize(statement);
    return rows;
}

json_t *firm_row(struct firm *firm, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = prepare(firm, sql, types, args);
    va_end(args);
    json_t *row = statement && step(firm, statement) ? row_json(statement) : NULL;
    sqlite3_finalize(statement);
    return row;
}

int64_t firm_run(struct firm *firm, const char *sql, const char *types, ...)
{
    va_list args;
    va_start(args, types);
    sqlite3_stmt *statement = prepare(firm, sql, types, args);
    va_end(args);
    if (!statement) return 0;
    while (step(firm, statement)) continue;
    sqlite3_finalize(statement);
    return firm->failed ? 0 : sqlite3_changes(firm->db);
}

/* Old books become young again: every day in them moves by the same number of days. */
static void move_forward(struct firm *firm, int64_t days)
{
    firm_run(firm, "begin immediate", "");
    for (size_t i = 0; i < ARRAY_LEN(day_columns); i++) {
        char *sql = sqlite3_mprintf("update %w set %w = date(%w, ?1 || ' days') where %w is not null",
                                    day_columns[i].table, day_columns[i].column, day_columns[i].column,
                                    day_columns[i].column);
        must(sql);
        firm_run(firm, sql, "i", days);
        sqlite3_free(sql);
    }
    firm_run(firm, "update facts set value = ?1 where name = 'begun_on'", "s", firm_day(firm, 0).text);
    firm_run(firm, firm->failed ? "rollback" : "commit", "");
}

static void fill(struct firm *firm)
{
    firm_run(firm, "begin immediate", "");
    sqlite3_exec(firm->db, schema, NULL, NULL, NULL);
    firm_run(firm, "insert into facts values ('begun_on', ?1), ('version', ?2)", "si", firm_day(firm, 0).text,
             (int64_t)BOOKS_VERSION);
    if (!firm->failed) firm_seed(firm);
    firm_run(firm, firm->failed ? "rollback" : "commit", "");
}

static int64_t number_of(struct firm *firm, const char *sql)
{
    json_t *row = firm_row(firm, sql, "");
    int64_t number = json_integer_value(json_object_get(row, "n"));
    json_decref(row);
    return number;
}

/* Only of what are the demo's books at all. */
static bool is_of_another_version(struct firm *firm)
{
    return number_of(firm, "select count(*) as n from facts where name = 'begun_on'") == 1 &&
           number_of(firm, "select cast(value as integer) as n from facts where name = 'version'") != BOOKS_VERSION;
}

/* Books of another version are made-up all the same: they are thrown away, and new ones are made. */
static void throw_away(struct firm *firm)
{
    sqlite3_exec(firm->db, "pragma foreign_keys = off", NULL, NULL, NULL);
    firm_run(firm, "begin immediate", "");
    json_t *tables = firm_rows(firm, "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'", "");
    size_t i;
    json_t *table;
    json_array_foreach(tables, i, table) {
        char *sql = sqlite3_mprintf("drop table \"%w\"", json_string_value(json_object_get(table, "name")));
        must(sql);
        firm_run(firm, sql, "");
        sqlite3_free(sql);
    }
    json_decref(tables);
    firm_run(firm, firm->failed ? "rollback" : "commit", "");
    sqlite3_exec(firm->db, "pragma foreign_keys = on", NULL, NULL, NULL);
}

bool firm_open(struct err *err, struct firm *firm, const char *file, int64_t fixed_today)
{
    *firm = (struct firm){ .fixed_today = fixed_today };
    if (sqlite3_open(file, &firm->db) != SQLITE_OK) {
        err_set(err, "%s cannot be opened: %s", file, sqlite3_errmsg(firm->db));
        firm_close(firm);
        return false;
    }
    sqlite3_busy_timeout(firm->db, 2000);
    /* Made-up books that can be made again: losing the last second in a power cut is no harm. */
    sqlite3_exec(firm->db, "pragma journal_mode = wal; pragma synchronous = off; pragma foreign_keys = on", NULL,
                 NULL, NULL);
    bool filled = number_of(firm, "select count(*) as n from sqlite_master where name = 'facts'");
    if (filled && is_of_another_version(firm)) {
        throw_away(firm);
        filled = false;
    }
    if (!filled && !firm->failed) fill(firm);
    json_t *begun = firm->failed ? NULL : firm_row(firm, "select value from facts where name = 'begun_on'", "");
    int64_t day = 0;
    if (begun && calendar_read(str_of(json_string_value(json_object_get(begun, "value"))), &day) &&
        firm_today(firm) - day > MOVE_AFTER_DAYS)
        move_forward(firm, firm_today(firm) - day);
    json_decref(begun);
    if (!firm->failed && day) return true;
    err_set(err, "%s does not hold the demo's books; delete it, and they are made again", file);
    firm_close(firm);
    return false;
}

void firm_close(struct firm *firm)
{
    sqlite3_close(firm->db);
    arena_free(&firm->arena);
    *firm = (struct firm){ 0 };
}

static bool read_secret(struct err *err, struct firm *firm, const char *directory, const char *name, struct str *out)
{
    char text[256];
    struct str path = arena_format(&firm->arena, "%s/%s", directory, name);
    FILE *file = fopen(path.data, "re");
    if (!file) return err_set(err, "%s cannot be read: %s", path.data, strerror(errno));
    size_t len = fread(text, 1, sizeof text, file);
    fclose(file);
    *out = arena_copy(&firm->arena, str_trim(str_make(text, len)));
    if (out->len < 16) return err_set(err, "%s must hold a secret of 16 bytes or more", path.data);
    return true;
}

bool firm_read_secrets(struct err *err, struct firm *firm, const char *directory)
{
    return read_secret(err, firm, directory, "action.token", &firm->token) &&
           read_secret(err, firm, directory, "identity.secret", &firm->secret);
}
