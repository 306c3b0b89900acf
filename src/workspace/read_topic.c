#include "base/memory.h"
#include "workspace/read_files.h"
#include "workspace/sections.h"
#include "workspace/steps.h"
#include "workspace/template.h"

#define TIMEOUT_DEFAULT_MS (24 * 3600 * 1000)

static const char *const identities[] = { "none", "signed", NULL };
static const char *const autonomies[] = { "off", "draft", "answer", "act", NULL };
static const char *const strangers[] = { "answer", "person", NULL };
static const enum reference_kind skill = REFERS_TO_SKILL, article = REFERS_TO_ARTICLE;

void field_action_name(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
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
    { "strangers", field_word, FIELD_AT(struct topic, strangers), .more = strangers },
    { "autonomy", field_word, FIELD_AT(struct topic, ceiling), .more = autonomies },
    { "action", field_action_name, FIELD_AT(struct topic, action) },
    { "steps", field_steps, FIELD_COUNT(struct topic, steps, step_count), .max = STEPS_MAX },
    { "timeout", field_duration, FIELD_AT(struct topic, timeout_ms), .min = 60 * 1000, .max = 30L * 24 * 3600 * 1000 },
    { "related", field_names, FIELD_COUNT(struct topic, related, related_count), .max = 16, .more = &article },
    { "quick_replies", field_lists, FIELD_COUNT(struct topic, quick_replies, quick_reply_count), .max = 6 },
};

/* --- the body: answers in sections -------------------------------------------------------------- */

/* FIELD=VALUE, or a reserved FIELD alone. */
static struct topic_case read_condition(struct reading *reading, const struct section *section)
{
    struct str when = section->when;
    ptrdiff_t equals = str_find_char(when, '=', 0);
    struct topic_case out = { .language = section->language, .text = section->text };
    out.field = str_trim(str_slice(when, 0, equals < 0 ? when.len : (size_t)equals));
    out.value = equals < 0 ? STR_EMPTY : str_trim(str_slice(when, (size_t)equals + 1, when.len));
    bool reserved = str_equal(out.field, STR("general")) || str_equal(out.field, STR("refused"));
    if (out.field.len == 0 || (equals < 0 && !reserved) || (equals >= 0 && out.value.len == 0))
        fields_problem(reading, section->line, "write 'when: FIELD=VALUE', 'when: general' or 'when: refused'",
                       "the condition '%.*s' cannot be read", STR_ARG(str_cut(when, LIMIT_TAG)));
    return out;
}

static void check_placeholders(struct reading *reading, const struct section *section, struct str field, bool has_action)
{
    struct err err;
    struct template template;
    size_t at = 0;
    bool good = template_read(&err, &reading->scratch, section->text, &template, &at);
    int line = section->text_line;
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
    else if (str_equal(field, STR("general")))
        fields_problem(reading, section->line, "write what is true for everybody",
                       "a general answer cannot have placeholders: no action has run");
}

static void keep_answer(struct reading *reading, struct topic *topic, const struct section *section)
{
    for (size_t i = 0; i < topic->answer_count; i++)
        if (str_equal(topic->answers[i].language, section->language))
            fields_problem(reading, section->line, "keep one of them, or give one a 'when:'", "a second answer in '%.*s'",
                           STR_ARG(section->language));
    topic->answers[topic->answer_count++] = (struct text_by_language){ section->language, section->text };
}

static void read_section(struct reading *reading, struct topic *topic, const struct section *section)
{
    struct topic_case option = { .field = STR_EMPTY };
    if (section->text.len > LIMIT_MESSAGE)
        fields_problem(reading, section->line, "shorten it; put details into an article of knowledge/",
                       "the answer has %zu bytes; at most %d are allowed", section->text.len, LIMIT_MESSAGE);
    front_matter_check_markdown(reading, section->raw, section->raw_line, true);
    if (section->has_when)
        option = read_condition(reading, section);
    check_placeholders(reading, section, option.field, topic->action.len > 0);
    if (!section->has_when) {
        keep_answer(reading, topic, section);
        return;
    }
    if (topic->action.len == 0)
        fields_problem(reading, section->line, "add 'action:' to the front matter, or leave 'when' out",
                       "'when' is for topics with an action");
    topic->cases[topic->case_count++] = option;
}

static void read_body(struct reading *reading, const struct front_matter *front, struct topic *topic)
{
    const struct workspace *workspace = reading->workspace;
    struct str language = workspace->language_count ? workspace->languages[0] : STR("en");
    struct sections sections = sections_read(reading, front, language);
    topic->answers = ARENA_NEW_ARRAY(reading->arena, struct text_by_language, sections.count + 1);
    topic->cases = ARENA_NEW_ARRAY(reading->arena, struct topic_case, sections.count + 1);
    for (size_t i = 0; i < sections.count; i++)
        read_section(reading, topic, &sections.items[i]);
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
    if (autonomy && topic->ceiling == AUTONOMY_ACT && topic->action.len == 0 && topic->step_count == 0)
        fields_problem(reading, autonomy->line, "name an action, or write 'autonomy: answer'", "'autonomy: act' needs an action");
    if (topic->action.len && topic->step_count)
        fields_problem(reading, yaml_tree_get(map, "steps")->line, "call the action in a step, and leave 'action' out",
                       "the topic has 'action' and 'steps'");
    if (examples && examples->kind != YAML_KIND_NULL && count < 2)
        fields_problem(reading, examples->line, "write at least 2, better 15: as customers say it",
                       "there are too few example utterances to learn from");
}

void read_topic(struct reading *reading, struct str text, struct topic *out)
{
    struct front_matter front = { 0 };
    out->file = reading->file;
    out->ceiling = AUTONOMY_ANSWER;
    out->timeout_ms = TIMEOUT_DEFAULT_MS;
    if (!front_matter_read(reading, text, &front))
        return;
    fields_read(reading, front.yaml, topic_fields, ARRAY_LEN(topic_fields), out);
    if ((out->action.len || out->step_count) && !yaml_tree_get(front.yaml, "autonomy"))
        out->ceiling = AUTONOMY_ACT;
    if (front.yaml->kind == YAML_KIND_MAP)
        check_map(reading, front.yaml, out);
    read_body(reading, &front, out);
    if (out->action.len && out->step_count == 0)
        out->steps = steps_of_action(reading->arena, out->action, &out->step_count);
}
