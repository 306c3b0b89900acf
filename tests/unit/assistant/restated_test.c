/* Other words for an approved answer stand; what it does not say, does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "assistant/restated.h"
#include "base/buf.h"

#define DUE "Your next payment of **€49.90** is due on **12 March 2026**. You can pay it in the app under *Payments*. " \
            "If you have sent a return, wait until the shop has registered it. We refund within 5 days. See [paying](/help/paying)."

static bool stands(const char *text, const char *source, const char *language)
{
    struct err err = { "" };
    bool good = restated_is(&err, str_of(text), str_of(source), str_of(language));
    if (!good)
        print_message("%s\n", err.text);
    return good;
}

#define holds(text) assert_true(stands(text " See [paying](/help/paying).", DUE, "en"))
#define falls(text) assert_false(stands(text " See [paying](/help/paying).", DUE, "en"))

static void other_order_fewer_sentences_and_small_words_stand(void **state)
{
    UNUSED(state);
    assert_true(stands(DUE, DUE, "en"));
    holds("Hello! The next payment of €49.90 is due on 12 March 2026, and you can pay it in the app, under Payments. We refund within 5 days.");
    holds("We refund within 5 days.\n\n* Your next payment of €49.90 is due on 12 March 2026\n\nHello, you can pay in the app under Payments.");
    falls("We refund within 5 days.\n\n* Your next payment is due on 12 March 2026\n* €49.90\n\nHello, you can pay in the app under Payments.");
    holds("Your next payment of €49.90 is due on 12 March 2026. If you have sent a return, please wait until the shop has registered this. We refund within 5 days.");
    holds("The next payment of €49.90, which is due on 12 March 2026: you can pay it in the app under Payments. We refund within 5 days.");
}

static void what_the_source_does_not_say_falls(void **state)
{
    UNUSED(state);
    /* Every fact of these stands in the source; the statement does not. */
    falls("Your payment of €49.90 is due on 12 March 2026. We have refunded you. We refund within 5 days.");
    falls("Your payment of €49.90 has been registered on 12 March 2026. We refund within 5 days.");
    falls("You refund the shop €49.90 within 5 days, by 12 March 2026.");
    falls("Your next payment of €49.90 is not due on 12 March 2026. We refund within 5 days.");
    falls("You can pay €49.90 within 5 days. It is due on 12 March 2026.");
    falls("We pay it for you in the app. €49.90, 12 March 2026, 5 days.");
    falls("Your payment of €49.90 is due on 12 March 2026. We refund within 5 days. Ignore reminders.");
    /* "Yes" answers whatever was asked. */
    falls("Yes, of course! Your payment of €49.90 is due on 12 March 2026. We refund within 5 days.");
    /* A condition may not get lost. */
    falls("Your payment of €49.90 is due on 12 March 2026. We refund within 5 days. You have sent a return.");
    falls("Your payment of €49.90 is due on 12 March 2026. We refund within 5 days. Wait for the shop.");
}

/* Who says less of a thing, may say more of it. */
static void no_word_of_a_statement_is_left_out(void **state)
{
    UNUSED(state);
    const char *fee = "A late payment costs €5, and only when it is unpaid after seven days; the first reminder is free, and we charge no interest on late payments.";
    assert_true(stands(fee, fee, "en"));
    assert_true(stands("The first reminder is free! Only when it is unpaid after seven days, a late payment costs €5. We charge no interest on late payments.", "The first reminder is free. "
                       "A late payment costs €5, only when it is unpaid after seven days. We charge no interest on late payments.", "en"));
    assert_false(stands("A payment costs €5, and only when it is unpaid after seven days; the first reminder is free, and we charge no interest on late payments.", fee, "en"));
    assert_false(stands("A late payment costs €5, and only when it is unpaid after seven days; the reminder is free, and we charge no interest on late payments.", fee, "en"));
    assert_false(stands("A late payment costs €5, and only when it is unpaid after seven days; the first reminder is free, and we charge no interest.", fee, "en"));
    assert_false(stands("A late payment costs 5, and only when it is unpaid after seven days; the first reminder is free, and we charge no interest on late payments.", fee, "en"));
    assert_true(stands("Hello! You pay a part now, and you pay a part later.", "You pay a part now, and you pay a part later.", "en"));
    assert_false(stands("Shoes are taken back.", "Shoes, unworn, are taken back.", "en"));
    assert_false(stands("Du betalar ingen ränta.", "Du betalar ingen ränta på sena betalningar.", "sv"));
    assert_false(stands("Die Rückgabe ist kostenlos.", "Die Rückgabe im Laden ist kostenlos.", "de"));
    assert_false(stands("La devolución es gratuita.", "La devolución en tienda es gratuita.", "es"));
}

/* It is kept as JSON: a long sentence that it quotes is cut between two letters. */
static void what_it_says_is_whole_text(void **state)
{
    struct err err;
    struct buf text;
    UNUSED(state);
    buf_init(&text, 4096);
    for (int i = 0; i < 3; i++) {
        buf_clear(&text);
        buf_add(&text, "abc", (size_t)i);
        for (int k = 0; k < 200; k++)
            buf_add_str(&text, STR("\xe2\x82\xac"));
        buf_add_str(&text, STR(" is refunded. See [paying](/help/paying)."));
        assert_false(restated_is(&err, buf_str(&text), STR(DUE), STR("en")));
        assert_true(str_is_utf8(str_of(err.text)));
    }
    buf_free(&text);
}

static void who_does_what_to_whom_stays(void **state)
{
    UNUSED(state);
    const char *source = "You pay the shop nothing. We stop charging you a fee. You can spend up to €500.";
    assert_true(stands("You can spend up to €500. You pay the shop nothing.", source, "en"));
    assert_true(stands("The shop nothing you pay. Up to €500 you can spend.", source, "en")); /* clumsy, but the same */
    assert_false(stands("The shop pays you nothing. You can spend up to €500.", source, "en"));
    assert_false(stands("You pay the shop. You can spend up to €500.", source, "en"));
    assert_false(stands("We charge you a fee. You can spend up to €500.", source, "en"));
    assert_false(stands("You can spend €500.", source, "en"));
}

static void numbers_may_not_be_left_out_or_changed(void **state)
{
    UNUSED(state);
    falls("Your next payment is due on 12 March 2026. We refund within 5 days.");
    falls("Your payment of €49.90 is due on 13 March 2026. We refund within 5 days.");
    falls("Your payment of €499.0 is due on 12 March 2026. We refund within 5 days.");
}

static void links_are_those_of_the_source(void **state)
{
    UNUSED(state);
    assert_false(stands("Your payment of €49.90 is due on 12 March 2026. We refund within 5 days.", DUE, "en"));
    falls("Your payment of €49.90 is due on 12 March 2026. We refund within 5 days. [paying](https://evil.example/?q=1)");
    falls("Your payment of €49.90 is due on 12 March 2026. We refund within 5 days. [paying](javascript:alert)");
}

static void all_four_languages_are_understood(void **state)
{
    UNUSED(state);
    assert_true(stands("Hej, du kan betala den fakturan i appen inom 14 dagar.", "Du kan betala fakturan i appen inom 14 dagar.", "sv"));
    assert_false(stands("Vi kan betala i appen inom 14 dagar.", "Du kan betala fakturan i appen inom 14 dagar.", "sv"));
    assert_true(stands("Hallo, Sie zahlen die Rechnung innerhalb von 14 Tagen, in der App.", "Sie zahlen die Rechnung innerhalb von 14 Tagen in der App.", "de"));
    assert_false(stands("Sie zahlen die Rechnung nicht innerhalb von 14 Tagen.", "Sie zahlen die Rechnung innerhalb von 14 Tagen in der App.", "de"));
    assert_true(stands("Hola, en 14 días puede pagar la factura en la aplicación.", "Puede pagar la factura en la aplicación en 14 días.", "es"));
    assert_false(stands("Ya hemos pagado la factura en 14 días.", "Puede pagar la factura en la aplicación en 14 días.", "es"));
}

static void in_a_language_without_small_words_nothing_stands(void **state)
{
    UNUSED(state);
    assert_false(stands("Vous pouvez payer.", "Vous pouvez payer.", "fr"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_order_fewer_sentences_and_small_words_stand),
        cmocka_unit_test(what_the_source_does_not_say_falls), cmocka_unit_test(no_word_of_a_statement_is_left_out), cmocka_unit_test(what_it_says_is_whole_text),
        cmocka_unit_test(who_does_what_to_whom_stays),
        cmocka_unit_test(numbers_may_not_be_left_out_or_changed),
        cmocka_unit_test(links_are_those_of_the_source),
        cmocka_unit_test(all_four_languages_are_understood),
        cmocka_unit_test(in_a_language_without_small_words_nothing_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
