/* A power cut under the log: an ext4 file system on a loop device is shut down without flushing its
 * journal while another process appends. What that process acknowledged (over a pipe, so the list is
 * not on the file system that dies) is there after mounting again.
 *
 * SIGKILL alone would prove nothing: the page cache outlives the process. That the method does lose what
 * was not synced is a test of its own. Needs root and loop devices; skipped with a message elsewhere. */
#include "../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "base/random.h"
#include "log/keys.h"
#include "log/log.h"

#define SHUT_DOWN _IOR('X', 125, uint32_t) /* EXT4_IOC_SHUTDOWN */
#define WITHOUT_FLUSHING_THE_JOURNAL 2
#define ROUNDS_DEFAULT 8
#define WRAPPED_LEN 73

static struct folder folder;
static const char *image, *mounted, *log_path, *keys_path;
static bool possible;

/* What the writer has been promised by the disk so far. */
struct promise {
    uint64_t seq, key, deleted; /* deleted: those up to this one that go */
};

/* --- the file system --- */

static bool run(const char *format, const char *a, const char *b)
{
    struct arena arena = { 0 };
    int status = system(arena_cstr(&arena, arena_format(&arena, format, a, b)));
    arena_free(&arena);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool mount_image(void)
{
    return run("mount -o loop '%s' '%s' 2>/dev/null", image, mounted);
}

/* A story that failed may have left a file open: then it goes when this process does. */
static void unmount(void)
{
    for (int i = 0; i < 40; i++) {
        if (run("umount '%s' 2>/dev/null", mounted, "")) return;
        usleep(50000);
    }
    run("umount -l '%s'", mounted, "");
}

static int make_file_system(void **state)
{
    UNUSED(state);
    folder_make(&folder);
    image = folder_file(&folder, "image");
    mounted = folder_file(&folder, "mounted");
    log_path = folder_file(&folder, "mounted/log.db");
    keys_path = folder_file(&folder, "mounted/keys.db");
    possible = geteuid() == 0 && run("mkdir '%s' && truncate -s 200M '%s'", mounted, image)
        && run("mkfs.ext4 -q -F '%s' 2>/dev/null", image, "") && mount_image();
    return 0;
}

static int remove_file_system(void **state)
{
    UNUSED(state);
    if (possible) unmount();
    folder_remove(&folder);
    return 0;
}

static void cut_power(void)
{
    uint32_t how = WITHOUT_FLUSHING_THE_JOURNAL;
    int fd = open(mounted, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, SHUT_DOWN, &how) != 0) fail_msg("the file system cannot be shut down");
    close(fd);
}

static void power_comes_back(void)
{
    unmount();
    if (!mount_image()) fail_msg("the file system does not mount again");
}

/* --- writers: each ends when the disk fails it --- */

static struct str text_of(uint64_t number, char *room, size_t len)
{
    struct random random = { number * 977 };
    for (size_t i = 0; i < len; i++) room[i] = (char)random_next(&random);
    return str_make(room, len);
}

static size_t record_len(uint64_t seq)
{
    return seq % 40 == 0 ? 9000 : 50 + seq % 400;
}

static void append_group(struct log *log, struct random *random)
{
    static char room[60][9000];
    struct err err;
    struct log_record records[60];
    size_t count = 1 + (size_t)random_below(random, ARRAY_LEN(records));
    uint64_t seq = log_last(log);
    for (size_t i = 0; i < count; i++) {
        seq++;
        records[i] = (struct log_record){ seq, (int64_t)seq, text_of(seq, room[i], record_len(seq)) };
    }
    if (log_append(&err, log, records, count) != LOG_DONE) _exit(3);
    if (random_below(random, 50) == 0 && log_put_snapshot(&err, log, seq, STR("the state")) != LOG_DONE) _exit(3);
}

/* Which keys are deleted again, twenty at a time. */
static bool goes(uint64_t subject)
{
    return subject % 5 == 2;
}

static void put_keys(struct keys *keys, struct promise *promise)
{
    struct err err;
    char room[WRAPPED_LEN];
    uint64_t subject = promise->key + 1;
    struct key_row row = { subject, text_of(subject, room, sizeof room) };
    if (keys_put(&err, keys, &row, 1) != LOG_DONE) _exit(3);
    promise->key = subject;
    if (subject % 20) return;
    for (uint64_t gone = promise->deleted + 1; gone <= subject; gone++)
        if (goes(gone) && keys_delete(&err, keys, gone) != LOG_DONE) _exit(3);
    promise->deleted = subject;
}

/* Appends and promises, for ever. */
static void write_log(int pipe_end, struct promise promise, uint64_t seed)
{
    struct err err;
    struct random random = { seed };
    struct log *log = log_open(&err, log_path, NULL);
    struct keys *keys = keys_open(&err, keys_path, NULL);
    if (!log || !keys) _exit(4);
    for (;;) {
        if (random_below(&random, 5) == 0) put_keys(keys, &promise);
        append_group(log, &random);
        promise.seq = log_last(log);
        if (write(pipe_end, &promise, sizeof promise) != sizeof promise) _exit(5);
    }
}

/* The counter-example: commits that nobody synced. */
static void write_without_syncing(int pipe_end, struct promise promise, uint64_t seed)
{
    UNUSED(seed);
    sqlite3 *db;
    if (sqlite3_open(log_path, &db) != SQLITE_OK
        || sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE TABLE IF NOT EXISTS record(seq INTEGER "
                        "PRIMARY KEY)", NULL, NULL, NULL) != SQLITE_OK) _exit(4);
    while (sqlite3_exec(db, "INSERT INTO record DEFAULT VALUES", NULL, NULL, NULL) == SQLITE_OK) {
        promise.seq = (uint64_t)sqlite3_last_insert_rowid(db);
        if (write(pipe_end, &promise, sizeof promise) != sizeof promise) _exit(5);
    }
    _exit(3);
}

/* Lets the writer run for a while, cuts the power, and gives its last promise. */
static struct promise write_until_power_cut(void (*write_fn)(int, struct promise, uint64_t), struct promise promise,
                                            uint64_t seed, useconds_t while_us)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        if (!freopen("/dev/null", "w", stderr)) _exit(6); /* it will tell of a failed fsync */
        write_fn(ends[1], promise, seed);
        _exit(0);
    }
    close(ends[1]);
    /* The pipe must not fill, or the writer would stand still: read on beside the clock. */
    pid_t clock = fork();
    if (clock == 0) {
        usleep(while_us);
        cut_power();
        usleep(300000);
        kill(child, SIGKILL);
        _exit(0);
    }
    for (struct promise next; read(ends[0], &next, sizeof next) == sizeof next;) promise = next;
    int status;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(waitpid(clock, &status, 0), clock);
    assert_int_equal(status, 0);
    return promise;
}

/* --- after the power is back --- */

static bool check_record(void *context, const struct log_record *record)
{
    static char room[9000];
    UNUSED(context);
    assert_true(str_equal(record->bytes, text_of(record->seq, room, record_len(record->seq))));
    return true;
}

static void check_log(struct promise *promise)
{
    struct err err;
    uint64_t count, bad;
    struct log *log = log_open(&err, log_path, NULL);
    if (!log) fail_msg("%s", err.text);
    if (log_last(log) < promise->seq)
        fail_msg("acknowledged %llu, found %llu", (unsigned long long)promise->seq, (unsigned long long)log_last(log));
    if (!log_verify(&err, log, &count, &bad, NULL, NULL)) fail_msg("%s", err.text);
    if (!log_read(&err, log, 1, 0, check_record, NULL)) fail_msg("%s", err.text);
    promise->seq = log_last(log);
    log_close(log);
}

static void check_keys(struct promise *promise)
{
    struct err err;
    struct buf wrapped;
    struct arena arena = { 0 };
    char room[WRAPPED_LEN];
    buf_init(&wrapped, 1000);
    struct str files[] = { file_read(&arena, keys_path), file_read(&arena, folder_file(&folder, "mounted/keys.db-wal")) };
    struct keys *keys = keys_open(&err, keys_path, NULL);
    if (!keys) fail_msg("%s", err.text);
    for (uint64_t subject = 1; subject <= promise->key; subject++) {
        struct str wanted = text_of(subject, room, sizeof room);
        buf_clear(&wrapped);
        bool there = keys_get(&err, keys, subject, &wrapped);
        if (goes(subject) && subject <= promise->deleted) {
            assert_false(there);
            for (size_t i = 0; i < ARRAY_LEN(files); i++) assert_int_equal(str_find(files[i], wanted, 0), -1);
        } else if (!goes(subject) && !there) {
            fail_msg("key %llu of %llu is lost", (unsigned long long)subject,
                     (unsigned long long)promise->key);
        }
    }
    /* One more may be there than was promised. */
    buf_clear(&wrapped);
    if (keys_get(&err, keys, promise->key + 1, &wrapped)) promise->key++;
    keys_close(keys);
    buf_free(&wrapped);
    arena_free(&arena);
}

static void nothing_acknowledged_is_lost(void **state)
{
    UNUSED(state);
    if (!possible) {
        print_message("skipped: needs root, mkfs.ext4 and loop devices\n");
        skip();
    }
    const char *rounds = getenv("POWER_CUTS");
    struct promise promise = { 0 };
    struct random random = { 42 };
    int written = 0;
    for (int round = 0, end = rounds ? atoi(rounds) : ROUNDS_DEFAULT; round < end; round++) {
        uint64_t before = promise.seq;
        promise = write_until_power_cut(write_log, promise, (uint64_t)round, 100000 + (useconds_t)random_below(&random, 500000));
        power_comes_back();
        check_log(&promise);
        check_keys(&promise);
        written += promise.seq > before;
    }
    /* On a busy machine a cut may come before the first event of its round; not every time. */
    assert_true(written > 0);
    print_message("%llu events, %llu keys, all there; %d cuts came while events were written\n",
                  (unsigned long long)promise.seq, (unsigned long long)promise.key, written);
}

static void what_was_never_synced_is_lost_so_the_method_tells(void **state)
{
    UNUSED(state);
    if (!possible) skip();
    struct promise promise = write_until_power_cut(write_without_syncing, (struct promise){ 0 }, 0, 400000);
    power_comes_back();
    sqlite3 *db;
    sqlite3_stmt *count;
    uint64_t found = 0;
    assert_int_equal(sqlite3_open(log_path, &db), SQLITE_OK);
    if (sqlite3_prepare_v2(db, "SELECT count(*) FROM record", -1, &count, NULL) == SQLITE_OK
        && sqlite3_step(count) == SQLITE_ROW) found = (uint64_t)sqlite3_column_int64(count, 0);
    sqlite3_finalize(count);
    sqlite3_close(db);
    print_message("without syncing: %llu acknowledged, %llu found\n", (unsigned long long)promise.seq, (unsigned long long)found);
    assert_true(promise.seq > 0);
    assert_true(found < promise.seq);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_acknowledged_is_lost, make_file_system, remove_file_system),
        cmocka_unit_test_setup_teardown(what_was_never_synced_is_lost_so_the_method_tells, make_file_system, remove_file_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
