/* The engine's settings are text in the log: canonical, complete, and every mistake named. */
#include "../../support/engine_story.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <cmocka.h>

static struct arena arena;

static struct settings decoded(const char *text)
{
    struct settings settings;
    struct err err;
    if (!settings_decode(&err, str_of(text), &arena, &settings)) fail_msg("%s", err.text);
    return settings;
}

static void assert_bad(const char *text, const char *part)
{
    struct settings settings;
    struct err err;
    assert_false(settings_decode(&err, str_of(text), &arena, &settings));
    if (!strstr(err.text, part)) fail_msg("'%s' does not say '%s'", err.text, part);
}

static void no_text_gives_the_defaults(void **state)
{
    UNUSED(state);
    struct settings settings = decoded("");
#define X(name, initial, smallest, greatest, meaning) assert_int_equal(settings.name, initial);
    SETTINGS(X)
#undef X
    assert_int_equal(settings.language_count, 1);
    assert_true(str_equal(settings.languages[0], STR("en")));
    assert_int_equal(settings.skill_count + settings.topic_count, 0);
}

static void every_number_has_its_limits(void **state)
{
    UNUSED(state);
#define X(name, initial, smallest, greatest, meaning) { \
        char text[128]; \
        snprintf(text, sizeof text, #name " %lld", (long long)(smallest)); \
        assert_int_equal(decoded(text).name, smallest); \
        snprintf(text, sizeof text, #name " %lld", (long long)(greatest)); \
        assert_int_equal(decoded(text).name, greatest); \
        snprintf(text, sizeof text, #name " %lld", (long long)(smallest) - 1); \
        assert_bad(text, #name); \
        snprintf(text, sizeof text, #name " %lld", (long long)(greatest) + 1); \
        assert_bad(text, #name); }
    SETTINGS(X)
#undef X
}

static void the_same_settings_give_the_same_text(void **state)
{
    UNUSED(state);
    struct settings a = decoded("skill b\nskill a\ntopic z a,b\ntopic y\nlanguage de\nlanguage en\nlease_ms 3000\n");
    struct settings b = decoded("topic y\nlease_ms 3000\nlanguage de\n\nskill b\ntopic z b,a\nskill a\nlanguage en");
    struct buf x, y, z;
    buf_init(&x, LIMIT_SETTINGS);
    buf_init(&y, LIMIT_SETTINGS);
    buf_init(&z, LIMIT_SETTINGS);
    settings_encode(&a, &x);
    settings_encode(&b, &y);
    assert_true(str_equal(buf_str(&x), buf_str(&y)));
    struct settings again = decoded(buf_cstr(&x));
    settings_encode(&again, &z);
    assert_true(str_equal(buf_str(&x), buf_str(&z)));
    assert_non_null(strstr(buf_cstr(&x), "topic y\ntopic z b,a\n"));
    buf_free(&x);
    buf_free(&y);
    buf_free(&z);
}

static void mistakes_name_their_line(void **state)
{
    UNUSED(state);
    assert_bad("language en\nlanguage en", "line 2");
    assert_bad("skill a\nskill a", "line 2: 'a' stands twice");
    assert_bad("skill\n", "is not a name");
    assert_bad("skill a b", "is not a name");
    assert_bad("skill a,b", "is not a name");
    assert_bad("skill a\ntopic t a,c", "line 2: topic 't' needs a skill");
    assert_bad("topic t\nskill a\ntopic t a", "stands twice");
    assert_bad("topic \n", "is not a topic's name");
    assert_bad("topic\n", "is not a topic's name");
    assert_bad("lease_ms 2000\nlease_ms 2000", "line 2: lease_ms stands twice");
    assert_bad("lease_ms ", "lease_ms must be a number");
    assert_bad("lease_ms 2000 ", "lease_ms must be a number");
    assert_bad("\n\nfrobnicate 1", "line 3: unknown word 'frobnicate'");
}

static void there_are_only_so_many(void **state)
{
    UNUSED(state);
    struct buf text;
    buf_init(&text, LIMIT_SETTINGS);
    for (int i = 0; i < LIMIT_SKILLS; i++) buf_add_format(&text, "skill s%d\n", i);
    for (int i = 0; i < LIMIT_LANGUAGES; i++) buf_add_format(&text, "language l%d\n", i);
    for (int i = 0; i < LIMIT_TOPICS; i++) buf_add_format(&text, "topic t%d s%d\n", i, i % LIMIT_SKILLS);
    struct settings settings = decoded(buf_cstr(&text));
    assert_int_equal(settings_topic(&settings, STR("t63"))->skills, (uint64_t)1 << 63);
    assert_int_equal(settings_topic(&settings, STR("t64"))->skills, 1);
    size_t full = text.len;
    const char *extra[] = { "skill s64\n", "language l32\n", "topic t1024\n" };
    for (size_t i = 0; i < ARRAY_LEN(extra); i++) {
        text.len = full;
        buf_add_str(&text, str_of(extra[i]));
        assert_bad(buf_cstr(&text), "more than");
    }
    buf_free(&text);
}

static void names_are_found(void **state)
{
    UNUSED(state);
    struct settings settings = decoded("skill a\nskill b\nlanguage en\nlanguage es\ntopic m a\ntopic c\ntopic x b");
    uint64_t bits;
    assert_int_equal(settings_skill(&settings, STR("b")), 1);
    assert_int_equal(settings_skill(&settings, STR("c")), -1);
    assert_int_equal(settings_language(&settings, STR("es")), 1);
    assert_non_null(settings_topic(&settings, STR("c")));
    assert_null(settings_topic(&settings, STR("d")));
    assert_null(settings_topic(&settings, STR("")));
    assert_true(settings_skill_bits(&settings, STR("b,a"), &bits));
    assert_int_equal(bits, 3);
    assert_true(settings_skill_bits(&settings, STR(""), &bits));
    assert_int_equal(bits, 0);
    assert_false(settings_skill_bits(&settings, STR("a,"), &bits));
    assert_false(settings_language_bits(&settings, STR("en,fr"), &bits));
}

static int tear_down(void **state)
{
    UNUSED(state);
    arena_reset(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(no_text_gives_the_defaults, tear_down),
        cmocka_unit_test_teardown(every_number_has_its_limits, tear_down),
        cmocka_unit_test_teardown(the_same_settings_give_the_same_text, tear_down),
        cmocka_unit_test_teardown(mistakes_name_their_line, tear_down),
        cmocka_unit_test_teardown(there_are_only_so_many, tear_down),
        cmocka_unit_test_teardown(names_are_found, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
