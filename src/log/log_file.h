/* log_file.h - what the files of log.h share: the open log and the hash chain. Private to src/log. */
#ifndef LOG_LOG_FILE_H
#define LOG_LOG_FILE_H

#include "log/log.h"
#include "log/sql.h"

struct log {
    struct sql sql;
    enum log_role { LOG_WRITER, LOG_READER, LOG_MOVER } role;
    uint64_t last;                   /* a writer's; a reader asks the file */
    uint8_t last_hash[LOG_HASH_LEN];
    int wal_limit;                   /* checkpoint above this many */
    sqlite3_stmt *begin, *commit, *insert, *range, *hash_at, *newest;
};

extern const struct sql_kind log_kind;

/* hash(n) of log.h, into `hash`. `hash` may be `before`. */
void log_chain(uint8_t hash[LOG_HASH_LEN], const uint8_t before[LOG_HASH_LEN],
               const struct log_record *record);

/* Walks the records from..to, checks number and chain of each, and gives them to `each` (may be
 * NULL). On a bad one: false, *bad is its seq. *last is the seq of the last good one. */
struct log_walk {
    uint64_t from, to;               /* to 0: to the end */
    log_each_fn *each;
    void *context;
    uint64_t last, bad;
};
bool log_walk(struct err *err, struct log *log, struct log_walk *walk) WARN_UNUSED;

/* Commits what is open; on failure rolls back. Then moves the write-ahead log when it is long. */
enum log_result log_commit(struct err *err, struct log *log);
/* Begins a transaction; false with err if the disk does not let us. */
bool log_begin(struct err *err, struct log *log) WARN_UNUSED;

#endif
