#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/random.h"
#include "gateway/connection.h"
#include "gateway/peer.h"
#include "gateway/rate.h"

static const struct rate_limit limit = { .per_s = 2, .burst = 6 };

static void a_burst_passes_and_then_the_rate(void **state)
{
    UNUSED(state);
    struct rate *rate = rate_new(16);
    for (int i = 0; i < 6; i++) assert_int_equal(rate_take(rate, 1, limit, 1, 1000), 0);
    assert_int_equal(rate_take(rate, 1, limit, 1, 1000), 500); /* the time until there is one again */
    assert_int_equal(rate_take(rate, 1, limit, 1, 1499), 1);
    assert_int_equal(rate_take(rate, 1, limit, 1, 1500), 0);
    assert_true(rate_take(rate, 1, limit, 1, 1500) > 0);
    for (int i = 0; i < 6; i++) assert_int_equal(rate_take(rate, 1, limit, 1, 100000), 0); /* never over the burst */
    assert_true(rate_take(rate, 1, limit, 1, 100000) > 0);
    rate_free(rate);
}

static void one_key_does_not_use_up_another(void **state)
{
    UNUSED(state);
    struct rate *rate = rate_new(16);
    while (!rate_take(rate, 1, limit, 1, 0)) continue;
    assert_int_equal(rate_take(rate, 2, limit, 1, 0), 0);
    assert_true(rate_take(rate, 1, limit, 1, 0) > 0);
    rate_free(rate);
}

static void no_limit_and_dear_things(void **state)
{
    UNUSED(state);
    struct rate *rate = rate_new(16);
    for (int i = 0; i < 1000; i++) assert_int_equal(rate_take(rate, 1, (struct rate_limit){ 0, 0 }, 1, 0), 0);
    /* What costs more than a whole burst waits for a full bucket, not for ever. */
    assert_int_equal(rate_take(rate, 2, limit, 100, 0), 0);
    assert_int_equal(rate_take(rate, 2, limit, 100, 0), 3000);
    assert_int_equal(rate_take(rate, 2, limit, 100, 3000), 0);
    rate_free(rate);
}

static void a_flood_of_keys_keeps_to_the_table(void **state)
{
    UNUSED(state);
    struct rate *rate = rate_new(64);
    struct random random = { 3 };
    int64_t now = 0;
    size_t refused = 0;
    /* A busy key among 100,000 others that come once: its bucket is used too lately to be taken. */
    for (int i = 0; i < 100000; i++, now++) {
        rate_take(rate, random_next(&random), limit, 1, now);
        refused += rate_take(rate, 77, limit, 1, now) > 0;
    }
    assert_true(refused > 99000);
    rate_free(rate);
}

static struct address address_of(const char *text)
{
    struct address address;
    assert_true(address_parse(str_of(text), &address));
    return address;
}

static void connections_are_counted_by_address(void **state)
{
    UNUSED(state);
    struct peers peers = { .counts = { 0 } };
    peers_start(&peers);
    peers_come(&peers, address_of("192.0.2.1"));
    peers_come(&peers, address_of("192.0.2.1"));
    peers_come(&peers, address_of("192.0.2.2"));
    assert_int_equal(peers_count(&peers, address_of("192.0.2.1")), 2);
    assert_int_equal(peers_count(&peers, address_of("::ffff:192.0.2.1")), 2); /* the same one */
    /* All of a household's IPv6 addresses count as one. */
    peers_come(&peers, address_of("2001:db8:1:2::1"));
    assert_int_equal(peers_count(&peers, address_of("2001:db8:1:2:ffff::9")), 1);
    assert_int_equal(peers_count(&peers, address_of("2001:db8:1:3::1")), 0);
    peers_go(&peers, address_of("192.0.2.1"));
    peers_go(&peers, address_of("192.0.2.1"));
    assert_int_equal(peers_count(&peers, address_of("192.0.2.1")), 0);
    peers_free(&peers);
}

static void addresses_are_read_and_written(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    const struct { const char *text, *back; } cases[] = {
        { "127.0.0.1", "127.0.0.1" }, { "192.0.2.7:4711", "192.0.2.7" }, { "::1", "::1" },
        { "[2001:db8::5]:443", "2001:db8::5" }, { "::ffff:10.0.0.1", "10.0.0.1" },
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        assert_true(str_equal(address_text(&arena, address_of(cases[i].text)), str_of(cases[i].back)));
    struct address address;
    assert_false(address_parse(STR("unknown"), &address));
    assert_false(address_parse(STR("300.1.1.1"), &address));
    assert_false(address_parse(STR("[::1"), &address));
    assert_true(address_is_loopback(address_of("127.1.2.3")) && address_is_loopback(address_of("::1")));
    assert_false(address_is_loopback(address_of("10.0.0.1")));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_passes_and_then_the_rate),
        cmocka_unit_test(one_key_does_not_use_up_another),
        cmocka_unit_test(no_limit_and_dear_things),
        cmocka_unit_test(a_flood_of_keys_keeps_to_the_table),
        cmocka_unit_test(connections_are_counted_by_address),
        cmocka_unit_test(addresses_are_read_and_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
