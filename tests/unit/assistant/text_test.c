/* From text to words and numbers: folding, stems, remarks, plain Markdown. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/assistant.h"
#include "assistant/words.h"

static struct arena arena;

static void words_are_folded(void **state)
{
    static const struct { const char *text, *words; } rows[] = {
        { "Hello, WORLD!", "hello world" }, { "What's up?", "whats up" }, { "don\xe2\x80\x99t", "dont" }, { "order W-20417", "order w #" },
        { "Straße", "strasse" }, { "ﬁne Å", "fine å" }, { "a\xcc\x8a", "å" }, { "日本", "日本" }, { "", "" }, { "  ...  ", "" },
        { "e-mail x9", "e mail x9" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(arena_cstr(&arena, tokens_join(&arena, tokens_of(&arena, str_of(rows[i].text)))), rows[i].words);
    assert_int_equal(tokens_of(&arena, STR("\xff\xfe bad")).count, 0);
}

/* A letter beyond ASCII sends the whole text through Unicode's own folding: the words before it stay the same. */
static void plain_ascii_is_folded_as_unicode_says(void **state)
{
    char text[160];
    size_t len = 0;
    UNUSED(state);
    for (char c = 1; c < 127; c++) {
        text[len++] = c;
        if (c % 9 == 0)
            text[len++] = 'x';
    }
    struct str plain = str_make(text, len), mixed = arena_format(&arena, "%.*s \xc3\xa5", STR_ARG(plain));
    struct tokens all = tokens_of(&arena, mixed), ascii = tokens_of(&arena, plain);
    assert_true(ascii.count > 5);
    assert_int_equal(all.count, ascii.count + 1);
    for (size_t i = 0; i < ascii.count; i++)
        assert_true(str_equal(all.words[i], ascii.words[i]));
}

static void stems_belong_to_a_language(void **state)
{
    struct stemmer *english = stemmer_new(STR("en")), *swedish = stemmer_new(STR("sv-SE"));
    UNUSED(state);
    assert_true(str_equal(stemmer_stem(english, &arena, STR("payments")), stemmer_stem(english, &arena, STR("payment"))));
    assert_true(str_equal(stemmer_stem(swedish, &arena, STR("betalningar")), stemmer_stem(swedish, &arena, STR("betalning"))));
    assert_null(stemmer_new(STR("xx")));
    assert_true(str_equal(stemmer_stem(NULL, &arena, STR("payments")), STR("payments")));
    stemmer_free(english);
    stemmer_free(swedish);
}

static void short_remarks_have_a_meaning(void **state)
{
    static const struct { const char *text; enum remark remark; } rows[] = {
        { "Yes!", REMARK_YES }, { "ja tack", REMARK_YES }, { "Sí", REMARK_YES }, { "1", REMARK_YES }, { "Nein", REMARK_NO },
        { "never mind", REMARK_CANCEL }, { "Avbryt", REMARK_CANCEL }, { "Hej!", REMARK_HELLO }, { "Grüß Gott", REMARK_HELLO },
        { "muchas gracias", REMARK_THANKS }, { "Tschüss", REMARK_GOODBYE }, { "Are you a bot?", REMARK_WHAT_ARE_YOU },
        { "yes, my order is late", REMARK_NOTHING }, { "hello where is my order", REMARK_NOTHING }, { "", REMARK_NOTHING },
        { "|yes|", REMARK_YES }, { "20417", REMARK_NOTHING }, { "no, forget it", REMARK_CANCEL }, { "oh wait, better not", REMARK_CANCEL },
        { "ok leave it as it is", REMARK_CANCEL }, { "Nein, doch nicht", REMARK_CANCEL }, { "ok yes please", REMARK_YES },
        { "no the other one", REMARK_NOTHING }, { "ok", REMARK_YES }, { "no", REMARK_NO },
        { "yes pls", REMARK_YES }, { "Yeah, that's fine, go ahead", REMARK_YES }, { "yes please do that, thank you", REMARK_YES },
        { "ja gör så", REMARK_YES }, { "Ja tack, det går bra", REMARK_YES }, { "ja bitte machen Sie das so", REMARK_YES }, { "passt, danke", REMARK_YES },
        { "sí por favor, hazlo", REMARK_YES }, { "claro que sí, adelante", REMARK_YES }, { "nope, not now thanks", REMARK_NO },
        { "nej tack, inte nu", REMARK_NO }, { "nein, das stimmt nicht", REMARK_NO }, { "no gracias, ahora no", REMARK_NO }, { "nee lass mal", REMARK_CANCEL },
        { "yes but not today", REMARK_NOTHING }, { "yes, the other order", REMARK_NOTHING }, { "ja, aber nur 7 Tage", REMARK_NOTHING },
        { "yes if it is free", REMARK_NOTHING }, { "sí pero mañana", REMARK_NOTHING }, { "yes please move it by 30 days", REMARK_NOTHING },
        { "no, do it", REMARK_NOTHING }, { "ja men vad kostar det", REMARK_NOTHING }, { "please, thanks", REMARK_THANKS },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        if (words_remark(&arena, str_of(rows[i].text)) != rows[i].remark)
            fail_msg("'%s' means %d", rows[i].text, words_remark(&arena, str_of(rows[i].text)));
}

static void every_sentence_is_there_in_every_language(void **state)
{
    static const char *const languages[] = { "en", "sv", "de", "es", "fi" };
    UNUSED(state);
    for (int s = 0; s < SENTENCE_COUNT; s++)
        for (size_t l = 0; l < ARRAY_LEN(languages); l++)
            assert_true(words_sentence((enum sentence)s, str_of(languages[l])).len > 0);
}

static void markdown_becomes_plain_words(void **state)
{
    UNUSED(state);
    assert_string_equal(arena_cstr(&arena, markdown_plain(STR("# A\n\nB *c* [d](/e)\nf\n\n* g\n* `h`\n\n<b>i</b>"), &arena)),
                        "A\nB c d f\ng\nh\ni");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_folded), cmocka_unit_test(plain_ascii_is_folded_as_unicode_says),
        cmocka_unit_test(stems_belong_to_a_language),
        cmocka_unit_test(short_remarks_have_a_meaning), cmocka_unit_test(every_sentence_is_there_in_every_language),
        cmocka_unit_test(markdown_becomes_plain_words),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
