#include "workspace/workspace.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "workspace/read_files.h"

#define VERSION_BYTES 16

struct hashing {
    crypto_generichash_state state;
};

static void hash_file(struct hashing *hashing, struct str file, struct str text)
{
    char head[96];
    int len = snprintf(head, sizeof head, "%zu %zu ", file.len, text.len);
    crypto_generichash_update(&hashing->state, (const unsigned char *)head, (size_t)len);
    crypto_generichash_update(&hashing->state, (const unsigned char *)file.data, file.len);
    crypto_generichash_update(&hashing->state, (const unsigned char *)text.data, text.len);
}

static struct str hash_end(struct hashing *hashing, struct arena *arena)
{
    unsigned char hash[VERSION_BYTES];
    char *hex = arena_take(arena, VERSION_BYTES * 2 + 1);
    crypto_generichash_final(&hashing->state, hash, sizeof hash);
    sodium_bin2hex(hex, VERSION_BYTES * 2 + 1, hash, sizeof hash);
    return str_make(hex, VERSION_BYTES * 2);
}

/* One folder of files of a kind, and who reads one: into at most `room` items, whose number it gives. */
struct folder {
    const char *name, *ending;
    size_t item_size;
    bool by_language; /* an item for each language of a file */
    size_t (*read)(struct reading *reading, struct str text, void *items, size_t room);
};

static size_t topic_reader(struct reading *reading, struct str text, void *items, size_t room)
{
    UNUSED(room);
    read_topic(reading, text, items);
    return 1;
}

static size_t article_reader(struct reading *reading, struct str text, void *items, size_t room)
{
    return read_article(reading, text, items, room);
}

static size_t action_reader(struct reading *reading, struct str text, void *items, size_t room)
{
    UNUSED(room);
    read_action(reading, text, items);
    return 1;
}

static const struct folder topics_folder = { "topics", ".md", sizeof(struct topic), false, topic_reader };
static const struct folder knowledge_folder = { "knowledge", ".md", sizeof(struct article), true, article_reader };
static const struct folder actions_folder = { "actions", ".yaml", sizeof(struct action), false, action_reader };

/* Every item begins with `struct str name`. */
static void *read_folder(struct reading *reading, struct hashing *hashing, const struct folder *folder, size_t *count)
{
    size_t file_count, languages = reading->workspace->language_count, room = folder->by_language && languages ? languages : 1;
    struct str *files = files_list(reading, folder->name, folder->ending, &file_count);
    char *items = arena_take(reading->arena, folder->item_size * (file_count * room + 1));
    *count = 0;
    for (size_t i = 0; i < file_count; i++) {
        struct str text;
        void *item = items + *count * folder->item_size;
        reading->file = files[i];
        if (!files_name(reading, files[i], item) || !files_read(reading, files[i], &text))
            continue;
        hash_file(hashing, files[i], text);
        *count += folder->read(reading, text, item, room);
        arena_reset(&reading->scratch);
    }
    return items;
}

static int by_name(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* Those of one file in the order in which they stand in it. */
static int by_name_and_place(const void *a, const void *b)
{
    const struct article *first = a, *second = b;
    int order = str_compare(first->name, second->name);
    return order ? order : (first->markdown.data > second->markdown.data) - (first->markdown.data < second->markdown.data);
}

static size_t count_names(const struct article *articles, size_t count)
{
    size_t names = 0;
    for (size_t i = 0; i < count; i++)
        names += i == 0 || !str_equal(articles[i].name, articles[i - 1].name);
    return names;
}

static void read_settings(struct reading *reading, struct hashing *hashing)
{
    struct str text;
    crypto_generichash_init(&hashing->state, NULL, 0, VERSION_BYTES);
    reading->file = STR("workspace.yaml");
    if (!files_read(reading, reading->file, &text))
        return;
    hash_file(hashing, reading->file, text);
    read_workspace_yaml(reading, text);
}

static void read_all(struct reading *reading)
{
    struct workspace *workspace = reading->workspace;
    struct hashing hashing;
    read_settings(reading, &hashing);
    workspace->actions = read_folder(reading, &hashing, &actions_folder, &workspace->action_count);
    workspace->articles = read_folder(reading, &hashing, &knowledge_folder, &workspace->article_count);
    workspace->topics = read_folder(reading, &hashing, &topics_folder, &workspace->topic_count);
    /* Files are sorted with their endings, which is not always the order of the names. */
    qsort(workspace->actions, workspace->action_count, sizeof *workspace->actions, by_name);
    qsort(workspace->articles, workspace->article_count, sizeof *workspace->articles, by_name_and_place);
    workspace->article_files = count_names(workspace->articles, workspace->article_count);
    qsort(workspace->topics, workspace->topic_count, sizeof *workspace->topics, by_name);
    workspace->version = hash_end(&hashing, reading->arena);
    check_workspace(reading);
}

static int by_place(const void *a, const void *b)
{
    const struct problem *first = a, *second = b;
    int order = str_compare(first->file, second->file);
    return order ? order : (first->line > second->line) - (first->line < second->line);
}

static struct workspace *read_with(const char *directory, struct reading *reading, void (*read)(struct reading *))
{
    must(sodium_init() >= 0);
    struct workspace *workspace = MEMORY_NEW(struct workspace);
    struct problems *problems = reading->problems;
    struct stat status;
    reading->workspace = workspace;
    reading->arena = &workspace->arena;
    workspace->directory = arena_copy(&workspace->arena, str_of(directory));
    if (stat(directory, &status) != 0 || !S_ISDIR(status.st_mode))
        problems_add(problems, (struct place){ str_of(directory), 0 }, "name an existing folder, or run 'beckon init' with it",
                     "there is no such folder");
    else
        read(reading);
    arena_free(&reading->scratch);
    memory_free(reading->references);
    memory_free(reading->utterances);
    if (problems->count == 0)
        return workspace;
    qsort(problems->items, problems->count, sizeof *problems->items, by_place);
    workspace_free(workspace);
    return NULL;
}

struct workspace *workspace_read(const char *directory, struct problems *problems)
{
    return workspace_read_drafted(directory, NULL, 0, problems);
}

struct workspace *workspace_read_drafted(const char *directory, const struct drafted_file *drafts, size_t count,
                                         struct problems *problems)
{
    struct reading reading = { .problems = problems, .drafts = drafts, .draft_count = count };
    return read_with(directory, &reading, read_all);
}

static void read_settings_alone(struct reading *reading)
{
    struct hashing hashing;
    read_settings(reading, &hashing);
}

struct workspace *workspace_read_settings(const char *directory, struct problems *problems)
{
    struct reading reading = { .problems = problems };
    return read_with(directory, &reading, read_settings_alone);
}

static void wipe(struct str secret)
{
    if (secret.len)
        sodium_memzero((char *)(uintptr_t)secret.data, secret.len);
}

void workspace_free(struct workspace *workspace)
{
    if (!workspace)
        return;
    struct arena arena = workspace->arena;
#define X(member) wipe(workspace->member);
    WORKSPACE_SECRETS(X)
#undef X
    workspace_free(workspace->beneath);
    memory_free(workspace);
    arena_free(&arena);
}

static const void *find(const void *items, size_t count, size_t size, struct str name)
{
    return count ? bsearch(&name, items, count, size, by_name) : NULL;
}

bool workspace_is_name(struct str name)
{
    return fields_is_name(name);
}

const struct topic *workspace_topic(const struct workspace *workspace, struct str name)
{
    return find(workspace->topics, workspace->topic_count, sizeof *workspace->topics, name);
}

const struct article *workspace_article(const struct workspace *workspace, struct str name, struct str language)
{
    const struct article *all = workspace->articles, *end = all + workspace->article_count, *usual = NULL;
    const struct article *first = find(all, workspace->article_count, sizeof *all, name);
    while (first && first > all && str_equal(first[-1].name, name))
        first--;
    for (const struct article *article = first; article && article < end && str_equal(article->name, name); article++) {
        if (str_equal(article->language, language))
            return article;
        if (str_equal(article->language, workspace->languages[0]))
            usual = article;
    }
    return usual ? usual : first;
}

static bool is_same_language(struct str a, struct str b)
{
    struct str rest_a = a, rest_b = b, base_a, base_b;
    return str_split(&rest_a, '-', &base_a) && str_split(&rest_b, '-', &base_b) && str_equal_nocase(base_a, base_b);
}

struct str workspace_language(const struct workspace *workspace, struct str wishes)
{
    struct str wish, rest = wishes;
    while (str_split(&rest, ',', &wish)) {
        for (size_t i = 0; i < workspace->language_count; i++)
            if (str_equal_nocase(workspace->languages[i], wish))
                return workspace->languages[i];
        for (size_t i = 0; i < workspace->language_count; i++)
            if (is_same_language(workspace->languages[i], wish))
                return workspace->languages[i];
    }
    return workspace->language_count ? workspace->languages[0] : STR("en");
}

struct str workspace_help_url(const struct workspace *workspace, struct arena *arena, struct str name, struct str language)
{
    bool usual = workspace->language_count == 0 || str_equal(language, workspace->languages[0]);
    return arena_format(arena, "/help/%.*s%s%.*s", STR_ARG(name), usual ? "" : "?language=", usual ? 0 : (int)language.len,
                        language.data);
}

const struct action *workspace_action(const struct workspace *workspace, struct str name)
{
    return find(workspace->actions, workspace->action_count, sizeof *workspace->actions, name);
}

static struct str text_in(const struct text_by_language *texts, size_t count, struct str language)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(texts[i].language, language))
            return texts[i].text;
    return STR_EMPTY;
}

struct str workspace_text(const struct workspace *workspace, const struct text_by_language *texts, size_t count,
                          struct str language)
{
    struct str text = text_in(texts, count, language);
    if (text.len == 0 && workspace->language_count)
        text = text_in(texts, count, workspace->languages[0]);
    if (text.len == 0 && count)
        text = texts[0].text;
    return text;
}

void workspace_engine_settings(const struct workspace *workspace, struct buf *out)
{
    for (size_t i = 0; i < workspace->setting_count; i++)
        buf_add_format(out, "%.*s %lld\n", STR_ARG(workspace->settings[i].name), (long long)workspace->settings[i].value);
    for (size_t i = 0; i < workspace->language_count; i++)
        buf_add_format(out, "language %.*s\n", STR_ARG(workspace->languages[i]));
    for (size_t i = 0; i < workspace->skill_count; i++)
        buf_add_format(out, "skill %.*s\n", STR_ARG(workspace->skills[i]));
    for (size_t i = 0; i < workspace->topic_count; i++) {
        const struct topic *topic = &workspace->topics[i];
        buf_add_format(out, "topic %.*s", STR_ARG(topic->name));
        for (size_t k = 0; k < topic->skill_count; k++)
            buf_add_format(out, "%c%.*s", k ? ',' : ' ', STR_ARG(topic->skills[k]));
        buf_add_char(out, '\n');
    }
}
