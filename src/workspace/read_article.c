#include "workspace/read_files.h"
#include "workspace/sections.h"

/* The front matter, which all languages of an article share. */
struct head {
    struct article common; /* what every version of the article begins as */
    struct text_by_language *titles, *urls;
    size_t title_count, url_count;
};

static void field_own_language(struct reading *reading, const struct yaml_tree *tree, const struct field *field,
                               void *target)
{
    struct str language = STR_EMPTY;
    field_line(reading, tree, field, &language);
    if (language.len && fields_check_language(reading, tree->line, language))
        *(struct str *)target = language;
}

/* A list without a language is in the article's. */
static void field_questions(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    const struct head *head = (const struct head *)(void *)((char *)target - field->offset);
    field_lists(reading, tree, field, target);
    if (tree->kind == YAML_KIND_LIST && head->common.question_count)
        head->common.questions[0].language = head->common.language;
}

static const struct field article_fields[] = {
    { "title", field_texts, FIELD_COUNT(struct head, titles, title_count), .max = LIMIT_NAME, .required = true },
    { "language", field_own_language, FIELD_AT(struct head, common.language), .max = LIMIT_TAG },
    { "questions", field_questions, FIELD_COUNT(struct head, common.questions, common.question_count), .max = LIMIT_UTTERANCES },
    { "url", field_texts, FIELD_COUNT(struct head, urls, url_count), .max = LIMIT_URL },
};

static const struct text_by_language *find_text(const struct text_by_language *texts, size_t count, struct str language)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(texts[i].language, language))
            return &texts[i];
    return NULL;
}

static bool is_plain(const struct front_matter *front, const char *key)
{
    const struct yaml_tree *tree = front->yaml ? yaml_tree_get(front->yaml, key) : NULL;
    return tree && tree->kind == YAML_KIND_TEXT;
}

static void check_head(struct reading *reading, const struct front_matter *front, struct head *head)
{
    const struct yaml_tree *title = yaml_tree_get(front->yaml, "title"), *url = yaml_tree_get(front->yaml, "url");
    for (size_t i = 0; i < head->title_count; i++)
        if (str_find_char(head->titles[i].text, '\n', 0) >= 0)
            fields_problem(reading, title->line, "write it on one line", "'title' has more than one line");
    for (size_t i = 0; i < head->url_count; i++)
        if (!fields_safe_url(head->urls[i].text))
            fields_problem(reading, url->line, "use https://…, a path that begins with one '/', or http:// to this machine",
                           "'url' is not a safe address");
    if (is_plain(front, "title") && head->title_count) /* plain text is in the article's own language */
        head->titles[0].language = head->common.language;
}

/* On this server an article stands at /help/NAME, and in other languages than the first at
 * /help/NAME?language=CODE. One address for all languages is the company's own wish. */
static struct str url_of(struct reading *reading, const struct front_matter *front, const struct head *head,
                         struct str language)
{
    const struct text_by_language *url = is_plain(front, "url") && head->url_count
                                             ? head->urls : find_text(head->urls, head->url_count, language);
    return url ? url->text : workspace_help_url(reading->workspace, reading->arena, head->common.name, language);
}

static bool has_version(const struct article *out, size_t count, struct str language)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(out[i].language, language))
            return true;
    return false;
}

static void read_version(struct reading *reading, const struct front_matter *front, const struct head *head,
                         const struct section *section, struct article *out)
{
    const struct text_by_language *title = find_text(head->titles, head->title_count, section->language);
    *out = head->common;
    out->language = section->language;
    out->markdown = section->text;
    out->title = title ? title->text : STR_EMPTY;
    out->url = url_of(reading, front, head, section->language);
    if (section->has_when)
        fields_problem(reading, section->line, "leave 'when' out, or write a topic", "an article has no 'when'");
    if (!title && head->title_count)
        fields_problem(reading, section->line, "add it to 'title' in the front matter", "there is no title in '%.*s'",
                       STR_ARG(section->language));
    front_matter_check_markdown(reading, section->raw, section->raw_line, false);
}

size_t read_article(struct reading *reading, struct str text, struct article *out, size_t room)
{
    struct front_matter front = { 0 };
    struct head head = { .common = out[0] }; /* its name */
    size_t count = 0;
    head.common.file = reading->file;
    if (reading->workspace->language_count)
        head.common.language = reading->workspace->languages[0];
    if (!front_matter_read(reading, text, &front))
        return 0;
    fields_read(reading, front.yaml, article_fields, ARRAY_LEN(article_fields), &head);
    check_head(reading, &front, &head);
    struct sections sections = sections_read(reading, &front, head.common.language);
    for (size_t i = 0; i < sections.count; i++) {
        const struct section *section = &sections.items[i];
        if (has_version(out, count, section->language))
            fields_problem(reading, section->line, "keep one of them", "a second text in '%.*s'", STR_ARG(section->language));
        else if (count < room) /* a language that is not the workspace's is a mistake already */
            read_version(reading, &front, &head, section, &out[count++]);
    }
    if (count == 0)
        fields_problem(reading, front.body_line, "write the article below the front matter", "the article is empty");
    for (size_t i = 0; i < head.title_count && count; i++)
        if (!has_version(out, count, head.titles[i].language))
            fields_problem(reading, front.body_line, "write it below a line '--- lang: CODE', or remove the title",
                           "there is a title in '%.*s', but no text", STR_ARG(head.titles[i].language));
    return count;
}
