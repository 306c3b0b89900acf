/* The log keeps what it was given, in order; refuses what is not its own; names what was damaged. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "base/random.h"
#include "log/log.h"

static struct folder folder;
static const char *path;

static int set_up(void **state)
{
    UNUSED(state);
    folder_make(&folder);
    path = folder_file(&folder, "log.db");
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    folder_remove(&folder);
    return 0;
}

static struct log *must_open(void)
{
    struct err err;
    struct log *log = log_open(&err, path, NULL);
    if (!log) fail_msg("%s", err.text);
    return log;
}

/* Appends records whose bytes are "event 1", "event 2" and so on, with a long one now and then. */
static void append(struct log *log, size_t count)
{
    static char long_text[6000];
    struct err err;
    struct arena arena = { 0 };
    for (size_t i = 0; i < count; i++) {
        uint64_t seq = log_last(log) + 1;
        memset(long_text, 'a' + (int)(seq % 26), sizeof long_text);
        struct str bytes = seq % 10 == 0 ? str_make(long_text, sizeof long_text)
            : arena_format(&arena, "event %llu", (unsigned long long)seq);
        struct log_record record = { seq, 1000 + (int64_t)seq, bytes };
        assert_int_equal(log_append(&err, log, &record, 1), LOG_DONE);
    }
    arena_free(&arena);
}

static void make_log(size_t count)
{
    struct log *log = must_open();
    append(log, count);
    log_close(log);
}

/* Lets plain SQL at the closed log, as somebody who tampers would. */
static void tamper(const char *sql)
{
    sqlite3 *db;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s", message);
    sqlite3_close(db);
}

static void assert_refused(const char *word, const char *other_word)
{
    struct err err;
    struct log *log = log_open(&err, path, NULL);
    if (log) {
        log_close(log);
        fail_msg("the log was opened");
    }
    if (!strstr(err.text, word) || !strstr(err.text, other_word)) fail_msg("says: %s", err.text);
}

/* --- what it keeps --- */

static void a_new_log_is_empty(void **state)
{
    UNUSED(state);
    uint8_t hash[LOG_HASH_LEN], zero[LOG_HASH_LEN] = { 0 };
    struct log *log = must_open();
    assert_int_equal(log_last(log), 0);
    log_last_hash(log, hash);
    assert_memory_equal(hash, zero, sizeof hash);
    log_close(log);
}

static void what_was_appended_is_there_after_opening_again(void **state)
{
    UNUSED(state);
    struct err err;
    struct arena arena = { 0 };
    struct log_record record;
    uint8_t before[LOG_HASH_LEN], after[LOG_HASH_LEN];
    struct log *log = must_open();
    append(log, 25);
    log_last_hash(log, before);
    log_close(log);
    log = must_open();
    assert_int_equal(log_last(log), 25);
    log_last_hash(log, after);
    assert_memory_equal(before, after, sizeof before);
    assert_true(log_get(&err, log, 7, &arena, &record));
    assert_int_equal(record.at_ms, 1007);
    assert_true(str_equal(record.bytes, STR("event 7")));
    assert_true(log_get(&err, log, 20, &arena, &record));
    assert_int_equal(record.bytes.len, 6000);
    assert_false(log_get(&err, log, 26, &arena, &record));
    assert_non_null(strstr(err.text, "no event 26; the last is 25"));
    assert_false(log_get(&err, log, 0, &arena, &record));
    log_close(log);
    arena_free(&arena);
}

struct seen {
    uint64_t first, last, stop_at;
};

static bool see(void *context, const struct log_record *record)
{
    struct seen *seen = context;
    if (!seen->first) seen->first = record->seq;
    seen->last = record->seq;
    return record->seq != seen->stop_at;
}

static void reading_gives_the_range_and_stops_when_told(void **state)
{
    UNUSED(state);
    struct err err;
    make_log(30);
    struct log *log = log_open_reader(&err, path, NULL);
    assert_non_null(log);
    struct seen all = { 0 }, some = { 0 }, stopped = { .stop_at = 12 }, none = { 0 };
    assert_true(log_read(&err, log, 1, 0, see, &all));
    assert_true(all.first == 1 && all.last == 30);
    assert_true(log_read(&err, log, 5, 8, see, &some));
    assert_true(some.first == 5 && some.last == 8);
    assert_true(log_read(&err, log, 10, 0, see, &stopped));
    assert_true(stopped.first == 10 && stopped.last == 12);
    assert_true(log_read(&err, log, 31, 0, see, &none));
    assert_true(log_read(&err, log, 77, 99, see, &none));
    assert_int_equal(none.first, 0);
    log_close(log);
}

static void a_reader_sees_what_the_writer_commits_meanwhile(void **state)
{
    UNUSED(state);
    struct err err;
    uint8_t mine[LOG_HASH_LEN], theirs[LOG_HASH_LEN];
    struct log *writer = must_open();
    append(writer, 3);
    struct log *reader = log_open_reader(&err, path, NULL);
    assert_non_null(reader);
    assert_int_equal(log_last(reader), 3);
    append(writer, 4);
    assert_int_equal(log_last(reader), 7);
    log_last_hash(writer, mine);
    log_last_hash(reader, theirs);
    assert_memory_equal(mine, theirs, sizeof mine);
    log_close(reader);
    log_close(writer);
}

static void pages_are_moved_beside_the_writer(void **state)
{
    UNUSED(state);
    struct err err;
    struct log *log = must_open(), *mover = log_open_mover(&err, path, NULL);
    if (!mover) fail_msg("%s", err.text);
    append(log, 50);
    int waiting = log_waiting_pages(log);
    assert_true(waiting > 50);
    log_move(mover);
    struct str file = file_read(&folder.arena, path);
    append(log, 1);
    assert_true(log_waiting_pages(log) < waiting); /* it starts anew */
    log_close(mover);
    log_close(log);
    /* What was moved is in the file itself. */
    unlink(folder_file(&folder, "log.db-wal"));
    file_write(path, file);
    log = must_open();
    assert_int_equal(log_last(log), 50);
    log_close(log);
}

static void nobody_moves_in_a_log_that_is_not_there(void **state)
{
    UNUSED(state);
    struct err err;
    assert_null(log_open_mover(&err, path, NULL));
    assert_non_null(strstr(err.text, "cannot be opened"));
    assert_int_not_equal(access(path, F_OK), 0);
}

static void the_chain_is_the_published_formula(void **state)
{
    UNUSED(state);
    /* BLAKE2b-256 of 32 zero bytes, 1 and 1001 as 8 bytes little-endian, "event 1"; computed with
     * Python's hashlib.blake2b(..., digest_size=32). */
    static const uint8_t wanted[LOG_HASH_LEN] = {
        0x17, 0x62, 0x3f, 0xfd, 0x0b, 0x7f, 0x07, 0xb3, 0x07, 0xe0, 0x31, 0x89, 0xa5, 0x29, 0x12, 0x1a,
        0xdf, 0x86, 0xcf, 0x90, 0xb2, 0x8e, 0x44, 0xf9, 0x04, 0xc6, 0x37, 0xbf, 0x6a, 0x94, 0x0f, 0x91 };
    uint8_t hash[LOG_HASH_LEN];
    struct log *log = must_open();
    append(log, 1);
    log_last_hash(log, hash);
    assert_memory_equal(hash, wanted, sizeof hash);
    log_close(log);
}

/* --- what it finds --- */

static void assert_bad(uint64_t expected, uint64_t good, const char *word)
{
    struct err err;
    uint64_t count, bad;
    struct log *log = log_open_reader(&err, path, NULL);
    if (!log) fail_msg("%s", err.text);
    if (log_verify(&err, log, &count, &bad, NULL, NULL)) fail_msg("verified");
    if (bad != expected || count != good || !strstr(err.text, word))
        fail_msg("bad %llu, count %llu: %s", (unsigned long long)bad, (unsigned long long)count, err.text);
    log_close(log);
}

static void a_sound_log_verifies(void **state)
{
    UNUSED(state);
    struct err err;
    uint64_t count, bad;
    make_log(50);
    struct log *log = must_open();
    assert_true(log_verify(&err, log, &count, &bad, NULL, NULL));
    assert_int_equal(count, 50);
    assert_int_equal(bad, 0);
    log_close(log);
}

static void the_first_bad_event_is_named(void **state)
{
    UNUSED(state);
    static const struct { const char *sql, *word; uint64_t bad; } cases[] = {
        { "UPDATE record SET bytes='event X' WHERE seq=17", "event 17 is not what was written", 17 },
        { "UPDATE record SET at_ms=at_ms+1 WHERE seq=3", "event 3 is not", 3 },
        { "UPDATE record SET hash=zeroblob(32) WHERE seq=9", "event 9 is not", 9 },
        { "UPDATE record SET hash=x'00' WHERE seq=9", "event 9 is not", 9 },
        { "DELETE FROM record WHERE seq=12", "event 12 is missing", 12 },
        { "DELETE FROM record WHERE seq=1", "event 1 is missing", 1 },
        { "UPDATE record SET seq=-seq WHERE seq IN (5); UPDATE record SET seq=5 WHERE seq=6; UPDATE record SET seq=6 "
          "WHERE seq=-5", "event 5 is not", 5 },
        { "UPDATE record SET hash=x'' WHERE seq=40", "event 40 is not", 40 },
        { "INSERT INTO record VALUES(1000, 1, zeroblob(32), x'00')", "event 41 is missing (after event 40 comes event 1000)", 41 },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        make_log(40);
        tamper(cases[i].sql);
        assert_bad(cases[i].bad, cases[i].bad - 1, cases[i].word);
        unlink(path);
    }
}

static void so_is_what_stands_before_the_first_or_is_missing_at_the_end(void **state)
{
    UNUSED(state);
    make_log(5);
    tamper("INSERT INTO record VALUES(0, 1, zeroblob(32), x'00')");
    assert_bad(1, 5, "in front of event 1");
    unlink(path);
    make_log(5);
    tamper("INSERT INTO snapshot VALUES(5, 0, x'00'); DELETE FROM record WHERE seq>3");
    assert_bad(4, 3, "event 4 is missing: it ends with event 3");
}

static void a_damaged_event_is_never_served(void **state)
{
    UNUSED(state);
    struct err err;
    struct arena arena = { 0 };
    struct log_record record;
    struct seen seen = { 0 };
    make_log(40);
    tamper("UPDATE record SET bytes='event X' WHERE seq=17");
    struct log *log = must_open();
    assert_false(log_get(&err, log, 17, &arena, &record));
    assert_true(log_get(&err, log, 16, &arena, &record));
    assert_true(log_get(&err, log, 18, &arena, &record));
    assert_false(log_read(&err, log, 1, 0, see, &seen));
    assert_int_equal(seen.last, 16);
    log_close(log);
    arena_free(&arena);
}

static void a_last_event_that_does_not_fit_is_refused_at_once(void **state)
{
    UNUSED(state);
    make_log(10);
    tamper("UPDATE record SET bytes='x' WHERE seq=10");
    assert_refused("event 10 is not what was written", "restore the newest backup");
}

static void a_cut_end_is_noticed_by_the_snapshot_after_it(void **state)
{
    UNUSED(state);
    struct err err;
    struct log *log = must_open();
    append(log, 10);
    assert_int_equal(log_put_snapshot(&err, log, 10, STR("state")), LOG_DONE);
    log_close(log);
    tamper("DELETE FROM record WHERE seq>8");
    assert_refused("it ends with event 8", "snapshot was made after event 10");
}

/* --- what it refuses --- */

static void a_newer_format_is_refused_and_both_are_named(void **state)
{
    UNUSED(state);
    make_log(3);
    tamper("UPDATE meta SET value=7 WHERE name='format'");
    assert_refused("format 7", "up to 1");
}

static void what_is_no_log_is_refused(void **state)
{
    UNUSED(state);
    file_write(path, STR("Dear diary, this is a text and certainly no log of events, whatever its name may say."));
    assert_refused("is not a beckon log", "no SQLite file");
    unlink(path);
    tamper("CREATE TABLE other(x)");
    assert_refused("is not a beckon log", "another program");
    unlink(path);
    make_log(3);
    tamper("PRAGMA application_id=77");
    assert_refused("is not a beckon log", "another program");
}

static void a_reader_makes_no_log(void **state)
{
    UNUSED(state);
    struct err err;
    assert_null(log_open_reader(&err, path, NULL));
    assert_int_not_equal(access(path, F_OK), 0);
    file_write(path, STR_EMPTY);
    assert_null(log_open_reader(&err, path, NULL));
    assert_non_null(strstr(err.text, "is empty"));
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    UNUSED(state);
    struct err err;
    assert_null(log_open(&err, "/nowhere/at/all/log.db", NULL));
    assert_non_null(strstr(err.text, "/nowhere/at/all/log.db"));
}

/* Opens, verifies and reads a log that may be damaged anywhere: never a crash, never a wrong event.
 * Gives false if something was noticed. */
static bool whole(uint64_t expected)
{
    struct err err;
    uint64_t count = 0, bad;
    struct log *log = log_open_reader(&err, path, NULL);
    if (!log) return false;
    bool good = log_verify(&err, log, &count, &bad, NULL, NULL) && count == expected;
    log_close(log);
    return good;
}

static void flipped_bits_in_any_region_are_noticed_or_harmless(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    struct random random = { 5 };
    size_t noticed = 0;
    make_log(60);
    struct str good = file_read(&arena, path);
    char *bytes = arena_take(&arena, good.len);
    for (int round = 0; round < 400; round++) {
        size_t at = round < 100 ? (size_t)round : (size_t)random_below(&random, good.len);
        memcpy(bytes, good.data, good.len);
        bytes[at] ^= (char)(1 << random_below(&random, 8));
        unlink(folder_file(&folder, "log.db-wal"));
        file_write(path, str_make(bytes, good.len));
        /* Harmless: unused bytes. What verifies has all events with the right hashes. */
        noticed += !whole(60);
    }
    assert_true(noticed > 200);
    arena_free(&arena);
}

static void a_truncated_file_is_noticed(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    make_log(200);
    struct str good = file_read(&arena, path);
    for (size_t len = 1; len < good.len; len += 1 + good.len / 61) {
        file_write(path, str_slice(good, 0, len));
        if (whole(200)) fail_msg("cut to %zu of %zu bytes", len, good.len);
    }
    arena_free(&arena);
}

/* --- snapshots --- */

static void the_newest_two_snapshots_are_kept(void **state)
{
    UNUSED(state);
    struct err err;
    uint64_t seq;
    struct buf found;
    buf_init(&found, 1 << 24);
    struct log *log = must_open();
    append(log, 9);
    assert_false(log_get_snapshot(&err, log, &seq, &found));
    assert_string_equal(err.text, "");
    struct arena arena = { 0 };
    size_t large = 3 * (1 << 20) + 17;
    char *state_bytes = arena_take(&arena, large);
    for (size_t i = 0; i < large; i++) state_bytes[i] = (char)(i * 31 >> 3);
    assert_int_equal(log_put_snapshot(&err, log, 3, STR("three")), LOG_DONE);
    assert_int_equal(log_put_snapshot(&err, log, 6, STR("six")), LOG_DONE);
    assert_int_equal(log_put_snapshot(&err, log, 9, str_make(state_bytes, large)), LOG_DONE);
    assert_true(log_get_snapshot(&err, log, &seq, &found));
    assert_int_equal(seq, 9);
    assert_true(str_equal(buf_str(&found), str_make(state_bytes, large)));
    assert_int_equal(log_put_snapshot(&err, log, 9, STR("nine")), LOG_DONE);
    assert_true(log_get_snapshot(&err, log, &seq, &found));
    assert_true(str_equal(buf_str(&found), STR("nine")));
    log_close(log);
    tamper("DELETE FROM snapshot WHERE seq NOT IN (6, 9)");
    tamper("CREATE TABLE count_them AS SELECT 1/(count(*)=2) AS fine FROM snapshot");
    buf_free(&found);
    arena_free(&arena);
}

static void a_damaged_snapshot_gives_way_to_the_one_before(void **state)
{
    UNUSED(state);
    static const char *const damages[] = {
        "UPDATE snapshot_part SET bytes='nino' WHERE seq=9", "UPDATE snapshot SET checksum=zeroblob(32) WHERE seq=9",
        "UPDATE snapshot SET len=5 WHERE seq=9", "DELETE FROM snapshot_part WHERE seq=9",
        "UPDATE snapshot SET checksum='' WHERE seq=9",
    };
    for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
        struct err err;
        uint64_t seq;
        struct buf found;
        buf_init(&found, 1000);
        struct log *log = must_open();
        append(log, 9);
        assert_int_equal(log_put_snapshot(&err, log, 6, STR("six")), LOG_DONE);
        assert_int_equal(log_put_snapshot(&err, log, 9, STR("nine")), LOG_DONE);
        log_close(log);
        tamper(damages[i]);
        log = must_open();
        assert_true(log_get_snapshot(&err, log, &seq, &found));
        assert_int_equal(seq, 6);
        assert_true(str_equal(buf_str(&found), STR("six")));
        log_close(log);
        tamper("UPDATE snapshot_part SET bytes='' WHERE seq=6");
        log = must_open();
        assert_false(log_get_snapshot(&err, log, &seq, &found));
        assert_string_equal(err.text, "");
        log_close(log);
        buf_free(&found);
        unlink(path);
    }
}

static void snapshots_that_are_dropped_are_gone(void **state)
{
    UNUSED(state);
    struct err err;
    uint64_t seq;
    struct buf found;
    buf_init(&found, 1000);
    struct log *log = must_open();
    append(log, 9);
    assert_int_equal(log_put_snapshot(&err, log, 9, STR("nine")), LOG_DONE);
    assert_int_equal(log_drop_snapshots(&err, log), LOG_DONE);
    assert_false(log_get_snapshot(&err, log, &seq, &found));
    assert_string_equal(err.text, "");
    assert_int_equal(log_last(log), 9);
    log_close(log);
    buf_free(&found);
}

/* --- backup --- */

static void a_backup_is_one_plain_file_of_one_moment(void **state)
{
    UNUSED(state);
    struct err err;
    uint64_t count, bad;
    struct arena arena = { 0 };
    struct log *log = must_open();
    append(log, 30);
    path = folder_file(&folder, "copy.db");
    assert_true(log_backup(&err, folder_file(&folder, "log.db"), path));
    append(log, 5);
    log_close(log);
    assert_int_not_equal(access(folder_file(&folder, "copy.db-wal"), F_OK), 0);
    assert_int_not_equal(access(folder_file(&folder, "copy.db.partial"), F_OK), 0);
    struct str bytes = file_read(&arena, path);
    assert_true(bytes.len > 100 && bytes.data[18] == 1 && bytes.data[19] == 1); /* not in write-ahead mode */
    log = must_open();
    assert_int_equal(log_last(log), 30);
    assert_true(log_verify(&err, log, &count, &bad, NULL, NULL));
    append(log, 1);
    log_close(log);
    assert_false(log_backup(&err, folder_file(&folder, "log.db"), path));
    assert_non_null(strstr(err.text, "never overwrites"));
    assert_false(log_backup(&err, folder_file(&folder, "absent.db"), folder_file(&folder, "other.db")));
    arena_free(&arena);
}

/* --- two who write --- */

static const char *deaths;
static void note_death(const char *sentence) { deaths = sentence; }

static void a_second_writer_is_found_out_before_it_does_harm(void **state)
{
    UNUSED(state);
    struct err err;
    uint64_t count, bad;
    struct log *one = must_open(), *two = must_open();
    append(one, 2);
    struct log_record record = { 1, 1, STR("mine") };
    deaths = NULL;
    assert_int_equal(log_append(&err, two, &record, 1), LOG_FULL);
    assert_non_null(deaths);
    assert_non_null(strstr(err.text, "another process writes it"));
    assert_int_equal(log_append(&err, two, &record, 1), LOG_FULL);
    append(one, 2);
    assert_true(log_verify(&err, one, &count, &bad, NULL, NULL));
    assert_int_equal(count, 4);
    log_close(two);
    log_close(one);
}

int main(void)
{
    log_on_fatal = note_death;
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(a_new_log_is_empty),
        STORY(what_was_appended_is_there_after_opening_again),
        STORY(reading_gives_the_range_and_stops_when_told),
        STORY(a_reader_sees_what_the_writer_commits_meanwhile),
        STORY(pages_are_moved_beside_the_writer),
        STORY(nobody_moves_in_a_log_that_is_not_there),
        STORY(the_chain_is_the_published_formula),
        STORY(a_sound_log_verifies),
        STORY(the_first_bad_event_is_named),
        STORY(so_is_what_stands_before_the_first_or_is_missing_at_the_end),
        STORY(a_damaged_event_is_never_served),
        STORY(a_last_event_that_does_not_fit_is_refused_at_once),
        STORY(a_cut_end_is_noticed_by_the_snapshot_after_it),
        STORY(a_newer_format_is_refused_and_both_are_named),
        STORY(what_is_no_log_is_refused),
        STORY(a_reader_makes_no_log),
        STORY(a_folder_that_is_not_there_is_named),
        STORY(flipped_bits_in_any_region_are_noticed_or_harmless),
        STORY(a_truncated_file_is_noticed),
        STORY(the_newest_two_snapshots_are_kept),
        STORY(a_damaged_snapshot_gives_way_to_the_one_before),
        STORY(snapshots_that_are_dropped_are_gone),
        STORY(a_backup_is_one_plain_file_of_one_moment),
        STORY(a_second_writer_is_found_out_before_it_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
