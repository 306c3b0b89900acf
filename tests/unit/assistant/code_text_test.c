/* Six digits in what a customer writes are found and hidden; a part of a longer number is left alone. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "assistant/code_text.h"

static const struct { const char *text, *code, *hidden; } rows[] = {
    { "123456", "123456", "******" },
    { " 123 456 ", "123456", " ****** " },
    { "123-456", "123456", "******" },
    { "my code is 004217, thanks", "004217", "my code is ******, thanks" },
    { "first 111111 then 222222", "111111", "first ****** then ******" },
    { "(123456)", "123456", "(******)" },
    { "12345", NULL, NULL },
    { "1234567", NULL, NULL },
    { "12 3456", NULL, NULL },
    { "W-204170", NULL, NULL },
    { "ab123456", NULL, NULL },
    { "123456ab", NULL, NULL },
    { "123456-7", NULL, NULL },
    { "1234 567", NULL, NULL },
    { "123 4567", NULL, NULL },
    { "\u00e5123456", NULL, NULL },
    { "", NULL, NULL },
    { "123 ", NULL, NULL },
};

static void codes_are_found_and_hidden(void **state)
{
    UNUSED(state);
    struct arena arena = { 0 };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char code[CODE_ROOM] = "";
        struct str hidden;
        bool found = code_text_hide(&arena, str_of(rows[i].text), code, &hidden);
        if (found != (rows[i].code != NULL)) fail_msg("'%s'", rows[i].text);
        if (!found) continue;
        assert_string_equal(code, rows[i].code);
        assert_string_equal(arena_cstr(&arena, hidden), rows[i].hidden);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(codes_are_found_and_hidden) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
