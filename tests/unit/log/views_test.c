/* What people query: streams, conversations, figures, search; and nothing of whoever was erased. */
#include "../../support/folder.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <unistd.h>
#include <cmocka.h>
#include <jansson.h>
#include <sqlite3.h>

#include "base/random.h"
#include "log/log.h"
#include "log/views.h"

static struct folder folder;
static const char *path;
static struct views *views;
static struct err err;

#define DO(call) do { if (!(call)) fail_msg("%s: %s", #call, err.text); } while (0)

static void open_views(bool expect_rebuilt)
{
    bool rebuilt;
    views = views_open(&err, path, &rebuilt);
    if (!views) fail_msg("%s", err.text);
    assert_int_equal(rebuilt, expect_rebuilt);
}

static int set_up(void **state)
{
    UNUSED(state);
    folder_make(&folder);
    path = folder_file(&folder, "views.db");
    open_views(false);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    views_close(views);
    folder_remove(&folder);
    return 0;
}

/* --- a small world --- */

static void open_conversation(uint64_t id, uint64_t customer, int64_t at_ms)
{
    struct conversation_change change;
    conversation_change_init(&change, id);
    change.customer = (int64_t)customer;
    change.opened_ms = change.last_ms = at_ms;
    change.last_seq = at_ms;
    change.state = STR("assistant");
    change.topic = STR("refund");
    change.language = STR("en");
    DO(views_conversation(&err, views, &change));
}

static void say(uint64_t seq, uint64_t conversation, uint64_t customer, const char *text, bool assistant)
{
    struct conversation_change change;
    conversation_change_init(&change, conversation);
    change.last_ms = change.last_seq = (int64_t)seq;
    change.last_text = str_of(text);
    change.count_message = true;
    change.count_answer = assistant;
    DO(views_message(&err, views, seq, conversation, customer, assistant ? STR("assistant") : STR("customer"), str_of(text)));
    DO(views_conversation(&err, views, &change));
}

static void resolve(uint64_t conversation, int64_t at_ms)
{
    struct conversation_change change;
    conversation_change_init(&change, conversation);
    change.state = STR("resolved");
    change.resolved_ms = change.last_ms = at_ms;
    DO(views_conversation(&err, views, &change));
}

static json_t *figures(int64_t since, int64_t now, int64_t target, int64_t bucket)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    DO(views_figures(&err, views, since, now, target, bucket, &out));
    json_t *json = json_loads(buf_cstr(&out), 0, NULL);
    assert_non_null(json);
    buf_free(&out);
    return json;
}

static int64_t number(json_t *object, const char *name)
{
    json_t *value = json_object_get(object, name);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static json_t *find(const struct views_filter *filter)
{
    struct buf out;
    buf_init(&out, 1 << 20);
    DO(views_conversations(&err, views, filter, &out));
    json_t *json = json_loads(buf_cstr(&out), 0, NULL);
    if (!json_is_array(json)) fail_msg("%s", buf_cstr(&out));
    buf_free(&out);
    return json;
}

/* The conversations found, as "3 1 2". */
static void assert_found(const struct views_filter *filter, const char *expected)
{
    struct buf ids;
    json_t *rows = find(filter), *row;
    size_t i;
    buf_init(&ids, 100000);
    json_array_foreach(rows, i, row) buf_add_format(&ids, i ? " %lld" : "%lld", (long long)number(row, "conversation"));
    assert_string_equal(buf_cstr(&ids), expected);
    buf_free(&ids);
    json_decref(rows);
}

static void assert_search(const char *text, const char *expected)
{
    assert_found(&(struct views_filter){ .text = str_of(text), .limit = 50 }, expected);
}

/* --- streams --- */

static void a_stream_is_a_union_in_order_without_doubles(void **state)
{
    UNUSED(state);
    uint64_t seqs[100];
    size_t count;
    DO(views_begin(&err, views));
    for (uint64_t seq = 1; seq <= 60; seq++) {
        if (seq % 2 == 0) DO(views_index(&err, views, 2, seq));
        if (seq % 3 == 0) DO(views_index(&err, views, 3, seq));
        if (seq % 5 == 0) DO(views_index(&err, views, 5, seq));
        if (seq % 7 == 0) DO(views_index_conversation(&err, views, 9, seq));
    }
    DO(views_commit(&err, views, 60));
    DO(views_seqs(&err, views, (uint64_t[]){ 2, 3 }, 2, 10, seqs, 5, &count));
    assert_int_equal(count, 5);
    assert_memory_equal(seqs, ((uint64_t[]){ 12, 14, 15, 16, 18 }), 5 * sizeof *seqs);
    DO(views_seqs(&err, views, (uint64_t[]){ 5, 2, 3, 77 }, 4, 0, seqs, 100, &count));
    assert_int_equal(count, 60 - 16); /* not divisible by 2, 3 or 5: 16 of 60 */
    for (size_t i = 1; i < count; i++) assert_true(seqs[i - 1] < seqs[i]);
    DO(views_seqs(&err, views, (uint64_t[]){ 77 }, 1, 0, seqs, 100, &count));
    assert_int_equal(count, 0);
    DO(views_conversation_seqs(&err, views, 9, 14, seqs, 3, &count));
    assert_memory_equal(seqs, ((uint64_t[]){ 21, 28, 35 }), 3 * sizeof *seqs);
    DO(views_conversation_seqs_back(&err, views, 9, 0, seqs, 3, &count));
    assert_memory_equal(seqs, ((uint64_t[]){ 42, 49, 56 }), 3 * sizeof *seqs);
    DO(views_conversation_seqs_back(&err, views, 9, 20, seqs, 3, &count));
    assert_int_equal(count, 2);
    assert_memory_equal(seqs, ((uint64_t[]){ 7, 14 }), 2 * sizeof *seqs);
}

static void the_cursor_comes_back_and_a_rolled_back_group_leaves_nothing(void **state)
{
    UNUSED(state);
    uint64_t seqs[4];
    size_t count;
    DO(views_begin(&err, views));
    DO(views_index(&err, views, 1, 41));
    DO(views_commit(&err, views, 41));
    DO(views_begin(&err, views));
    DO(views_index(&err, views, 1, 42));
    views_roll_back(views);
    views_close(views);
    open_views(false);
    assert_int_equal(views_cursor(views), 41);
    DO(views_seqs(&err, views, (uint64_t[]){ 1 }, 1, 0, seqs, 4, &count));
    assert_int_equal(count, 1);
}

/* --- conversations in a group --- */

static int64_t sometimes(struct random *random, int64_t number)
{
    return random_below(random, 3) ? -1 : number;
}

static struct str some_words(struct random *random)
{
    static const char *const words[] = { "", "refund", "where is my parcel", "thanks" };
    uint64_t which = random_below(random, 6);
    return which < ARRAY_LEN(words) ? str_of(words[which]) : (struct str){ 0 };
}

/* One of what can befall a conversation, in any mixture. */
static void change_something(struct random *random, int64_t at_ms)
{
    struct conversation_change change;
    uint64_t id = 1 + random_below(random, 5);
    conversation_change_init(&change, id);
    change.customer = sometimes(random, 40 + (int64_t)id);
    change.agent = sometimes(random, (int64_t)random_below(random, 3));
    change.stars = sometimes(random, 4);
    change.messages = random_below(random, 20) ? -1 : 7;
    change.last_ms = change.last_seq = at_ms;
    change.state = some_words(random);
    change.comment = some_words(random);
    change.last_text = some_words(random);
    change.count_message = (int64_t)random_below(random, 2);
    change.count_answer = (int64_t)random_below(random, 2);
    DO(views_conversation(&err, views, &change));
    if (random_below(random, 8) == 0) DO(views_request(&err, views, id, STR("words"), at_ms));
    if (random_below(random, 8) == 0) DO(views_request_met(&err, views, id, 3, at_ms));
    if (random_below(random, 40) == 0) DO(views_erase(&err, views, 40 + id));
}

/* What the same 400 changes leave in the file; with groups, which ask and roll back at times. */
static void write_and_tell(bool grouped, struct buf *out)
{
    static const char all[] = "SELECT * FROM conversation ORDER BY id";
    struct random random = { 11 }, groups = { 12 };
    sqlite3 *db;
    sqlite3_stmt *get;
    for (int64_t at = 1; at <= 400; at++) {
        if (grouped && at % 20 == 1) DO(views_begin(&err, views));
        struct random again = random;
        change_something(&random, at);
        if (grouped && at % 20 == 1 && random_below(&groups, 2)) {
            views_roll_back(views); /* and the first is made once more */
            DO(views_begin(&err, views));
            random = again;
            change_something(&random, at);
        }
        if (grouped && random_below(&groups, 7) == 0) DO(views_settle(&err, views));
        if (grouped && at % 20 == 0) DO(views_commit(&err, views, (uint64_t)at));
    }
    buf_init(out, 1 << 20);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, all, -1, &get, NULL), SQLITE_OK);
    while (sqlite3_step(get) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(get); i++)
            buf_add_format(out, "%s=%s\n", sqlite3_column_name(get, i), (const char *)sqlite3_column_text(get, i));
    sqlite3_finalize(get);
    sqlite3_close(db);
}

static void a_group_leaves_what_its_changes_one_by_one_would(void **state)
{
    UNUSED(state);
    struct buf single, grouped;
    write_and_tell(false, &single);
    views_close(views);
    views_remove(path);
    open_views(false);
    write_and_tell(true, &grouped);
    assert_true(single.len > 1000);
    assert_string_equal(buf_cstr(&grouped), buf_cstr(&single));
    buf_free(&single);
    buf_free(&grouped);
}

/* --- the file --- */

static void spoil(const char *sql)
{
    sqlite3 *db;
    views_close(views);
    views = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void commit_cursor(uint64_t cursor)
{
    DO(views_begin(&err, views));
    DO(views_commit(&err, views, cursor));
}

static void what_is_damaged_or_of_another_format_is_made_anew(void **state)
{
    UNUSED(state);
    commit_cursor(7);
    spoil("UPDATE meta SET value=99 WHERE name='format'");
    open_views(true);
    assert_int_equal(views_cursor(views), 0);
    commit_cursor(8);
    spoil("DROP TABLE stream");
    open_views(true);
    views_close(views);
    views = NULL;
    file_write(path, STR("Not a database, but long enough to look like a file that has something in it after all."));
    open_views(true);
    assert_int_equal(views_cursor(views), 0);
}

static void a_file_open_when_the_computer_went_down_is_made_anew(void **state)
{
    UNUSED(state);
    commit_cursor(7);
    spoil("UPDATE meta SET value=0 WHERE name='clean'; UPDATE meta SET value='another start' WHERE name='boot'");
    open_views(true);
    assert_int_equal(views_cursor(views), 0);
}

static void a_process_that_died_loses_nothing(void **state)
{
    UNUSED(state);
    commit_cursor(7);
    const char *copy = folder_file(&folder, "copy.db");
    file_copy(path, copy);
    file_copy(folder_file(&folder, "views.db-wal"), folder_file(&folder, "copy.db-wal"));
    views_close(views);
    path = copy;
    open_views(false);
    assert_int_equal(views_cursor(views), 7);
}

/* --- conversations --- */

static void a_change_leaves_alone_what_it_does_not_name(void **state)
{
    UNUSED(state);
    DO(views_customer(&err, views, 4, STR("ext-4"), STR("Zoë Müller"), STR("zoe@example.org")));
    open_conversation(1, 4, 1000);
    say(1001, 1, 4, "hello \"there\"\n", false);
    struct conversation_change change;
    conversation_change_init(&change, 1);
    change.stars = 5;
    DO(views_conversation(&err, views, &change));
    json_t *rows = find(&(struct views_filter){ .limit = 10 }), *row = json_array_get(rows, 0);
    assert_int_equal(json_array_size(rows), 1);
    assert_int_equal(number(row, "customer"), 4);
    assert_int_equal(number(row, "stars"), 5);
    assert_int_equal(number(row, "opened_at"), 1000);
    assert_int_equal(number(row, "last_at"), 1001);
    assert_string_equal(json_string_value(json_object_get(row, "name")), "Zoë Müller");
    assert_string_equal(json_string_value(json_object_get(row, "state")), "assistant");
    assert_string_equal(json_string_value(json_object_get(row, "last_text")), "hello \"there\"\n");
    assert_true(json_is_false(json_object_get(row, "recontact")));
    json_decref(rows);
}

static void conversations_are_filtered_and_paged_by_last_activity(void **state)
{
    UNUSED(state);
    struct conversation_change change;
    for (uint64_t id = 1; id <= 9; id++) open_conversation(id, id % 3 + 1, 100 * (int64_t)id);
    for (uint64_t id = 4; id <= 6; id++) {
        conversation_change_init(&change, id);
        change.agent = 8;
        change.state = STR("active");
        DO(views_conversation(&err, views, &change));
    }
    assert_found(&(struct views_filter){ .limit = 4 }, "9 8 7 6");
    assert_found(&(struct views_filter){ .limit = 4, .before_ms = 600 }, "5 4 3 2");
    assert_found(&(struct views_filter){ .limit = 9, .agent = 8 }, "6 5 4");
    assert_found(&(struct views_filter){ .limit = 9, .state = STR("active"), .customer = 2 }, "4");
    assert_found(&(struct views_filter){ .limit = 9, .state = STR("' OR 1=1 --") }, "");
    /* What was resolved longer ago than somebody may look back is left out; what is open stays. */
    for (uint64_t id = 5; id <= 6; id++) {
        conversation_change_init(&change, id);
        change.state = STR("resolved");
        change.resolved_ms = 100 * (int64_t)id;
        DO(views_conversation(&err, views, &change));
    }
    assert_found(&(struct views_filter){ .limit = 9, .agent = 8, .resolved_after_ms = 500 }, "6 4");
    assert_found(&(struct views_filter){ .limit = 9, .agent = 8, .resolved_after_ms = 499 }, "6 5 4");
    /* Three share a millisecond at the page's end: none is skipped. */
    for (uint64_t id = 11; id <= 13; id++) open_conversation(id, 1, 950);
    assert_found(&(struct views_filter){ .limit = 1 }, "13 12 11");
    assert_found(&(struct views_filter){ .limit = 1, .before_ms = 950 }, "9");
}

static void search_finds_prefixes_of_all_words_in_any_case_and_accent(void **state)
{
    UNUSED(state);
    for (uint64_t id = 1; id <= 4; id++) open_conversation(id, id, 10 * (int64_t)id);
    DO(views_customer(&err, views, 3, STR("K-77"), STR("José Peña"), STR("jose.pena@example.org")));
    say(51, 1, 1, "Where is my REFUND for the café bill?", false);
    say(52, 2, 2, "The refunds are late", false);
    say(53, 4, 4, "кошелёк не работает, счёт 2024-17", false);
    assert_search("refund", "2 1");
    assert_search("REF", "2 1");
    assert_search("cafe ref", "1");
    assert_search("café", "1");
    assert_search("refund late bill", "");
    assert_search("кошел", "4");
    assert_search("2024-17", "4");
    assert_search("jose", "3");
    assert_search("pena@example", "3");
    assert_search("k-77", "3");
    assert_found(&(struct views_filter){ .text = STR("refund"), .customer = 2, .limit = 9 }, "2");
    assert_found(&(struct views_filter){ .text = STR("refund"), .before_ms = 52, .limit = 9 }, "1");
}

static void what_the_user_types_is_never_an_operator(void **state)
{
    UNUSED(state);
    open_conversation(1, 1, 10);
    open_conversation(2, 1, 20);
    say(31, 1, 1, "not near and or", false);
    say(32, 2, 1, "refund", false);
    static const char *const texts[] = { "\"", "\"\"", "*", "^refund\"", "text:refund", "refund*", "(refund", "-refund",
        "{text} : refund", "refund\\", "'refund'", "refund;DROP TABLE text", "\xe2\x80\x94", "+", "\x01\x7f", "\xff\xfe" };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        json_decref(find(&(struct views_filter){ .text = str_of(texts[i]), .limit = 9 }));
    assert_search("refund NOT x", "");
    assert_search("NOT", "1");
    assert_search("NEAR and OR", "1");
    assert_search("refund OR near", "");
    assert_search("\"refund", "2");
    assert_search("!!! refund ???", "2");
    assert_search("!!!", "");
}

/* --- figures --- */

static void figures_of_nothing_are_zero(void **state)
{
    UNUSED(state);
    json_t *json = figures(0, 1000, 100, 500);
    assert_int_equal(number(json, "opened"), 0);
    assert_true(json_is_null(json_object_get(json, "service_level")));
    assert_true(json_is_null(json_object_get(json, "rating_mean")));
    assert_int_equal(number(json, "median_wait_ms"), 0);
    assert_int_equal(json_array_size(json_object_get(json, "series")), 3);
    json_decref(json);
}

/* Ten conversations, one a second from 1000 on. 1 to 4: the assistant answers, nobody asks for a person. 5 to
 * 9: a person is asked for 100 ms later; 5, 6, 7 are met after 50, 150, 400 ms; 8 waits on; 9 gives up
 * after 30 ms. 10: not a word from anybody. */
static void a_day(void)
{
    static const int64_t waits[] = { 50, 150, 400 };
    struct conversation_change change;
    for (uint64_t id = 1; id <= 10; id++) open_conversation(id, id, 1000 * (int64_t)id);
    for (uint64_t id = 1; id <= 9; id++) say(id * 1000 + 10, id, id, "an answer", true);
    for (uint64_t id = 5; id <= 9; id++) DO(views_request(&err, views, id, STR("button"), (int64_t)id * 1000 + 100));
    for (uint64_t id = 5; id <= 7; id++) DO(views_request_met(&err, views, id, 3, (int64_t)id * 1000 + 100 + waits[id - 5]));
    DO(views_request_met(&err, views, 2, 3, 2500)); /* taken over, never requested */
    resolve(9, 9130);
    for (uint64_t id = 1; id <= 7; id++) resolve(id, (int64_t)id * 1000 + 900);
    for (uint64_t id = 1; id <= 2; id++) {
        conversation_change_init(&change, id);
        change.stars = 3 + (int64_t)id;
        change.recontact = 1;
        DO(views_conversation(&err, views, &change));
    }
}

static void figures_count_what_customers_lived_through(void **state)
{
    UNUSED(state);
    a_day();
    json_t *json = figures(0, 20000, 200, 4000);
    assert_int_equal(number(json, "opened"), 10);
    assert_int_equal(number(json, "resolved"), 8);
    assert_int_equal(number(json, "answered_by_assistant"), 4);
    assert_int_equal(number(json, "human_requests"), 5);
    assert_int_equal(number(json, "met"), 3);
    assert_int_equal(number(json, "met_in_time"), 2);
    /* 2 of 4: three met, one waits too long; who gave up after 30 ms is left out */
    assert_true(json_real_value(json_object_get(json, "service_level")) == 0.5);
    assert_int_equal(number(json, "median_wait_ms"), 150);
    assert_int_equal(number(json, "p95_wait_ms"), 400);
    assert_int_equal(number(json, "longest_wait_ms"), 20000 - 8100);
    assert_int_equal(number(json, "ratings"), 2);
    assert_true(json_real_value(json_object_get(json, "rating_mean")) == 4.5);
    assert_int_equal(number(json, "recontacts"), 2);
    json_t *series = json_object_get(json, "series"), *second = json_array_get(series, 1);
    assert_int_equal(json_array_size(series), 6);
    assert_int_equal(number(second, "at"), 4000);
    assert_int_equal(number(second, "opened"), 4);
    assert_int_equal(number(second, "answered"), 1);
    assert_int_equal(number(second, "requests"), 3);
    assert_int_equal(number(second, "met"), 3);
    json_decref(json);
    json = figures(6000, 20000, 200, 4000);
    assert_int_equal(number(json, "opened"), 5);
    assert_int_equal(number(json, "human_requests"), 4);
    assert_int_equal(number(json, "answered_by_assistant"), 0);
    json_decref(json);
    json = figures(0, 8150, 200, 4000); /* the eighth has not waited long yet */
    assert_true(json_real_value(json_object_get(json, "service_level")) > 0.66);
    json_decref(json);
}

static void a_series_has_a_maximum_and_keeps_the_latest(void **state)
{
    UNUSED(state);
    a_day();
    json_t *json = figures(0, 20000, 200, 1), *series = json_object_get(json, "series");
    assert_int_equal(json_array_size(series), VIEWS_BUCKETS_MAX);
    assert_int_equal(number(json_array_get(series, VIEWS_BUCKETS_MAX - 1), "at"), 20000);
    json_decref(json);
    json = figures(0, 20000, 200, 0);
    assert_int_equal(json_array_size(json_object_get(json, "series")), 0);
    json_decref(json);
    json_decref(figures(20000, 10, 200, 100));
}

static void a_second_request_is_counted_by_itself(void **state)
{
    UNUSED(state);
    open_conversation(1, 1, 10);
    DO(views_request(&err, views, 1, STR("button"), 100));
    DO(views_request_met(&err, views, 1, 3, 150));
    DO(views_request_met(&err, views, 1, 4, 170)); /* a take-over: the request was met already */
    DO(views_request(&err, views, 1, STR("transfer"), 300));
    json_t *rows = find(&(struct views_filter){ .limit = 1 });
    assert_int_equal(number(json_array_get(rows, 0), "requested_at"), 300);
    assert_int_equal(number(json_array_get(rows, 0), "met_at"), 0);
    json_decref(rows);
    DO(views_request_met(&err, views, 1, 4, 310));
    json_t *json = figures(0, 1000, 20, 0);
    assert_int_equal(number(json, "human_requests"), 2);
    assert_int_equal(number(json, "met_in_time"), 1);
    assert_int_equal(number(json, "longest_wait_ms"), 50);
    json_decref(json);
}

/* --- erasing --- */

static bool bytes_left(const char *word)
{
    static const char *const names[] = { "views.db", "views.db-wal", "views.db-shm", "views.db-journal" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (file_has(folder_file(&folder, names[i]), str_of(word))) return true;
    return false;
}

/* Words of their own for each customer, among many others', over many commits, with changed names and last
 * words, so that pages split and index segments merge meanwhile. */
static void write_much(void)
{
    struct random random = { 11 };
    char text[400];
    uint64_t seq = views_cursor(views);
    for (int group = 0; group < 60; group++) {
        DO(views_begin(&err, views));
        for (int i = 0; i < 40; i++) {
            uint64_t customer = 1 + random_below(&random, 50), conversation = customer * 2 + random_below(&random, 2);
            seq++;
            snprintf(text, sizeof text, "canary%llu secretword%llux%llu %.*s", (unsigned long long)customer,
                     (unsigned long long)customer, (unsigned long long)seq, (int)random_below(&random, 300),
                     "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut "
                     "labore et dolore magna aliqua ut enim ad minim veniam quis nostrud exercitation ullamco laboris "
                     "nisi ut aliquip ex ea commodo consequat duis aute irure dolor in reprehenderit in voluptate velit "
                     "esse cillum dolore eu fugiat nulla pariatur");
            struct conversation_change change;
            conversation_change_init(&change, conversation);
            change.customer = (int64_t)customer;
            change.opened_ms = change.last_ms = change.last_seq = (int64_t)seq;
            change.last_text = change.comment = str_of(text);
            DO(views_conversation(&err, views, &change));
            DO(views_message(&err, views, seq, conversation, customer, STR("customer"), str_of(text)));
            DO(views_customer(&err, views, customer, str_of(text), str_of(text), STR("x@example.org")));
        }
        DO(views_commit(&err, views, seq));
    }
}

static void whoever_is_erased_leaves_no_byte(void **state)
{
    UNUSED(state);
    write_much();
    assert_true(bytes_left("canary7 ") && bytes_left("secretword7x"));
    DO(views_begin(&err, views));
    DO(views_erase(&err, views, 7));
    DO(views_erase(&err, views, 8));
    DO(views_commit(&err, views, views_cursor(views) + 1));
    /* The full-text index stores words without the part they share with the one before: "anary7" and
     * "secretword7" would stand there as their ends. */
    static const char *const words[] = { "canary7 ", "secretword7x", "word7x", "canary8 ", "secretword8x", "word8x" };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (bytes_left(words[i])) fail_msg("%s is left", words[i]);
    assert_true(bytes_left("canary9 "));
    assert_search("canary7", "");
    assert_search("secretword8x", "");
    json_t *others = find(&(struct views_filter){ .text = STR("secretword9x"), .limit = 9 });
    assert_true(json_array_size(others) > 0);
    json_decref(others);
    /* Their conversations are still counted, without any text. */
    json_t *rows = find(&(struct views_filter){ .customer = 7, .limit = 1 }), *row = json_array_get(rows, 0);
    assert_non_null(row);
    assert_string_equal(json_string_value(json_object_get(row, "name")), "");
    assert_string_equal(json_string_value(json_object_get(row, "last_text")), "");
    json_decref(rows);
}

/* Dumps all terms that the full-text index knows, those without any row too. */
static bool index_knows(const char *prefix)
{
    sqlite3 *db;
    sqlite3_stmt *terms;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'words', 'row')", NULL,
                                  NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM temp.terms WHERE term GLOB ? || '*'", -1, &terms, NULL),
                     SQLITE_OK);
    sqlite3_bind_text(terms, 1, prefix, -1, SQLITE_STATIC);
    assert_int_equal(sqlite3_step(terms), SQLITE_ROW);
    bool knows = sqlite3_column_int(terms, 0) > 0;
    sqlite3_finalize(terms);
    sqlite3_close(db);
    return knows;
}

static void the_index_forgets_the_words_too(void **state)
{
    UNUSED(state);
    write_much();
    DO(views_erase(&err, views, 7));
    views_close(views);
    views = NULL;
    assert_false(index_knows("secretword7x"));
    assert_true(index_knows("secretword8x"));
    open_views(false);
}

static void an_erasure_cut_short_is_finished_at_the_next_start(void **state)
{
    UNUSED(state);
    write_much();
    spoil("UPDATE meta SET value=1 WHERE name='scrub'; UPDATE conversation SET last_text='', comment='' WHERE customer=7;"
          "INSERT INTO words(words, rowid, text) SELECT 'delete', id, text FROM text WHERE customer=7;"
          "DELETE FROM text WHERE customer=7; DELETE FROM customer WHERE id=7");
    assert_true(bytes_left("canary7 ") || bytes_left("word7x"));
    open_views(false);
    assert_false(bytes_left("canary7 ") || bytes_left("word7x"));
}

/* Said in one millisecond: the order of their numbers says nothing about the order of their conversations. */
static void a_search_further_back_finds_all_of_one_millisecond(void **state)
{
    UNUSED(state);
    for (uint64_t id = 1; id <= 2; id++) {
        open_conversation(id, id, 100);
        uint64_t seq = 203 - id;
        struct conversation_change change;
        conversation_change_init(&change, id);
        change.last_ms = 500;
        change.last_seq = (int64_t)seq;
        DO(views_message(&err, views, seq, id, id, STR("customer"), STR("a refund please")));
        DO(views_conversation(&err, views, &change));
    }
    assert_found(&(struct views_filter){ .text = STR("refund"), .limit = 9 }, "2 1");
    assert_found(&(struct views_filter){ .text = STR("refund"), .before_ms = 600, .limit = 9 }, "2 1");
    assert_found(&(struct views_filter){ .text = STR("refund"), .before_ms = INT64_MAX, .limit = 9 }, "2 1");
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(a_stream_is_a_union_in_order_without_doubles),
        STORY(the_cursor_comes_back_and_a_rolled_back_group_leaves_nothing),
        STORY(a_group_leaves_what_its_changes_one_by_one_would),
        STORY(what_is_damaged_or_of_another_format_is_made_anew),
        STORY(a_file_open_when_the_computer_went_down_is_made_anew),
        STORY(a_process_that_died_loses_nothing),
        STORY(a_change_leaves_alone_what_it_does_not_name),
        STORY(conversations_are_filtered_and_paged_by_last_activity),
        STORY(a_search_further_back_finds_all_of_one_millisecond),
        STORY(search_finds_prefixes_of_all_words_in_any_case_and_accent),
        STORY(what_the_user_types_is_never_an_operator),
        STORY(figures_of_nothing_are_zero),
        STORY(figures_count_what_customers_lived_through),
        STORY(a_series_has_a_maximum_and_keeps_the_latest),
        STORY(a_second_request_is_counted_by_itself),
        STORY(whoever_is_erased_leaves_no_byte),
        STORY(the_index_forgets_the_words_too),
        STORY(an_erasure_cut_short_is_finished_at_the_next_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
