#include "base/memory.h"
#include "workspace/front_matter.h"
#include "workspace/read_files.h"
#include "workspace/template.h"

static const char *const identities[] = { "none", "signed", NULL };
static const char *const autonomies[] = { "off", "draft", "answer", "act", NULL };
static const enum reference_kind skill = REFERS_TO_SKILL, article = REFERS_TO_ARTICLE;

static void field_action(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    field_name(reading, tree, field, target);
    if (((struct str *)target)->len)
        fields_refer(reading, REFERS_TO_ACTION, *(struct str *)target, tree->line);
}

static const struct field topic_fields[] = {
    { "title", field_texts, FIELD_COUNT(struct topic, titles, title_count), .max = LIMIT_NAME, .required = true },
    { "examples", field_lists, FIELD_COUNT(struct topic, examples, example_count), .max = LIMIT_UTTERANCES,
      .required = true },
    { "skills", field_names, FIELD_COUNT(struct topic, skills, skill_count), .max = LIMIT_SKILLS, .more = &skill },
    { "identity", field_word, FIELD_AT(struct topic, identity), .more = identities },
    { "autonomy", field_word, FIELD_AT(struct topic, ceiling), .more = autonomies },
    { "action", field_action, FIELD_AT(struct topic, action) },
    { "related", field_names, FIELD_COUNT(struct topic, related, related_count), .max = 16, .more = &article },
    { "quick_replies", field_lists, FIELD_COUNT(struct topic, quick_replies, quick_reply_count), .max = 6 },
};

/* --- the body: answers in sections -------------------------------------------------------------- */

#define SECTIONS_MAX 256

struct section {
    struct str language, field, value;
    struct str text;
    int line;
};

/* `--- lang: sv, when: status=none`; three dashes alone or with anything else are Markdown. */
static bool is_section_line(struct str line)
{
    if (!str_starts(line, STR("--- ")))
        return false;
    struct str rest = str_trim(str_slice(line, 4, line.len));
    ptrdiff_t colon = str_find_char(rest, ':', 0);
    for (ptrdiff_t i = 0; i < colon; i++)
        if (!((rest.data[i] >= 'a' && rest.data[i] <= 'z') || (rest.data[i] >= 'A' && rest.data[i] <= 'Z')))
            return false;
    return colon > 0;
}

static void read_condition(struct reading *reading, struct str condition, struct section *section)
{
    ptrdiff_t equals = str_find_char(condition, '=', 0);
    section->field = str_trim(str_slice(condition, 0, equals < 0 ? condition.len : (size_t)equals));
    section->value = equals < 0 ? STR_EMPTY : str_trim(str_slice(condition, (size_t)equals + 1, condition.len));
    bool reserved = str_equal(section->field, STR("general")) || str_equal(section->field, STR("refused"));
    if (section->field.len == 0 || (equals < 0 && !reserved) || (equals >= 0 && section->value.len == 0))
        fields_problem(reading, section->line, "write 'when: FIELD=VALUE', 'when: general' or 'when: refused'",
                       "the condition '%.*s' cannot be read", STR_ARG(str_slice(condition, 0, LIMIT_TAG)));
}

static void read_section_line(struct reading *reading, struct str line, struct section *section)
{
    static const struct str keys[] = { { "lang", 4 }, { "when", 4 } };
    struct str rest = str_slice(line, 4, line.len), part;
    while (str_split(&rest, ',', &part)) {
        ptrdiff_t colon = str_find_char(part, ':', 0);
        struct str key = str_trim(str_slice(part, 0, colon < 0 ? part.len : (size_t)colon));
        struct str value = str_trim(str_slice(part, colon < 0 ? part.len : (size_t)colon + 1, part.len));
        if (str_equal(key, keys[0])) {
            section->language = value;
            if (!fields_check_language(reading, section->line, value) && value.len == 0)
                fields_problem(reading, section->line, "write 'lang: ' and a language", "the language is empty");
        } else if (str_equal(key, keys[1])) {
            read_condition(reading, value, section);
        } else {
            fields_problem(reading, section->line,
                           problems_suggest(reading->problems, key, keys, ARRAY_LEN(keys), "use 'lang: CODE' and 'when: …'"),
                           "unknown key '%.*s' in a section line", STR_ARG(str_slice(key, 0, LIMIT_TAG)));
        }
    }
}

static void check_placeholders(struct reading *reading, const struct section *section, bool has_action)
{
    struct err err;
    struct template template;
    size_t at = 0;
    bool good = template_read(&err, reading->arena, section->text, &template, &at);
    int line = section->line;
    for (size_t i = 0; i < at && i < section->text.len; i++)
        line += section->text.data[i] == '\n';
    if (!good) {
        fields_problem(reading, line, "write {{field}}, or {{#field}}…{{/field}}", "%s", err.text);
        return;
    }
    if (!template_has_fields(section->text))
        return;
    if (!has_action)
        fields_problem(reading, section->line, "add 'action:' to the front matter, or write the words out",
                       "there are placeholders, but no action that could fill them");
    else if (str_equal(section->field, STR("general")))
        fields_problem(reading, section->line, "write what is true for everybody",
                       "a general answer cannot have placeholders: no action has run");
}

static void keep_section(struct reading *reading, struct topic *topic, struct section *section)
{
    struct str language = section->language;
    if (topic->answer_count + topic->case_count >= SECTIONS_MAX)
        return;
    if (section->field.len == 0) {
        for (size_t i = 0; i < topic->answer_count; i++)
            if (str_equal(topic->answers[i].language, language))
                fields_problem(reading, section->line, "keep one of them, or give one a 'when:'",
                               "a second answer in '%.*s'", STR_ARG(language));
        topic->answers[topic->answer_count++] = (struct text_by_language){ language, section->text };
        return;
    }
    if (topic->action.len == 0)
        fields_problem(reading, section->line, "add 'action:' to the front matter, or leave 'when' out",
                       "'when' is for topics with an action");
    topic->cases[topic->case_count++] = (struct topic_case){ language, section->field, section->value, section->text };
}

static void end_section(struct reading *reading, struct topic *topic, struct section *section, const char *begin,
                        const char *end, bool first)
{
    struct str raw = str_make(begin, (size_t)(end - begin));
    section->text = str_trim(raw);
    if (section->text.len == 0) {
        if (!first) /* nothing before the first section line is no mistake */
            fields_problem(reading, section->line, "write the answer below the line, or remove it", "the section is empty");
        return;
    }
    if (section->text.len > LIMIT_MESSAGE)
        fields_problem(reading, section->line, "shorten it; put details into an article of knowledge/",
                       "the answer has %zu bytes; at most %d are allowed", section->text.len, LIMIT_MESSAGE);
    front_matter_check_markdown(reading, raw, first ? section->line : section->line + 1, true);
    check_placeholders(reading, section, topic->action.len > 0);
    keep_section(reading, topic, section);
}

static void read_body(struct reading *reading, const struct front_matter *front, struct topic *topic)
{
    const struct workspace *workspace = reading->workspace;
    struct str language = workspace->language_count ? workspace->languages[0] : STR("en");
    struct section section = { .language = language, .line = front->body_line };
    struct str rest = front->body, line;
    const char *begin = front->body.data;
    int number = front->body_line;
    bool first = true;
    topic->answers = ARENA_NEW_ARRAY(reading->arena, struct text_by_language, SECTIONS_MAX);
    topic->cases = ARENA_NEW_ARRAY(reading->arena, struct topic_case, SECTIONS_MAX);
    for (; str_split(&rest, '\n', &line); number++) {
        if (!is_section_line(line))
            continue;
        end_section(reading, topic, &section, begin, line.data, first);
        first = false;
        section = (struct section){ .language = language, .line = number };
        read_section_line(reading, line, &section);
        begin = line.data + line.len;
    }
    end_section(reading, topic, &section, begin, front->body.data + front->body.len, first);
    for (size_t i = 0; i < topic->answer_count; i++)
        if (str_equal(topic->answers[i].language, language))
            return;
    fields_problem(reading, front->body_line, "write it below the front matter", "there is no answer in '%.*s'",
                   STR_ARG(language));
}

/* --- the whole ---------------------------------------------------------------------------------- */

static void check_map(struct reading *reading, const struct yaml_tree *map, const struct topic *topic)
{
    size_t count = 0;
    for (size_t i = 0; i < topic->example_count; i++)
        count += topic->examples[i].count;
    const struct yaml_tree *examples = yaml_tree_get(map, "examples"), *autonomy = yaml_tree_get(map, "autonomy");
    if (examples)
        fields_keep_utterances(reading, examples);
    if (autonomy && topic->ceiling == AUTONOMY_ACT && topic->action.len == 0)
        fields_problem(reading, autonomy->line, "name an action, or write 'autonomy: answer'", "'autonomy: act' needs an action");
    if (examples && examples->kind != YAML_KIND_NULL && count < 2)
        fields_problem(reading, examples->line, "write at least 2, better 15: as customers say it",
                       "there are too few example utterances to learn from");
}

void read_topic(struct reading *reading, struct str text, struct topic *out)
{
    struct front_matter front = { 0 };
    out->file = reading->file;
    out->ceiling = AUTONOMY_ANSWER;
    if (!front_matter_read(reading, text, &front))
        return;
    if (front.yaml) {
        fields_read(reading, front.yaml, topic_fields, ARRAY_LEN(topic_fields), out);
        if (out->action.len && !yaml_tree_get(front.yaml, "autonomy"))
            out->ceiling = AUTONOMY_ACT;
        if (front.yaml->kind == YAML_KIND_MAP)
            check_map(reading, front.yaml, out);
    }
    read_body(reading, &front, out);
}
