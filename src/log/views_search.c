#include <stdio.h>

#include "base/limits.h"
#include "base/memory.h"
#include "log/views_file.h"

#define ROWS "SELECT c.id, c.customer, u.name, c.agent, c.state, c.topic, c.language, c.opened_ms, c.last_ms, " \
    "c.last_text, c.stars, c.requested_ms, c.met_ms, c.resolved_ms, c.recontact " \
    "FROM conversation c LEFT JOIN customer u ON u.id=c.customer WHERE c.last_ms<:before"

/* What matches comes newest first out of the index, so the cut for very common words keeps the newest.
 * A page further back starts at the last word of its first conversation. */
#define MATCHING " AND c.id IN (" \
    "SELECT conversation FROM text WHERE id IN (" \
        "SELECT rowid FROM words WHERE words MATCH :words AND rowid>0 AND rowid<=:bound ORDER BY rowid DESC LIMIT :most) " \
    "UNION SELECT id FROM conversation WHERE customer IN (" \
        "SELECT -rowid FROM words WHERE words MATCH :words AND rowid<0 ORDER BY rowid LIMIT :most))"

#define ORDER " ORDER BY c.last_ms DESC, c.id DESC LIMIT :limit"

/* Anything that is not a letter or digit only parts words. Bytes above ASCII may be either. */
static bool is_wordlike(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80);
}

/* Each word becomes a quoted prefix, so that nothing the user types is an operator. */
static bool words_of(struct str text, struct buf *out)
{
    size_t at = 0, from;
    while (at < text.len) {
        while (at < text.len && !is_wordlike(text.data[at])) at++;
        for (from = at; at < text.len && is_wordlike(text.data[at]);) at++;
        if (at > from) buf_add_format(out, "\"%.*s\"* ", (int)(at - from), text.data + from);
    }
    return out->len > 0 && !out->full;
}

static void bind_named(sqlite3_stmt *get, const char *name, int64_t number)
{
    int at = sqlite3_bind_parameter_index(get, name);
    if (at) sqlite3_bind_int64(get, at, number);
}

/* No message above this seq can belong to a conversation whose last word was before `before_ms`. */
static bool find_bound(struct err *err, struct views *views, int64_t before_ms, int64_t *bound)
{
    char query[192];
    *bound = INT64_MAX;
    if (!before_ms) return true;
    snprintf(query, sizeof query, "SELECT coalesce((SELECT last_seq FROM conversation WHERE last_ms<%lld "
             "ORDER BY last_ms DESC, last_seq DESC LIMIT 1), 0)", (long long)before_ms);
    if (!sql_number(err, &views->sql, query, bound)) return false;
    if (*bound == 0) *bound = INT64_MAX;
    return true;
}

static void add_row(struct buf *out, sqlite3_stmt *get)
{
    static const char *const names[] = { "conversation", "customer", "name", "agent", "state", "topic", "language",
        "opened_at", "last_at", "last_text", "stars", "requested_at", "met_at", "resolved_at", "recontact" };
    for (int i = 0; i < (int)ARRAY_LEN(names); i++) {
        bool text = i == 2 || (i >= 4 && i <= 6) || i == 9;
        buf_add_format(out, "%s\"%s\":", i ? "," : "{", names[i]);
        if (text) buf_add_json_str(out, sql_column(get, i));
        else if (i == 14) buf_add_str(out, sqlite3_column_int64(get, i) ? STR("true") : STR("false"));
        else buf_add_i64(out, sqlite3_column_int64(get, i));
    }
    buf_add_char(out, '}');
}

static bool add_rows(struct err *err, struct views *views, sqlite3_stmt *get, size_t limit, struct buf *out)
{
    int64_t last_ms = 0;
    bool row;
    buf_add_char(out, '[');
    for (size_t count = 0; ; count++) {
        if (!sql_step(err, &views->sql, get, &row)) return false;
        if (!row || (count >= limit && sqlite3_column_int64(get, 8) != last_ms)) break;
        last_ms = sqlite3_column_int64(get, 8);
        if (count) buf_add_char(out, ',');
        add_row(out, get);
    }
    buf_add_char(out, ']');
    return true;
}

bool views_conversations(struct err *err, struct views *views, const struct views_filter *filter, struct buf *out)
{
    struct buf words, query;
    sqlite3_stmt *get = NULL;
    int64_t bound;
    must(!views->held.count); /* views_settle */
    buf_init(&words, LIMIT_SEARCH * 8);
    buf_init(&query, 4096);
    bool searched = filter->text.len > 0, some = !searched || words_of(filter->text, &words);
    buf_add_format(&query, ROWS "%s%s%s%s%s" ORDER, filter->state.len ? " AND c.state=:state" : "",
                   filter->agent ? " AND c.agent=:agent" : "", filter->customer ? " AND c.customer=:customer" : "",
                   filter->resolved_after_ms ? " AND (c.state<>'resolved' OR c.resolved_ms>:resolved)" : "",
                   searched ? MATCHING : "");
    bool done = find_bound(err, views, filter->before_ms, &bound)
        && sql_prepare(err, &views->sql, &get, buf_cstr(&query));
    if (done && !some) {
        buf_add_str(out, STR("[]"));
    } else if (done) {
        size_t limit = filter->limit && filter->limit < LIMIT_PAGE ? filter->limit : LIMIT_PAGE;
        bind_named(get, ":before", filter->before_ms ? filter->before_ms : INT64_MAX);
        bind_named(get, ":agent", (int64_t)filter->agent);
        bind_named(get, ":customer", (int64_t)filter->customer);
        bind_named(get, ":resolved", filter->resolved_after_ms);
        bind_named(get, ":limit", (int64_t)limit + LIMIT_PAGE);
        bind_named(get, ":bound", bound);
        bind_named(get, ":most", VIEWS_MATCHES_MAX);
        if (filter->state.len) sql_bind_str(get, sqlite3_bind_parameter_index(get, ":state"), filter->state);
        if (searched) sql_bind_str(get, sqlite3_bind_parameter_index(get, ":words"), buf_str(&words));
        done = add_rows(err, views, get, limit, out);
    }
    sqlite3_finalize(get);
    buf_free(&words);
    buf_free(&query);
    return done;
}
