#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/random.h"

static void a_buffer_never_passes_its_maximum(void **state)
{
    UNUSED(state);
    struct buf buf;
    buf_init(&buf, 10);
    buf_add_str(&buf, STR("0123456"));
    buf_add_str(&buf, STR("too long"));
    assert_true(buf.full);
    assert_true(str_equal(buf_str(&buf), STR("0123456")));
    buf_add_str(&buf, STR("x")); /* once full it takes nothing, so that no hole is left */
    assert_int_equal(buf.len, 7);
    buf_clear(&buf);
    buf_add_str(&buf, STR("0123456789"));
    assert_false(buf.full);
    buf_free(&buf);
}

static void numbers_come_back_as_they_went(void **state)
{
    UNUSED(state);
    struct random random = { 7 };
    for (int i = 0; i < 2000; i++) {
        struct buf buf;
        buf_init(&buf, 1000);
        uint64_t number = random_next(&random) >> random_below(&random, 64);
        int64_t signed_number = (int64_t)random_next(&random) >> random_below(&random, 64);
        buf_add_varint(&buf, number);
        buf_add_zigzag(&buf, signed_number);
        buf_add_bytes(&buf, STR("text"));
        struct reader reader = reader_of(buf_str(&buf));
        assert_true(reader_varint(&reader) == number);
        assert_true(reader_zigzag(&reader) == signed_number);
        assert_true(str_equal(reader_bytes(&reader), STR("text")));
        assert_true(!reader.bad && reader.at == reader.end);
        buf_free(&buf);
    }
    struct reader extremes = reader_of(STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"));
    assert_true(reader_varint(&extremes) == UINT64_MAX && !extremes.bad);
}

static void a_short_or_hostile_input_is_bad_and_stays_bad(void **state)
{
    UNUSED(state);
    const struct str inputs[] = { STR(""), STR("\x80"), STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
                                  STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") };
    for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
        struct reader reader = reader_of(inputs[i]);
        assert_true(reader_varint(&reader) == 0 && reader.bad);
        assert_int_equal(reader_bytes(&reader).len, 0);
        assert_true(reader.bad);
    }
    struct reader longer = reader_of(STR("\x05""abc"));
    assert_int_equal(reader_bytes(&longer).len, 0);
    assert_true(longer.bad);
}

static void json_text_is_escaped(void **state)
{
    UNUSED(state);
    struct buf buf;
    buf_init(&buf, 1000);
    buf_add_json_str(&buf, STR("a\"b\\c\nd\x01" "e\x7f\xc3\xb6"));
    assert_true(str_equal(buf_str(&buf), STR("\"a\\\"b\\\\c\\nd\\u0001e\\u007f\xc3\xb6\"")));
    buf_clear(&buf);
    buf_add_i64(&buf, INT64_MIN);
    buf_add_char(&buf, ' ');
    buf_add_u64(&buf, UINT64_MAX);
    assert_true(str_equal(buf_str(&buf), STR("-9223372036854775808 18446744073709551615")));
    buf_free(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_never_passes_its_maximum),
        cmocka_unit_test(numbers_come_back_as_they_went),
        cmocka_unit_test(a_short_or_hostile_input_is_bad_and_stays_bad),
        cmocka_unit_test(json_text_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
