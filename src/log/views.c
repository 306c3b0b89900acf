#include "log/views.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/memory.h"
#include "log/views_file.h"

#define WAL_LIMIT_PAGES 4096

static const struct sql_kind views_kind = {
    .name = "views file", .application = 0x62637677, .format = VIEWS_FORMAT, .synchronous = "OFF",
    .secure_delete = true,
    .schema =
        "CREATE TABLE stream(who INTEGER, seq INTEGER, PRIMARY KEY(who, seq)) WITHOUT ROWID;"
        "CREATE TABLE line(conversation INTEGER, seq INTEGER, PRIMARY KEY(conversation, seq)) WITHOUT ROWID;"
        "CREATE TABLE conversation(id INTEGER PRIMARY KEY,"
        " customer INTEGER NOT NULL DEFAULT 0, agent INTEGER NOT NULL DEFAULT 0,"
        " opened_ms INTEGER NOT NULL DEFAULT 0, resolved_ms INTEGER NOT NULL DEFAULT 0,"
        " requested_ms INTEGER NOT NULL DEFAULT 0, met_ms INTEGER NOT NULL DEFAULT 0,"
        " stars INTEGER NOT NULL DEFAULT 0, assistant_answers INTEGER NOT NULL DEFAULT 0,"
        " messages INTEGER NOT NULL DEFAULT 0, recontact INTEGER NOT NULL DEFAULT 0,"
        " last_ms INTEGER NOT NULL DEFAULT 0, last_seq INTEGER NOT NULL DEFAULT 0,"
        " state TEXT NOT NULL DEFAULT '', topic TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',"
        " channel TEXT NOT NULL DEFAULT '', resolved_by TEXT NOT NULL DEFAULT '',"
        " disposition TEXT NOT NULL DEFAULT '', comment TEXT NOT NULL DEFAULT '',"
        " last_text TEXT NOT NULL DEFAULT '');"
        "CREATE INDEX conversation_by_last ON conversation(last_ms);"
        "CREATE INDEX conversation_by_state ON conversation(state, last_ms);"
        "CREATE INDEX conversation_by_agent ON conversation(agent, last_ms);"
        "CREATE INDEX conversation_by_customer ON conversation(customer, last_ms);"
        "CREATE INDEX conversation_by_opened ON conversation(opened_ms);"
        "CREATE INDEX conversation_answered ON conversation(opened_ms) WHERE assistant_answers>0 AND requested_ms=0;"
        "CREATE INDEX conversation_resolved ON conversation(resolved_ms) WHERE resolved_ms>0;"
        "CREATE INDEX conversation_rated ON conversation(last_ms, stars) WHERE stars>0;"
        "CREATE INDEX conversation_recontact ON conversation(opened_ms) WHERE recontact>0;"
        "CREATE TABLE request(id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, at_ms INTEGER NOT NULL,"
        " via TEXT NOT NULL, met_ms INTEGER NOT NULL DEFAULT 0, agent INTEGER NOT NULL DEFAULT 0);"
        "CREATE INDEX request_by_conversation ON request(conversation);"
        "CREATE INDEX request_by_time ON request(at_ms, met_ms, conversation);"
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, external_id TEXT NOT NULL, name TEXT NOT NULL,"
        " email TEXT NOT NULL);"
        /* Messages by seq; a customer's details under minus their id. */
        "CREATE TABLE text(id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, customer INTEGER NOT NULL,"
        " author TEXT NOT NULL, text TEXT NOT NULL);"
        "CREATE INDEX text_by_customer ON text(customer, id);"
        "CREATE VIRTUAL TABLE words USING fts5(text, content='text', content_rowid='id',"
        " tokenize='unicode61 remove_diacritics 2', prefix='1 2');"
        "INSERT INTO meta VALUES('cursor', 0), ('scrub', 0), ('clean', 0), ('boot', '');",
    .cure = "Stop the server and delete the file: the next start rebuilds it from the log.",
};

sqlite3_stmt *views_with(struct views *views, enum views_statement which, const int64_t *numbers, int count)
{
    sqlite3_stmt *statement = views->statements[which];
    sqlite3_reset(statement);
    for (int i = 0; i < count; i++) sqlite3_bind_int64(statement, i + 1, numbers[i]);
    return statement;
}

bool views_run(struct err *err, struct views *views, enum views_statement which, const int64_t *numbers, int count)
{
    return sql_run(err, &views->sql, views_with(views, which, numbers, count));
}

/* --- opening --- */

static bool prepare_all(struct err *err, struct views *views)
{
    static const char *const texts[] = {
#define TEXT_OF(name, text) text,
        VIEWS_STATEMENTS(TEXT_OF)
#undef TEXT_OF
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        if (!sql_prepare(err, &views->sql, &views->statements[i], texts[i])) return false;
    return views_prepare_rows(err, views);
}

/* Changes with every start of the computer. Where it cannot be read, any file that was not closed may be
 * one that was open when the computer went down. */
static void read_boot_id(char id[64])
{
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    ssize_t len = fd >= 0 ? read(fd, id, 63) : 0;
    if (fd >= 0) close(fd);
    if (len < 0) len = 0;
    id[len] = '\0';
    id[strcspn(id, "\n")] = '\0';
}

static bool set_meta(struct err *err, struct views *views, struct str name, struct str text, int64_t number)
{
    sqlite3_stmt *set = views_with(views, VIEWS_SET_META, NULL, 0);
    sql_bind_str(set, 1, name);
    if (text.data) sql_bind_str(set, 2, text);
    else sqlite3_bind_int64(set, 2, number);
    return sql_run(err, &views->sql, set);
}

/* Nothing here is synced, so only the page cache holds it together: after a power cut the file may be
 * a mix of old and new pages. A process that died alone does no harm. */
static bool check_boot(struct err *err, struct views *views)
{
    char id[64], query[160];
    int64_t clean = 0, same = 0;
    read_boot_id(id);
    snprintf(query, sizeof query, "SELECT value='%s' FROM meta WHERE name='boot'", id);
    if (!sql_number(err, &views->sql, "SELECT value FROM meta WHERE name='clean'", &clean)
        || !sql_number(err, &views->sql, query, &same)) return false;
    if (!clean && (!same || !id[0]) && views->cursor)
        return sql_damaged(err, &views->sql, "it was open when the computer went down");
    /* This one must be on disk before anything else is: it is what the next start goes by. */
    return sql_exec(err, &views->sql, "PRAGMA synchronous=EXTRA")
        && set_meta(err, views, STR("boot"), str_of(id), 0)
        && set_meta(err, views, STR("clean"), (struct str){ 0 }, 0)
        && sql_checkpoint(err, &views->sql, SQLITE_CHECKPOINT_PASSIVE)
        && sql_exec(err, &views->sql, "PRAGMA synchronous=OFF");
}

static bool scrub(struct err *err, struct views *views);

static struct views *open_file(struct err *err, const char *path, bool *unfit)
{
    struct views *views = MEMORY_NEW(struct views);
    int64_t cursor = 0, unfinished = 0;
    if (sql_open(err, &views->sql, &views_kind, path, NULL, SQL_WRITE)) {
        if (prepare_all(err, views)
            && sql_number(err, &views->sql, "SELECT value FROM meta WHERE name='cursor'", &cursor)
            && sql_number(err, &views->sql, "SELECT value FROM meta WHERE name='scrub'", &unfinished)) {
            views->cursor = (uint64_t)cursor;
            views->scrub = unfinished;
            if (check_boot(err, views) && (!views->scrub || scrub(err, views))) return views;
        }
    }
    *unfit = views->sql.unfit;
    views_close(views);
    return NULL;
}

void views_remove(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    struct arena arena = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        unlink(arena_cstr(&arena, arena_format(&arena, "%s%s", path, ends[i])));
    arena_free(&arena);
}

struct views *views_open(struct err *err, const char *path, bool *rebuilt)
{
    bool unfit = false;
    struct views *views = open_file(err, path, &unfit);
    *rebuilt = !views && unfit;
    if (!*rebuilt) return views;
    views_remove(path);
    return open_file(err, path, &unfit);
}

static void close_cleanly(struct views *views)
{
    struct err ignored;
    bool done = sql_checkpoint(&ignored, &views->sql, SQLITE_CHECKPOINT_TRUNCATE)
        && sql_exec(&ignored, &views->sql, "PRAGMA synchronous=EXTRA")
        && set_meta(&ignored, views, STR("clean"), (struct str){ 0 }, 1)
        && sql_checkpoint(&ignored, &views->sql, SQLITE_CHECKPOINT_TRUNCATE);
    UNUSED(done); /* else the next start after a restart of the computer builds it anew */
}

void views_close(struct views *views)
{
    if (!views) return;
    if (views->sql.db && views->statements[VIEWS_SET_META]) {
        views_roll_back(views);
        close_cleanly(views);
    }
    for (size_t i = 0; i < VIEWS_STATEMENT_COUNT; i++) sqlite3_finalize(views->statements[i]);
    sqlite3_finalize(views->conversation_put);
    views_drop_held(views);
    sql_close(&views->sql);
    memory_free(views);
}

uint64_t views_cursor(const struct views *views)
{
    return views->cursor;
}

uint64_t views_cursor_of(const char *path)
{
    struct sql sql;
    struct err ignored;
    int64_t cursor = 0;
    if (!sql_open(&ignored, &sql, &views_kind, path, NULL, SQL_READ)) return 0;
    bool read = sql_number(&ignored, &sql, "SELECT value FROM meta WHERE name='cursor'", &cursor);
    sql_close(&sql);
    return read ? (uint64_t)cursor : 0;
}

/* --- groups of changes --- */

bool views_begin(struct err *err, struct views *views)
{
    must(!views->in_group);
    views->in_group = views_run(err, views, VIEWS_BEGIN, NULL, 0);
    return views->in_group;
}

void views_roll_back(struct views *views)
{
    sql_roll_back(&views->sql);
    views_drop_held(views);
    views->in_group = false;
}

/* The merge drops the words of deleted texts from the full-text index, VACUUM what page splits left
 * in unused bytes (by way of a file: a copy of everything may not fit in memory), and the cut the
 * copies in the write-ahead log. */
static bool scrub(struct err *err, struct views *views)
{
    bool done = sql_exec(err, &views->sql, "INSERT INTO words(words) VALUES('optimize')")
        && sql_exec(err, &views->sql, "PRAGMA temp_store=FILE; VACUUM; PRAGMA temp_store=MEMORY")
        && sql_checkpoint(err, &views->sql, SQLITE_CHECKPOINT_TRUNCATE)
        && set_meta(err, views, STR("scrub"), (struct str){ 0 }, 0);
    if (done) views->scrub = false;
    return done;
}

static bool commit(struct err *err, struct views *views, uint64_t cursor)
{
    if (!views_settle(err, views)
        || !set_meta(err, views, STR("cursor"), (struct str){ 0 }, (int64_t)cursor)
        || (views->scrub && !set_meta(err, views, STR("scrub"), (struct str){ 0 }, 1))
        || !views_run(err, views, VIEWS_COMMIT, NULL, 0)) {
        views_roll_back(views);
        return false;
    }
    views->in_group = false;
    views->cursor = cursor;
    return true;
}

bool views_commit(struct err *err, struct views *views, uint64_t cursor)
{
    must(views->in_group);
    if (!commit(err, views, cursor)) return false;
    struct err ignored;
    if (views->scrub) {
        /* The group is in; the scrub is tried again by the next group, and at the next start. */
        if (!scrub(&ignored, views)) fprintf(stderr, "beckon: erased text is not yet gone from the views: %s\n",
                                             ignored.text);
    } else if (views->sql.wal_frames > WAL_LIMIT_PAGES) {
        if (!sql_checkpoint(&ignored, &views->sql, SQLITE_CHECKPOINT_PASSIVE)) views->sql.wal_frames = 0;
    }
    return true;
}
