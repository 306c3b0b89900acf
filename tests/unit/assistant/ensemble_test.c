/* The models learn what only each of them can, and the same again from the same seed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "assistant/ensemble.h"
#include "base/memory.h"

/* A handful of texts as vectors. */
struct class_room {
    struct arena arena;
    struct lexicon lexicon;
    struct weighing weighing;
    struct vector vectors[64];
    struct sample samples[64];
    size_t count;
};

static struct lesson lesson_of(const struct class_room *room, size_t classes, uint64_t seed)
{
    return (struct lesson){ room->samples, room->count, room->weighing.count, classes, seed, NULL };
}

/* Every text twice, so that no feature is left out as met only once. */
static void given(struct class_room *room, const char *const *texts, const uint32_t *classes, size_t count)
{
    struct bag bags[64];
    const struct bag *pointers[64];
    *room = (struct class_room){ .count = 2 * count };
    for (size_t i = 0; i < room->count; i++) {
        bag_learn(&bags[i], &room->lexicon, &room->arena, tokens_of(&room->arena, str_of(texts[i % count])), NULL);
        pointers[i] = &bags[i];
    }
    weighing_make(&room->weighing, &room->lexicon, pointers, room->count);
    for (size_t i = 0; i < room->count; i++) {
        room->vectors[i] = weighing_vector(&room->weighing, &bags[i], &room->arena, true);
        room->samples[i] = (struct sample){ &room->vectors[i], classes[i % count] };
    }
}

static void dismiss(struct class_room *room)
{
    lexicon_free(&room->lexicon);
    weighing_free(&room->weighing);
    arena_free(&room->arena);
}

static size_t right(const struct class_room *room, const struct ensemble *ensemble)
{
    size_t count = 0;
    for (size_t i = 0; i < room->count; i++) {
        struct arena scratch = { 0 };
        float shares[LANES];
        ensemble_shares(ensemble, &scratch, room->samples[i].vector, shares);
        size_t best = 0;
        for (size_t c = 1; c < ensemble->classes; c++)
            best = shares[c] > shares[best] ? c : best;
        count += best == room->samples[i].class;
        arena_free(&scratch);
    }
    return count;
}

static size_t learned_by(const struct class_room *room, struct ensemble_settings settings, size_t classes)
{
    struct lesson lesson = lesson_of(room, classes, 7);
    struct ensemble ensemble;
    ensemble_learn(&ensemble, &lesson, &settings);
    size_t count = right(room, &ensemble);
    ensemble_free(&ensemble);
    return count;
}

static const struct ensemble_settings only_linear = { .linears = 1, .linear = { 60, 0.3 } };
static const struct ensemble_settings only_network = { .networks = 1, .network = { 32, 200, 0.05, 0, 0 } };
static const struct ensemble_settings only_phrases = { .phrases = 1, .phrase = { 16, { 16, 16, 16 }, 200, 0.05, 0, 0 } };

static void words_that_tell_are_enough_for_all(void **state)
{
    static const char *const texts[] = { "where is my parcel", "track the parcel", "pay the bill", "is the bill due", "block my card", "card lost" };
    static const uint32_t classes[] = { 0, 0, 1, 1, 2, 2 };
    struct class_room room;
    UNUSED(state);
    given(&room, texts, classes, ARRAY_LEN(texts));
    assert_int_equal(learned_by(&room, only_linear, 3), room.count);
    assert_int_equal(learned_by(&room, only_network, 3), room.count);
    assert_int_equal(learned_by(&room, only_phrases, 3), room.count);
    dismiss(&room);
}

/* What a model of one kind makes of the last text. */
static void shares_of_last(struct class_room *room, const struct ensemble_settings *settings, float shares[LANES])
{
    struct lesson lesson = lesson_of(room, 2, 7);
    struct ensemble ensemble;
    ensemble_learn(&ensemble, &lesson, settings);
    ensemble_shares(&ensemble, &room->arena, room->samples[room->count - 1].vector, shares);
    ensemble_free(&ensemble);
}

/* Neither word tells anything, both together do; no pair stands side by side. */
static void either_or_needs_hidden_units(void **state)
{
    static const char *const texts[] = { "red x car", "blue x bus", "red x bus", "blue x car" };
    static const uint32_t classes[] = { 0, 0, 1, 1 };
    struct class_room room;
    UNUSED(state);
    given(&room, texts, classes, ARRAY_LEN(texts));
    assert_true(learned_by(&room, only_linear, 2) < room.count);
    assert_int_equal(learned_by(&room, only_network, 2), room.count);
    dismiss(&room);
}

/* The same words in another order, and every pair in both classes: only who looks at three words sees it. */
static void order_needs_phrases(void **state)
{
    static const char *const texts[] = { "aa bb cc aa bb", "bb cc aa bb cc aa", "cc bb aa cc bb", "bb aa cc bb aa cc" };
    static const uint32_t classes[] = { 0, 0, 1, 1 };
    struct class_room room;
    UNUSED(state);
    given(&room, texts, classes, ARRAY_LEN(texts));
    assert_int_equal(learned_by(&room, only_phrases, 2), room.count);
    dismiss(&room);
}

/* The same words, once as one more example and once as outside: whoever learns that leaves both classes as likely. */
static void what_is_of_no_class_leaves_all_alike(void **state)
{
    static const char *const texts[] = { "red car", "red lorry", "blue bus", "blue tram", "red sky" };
    static const uint32_t inside[] = { 0, 0, 1, 1, 0 }, outside[] = { 0, 0, 1, 1, LEARNING_NONE };
    static const struct ensemble_settings *const kinds[] = { &only_linear, &only_network, &only_phrases };
    UNUSED(state);
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        float sure[LANES], torn[LANES];
        struct class_room room;
        given(&room, texts, inside, ARRAY_LEN(texts));
        shares_of_last(&room, kinds[k], sure);
        dismiss(&room);
        given(&room, texts, outside, ARRAY_LEN(texts));
        shares_of_last(&room, kinds[k], torn);
        dismiss(&room);
        assert_true(sure[0] > 0.9f);
        assert_true(torn[0] > 0.4f && torn[0] < 0.6f);
    }
}

static void the_same_seed_gives_the_same_model(void **state)
{
    static const char *const texts[] = { "where is my parcel", "track the parcel", "pay the bill", "is the bill due", "block my card", "card lost" };
    static const uint32_t classes[] = { 0, 0, 1, 1, 2, 2 };
    struct ensemble_settings settings = ensemble_plan(ENSEMBLE_BEST, 12);
    struct class_room room;
    struct ensemble models[3];
    UNUSED(state);
    given(&room, texts, classes, ARRAY_LEN(texts));
    for (size_t i = 0; i < 3; i++) {
        struct lesson lesson = lesson_of(&room, 3, i < 2 ? 5 : 6);
        ensemble_learn(&models[i], &lesson, &settings);
    }
    size_t bytes = room.weighing.count * lanes_short_row(models[0].networks[0].units);
    assert_memory_equal(models[0].networks[0].weights, models[1].networks[0].weights, bytes);
    assert_memory_not_equal(models[0].networks[0].weights, models[2].networks[0].weights, bytes);
    assert_memory_not_equal(models[0].networks[0].weights, models[0].networks[1].weights, bytes);
    bytes = room.weighing.count * lanes_short_row(models[0].phrases[0].depth);
    assert_memory_equal(models[0].phrases[0].spelling, models[1].phrases[0].spelling, bytes);
    bytes = room.weighing.count * lanes_short_row(models[0].linears[0].width);
    assert_memory_equal(models[0].linears[0].weights, models[1].linears[0].weights, bytes);
    for (size_t i = 0; i < 3; i++)
        ensemble_free(&models[i]);
    dismiss(&room);
}

static void a_text_of_nothing_known_has_shares_too(void **state)
{
    static const char *const texts[] = { "pay the bill", "block my card" };
    static const uint32_t classes[] = { 0, 1 };
    struct ensemble_settings settings = ensemble_plan(ENSEMBLE_BEST, 4);
    struct class_room room;
    struct ensemble ensemble;
    struct vector nothing = { .count = 0 };
    float shares[LANES];
    UNUSED(state);
    given(&room, texts, classes, ARRAY_LEN(texts));
    struct lesson lesson = lesson_of(&room, 2, 1);
    ensemble_learn(&ensemble, &lesson, &settings);
    ensemble_shares(&ensemble, &room.arena, &nothing, shares);
    assert_true(shares[0] > 0 && shares[1] > 0 && shares[0] + shares[1] > 0.999f && shares[0] + shares[1] < 1.001f);
    ensemble_free(&ensemble);
    dismiss(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_tell_are_enough_for_all), cmocka_unit_test(either_or_needs_hidden_units),
        cmocka_unit_test(order_needs_phrases), cmocka_unit_test(what_is_of_no_class_leaves_all_alike), cmocka_unit_test(the_same_seed_gives_the_same_model),
        cmocka_unit_test(a_text_of_nothing_known_has_shares_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
