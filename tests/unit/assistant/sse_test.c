/* Events of a stream are the same however the bytes arrive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "assistant/sse.h"

static struct buf seen;
static int stop_after;

/* Events in brackets, LF as a slash. */
static bool note(void *context, struct str data)
{
    UNUSED(context);
    buf_add_char(&seen, '[');
    for (size_t i = 0; i < data.len; i++)
        buf_add_char(&seen, data.data[i] == '\n' ? '/' : data.data[i]);
    buf_add_char(&seen, ']');
    return --stop_after != 0;
}

static const char *read_in(struct str stream, size_t piece, size_t max)
{
    struct sse sse;
    bool good = true;
    buf_clear(&seen);
    sse_init(&sse, max, note, NULL);
    for (size_t at = 0; at < stream.len && good; at += piece)
        good = sse_feed(&sse, str_slice(stream, at, at + piece));
    if (!good || !sse_end(&sse))
        buf_add_str(&seen, STR("!"));
    sse_free(&sse);
    return buf_cstr(&seen);
}

/* Whole, in pieces of three bytes, byte by byte. */
static void reads(const char *stream, const char *expected)
{
    static const size_t pieces[] = { 100000, 3, 1 };
    for (size_t i = 0; i < ARRAY_LEN(pieces); i++)
        assert_string_equal(read_in(str_of(stream), pieces[i], 1000), expected);
}

static int set_up(void **state)
{
    UNUSED(state);
    stop_after = -1;
    buf_init(&seen, 100000);
    return 0;
}

static int tear_down(void **state)
{
    UNUSED(state);
    buf_free(&seen);
    return 0;
}

static void lines_end_in_any_way(void **state)
{
    UNUSED(state);
    reads("data: a\n\ndata: b\n\n", "[a][b]");
    reads("data: a\r\n\r\ndata: b\r\n\r\n", "[a][b]");
    reads("data: a\r\rdata: b\r\r", "[a][b]");
    reads("data: a\r\n\ndata: b\n\r\n", "[a][b]");
}

static void several_data_lines_are_one_event(void **state)
{
    UNUSED(state);
    reads("data: a\ndata: b\ndata:\ndata\n\n", "[a/b//]");
    reads("data:a\n\n\n\ndata:  b\n\n", "[a][ b]");
}

static void comments_and_other_fields_are_passed_over(void **state)
{
    UNUSED(state);
    reads(": PROCESSING\n\nevent: x\nid: 7\nretry: 10\ndata: a\ndatabase: no\n\n:\n\n", "[a]");
    reads("event: ping\n\n", "");
}

static void a_byte_order_mark_is_no_part_of_the_first_line(void **state)
{
    UNUSED(state);
    reads("\xef\xbb\xbf" "data: a\n\ndata: \xef\xbb\xbf" "b\n\n", "[a][\xef\xbb\xbf" "b]");
}

static void letters_may_be_cut_anywhere(void **state)
{
    UNUSED(state);
    reads("data: å€😀\n\n", "[å€😀]");
}

static void the_last_event_counts_without_its_empty_line(void **state)
{
    UNUSED(state);
    reads("data: a\n\ndata: b", "[a][b]");
    reads("data: a\n\ndata: b\n", "[a][b]");
}

static void what_is_too_long_ends_the_reading(void **state)
{
    UNUSED(state);
    assert_string_equal(read_in(STR("data: a\n\ndata: 0123456789\n\ndata: b\n\n"), 1, 12), "[a]!");
    assert_string_equal(read_in(STR("data: 0123\ndata: 0123\ndata: 0123\n\n"), 1, 12), "!");
    /* A line that never ends is not gathered. */
    static char endless[50000];
    memset(endless, 'x', sizeof endless);
    assert_string_equal(read_in(str_make(endless, sizeof endless), 4096, 1000), "!");
}

static void a_receiver_that_has_enough_gets_no_more(void **state)
{
    UNUSED(state);
    stop_after = 2;
    assert_string_equal(read_in(STR("data: a\n\ndata: b\n\ndata: c\n\n"), 1, 100), "[a][b]!");
}

int main(void)
{
#define STORY(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        STORY(lines_end_in_any_way),
        STORY(several_data_lines_are_one_event),
        STORY(comments_and_other_fields_are_passed_over),
        STORY(a_byte_order_mark_is_no_part_of_the_first_line),
        STORY(letters_may_be_cut_anywhere),
        STORY(the_last_event_counts_without_its_empty_line),
        STORY(what_is_too_long_ends_the_reading),
        STORY(a_receiver_that_has_enough_gets_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
