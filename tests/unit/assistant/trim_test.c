/* A passage is trimmed to the question, and no condition is ever cut away from its statement. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/ground.h"
#include "assistant/trim.h"

static struct arena arena;

/* The question's words, a bit each, by plain comparison. */
static uint64_t words_in(void *context, struct str text)
{
    struct str rest = str_of(context), word;
    uint64_t found = 0;
    for (int bit = 0; str_split(&rest, ' ', &word); bit++)
        if (str_find(text, word, 0) >= 0)
            found |= (uint64_t)1 << bit;
    return found;
}

static void then_trimmed(const char *passage, const char *question, const char *language, const char *wanted)
{
    struct err err;
    struct str source = str_of(passage);
    struct str trimmed = trim_passage(&arena, source, str_of(language), words_in, (void *)(uintptr_t)question);
    assert_string_equal(arena_cstr(&arena, trimmed), wanted);
    if (!ground_check(&err, trimmed, &source, 1, STR_EMPTY))
        fail_msg("what is left is not grounded: %s", err.text);
}

static void then_whole(const char *passage, const char *question, const char *language)
{
    then_trimmed(passage, question, language, passage);
}

static const char choices[] = "You can pay in four ways:\n\n* **Card:** we take it on the due date.\n* **Transfer:** write the number of the invoice.\n"
                              "* **Cash:** go to a post office.\n* **Autopay:** you need not do anything.";

static void items_that_are_alternatives_are_chosen(void **state)
{
    UNUSED(state);
    then_trimmed(choices, "Transfer", "en", "You can pay in four ways:\n\n* **Transfer:** write the number of the invoice.");
    then_trimmed(choices, "Card Cash", "en", "You can pay in four ways:\n\n* **Card:** we take it on the due date.\n* **Cash:** go to a post office.");
    then_whole(choices, "four", "en");    /* the line that leads in says nothing without the items */
    then_whole(choices, "giraffe", "en"); /* nothing is about it: unsure */
}

static void items_that_belong_together_stay(void **state)
{
    UNUSED(state);
    then_whole("All of the following must be true:\n\n* You are 18.\n* You live here.\n* You have a card.\n* You have no debts.", "card", "en");
    then_whole("Så här gör du, alla delar krävs:\n\n* Öppna appen.\n* Välj köpet.\n* Tryck på Flytta.\n* Bekräfta.", "appen", "sv");
    then_whole("Do this:\n\n1. Open the app.\n2. Choose the purchase.\n3. Tap Move.\n4. Confirm.", "purchase", "en");
    then_whole("Choose:\n\n* Red.\n* Blue.", "Red", "en"); /* not worth it */
    then_whole("This is about colours.\n\n* Red is a colour.\n* Blue is another.\n* Green is a third.\n* Grey is none.", "Blue", "en"); /* no line leads in */
}

#define FILLER "The app shows the whole list of purchases with their pictures, their shops and their dates, the newest on top and the oldest at the " \
               "bottom of the page. A tap on a picture opens the page of the purchase with its invoice, its parts and its history in the order of time."

static void long_paragraphs_lose_sentences(void **state)
{
    UNUSED(state);
    then_trimmed(FILLER " Parcels leave our house in Lund every morning at seven, and a second time in the afternoon.", "Parcels", "en",
                 "Parcels leave our house in Lund every morning at seven, and a second time in the afternoon.");
    then_whole("Parcels leave Lund every morning. Letters leave Lund in the evening.", "Parcels", "en"); /* short */
}

/* A sentence may end with an ellipsis too, however many there are. */
static void sentences_that_end_with_an_ellipsis_are_sentences(void **state)
{
    struct buf passage;
    UNUSED(state);
    buf_init(&passage, 1 << 20);
    for (int i = 0; i < 2000; i++) buf_add_str(&passage, STR("the list of purchases grows… "));
    buf_add_str(&passage, STR("parcels leave at seven…"));
    then_trimmed(arena_cstr(&arena, buf_str(&passage)), "parcels", "en", "parcels leave at seven…");
    buf_free(&passage);
}

static void conditions_stay_with_their_statement(void **state)
{
    static const char *const conditions[] = {
        " Parcels leave our house in Lund every morning. Unless it is a Sunday, that is.",
        " Parcels leave our house in Lund every morning. Only small ones, though.", " Parcels leave our house in Lund every morning. But not on Sundays.",
        " If it is a Sunday, nothing happens. Parcels leave our house in Lund every morning.",
        " Parcels leave our house in Lund every morning. Furniture is an exception.",
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(conditions); i++)
        then_whole(arena_format(&arena, FILLER "%s", conditions[i]).data, "Parcels", "en");
    then_whole(arena_format(&arena, FILLER "%s", " Pakete gehen jeden Morgen aus dem Haus. Sonntags allerdings nicht.").data, "Pakete", "de");
    then_whole(arena_format(&arena, FILLER "%s", " Los paquetes salen cada mañana. Salvo los domingos.").data, "paquetes", "es");
}

static void an_exception_in_another_paragraph_stays(void **state)
{
    UNUSED(state);
    then_trimmed("You can return goods within thirty days.\n\nOur shop in Lund opens at nine and closes at six, from Monday to Saturday, and there is coffee.\n\n"
                 "Gift cards cannot be returned.", "goods", "en",
                 "You can return goods within thirty days.\n\nGift cards cannot be returned.");
    then_trimmed("You can return goods within thirty days.\n\nThis is different for furniture.\n\nOur shop in Lund opens at nine and closes at six, from Monday to "
                 "Saturday, and there is coffee.", "return goods", "en",
                 "You can return goods within thirty days.\n\nThis is different for furniture.");
}

static void what_points_back_brings_what_it_points_at(void **state)
{
    UNUSED(state);
    then_trimmed(FILLER "\n\nA voucher comes by post from our friends in Lund.\n\nIt is worth ten euros.", "euros", "en",
                 "A voucher comes by post from our friends in Lund.\n\nIt is worth ten euros.");
}

static void other_languages_stay_whole(void **state)
{
    UNUSED(state);
    then_whole("Voit maksaa:\n\n* Kortilla.\n* Laskulla.\n* Käteisellä.\n* Tilisiirrolla.", "Kortilla", "fi");
    then_whole("", "x", "en");
}

static void wrapped_lines_and_nested_items_stay_together(void **state)
{
    UNUSED(state);
    then_trimmed("Choose one:\n\n* Red is a colour\n  of the evening.\n* Blue is one of the sea:\n  * light\n  * dark\n* Green is that of grass, trees and frogs in spring.\n"
                 "* Grey is what remains when night falls over the town.", "Blue", "en",
                 "Choose one:\n\n* Blue is one of the sea:\n  * light\n  * dark");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_that_are_alternatives_are_chosen), cmocka_unit_test(items_that_belong_together_stay),
        cmocka_unit_test(sentences_that_end_with_an_ellipsis_are_sentences), cmocka_unit_test(long_paragraphs_lose_sentences),
        cmocka_unit_test(conditions_stay_with_their_statement),
        cmocka_unit_test(an_exception_in_another_paragraph_stays), cmocka_unit_test(what_points_back_brings_what_it_points_at),
        cmocka_unit_test(other_languages_stay_whole), cmocka_unit_test(wrapped_lines_and_nested_items_stay_together),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
