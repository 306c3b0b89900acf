/* views_file.h - the open views, shared by the files of views.h. Private to src/log. */
#ifndef LOG_VIEWS_FILE_H
#define LOG_VIEWS_FILE_H

#include "base/map.h"
#include "log/sql.h"
#include "log/views.h"

/* X(name, text): statements, prepared once. */
#define VIEWS_STATEMENTS(X) \
    X(BEGIN, "BEGIN IMMEDIATE") \
    X(COMMIT, "COMMIT") \
    X(SET_META, "INSERT OR REPLACE INTO meta VALUES(?,?)") \
    X(STREAM_PUT, "INSERT OR IGNORE INTO stream VALUES(?,?)") \
    X(STREAM_GET, "SELECT seq FROM stream WHERE who=? AND seq>? ORDER BY seq LIMIT ?") \
    X(LINE_PUT, "INSERT OR IGNORE INTO line VALUES(?,?)") \
    X(LINE_GET, "SELECT seq FROM line WHERE conversation=? AND seq>? ORDER BY seq LIMIT ?") \
    X(LINE_GET_BACK, "SELECT seq FROM line WHERE conversation=? AND seq<=? ORDER BY seq DESC LIMIT ?") \
    X(REQUEST_PUT, "INSERT INTO request(conversation, at_ms, via) VALUES(?1,?2,?3)") \
    X(REQUEST_MEET, "UPDATE request SET met_ms=?2, agent=?3 WHERE id=" \
        "(SELECT max(id) FROM request WHERE conversation=?1) AND met_ms=0") \
    X(REQUEST_NOTE, "UPDATE conversation SET requested_ms=?2, met_ms=0 WHERE id=?1") \
    X(MEET_NOTE, "UPDATE conversation SET met_ms=?2 WHERE id=?1") \
    X(TEXT_PUT, "INSERT INTO text(id, conversation, customer, author, text) VALUES(?1,?2,?3,?4,?5)") \
    X(WORDS_PUT, "INSERT INTO words(rowid, text) VALUES(?1,?2)") \
    X(TEXT_GET, "SELECT text FROM text WHERE id=?1") \
    X(WORDS_DROP, "INSERT INTO words(words, rowid, text) VALUES('delete',?1,?2)") \
    X(TEXT_DROP, "DELETE FROM text WHERE id=?1") \
    X(TEXT_IDS, "SELECT id FROM text WHERE customer=?1 AND id>?2 ORDER BY id LIMIT 1") \
    X(CUSTOMER_PUT, "INSERT OR REPLACE INTO customer VALUES(?1,?2,?3,?4)") \
    X(CUSTOMER_DROP, "DELETE FROM customer WHERE id=?1") \
    X(CONVERSATION_BLANK, "UPDATE conversation SET last_text='', comment='' WHERE customer=?1")

enum views_statement {
#define NAME_OF(name, text) VIEWS_##name,
    VIEWS_STATEMENTS(NAME_OF)
#undef NAME_OF
    VIEWS_STATEMENT_COUNT
};

/* X(member) of struct conversation_change, in the order of the statement's parameters. */
#define CONVERSATION_NUMBERS(X) X(customer) X(agent) X(opened_ms) X(resolved_ms) X(requested_ms) X(met_ms) X(stars) \
    X(recontact) X(last_ms) X(last_seq)
#define CONVERSATION_COUNTS(X) X(messages) X(assistant_answers)
#define CONVERSATION_TEXTS(X) X(state) X(topic) X(language) X(channel) X(resolved_by) X(disposition) X(comment) X(last_text)

struct views {
    struct sql sql;
    uint64_t cursor;
    bool in_group, scrub;   /* scrub: something was erased; do away with its bytes after the commit */
    struct map held;        /* of the open group: conversation -> struct held, not yet in the file */
    sqlite3_stmt *statements[VIEWS_STATEMENT_COUNT], *conversation_put;
};

/* The statement, reset and with `count` numbers bound from 1 on. */
sqlite3_stmt *views_with(struct views *views, enum views_statement which, const int64_t *numbers, int count);
bool views_run(struct err *err, struct views *views, enum views_statement which, const int64_t *numbers, int count) WARN_UNUSED;
#define VIEWS_RUN(err, views, which, ...) \
    views_run(err, views, which, (const int64_t[]){ __VA_ARGS__ }, \
              (int)(sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t)))

bool views_prepare_rows(struct err *err, struct views *views) WARN_UNUSED;
bool views_put_conversation(struct err *err, struct views *views, const struct conversation_change *change) WARN_UNUSED;

/* views_held.c: what the group knows and the file does not; of one conversation, and all of it away. */
bool views_let_go_of(struct err *err, struct views *views, uint64_t conversation) WARN_UNUSED;
void views_drop_held(struct views *views);

#endif
