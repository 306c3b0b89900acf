/* Articles and questions from files of other systems, and the figures that come of them. */
#include "../../support/folder.h"
#include "../../support/public_data.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "assistant/languages.h"
#include "assistant/markup.h"
#include "assistant/measure.h"
#include "base/csv.h"
#include "base/limits.h"

static struct arena arena;
static struct err err;

static bool articles(struct collection *collection, const char *json)
{
    *collection = (struct collection){ .articles = NULL };
    bool good = collection_articles(&err, collection, STR("a.json"), str_of(json));
    if (!good)
        collection_free(collection);
    return good;
}

static void refused(const char *json, const char *words)
{
    struct collection collection;
    if (articles(&collection, json))
        fail_msg("taken: %s", json);
    if (!strstr(err.text, words))
        fail_msg("'%s' does not say '%s'", err.text, words);
}

static void articles_are_read_in_order(void **state)
{
    struct collection collection;
    UNUSED(state);
    assert_true(articles(&collection, "\xef\xbb\xbf [ {\"id\": \"x\", \"title\": \"One\", \"content\": \"<p>A &amp; B</p>\"},\n"
                                      "{\"id\": 12, \"content\": \"Two\", \"questions\": [\"why\"], \"language\": \"sv\"},{\"title\":\"Three\",\"id\":\" y \"} ] \n"));
    assert_int_equal(collection.article_count, 3);
    assert_true(str_equal(collection.articles[0].id, STR("x")) && str_equal(collection.articles[0].text, STR("A & B")));
    assert_true(str_equal(collection.articles[1].id, STR("12")) && str_equal(collection.articles[1].questions[0], STR("why")));
    assert_true(str_equal(collection.articles[2].id, STR("y")) && collection.articles[2].text.len == 0);
    collection_free(&collection);
}

static void mistakes_in_articles_name_line_and_cure(void **state)
{
    UNUSED(state);
    refused("", "a.json:1: the file is no list of articles; write [");
    refused("{}", "a.json:1: the file is no list");
    refused("[]", "a.json:1: the list of articles is empty");
    refused("[\n{\"id\":1,\"title\":\"a\"},\n7]", "a.json:3: this is not JSON");
    refused("[\n[1]]", "a.json:2: an article is an object");
    refused("[\n{\"id\":1,\n\"title\" \"a\"}]", "a.json:3: this is not JSON");
    refused("[{\"id\":1,\"title\":\"a\"}\n{\"id\":2}]", "a.json:2: the list of articles is not closed; put a comma");
    refused("[{\"id\":1,\"title\":\"a\"}", "a.json:1: the list of articles is not closed");
    refused("[{\"id\":1,\"title\":\"a\"}]\n]", "a.json:2: something follows");
    refused("[{\"title\":\"a\"}]", "the article has no 'id'");
    refused("[{\"id\":true,\"title\":\"a\"}]", "the article has no 'id'");
    refused("[{\"id\":1,\"title\":7}]", "is no text");
    refused("[{\"id\":1,\"title\":\"\",\"content\":null}]", "the article says nothing");
    refused("[{\"id\":1,\"title\":\"a\"},\n{\"id\":\"1\",\"title\":\"b\"}]", "a.json:2: the id '1' is there twice");
    refused("[{\"id\":1,\"title\":\"a\",\"questions\":\"b\"}]", "'questions' of the article is no list");
    refused("[{\"id\":1,\"title\":\"a\xff\"}]", "this is not JSON");
}

static const char two[] = "[{\"id\":1,\"title\":\"red\"},{\"id\":2,\"title\":\"green\"},{\"id\":3,\"title\":\"blue\"}]";

static bool questions(struct collection *collection, const char *csv)
{
    assert_true(articles(collection, two));
    return collection_questions(&err, collection, STR("q.csv"), str_of(csv));
}

static void a_question_in_several_rows_has_several_right_articles(void **state)
{
    struct collection collection;
    UNUSED(state);
    assert_true(questions(&collection, "text,id\r\nwarm?,1\r\ncold?,3\r\nwarm?,2\r\nwarm?,1\r\n"));
    assert_int_equal(collection.question_count, 2);
    assert_int_equal(collection.questions[0].right_count, 2);
    assert_int_equal(collection.questions[1].right[0], 2);
    collection_free(&collection);
}

static void mistakes_in_questions_name_line_and_cure(void **state)
{
    static const struct { const char *csv, *words; } rows[] = {
        { "text,id\na,1\nb,9\nc,8\n", "q.csv:3: no article has the id '9' (2 of 3 rows" },
        { "text,id\n", "q.csv:1: there are no questions" },
        { "text,id\n ,1\n", "q.csv:2: the text is empty" },
        { "text,id\na,\n", "q.csv:2: the id is empty" },
        { "text,ids\na,1\n", "q.csv:1: the header names the column 'id' 0 times" },
        { "text,id\na\n", "q.csv:2: the record has 1 fields and the header 2" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct collection collection;
        assert_false(questions(&collection, rows[i].csv));
        if (!strstr(err.text, rows[i].words))
            fail_msg("'%s' does not say '%s'", err.text, rows[i].words);
        collection_free(&collection);
    }
}

static void collections_have_maxima(void **state)
{
    struct collection collection = { .articles = NULL };
    struct buf text;
    UNUSED(state);
    buf_init(&text, 16 << 20);
    for (int i = 0; i <= LIMIT_ARTICLES; i++)
        buf_add_format(&text, "%s{\"id\":%d,\"title\":\"a\"}", i ? "," : "[", i);
    buf_add_char(&text, ']');
    assert_false(collection_articles(&err, &collection, STR("a.json"), buf_str(&text)));
    assert_non_null(strstr(err.text, "there are more than"));
    collection_free(&collection);
    buf_clear(&text);
    buf_add_str(&text, STR("text,id\n"));
    for (int i = 0; i <= LIMIT_QUESTIONS; i++)
        buf_add_str(&text, STR("a,1\n"));
    assert_false(questions(&collection, buf_cstr(&text)));
    assert_non_null(strstr(err.text, "there are more than"));
    collection_free(&collection);
    buf_clear(&text);
    buf_add_str(&text, STR("text,id\n"));
    for (int i = 0; i <= LIMIT_MESSAGE; i++)
        buf_add_char(&text, 'a');
    buf_add_str(&text, STR(",1\n"));
    assert_false(questions(&collection, buf_cstr(&text)));
    assert_non_null(strstr(err.text, "q.csv:2: the text is longer than 8000 bytes"));
    collection_free(&collection);
    buf_free(&text);
}

static void figures_are_the_textbooks(void **state)
{
    static const uint32_t order[] = { 7, 3, 9, 4, 5, 6 }, right[] = { 3, 4, 8 };
    struct measure measure = { .map = 0 };
    UNUSED(state);
    measure_add(&measure, order, 6, right, 3); /* found at ranks 2 and 4; the third never */
    assert_true(measure.map > (1.0 / 2 + 2.0 / 4) / 3 - 1e-9 && measure.map < (1.0 / 2 + 2.0 / 4) / 3 + 1e-9);
    assert_true(measure.mrr == 0.5 && measure.p_at_1 == 0);
    assert_true(measure.recall_at_5 > 2.0 / 3 - 1e-9 && measure.recall_at_5 < 2.0 / 3 + 1e-9);
    measure = (struct measure){ .map = 0 };
    measure_add(&measure, order, 6, order, 1);
    assert_true(measure.map == 1 && measure.mrr == 1 && measure.p_at_1 == 1 && measure.recall_at_5 == 1);
    measure = (struct measure){ .map = 0 };
    measure_add(&measure, order, 6, order + 5, 1); /* sixth: not among the first five */
    assert_true(measure.recall_at_5 == 0 && measure.mrr > 0.166 && measure.mrr < 0.167);
    measure_add(&measure, order, 0, right, 3);
    assert_true(measure.p_at_1 == 0);
}

static void a_collection_is_measured_beside_plain_bm25(void **state)
{
    struct languages *languages = languages_new(NULL, 0);
    struct collection collection;
    struct measure fused, plain;
    UNUSED(state);
    languages_end(languages);
    assert_true(articles(&collection, "[{\"id\":1,\"title\":\"Återbetalningar\",\"content\":\"Pengarna kommer tillbaka inom fem dagar efter att butiken har tagit emot varan.\"},"
                                      "{\"id\":2,\"title\":\"Leveranser\",\"content\":\"Paketet kommer till dörren eller till ett ombud nära dig.\"}]"));
    assert_true(collection_questions(&err, &collection, STR("q.csv"), STR("text,id\nnär får jag min återbetlaning,1\nvart levereras paketen,2\n")));
    collection_find_languages(&collection, languages);
    assert_true(str_equal(collection.language, STR("sv")));
    measure_fused(&collection, languages, &fused);
    measure_plain(&collection, &plain);
    assert_true(fused.map == 1 && fused.p_at_1 == 1);
    assert_true(plain.map < 1); /* neither "återbetlaning" nor "levereras" is a word of the articles */
    assert_true(fused.query_us_p50 > 0 && fused.query_us_p99 >= fused.query_us_p50 && fused.index_ms > 0);
    collection_free(&collection);
    languages_free(languages);
}

static void markup_becomes_plain(void **state)
{
    static const struct { const char *from, *to; } rows[] = {
        { "plain", "plain" }, { "a < b and c > d", "a < b and c > d" }, { "<name> & co", "<name> & co" }, { "1 <2 and 3> 2", "1 <2 and 3> 2" },
        { "<h2>Title</h2><p>One</p>", "\n\n## Title\n\n\n\nOne\n\n" }, { "<ul><li>a</li><li>b</li></ul>", "\n\n\n* a\n\n* b\n\n\n" },
        { "<b class=\"x\">bold</b> <BR/>next", "bold \nnext" }, { "x<!-- no -->y", "xy" }, { "x<!-- never closed", "x" },
        { "<script>var a = '<b>';</script>done", "done" }, { "<style>p{}</STYLE >done", "done" }, { "<script>open", "open" },
        { "K&ouml;ln &#228;&#xE5; &lt;b&gt; &unknown; &;", "Köln äå <b> &unknown; &;" }, { "&#0; &#x110000; &#xD800;", "&#0; &#x110000; &#xD800;" },
        { "see [our page](https://x.example/a_(b)) now", "see [our page] now" }, { "[a](b\nc)", "[a](b\nc)" }, { "![pic](x.png)!", "![pic]!" },
        { "<a href=\"x\">link</a", "link</a" }, { "", "" }, { "<", "<" }, { "&", "&" }, { "]", "]" },
    };
    UNUSED(state);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++)
        assert_string_equal(arena_cstr(&arena, markup_plain(&arena, str_of(rows[i].from))), rows[i].to);
}

#define QUOTED_WORDS 10

/* Ten words out of the middle of an article. */
static void add_quotation(struct buf *csv, struct str content, struct str id)
{
    struct str words[4000], rest = content, word;
    size_t count = 0;
    while (count < ARRAY_LEN(words) && str_split(&rest, ' ', &word))
        if (word.len && ((word.data[0] | 32) >= 'a' && (word.data[0] | 32) <= 'z') && str_find_char(word, '\n', 0) < 0)
            words[count++] = word;
    if (count < QUOTED_WORDS) return;
    buf_add_char(csv, '"');
    for (size_t w = count / 2; w < count && w < count / 2 + QUOTED_WORDS; w++)
        for (size_t i = 0; i <= words[w].len; i++)
            if (i == words[w].len || words[w].data[i] != '"') buf_add_char(csv, i == words[w].len ? ' ' : words[w].data[i]);
    buf_add_str(csv, STR("\","));
    csv_write_field(csv, id);
    buf_add_char(csv, '\n');
}

/* Whoever asks in an article's own words must not find it worse than by its words alone. */
static void what_an_article_says_finds_it_at_least_as_plain_words_do(void **state)
{
    struct collection collection = { .articles = NULL };
    struct measure fused = { 0 }, plain = { 0 };
    struct str json = public_data(&arena, "knowledge/banking_documents.json");
    struct languages *languages = languages_new(NULL, 0);
    struct buf csv;
    UNUSED(state);
    languages_end(languages);
    if (json.len == 0) {
        print_message("# skipped: the public data are not here\n");
        languages_free(languages);
        return;
    }
    assert_true(collection_articles(&err, &collection, STR("a.json"), json));
    buf_init(&csv, LIMIT_CSV);
    buf_add_str(&csv, STR("text,id\n"));
    for (size_t a = 0; a < collection.article_count; a += 3)
        add_quotation(&csv, collection.articles[a].text, collection.articles[a].id);
    assert_true(collection_questions(&err, &collection, STR("q.csv"), buf_str(&csv)));
    collection_find_languages(&collection, languages);
    measure_fused(&collection, languages, &fused);
    measure_plain(&collection, &plain);
    print_message("# %zu questions in articles' words: fused %.3f, plain %.3f\n", collection.question_count, fused.map, plain.map);
    assert_true(collection.question_count > 100 && fused.map >= plain.map);
    buf_free(&csv);
    collection_free(&collection);
    languages_free(languages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_an_article_says_finds_it_at_least_as_plain_words_do),
        cmocka_unit_test(articles_are_read_in_order), cmocka_unit_test(mistakes_in_articles_name_line_and_cure),
        cmocka_unit_test(a_question_in_several_rows_has_several_right_articles), cmocka_unit_test(mistakes_in_questions_name_line_and_cure),
        cmocka_unit_test(collections_have_maxima), cmocka_unit_test(figures_are_the_textbooks),
        cmocka_unit_test(a_collection_is_measured_beside_plain_bm25), cmocka_unit_test(markup_becomes_plain),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(&arena);
    return failed;
}
