/* What the back end says, as the customer reads it. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "assistant/fill.h"

static struct arena arena;

static struct str filled(const char *template, const char *json, const char *language)
{
    struct err err = { "" };
    struct str out = STR("(failed)");
    json_t *result = json_loads(json, 0, NULL);
    assert_non_null(result);
    struct filling filling = { result, NULL, str_of(language) };
    if (!fill_template(&err, &arena, str_of(template), &filling, &out))
        out = arena_format(&arena, "(failed: %s)", err.text);
    json_decref(result);
    return out;
}

#define READS(template, json, language, text) \
    assert_string_equal(arena_cstr(&arena, filled(template, json, language)), text)

static void amounts_read_as_people_write_them(void **state)
{
    const char *json = "{\"amount_minor\":124905,\"currency\":\"EUR\"}";
    UNUSED(state);
    READS("{{amount}}", json, "en", "€1,249.05");
    READS("{{amount_minor}}", json, "sv", "1\u00a0249,05\u00a0€");
    READS("{{amount}}", json, "de", "1.249,05\u00a0€");
    READS("{{amount}}", json, "es", "1.249,05\u00a0€");
    READS("{{a}}", "{\"a_minor\":5,\"a_currency\":\"SEK\",\"currency\":\"EUR\"}", "en", "SEK\u00a00.05");
    READS("{{a}}", "{\"a_minor\":-1000,\"currency\":\"SEK\"}", "sv", "-10,00\u00a0kr");
    READS("{{a}}", "{\"a_minor\":100000000,\"currency\":\"USD\"}", "en", "$1,000,000.00");
    READS("{{a}}", "{\"a_minor\":-9223372036854775808}", "en", "-92,233,720,368,547,758.08");
}

static void a_number_keeps_all_of_its_digits(void **state)
{
    UNUSED(state);
    READS("{{n}}", "{\"n\":123456789.25}", "en", "123456789.25");
    READS("{{n}}", "{\"n\":0.1}", "en", "0.1");
    READS("{{n}}", "{\"n\":2.50}", "en", "2.5");
}

static void dates_read_as_people_write_them(void **state)
{
    UNUSED(state);
    READS("{{d}}", "{\"d\":\"2026-03-02\"}", "en", "2 March 2026");
    READS("{{d}}", "{\"d\":\"2026-03-12T14:30:00Z\"}", "sv", "12 mars 2026");
    READS("{{d}}", "{\"d\":\"2026-03-12\"}", "de", "12. März 2026");
    READS("{{d}}", "{\"d\":\"2026-03-12\"}", "es", "12 de marzo de 2026");
    READS("{{d}}", "{\"d\":\"2026-13-12\"}", "en", "2026-13-12");
    READS("{{d}}", "{\"d\":\"2026-03-12x\"}", "en", "2026-03-12x");
}

static void what_is_missing_is_never_shown_as_a_gap(void **state)
{
    UNUSED(state);
    READS("x {{a}}", "{}", "en", "(failed: the field 'a' is missing)");
    READS("x {{a}}", "{\"a\":null}", "en", "(failed: the field 'a' is missing)");
    READS("x {{a}}", "{\"a\":\"\"}", "en", "(failed: the field 'a' is missing)");
    READS("x {{a}}", "{\"a\":true}", "en", "(failed: the field 'a' is missing)");
    READS("x {{a}}", "{\"a\":{\"b\":1}}", "en", "(failed: the field 'a' is missing)");
}

static void blocks_repeat_and_choose(void **state)
{
    const char *json = "{\"items\":[{\"n\":\"lamp\",\"p_minor\":100},{\"n\":\"rug\",\"p_minor\":250}],\"currency\":\"EUR\",\"late\":false,"
                       "\"none\":[],\"zero\":0,\"one\":{\"n\":\"sofa\"}}";
    UNUSED(state);
    READS("You have:\n{{#items}}* {{n}}, {{p}}\n{{/items}}", json, "en", "You have:\n* lamp, €1.00\n* rug, €2.50");
    READS("a{{#late}} late{{/late}}{{^late}} in time{{/late}}", json, "en", "a in time");
    READS("a{{#none}} some{{/none}}{{^none}} none{{/none}}{{^zero}} zero{{/zero}}", json, "en", "a none zero");
    READS("{{#one}}the {{n}}{{/one}}{{#missing}}x{{/missing}}", json, "en", "the sofa");
}

static void a_value_is_words_and_never_markup(void **state)
{
    UNUSED(state);
    READS("{{a}}", "{\"a\":\"[x](javascript:y) <b> *z* a_b _c_\\n# d\"}", "en",
          "\\[x\\](javascript:y) \\<b\\> \\*z\\* a_b \\_c\\_ # d");
    READS("{{a}}", "{\"a\":\"{{b}}\",\"b\":\"x\"}", "en", "{{b}}"); /* filled once only */
}

static void a_link_must_be_safe(void **state)
{
    UNUSED(state);
    READS("[x]({{u}})", "{\"u\":\"https://a.example/b?c=(d)\"}", "en", "[x](https://a.example/b?c=%28d%29)");
    READS("[x]({{u}})", "{\"u\":\"javascript:alert(1)\"}", "en", "(failed: the field 'u' is not a safe address)");
    READS("[x]({{u}})", "{\"u\":\"//evil.example\"}", "en", "(failed: the field 'u' is not a safe address)");
    READS("[x]({{u}})", "{\"u\":\"https://a.example/ b\"}", "en", "(failed: the field 'u' is not a safe address)");
    READS("[x]({{u}})", "{\"u\":\"http://localhost.evil.example/\"}", "en", "(failed: the field 'u' is not a safe address)");
    READS("[x]({{u}})", "{\"u\":\"http://127.0.0.1:80@evil.example/\"}", "en", "(failed: the field 'u' is not a safe address)");
    READS("[x]({{u}})", "{\"u\":\"https://shop.example@evil.example/\"}", "en", "(failed: the field 'u' is not a safe address)");
    READS("[x]({{u}})", "{\"u\":\"http://127.0.0.1:8090/label\"}", "en", "[x](http://127.0.0.1:8090/label)");
}

static void a_note_that_is_too_long_ends_with_a_whole_character(void **state)
{
    UNUSED(state);
    for (size_t shift = 0; shift < 2; shift++) {
        struct buf json;
        buf_init(&json, 3 * LIMIT_MESSAGE);
        buf_add_str(&json, STR("{\"a\":\""));
        for (size_t i = 0; i < shift; i++) buf_add_str(&json, STR("x"));
        for (size_t i = 0; i < LIMIT_MESSAGE; i++) buf_add_str(&json, STR("å"));
        buf_add_str(&json, STR("\"}"));
        struct action action = { .name = STR("look") };
        struct action_result result = { .outcome = STR("done"), .json = buf_str(&json) };
        struct str note = assistant_result_note(&(struct workspace){ 0 }, &action, &result, STR("en"), &arena);
        buf_free(&json);
        assert_in_range(note.len, LIMIT_MESSAGE - 1, LIMIT_MESSAGE);
        assert_true(str_is_utf8(note));
    }
}

static void a_note_reads_as_people_write(void **state)
{
    struct text_by_language titles[] = { { STR("en"), STR("Order") }, { STR("es"), STR("Pedido") } };
    struct action_parameter order = { .name = STR("order"), .titles = titles, .title_count = ARRAY_LEN(titles) };
    struct action action = { .name = STR("look"), .parameters = &order, .parameter_count = 1 };
    struct action_result result = { .outcome = STR("done"),
        .json = STR("{\"order\":\"W-1\",\"ordered_on\":\"2026-11-07\",\"total_minor\":1200,\"currency\":\"EUR\"}") };
    struct str languages[] = { STR("en"), STR("es") };
    struct workspace workspace = { .languages = languages, .language_count = ARRAY_LEN(languages) };
    UNUSED(state);
    struct str note = assistant_result_note(&workspace, &action, &result, STR("es"), &arena);
    assert_string_equal(arena_cstr(&arena, note), "Hecho: look.\n\nPedido: W-1\nOrdered on: 7 de noviembre de 2026\nTotal: 12,00\xc2\xa0€");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_reads_as_people_write),
        cmocka_unit_test(amounts_read_as_people_write_them), cmocka_unit_test(a_number_keeps_all_of_its_digits),
        cmocka_unit_test(dates_read_as_people_write_them),
        cmocka_unit_test(what_is_missing_is_never_shown_as_a_gap), cmocka_unit_test(blocks_repeat_and_choose),
        cmocka_unit_test(a_value_is_words_and_never_markup), cmocka_unit_test(a_link_must_be_safe),
        cmocka_unit_test(a_note_that_is_too_long_ends_with_a_whole_character),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
