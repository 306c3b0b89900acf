/* log.h - the truth: append-only records, numbered without gaps, hash-chained, in data/log.db.
 *
 * A record is bytes to this folder: what stands in it is the caller's business. hash(n) =
 * BLAKE2b-256(hash(n-1) || seq as 8 bytes little-endian || at_ms as 8 bytes little-endian || record);
 * hash(0) is 32 zero bytes. log_append commits all records of a call in one transaction with
 * synchronous=FULL: when it returns LOG_DONE they are on disk.
 *
 * A failed write or a full disk rolls the whole call back and is LOG_FULL: the log is as before and
 * may be tried again. A failed fsync ends the process (fatal.h): after one, nobody knows what is on
 * disk, and a repeated fsync lies. So does a file found damaged while appending. One thread uses a
 * log at a time; readers open their own with log_open_reader. */
#ifndef LOG_LOG_H
#define LOG_LOG_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "log/fatal.h"

#define LOG_HASH_LEN 32
#define LOG_FORMAT 1

struct log;

/* Once, before any file of this folder is opened: SQLite keeps no account of its memory, for which all threads
 * would share one lock at every allocation, and takes memory for pages as they come, instead of for twenty at each
 * of a server's many connections. */
void log_start(void);

struct log_record {
    uint64_t seq;
    int64_t at_ms;
    struct str bytes;
};

enum log_result { LOG_DONE, LOG_FULL };

/* Opens or makes the log at `path`. Refuses a file of a newer format (naming both formats), one that
 * is not a log, and (to write) one whose last record does not fit the chain. `vfs` is NULL or the name of
 * an SQLite VFS (the fault tests' disk). */
struct log *log_open(struct err *err, const char *path, const char *vfs);
struct log *log_open_reader(struct err *err, const char *path, const char *vfs);
void log_close(struct log *log);

/* Moves what is committed from the write-ahead log into the file, beside the writer and without holding
 * it up: on a thread and with an open log of its own. Otherwise log_append does so itself once the
 * write-ahead log is long, and that one call then takes two fsyncs and many writes more. A full disk is
 * no failure: what is not moved now is moved later. */
struct log *log_open_mover(struct err *err, const char *path, const char *vfs);
void log_move(struct log *mover);
/* Pages in the write-ahead log after the last commit; starts anew when all are moved. */
int log_waiting_pages(const struct log *log);

uint64_t log_last(const struct log *log); /* seq of the last record, 0 if empty */
void log_last_hash(const struct log *log, uint8_t hash[LOG_HASH_LEN]);

/* records[i].seq must follow log_last without a gap. On LOG_FULL *err says what happened. */
enum log_result log_append(struct err *err, struct log *log, const struct log_record *records, size_t count);

/* Calls `each` for records from..to (0: to the end), in order, until it returns false. The bytes
 * live until `each` returns, and `each` must not read the same log. Number and hash of each record
 * are checked before it is given out: a damaged one is never served. */
typedef bool log_each_fn(void *context, const struct log_record *record);
bool log_read(struct err *err, struct log *log, uint64_t from, uint64_t to, log_each_fn *each,
              void *context) WARN_UNUSED;

/* One record by seq: false with err if absent or unreadable; bytes are copied into `arena`. */
bool log_get(struct err *err, struct log *log, uint64_t seq, struct arena *arena, struct log_record *out) WARN_UNUSED;

/* Snapshots of the state after record `seq`; only the newest two are kept. The reader refuses one
 * whose checksum is wrong and gives the one before. false with empty err: there is none. One of seq 0 may be
 * put, as a trial of the disk, and is as none. */
enum log_result log_put_snapshot(struct err *err, struct log *log, uint64_t seq, struct str state);
bool log_get_snapshot(struct err *err, struct log *log, uint64_t *seq, struct buf *state);
enum log_result log_drop_snapshots(struct err *err, struct log *log);

/* The stored hash of record `seq`, of 32 zero bytes for seq 0. *found is false if there is none. */
bool log_hash_at(struct err *err, struct log *log, uint64_t seq, uint8_t hash[LOG_HASH_LEN],
                 bool *found) WARN_UNUSED;

/* Recomputes the chain, from before the first record to behind the last that a snapshot knows of. On the
 * first bad record: false, *bad is its seq and err says what is wrong.
 * `progress` may be NULL; it is called now and then with the seq reached. */
bool log_verify(struct err *err, struct log *log, uint64_t *count, uint64_t *bad,
                void (*progress)(void *context, uint64_t seq, uint64_t last), void *context) WARN_UNUSED;

/* A consistent copy while others write (SQLite's online backup). */
bool log_backup(struct err *err, const char *from, const char *to) WARN_UNUSED;

#endif
