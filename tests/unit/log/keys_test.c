/* A key is on disk before anything is sealed with it, is never replaced, and once deleted is gone to
 * the last byte. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/random.h"
#include "log/keys.h"

#define WRAPPED_LEN 73

static struct folder folder;
static const char *path;
static const char *deaths;
static void note_death(const char *sentence) { deaths = sentence; }

static int set_up(void **state)
{
    UNUSED(state);
    folder_make(&folder);
    path = folder_file(&folder, "keys.db");
    deaths = NULL;
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    folder_remove(&folder);
    return 0;
}

static struct keys *must_open(void)
{
    struct err err;
    struct keys *keys = keys_open(&err, path, NULL);
    if (!keys) fail_msg("%s", err.text);
    return keys;
}

static struct str wrapped_of(uint64_t subject, char room[WRAPPED_LEN])
{
    struct random random = { subject * 1000003 };
    for (int i = 0; i < WRAPPED_LEN; i++) room[i] = (char)random_next(&random);
    return str_make(room, WRAPPED_LEN);
}

static void put(struct keys *keys, uint64_t subject)
{
    struct err err;
    char room[WRAPPED_LEN];
    struct key_row row = { subject, wrapped_of(subject, room) };
    assert_int_equal(keys_put(&err, keys, &row, 1), LOG_DONE);
}

static bool is_there(struct keys *keys, uint64_t subject)
{
    struct err err;
    struct buf wrapped;
    char room[WRAPPED_LEN];
    buf_init(&wrapped, 1000);
    bool there = keys_get(&err, keys, subject, &wrapped);
    if (there) assert_true(str_equal(buf_str(&wrapped), wrapped_of(subject, room)));
    else assert_string_equal(err.text, "");
    buf_free(&wrapped);
    return there;
}

/* Half a key is as bad as a whole one: looks for any 16 bytes of it in all files of the store. */
static bool has_bytes_of(uint64_t subject)
{
    static const char *const names[] = { "keys.db", "keys.db-wal", "keys.db-shm", "keys.db-journal" };
    char room[WRAPPED_LEN];
    struct str wrapped = wrapped_of(subject, room);
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        for (size_t at = 0; at + 16 <= wrapped.len; at += 8)
            if (file_has(folder_file(&folder, names[i]), str_slice(wrapped, at, at + 16))) return true;
    return false;
}

static void keys_come_back_after_opening_again(void **state)
{
    UNUSED(state);
    struct keys *keys = must_open();
    assert_false(is_there(keys, 2));
    put(keys, 2);
    put(keys, UINT64_MAX >> 1);
    keys_close(keys);
    keys = must_open();
    assert_true(is_there(keys, 2));
    assert_true(is_there(keys, UINT64_MAX >> 1));
    assert_false(is_there(keys, 3));
    keys_close(keys);
}

struct walk {
    uint64_t sum;
    int count, most;
};

static bool walk_key(void *context, const struct key_row *row)
{
    struct walk *walk = context;
    assert_int_equal(row->wrapped.len, WRAPPED_LEN);
    walk->sum += row->subject;
    return ++walk->count < walk->most;
}

static void keys_are_walked_in_order_until_it_is_enough(void **state)
{
    UNUSED(state);
    struct err err;
    struct keys *keys = must_open();
    struct walk none = { .most = 9 }, all = { .most = 9 }, two = { .most = 2 };
    assert_true(keys_each(&err, keys, walk_key, &none));
    assert_int_equal(none.count, 0);
    put(keys, 400);
    put(keys, 2);
    put(keys, 30);
    assert_true(keys_each(&err, keys, walk_key, &all) && all.sum == 432);
    assert_true(keys_each(&err, keys, walk_key, &two) && two.sum == 32);
    keys_close(keys);
}

static void a_key_is_never_replaced(void **state)
{
    UNUSED(state);
    struct err err;
    struct keys *keys = must_open();
    put(keys, 5);
    put(keys, 5); /* the same once more: a repeat after a crash */
    assert_null(deaths);
    struct key_row rows[] = { { 6, STR("new") }, { 5, STR("another") } };
    assert_int_equal(keys_put(&err, keys, rows, 2), LOG_FULL);
    assert_non_null(deaths);
    assert_true(is_there(keys, 5));
    assert_false(is_there(keys, 6));
    keys_close(keys);
}

static void a_deleted_key_leaves_no_byte(void **state)
{
    UNUSED(state);
    struct err err;
    struct random random = { 3 };
    struct keys *keys = must_open();
    /* In any order, so that pages are split and bytes are moved about. */
    for (uint64_t i = 0; i < 3000; i++) {
        uint64_t subject = 1 + i * 1103 % 3000;
        put(keys, subject);
    }
    for (int i = 0; i < 12; i++) {
        uint64_t gone = 1 + random_below(&random, 3000);
        if (is_there(keys, gone)) assert_true(has_bytes_of(gone)); /* the search would find it */
        assert_int_equal(keys_delete(&err, keys, gone), LOG_DONE);
        assert_false(is_there(keys, gone));
        assert_false(has_bytes_of(gone));
    }
    assert_int_equal(keys_delete(&err, keys, 999999), LOG_DONE);
    keys_close(keys);
}

static void a_backup_holds_the_keys_of_its_moment(void **state)
{
    UNUSED(state);
    struct err err;
    struct keys *keys = must_open();
    put(keys, 2);
    assert_true(keys_backup(&err, path, folder_file(&folder, "copy.db")));
    assert_int_equal(keys_delete(&err, keys, 2), LOG_DONE);
    keys_close(keys);
    path = folder_file(&folder, "copy.db");
    keys = must_open();
    assert_true(is_there(keys, 2));
    keys_close(keys);
}

static void another_file_is_no_key_store(void **state)
{
    UNUSED(state);
    struct err err;
    struct log *log = log_open(&err, path, NULL);
    assert_non_null(log);
    log_close(log);
    assert_null(keys_open(&err, path, NULL));
    assert_non_null(strstr(err.text, "is not a beckon key store"));
    file_write(path, STR("garbage that is long enough to be looked at, and no SQLite file at all, that is for sure"));
    assert_null(keys_open(&err, path, NULL));
    assert_non_null(strstr(err.text, "restore the newest backup"));
}

int main(void)
{
    log_on_fatal = note_death;
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(keys_come_back_after_opening_again),
        STORY(keys_are_walked_in_order_until_it_is_enough),
        STORY(a_key_is_never_replaced),
        STORY(a_deleted_key_leaves_no_byte),
        STORY(a_backup_holds_the_keys_of_its_moment),
        STORY(another_file_is_no_key_store),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
