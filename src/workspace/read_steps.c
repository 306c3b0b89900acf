/* read_steps.c - `steps:` of a topic, from YAML to structs: keys, kinds, types, and where `then` and `if` lead. */
#include "workspace/read_files.h"
#include "workspace/steps.h"

#define EMAIL_PATTERN "[A-Z0-9._%+-]{1,64}@[A-Z0-9-]{1,63}(\\.[A-Z0-9-]{1,63}){1,4}"
#define NUMBER_MAX 999999999

static const char *const slot_types[] = { "text", "number", "date", "email", "yes_no", "choice", NULL };

#define KIND(name) (1u << STEP_##name)
#define ANY_KIND (~0u)

/* --- the values of keys ------------------------------------------------------------------------- */

void field_duration(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    static const struct { char letter; int64_t ms; } units[] = { { 'm', 60000 }, { 'h', 3600000 }, { 'd', 86400000 } };
    struct str text = tree->kind == YAML_KIND_TEXT ? tree->text : STR_EMPTY;
    int64_t number = 0;
    for (size_t i = 0; i < ARRAY_LEN(units); i++) {
        bool fits = text.len > 1 && text.data[text.len - 1] == units[i].letter && str_to_i64(str_slice(text, 0, text.len - 1), &number) &&
                    number > 0 && number <= field->max / units[i].ms && number * units[i].ms >= field->min;
        if (fits) {
            *(int64_t *)target = number * units[i].ms;
            return;
        }
    }
    fields_problem(reading, tree->line, "write minutes, hours or days, such as 30m, 12h or 1d; at most 30d", "'%s' is not a time", field->key);
}

static void field_answer(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    UNUSED(target);
    if (tree->kind != YAML_KIND_TEXT || tree->quoted || !str_equal(tree->text, STR("true")))
        fields_problem(reading, tree->line, "write 'answer: true'; its words are those below the front matter", "'%s' is not true", field->key);
}

/* `true`, or what is said. */
static void field_true_or_texts(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    if (tree->kind != YAML_KIND_TEXT || tree->quoted || !str_equal(tree->text, STR("true")))
        field_texts(reading, tree, field, target);
}

static bool expect_map(struct reading *reading, const struct yaml_tree *tree, const struct field *field, const char *cure)
{
    if (tree->kind == YAML_KIND_MAP && tree->count <= (size_t)field->max)
        return true;
    fields_problem(reading, tree->line, cure, "'%s' should be a map of at most %ld lines, but is %s", field->key, field->max, yaml_tree_kind_name(tree));
    return false;
}

static void field_ways(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct step *step = (struct step *)(void *)((char *)target - field->offset);
    if (!expect_map(reading, tree, field, "write 'VALUE: STEP' lines"))
        return;
    step->ways = ARENA_NEW_ARRAY(reading->arena, struct step_way, tree->count + 1);
    for (size_t i = 0; i < tree->count; i++) {
        struct str to = STR_EMPTY;
        field_name(reading, &tree->items[i], field, &to);
        if (to.len)
            step->ways[step->way_count++] = (struct step_way){ str_slice(tree->keys[i], 0, LIMIT_NAME), to, tree->key_lines[i], STEP_NOWHERE };
    }
}

static void field_arguments(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct step *step = (struct step *)(void *)((char *)target - field->offset);
    struct field line = { .key = field->key, .max = LIMIT_NAME };
    if (!expect_map(reading, tree, field, "write 'PARAMETER: value' lines"))
        return;
    step->arguments = ARENA_NEW_ARRAY(reading->arena, struct step_argument, tree->count + 1);
    for (size_t i = 0; i < tree->count; i++) {
        struct str text = STR_EMPTY;
        field_line(reading, &tree->items[i], &line, &text);
        if (text.len)
            step->arguments[step->argument_count++] = (struct step_argument){ tree->keys[i], text, tree->key_lines[i] };
    }
}

static const struct field option_fields[] = {
    { "value", field_line, FIELD_AT(struct step_option, value), .max = LIMIT_TAG, .required = true },
    { "label", field_texts, FIELD_COUNT(struct step_option, labels, label_count), .max = LIMIT_NAME, .required = true },
    { "also", field_lists, FIELD_COUNT(struct step_option, also, also_count), .max = 12 },
};

/* A plain text is its own label, in every language: "14". */
static void read_option(struct reading *reading, const struct yaml_tree *tree, const struct field *field, struct step_option *out)
{
    const struct workspace *workspace = reading->workspace;
    if (tree->kind != YAML_KIND_TEXT) {
        fields_read(reading, tree, option_fields, ARRAY_LEN(option_fields), out);
        return;
    }
    struct field line = { .key = field->key, .max = LIMIT_TAG };
    field_line(reading, tree, &line, &out->value);
    out->labels = ARENA_NEW_ARRAY(reading->arena, struct text_by_language, workspace->language_count + 1);
    for (size_t i = 0; i < workspace->language_count; i++)
        out->labels[out->label_count++] = (struct text_by_language){ workspace->languages[i], out->value };
}

static void field_options(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct step *step = (struct step *)(void *)((char *)target - field->offset);
    if (tree->kind != YAML_KIND_LIST || tree->count == 0 || tree->count > (size_t)field->max) {
        fields_problem(reading, tree->line, "write a list; docs/workspace.md shows one", "'%s' should be a list of 1 to %ld choices", field->key, field->max);
        return;
    }
    step->options = ARENA_NEW_ARRAY(reading->arena, struct step_option, tree->count);
    for (size_t i = 0; i < tree->count; i++) {
        read_option(reading, &tree->items[i], field, &step->options[step->option_count]);
        for (size_t k = 0; k < step->option_count; k++)
            if (str_equal(step->options[k].value, step->options[step->option_count].value))
                fields_problem(reading, tree->items[i].line, "keep one of them", "the choice '%.*s' is there twice", STR_ARG(step->options[k].value));
        step->option_count++;
    }
}

static const struct field step_fields[] = {
    { "ask", field_name, FIELD_AT(struct step, subject) },
    { "call", field_action_name, FIELD_AT(struct step, subject) },
    { "branch", field_name, FIELD_AT(struct step, subject) },
    { "say", field_texts, FIELD_COUNT(struct step, texts, text_count), .max = LIMIT_COMMENT },
    { "confirm", field_texts, FIELD_COUNT(struct step, texts, text_count), .max = LIMIT_COMMENT },
    { "answer", field_answer, FIELD_AT(struct step, texts) },
    { "hand_over", field_true_or_texts, FIELD_COUNT(struct step, texts, text_count), .max = LIMIT_COMMENT },
    { "end", field_true_or_texts, FIELD_COUNT(struct step, texts, text_count), .max = LIMIT_COMMENT },
    { "question", field_texts, FIELD_COUNT(struct step, texts, text_count), .max = LIMIT_COMMENT },
    { "step", field_name, FIELD_AT(struct step, name) },
    { "type", field_word, FIELD_AT(struct step, type), .more = slot_types },
    { "pattern", field_pattern, FIELD_AT(struct step, slot.pattern), .max = 200 },
    { "min", field_number, FIELD_AT(struct step, min), .min = -NUMBER_MAX, .max = NUMBER_MAX },
    { "max", field_number, FIELD_AT(struct step, max), .min = -NUMBER_MAX, .max = NUMBER_MAX },
    { "choices", field_options, FIELD_AT(struct step, options), .max = STEP_OPTIONS_MAX },
    { "from", field_name, FIELD_AT(struct step, from) },
    { "value", field_name, FIELD_AT(struct step, value) },
    { "label", field_texts, FIELD_COUNT(struct step, labels, label_count), .max = LIMIT_NAME },
    { "with", field_arguments, FIELD_AT(struct step, arguments), .max = 16 },
    { "if", field_ways, FIELD_AT(struct step, ways), .max = STEP_WAYS_MAX },
    { "else", field_name, FIELD_AT(struct step, otherwise) },
    { "no", field_name, FIELD_AT(struct step, no) },
    { "then", field_name, FIELD_AT(struct step, then) },
};

/* Which keys belong to which kinds of steps. */
static const struct { const char *key; unsigned kinds; } places[] = {
    { "step", ANY_KIND }, { "question", KIND(ASK) }, { "type", KIND(ASK) }, { "pattern", KIND(ASK) }, { "min", KIND(ASK) }, { "max", KIND(ASK) },
    { "choices", KIND(ASK) }, { "from", KIND(ASK) }, { "value", KIND(ASK) }, { "label", KIND(ASK) }, { "with", KIND(CALL) },
    { "if", KIND(CALL) | KIND(BRANCH) }, { "else", KIND(CALL) | KIND(BRANCH) }, { "no", KIND(CONFIRM) },
    { "then", KIND(ASK) | KIND(CALL) | KIND(SAY) | KIND(CONFIRM) | KIND(ANSWER) },
};

/* --- one step ----------------------------------------------------------------------------------- */

static const char *const kind_keys[] = {
#define X(name, key) key,
    STEP_KINDS(X)
#undef X
};

static bool find_kind(struct reading *reading, const struct yaml_tree *tree, struct step *step)
{
    size_t found = 0;
    for (size_t i = 0; i < ARRAY_LEN(kind_keys); i++)
        if (yaml_tree_get(tree, kind_keys[i])) {
            step->kind = (enum step_kind)i;
            found++;
        }
    if (found != 1)
        fields_problem(reading, tree->line, "give it exactly one of ask, call, say, confirm, branch, answer, hand_over and end",
                       found ? "the step is two things at once" : "the step does nothing");
    return found == 1;
}

static void check_keys(struct reading *reading, const struct yaml_tree *tree, const struct step *step)
{
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        const struct yaml_tree *value = yaml_tree_get(tree, places[i].key);
        if (value && !(places[i].kinds >> step->kind & 1))
            fields_problem(reading, value->line, "remove it; docs/workspace.md says which keys a step takes",
                           "'%s' does not belong to a step that is '%s'", places[i].key, kind_keys[step->kind]);
    }
    if (step->kind == STEP_BRANCH && !yaml_tree_get(tree, "if"))
        fields_problem(reading, tree->line, "add 'if' with a line 'VALUE: STEP' for each value", "the branch has no 'if'");
}

static void read_slot(struct reading *reading, const struct yaml_tree *tree, struct step *step)
{
    static const char *const patterns[] = { STEP_ANY_TEXT, "-?[0-9]{1,9}", ".{6,30}", EMAIL_PATTERN, ".{1,60}", ".{1,200}" };
    bool listed = step->option_count || step->from.len;
    if (listed)
        step->type = SLOT_CHOICE;
    if (step->slot.pattern.len == 0)
        step->slot.pattern = str_of(patterns[step->type]);
    if (!yaml_tree_get(tree, "min"))
        step->min = -NUMBER_MAX;
    if (!yaml_tree_get(tree, "max"))
        step->max = NUMBER_MAX;
    step->slot.name = step->subject;
    step->slot.questions = step->texts;
    step->slot.question_count = step->text_count;
    step->slot.required = true;
    if (str_equal(step->subject, STR("customer")))
        fields_problem(reading, tree->line, "name it otherwise", "what is asked for cannot be called 'customer'");
    if (!yaml_tree_get(tree, "question"))
        fields_problem(reading, tree->line, "add 'question' in every language", "nothing is asked: the step has no 'question'");
    if (step->type == SLOT_CHOICE && !listed)
        fields_problem(reading, tree->line, "add 'choices', or 'from' with the list of an earlier result", "there is nothing to choose from");
    if (step->from.len && step->label_count == 0)
        fields_problem(reading, tree->line, "add 'label', such as \"{{order}}, {{shop}}\"", "it is not said how an item of '%.*s' reads",
                       STR_ARG(step->from));
    if (step->min > step->max)
        fields_problem(reading, tree->line, "swap them", "'min' is greater than 'max'");
}

static void read_step(struct reading *reading, const struct yaml_tree *tree, struct step *step)
{
    step->line = tree->line;
    step->next = step->other = step->refused = STEP_NOWHERE;
    if (tree->kind != YAML_KIND_MAP) {
        fields_problem(reading, tree->line, "write '- ask: …', '- call: …', '- say: …' and so on", "this should be a step, but is %s",
                       yaml_tree_kind_name(tree));
        return;
    }
    if (!find_kind(reading, tree, step))
        return;
    fields_read(reading, tree, step_fields, ARRAY_LEN(step_fields), step);
    check_keys(reading, tree, step);
    if (step->kind == STEP_ASK)
        read_slot(reading, tree, step);
}

/* --- where it goes ------------------------------------------------------------------------------ */

static bool find_step(const struct step *steps, size_t count, struct str name, size_t *target)
{
    if (str_equal(name, STR("end")) || str_equal(name, STR("person"))) {
        *target = str_equal(name, STR("end")) ? STEP_TO_END : STEP_TO_PERSON;
        return true;
    }
    for (size_t i = 0; i < count; i++)
        if (str_equal(steps[i].name, name)) {
            *target = i;
            return true;
        }
    return false;
}

static void lead(struct reading *reading, const struct step *steps, size_t count, struct str name, int line, size_t *target)
{
    struct str names[STEPS_MAX + 2];
    if (name.len == 0 || find_step(steps, count, name, target))
        return;
    for (size_t i = 0; i < count; i++)
        names[i] = steps[i].name;
    names[count] = STR("end");
    names[count + 1] = STR("person");
    fields_problem(reading, line, problems_suggest(reading->problems, name, names, count + 2, "name a step with 'step:', or write end or person"),
                   "there is no step '%.*s'", STR_ARG(str_cut(name, LIMIT_TAG)));
}

static void lead_all(struct reading *reading, struct step *steps, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct step *step = &steps[i];
        bool goes_on = step->kind != STEP_HAND_OVER && step->kind != STEP_END && step->kind != STEP_BRANCH;
        lead(reading, steps, count, step->then, step->line, &step->next);
        lead(reading, steps, count, step->otherwise, step->line, &step->other);
        lead(reading, steps, count, step->no, step->line, &step->refused);
        for (size_t k = 0; k < step->way_count; k++)
            lead(reading, steps, count, step->ways[k].to, step->ways[k].line, &step->ways[k].target);
        if (goes_on && step->then.len == 0 && i + 1 < count)
            step->next = i + 1;
        if (step->kind == STEP_CONFIRM && step->no.len == 0)
            step->refused = STEP_TO_END;
        for (size_t k = 0; k < i && step->name.len; k++)
            if (str_equal(step->name, steps[k].name))
                fields_problem(reading, step->line, "give one of them another name", "the step '%.*s' is there twice", STR_ARG(step->name));
        if (str_equal(step->name, STR("end")) || str_equal(step->name, STR("person")))
            fields_problem(reading, step->line, "name it otherwise", "'end' and 'person' are where a flow ends");
    }
}

/* Over everything that the steps say, so that a changed word is another version. */
static uint64_t hash_tree(const struct yaml_tree *tree, uint64_t hash)
{
    hash = (hash ^ str_hash(tree->text)) * 0x100000001b3u + (uint64_t)tree->kind;
    for (size_t i = 0; i < tree->count; i++) {
        if (tree->kind == YAML_KIND_MAP)
            hash = (hash ^ str_hash(tree->keys[i])) * 0x100000001b3u;
        hash = hash_tree(&tree->items[i], hash);
    }
    return hash;
}

void field_steps(struct reading *reading, const struct yaml_tree *tree, const struct field *field, void *target)
{
    struct topic *topic = (struct topic *)(void *)((char *)target - field->offset);
    if (tree->kind != YAML_KIND_LIST || tree->count == 0 || tree->count > (size_t)field->max) {
        fields_problem(reading, tree->line, "write a list of steps; docs/workspace.md shows one", "'steps' should be a list of 1 to %ld steps", field->max);
        return;
    }
    size_t problems = reading->problems->count;
    topic->steps = ARENA_NEW_ARRAY(reading->arena, struct step, tree->count);
    topic->step_count = tree->count;
    for (size_t i = 0; i < tree->count; i++)
        read_step(reading, &tree->items[i], &topic->steps[i]);
    lead_all(reading, topic->steps, topic->step_count);
    if (reading->problems->count > problems)
        return; /* what cannot be read cannot be looked through */
    topic->steps_version = arena_format(reading->arena, "%016llx", (unsigned long long)hash_tree(tree, 0xcbf29ce484222325u));
}
