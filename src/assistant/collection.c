#include "assistant/collection.h"

#include <jansson.h>

#include "assistant/markup.h"
#include "base/csv.h"
#include "base/limits.h"
#include "base/memory.h"

static uint64_t key_of(struct str text)
{
    return str_hash(text) | 1;
}

/* --- articles ----------------------------------------------------------------------------------- */

/* Where an array is being read, element by element, so that mistakes can name their line. */
struct walk {
    struct str name, text;
    size_t at;
    int line;
};

static void pass_space(struct walk *walk)
{
    for (; walk->at < walk->text.len && strchr(" \t\r\n", walk->text.data[walk->at]) && walk->text.data[walk->at]; walk->at++)
        walk->line += walk->text.data[walk->at] == '\n';
}

static char next_char(struct walk *walk)
{
    pass_space(walk);
    return walk->at < walk->text.len ? walk->text.data[walk->at] : '\0';
}

static bool mistake(struct err *err, const struct walk *walk, const char *what, const char *cure)
{
    return err_set(err, "%.*s:%d: %s; %s", STR_ARG(walk->name), walk->line, what, cure);
}

static bool text_of(const json_t *object, const char *key, struct str *out, struct arena *arena)
{
    const json_t *value = json_object_get(object, key);
    *out = STR_EMPTY;
    if (json_is_string(value))
        *out = arena_copy(arena, str_make(json_string_value(value), json_string_length(value)));
    return !value || json_is_null(value) || json_is_string(value);
}

static bool id_of(const json_t *object, struct str *out, struct arena *arena)
{
    const json_t *value = json_object_get(object, "id");
    if (json_is_integer(value)) {
        *out = arena_format(arena, "%lld", (long long)json_integer_value(value));
        return true;
    }
    *out = json_is_string(value) ? str_trim(arena_copy(arena, str_of(json_string_value(value)))) : STR_EMPTY;
    return out->len > 0;
}

static bool read_questions(struct collection *collection, const json_t *object, struct collection_article *article)
{
    const json_t *list = json_object_get(object, "questions");
    if (!list || json_is_null(list))
        return true;
    if (!json_is_array(list) || json_array_size(list) > LIMIT_UTTERANCES)
        return false;
    article->questions = ARENA_NEW_ARRAY(&collection->arena, struct str, json_array_size(list) + 1);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (!json_is_string(item))
            return false;
        article->questions[article->question_count++] = arena_copy(&collection->arena, str_of(json_string_value(item)));
    }
    return true;
}

static bool keep_article(struct err *err, struct collection *collection, const struct walk *walk, const json_t *object)
{
    struct collection_article *article = &collection->articles[collection->article_count];
    struct arena *arena = &collection->arena;
    struct str content;
    *article = (struct collection_article){ .title = STR_EMPTY };
    if (!id_of(object, &article->id, arena))
        return mistake(err, walk, "the article has no 'id'", "give it one: a text or a whole number");
    if (!text_of(object, "title", &article->title, arena) || !text_of(object, "content", &content, arena) ||
        !text_of(object, "language", &article->language, arena))
        return mistake(err, walk, "'title', 'content' or 'language' of the article is no text", "put it between quotes");
    if (!read_questions(collection, object, article))
        return err_set(err, "%.*s:%d: 'questions' of the article is no list of at most %d texts; write [\"…\", \"…\"]",
                       STR_ARG(walk->name), walk->line, LIMIT_UTTERANCES);
    article->title = str_trim(markup_plain(arena, article->title));
    article->text = str_trim(markup_plain(arena, content));
    if (article->title.len + article->text.len == 0 && article->question_count == 0)
        return mistake(err, walk, "the article says nothing", "give it a 'title' or a 'content', or take it out");
    if (map_get(&collection->by_id, key_of(article->id)))
        return err_set(err, "%.*s:%d: the id '%.*s' is there twice; give each article its own", STR_ARG(walk->name), walk->line,
                       STR_ARG(str_cut(article->id, LIMIT_NAME)));
    map_put(&collection->by_id, key_of(article->id), (void *)(uintptr_t)(++collection->article_count));
    return true;
}

static bool read_article(struct err *err, struct collection *collection, struct walk *walk)
{
    json_error_t error;
    const char *from = walk->text.data + walk->at;
    json_t *object = json_loadb(from, walk->text.len - walk->at, JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
    if (!object)
        return err_set(err, "%.*s:%d: this is not JSON: %s; an article is {\"id\": …, \"title\": …, \"content\": …}", STR_ARG(walk->name),
                       walk->line + (error.line > 0 ? error.line - 1 : 0), error.text);
    bool good = json_is_object(object)
                    ? keep_article(err, collection, walk, object)
                    : mistake(err, walk, "an article is an object", "write {\"id\": …, \"title\": …, \"content\": …}");
    for (int i = 0; i < error.position; i++)
        walk->line += from[i] == '\n';
    walk->at += (size_t)error.position;
    json_decref(object);
    return good;
}

static void make_room(struct collection *collection)
{
    if (collection->article_count < collection->article_room)
        return;
    collection->article_room = collection->article_room ? collection->article_room * 2 : 256;
    collection->articles = memory_resize(collection->articles, collection->article_room, sizeof *collection->articles);
}

bool collection_articles(struct err *err, struct collection *collection, struct str name, struct str json)
{
    struct walk walk = { .name = name, .text = json, .line = 1 };
    if (str_starts(json, STR("\xef\xbb\xbf")))
        walk.at = 3;
    if (next_char(&walk) != '[')
        return mistake(err, &walk, "the file is no list of articles", "write [{\"id\": …, \"title\": …, \"content\": …}, …]");
    walk.at++;
    for (char c = next_char(&walk); c != ']'; c = next_char(&walk)) {
        if (collection->article_count >= LIMIT_ARTICLES)
            return err_set(err, "%.*s:%d: there are more than %d articles; measure a part of them", STR_ARG(name), walk.line, LIMIT_ARTICLES);
        if (collection->article_count) {
            if (c != ',')
                return mistake(err, &walk, "the list of articles is not closed", "put a comma between two articles and ']' behind the last");
            walk.at++;
            next_char(&walk);
        }
        make_room(collection);
        if (!read_article(err, collection, &walk))
            return false;
    }
    walk.at++;
    if (next_char(&walk) || walk.at < walk.text.len)
        return mistake(err, &walk, "something follows the list of articles", "take it out");
    return collection->article_count > 0 || mistake(err, &walk, "the list of articles is empty", "write at least one");
}

/* --- questions ---------------------------------------------------------------------------------- */

static struct collection_question *question_for(struct collection *collection, struct str text)
{
    uintptr_t number = (uintptr_t)map_get(&collection->by_text, key_of(text));
    if (number)
        return &collection->questions[number - 1];
    if (collection->question_count == collection->question_room) {
        collection->question_room = collection->question_room ? collection->question_room * 2 : 256;
        collection->questions = memory_resize(collection->questions, collection->question_room, sizeof *collection->questions);
    }
    map_put(&collection->by_text, key_of(text), (void *)(collection->question_count + 1));
    collection->questions[collection->question_count] = (struct collection_question){ .text = text };
    return &collection->questions[collection->question_count++];
}

static void add_right(struct collection *collection, struct collection_question *question, uint32_t article)
{
    for (size_t i = 0; i < question->right_count; i++)
        if (question->right[i] == article)
            return;
    if (question->right_count == question->capacity) {
        question->capacity = question->capacity ? question->capacity * 2 : 2;
        uint32_t *right = ARENA_NEW_ARRAY(&collection->arena, uint32_t, question->capacity);
        if (question->right_count)
            memcpy(right, question->right, question->right_count * sizeof *right);
        question->right = right;
    }
    question->right[question->right_count++] = article;
}

struct unknown {
    size_t count, line;
    struct str id;
};

static bool keep_row(struct err *err, struct collection *collection, const struct csv *csv, const size_t columns[2], struct unknown *unknown)
{
    struct str text = str_trim(csv->fields[columns[0]]), id = str_trim(csv->fields[columns[1]]);
    uintptr_t article = (uintptr_t)map_get(&collection->by_id, key_of(id));
    if (text.len == 0 || id.len == 0)
        return err_set(err, "%.*s:%zu: the %s is empty; every row is a question's text and an article's id", STR_ARG(csv->name), csv->line,
                       text.len ? "id" : "text");
    if (text.len > LIMIT_MESSAGE)
        return err_set(err, "%.*s:%zu: the text is longer than %d bytes, as long as a message may be; shorten it", STR_ARG(csv->name),
                       csv->line, LIMIT_MESSAGE);
    if (!article && unknown->count++ == 0) {
        unknown->line = csv->line;
        unknown->id = id;
    }
    if (article)
        add_right(collection, question_for(collection, text), (uint32_t)(article - 1));
    return true;
}

/* A header, or none where the first row is a question and an article's id. */
static bool find_columns(struct err *err, const struct collection *collection, struct csv *csv, size_t columns[2])
{
    static const char *const names[] = { "text", "id" };
    struct csv first = *csv, begin = *csv;
    struct err ignored = { "" };
    if (csv_header(err, csv, names, columns, 2))
        return true;
    if (csv_next(&ignored, &first) != CSV_RECORD || first.count != 2 || !map_get(&collection->by_id, key_of(str_trim(first.fields[1]))))
        return false;
    *csv = begin;
    csv->columns = 2;
    columns[0] = 0;
    columns[1] = 1;
    return true;
}

bool collection_questions(struct err *err, struct collection *collection, struct str name, struct str text)
{
    struct unknown unknown = { .id = STR_EMPTY };
    size_t columns[2], rows = 0;
    struct csv csv;
    enum csv_step step;
    if (!csv_begin(err, &csv, &collection->arena, name, text) || !find_columns(err, collection, &csv, columns))
        return false;
    while ((step = csv_next(err, &csv)) == CSV_RECORD) {
        if (++rows > LIMIT_QUESTIONS)
            return err_set(err, "%.*s:%zu: there are more than %d rows; measure with a part of them", STR_ARG(name), csv.line, LIMIT_QUESTIONS);
        if (!keep_row(err, collection, &csv, columns, &unknown))
            return false;
    }
    if (step == CSV_MISTAKE)
        return false;
    if (unknown.count)
        return err_set(err, "%.*s:%zu: no article has the id '%.*s' (%zu of %zu rows name ids that no article has); "
                       "add the articles or take the rows out", STR_ARG(name), unknown.line, STR_ARG(str_cut(unknown.id, LIMIT_NAME)),
                       unknown.count, rows);
    return rows > 0 || err_set(err, "%.*s:1: there are no questions; write a row for each: its text and the right article's id", STR_ARG(name));
}

/* --- languages ---------------------------------------------------------------------------------- */

#define LOOKED_AT 600 /* bytes of an article */

static struct str beginning(struct str text)
{
    size_t end = text.len < LOOKED_AT ? text.len : LOOKED_AT;
    while (end > 0 && end < text.len && text.data[end] != ' ' && text.data[end] != '\n')
        end--;
    return str_slice(text, 0, end);
}

static size_t count_of(const struct collection *collection, struct str language)
{
    size_t count = 0;
    for (size_t i = 0; i < collection->article_count; i++)
        count += str_equal(collection->articles[i].language, language);
    return count;
}

void collection_find_languages(struct collection *collection, const struct languages *languages)
{
    size_t most = 0;
    for (size_t i = 0; i < collection->article_count; i++) {
        struct collection_article *article = &collection->articles[i];
        struct arena scratch = { 0 };
        struct str text = arena_format(&scratch, "%.*s %.*s", STR_ARG(article->title), STR_ARG(beginning(article->text)));
        if (article->language.len == 0)
            article->language = languages_find(languages, &scratch, text).code;
        arena_free(&scratch);
    }
    for (size_t i = 0; i < collection->article_count; i++) {
        struct str language = collection->articles[i].language;
        if (language.len == 0 || str_equal(language, collection->language) || (i > 0 && str_equal(language, collection->articles[i - 1].language)))
            continue;
        size_t count = count_of(collection, language);
        if (count > most) {
            most = count;
            collection->language = language;
        }
    }
    for (size_t i = 0; i < collection->article_count; i++)
        if (collection->articles[i].language.len == 0)
            collection->articles[i].language = collection->language;
}

struct str collection_language(const struct collection *collection, const struct languages *languages, struct arena *arena, struct str text)
{
    struct str found = languages_find(languages, arena, text).code;
    bool spoken = found.len && !str_equal(found, collection->language) && count_of(collection, found) * 20 >= collection->article_count;
    return spoken ? found : collection->language;
}

void collection_free(struct collection *collection)
{
    memory_free(collection->articles);
    memory_free(collection->questions);
    map_free(&collection->by_id);
    map_free(&collection->by_text);
    arena_free(&collection->arena);
    *collection = (struct collection){ .articles = NULL };
}
