/* The power goes at every operation of the disk, in every way that a disk may forget: what was
 * acknowledged is there afterwards, in order, without a gap, and the chain fits. */
#include "../../simulation/disk.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/random.h"
#include "log/keys.h"
#include "log/log.h"
#include "log/log_file.h"

#define VFS "crash-test"
#define PATH "log.db"
#define BATCHES 10
#define SMALL_WAL 6 /* pages: checkpoints happen within a short test */

static log_fatal_fn *end_process; /* the default */
static const char *deaths;
static void note_death(const char *sentence) { deaths = sentence; }

/* The bytes of record `seq` say who they are; some need overflow pages. */
static struct str text_of(uint64_t seq, char *room, size_t size)
{
    struct random random = { seq * 7919 };
    size_t len = seq % 5 == 0 ? 9000 : 20 + (size_t)random_below(&random, 300);
    must(len <= size);
    for (size_t i = 0; i < len; i++) room[i] = (char)random_next(&random);
    return str_make(room, len);
}

/* Appends batches until the work is done or the disk fails. Gives the last acknowledged seq. */
static uint64_t append_batches(struct log *log, struct log *mover, size_t batches)
{
    static char room[8][10000];
    struct err err;
    uint64_t acknowledged = log_last(log);
    for (size_t batch = 0; batch < batches; batch++) {
        struct log_record records[8];
        size_t count = 1 + (acknowledged + batch) % 8;
        for (size_t i = 0; i < count; i++) {
            uint64_t seq = acknowledged + 1 + i;
            records[i] = (struct log_record){ seq, (int64_t)seq * 1000, text_of(seq, room[i], sizeof room[i]) };
        }
        if (log_append(&err, log, records, count) != LOG_DONE) break;
        acknowledged += count;
        if (mover && batch % 3 == 2) log_move(mover);
        if (batch % 4 == 3 && log_put_snapshot(&err, log, acknowledged, STR("the state")) != LOG_DONE) break;
    }
    return acknowledged;
}

static uint64_t work(struct disk *disk)
{
    struct err err;
    struct log *log = log_open(&err, PATH, VFS);
    if (!log) {
        assert_true(disk_is_crashed(disk));
        return 0;
    }
    log->wal_limit = SMALL_WAL;
    struct log *mover = log_open_mover(&err, PATH, VFS);
    uint64_t acknowledged = append_batches(log, mover, BATCHES);
    log_close(mover);
    log_close(log);
    return acknowledged;
}

static bool check_record(void *context, const struct log_record *record)
{
    static char room[10000];
    uint64_t *expected = context;
    assert_int_equal(record->seq, ++*expected);
    assert_true(str_equal(record->bytes, text_of(record->seq, room, sizeof room)));
    return true;
}

/* Opens the log and checks all of it; then it must take more. */
static void check(uint64_t acknowledged, const char *story)
{
    struct err err;
    struct log *log = log_open(&err, PATH, VFS);
    if (!log) fail_msg("%s: %s", story, err.text);
    if (log_last(log) < acknowledged)
        fail_msg("%s: acknowledged %llu, found %llu", story, (unsigned long long)acknowledged,
                 (unsigned long long)log_last(log));
    uint64_t count, bad, seen = 0;
    if (!log_verify(&err, log, &count, &bad, NULL, NULL)) fail_msg("%s: %s", story, err.text);
    assert_int_equal(count, log_last(log));
    assert_true(log_read(&err, log, 1, 0, check_record, &seen));
    assert_int_equal(seen, count);
    assert_int_equal(append_batches(log, NULL, 1), count + 1 + count % 8);
    log_close(log);
}

static void power_cut_at_every_operation(void **state)
{
    UNUSED(state);
    static const enum disk_crash_how ways[] = { DISK_KILL, DISK_DROP, DISK_KEEP_SOME, DISK_TEAR };
    size_t runs = 0;
    for (size_t way = 0; way < ARRAY_LEN(ways); way++) {
        bool crashed = true;
        for (uint64_t at = 1; crashed; at++, runs++) {
            char story[64];
            snprintf(story, sizeof story, "way %zu, crash at operation %llu", way, (unsigned long long)at);
            struct disk *disk = disk_new(at * 31 + way, VFS);
            disk_crash_at(disk, at, ways[way]);
            deaths = NULL;
            uint64_t acknowledged = work(disk);
            crashed = disk_is_crashed(disk);
            disk_restart(disk);
            check(acknowledged, story);
            disk_free(disk);
        }
    }
    print_message("%zu crashes\n", runs);
}

static void power_cut_again_while_recovering(void **state)
{
    UNUSED(state);
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct random random = { seed };
        struct disk *disk = disk_new(seed, VFS);
        uint64_t acknowledged = 0;
        char story[64];
        snprintf(story, sizeof story, "seed %llu", (unsigned long long)seed);
        for (int cut = 0; cut < 6; cut++) {
            disk_crash_at(disk, 1 + random_below(&random, 40), (enum disk_crash_how)random_below(&random, 4));
            uint64_t now = work(disk);
            if (now > acknowledged) acknowledged = now;
            disk_restart(disk);
        }
        check(acknowledged, story);
        disk_free(disk);
    }
}

static void a_failed_sync_is_the_end_and_loses_nothing_acknowledged(void **state)
{
    UNUSED(state);
    bool died = true;
    for (uint64_t at = 1; died; at++) {
        struct disk *disk = disk_new(at, VFS);
        struct err err;
        char story[64];
        snprintf(story, sizeof story, "sync %llu fails", (unsigned long long)at);
        disk_fail_sync(disk, at);
        deaths = NULL;
        struct log *log = log_open(&err, PATH, VFS);
        uint64_t acknowledged = 0;
        if (log) {
            log->wal_limit = SMALL_WAL;
            acknowledged = append_batches(log, NULL, BATCHES);
            if (deaths) {
                /* Dead is dead: the next sync would succeed, but nothing is acknowledged any more. */
                assert_int_equal(append_batches(log, NULL, 1), log_last(log));
            }
            log_close(log);
        }
        died = deaths != NULL;
        disk_forget_faults(disk);
        if (died) disk_crash(disk, DISK_DROP);
        disk_restart(disk);
        check(acknowledged, story);
        disk_free(disk);
    }
}

/* Without the test's hook: the program ends, says which file, and what to do. */
static void a_failed_sync_ends_the_process_aloud(void **state)
{
    UNUSED(state);
    int ends[2], status;
    char text[2048] = "";
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct err err;
        struct log_record record = { 1, 1, STR("x") };
        dup2(ends[1], STDERR_FILENO);
        log_on_fatal = end_process;
        struct disk *disk = disk_new(1, VFS);
        struct log *log = log_open(&err, PATH, VFS);
        disk_fail_sync(disk, 1);
        log_append(&err, log, &record, 1);
        _exit(0); /* must not get here */
    }
    close(ends[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), LOG_FATAL_STATUS);
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    close(ends[0]);
    if (!strstr(text, PATH) || !strstr(text, "fsync") || !strstr(text, "start again")) fail_msg("%s", text);
}

static void a_failed_write_is_refused_and_may_be_tried_again(void **state)
{
    UNUSED(state);
    for (uint64_t at = 1; at <= 120; at++) {
        struct disk *disk = disk_new(at, VFS);
        struct err err;
        struct log *log = log_open(&err, PATH, VFS);
        assert_non_null(log);
        log->wal_limit = SMALL_WAL;
        disk_fail_write(disk, at);
        uint64_t acknowledged = append_batches(log, NULL, BATCHES);
        assert_int_equal(log_last(log), acknowledged);
        uint64_t more = append_batches(log, NULL, 3);
        assert_true(more > acknowledged);
        disk_crash(disk, DISK_TEAR);
        log_close(log);
        disk_restart(disk);
        check(more, "a write failed");
        disk_free(disk);
    }
}

static void a_full_disk_is_refused_until_there_is_room(void **state)
{
    UNUSED(state);
    for (int64_t room = 0; room < 200000; room += 3777) {
        struct disk *disk = disk_new((uint64_t)room + 1, VFS);
        struct err err;
        struct log *log = log_open(&err, PATH, VFS);
        assert_non_null(log);
        log->wal_limit = SMALL_WAL;
        disk_set_room(disk, room);
        uint64_t acknowledged = append_batches(log, NULL, 40);
        struct log_record one = { acknowledged + 1, 1, STR("x") };
        static char large[400000];
        one.bytes = str_make(large, sizeof large);
        assert_int_equal(log_append(&err, log, &one, 1), LOG_FULL);
        assert_non_null(strstr(err.text, "full"));
        assert_int_equal(log_last(log), acknowledged);
        disk_set_room(disk, DISK_NO_LIMIT);
        uint64_t more = append_batches(log, NULL, 2);
        assert_true(more > acknowledged);
        disk_crash(disk, DISK_DROP);
        log_close(log);
        disk_restart(disk);
        check(more, "the disk was full");
        disk_free(disk);
    }
}

static void a_key_acknowledged_survives_and_one_deleted_stays_deleted(void **state)
{
    UNUSED(state);
    bool crashed = true;
    for (uint64_t at = 1; crashed; at++) {
        struct disk *disk = disk_new(at, VFS);
        struct err err;
        struct buf wrapped;
        buf_init(&wrapped, 100);
        struct key_row rows[] = { { 2, STR("key of two") }, { 3, STR("key of three") } };
        disk_crash_at(disk, at, DISK_TEAR);
        struct keys *keys = keys_open(&err, "keys.db", VFS);
        bool put = keys && keys_put(&err, keys, rows, 2) == LOG_DONE;
        bool deleted = put && keys_delete(&err, keys, 2) == LOG_DONE;
        keys_close(keys);
        crashed = disk_is_crashed(disk);
        disk_restart(disk);
        keys = keys_open(&err, "keys.db", VFS);
        assert_non_null(keys);
        if (put) assert_true(keys_get(&err, keys, 3, &wrapped));
        if (deleted) {
            assert_false(keys_get(&err, keys, 2, &wrapped));
            assert_int_equal(str_find(disk_bytes(disk, "keys.db"), STR("key of two"), 0), -1);
            assert_int_equal(str_find(disk_bytes(disk, "keys.db-wal"), STR("key of two"), 0), -1);
        }
        keys_close(keys);
        buf_free(&wrapped);
        disk_free(disk);
    }
}

int main(void)
{
    end_process = log_on_fatal;
    log_on_fatal = note_death;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(power_cut_at_every_operation),
        cmocka_unit_test(power_cut_again_while_recovering),
        cmocka_unit_test(a_failed_sync_is_the_end_and_loses_nothing_acknowledged),
        cmocka_unit_test(a_failed_sync_ends_the_process_aloud),
        cmocka_unit_test(a_failed_write_is_refused_and_may_be_tried_again),
        cmocka_unit_test(a_full_disk_is_refused_until_there_is_room),
        cmocka_unit_test(a_key_acknowledged_survives_and_one_deleted_stays_deleted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
