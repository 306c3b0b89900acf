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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_language_is_told_from_the_others), cmocka_unit_test(too_little_is_no_language),
        cmocka_unit_test(a_language_that_is_not_spoken_here_is_unsure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
