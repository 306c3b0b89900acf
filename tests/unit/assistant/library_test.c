/* Documents are found by what they say, however the customer puts it. */
#include "../../support/folder.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/bm25.h"
#include "assistant/library.h"
#include "assistant/terms.h"
#include "assistant/thesaurus.h"

static struct arena arena;

static const struct document {
    const char *title, *text;
} documents[] = {
    { "Sending something back", "Put the goods into the box and stick the label on it. You have 30 days." },
    { "Paying by instalments", "The amount is split into three. Each part is due after 30 days. A part that is late costs a fee." },
    { "Changing your address", "Open Settings and write the new street. We tell the carrier." },
    { "When a payment is rejected", "Error 404 means that the card is not known. Error 507 means that the bank said no." },
    { "About us", "We are a company of forty people. Our office is in a green house by the water, and we like coffee." },
};

static struct library *given_documents(const struct library_synonyms *group)
{
    struct library *library = library_new();
    if (group)
        library_add_synonyms(library, group);
    for (size_t i = 0; i < ARRAY_LEN(documents); i++)
        library_add(library, &(struct library_document){ .language = STR("en"), .title = str_of(documents[i].title), .text = str_of(documents[i].text) });
    library_end(library);
    return library;
}

static struct library_hit first(const struct library *library, const char *question)
{
    struct library_hit hits[3] = { { .document = UINT32_MAX } };
    size_t count = library_search(library, &arena, str_of(question), STR("en"), hits, 3);
    for (size_t i = 1; i < count; i++)
        assert_true(hits[i].score <= hits[i - 1].score);
    return hits[0];
}

static void then_first(const struct library *library, const char *question, uint32_t document)
{
    struct library_hit hit = first(library, question);
    if (hit.document != document)
        fail_msg("'%s' finds %u, not %u", question, hit.document, document);
}

static void other_forms_of_a_word_are_found(void **state)
{
    struct library *library = given_documents(NULL);
    UNUSED(state);
    then_first(library, "labelled boxes", 0);
    then_first(library, "splitting amounts", 1);
    then_first(library, "how do I change where you send it", 2);
    library_free(library);
}

static void typing_errors_are_forgiven(void **state)
{
    struct library *library = given_documents(NULL);
    UNUSED(state);
    then_first(library, "instalmnets", 1);
    then_first(library, "chnaging my adress", 2);
    then_first(library, "rejectde paymnet", 3);
    struct library_hit hit = first(library, "instalmnets");
    assert_true(hit.matched == 1 && hit.coverage > 0.99); /* it counts as the word that was meant */
    library_free(library);
}

static void numbers_are_words(void **state)
{
    struct library *library = given_documents(NULL);
    UNUSED(state);
    then_first(library, "507", 3);
    assert_true(first(library, "error 507").coverage > first(library, "error 508").coverage);
    library_free(library);
}

static void synonyms_count_built_in_and_given(void **state)
{
    static const struct str words[] = { { "kitchen", 7 }, { "office", 6 } };
    const struct library_synonyms group = { STR("en"), words, 2 };
    struct library *without = given_documents(NULL), *with = given_documents(&group);
    UNUSED(state);
    then_first(without, "my payment was refused", 3); /* refuse, reject: everybody's words */
    assert_int_equal(first(without, "where is the kitchen").matched, 0);
    then_first(with, "where is the kitchen", 4);
    assert_int_equal(first(with, "where is the kitchen").matched, 1);
    library_free(without);
    library_free(with);
}

static void a_phrase_in_order_beats_the_same_words_apart(void **state)
{
    struct library *library = library_new();
    UNUSED(state);
    library_add(library, &(struct library_document){ .language = STR("en"), .title = STR("A"), .text = STR("stone due bill date river") });
    library_add(library, &(struct library_document){ .language = STR("en"), .title = STR("B"), .text = STR("stone bill due date river") });
    library_end(library);
    struct library_hit hits[2];
    assert_int_equal(library_search(library, &arena, STR("due date"), STR("en"), hits, 2), 2);
    assert_int_equal(hits[0].document, 1);
    assert_true(hits[0].parts[LIBRARY_WHOLE_PAIR] > 0.99 && hits[1].parts[LIBRARY_WHOLE_PAIR] == 0);
    library_free(library);
}

static void customers_own_wordings_lead_to_the_article(void **state)
{
    static const struct str wordings[] = { { "why is there somebody at my door", 32 }, { "strange visitor", 15 } };
    struct library *library = library_new();
    UNUSED(state);
    library_add(library, &(struct library_document){ .language = STR("en"), .title = STR("Couriers"), .text = STR("We deliver by bicycle."),
                                                     .questions = wordings, .question_count = 2 });
    library_add(library, &(struct library_document){ .language = STR("en"), .title = STR("Doors"), .text = STR("We sell doors in oak.") });
    library_end(library);
    then_first(library, "who is that visitor at the door", 0);
    assert_true(str_starts(first(library, "strange visitor").passage.text, STR("We deliver")));
    library_free(library);
}

static void the_best_passage_is_the_one_that_is_quoted(void **state)
{
    struct library *library = library_new();
    UNUSED(state);
    library_add(library, &(struct library_document){ .language = STR("en"), .title = STR("Refunds"), .text = STR(
        "The beginning.\n\n## By card\n\nThe bank needs five days.\n\n## By voucher\n\nA voucher comes at once.") });
    library_end(library);
    assert_true(str_equal(first(library, "how fast is a voucher").passage.heading, STR("By voucher")));
    assert_true(str_equal(first(library, "bank days").passage.text, STR("The bank needs five days.")));
    library_free(library);
}

static void articles_with_like_titles_lend_each_other_rank(void **state)
{
    struct library *library = library_new();
    const char *texts[] = { "Press the red button.", "Unplug the cable and wait a minute.", "Unplug the cable and wait before you eat.", "Write to the maker." };
    const char *titles[] = { "My radio does not start", "My radio does not start", "Fruit", "My radio does not start" };
    uint32_t order[4];
    UNUSED(state);
    for (size_t i = 0; i < 4; i++)
        library_add(library, &(struct library_document){ .language = STR("en"), .title = str_of(titles[i]), .text = str_of(texts[i]) });
    library_end(library);
    assert_int_equal(library_rank(library, &arena, STR("my radio: unplug the cable, wait a minute"), STR("en"), order), 4);
    assert_int_equal(order[0], 1);
    assert_int_equal(order[3], 2); /* it has more of the words, but the others are about the same */
    library_free(library);
}

static void nothing_in_common_finds_nothing(void **state)
{
    struct library *library = given_documents(NULL), *empty = library_new();
    struct library_hit hits[3];
    UNUSED(state);
    assert_int_equal(library_search(library, &arena, STR(""), STR("en"), hits, 3), 0);
    assert_int_equal(library_search(library, &arena, STR("?!"), STR("en"), hits, 3), 0);
    assert_int_equal(library_search(library, &arena, STR("日本"), STR("en"), hits, 3), 0);
    library_end(empty);
    assert_int_equal(library_search(empty, &arena, STR("anything"), STR("en"), hits, 3), 0);
    assert_int_equal(library_documents(empty), 0);
    library_free(library);
    library_free(empty);
}

static void scripts_without_spaces_are_searched_too(void **state)
{
    struct library *library = library_new();
    UNUSED(state);
    library_add(library, &(struct library_document){ .language = STR("ja"), .title = STR("返金について"), .text = STR("返金は五日かかります。") });
    library_add(library, &(struct library_document){ .language = STR("ja"), .title = STR("配達"), .text = STR("荷物は火曜日に届きます。") });
    library_end(library);
    then_first(library, "荷物はいつ届きますか", 1);
    then_first(library, "返金", 0);
    library_free(library);
}

/* --- many readers, one answer ------------------------------------------------------------------- */

struct reading {
    const struct library *library;
    double sum;
};

static void *read_often(void *context)
{
    struct reading *reading = context;
    static const char *const questions[] = { "labels", "late fee", "new street", "errror 404", "coffee by the water" };
    for (int i = 0; i < 200; i++) {
        struct arena scratch = { 0 };
        struct library_hit hits[5];
        size_t count = library_search(reading->library, &scratch, str_of(questions[i % 5]), STR("en"), hits, 5);
        for (size_t k = 0; k < count; k++)
            reading->sum += hits[k].score * (double)(hits[k].document + 1) * (double)(k + 1);
        arena_free(&scratch);
    }
    return NULL;
}

static void many_threads_read_the_same(void **state)
{
    struct library *library = given_documents(NULL), *again = given_documents(NULL);
    struct reading readings[4] = { { library, 0 }, { library, 0 }, { again, 0 }, { library, 0 } };
    pthread_t threads[4];
    UNUSED(state);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_often, &readings[i]), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (size_t i = 1; i < 4; i++)
        assert_true(readings[i].sum == readings[0].sum && readings[0].sum > 0); /* to the last bit, of a second library too */
    library_free(library);
    library_free(again);
}

/* --- its parts ---------------------------------------------------------------------------------- */

static void plain_bm25_is_the_textbooks(void **state)
{
    struct bm25 bm25 = { .touched = NULL };
    uint32_t order[3];
    UNUSED(state);
    bm25_add(&bm25, STR("red"), STR("apple"));
    bm25_add(&bm25, STR("green"), STR("apple apple pear"));
    bm25_add(&bm25, STR("blue"), STR("stone"));
    bm25_end(&bm25);
    /* N 3, df 2: idf = ln(1 + 1.5 / 2.5); lengths 2, 4, 2, mean 8/3. */
    double idf = 0.47000362924573563, norm = 1.2 * (0.25 + 0.75 * 4 / (8.0 / 3));
    uint32_t apple = (uint32_t)((uintptr_t)map_get(&bm25.terms, str_hash(STR("apple")) | 1) - 1);
    uint32_t second = bm25.postings.from[apple] + 1;
    float share = postings_share(&bm25.postings, second), wanted = (float)(idf * 2 * 2.2 / (2 + norm));
    assert_true(bm25.postings.unit_of[second] == 1 && share > wanted - 2e-5f && share < wanted + 2e-5f);
    assert_int_equal(bm25_rank(&bm25, &arena, STR("Apple!"), order), 2);
    assert_int_equal(order[0], 1);
    assert_int_equal(bm25_rank(&bm25, &arena, STR("apples"), order), 0); /* nothing is stemmed */
    bm25_free(&bm25);
}

/* The first few are found without sorting all: they are the first of all. */
static void the_first_few_are_the_first_of_all(void **state)
{
    struct library *library = library_new();
    UNUSED(state);
    for (int i = 0; i < 200; i++) {
        struct str text = arena_format(&arena, "%s%s%s stone %d", i % 2 ? "red " : "", i % 3 ? "blue " : "", i % 5 ? "green " : "", i % 7);
        library_add(library, &(struct library_document){ .language = STR("en"), .title = arena_format(&arena, "stone %d", i % 11), .text = text });
    }
    library_end(library);
    const char *questions[] = { "red stone", "blue and green", "stone 5", "grene bleu", "stone" };
    for (size_t q = 0; q < ARRAY_LEN(questions); q++) {
        struct library_hit hits[10];
        uint32_t order[200];
        size_t all = library_rank(library, &arena, str_of(questions[q]), STR("en"), order);
        for (size_t room = 1; room <= 10; room++) {
            assert_int_equal(library_search(library, &arena, str_of(questions[q]), STR("en"), hits, room), all < room ? all : room);
            for (size_t i = 0; i < room && i < all; i++)
                assert_int_equal(hits[i].document, order[i]);
        }
    }
    library_free(library);
}

static void the_thesaurus_has_each_word_once_and_short(void **state)
{
    static const char *const codes[] = { "en", "sv", "de", "es" };
    UNUSED(state);
    for (size_t l = 0; l < ARRAY_LEN(codes); l++) {
        struct str groups = thesaurus_of(str_of(codes[l])), rest = groups, group, word;
        assert_true(groups.len > 500);
        while (str_split(&rest, '\n', &group)) {
            size_t words = 0;
            while (str_split(&group, ',', &word)) {
                struct str list[9];
                size_t pieces = terms_words(&arena, word, list, 9);
                if (pieces == 0 || pieces > LIBRARY_PHRASE)
                    fail_msg("'%.*s' has %zu words", STR_ARG(word), pieces);
                struct str needle = arena_format(&arena, ",%.*s,", STR_ARG(word)), all = arena_format(&arena, ",%.*s,", STR_ARG(groups));
                for (size_t i = 0; i < all.len; i++)
                    if (all.data[i] == '\n') ((char *)(uintptr_t)all.data)[i] = ',';
                ptrdiff_t at = str_find(all, needle, 0);
                if (at < 0 || str_find(all, needle, (size_t)at + 1) >= 0)
                    fail_msg("'%.*s' stands twice", STR_ARG(word));
                words++;
            }
            assert_true(words >= 2 && words <= 8);
        }
    }
    assert_int_equal(thesaurus_of(STR("fi")).len, 0);
    assert_true(thesaurus_of(STR("de-AT")).len > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_forms_of_a_word_are_found), cmocka_unit_test(typing_errors_are_forgiven), cmocka_unit_test(numbers_are_words),
        cmocka_unit_test(synonyms_count_built_in_and_given), cmocka_unit_test(a_phrase_in_order_beats_the_same_words_apart),
        cmocka_unit_test(customers_own_wordings_lead_to_the_article), cmocka_unit_test(the_best_passage_is_the_one_that_is_quoted),
        cmocka_unit_test(articles_with_like_titles_lend_each_other_rank), cmocka_unit_test(nothing_in_common_finds_nothing),
        cmocka_unit_test(scripts_without_spaces_are_searched_too), cmocka_unit_test(many_threads_read_the_same),
        cmocka_unit_test(plain_bm25_is_the_textbooks), cmocka_unit_test(the_first_few_are_the_first_of_all),
        cmocka_unit_test(the_thesaurus_has_each_word_once_and_short),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
