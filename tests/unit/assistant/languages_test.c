/* The language of a message, among those that the workspace speaks; unsure is better than wrong. */
#include "../../support/folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/languages.h"

static struct languages *speaking(const struct str *codes, size_t count)
{
    struct languages *languages = languages_new(codes, count);
    languages_end(languages);
    return languages;
}

static const struct { const char *code, *text; } lines[] = {
    { "en", "when do I have to pay my invoice" }, { "en", "where is my parcel" }, { "en", "I want to send it back" },
    { "en", "the lamp arrived broken, what can I do?" }, { "en", "can you change my address please" },
    { "en", "how much do I owe" }, { "en", "why was my card declined" }, { "en", "I did not buy this" },
    { "sv", "när ska jag betala fakturan" }, { "sv", "var är mitt paket" }, { "sv", "jag vill skicka tillbaka den" },
    { "sv", "lampan kom trasig, vad kan jag göra?" }, { "sv", "kan ni ändra min adress" }, { "sv", "hur mycket är jag skyldig" },
    { "sv", "varför nekades mitt kort" }, { "sv", "jag har inte köpt det här" },
    { "de", "wann muss ich die Rechnung bezahlen" }, { "de", "wo ist mein Paket" }, { "de", "ich möchte es zurückschicken" },
    { "de", "die Lampe kam kaputt an, was kann ich tun?" }, { "de", "können Sie meine Adresse ändern" },
    { "de", "wie viel schulde ich Ihnen" }, { "de", "warum wurde meine Karte abgelehnt" }, { "de", "das habe ich nicht gekauft" },
    { "es", "cuándo tengo que pagar la factura" }, { "es", "dónde está mi paquete" }, { "es", "quiero devolverlo" },
    { "es", "la lámpara llegó rota, ¿qué puedo hacer?" }, { "es", "¿pueden cambiar mi dirección?" }, { "es", "cuánto debo" },
    { "es", "por qué han rechazado mi tarjeta" }, { "es", "yo no he comprado esto" },
};

static void each_language_is_told_from_the_others(void **state)
{
    const struct str codes[] = { STR("en"), STR("sv"), STR("de"), STR("es") };
    struct languages *languages = speaking(codes, ARRAY_LEN(codes));
    struct arena arena = { 0 };
    size_t unsure = 0;
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        struct str found = languages_guess(languages, &arena, str_of(lines[i].text), NULL);
        unsure += found.len == 0;
        if (found.len && !str_equal(found, str_of(lines[i].code)))
            fail_msg("'%s' is %s, taken for %.*s", lines[i].text, lines[i].code, STR_ARG(found));
    }
    print_message("languages: %zu of %zu unsure\n", unsure, ARRAY_LEN(lines));
    assert_true(unsure * 10 <= ARRAY_LEN(lines));
    languages_free(languages);
    arena_free(&arena);
}

static void too_little_is_no_language(void **state)
{
    static const char *const texts[] = { "", "W-20417", "12 34", "?", "ok", "🙂", "mail@example.com" };
    const struct str codes[] = { STR("en"), STR("sv"), STR("de"), STR("es") };
    struct languages *languages = speaking(codes, ARRAY_LEN(codes));
    struct arena arena = { 0 };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str found = languages_guess(languages, &arena, str_of(texts[i]), NULL);
        if (found.len)
            fail_msg("'%s' taken for %.*s", texts[i], STR_ARG(found));
    }
    languages_free(languages);
    arena_free(&arena);
}

static void a_language_that_is_not_spoken_here_is_unsure(void **state)
{
    const struct str codes[] = { STR("en"), STR("sv") };
    struct languages *languages = speaking(codes, ARRAY_LEN(codes));
    struct arena arena = { 0 };
    UNUSED(state);
    static const char *const texts[] = {
        "wann muss ich die Rechnung bezahlen", "dónde está mi paquete que he comprado", "quand dois-je payer la facture",
        "milloin minun pitää maksaa lasku", "kiedy muszę zapłacić fakturę", "quando devo pagare la fattura", "wanneer moet ik de rekening betalen",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct str found = languages_guess(languages, &arena, str_of(texts[i]), NULL);
        if (found.len)
            fail_msg("'%s' taken for %.*s", texts[i], STR_ARG(found));
    }
    languages_free(languages);
    arena_free(&arena);
}

/* 27 languages, short lines as customers write them, none of which the samples have. */
static void lines_of_many_languages_are_told(void **state)
{
    struct arena arena = { 0 };
    struct languages *languages = languages_new(NULL, 0);
    struct str rest = file_read(&arena, "tests/unit/assistant/languages.tsv"), line, code;
    size_t all = 0, wrong = 0, unsure = 0;
    UNUSED(state);
    languages_end(languages);
    while (str_split(&rest, '\n', &line)) {
        if (!str_split(&line, '\t', &code) || line.len == 0)
            continue;
        struct str found = languages_find(languages, &arena, line).code;
        all++;
        unsure += found.len == 0;
        wrong += found.len && !str_equal(found, code);
        if (found.len && !str_equal(found, code))
            print_message("taken for %.*s, is %.*s: %.*s\n", STR_ARG(found), STR_ARG(code), STR_ARG(line));
    }
    print_message("languages: %zu lines, %zu wrong, %zu unsure\n", all, wrong, unsure);
    assert_true(all >= 340);
    assert_true(wrong * 100 <= all);       /* at most 1 in 100 wrong */
    assert_true(unsure * 40 <= all);       /* at most 1 in 40 unsure */
    languages_free(languages);
    arena_free(&arena);
}

static void each_of_the_twelve_is_reliable(void **state)
{
    static const char *const codes[] = { "en", "sv", "de", "es", "da", "no", "fi", "nl", "fr", "it", "pt", "pl" };
    struct arena arena = { 0 };
    struct languages *languages = languages_new(NULL, 0);
    UNUSED(state);
    languages_end(languages);
    for (size_t c = 0; c < ARRAY_LEN(codes); c++) {
        struct str rest = file_read(&arena, "tests/unit/assistant/languages.tsv"), line, code;
        size_t all = 0, right = 0;
        while (str_split(&rest, '\n', &line)) {
            if (!str_split(&line, '\t', &code) || !str_equal(code, str_of(codes[c])))
                continue;
            all++;
            right += str_equal(languages_find(languages, &arena, line).code, code);
        }
        if (all < 20 || right * 100 < all * 85)
            fail_msg("%s: %zu of %zu lines", codes[c], right, all);
    }
    languages_free(languages);
    arena_free(&arena);
}

static void a_language_has_a_name_and_second_codes(void **state)
{
    const struct str codes[] = { STR("nb"), STR("pt-BR") };
    struct languages *languages = speaking(codes, 2);
    struct arena arena = { 0 };
    UNUSED(state);
    assert_string_equal(languages_name(STR("pl")), "Polish");
    assert_string_equal(languages_name(STR("nb-NO")), "Norwegian");
    assert_null(languages_name(STR("xx")));
    struct language_found found = languages_find(languages, &arena, STR("jeg har ikke fått pakken min"));
    assert_true(str_equal(found.code, STR("nb")) && found.own);
    found = languages_find(languages, &arena, STR("quero falar com uma pessoa"));
    assert_true(str_equal(found.code, STR("pt-BR")) && found.own);
    found = languages_find(languages, &arena, STR("chcę rozmawiać z człowiekiem"));
    assert_true(str_equal(found.code, STR("pl")) && !found.own && found.lead > 2);
    languages_free(languages);
    arena_free(&arena);
}

/* The workspace's own words help with a language that has no sample. */
static void a_language_without_a_sample_is_learned_from_the_workspace(void **state)
{
    const struct str codes[] = { STR("en"), STR("et") };
    struct languages *languages = languages_new(codes, 2);
    struct arena arena = { 0 };
    UNUSED(state);
    languages_learn(languages, &arena, STR("et"), STR("Kus on minu pakk? Millal pean ma arve maksma? Ma tahan kauba tagasi saata. Miks mu kaart "
        "tagasi lükati? Kui kaua tagasimakse aega võtab? Ma ei ole seda ostnud. Palun öelge mulle, kuidas ma saan tellimuse tühistada. "
        "Minu aadress on muutunud. Ma ei saa enam sisse logida. Kas ma võin maksta hiljem? Saatke mulle palun uus arve."));
    languages_end(languages);
    assert_true(str_equal(languages_guess(languages, &arena, STR("kuidas ma saan arve maksta"), NULL), STR("et")));
    assert_true(str_equal(languages_guess(languages, &arena, STR("how can I pay the invoice"), NULL), STR("en")));
    languages_free(languages);
    arena_free(&arena);
}

static void small_words_are_known_in_each_language(void **state)
{
    UNUSED(state);
    assert_true(languages_is_small_word(STR("en"), STR("the")) && languages_is_small_word(STR("sv-SE"), STR("och")));
    assert_true(!languages_is_small_word(STR("en"), STR("invoice")) && !languages_is_small_word(STR("xx"), STR("the")));
    assert_false(languages_is_small_word(STR("en"), STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_language_is_told_from_the_others), cmocka_unit_test(too_little_is_no_language),
        cmocka_unit_test(a_language_that_is_not_spoken_here_is_unsure), cmocka_unit_test(lines_of_many_languages_are_told),
        cmocka_unit_test(each_of_the_twelve_is_reliable), cmocka_unit_test(a_language_has_a_name_and_second_codes),
        cmocka_unit_test(a_language_without_a_sample_is_learned_from_the_workspace), cmocka_unit_test(small_words_are_known_in_each_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
