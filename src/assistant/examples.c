#include "assistant/examples.h"

#include "assistant/languages.h"
#include "assistant/outside.h"
#include "base/csv.h"
#include "base/limits.h"
#include "base/memory.h"

#define GUESSED_ON 400   /* texts, to guess the language of all */
#define GUESSED_LEAST 0.8 /* share of those that are sure of one */

void examples_free(struct examples *examples)
{
    memory_free(examples->items);
    memory_free(examples->lines);
    memory_free(examples->names);
    map_free(&examples->by_name);
    arena_free(&examples->arena);
    *examples = (struct examples){ 0 };
}

static void add(struct examples *examples, struct intent_example example, size_t line)
{
    if (examples->count == examples->capacity) {
        examples->capacity = examples->capacity ? examples->capacity * 2 : 256;
        examples->items = memory_resize(examples->items, examples->capacity, sizeof *examples->items);
        examples->lines = memory_resize(examples->lines, examples->capacity, sizeof *examples->lines);
    }
    examples->lines[examples->count] = line;
    examples->items[examples->count++] = example;
}

static size_t add_name(struct examples *examples, struct str name)
{
    if (examples->topics == examples->name_capacity) {
        examples->name_capacity = examples->name_capacity ? examples->name_capacity * 2 : 64;
        examples->names = memory_resize(examples->names, examples->name_capacity, sizeof *examples->names);
    }
    examples->names[examples->topics] = name;
    return examples->topics++;
}

/* The number of the intent, given anew if it is not known yet. */
static size_t number_of(struct examples *examples, struct str name)
{
    uint64_t key = str_hash(name) | 1;
    uintptr_t known = (uintptr_t)map_get(&examples->by_name, key);
    if (known && str_equal(examples->names[known - 1], name))
        return known - 1;
    for (size_t t = 0; known && t < examples->topics; t++) /* two names with one hash */
        if (str_equal(examples->names[t], name))
            return t;
    size_t number = add_name(examples, arena_copy(&examples->arena, name));
    if (!known)
        map_put(&examples->by_name, key, (void *)(uintptr_t)(number + 1));
    return number;
}

/* --- a workspace -------------------------------------------------------------------------------- */

/* Titles are examples too: measured on public sets, worth up to two points for nothing. */
static void add_topic(struct examples *examples, const struct topic *topic, size_t number)
{
    for (size_t i = 0; i < topic->title_count; i++)
        add(examples, (struct intent_example){ topic->titles[i].text, topic->titles[i].language, number }, 0);
    for (size_t l = 0; l < topic->example_count; l++)
        for (size_t i = 0; i < topic->examples[l].count; i++)
            add(examples, (struct intent_example){ topic->examples[l].items[i], topic->examples[l].language, number }, 0);
}

void examples_of_workspace(struct examples *examples, const struct workspace *workspace)
{
    for (size_t t = 0; t < workspace->topic_count; t++) {
        add_name(examples, workspace->topics[t].name);
        add_topic(examples, &workspace->topics[t], t);
    }
    examples->outside = ARENA_NEW_ARRAY(&examples->arena, struct intent_example, outside_text_count * LIMIT_LANGUAGES + 1);
    for (size_t i = 0; i < outside_text_count; i++)
        for (size_t l = 0; l < workspace->language_count; l++)
            if (str_starts(workspace->languages[l], str_of(outside_texts[i].language)))
                examples->outside[examples->outside_count++] =
                    (struct intent_example){ str_of(outside_texts[i].text), workspace->languages[l], INTENT_NONE };
}

/* --- CSV ---------------------------------------------------------------------------------------- */

struct columns {
    size_t text, intent;
};

static bool is_one_of(struct str field, const char *const *names)
{
    for (; *names; names++)
        if (str_equal_nocase(str_trim(field), str_of(*names)))
            return true;
    return false;
}

/* True if the record names both columns. */
static bool find_columns(const struct csv *csv, struct columns *columns)
{
    static const char *const texts[] = { "text", "utterance", "sentence", "query", "question", "message", NULL };
    static const char *const intents[] = { "intent", "label", "topic", "category", "class", NULL };
    bool text = false, intent = false;
    for (size_t i = csv->count; i > 0; i--) {
        if (is_one_of(csv->fields[i - 1], texts)) {
            text = true;
            columns->text = i - 1;
        } else if (is_one_of(csv->fields[i - 1], intents)) {
            intent = true;
            columns->intent = i - 1;
        }
    }
    return text && intent;
}

static bool mistake(struct err *err, const struct csv *csv, const char *what, const char *cure)
{
    return err_set(err, "%.*s:%zu: %s; %s", STR_ARG(csv->name), csv->line, what, cure);
}

static bool add_row(struct err *err, struct examples *examples, const struct csv *csv, const struct columns *columns)
{
    struct str text = str_trim(csv->fields[columns->text]), intent = str_trim(csv->fields[columns->intent]);
    if (intent.len == 0)
        return mistake(err, csv, "the row has no intent", "write its name, or oos for a text outside all intents");
    if (intent.len > LIMIT_NAME)
        return err_set(err, "%.*s:%zu: the name of the intent has %zu bytes; give it a name of at most %d", STR_ARG(csv->name), csv->line,
                       intent.len, LIMIT_NAME);
    if (text.len > LIMIT_MESSAGE)
        return err_set(err, "%.*s:%zu: the text has %zu bytes; shorten it to at most %d", STR_ARG(csv->name), csv->line, text.len,
                       LIMIT_MESSAGE);
    if (examples->count == LIMIT_EXAMPLES)
        return err_set(err, "%.*s:%zu: there are more than %d rows; keep the newest, or some of each intent", STR_ARG(csv->name), csv->line,
                       LIMIT_EXAMPLES);
    size_t topic = str_equal_nocase(intent, STR("oos")) ? INTENT_NONE : number_of(examples, intent);
    if (examples->topics > LIMIT_TOPICS)
        return err_set(err, "%.*s:%zu: '%.*s' is one intent more than the %d that there may be; put those that are alike together",
                       STR_ARG(csv->name), csv->line, STR_ARG(str_cut(intent, LIMIT_TAG)), LIMIT_TOPICS);
    add(examples, (struct intent_example){ text, STR_EMPTY, topic }, csv->line);
    return true;
}

bool examples_read(struct err *err, struct examples *examples, struct str file, struct str text)
{
    struct csv csv;
    struct columns columns = { 0, 1 };
    if (!csv_begin(err, &csv, &examples->arena, file, text))
        return false;
    enum csv_step step = csv_next(err, &csv);
    if (step == CSV_END)
        return err_set(err, "%.*s:1: the file is empty; begin it with the line text,intent", STR_ARG(file));
    bool header = step == CSV_RECORD && find_columns(&csv, &columns);
    if (step == CSV_RECORD && !header && csv.count != 2)
        return mistake(err, &csv, "the line has not two fields and names no columns text and intent",
                       "begin the file with the line text,intent and put texts with commas between quotes");
    csv.columns = csv.count;
    if (header)
        step = csv_next(err, &csv);
    for (; step == CSV_RECORD; step = csv_next(err, &csv))
        if (!add_row(err, examples, &csv, &columns))
            return false;
    return step == CSV_END;
}

/* --- texts that nobody has sorted ---------------------------------------------------------------- */

struct pool {
    struct str file, *texts;
    size_t count;
    struct map seen;
};

static bool add_to_pool(struct err *err, struct pool *pool, struct str text, size_t line)
{
    text = str_trim(text);
    uint64_t key = str_hash(text) | 1;
    if (text.len == 0 || map_get(&pool->seen, key))
        return true;
    if (text.len > LIMIT_MESSAGE)
        return err_set(err, "%.*s:%zu: the text has %zu bytes; shorten it to at most %d", STR_ARG(pool->file), line, text.len, LIMIT_MESSAGE);
    if (pool->count == LIMIT_EXAMPLES)
        return err_set(err, "%.*s:%zu: there are more than %d texts; keep the newest", STR_ARG(pool->file), line, LIMIT_EXAMPLES);
    map_put(&pool->seen, key, &pool->texts[pool->count]);
    pool->texts[pool->count++] = text;
    return true;
}

static bool pool_of_csv(struct err *err, struct pool *pool, struct arena *arena, struct str text)
{
    static const char *const names[] = { "text" };
    struct csv csv;
    size_t column;
    if (!csv_begin(err, &csv, arena, pool->file, text) || !csv_header(err, &csv, names, &column, 1))
        return false;
    enum csv_step step;
    while ((step = csv_next(err, &csv)) == CSV_RECORD)
        if (!add_to_pool(err, pool, csv.fields[column], csv.line))
            return false;
    return step == CSV_END;
}

static bool pool_of_lines(struct err *err, struct pool *pool, struct str text)
{
    struct str line;
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.len);
    for (size_t number = 1; str_split(&text, '\n', &line); number++) {
        if (!str_is_utf8(line) || (line.len && memchr(line.data, 0, line.len)))
            return err_set(err, "%.*s:%zu: a byte here is not valid UTF-8 text; save the file as UTF-8", STR_ARG(pool->file), number);
        if (!add_to_pool(err, pool, line, number))
            return false;
    }
    return true;
}

bool examples_read_pool(struct err *err, struct arena *arena, struct str file, struct str text, struct str **texts, size_t *count)
{
    struct pool pool = { .file = file, .texts = ARENA_NEW_ARRAY(arena, struct str, LIMIT_EXAMPLES) };
    bool good = str_ends(file, STR(".csv")) ? pool_of_csv(err, &pool, arena, text) : pool_of_lines(err, &pool, text);
    map_free(&pool.seen);
    *texts = pool.texts;
    *count = pool.count;
    return good;
}

/* --- titles and language ------------------------------------------------------------------------ */

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* "card_arrival", "card-arrival", "CardArrival": "card arrival". */
static struct str in_words(struct arena *arena, struct str name)
{
    char *out = arena_take(arena, 2 * name.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        char c = name.data[i];
        if (i && is_upper(c) && is_lower(name.data[i - 1]))
            out[len++] = ' ';
        out[len++] = c == '_' || c == '-' || c == '.' || c == '/' || c == ':' ? ' ' : c;
    }
    return str_trim(str_make(out, len));
}

void examples_add_titles(struct examples *examples)
{
    static const char *const says_nothing[] = { "none", "other", "others", "misc", "unknown", "default", "fallback", "general", NULL };
    for (size_t t = 0; t < examples->topics; t++) {
        struct str title = in_words(&examples->arena, examples->names[t]);
        bool letters = false;
        for (size_t i = 0; i < title.len; i++)
            letters |= is_lower(title.data[i]) || is_upper(title.data[i]) || (title.data[i] & 0x80);
        if (letters && !is_one_of(title, says_nothing))
            add(examples, (struct intent_example){ title, STR_EMPTY, t }, 0);
    }
}

void examples_guess_language(struct examples *examples)
{
    struct { struct str code; size_t count; } found[LIMIT_LANGUAGES];
    struct languages *languages = languages_new(NULL, 0);
    size_t kinds = 0, sure = 0, step = examples->count / GUESSED_ON + 1, best = 0;
    languages_end(languages);
    for (size_t i = 0; i < examples->count; i += step) {
        struct arena scratch = { 0 };
        struct str code = languages_find(languages, &scratch, examples->items[i].text).code;
        size_t k = 0;
        while (code.len && k < kinds && !str_equal(found[k].code, code))
            k++;
        if (code.len && k == kinds && kinds < LIMIT_LANGUAGES) {
            found[kinds].count = 0;
            found[kinds++].code = arena_copy(&examples->arena, code);
        }
        if (code.len && k < kinds) {
            found[k].count++;
            sure++;
        }
        arena_free(&scratch);
    }
    for (size_t k = 0; k < kinds; k++)
        best = found[k].count > found[best].count ? k : best;
    bool clear = kinds && (double)found[best].count >= GUESSED_LEAST * (double)sure;
    examples->language = clear ? found[best].code : STR_EMPTY;
    languages_free(languages);
}

struct intent_lesson examples_lesson(const struct examples *examples)
{
    return (struct intent_lesson){
        .examples = examples->items, .count = examples->count, .names = examples->names, .topics = examples->topics,
        .outside = examples->outside, .outside_count = examples->outside_count, .language = examples->language, .seed = 1,
    };
}
