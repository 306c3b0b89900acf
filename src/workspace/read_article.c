#include "workspace/front_matter.h"
#include "workspace/read_files.h"

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
    const struct article *article = (const struct article *)(void *)((char *)target - field->offset);
    field_lists(reading, tree, field, target);
    if (tree->kind == YAML_KIND_LIST && article->question_count)
        article->questions[0].language = article->language;
}

static const struct field article_fields[] = {
    { "title", field_line, FIELD_AT(struct article, title), .max = LIMIT_NAME, .required = true },
    { "language", field_own_language, FIELD_AT(struct article, language), .max = LIMIT_TAG },
    { "questions", field_questions, FIELD_COUNT(struct article, questions, question_count), .max = LIMIT_UTTERANCES },
    { "url", field_url, FIELD_AT(struct article, url), .max = LIMIT_URL },
};

void read_article(struct reading *reading, struct str text, struct article *out)
{
    struct front_matter front = { 0 };
    out->file = reading->file;
    if (reading->workspace->language_count)
        out->language = reading->workspace->languages[0];
    if (!front_matter_read(reading, text, &front))
        return;
    if (front.yaml)
        fields_read(reading, front.yaml, article_fields, ARRAY_LEN(article_fields), out);
    out->markdown = str_trim(front.body);
    if (out->markdown.len == 0)
        fields_problem(reading, front.body_line, "write the article below the front matter", "the article is empty");
    front_matter_check_markdown(reading, front.body, front.body_line, false);
    if (out->url.len == 0)
        out->url = arena_format(reading->arena, "/help/%.*s", STR_ARG(out->name));
}
