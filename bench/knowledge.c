/* knowledge.c - how well and how fast articles are found, beside plain BM25; and whether languages are told.
 *
 * Three kinds of questions. Sentences taken out of the 698 articles of a fictional bank: the article must
 * be found that they were taken from. Wordings of customers for intents (BANKING77): ten wordings an
 * intent stand as articles, the test file asks; it was not looked at when the weights were chosen. The
 * workspace's own topics: half of their examples ask for the answers; then the other half stands beside
 * the answers as their questions. The demo's topics in English and Swedish and other sentences of the
 * bank's articles were among what the weights were chosen on (docs/retrieval.md). Times are the thread's
 * processor time.
 *
 * Usage: knowledge [WORKSPACE] (default: demo). */
#include <stdio.h>

#include "assistant/measure.h"
#include "base/csv.h"
#include "base/input.h"
#include "base/limits.h"
#include "base/memory.h"
#include "data.h"
#include "workspace/workspace.h"

#define SENTENCE_LEAST 40
#define SENTENCE_MOST 200
#define EACH_NTH 7 /* sentence is taken out */

static void print_row(const char *name, double value, const char *unit, const char *target, double peer)
{
    printf("%s\t%.4g\t%s\t%s\t", name, value, unit, target);
    if (peer > 0)
        printf("%.4g\t%.3g\n", peer, value / peer);
    else
        printf("\t\n");
    fflush(stdout);
}

/* --- collections made here ---------------------------------------------------------------------- */

static uint32_t add_article(struct collection *collection, struct str title, struct str text, struct str language)
{
    if (collection->article_count == collection->article_room) {
        collection->article_room = collection->article_room ? collection->article_room * 2 : 256;
        collection->articles = memory_resize(collection->articles, collection->article_room, sizeof *collection->articles);
    }
    collection->articles[collection->article_count] = (struct collection_article){ .id = STR_EMPTY, .title = title, .text = text, .language = language };
    return (uint32_t)collection->article_count++;
}

static struct collection_question *add_question(struct collection *collection, struct str text, size_t room)
{
    if (collection->question_count == collection->question_room) {
        collection->question_room = collection->question_room ? collection->question_room * 2 : 256;
        collection->questions = memory_resize(collection->questions, collection->question_room, sizeof *collection->questions);
    }
    struct collection_question *question = &collection->questions[collection->question_count++];
    *question = (struct collection_question){ .text = text, .right = ARENA_NEW_ARRAY(&collection->arena, uint32_t, room + 1), .capacity = room };
    return question;
}

static void add_right(struct collection_question *question, uint32_t article)
{
    must(question->right_count < question->capacity);
    question->right[question->right_count++] = article;
}

static void measure_both(struct collection *collection, struct measure *fused, struct measure *plain)
{
    struct languages *languages = languages_new(NULL, 0);
    languages_end(languages);
    collection_find_languages(collection, languages);
    measure_plain(collection, plain);
    measure_fused(collection, languages, fused);
    languages_free(languages);
}

static void print_both(const char *what, const struct measure *fused, const struct measure *plain, const char *target)
{
    struct arena arena = { 0 };
    print_row(arena_format(&arena, "MAP, %s (peer: plain BM25)", what).data, fused->map, "", target, plain->map);
    print_row(arena_format(&arena, "first hit right, %s (peer: plain BM25)", what).data, fused->p_at_1, "", "", plain->p_at_1);
    arena_free(&arena);
}

/* --- sentences of 698 articles ------------------------------------------------------------------ */

/* Takes each nth sentence out of the text and asks for it. */
static struct str take_sentences(struct collection *collection, struct str text, uint32_t article, size_t *nth)
{
    char *left = arena_take(&collection->arena, text.len + 1), *at = left;
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool end = text.data[i] == '\n' || ((text.data[i] == '.' || text.data[i] == '?') && i + 1 < text.len && text.data[i + 1] == ' ');
        if (!end && i + 1 < text.len)
            continue;
        struct str sentence = str_slice(text, from, i + 1), words = str_trim(sentence);
        bool taken = words.len >= SENTENCE_LEAST && words.len <= SENTENCE_MOST && words.data[0] != '#' && ++*nth % EACH_NTH == 0;
        if (taken)
            add_right(add_question(collection, words, 1), article);
        else
            at = mempcpy(at, sentence.data, sentence.len);
        from = i + 1;
    }
    return str_make(left, (size_t)(at - left));
}

static void measure_sentences(const char *path)
{
    struct collection collection = { .articles = NULL };
    struct measure fused, plain;
    struct err err;
    struct str json;
    size_t nth = 0;
    if (!input_read(&err, &collection.arena, path, LIMIT_ARTICLES_FILE, &json) || !collection_articles(&err, &collection, str_of(path), json)) {
        fprintf(stderr, "bench: %s\n", err.text);
        exit(1);
    }
    for (size_t i = 0; i < collection.article_count; i++)
        collection.articles[i].text = take_sentences(&collection, collection.articles[i].text, (uint32_t)i, &nth);
    measure_both(&collection, &fused, &plain);
    printf("articles of the bank\t%zu\t\t\t\t\n", collection.article_count);
    print_row("articles indexed, 698", fused.index_ms, "ms", "<= 1000 ms", plain.index_ms);
    print_row("a question to 698 articles, p50", fused.query_us_p50 / 1e3, "ms", "", plain.query_us_p50 / 1e3);
    print_row("a question to 698 articles, p99", fused.query_us_p99 / 1e3, "ms", "<= 1 ms", plain.query_us_p99 / 1e3);
    print_both("sentences taken out of 698 articles", &fused, &plain, ">= 1 x plain");
    collection_free(&collection);
}

/* --- wordings of BANKING77 ---------------------------------------------------------------------- */

struct rows {
    struct str *texts, *intents;
    size_t count;
};

static struct rows read_rows(struct arena *arena, const char *path)
{
    static const char *const names[] = { "text", "intent" };
    struct rows rows = { .count = 0 };
    struct err err;
    struct csv csv;
    struct str text;
    size_t columns[2], room = 0;
    enum csv_step step = CSV_MISTAKE;
    if (input_read(&err, arena, path, LIMIT_CSV, &text) && csv_begin(&err, &csv, arena, str_of(path), text) && csv_header(&err, &csv, names, columns, 2))
        while ((step = csv_next(&err, &csv)) == CSV_RECORD) {
            if (rows.count == room) {
                room = room ? room * 2 : 1024;
                rows.texts = memory_resize(rows.texts, room, sizeof *rows.texts);
                rows.intents = memory_resize(rows.intents, room, sizeof *rows.intents);
            }
            rows.texts[rows.count] = csv.fields[columns[0]];
            rows.intents[rows.count++] = csv.fields[columns[1]];
        }
    if (step == CSV_END)
        return rows;
    fprintf(stderr, "bench: %s\n", err.text);
    exit(1);
}

static void measure_wordings(const char *known, const char *asked)
{
    struct collection collection = { .articles = NULL };
    struct measure fused, plain;
    struct rows articles = read_rows(&collection.arena, known), questions = read_rows(&collection.arena, asked);
    for (size_t i = 0; i < articles.count; i++)
        add_article(&collection, articles.texts[i], STR_EMPTY, STR("en"));
    for (size_t q = 0; q < questions.count; q++) {
        struct collection_question *question = NULL;
        for (size_t i = 0; i < articles.count; i++)
            if (str_equal_nocase(articles.intents[i], questions.intents[q])) {
                question = question ? question : add_question(&collection, questions.texts[q], articles.count);
                add_right(question, (uint32_t)i);
            }
    }
    measure_both(&collection, &fused, &plain);
    print_both("BANKING77: 770 questions as articles, the test file asks", &fused, &plain, ">= 1 x plain");
    memory_free(articles.texts);
    memory_free(articles.intents);
    memory_free(questions.texts);
    memory_free(questions.intents);
    collection_free(&collection);
}

/* --- the workspace's topics --------------------------------------------------------------------- */

static const struct utterances *examples_in(const struct topic *topic, struct str language)
{
    for (size_t i = 0; i < topic->example_count; i++)
        if (str_equal(topic->examples[i].language, language))
            return &topic->examples[i];
    return NULL;
}

/* The topic's title and answers as an article; every other example as its question, or none. The rest asks. */
static void add_topic(struct collection *collection, const struct workspace *workspace, const struct topic *topic, struct str language, bool with_wordings)
{
    const struct utterances *examples = examples_in(topic, language);
    if (!examples)
        return;
    struct str text = workspace_text(workspace, topic->answers, topic->answer_count, language);
    uint32_t number = add_article(collection, workspace_text(workspace, topic->titles, topic->title_count, language), text, language);
    struct collection_article *article = &collection->articles[number];
    article->questions = ARENA_NEW_ARRAY(&collection->arena, struct str, examples->count + 1);
    for (size_t i = 0; i < examples->count; i++) {
        if (i % 2)
            add_right(add_question(collection, examples->items[i], 1), number);
        else if (with_wordings)
            article->questions[article->question_count++] = examples->items[i];
    }
}

static void measure_topics(const struct workspace *workspace)
{
    for (size_t l = 0; l < workspace->language_count; l++) {
        struct collection without = { .articles = NULL }, with = { .articles = NULL };
        struct measure fused, plain, taught, same;
        struct str language = workspace->languages[l];
        for (size_t t = 0; t < workspace->topic_count; t++) {
            add_topic(&without, workspace, &workspace->topics[t], language, false);
            add_topic(&with, workspace, &workspace->topics[t], language, true);
        }
        if (without.question_count) {
            struct str name = arena_format(&with.arena, "%zu topics of the demo, %.*s", without.article_count, STR_ARG(language));
            measure_both(&without, &fused, &plain);
            measure_both(&with, &taught, &same);
            print_both(name.data, &fused, &plain, ">= 1 x plain");
            print_row(arena_format(&with.arena, "first hit right, %s, with half of the customers' wordings (peer: without)", name.data).data,
                      taught.p_at_1, "", ">= 1 x without", fused.p_at_1);
        }
        collection_free(&without);
        collection_free(&with);
    }
}

/* --- languages ---------------------------------------------------------------------------------- */

static void measure_languages(const char *path)
{
    struct arena arena = { 0 };
    struct err err;
    struct str text, line, code;
    struct languages *languages = languages_new(NULL, 0);
    size_t all = 0, right = 0, wrong = 0;
    languages_end(languages);
    if (!input_read(&err, &arena, path, LIMIT_FILE, &text)) {
        fprintf(stderr, "bench: %s\n", err.text);
        exit(1);
    }
    while (str_split(&text, '\n', &line)) {
        if (!str_split(&line, '\t', &code) || line.len == 0)
            continue;
        struct str found = languages_find(languages, &arena, line).code;
        all++;
        right += str_equal(found, code);
        wrong += found.len && !str_equal(found, code);
    }
    print_row("short lines whose language is told, 27 languages", 100 * (double)right / (double)all, "%", ">= 95 %", 0);
    print_row("short lines taken for another language", 100 * (double)wrong / (double)all, "%", "<= 1 %", 0);
    languages_free(languages);
    arena_free(&arena);
}

int main(int argc, char **argv)
{
    struct arena arena = { 0 };
    struct problems problems = { 0 };
    const char *articles = data_file(&arena, "knowledge/banking_documents.json");
    const char *known = data_file(&arena, "intents/banking77_10shot.csv"), *asked = data_file(&arena, "intents/banking77_test.csv");
    struct workspace *workspace = workspace_read(argc > 1 ? argv[1] : "demo", &problems);
    if (!workspace) {
        fprintf(stderr, "bench: the workspace has mistakes\n");
        return 1;
    }
    if (articles)
        measure_sentences(articles);
    if (known && asked)
        measure_wordings(known, asked);
    measure_topics(workspace);
    measure_languages("tests/unit/assistant/languages.tsv");
    workspace_free(workspace);
    problems_free(&problems);
    arena_free(&arena);
    return 0;
}
