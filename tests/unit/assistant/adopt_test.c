/* Learning from texts that nobody has sorted: what is clear is adopted, what is strange is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/examples.h"
#include "base/memory.h"

static const char *const things[] = { "parcel", "letter", "order", "package", "lamp", "sofa", "chair", "book", "phone", "radio",
                                      "table", "carpet", "mirror", "bicycle", "coat", "shoes" };
/* Each intent has ways of speaking; only the first few are labelled. */
static const char *const ways[3][6] = {
    { "where is my %s", "track the %s for me", "has the %s been sent", "the %s did not arrive", "when will the %s be delivered",
      "my %s is still on its way" },
    { "i want to return the %s", "send back the %s", "return label for the %s", "how do i give back the %s", "take the %s back please",
      "the %s goes back to you" },
    { "the %s is broken", "my %s has a crack", "a damaged %s was in the box", "the %s came in pieces", "something is wrong with the %s",
      "the %s does not work" },
};

struct shelf {
    struct arena arena;
    struct intent_example examples[40];
    struct str pool[200], names[3];
    size_t truth[200], count, pool_count;
};

static void given(struct shelf *shelf, bool strange)
{
    *shelf = (struct shelf){ .names = { STR("track"), STR("return"), STR("damage") } };
    for (size_t k = 0; k < 3; k++)
        for (size_t w = 0; w < 6; w++)
            for (size_t t = 0; t < (w < 4 ? 2 : 10); t++) {
                struct str text = arena_format(&shelf->arena, ways[k][w], things[(w * 5 + t) % ARRAY_LEN(things)]);
                if (w < 4)
                    shelf->examples[shelf->count++] = (struct intent_example){ text, STR_EMPTY, k };
                else {
                    shelf->truth[shelf->pool_count] = k;
                    shelf->pool[shelf->pool_count++] = text;
                }
            }
    for (size_t i = 0; i < 20 && strange; i++) {
        shelf->truth[shelf->pool_count] = INTENT_NONE;
        shelf->pool[shelf->pool_count++] = arena_format(&shelf->arena, "qwx%zu zzk%zu vvp%zu", i, i, i);
    }
}

static struct intent_lesson lesson_of(const struct shelf *shelf)
{
    return (struct intent_lesson){ .examples = shelf->examples, .count = shelf->count, .names = shelf->names, .topics = 3,
                                   .pool = shelf->pool, .pool_count = shelf->pool_count, .language = STR("en"), .seed = 3 };
}

static void what_is_clear_is_adopted(void **state)
{
    static struct shelf shelf;
    struct intent_adopted adopted[200];
    struct intent_figures figures;
    size_t right = 0, taken = 0, strange = 0;
    UNUSED(state);
    given(&shelf, true);
    struct intent_lesson lesson = lesson_of(&shelf);
    struct intent *intent = intent_train(&lesson, &figures, adopted);
    for (size_t i = 0; i < shelf.pool_count; i++) {
        if (adopted[i].topic == INTENT_NONE)
            continue;
        taken++;
        right += adopted[i].topic == shelf.truth[i];
        strange += shelf.truth[i] == INTENT_NONE;
        assert_true(adopted[i].confidence >= 0 && adopted[i].confidence <= 1);
    }
    assert_int_equal(taken, figures.adopted);
    assert_true(taken >= 20);
    assert_int_equal(strange, 0);
    assert_true(right * 10 >= taken * 9);
    intent_free(intent);
    arena_free(&shelf.arena);
}

/* A way of speaking that only the history has is understood better with it. */
static void history_helps(void **state)
{
    static struct shelf shelf;
    double sure[2] = { 0 };
    UNUSED(state);
    given(&shelf, false);
    for (int with = 0; with < 2; with++) {
        struct intent_lesson lesson = lesson_of(&shelf);
        lesson.pool_count = with ? shelf.pool_count : 0;
        struct intent *intent = intent_train(&lesson, NULL, NULL);
        for (size_t k = 0; k < 3; k++) {
            struct arena scratch = { 0 };
            struct intent_result result;
            intent_predict(intent, &scratch, arena_format(&scratch, ways[k][4], "hammock"), STR_EMPTY, &result);
            for (size_t i = 0; i < result.count; i++)
                sure[with] += result.top[i].topic == k ? result.top[i].probability : 0;
            arena_free(&scratch);
        }
        intent_free(intent);
    }
    assert_true(sure[1] > sure[0]);
    arena_free(&shelf.arena);
}

static void the_same_history_gives_the_same_model(void **state)
{
    static struct shelf shelf;
    struct intent_adopted one[200], two[200];
    UNUSED(state);
    given(&shelf, true);
    struct intent_lesson lesson = lesson_of(&shelf);
    intent_free(intent_train(&lesson, NULL, one));
    intent_free(intent_train(&lesson, NULL, two));
    assert_memory_equal(one, two, shelf.pool_count * sizeof *one);
    arena_free(&shelf.arena);
}

static void unsorted_texts_are_read_from_lines_and_csv(void **state)
{
    static const struct { const char *file, *text; size_t count; const char *says; } rows[] = {
        { "h.txt", "where is it\nwhere is it\n\n  pay me \r\nlast", 3, NULL }, { "h.txt", "", 0, NULL },
        { "h.txt", "\xef\xbb\xbfhello\n", 1, NULL }, { "h.txt", "good\n\xff\n", 0, "h.txt:2: a byte here is not valid UTF-8" },
        { "h.csv", "id,text\n1,\"a, b\"\n2,c\n3,c\n", 2, NULL }, { "h.csv", "id,words\n1,a\n", 0, "h.csv:1: the header names the column 'text' 0 times" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct err err = { "" };
        struct arena arena = { 0 };
        struct str *pool;
        size_t count;
        bool good = examples_read_pool(&err, &arena, str_of(rows[i].file), str_of(rows[i].text), &pool, &count);
        if (good != !rows[i].says || (good && count != rows[i].count) || (rows[i].says && !str_starts(str_of(err.text), str_of(rows[i].says))))
            fail_msg("row %zu: %zu, %s", i, count, err.text);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_clear_is_adopted), cmocka_unit_test(history_helps), cmocka_unit_test(the_same_history_gives_the_same_model),
        cmocka_unit_test(unsorted_texts_are_read_from_lines_and_csv),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
