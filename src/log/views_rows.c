#include "log/views_file.h"

/* A parameter that is NULL leaves its column as it is, or empty in a new row. */
#define COLUMN(name) "," #name
#define NEW_NUMBER(name) ",coalesce(:" #name ",0)"
#define NEW_COUNT(name) ",coalesce(:" #name ",0)+:more_" #name
#define NEW_TEXT(name) ",coalesce(:" #name ",'')"
#define CHANGED(name) "," #name "=coalesce(:" #name "," #name ")"
#define CHANGED_COUNT(name) "," #name "=coalesce(:" #name "," #name ")+:more_" #name

static const char conversation_put[] =
    "INSERT INTO conversation(id" CONVERSATION_NUMBERS(COLUMN) CONVERSATION_COUNTS(COLUMN) CONVERSATION_TEXTS(COLUMN) ")"
    " VALUES(:id" CONVERSATION_NUMBERS(NEW_NUMBER) CONVERSATION_COUNTS(NEW_COUNT) CONVERSATION_TEXTS(NEW_TEXT) ")"
    " ON CONFLICT(id) DO UPDATE SET id=id" CONVERSATION_NUMBERS(CHANGED) CONVERSATION_COUNTS(CHANGED_COUNT) CONVERSATION_TEXTS(CHANGED);

bool views_prepare_rows(struct err *err, struct views *views)
{
    return sql_prepare(err, &views->sql, &views->conversation_put, conversation_put);
}

bool views_index(struct err *err, struct views *views, uint64_t who, uint64_t seq)
{
    return VIEWS_RUN(err, views, VIEWS_STREAM_PUT, (int64_t)who, (int64_t)seq);
}

bool views_index_conversation(struct err *err, struct views *views, uint64_t conversation, uint64_t seq)
{
    return VIEWS_RUN(err, views, VIEWS_LINE_PUT, (int64_t)conversation, (int64_t)seq);
}

/* --- conversations and requests --- */

void conversation_change_init(struct conversation_change *change, uint64_t id)
{
    *change = (struct conversation_change){ .id = id };
#define UNCHANGED(name) change->name = -1;
    CONVERSATION_NUMBERS(UNCHANGED) CONVERSATION_COUNTS(UNCHANGED)
#undef UNCHANGED
}

static void bind_number(sqlite3_stmt *put, int at, int64_t number)
{
    if (number == -1) sqlite3_bind_null(put, at);
    else sqlite3_bind_int64(put, at, number);
}

static void bind_text(sqlite3_stmt *put, int at, struct str text)
{
    if (text.data) sql_bind_str(put, at, text);
    else sqlite3_bind_null(put, at);
}

bool views_put_conversation(struct err *err, struct views *views, const struct conversation_change *change)
{
    sqlite3_stmt *put = views->conversation_put;
    int at = 1;
    sqlite3_bind_int64(put, at++, (sqlite3_int64)change->id);
#define BIND_NUMBER(name) bind_number(put, at++, change->name);
#define BIND_TEXT(name) bind_text(put, at++, change->name);
    CONVERSATION_NUMBERS(BIND_NUMBER)
    bind_number(put, at++, change->messages);
    sqlite3_bind_int64(put, at++, change->count_message);
    bind_number(put, at++, change->assistant_answers);
    sqlite3_bind_int64(put, at++, change->count_answer);
    CONVERSATION_TEXTS(BIND_TEXT)
#undef BIND_NUMBER
#undef BIND_TEXT
    return sql_run(err, &views->sql, put);
}

bool views_request(struct err *err, struct views *views, uint64_t conversation, struct str via, int64_t at_ms)
{
    if (!views_let_go_of(err, views, conversation)) return false;
    sqlite3_stmt *put = views_with(views, VIEWS_REQUEST_PUT, (int64_t[]){ (int64_t)conversation, at_ms }, 2);
    sql_bind_str(put, 3, via);
    return sql_run(err, &views->sql, put)
        && VIEWS_RUN(err, views, VIEWS_REQUEST_NOTE, (int64_t)conversation, at_ms);
}

bool views_request_met(struct err *err, struct views *views, uint64_t conversation, uint64_t agent, int64_t at_ms)
{
    if (!views_let_go_of(err, views, conversation)) return false;
    if (!VIEWS_RUN(err, views, VIEWS_REQUEST_MEET, (int64_t)conversation, at_ms, (int64_t)agent)) return false;
    return sqlite3_changes(views->sql.db) == 0
        || VIEWS_RUN(err, views, VIEWS_MEET_NOTE, (int64_t)conversation, at_ms);
}

/* --- text for the search --- */

static bool put_text(struct err *err, struct views *views, int64_t id, uint64_t conversation, uint64_t customer,
                     struct str author, struct str text)
{
    sqlite3_stmt *put = views_with(views, VIEWS_TEXT_PUT, (int64_t[]){ id, (int64_t)conversation, (int64_t)customer }, 3);
    sql_bind_str(put, 4, author);
    sql_bind_str(put, 5, text);
    if (!sql_run(err, &views->sql, put)) return false;
    sqlite3_stmt *words = views_with(views, VIEWS_WORDS_PUT, &id, 1);
    sql_bind_str(words, 2, text);
    return sql_run(err, &views->sql, words);
}

/* The index keeps no copy of the text, so it must be told what to take out. */
static bool drop_text(struct err *err, struct views *views, int64_t id)
{
    bool row;
    sqlite3_stmt *get = views_with(views, VIEWS_TEXT_GET, &id, 1);
    if (!sql_step(err, &views->sql, get, &row)) return false;
    sqlite3_stmt *drop = views_with(views, VIEWS_WORDS_DROP, &id, 1);
    if (row) sql_bind_str(drop, 2, sql_column(get, 0));
    bool done = !row || sql_run(err, &views->sql, drop);
    sqlite3_reset(get);
    return done && (!row || VIEWS_RUN(err, views, VIEWS_TEXT_DROP, id));
}

bool views_message(struct err *err, struct views *views, uint64_t seq, uint64_t conversation, uint64_t customer,
                   struct str author, struct str text)
{
    must(seq && conversation);
    return put_text(err, views, (int64_t)seq, conversation, customer, author, text);
}

bool views_customer(struct err *err, struct views *views, uint64_t customer, struct str external_id,
                    struct str name, struct str email)
{
    must(customer);
    sqlite3_stmt *put = views_with(views, VIEWS_CUSTOMER_PUT, (int64_t[]){ (int64_t)customer }, 1);
    sql_bind_str(put, 2, external_id);
    sql_bind_str(put, 3, name);
    sql_bind_str(put, 4, email);
    if (!sql_run(err, &views->sql, put) || !drop_text(err, views, -(int64_t)customer)) return false;
    struct arena arena = { 0 };
    struct str details = arena_format(&arena, "%.*s\n%.*s\n%.*s", STR_ARG(name), STR_ARG(email), STR_ARG(external_id));
    bool done = details.len == 2 || put_text(err, views, -(int64_t)customer, 0, customer, STR("customer"), details);
    arena_free(&arena);
    return done;
}

/* --- erasing --- */

static bool erase_texts(struct err *err, struct views *views, uint64_t customer)
{
    int64_t id = INT64_MIN;
    bool row;
    do {
        sqlite3_stmt *next = views_with(views, VIEWS_TEXT_IDS, (int64_t[]){ (int64_t)customer, id }, 2);
        if (!sql_step(err, &views->sql, next, &row)) return false;
        if (row) id = sqlite3_column_int64(next, 0);
        sqlite3_reset(next);
        if (row && !drop_text(err, views, id)) return false;
    } while (row);
    return true;
}

bool views_erase(struct err *err, struct views *views, uint64_t customer)
{
    must(customer);
    bool alone = !views->in_group;
    if (alone && !views_begin(err, views)) return false;
    if (!views_settle(err, views) || !erase_texts(err, views, customer)
        || !VIEWS_RUN(err, views, VIEWS_CUSTOMER_DROP, (int64_t)customer)
        || !VIEWS_RUN(err, views, VIEWS_CONVERSATION_BLANK, (int64_t)customer)) {
        if (alone) views_roll_back(views);
        return false;
    }
    views->scrub = true;
    return !alone || views_commit(err, views, views->cursor);
}
