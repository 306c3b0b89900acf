/* log.c - what the log adds to its disk and to bare SQLite, in the same run on the same file system.
 *
 * The peer of an append is a bare SQLite file (write-ahead log, synchronous=FULL) that takes the same
 * rows, hashes included, in groups of the same size; both are run in turns and the median of the
 * rounds counts. The limit of a single commit is one fdatasync of 4 kB.
 *
 * Usage: log [FOLDER]; scratch files are made in FOLDER (default: the present one) and removed. */
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/random.h"
#include "log/keys.h"
#include "log/log.h"

#define ROUNDS 5
#define RECORD_LEN 200 /* a sealed message of about 100 characters */
#define COMMITS 1000

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void check(bool done, const char *what)
{
    if (done) return;
    fprintf(stderr, "bench: %s\n", what);
    exit(1);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

static void print_line(const char *name, double value, const char *unit, const char *target, double peer, double ratio)
{
    printf("%s\t%.*f\t%s\t%s\t%.*f\t%.2f\n", name, value < 100 ? 3 : 0, value, unit, target, peer < 100 ? 3 : 0, peer, ratio);
    fflush(stdout);
}

static void remove_database(const char *path)
{
    static const char *const ends[] = { "", "-wal", "-shm", "-journal" };
    char name[4096];
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

/* --- the three ways to put bytes on the disk --- */

static char *random_bytes(size_t len)
{
    struct random random = { 1 };
    char *bytes = memory_new(len, 1);
    for (size_t i = 0; i < len; i++) bytes[i] = (char)random_next(&random);
    return bytes;
}

/* Records a second through log_append, `group` to a commit. */
static double append_rate(const char *path, const char *bytes, size_t group, size_t count)
{
    struct err err = { "" };
    remove_database(path);
    struct log *log = log_open(&err, path, NULL);
    check(log != NULL, err.text);
    struct log_record *records = MEMORY_NEW_ARRAY(struct log_record, group);
    double start = seconds();
    for (uint64_t seq = 1; seq <= count;) {
        for (size_t i = 0; i < group; i++, seq++)
            records[i] = (struct log_record){ seq, (int64_t)seq, str_make(bytes + seq % 1000, RECORD_LEN) };
        check(log_append(&err, log, records, group) == LOG_DONE, err.text);
    }
    double rate = (double)count / (seconds() - start);
    log_close(log);
    memory_free(records);
    return rate;
}

static void exec(sqlite3 *db, const char *sql)
{
    check(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(db));
}

static double bare_rate(const char *path, const char *bytes, size_t group, size_t count)
{
    sqlite3 *db;
    sqlite3_stmt *insert;
    remove_database(path);
    check(sqlite3_open(path, &db) == SQLITE_OK, "open");
    exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE record(seq INTEGER PRIMARY KEY,"
             " at_ms INTEGER NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL)");
    check(sqlite3_prepare_v2(db, "INSERT INTO record VALUES(?,?,?,?)", -1, &insert, NULL) == SQLITE_OK, "prepare");
    double start = seconds();
    for (sqlite3_int64 seq = 1; seq <= (sqlite3_int64)count;) {
        exec(db, "BEGIN");
        for (size_t i = 0; i < group; i++, seq++) {
            sqlite3_bind_int64(insert, 1, seq);
            sqlite3_bind_int64(insert, 2, seq);
            sqlite3_bind_blob(insert, 3, bytes, LOG_HASH_LEN, SQLITE_STATIC);
            sqlite3_bind_blob(insert, 4, bytes + seq % 1000, RECORD_LEN, SQLITE_STATIC);
            check(sqlite3_step(insert) == SQLITE_DONE, "insert");
            sqlite3_reset(insert);
        }
        exec(db, "COMMIT");
    }
    double rate = (double)count / (seconds() - start);
    sqlite3_finalize(insert);
    sqlite3_close(db);
    remove_database(path);
    return rate;
}

/* One event committed, and one fdatasync of 4 kB in a file that has its size, in turns; medians. */
static void time_commit(const char *path, const char *bytes)
{
    struct err err = { "" };
    double commits[COMMITS], syncs[COMMITS];
    char other[4096];
    snprintf(other, sizeof other, "%s-sync", path);
    remove_database(path);
    struct log *log = log_open(&err, path, NULL);
    check(log != NULL, err.text);
    int fd = open(other, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    check(fd >= 0, "open");
    for (int i = 0; i < 64; i++) check(pwrite(fd, bytes, 4096, i * 4096) == 4096, "write");
    check(fsync(fd) == 0, "fsync");
    for (int i = 0; i < COMMITS; i++) {
        struct log_record record = { (uint64_t)i + 1, i, str_make(bytes, RECORD_LEN) };
        double start = seconds();
        check(log_append(&err, log, &record, 1) == LOG_DONE, err.text);
        double middle = seconds();
        check(pwrite(fd, bytes, 4096, i % 64 * 4096) == 4096 && fdatasync(fd) == 0, "fdatasync");
        commits[i] = middle - start;
        syncs[i] = seconds() - middle;
    }
    close(fd);
    unlink(other);
    log_close(log);
    remove_database(path);
    double commit = median(commits, COMMITS) * 1e3, sync = median(syncs, COMMITS) * 1e3;
    print_line("log: one event committed (limit: one fdatasync of 4 kB)", commit, "ms", "<= 2.5 x", sync, commit / sync);
}

/* --- the lines --- */

static void compare_appends(const char *path, const char *bytes, size_t group, size_t count)
{
    double ours[ROUNDS], bare[ROUNDS];
    char name[64];
    for (int round = 0; round < ROUNDS; round++) {
        ours[round] = append_rate(path, bytes, group, count);
        bare[round] = bare_rate(path, bytes, group, count);
        remove_database(path);
    }
    double rate = median(ours, ROUNDS), peer = median(bare, ROUNDS);
    snprintf(name, sizeof name, "log: events/s, %zu to a commit (peer: bare SQLite)", group);
    print_line(name, rate, "/s", ">= 0.8 x", peer, rate / peer);
}

static bool count_record(void *context, const struct log_record *record)
{
    *(uint64_t *)context += record->bytes.len;
    return true;
}

/* Reading back with every hash checked; the peer is SQLite stepping through the same rows. */
static void compare_reading(const char *path, const char *bytes, size_t count)
{
    struct err err = { "" };
    uint64_t read = 0, verified, bad;
    append_rate(path, bytes, 1000, count);
    double start = seconds();
    struct log *log = log_open(&err, path, NULL);
    check(log != NULL, err.text);
    double open_ms = 1e3 * (seconds() - start);
    start = seconds();
    check(log_read(&err, log, 1, 0, count_record, &read), err.text);
    double rate = (double)count / (seconds() - start);
    start = seconds();
    check(log_verify(&err, log, &verified, &bad, NULL, NULL) && verified == count, err.text);
    double verify_rate = (double)count / (seconds() - start);
    log_close(log);
    sqlite3 *db;
    sqlite3_stmt *all;
    check(sqlite3_open(path, &db) == SQLITE_OK, "open");
    check(sqlite3_prepare_v2(db, "SELECT seq, at_ms, hash, bytes FROM record ORDER BY seq", -1, &all, NULL) == SQLITE_OK, "prepare");
    start = seconds();
    while (sqlite3_step(all) == SQLITE_ROW) read += (uint64_t)sqlite3_column_bytes(all, 3);
    double peer = (double)count / (seconds() - start);
    sqlite3_finalize(all);
    sqlite3_close(db);
    remove_database(path);
    check(read == 2 * count * RECORD_LEN, "not all records were read");
    print_line("log: events/s read, hashes checked (peer: bare SELECT)", rate, "/s", ">= 0.2 x", peer, rate / peer);
    print_line("log: events/s verified (peer: bare SELECT)", verify_rate, "/s", ">= 0.2 x", peer, verify_rate / peer);
    print_line("log: opening, last link checked", open_ms, "ms", "<= 200", 200, open_ms / 200);
}

/* A key deleted among as many: overwritten, vacuumed, cut out of the write-ahead log. */
static void time_key_deletion(const char *path, const char *bytes, size_t count)
{
    struct err err = { "" };
    struct key_row *rows = MEMORY_NEW_ARRAY(struct key_row, count);
    remove_database(path);
    struct keys *keys = keys_open(&err, path, NULL);
    check(keys != NULL, err.text);
    for (size_t i = 0; i < count; i++) rows[i] = (struct key_row){ 2 * (i + 1), str_make(bytes + i % 1000, 73) };
    check(keys_put(&err, keys, rows, count) == LOG_DONE, err.text);
    double start = seconds();
    check(keys_delete(&err, keys, 1000) == LOG_DONE, err.text);
    double ms = 1e3 * (seconds() - start);
    keys_close(keys);
    remove_database(path);
    memory_free(rows);
    print_line("keys: deleting one of 100,000, no byte left", ms, "ms", "<= 1000", 1000, ms / 1000);
}

int main(int count, char **arguments)
{
    char path[4000];
    snprintf(path, sizeof path, "%s/bench-log-%ld.db", count > 1 ? arguments[1] : ".", (long)getpid());
    char *bytes = random_bytes(8192);
    time_commit(path, bytes);
    compare_appends(path, bytes, 1, 200);
    compare_appends(path, bytes, 10, 2000);
    compare_appends(path, bytes, 100, 20000);
    compare_appends(path, bytes, 1000, 100000);
    compare_reading(path, bytes, 200000);
    time_key_deletion(path, bytes, 100000);
    memory_free(bytes);
    return 0;
}
