/* A model learns intents from few examples, says how sure it is, and knows what it does not know. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/examples.h"
#include "base/memory.h"

static const char shop[] =
    "text,intent\n"
    "where is my parcel,parcel\ntrack my order,parcel\nhas my package been sent,parcel\nwhen does the parcel arrive,parcel\n"
    "my delivery has not come,parcel\nthe courier lost my box,parcel\nwhat day will the delivery be here,parcel\n"
    "i want my money back,refund\nwhen do i get the refund,refund\nrefund my purchase,refund\nhow long does a refund take,refund\n"
    "the money has not been paid back,refund\nhave you sent the refund,refund\ngive me back what i paid,refund\n"
    "i forgot my password,login\ni cannot log in,login\nreset my password,login\nthe app does not let me in,login\n"
    "my login code does not work,login\nlocked out of my account,login\nchange the password please,login\n"
    "raise my credit limit,limit\nhow high is my limit,limit\nwhy is my spending limit so low,limit\nincrease the limit,limit\n"
    "i need a higher limit,limit\nlower the limit of my account,limit\nwhat can i still spend,limit\n"
    "close my account,close\ndelete my profile,close\ni want to leave,close\ncancel my membership,close\n"
    "remove my account for good,close\nshut down my profile,close\nhow do i close the account,close\n"
    "the lamp is broken,damage\nmy cup arrived in pieces,damage\nthe screen has a crack,damage\nitem is faulty,damage\n"
    "it stopped working after a day,damage\nthe chair has a scratch,damage\nwhat i got is damaged,damage\n";

static void read(struct examples *examples, const char *csv)
{
    struct err err = { "" };
    *examples = (struct examples){ .count = 0 };
    if (!examples_read(&err, examples, STR("shop.csv"), str_of(csv)))
        fail_msg("%s", err.text);
    examples_add_titles(examples);
    examples_guess_language(examples);
}

static struct intent *learned(const struct examples *examples, enum ensemble_effort effort, struct intent_figures *figures)
{
    struct intent_lesson lesson = examples_lesson(examples);
    lesson.effort = effort;
    return intent_train(&lesson, figures, NULL);
}

static struct intent_result ask(const struct intent *intent, const char *text)
{
    struct arena scratch = { 0 };
    struct intent_result result;
    intent_predict(intent, &scratch, str_of(text), STR_EMPTY, &result);
    arena_free(&scratch);
    return result;
}

static bool means(const struct intent *intent, const char *text, const char *name)
{
    struct intent_result result = ask(intent, text);
    return str_equal(intent_name(intent, result.top[0].topic), str_of(name));
}

static void new_wordings_are_understood(void **state)
{
    struct examples examples;
    struct intent_figures figures;
    UNUSED(state);
    read(&examples, shop);
    struct intent *intent = learned(&examples, ENSEMBLE_QUICK, &figures);
    assert_true(str_equal(examples.language, STR("en")));
    assert_int_equal(intent_topics(intent), 6);
    assert_true(means(intent, "where are my parcels?", "parcel"));
    assert_true(means(intent, "how long until I am refunded", "refund"));
    assert_true(means(intent, "my pasword is forgotten", "login"));
    assert_true(means(intent, "Can you increase my LIMIT", "limit"));
    assert_true(means(intent, "please delete the account", "close"));
    assert_int_equal(figures.examples, 48);
    assert_true(figures.held_out > 20 && figures.held_out_accuracy > 0.5 && figures.bytes > 1000);
    intent_free(intent);
    examples_free(&examples);
}

static void the_best_has_more_models(void **state)
{
    struct examples examples;
    struct intent_figures quick, best;
    UNUSED(state);
    read(&examples, "where is my parcel,a\ntrack the parcel,a\nmy parcel is late,a\npay the bill,b\nis the bill due,b\nthe bill is wrong,b\n");
    intent_free(learned(&examples, ENSEMBLE_QUICK, &quick));
    struct intent *intent = learned(&examples, ENSEMBLE_BEST, &best);
    assert_true(best.bytes > 2 * quick.bytes);
    assert_true(means(intent, "where are my parcels?", "a"));
    assert_true(means(intent, "do i pay this bill", "b"));
    intent_free(intent);
    examples_free(&examples);
}

static void probabilities_are_probabilities(void **state)
{
    struct examples examples;
    static const char *const texts[] = { "where is my parcel", "refund limit account", "zzz", "", "the", "é", "\xf0\x9f\x99\x82" };
    UNUSED(state);
    read(&examples, shop);
    struct intent *intent = learned(&examples, ENSEMBLE_QUICK, NULL);
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        struct intent_result result = ask(intent, texts[i]);
        double sum = 0;
        assert_int_equal(result.count, INTENT_TOP);
        for (size_t k = 0; k < result.count; k++) {
            assert_true(k == 0 || result.top[k].probability <= result.top[k - 1].probability);
            sum += result.top[k].probability;
        }
        assert_true(sum > 0 && sum <= 1.0001);
        assert_true(result.inside >= 0 && result.inside <= 1 && result.right >= 0 && result.right <= 1);
        assert_true(result.confidence >= 0 && result.confidence <= 1);
        assert_true(result.known >= 0 && result.known <= 1.0001 && result.covered <= result.known + 1e-9);
    }
    intent_free(intent);
    examples_free(&examples);
}

static void what_was_never_spoken_of_is_rejected(void **state)
{
    struct examples examples;
    UNUSED(state);
    read(&examples, shop);
    struct intent *intent = learned(&examples, ENSEMBLE_QUICK, NULL);
    assert_false(ask(intent, "where is my parcel?").rejected);
    assert_false(ask(intent, "when will the refund be paid").rejected);
    assert_true(ask(intent, "").rejected);
    assert_true(ask(intent, "??? !!!").rejected);
    assert_true(ask(intent, "xqz wvk").rejected);
    assert_true(ask(intent, "xqz wvk").confidence < 0.3);
    assert_true(ask(intent, "recipe for onion soup").inside < ask(intent, "parcel not delivered").inside);
    intent_free(intent);
    examples_free(&examples);
}

static void an_example_is_what_its_author_says(void **state)
{
    struct examples examples;
    UNUSED(state);
    read(&examples, shop);
    struct intent *intent = learned(&examples, ENSEMBLE_QUICK, NULL);
    struct intent_result result = ask(intent, "  I want to LEAVE!! ");
    assert_true(str_equal(intent_name(intent, result.top[0].topic), STR("close")));
    assert_true(result.confidence >= 0.97 && !result.rejected);
    intent_free(intent);
    examples_free(&examples);
}

/* Texts marked `oos` teach what to leave alone, though their words are known. */
static void marked_texts_teach_rejection(void **state)
{
    struct buf csv;
    struct examples with, without;
    static const char *const objects[] = { "shares", "office", "boss", "founder", "building", "jobs", "colour", "birthday", "dog", "song" };
    UNUSED(state);
    read(&without, shop);
    buf_init(&csv, 65536); /* the examples' texts lie in it, so it stays as it is once it has been read */
    buf_add_str(&csv, str_of(shop));
    for (size_t i = 0; i < ARRAY_LEN(objects); i++)
        buf_add_format(&csv, "what is your %s,oos\nhow high is your %s,oos\ntell me about the %s,OOS\n", objects[i], objects[i], objects[i]);
    read(&with, buf_cstr(&csv));
    assert_int_equal(with.topics, without.topics);
    struct intent *warned = learned(&with, ENSEMBLE_QUICK, NULL), *other = learned(&without, ENSEMBLE_QUICK, NULL);
    assert_true(ask(warned, "how high is your tower").inside < ask(other, "how high is your tower").inside);
    assert_false(ask(warned, "track my parcel").rejected);
    intent_free(warned);
    intent_free(other);
    examples_free(&with);
    examples_free(&without);
    buf_free(&csv);
}

static void small_and_odd_sets_are_learned(void **state)
{
    static const char *const sets[] = {
        "text,intent\nyes,a\nno,b\n",
        "text,intent\nyes,a\n",
        "text,intent\na,x\na,x\na,x\na,y\n",
        "text,intent\n,a\n,b\nhello,b\n",
        "text,intent\n!!!,a\n???,b\n",
        "text,intent\none,a\ntwo,b\nthree,c\nfour,d\nfive,e\nsix,f\nseven,g\neight,h\nnine,i\nten,j\neleven,k\ntwelve,l\nthirteen,m\n",
        "text,intent\ngo there,a\ngo here,a\ncome there,a\ncome here,a\nrun there,a\nrun here,a\nwalk there,a\nstop,b\nwalk here,a\n"
        "swim there,a\nswim here,a\njump there,a\njump here,a\nfly,a\n",
        "text,intent\nваша посылка,a\nгде посылка,a\nверните деньги,b\nвозврат денег,b\n注文はどこ,a\n返金してください,b\n",
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(sets); i++) {
        struct examples examples;
        read(&examples, sets[i]);
        struct intent *intent = learned(&examples, ENSEMBLE_QUICK, NULL);
        assert_true(ask(intent, "hello").count > 0);
        intent_free(intent);
        examples_free(&examples);
    }
}

static void the_longest_text_is_read(void **state)
{
    static char text[LIMIT_MESSAGE + 1];
    struct examples examples;
    UNUSED(state);
    read(&examples, shop);
    struct intent *intent = learned(&examples, ENSEMBLE_QUICK, NULL);
    for (size_t i = 0; i < LIMIT_MESSAGE; i++)
        text[i] = "refund my parcel and close "[i % 27];
    assert_true(ask(intent, text).count > 0);
    memset(text, 'x', LIMIT_MESSAGE);
    assert_true(ask(intent, text).rejected);
    intent_free(intent);
    examples_free(&examples);
}

static void learning_twice_gives_the_same_answers(void **state)
{
    struct examples examples;
    UNUSED(state);
    read(&examples, shop);
    struct intent *one = learned(&examples, ENSEMBLE_QUICK, NULL), *two = learned(&examples, ENSEMBLE_QUICK, NULL);
    for (size_t i = 0; i < examples.count; i++) {
        struct arena scratch = { 0 };
        struct intent_result a, b;
        intent_predict(one, &scratch, examples.items[i].text, STR_EMPTY, &a);
        intent_predict(two, &scratch, examples.items[i].text, STR_EMPTY, &b);
        assert_memory_equal(&a.top, &b.top, sizeof a.top);
        assert_true(a.inside == b.inside && a.right == b.right);
        arena_free(&scratch);
    }
    intent_free(one);
    intent_free(two);
    examples_free(&examples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_wordings_are_understood), cmocka_unit_test(the_best_has_more_models),
        cmocka_unit_test(probabilities_are_probabilities), cmocka_unit_test(what_was_never_spoken_of_is_rejected),
        cmocka_unit_test(an_example_is_what_its_author_says), cmocka_unit_test(marked_texts_teach_rejection),
        cmocka_unit_test(small_and_odd_sets_are_learned), cmocka_unit_test(the_longest_text_is_read),
        cmocka_unit_test(learning_twice_gives_the_same_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
