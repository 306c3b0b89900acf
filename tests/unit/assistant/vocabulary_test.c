/* Words, letters, n-grams, and what a mistyped word was meant to be. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/vocabulary.h"

static struct arena arena;

static void then_words(const char *text, const char *wanted)
{
    struct str words[32], all = STR_EMPTY;
    size_t count = terms_words(&arena, str_of(text), words, 32);
    for (size_t i = 0; i < count; i++)
        all = arena_format(&arena, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(words[i]));
    assert_string_equal(arena_cstr(&arena, all), wanted);
}

static void words_keep_their_numbers(void **state)
{
    UNUSED(state);
    then_words("Error 404, W-20417!", "error 404 w 20417");
    then_words("日本語です", "日本 本語 語で です");
    then_words("iPhone携帯 x", "iphone 携帯 x");
    then_words("店", "店");
    then_words("", "");
}

/* A text of any length, in pieces: no word is lost or cut, whatever stands at the edges. */
static void long_texts_are_taken_whole(void **state)
{
    UNUSED(state);
    for (size_t shift = 0; shift < 40; shift++) {
        struct str words[6000];
        char *text = arena_take(&arena, 60000);
        size_t len = 0;
        for (size_t i = 0; i < shift; i++)
            text[len++] = 'x';
        for (int i = 0; i < 5000; i++)
            len += (size_t)sprintf(text + len, "%s", i % 2 ? " söker" : " zwölf");
        size_t count = terms_words(&arena, str_make(text, len), words, 6000);
        assert_int_equal(count, 5000 + (shift > 0));
        for (size_t i = shift > 0; i < count; i++)
            assert_true(str_equal(words[i], STR("söker")) || str_equal(words[i], STR("zwölf")));
        arena_reset(&arena);
    }
    struct str words[6000]; /* one word without end, of two-byte letters */
    char *text = arena_take(&arena, 20002);
    for (size_t i = 0; i < 20002; i += 2)
        memcpy(text + i, "ö", 2);
    assert_true(terms_words(&arena, str_make(text, 20002), words, 6000) >= 1);
    for (size_t i = 0; i < terms_words(&arena, str_make(text, 20002), words, 6000); i++)
        assert_true(str_is_utf8(words[i]));
}

static void ngrams_know_no_accents(void **state)
{
    uint64_t plain[TERMS_GRAMS_MAX], accented[TERMS_GRAMS_MAX];
    UNUSED(state);
    size_t count = terms_grams(STR("cuando"), 3, 4, plain);
    assert_int_equal(count, 6 + 5); /* of " cuando " */
    assert_int_equal(terms_grams(STR("cuándo"), 3, 4, accented), count);
    assert_memory_equal(plain, accented, count * sizeof *plain);
    assert_int_equal(terms_grams(STR("a"), 3, 4, plain), 1); /* " a " gives itself, once */
    assert_int_equal(terms_grams(STR("ab"), 3, 4, plain), 3);
    char longest[300];
    memset(longest, 'a', sizeof longest);
    assert_true(terms_grams(str_make(longest, sizeof longest), 3, 4, plain) <= TERMS_GRAMS_MAX);
}

static void edits_are_counted(void **state)
{
    static const struct { const char *a, *b; int edits; } rows[] = {
        { "refund", "refund", 0 }, { "refund", "refnud", 1 }, { "refund", "refun", 1 }, { "refund", "refuund", 1 }, { "refund", "rofund", 1 },
        { "refund", "efudn", 2 }, { "refund", "return", 3 }, { "", "ab", 2 }, { "ab", "ba", 1 }, { "abc", "xyz", 3 },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int32_t a[TERMS_WORD_BYTES], b[TERMS_WORD_BYTES];
        size_t a_count = terms_letters(str_of(rows[i].a), a), b_count = terms_letters(str_of(rows[i].b), b);
        assert_int_equal(vocabulary_edits(a, a_count, b, b_count, 3), rows[i].edits);
        assert_int_equal(vocabulary_edits(b, b_count, a, a_count, 3), rows[i].edits);
        assert_int_equal(vocabulary_edits(a, a_count, b, b_count, 1), rows[i].edits <= 1 ? rows[i].edits : 2);
    }
}

static void given_words(struct vocabulary *vocabulary)
{
    static const char *const words[] = { "refund", "return", "payment", "payments", "cost", "lost", "instalment", "cuándo", "tarjeta", "refund" };
    *vocabulary = (struct vocabulary){ .count = 0 };
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        vocabulary_add(vocabulary, NULL, 0, str_of(words[i]));
    vocabulary_end(vocabulary);
}

static void mistyped_words_are_guessed(void **state)
{
    static const struct { const char *typed, *meant; } rows[] = {
        { "refnud", "refund" }, { "rfund", "refund" }, { "retrun", "return" }, { "instalmet", "instalment" }, { "instllment", "instalment" },
        { "cuando", "cuándo" }, { "targeta", "tarjeta" }, { "paymnet", "payment" },
        { "cast", "cost" }, /* one edit, the first letter included */
        { "abc", "" }, { "cot", "" }, /* too short to guess */
        { "w20417", "" }, { "zzzzzzzz", "" }, { "reverend", "" },
    };
    struct vocabulary vocabulary;
    UNUSED(state);
    given_words(&vocabulary);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct vocabulary_near near[VOCABULARY_NEAR];
        size_t count = vocabulary_guess(&vocabulary, &arena, str_of(rows[i].typed), near);
        struct str first = count ? vocabulary.words[near[0].word].text : STR_EMPTY;
        if (!str_equal(first, str_of(rows[i].meant)))
            fail_msg("'%s' is taken for '%.*s'", rows[i].typed, STR_ARG(first));
    }
    vocabulary_free(&vocabulary);
}

/* Every word of one edit is found, by whatever n-grams are left: compared with trying all words. */
static void no_near_word_is_missed(void **state)
{
    struct vocabulary vocabulary;
    size_t tried = 0;
    UNUSED(state);
    given_words(&vocabulary);
    for (size_t w = 0; w < vocabulary.count; w++) {
        struct str word = vocabulary.words[w].text;
        for (size_t at = 0; at < word.len && (unsigned char)word.data[at] < 0x80; at++) {
            struct vocabulary_near near[VOCABULARY_NEAR];
            struct str typed = arena_copy(&arena, word);
            ((char *)(uintptr_t)typed.data)[at] = word.data[at] == 'q' ? 'z' : 'q';
            if (word.len < 4)
                continue;
            if (vocabulary_guess(&vocabulary, &arena, typed, near) == 0)
                fail_msg("'%.*s' is not seen to be '%.*s'", STR_ARG(typed), STR_ARG(word));
            assert_int_equal(near[0].edits, 1);
            tried++;
        }
    }
    assert_true(tried > 40);
    vocabulary_free(&vocabulary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_keep_their_numbers), cmocka_unit_test(long_texts_are_taken_whole), cmocka_unit_test(ngrams_know_no_accents),
        cmocka_unit_test(edits_are_counted), cmocka_unit_test(mistyped_words_are_guessed), cmocka_unit_test(no_near_word_is_missed),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
